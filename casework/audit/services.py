"""Read who could and who did; that it was read is recorded too."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action, require
from casework.audit import compose
from casework.audit.compose import Report
from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from casework.people import services as people
from casework.record import Act, record
from evidence.custody import history
from evidence.custody.history import Entry

DAYS = 30
MOST_DAYS = 366
PAGE = 100


@transaction.atomic
def report(case: Case, *, start: date | None = None, end: date | None = None, exhibit: Exhibit | None = None,
           by: Any) -> Report:
    """From the beginning of `start` to the end of `end`, days in UTC; the last 30 days where nothing is said. Recorded.
    ValidationError for days in the wrong order or more than a year."""
    require(by, Action.ACCESS_READ, case)
    for name, day in (("start", start), ("end", end)):
        if day and not 2000 <= day.year < 3000:
            raise ValidationError({name: _("Choose a day between 2000 and 2999.")})
    last = end or timezone.now().astimezone(UTC).date()
    first = start or last - timedelta(days=DAYS - 1)
    if first > last:
        raise ValidationError({"end": _("The last day comes before the first.")})
    if (last - first).days >= MOST_DAYS:
        raise ValidationError({"start": _("Choose at most %(most)d days.") % {"most": MOST_DAYS}})
    begins, ends = _midnight(first), _midnight(last) + timedelta(days=1)
    context, label = f"case/{case.ref}", exhibit.label if exhibit else ""
    about = f"exhibit/{case.ref}/{label}" if exhibit else context
    able = compose.could(case, begins, ends)
    found = compose.did(history.between(begins, ends, context=context, kinds=compose.KINDS), able, about, label)
    record(Act.ACCESS_REPORTED, by=by, subject=about, context=context, start=str(first), end=str(last))
    return Report(first, last, label, able, found,
                  history.erased_between(begins, ends, context=context))


@transaction.atomic
def system(*, person: str = "", before: UUID | None = None, by: Any) -> list[Entry]:
    """A page of what was recorded outside every case; for administrators, and recorded once for each page."""
    people.require_administrator(by)
    found = compose.everything_else(person=person, before=before, limit=PAGE)
    record(Act.AUDIT_READ, by=by, subject=person or "audit/system")
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
