"""A budget for what leaves the house: mass download slows down, raises an alarm, and can be stopped.

The budget is each person's own, over all cases and within an hour. Beyond it one thing may still leave each minute:
legal staff can go on with their work, a stolen session cannot empty the house before somebody looks."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import lifecycle
from casework.access import Action, require
from casework.cases.models import Case
from casework.cases.texts import needed
from casework.exports.models import Alarm, Export, Stop
from casework.pace import Stopped, TooSoon
from casework.people.models import User
from casework.record import Act, record

WINDOW = timedelta(hours=1)
PACE = timedelta(minutes=1)
PURPOSE_LENGTH = 300
# How often a running download asks whether it may go on.
LOOK_SECONDS = 5.0


def purposeful(purpose: str) -> dict[str, str]:
    """What somebody takes a file out for, as it is recorded. ValidationError where nothing is said, or too much."""
    return needed(purpose=purpose, most=PURPOSE_LENGTH)


@transaction.atomic
def take_out(case: Case, *, size: int, subject: str, by: Any) -> None:
    """Count what is about to leave, of `size` bytes. Raises Stopped, and TooSoon beyond the budget: then nothing may
    leave."""
    # One after the other: parallel requests do not pass the budget together.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    require_unstopped(case, by)
    require_budget(by)
    now = timezone.now()
    spent = _spent(by, now)
    Export.objects.create(case=case, person=by, at=now, size=size, subject=subject)
    if _is_over(spent, 1, size):
        _alarm(by, now)


def watched(chunks: Iterator[bytes], case: Case, action: Action, *, by: Any) -> Iterator[bytes]:
    """`chunks`, cut off within seconds when the person is shut out, loses the right or is stopped. Raises
    PermissionDenied or Stopped then, so that the receiver sees an incomplete answer."""
    look_at = time.monotonic() + LOOK_SECONDS
    for chunk in chunks:
        if time.monotonic() >= look_at:
            require_still(case, action, by=by)
            look_at = time.monotonic() + LOOK_SECONDS
        yield chunk


def require_still(case: Case, action: Action, *, by: Any) -> None:
    """Asked within a long request: the person, what let them in and their right are as they were. Raises
    PermissionDenied or Stopped."""
    by.refresh_from_db(fields=["is_active"])
    if not (by.is_active and by.is_still_in()):
        raise PermissionDenied
    require(by, action, case)
    require_unstopped(case, by)


def require_budget(person: Any) -> None:
    """Raises TooSoon beyond the budget: asked before the work of making a file, and again when it leaves."""
    now = timezone.now()
    spent = _spent(person, now)
    if spent["files"] and _is_over(spent, 0, 0) and (wait := spent["last"] + PACE - now) > timedelta():
        raise TooSoon(_("You have taken out much within an hour. From now on one thing a minute: try again soon. "
                        "Whoever leads the case is told."), int(wait.total_seconds()) + 1)


def require_unstopped(case: Case, person: Any) -> None:
    """Raises Stopped while a stop of this person's downloads stands."""
    if case.export_stops.filter(person=person, lifted_at=None).exists():
        raise Stopped(_("Your downloads from this case were stopped. Speak with whoever leads it."))


@transaction.atomic
def stop(case: Case, person: User, *, reason: str, by: Any) -> Stop:
    """From now on `person` takes nothing out of `case`; what is running is cut off. Whoever is stopped already
    stays so, for the first reason. ValidationError without a reason, and for oneself."""
    require(by, Action.EXPORT_CONTROL, case)
    if person.pk == by.pk:
        raise ValidationError({"person": _("Nobody stops their own downloads: they could not let themselves go on.")})
    words = needed(reason=reason)
    made, fresh = Stop.objects.get_or_create(case=case, person=person, lifted_at=None, defaults={
        **words, "stopped_by": by, "stopped_at": timezone.now()})
    if fresh:
        _record(Act.EXPORTS_STOPPED, case, by, name=str(person), person=f"user/{person.pk}", **words)
    return made


@transaction.atomic
def lift(standing: Stop, *, by: Any) -> Stop:
    """Let them download again. Nobody lifts their own. Harmless when it was lifted before."""
    require(by, Action.EXPORT_CONTROL, standing.case)
    found: Stop = Stop.objects.select_for_update().get(pk=standing.pk)
    if found.person_id == by.pk:
        raise lifecycle.NotAllowed("stopped", "lift")
    if found.lifted_at is None:
        found.lifted_by, found.lifted_at = by, timezone.now()
        found.save(update_fields=["lifted_by", "lifted_at"])
        _record(Act.EXPORTS_ALLOWED, standing.case, by, name=str(found.person), person=f"user/{found.person_id}")
    return found


@transaction.atomic
def saw(alarm: Alarm, *, by: Any) -> Alarm:
    """Somebody who leads the case has looked into it. Nobody answers for an alarm about themselves."""
    require(by, Action.EXPORT_CONTROL, alarm.case)
    found: Alarm = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if found.person_id == by.pk:
        raise lifecycle.NotAllowed("open", "see")
    if found.seen_at is None:
        found.seen_by, found.seen_at = by, timezone.now()
        found.save(update_fields=["seen_by", "seen_at"])
        _record(Act.EXPORT_ALARM_SEEN, alarm.case, by, name=str(found.person), person=f"user/{found.person_id}")
    return found


def _spent(person: Any, now: datetime) -> dict[str, Any]:
    return Export.objects.filter(person=person, at__gt=now - WINDOW).aggregate(
        files=Count("pk"), size=Sum("size"), last=Max("at"))


def _is_over(spent: dict[str, Any], files: int, size: int) -> bool:
    """Whether the hour's budget is used up once so many files of so many bytes have left besides."""
    return (spent["files"] + files >= settings.EXPORT_FILES_AN_HOUR
            or (spent["size"] or 0) + size >= settings.EXPORT_BYTES_AN_HOUR)


def _alarm(person: Any, now: Any) -> None:
    """In each case out of which something was taken in this hour, with that case's own numbers, once an hour."""
    lately = Export.objects.filter(person=person, at__gt=now - WINDOW)
    for case in Case.objects.filter(pk__in=lately.values("case")).exclude(
            export_alarms__in=Alarm.objects.filter(person=person, raised_at__gt=now - WINDOW)):
        here = lately.filter(case=case).aggregate(files=Count("pk"), size=Sum("size"))
        made = Alarm.objects.create(case=case, person=person, raised_at=now, files=here["files"], size=here["size"])
        _record(Act.EXPORT_ALARM, case, None, name=str(person), person=f"user/{person.pk}", files=made.files,
                bytes=made.size)


def _record(act: Act, case: Case, by: Any, **detail: Any) -> None:
    record(act, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}", **detail)
