"""Dossiers: frozen facts, their review, and the sealed document."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.access import MAY, CaseScoped
from reports.dossiers.states import KIND_READ


class DossierQuerySet(CaseScoped):
    def visible_to(self, user: Any) -> Self:
        """Of the person's cases, the kinds that their roles there may read: a referral is absent to a media officer."""
        rows = super().visible_to(user)
        if not getattr(user, "is_active", False):
            return rows
        readable = models.Q(pk=None)
        for kind, action in KIND_READ.items():
            roles = [role for role, actions in MAY.items() if action in actions]
            mine = user.memberships.filter(ended_at=None, role__in=roles).values("case_id")
            readable |= models.Q(kind=kind, case_id__in=mine)
        return rows.filter(readable)


class Dossier(models.Model):
    """A document composed from reviewed findings. `frozen`: plain data at one log size; later edits do not reach it."""

    class Kind(models.TextChoices):
        REFERRAL = "referral", _("Legal referral")
        BRIEFING = "briefing", _("Media briefing")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        RENDERING = "rendering", _("Being made")
        SEALED = "sealed", _("Sealed")
        FAILED = "failed", _("Failed")
        RETURNED = "returned", _("Returned")

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="dossiers")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("ur", "اردو")], default="en")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    necessity = models.TextField(_("Necessity and proportionality"))
    against = models.TextField(_("What speaks against it"))
    less_intrusive = models.TextField(_("Less intrusive options considered"))
    frozen = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical frozen data")
    log_size = models.BigIntegerField()
    log_root = models.CharField(max_length=64)
    composed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    composed_at = models.DateTimeField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.TextField(blank=True)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=40, blank=True)
    problem = models.TextField(blank=True)
    claimed_until = models.DateTimeField(null=True, help_text="a worker renders it; after this, another may")
    item = models.OneToOneField("evidence.Item", on_delete=models.PROTECT, null=True, related_name="dossier")
    sealed_at = models.DateTimeField(null=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_dossier_per_number"),
            models.CheckConstraint(name="dossier_reviewed_by_another_person",
                                   condition=models.Q(reviewer=None) | ~models.Q(reviewer=models.F("composed_by"))),
            models.CheckConstraint(name="sealed_dossier_has_its_bytes",
                                   condition=~models.Q(state="sealed")
                                   | models.Q(item__isnull=False, sealed_at__isnull=False, reviewer__isnull=False)),
            models.CheckConstraint(name="dossier_is_weighed",
                                   condition=~models.Q(necessity="") & ~models.Q(against="")
                                   & ~models.Q(less_intrusive="")),
        ]

    @property
    def label(self) -> str:
        return f"D-{self.number:03d}"
