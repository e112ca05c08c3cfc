"""Look at the timeline of a case, and take it out as a table. Both are recorded."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Min

from casework import cells
from casework.access import Action, require
from casework.cases.models import Case
from casework.exports import services as exports
from casework.posts import listing
from casework.record import Act, record
from casework.timeline import compose, linking
from casework.timeline.asking import Query
from casework.timeline.compose import Lane, Timeline

# Rows in one table, the first in time.
MOST = 100_000
COLUMNS = ("sender", "sender_id", "subject", "matched_by", "from", "until", "known", "rows")


@transaction.atomic
def show(case: Case, query: Query, *, by: Any) -> Timeline | None:
    """None where no row with a time is there. Recorded with the rows whose text it shows: the first of each burst."""
    found = compose.timeline(case, query)
    firsts = [burst.post for burst in found.bursts] if found else []
    listing.told(case, firsts, {"page": "timeline", **query.given}, by=by)
    return found


@transaction.atomic
def table(case: Case, query: Query, *, by: Any) -> bytes:
    """How much each sender wrote in each span of time, as CSV: the spans of the bars, and days of which no more is
    known; at most MOST rows. It counts as taken out, and is recorded with its hash.

    Raises PermissionDenied; Stopped, TooSoon (casework.exports)."""
    require(by, Action.EXHIBIT_DOWNLOAD, case)
    rows = list(_lines(case, query))
    data = cells.written(COLUMNS, rows)
    exports.take_out(case, size=len(data), subject=f"case/{case.ref}", by=by)
    record(Act.TIMELINE_EXPORTED, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}", rows=len(rows),
           sha256=hashlib.sha256(data).hexdigest(),
           query={{"from": "since"}.get(name, name): value for name, value in query.given.items()})
    return data


def _lines(case: Case, query: Query) -> Iterator[dict[str, Any]]:
    found = compose.timeline(case, query)
    if found is None:
        return
    sources = list(case.imports.standing().values_list("pk", flat=True))
    keyed = compose.by_sender(compose.rows(case, query, sources))
    counted = {"name": Min("sender"), "count": Count("pk"), "first": Min("at"), "last": Min("at")}
    timed = keyed.exclude(resolution="day").annotate(bar=compose.Bucket("at", found.scale.origin, found.scale.bar))
    spans = [(row, *found.scale.bar_at(row["bar"]), "bar") for row in timed.values(
        "bar", "by_id", "by_name").annotate(**counted).order_by("bar", "by_id", "by_name")[:MOST]]
    days = [(row, row["at"], row["at"] + timedelta(days=1), "day") for row in keyed.filter(resolution="day").values(
        "at", "by_id", "by_name").annotate(**counted).order_by("at", "by_id", "by_name")[:MOST]]
    kept = sorted([*spans, *days], key=lambda one: one[1])[:MOST]
    lanes = {(row["by_id"], row["by_name"]): Lane((row["by_id"], row["by_name"]), row["name"], row["count"],
                                                  row["first"], row["last"]) for row, *_rest in kept}
    linking.link(case, list(lanes.values()))
    for row, start, end, known in kept:
        lane = lanes[row["by_id"], row["by_name"]]
        yield {"sender": row["name"], "sender_id": row["by_id"], "subject": lane.subject.label if lane.subject else "",
               "matched_by": lane.how, "from": f"{start:%Y-%m-%dT%H:%M:%SZ}", "until": f"{end:%Y-%m-%dT%H:%M:%SZ}",
               "known": known, "rows": row["count"]}
