"""Cases and who works on them."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.access import MAY, Action, CaseScoped, Role


class CaseQuerySet(CaseScoped):
    case_path = ""

    def visible_to(self, user: Any) -> Self:
        """Adds `worded`: whether `user` may read the case in its own words."""
        roles = [role for role, actions in MAY.items() if Action.MANDATE_READ in actions]
        mine = Membership.objects.filter(case=models.OuterRef("pk"), ended_at=None, role__in=roles)
        return super().visible_to(user).annotate(worded=models.Exists(mine.filter(user=getattr(user, "pk", None))))


class Case(models.Model):
    """An investigation. Without a mandate (legal basis, purpose, scope) it takes no exhibit."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    ref = models.CharField(max_length=20, unique=True, help_text="CW-YYYY-NNNN, never changed")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(_("Title"), max_length=200)
    mandate_basis = models.TextField(_("Legal basis"), help_text=_("The law, order or contract that allows this work."))
    mandate_purpose = models.TextField(_("Purpose"), help_text=_("What the record is for."))
    mandate_scope = models.TextField(_("Scope"), help_text=_("Which behaviour, where, from when to when; what is out."))
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    retention_days = models.PositiveIntegerField(null=True, help_text="kept for so long after it was closed")
    retention_basis = models.TextField(blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="one_case_per_number"),
            models.CheckConstraint(
                name="closed_case_has_a_date",
                condition=models.Q(state="open", closed_at=None) | models.Q(state="closed", closed_at__isnull=False)),
            models.CheckConstraint(
                name="case_has_a_mandate",
                condition=~models.Q(mandate_basis="") & ~models.Q(mandate_purpose="") & ~models.Q(mandate_scope="")),
            models.CheckConstraint(name="retention_has_a_basis",
                                   condition=models.Q(retention_days=None) | ~models.Q(retention_basis="")),
        ]

    def __str__(self) -> str:
        return self.ref

    def roles_of(self, user: Any) -> frozenset[str]:
        """The roles that `user` holds here now (none for a stranger, nor where their token is limited to others)."""
        if not getattr(user, "is_active", False) or user.only_cases is not None and self.ref not in user.only_cases:
            return frozenset()
        held = self.memberships.filter(user=user, ended_at=None).values_list("role", flat=True)
        return frozenset(held)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def kept_until(self) -> datetime | None:
        """When the time ends for which it is kept; None while it is open and where no time was set."""
        if self.closed_at is None or self.retention_days is None:
            return None
        return self.closed_at + timedelta(days=self.retention_days)


class HoldQuerySet(CaseScoped):
    pass


class Hold(models.Model):
    """A legal hold: while one stands, nothing of the case is disposed of. Rows are lifted, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    matter = models.CharField(_("Matter"), max_length=200)
    basis = models.TextField(_("Legal basis"))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.TextField(blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="hold_has_a_matter_and_a_basis",
                                   condition=~models.Q(matter="") & ~models.Q(basis="")),
            models.CheckConstraint(
                name="hold_lifted_by_someone_for_a_reason",
                condition=models.Q(lifted_at=None, lifted_by=None)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~models.Q(lifted_because="")),
        ]


class MembershipQuerySet(CaseScoped):
    pass


class Membership(models.Model):
    """One role of one person in one case, from when until when. Rows are ended, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user", "role"], name="one_active_membership",
                                    condition=models.Q(ended_at=None)),
            models.CheckConstraint(name="membership_role_known", condition=models.Q(role__in=Role.values)),
        ]
