"""What people took out, the alarms when it was much, and who may take out nothing for now."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped
from casework.cases.models import Case

PERSON = settings.AUTH_USER_MODEL


class ExportQuerySet(CaseScoped):
    pass


class Export(models.Model):
    """One original, dossier or package that somebody took out. `subject` as in its event. Inserted, never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exports")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    size = models.BigIntegerField(help_text="bytes")
    subject = models.CharField(max_length=200)

    objects = ExportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="exports_lately")]


class AlarmQuerySet(CaseScoped):
    pass


class Alarm(models.Model):
    """Somebody took out more within an hour than the budget allows at full pace: once an hour at most.

    `files` and `size` (bytes) are what they took out of this case in that hour: nothing tells of another case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="export_alarms")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    files = models.PositiveIntegerField()
    size = models.BigIntegerField()
    seen_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="alarm_seen_by_someone",
                                              condition=Q(seen_by=None, seen_at=None)
                                              | Q(seen_by__isnull=False, seen_at__isnull=False))]


class StopQuerySet(CaseScoped):
    pass


class Stop(models.Model):
    """While it stands, this person takes nothing out of this case. Rows are lifted, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="export_stops")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("Reason"))
    stopped_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField()
    lifted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = StopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="one_standing_stop",
                                    condition=Q(lifted_at=None)),
            models.CheckConstraint(name="stop_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="stop_lifted_by_someone", condition=Q(lifted_by=None, lifted_at=None)
                                   | Q(lifted_by__isnull=False, lifted_at__isnull=False)),
        ]
