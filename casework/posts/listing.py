"""Finding messages and posts of a case, a page at a time, by keys: a page costs the same wherever it lies.

One list records one event with its question and what it showed."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.utils.dateparse import parse_date, parse_datetime

from casework.cases.models import Case
from casework.exhibits.moments import day_before
from casework.posts.models import INDEXED, Import, Post, Unread
from casework.record import Act, record
from evidence.jail.exports.records import MARKS

PAGE = 100
LARGEST_NUMBER = 2**31 - 1
_KEY = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?~(\d{1,18})")


@dataclass(frozen=True)
class Query:
    """What was asked for. What is empty asks for everything; `after` is the last page's `next`."""

    number: int = 0
    kind: str = ""
    sender: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    mark: str = ""
    attachments: bool = False
    after: str = ""
    given: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Any) -> "Query":
        """From the parameters of an address. What makes no sense is left out, never an error."""
        def said(name: str) -> str:
            return str(given.get(name, "")).replace("\x00", "").strip()[:200]

        label = re.fullmatch(r"I-(\d{3,9})", said("import"), re.ASCII)
        asked = {
            "import": label[0] if label else "", "kind": said("kind") if said("kind") in Post.Kind.values else "",
            "sender": said("sender"), "from": said("from") if _moment(said("from")) else "",
            "to": said("to") if _moment(said("to")) else "", "q": said("q"),
            "mark": said("mark") if said("mark") in MARKS else "", "attachments": "1" if said("attachments") else ""}
        return cls(
            number=min(int(label[1]), LARGEST_NUMBER) if label else 0, kind=asked["kind"], sender=asked["sender"],
            since=_moment(asked["from"]), until=_moment(asked["to"], end=True), text=asked["q"], mark=asked["mark"],
            attachments=bool(asked["attachments"]), after=said("after") if _is_key(said("after")) else "",
            given={name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class Page:
    """At most PAGE rows; where to go on (empty: nowhere)."""

    rows: list[Any]
    next: str


@transaction.atomic
def listed(case: Case, query: Query, *, by: Any) -> Page:
    """One page of what `query` asks for, recorded. Of one import in the order of the file, else in time; what has no
    time comes last."""
    found = _matching(case, query)
    page = _in_file(found, query.after) if query.number else in_time(found, query.after)
    told(case, page.rows, query.given, by=by)
    return page


@transaction.atomic
def unread(source: Import, after: int, *, by: Any) -> Page:
    """One page of what was not understood in an import, recorded where it shows anything."""
    rows = list(Unread.objects.filter(source=source, position__gt=after).order_by("position")[:PAGE + 1])
    for row in rows:
        row.source = source
    page = Page(rows[:PAGE], str(rows[PAGE - 1].position) if len(rows) > PAGE else "")
    if page.rows:
        told(source.case, page.rows, {"page": "unread"}, by=by)
    return page


def spans(positions: list[int]) -> str:
    """1-3,7 for [1, 2, 3, 7]."""
    ends = [at for at, (one, other) in enumerate(pairwise(positions), 1) if other != one + 1]
    parts = [positions[begin:end] for begin, end in zip([0, *ends], [*ends, len(positions)], strict=True)]
    return ",".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts if part)


def in_time(found: QuerySet[Post], after: str) -> Page:
    """One page of `found` by (time, id), each of which an index holds; then of those without a time, by id. `after` is
    the last page's `next`; what is none begins in front."""
    key = _KEY.fullmatch(after)
    at, pk = (parse_datetime(key[1]) if key[1] else None, int(key[2])) if key else (None, 0)
    rows: list[Post] = []
    if key is None or at is not None:
        timed = found.filter(at__isnull=False)
        if at is not None:
            timed = timed.filter(at__gte=at).exclude(at=at, pk__lte=pk)
        rows = list(timed.order_by("at", "pk")[:PAGE + 1])
        pk = 0
    if len(rows) <= PAGE:
        rows += found.filter(at=None, pk__gt=pk).order_by("pk")[:PAGE + 1 - len(rows)]
    return Page(rows[:PAGE], _key_of(rows[PAGE - 1]) if len(rows) > PAGE else "")


def told(case: Case, rows: list[Any], query: dict[str, str], *, by: Any) -> None:
    """Record that somebody was shown these rows, of imports of the case, for what they asked."""
    by_import: dict[str, list[int]] = {}
    for row in rows:
        by_import.setdefault(row.source.label, []).append(row.position)
    record(Act.POSTS_LISTED, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}",
           query={{"from": "since", "to": "until"}.get(name, name): value for name, value in query.items()},
           shown=len(rows), rows=[f"{label}/{spans(sorted(found))}" for label, found in sorted(by_import.items())])


def _matching(case: Case, query: Query) -> QuerySet[Post]:
    found: QuerySet[Post] = Post.objects.filter(case=case).standing().select_related("source")
    if query.number:
        found = found.filter(source__number=query.number)
    if query.kind:
        found = found.filter(kind=query.kind)
    if query.sender:
        found = found.alias(begins=Left("sender", INDEXED)).filter(begins=query.sender[:INDEXED], sender=query.sender)
    if query.since:
        # A row of which only the day is known may lie anywhere in the 24 hours from `at` on.
        found = found.filter(at__gt=day_before(query.since)).exclude(
            ~Q(resolution="day"), at__lt=query.since)
    if query.until:
        found = found.filter(at__lt=query.until)
    if query.text:
        found = found.filter(text__icontains=query.text)
    if query.mark:
        found = found.filter(marks__contains=[query.mark])
    return found.exclude(attachments=[]) if query.attachments else found


def _in_file(found: QuerySet[Post], after: str) -> Page:
    position = int(after) if after.isdecimal() else 0
    rows = list(found.filter(position__gt=position).order_by("position")[:PAGE + 1])
    return Page(rows[:PAGE], str(rows[PAGE - 1].position) if len(rows) > PAGE else "")


def _key_of(row: Post) -> str:
    return f"{row.at:%Y-%m-%dT%H:%M:%SZ}~{row.pk}" if row.at else f"~{row.pk}"


def _is_key(after: str) -> bool:
    if re.fullmatch(r"\d{1,18}", after, re.ASCII):
        return True
    found = _KEY.fullmatch(after)
    return found is not None and (found[1] is None or _moment(found[1]) is not None)


def _moment(text: str, *, end: bool = False) -> datetime | None:
    """A day or a time, in UTC where it has no zone; with `end` the moment behind a day."""
    try:
        if day := parse_date(text):
            return datetime.combine(day, time(), UTC) + timedelta(days=end)
        found = parse_datetime(text)
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
