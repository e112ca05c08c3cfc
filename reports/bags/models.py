"""Bags: one made from one sealed dossier, kept as an item like any other bytes."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped


class BagQuerySet(CaseScoped):
    case_path = "dossier__case"


class Bag(models.Model):
    """Waits until a checkpoint covers the sealing, is made by a worker, and never changes after that."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being packed")
        MADE = "made", _("Packed")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey("reports.Dossier", on_delete=models.PROTECT, related_name="bags")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, help_text="a worker packs it; after this, another may")
    problem = models.TextField(blank=True)
    item = models.OneToOneField("evidence.Item", on_delete=models.PROTECT, null=True, related_name="bag")
    log_size = models.BigIntegerField(null=True, help_text="of the checkpoint that everything is proven against")
    made_at = models.DateTimeField(null=True)
    withheld = models.JSONField(default=list, help_text="labels of originals that stayed here: malware was found")

    objects = BagQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(name="made_bag_has_its_bytes", condition=~models.Q(state="made")
                                   | models.Q(item__isnull=False, log_size__isnull=False, made_at__isnull=False)),
            models.CheckConstraint(name="failed_bag_says_why",
                                   condition=~models.Q(state="failed") | ~models.Q(problem="")),
            models.UniqueConstraint(fields=["dossier"], condition=models.Q(state="waiting"),
                                    name="one_waiting_bag_per_dossier"),
        ]

    @property
    def word(self) -> str:
        """The word under which custody, the bag itself and its seal know it."""
        return f"bag/{self.pk}"
