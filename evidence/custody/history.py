"""Reading the log: what happened to a subject or within a context, newest first; or all up to a size of the log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from evidence.custody.models import Payload
from evidence.custody.services import leaf_hash
from evidence.tlog import canonical

_COLUMNS = ("event_id", "at", "content", "event__commitment", "event__leaf__index")


@dataclass(frozen=True)
class Entry:
    """One event as it was recorded. `index` is None while it waits for its place in the log."""

    event_id: UUID
    at: datetime
    kind: str
    subject: str
    context: str
    agent: dict[str, Any]
    detail: dict[str, Any]
    leaf_hash: bytes
    index: int | None


def entries(*, subject: str | None = None, context: str | None = None, subject_prefix: str | None = None,
            limit: int, before: UUID | None = None) -> list[Entry]:
    """At most `limit` entries, newest first, that match every given word. `before` is the event id of the last
    entry of the page before. One query for any number of entries."""
    rows = Payload.objects.all()
    if subject is not None:
        rows = rows.filter(subject=subject)
    if context is not None:
        rows = rows.filter(context=context)
    if subject_prefix is not None:
        rows = rows.filter(subject__startswith=subject_prefix)
    if before is not None:
        # An entry since erased has no time left to go on from: the pages end there.
        at = Payload.objects.filter(event_id=before).values("at")[:1]
        rows = rows.filter(Q(at__lt=at) | Q(at=at, event_id__lt=before))
    return [_entry(*row) for row in rows.order_by("-at", "-event_id").values_list(*_COLUMNS)[:limit]]


def within(size: int, *, subjects: Collection[str], without: Collection[str] = ()) -> list[Entry]:
    """Every entry about `subjects` among the first `size` of the log, in the log's order, but for the kinds in
    `without`. One query for any number of subjects."""
    rows = _within(size, subjects).exclude(kind__in=without).order_by("event__leaf__index")
    return [_entry(*row) for row in rows.values_list(*_COLUMNS)]


def tally(size: int, *, subjects: Collection[str], kinds: Collection[str]) -> dict[tuple[str, str], int]:
    """(subject, kind) → how many entries among the first `size` of the log; what never happened is not in it."""
    counted = _within(size, subjects).filter(kind__in=kinds).values_list("subject", "kind").annotate(Count("pk"))
    return {(subject, kind): number for subject, kind, number in counted}


def _within(size: int, subjects: Collection[str]) -> QuerySet[Payload]:
    return Payload.objects.filter(subject__in=subjects, event__leaf__index__lt=size)


def _entry(event_id: UUID, at: datetime, content: bytes | memoryview, commitment: bytes | memoryview,
           index: int | None) -> Entry:
    event = canonical.decode(bytes(content))
    return Entry(event_id, at, event["kind"], event["subject"], event["context"], event["agent"], event["detail"],
                 leaf_hash(bytes(commitment)), index)
