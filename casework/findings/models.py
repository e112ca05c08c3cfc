"""Findings: what the team claims, on which exhibits, how sure, and what speaks against it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped
from casework.accounts.likelihood import Likelihood


class FindingQuerySet(CaseScoped):
    pass


class Finding(models.Model):
    """A claim in one of four separate kinds: synchrony is not deception, and payment is not harm."""

    class Kind(models.TextChoices):
        COORDINATION = "coordination", _("Coordination")
        INAUTHENTICITY = "inauthenticity", _("Inauthenticity")
        PAYMENT = "payment", _("Payment")
        HARM = "harm", _("Harm")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        REVIEWED = "reviewed", _("Reviewed")
        RETURNED = "returned", _("Returned")

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(_("Title"), max_length=200)
    claim = models.TextField(_("Claim"))
    method = models.TextField(_("Method"))
    likelihood = models.CharField(_("Likelihood"), max_length=20, choices=Likelihood.choices)
    against = models.TextField(_("What speaks against it"))
    alternatives = models.TextField(_("Other explanations considered"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.TextField(blank=True)
    subjects = models.ManyToManyField("casework.Subject", related_name="findings")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_finding_per_number"),
            models.CheckConstraint(name="reviewed_by_another_person",
                                   condition=~models.Q(state="reviewed")
                                   | (models.Q(reviewer__isnull=False, reviewed_at__isnull=False)
                                      & ~models.Q(reviewer=models.F("author")))),
            models.CheckConstraint(name="finding_state_known",
                                   condition=models.Q(state__in=["draft", "in_review", "reviewed", "returned"])),
            models.CheckConstraint(name="finding_says_what_speaks_against_it",
                                   condition=~models.Q(against="") & ~models.Q(alternatives="")),
        ]

    @property
    def label(self) -> str:
        return f"F-{self.number:03d}"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"finding/{self.case.ref}/{self.label}"


class CitationQuerySet(CaseScoped):
    case_path = "finding__case"


class Citation(models.Model):
    """An exhibit that a finding stands on, or that speaks against it."""

    class Bearing(models.TextChoices):
        FOR = "for", _("For")
        AGAINST = "against", _("Against")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="citations")
    exhibit = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, related_name="citations")
    bearing = models.CharField(max_length=7, choices=Bearing.choices)

    objects = CitationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "exhibit"], name="exhibit_cited_once")]
