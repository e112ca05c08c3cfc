"""Reading the log: what happened to a subject or within a context, newest first, or all up to a size of the log.

Erased events are told in their places."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from evidence.custody import form
from evidence.custody.models import Erasure, Payload
from evidence.custody.services import leaf_hash
from evidence.tlog import canonical


@dataclass(frozen=True)
class Entry:
    """One event as it was recorded. `index` is None while it waits for its place in the log.

    Of one that is no event of the format the columns are told, its `agent` is empty and its `detail` is
    `{"unreadable": True}`: `verify` names it, and pages that list it stand.
    Of an erased event kind, subject, context and time are left. Its `agent` is empty and its `detail` has one member,
    `erased`: when (`at`), by whom and agreed by whom (agents), `reason`, `basis`, and the `event` that says so."""

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
            without: Collection[str] = (), limit: int, before: UUID | None = None) -> list[Entry]:
    """At most `limit` entries, newest first, that match every given word, but for the kinds in `without`. `before` is
    the event id of the last entry of the page before. Two queries for any number of entries."""
    wanted = ~Q(kind__in=without) if without else Q()
    if subject is not None:
        wanted &= Q(subject=subject)
    if context is not None:
        wanted &= Q(context=context)
    if subject_prefix is not None:
        wanted &= Q(subject__startswith=subject_prefix)
    if before is not None:
        at = _time_of(before)
        if at is None:
            return []
        wanted &= Q(at__lt=at) | Q(at=at, event_id__lt=before)
    return _matching(wanted, limit)


def last_times(subjects: Collection[str]) -> dict[str, datetime]:
    """subject → when something was last recorded about it and not erased since; one query for any number of them."""
    found = Payload.objects.filter(subject__in=subjects).order_by().values_list("subject").annotate(Max("at"))
    return dict(found)


def about(subjects: Collection[str]) -> list[Entry]:
    """Everything about these subjects, newest first: for those about which little happens."""
    return _matching(Q(subject__in=subjects), None)


def of_events(event_ids: Collection[UUID]) -> list[Entry]:
    """The entries of these events, newest first."""
    return _matching(Q(event_id__in=event_ids), len(event_ids))


def within(size: int, *, subjects: Collection[str], without: Collection[str] = ()) -> list[Entry]:
    """Every entry about `subjects` among the first `size` of the log, in the log's order, but for the kinds in
    `without`. Two queries for any number of subjects."""
    wanted = Q(subject__in=subjects, event__leaf__index__lt=size) & ~Q(kind__in=without)
    return sorted(_matching(wanted, None), key=lambda entry: entry.index or 0)


def between(start: datetime, end: datetime, *, context: str, kinds: Collection[str]) -> Iterator[Entry]:
    """Every entry of `kinds` in `context` from `start` on and before `end`, oldest first, in constant memory. What
    was erased is left out; `erased_between` counts it."""
    rows = Payload.objects.filter(context=context, kind__in=kinds, at__gte=start, at__lt=end)
    found = rows.order_by("at", "event_id").values_list(*_TOLD)
    return (_entry(*row) for row in found.iterator(chunk_size=2000))


def erased_between(start: datetime, end: datetime, *, context: str) -> int:
    return Erasure.objects.filter(context=context, at__gte=start, at__lt=end).count()


def tally(size: int, *, subjects: Collection[str], kinds: Collection[str]) -> dict[tuple[str, str], int]:
    """(subject, kind) → how many entries among the first `size` of the log; what never happened is not in it."""
    counted: Counter[tuple[str, str]] = Counter()
    for rows in (Payload.objects, Erasure.objects):
        found = rows.filter(subject__in=subjects, kind__in=kinds, event__leaf__index__lt=size)
        for subject, kind, number in found.values_list("subject", "kind").annotate(Count("pk")):
            counted[subject, kind] += number
    return dict(counted)


def _matching(wanted: Q, limit: int | None) -> list[Entry]:
    told = _newest(Payload.objects.filter(wanted), limit).values_list(*_TOLD)
    erased = _newest(Erasure.objects.filter(wanted), limit).values_list(
        "event_id", "at", "kind", "subject", "context", "event__commitment", "event__leaf__index", "erasure_id",
        "erasure__payload__content")
    # What is erased between the two queries is found by both, and is erased.
    found = {entry.event_id: entry for entry in (*(_entry(*row) for row in told), *(_erased(*row) for row in erased))}
    return sorted(found.values(), key=lambda entry: (entry.at, entry.event_id), reverse=True)[:limit]


def context_of(subject: str, kind: str) -> str:
    """The context of the first event of `kind` about `subject`, erased or not; empty where there is none."""
    for rows in (Payload.objects, Erasure.objects):
        if found := rows.filter(subject=subject, kind=kind).order_by("at").values_list("context", flat=True).first():
            return str(found)
    return ""


def _newest(rows: QuerySet[Any], limit: int | None) -> QuerySet[Any]:
    return rows.order_by("-at", "-event_id")[:limit]


def _time_of(event_id: UUID) -> datetime | None:
    times = (rows.filter(event_id=event_id).values_list("at", flat=True).first()
             for rows in (Payload.objects, Erasure.objects))
    return next((at for at in times if at), None)


@dataclass(frozen=True)
class Told:
    """One event word for word, with what proves its commitment."""

    salt: bytes
    content: bytes
    leaf_hash: bytes


def word_for_word(event_id: UUID, *, context: str) -> Told | None:
    """The event, if it is of `context` and was not erased."""
    row = Payload.objects.select_related("event").filter(event=event_id, context=context).first()
    if row is None:
        return None
    return Told(bytes(row.salt), bytes(row.content), leaf_hash(bytes(row.event.commitment)))


_TOLD = ("event_id", "at", "kind", "subject", "context", "content", "event__commitment", "event__leaf__index")


def _entry(event_id: UUID, at: datetime, kind: str, subject: str, context: str, content: bytes | memoryview,
           commitment: bytes | memoryview, index: int | None) -> Entry:
    leaf = leaf_hash(bytes(commitment))
    event = _event(content)
    if event is None:
        return Entry(event_id, at, kind, subject, context, {}, {"unreadable": True}, leaf, index)
    return Entry(event_id, at, event["kind"], event["subject"], event["context"], event["agent"], event["detail"], leaf,
                 index)


def _event(content: bytes | memoryview) -> dict[str, Any] | None:
    """The event of the format in a payload, or None."""
    try:
        event: dict[str, Any] = canonical.decode(bytes(content))
    except ValueError:
        return None
    return None if form.fault(event) else event


def _erased(event_id: UUID, at: datetime, kind: str, subject: str, context: str, commitment: bytes | memoryview,
            index: int | None, erasure_id: UUID, content: bytes | memoryview | None) -> Entry:
    erased: dict[str, Any] = {"event": str(erasure_id)}
    # An erasure is never erased lawfully; where its payload is gone or no event, `verify` says so, and a page stands.
    if content is not None and (said := _event(content)) is not None:
        erased |= {"at": said["at"], "by": said["agent"]}
        erased |= {name: said["detail"][name] for name in ("approver", "reason", "basis") if name in said["detail"]}
    return Entry(event_id, at, kind, subject, context, {}, {"erased": erased}, leaf_hash(bytes(commitment)), index)
