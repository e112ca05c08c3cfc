"""What the scanner said."""

from django.db import models


class Screening(models.Model):
    """What the scanner said of an item's bytes at one time. Insert-only; the newest counts, the others are history.

    Each verdict stands on its event, which says the same; one that only says again what the one before said has none
    (every item is screened again whenever the signatures change). The database holds rows to that."""

    class Outcome(models.TextChoices):
        CLEAN = "clean"
        FOUND = "found"
        TOO_LARGE = "too_large"

    item = models.ForeignKey("evidence.Item", on_delete=models.PROTECT, related_name="screenings")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    finding = models.CharField(max_length=200, blank=True, help_text="the scanner's name for what was found")
    engine = models.CharField(max_length=100)
    signatures = models.CharField(max_length=10, blank=True, help_text="number of its database, where it has one")
    at = models.DateTimeField()
    event = models.OneToOneField("evidence.Event", on_delete=models.PROTECT, null=True, related_name="+",
                                 help_text="says the same; none where this says again what was said before")

    class Meta:
        constraints = [
            models.CheckConstraint(name="screening_outcome_known",
                                   condition=models.Q(outcome__in=["clean", "found", "too_large"])),
            models.CheckConstraint(name="finding_is_named",
                                   condition=models.Q(outcome="found") & ~models.Q(finding="")
                                   | ~models.Q(outcome="found") & models.Q(finding="")),
        ]
        indexes = [models.Index(fields=["item", "-id"], name="screening_newest")]
