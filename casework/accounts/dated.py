"""What every entry that somebody wrote down has in common, as abstract models: who and when, its withdrawal, and the
moment that an exhibit shows."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped
from casework.accounts import moments


class EntryQuerySet(CaseScoped):
    def standing(self) -> Self:
        """Those that nobody withdrew."""
        return self.filter(withdrawn_at=None)


class Withdrawable(models.Model):
    """It is never deleted: a wrong one is withdrawn with a reason, and stays."""

    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(
            name="%(class)s_withdrawn_with_a_reason",
            condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
            | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")))]


class Entry(Withdrawable):
    """What somebody wrote down, and when."""

    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(Withdrawable.Meta):
        abstract = True


class Resolution(models.TextChoices):
    SECOND = moments.SECOND, _("to the second")
    MINUTE = moments.MINUTE, _("to the minute")
    DAY = moments.DAY, _("the day only")


class Dated(Entry):
    """An entry with the moment that an exhibit shows: in UTC, how exactly it is known, and as somebody typed it."""

    at = models.DateTimeField(null=True)
    at_resolution = models.CharField(max_length=6, choices=Resolution.choices, blank=True)
    at_given = models.CharField(max_length=moments.LONGEST, blank=True)

    class Meta(Entry.Meta):
        abstract = True
        constraints = [*Entry.Meta.constraints, models.CheckConstraint(
            name="%(class)s_time_has_a_resolution",
            condition=Q(at=None, at_resolution="", at_given="")
            | (Q(at__isnull=False, at_resolution__in=Resolution.values) & ~Q(at_given="")))]

    @property
    def shown_at(self) -> str:
        return moments.shown(self.at, self.at_resolution) if self.at else ""

    @property
    def typed_at(self) -> str:
        """What was typed, where it says more than `shown_at`."""
        return moments.typed(self.at, self.at_resolution, self.at_given) if self.at else ""
