"""Reading the log: what happened to a subject or within a context, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from evidence.custody.models import Payload
from evidence.custody.services import leaf_hash
from evidence.tlog import canonical


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
    found = rows.order_by("-at", "-event_id").values_list("event_id", "at", "content", "event__commitment",
                                                          "event__leaf__index")
    return [_entry(*row) for row in found[:limit]]


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


def _entry(event_id: UUID, at: datetime, content: bytes | memoryview, commitment: bytes | memoryview,
           index: int | None) -> Entry:
    event = canonical.decode(bytes(content))
    return Entry(event_id, at, event["kind"], event["subject"], event["context"], event["agent"], event["detail"],
                 leaf_hash(bytes(commitment)), index)
