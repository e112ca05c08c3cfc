"""Look at the timeline of a case, and take it out as a file. Both are recorded."""

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from casework.access import Action, require
from casework.accounts.withheld import Names
from casework.cases.models import Case
from casework.exports import services as exports
from casework.posts import listing
from casework.record import Act, record
from casework.timeline import compose, files
from casework.timeline.asking import Query
from casework.timeline.compose import Timeline


@transaction.atomic
def show(case: Case, query: Query, *, by: Any) -> Timeline | None:
    """None where no row with a time is there. Recorded with the rows whose text it shows: the first of each burst."""
    found = compose.timeline(case, query)
    firsts = [burst.post for burst in found.bursts] if found else []
    listing.told(case, firsts, {"page": "timeline", **query.given}, by=by)
    return found


@transaction.atomic
def take_out(case: Case, query: Query, *, kind: str, purpose: str, by: Any) -> bytes:
    """As a file, of one of files.FORMATS, in which nobody is named who takes no part. It counts as taken out, and is
    recorded with its hash and the purpose before it leaves.

    Raises PermissionDenied, ValidationError; Stopped, TooSoon (casework.exports)."""
    require(by, Action.EXHIBIT_DOWNLOAD, case)
    said = exports.purposeful(purpose)
    exports.require_unstopped(case, by)
    exports.require_budget(by)
    make, _type = files.FORMATS[kind]
    data, rows = make(case, query, Names(case), timezone.now())
    exports.take_out(case, size=len(data), subject=f"case/{case.ref}", by=by)
    record(Act.TIMELINE_EXPORTED, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}", format=kind, rows=rows,
           sha256=hashlib.sha256(data).hexdigest(), **said,
           query={{"from": "since"}.get(name, name): value for name, value in query.given.items()})
    return data
