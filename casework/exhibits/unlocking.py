"""Break the glass: one person unlocks one locked original for themselves, for half an hour, and says why.

What was never screened may be unlocked by whoever may download; what holds malware only by those whom the table names,
and that is an alarm until somebody else has looked into it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from casework import lifecycle
from casework.access import Action, require
from casework.cases.models import Case
from casework.cases.texts import needed
from casework.exhibits import gate, reading
from casework.exhibits.models import UNLOCKED_FOR, Exhibit, Unlocking
from casework.exports import services as exports
from casework.record import Act, record
from evidence.intake.models import Part
from evidence.intake.services import moment

LISTED = 100


@transaction.atomic
def unlock(exhibit: Exhibit, *, part: Part | None = None, reason: str, by: Any) -> Unlocking:
    """Raises PermissionDenied, Disposed, Stopped; NotAllowed for what is not locked; ValidationError for no reason."""
    require(by, Action.EXHIBIT_DOWNLOAD, exhibit.case)
    if exhibit.is_disposed:
        raise reading.Disposed
    found, item = gate.of(exhibit, part), part.item if part else exhibit.item
    if found.is_found:
        require(by, Action.EXHIBIT_UNLOCK, exhibit.case)
    exports.require_unstopped(exhibit.case, by)
    if not found.is_locked:
        raise lifecycle.NotAllowed("open", "unlock")
    words, now = needed(reason=reason), timezone.now()
    made = Unlocking.objects.create(exhibit=exhibit, item=item, person=by, state=found.state, finding=found.finding,
                                    at=now, until=now + UNLOCKED_FOR, **words)
    _record(Act.ORIGINAL_UNLOCKED, made, by, screening=found.state, finding=found.finding, sha256=item.blob_id,
            until=moment(made.until), **words, **({"part": part.position} if part else {}))
    return made


def alarms(case: Case) -> Any:
    """Unlockings of malware that nobody else has looked into, newest first."""
    return _rows(case).filter(state=gate.FOUND, seen_at=None)[:LISTED]


def listed(case: Case) -> Any:
    """All unlockings of the case, newest first."""
    return _rows(case)[:LISTED]


@transaction.atomic
def saw(unlocking: Unlocking, *, by: Any) -> Unlocking:
    """Somebody has looked into it. Nobody answers for their own."""
    require(by, Action.EXPORT_CONTROL, unlocking.exhibit.case)
    found: Unlocking = Unlocking.objects.select_for_update(of=("self",)).select_related(
        "exhibit__case", "person", "item").get(pk=unlocking.pk)
    if found.person_id == by.pk:
        raise lifecycle.NotAllowed("open", "see")
    if found.seen_at is None:
        found.seen_by, found.seen_at = by, timezone.now()
        found.save(update_fields=["seen_by", "seen_at"])
        _record(Act.UNLOCKING_SEEN, found, by, name=str(found.person), person=f"user/{found.person_id}")
    return found


def _rows(case: Case) -> Any:
    return Unlocking.objects.filter(exhibit__case=case).select_related(
        "exhibit__case", "person", "seen_by", "item__part").order_by("-pk")


def _record(act: Act, unlocking: Unlocking, by: Any, **detail: Any) -> None:
    record(act, by=by, subject=f"exhibit/{unlocking.exhibit}", context=f"case/{unlocking.exhibit.case.ref}", **detail)
