"""A timeline as a file: how much each sender wrote in each span of time, as CSV, or the picture as SVG."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from casework import cells
from casework.accounts.withheld import Names
from casework.cases.models import Case
from casework.exhibits import names as file_names
from casework.timeline import compose, drawing, linking, words
from casework.timeline.asking import Query
from casework.timeline.compose import Lane

# Rows in one table, the first in time.
MOST = 100_000
COLUMNS = ("sender", "sender_id", "subject", "matched_by", "from", "until", "known", "rows")
Made = tuple[bytes, int]


def csv(case: Case, query: Query, names: Names, _at: datetime) -> Made:
    """The spans of the bars, and days of which no more is known; with the number of its rows."""
    rows = list(_lines(case, query, names))
    return cells.written(COLUMNS, rows), len(rows)


def svg(case: Case, query: Query, names: Names, at: datetime) -> Made:
    """What the page shows, with what it says beside the picture; with the number of its lanes. ValidationError where
    there is nothing to draw."""
    found = compose.timeline(case, query)
    if found is None:
        raise ValidationError({"kind": _("Nothing with a time in this case matches.")})
    lanes = [_withheld(lane, names) for lane in found.lanes]
    head = _("Timeline of %(ref)s, made at %(at)s UTC.") % {"ref": case.ref, "at": f"{at:%Y-%m-%d %H:%M:%S}"}
    asked = _("Asked for: %(query)s.") % {"query": query.spelled} if query.given else ""
    said = (head, asked, words.narrowed(query), *words.left_out(found), *map(str, words.LIMITS))
    below = [one for one in said if one]
    drawn = drawing.drawn(replace(found, lanes=lanes), below)
    made = render_to_string("casework/timeline/drawing.svg", {"drawn": drawn})
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{made}'.encode(), len(lanes)


# By the name of the format: who makes it, and its type.
FORMATS: dict[str, tuple[Callable[[Case, Query, Names, datetime], Made], str]] = {
    "csv": (csv, "text/csv; charset=utf-8"), "svg": (svg, "image/svg+xml")}


def answer(case: Case, kind: str, data: bytes) -> HttpResponse:
    """A file of one of FORMATS, to be kept and never shown in place."""
    made = HttpResponse(data, content_type=FORMATS[kind][1])
    made["Content-Disposition"] = file_names.attachment(f"{case.ref}_timeline.{kind}")
    return made


def _withheld(lane: Lane, names: Names) -> Lane:
    name, number = names.sender(lane.name, lane.key[0])
    return replace(lane, name=name, key=(number, ""))


def _lines(case: Case, query: Query, names: Names) -> Iterator[dict[str, Any]]:
    found = compose.timeline(case, query)
    if found is None:
        return
    sources = list(case.imports.standing().values_list("pk", flat=True))
    keyed = compose.by_sender(compose.rows(case, query, sources))
    counted = {"name": Min("sender"), "count": Count("pk"), "first": Min("at"), "last": Max("at")}
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
        sender, sender_id = names.sender(row["name"], row["by_id"])
        yield {"sender": sender, "sender_id": sender_id, "subject": lane.subject.label if lane.subject else "",
               "matched_by": lane.how, "from": f"{start:%Y-%m-%dT%H:%M:%SZ}", "until": f"{end:%Y-%m-%dT%H:%M:%SZ}",
               "known": known, "rows": row["count"]}
