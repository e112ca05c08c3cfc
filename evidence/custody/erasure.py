"""Lawful erasure: what an event says is destroyed with its salt; its commitment, its place and every proof stay.

The erasure is itself an event. It keeps index, kind, subject and time of what it erased, and nothing more of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from evidence import wake
from evidence.custody import services
from evidence.custody.kinds import Kind
from evidence.custody.services import Receipt

ACT = "events_erased"
MOST = 1000


class NotErasable(ValueError):
    """The events cannot be erased, or not in this way; nothing was changed."""


@transaction.atomic
def erase(event_ids: Iterable[UUID], *, reason: str, basis: str, agent: dict[str, Any],
          approver: dict[str, Any]) -> Receipt:
    """Destroy payload and salt of these events of one context (at most MOST), in the caller's transaction.

    `agent` asked for it and `approver` agreed: agents as in an event, two people. `reason` and `basis` (the law) stay
    in the log for ever, so they must name nobody. Raises NotErasable for events that are unknown, erased already,
    without a place in the log yet, themselves about an erasure or about the log's keys, of several contexts, or of
    several subjects outside every case; LogUnwritable when the database refuses."""
    wanted = sorted(set(event_ids))
    if not 0 < len(wanted) <= MOST:
        raise NotErasable(f"between 1 and {MOST} events can be erased at once, not {len(wanted)}")
    if not reason.strip() or not basis.strip():
        raise NotErasable("an erasure needs a reason and a legal basis")
    if agent == approver or agent.get("id") == approver.get("id") is not None:
        raise NotErasable("an erasure needs two people")
    context, events = _named(wanted)
    subjects = {event["subject"] for event in events}
    subject = subjects.pop() if len(subjects) == 1 else context
    if "/" not in subject:
        raise NotErasable("these events belong to no case and are about more than one thing: one at a time")
    new = services.written(Kind.DISPOSAL, subject=subject, context=context, agent=agent, detail={
        "act": ACT, "events": events, "reason": reason.strip(), "basis": basis.strip(), "approver": approver})
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ERASE, [wanted, new.event_id, new.committed, new.salt, new.content, subject, context,
                                    new.at])
    except DatabaseError as error:
        raise services.refused(error) from error
    wake.soon("evidence.custody.sequence")
    return new.receipt


def _named(wanted: list[UUID]) -> tuple[str, list[dict[str, Any]]]:
    """The context of the events and what the erasure event keeps of each, in the order of the log."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [wanted])
        found = cursor.fetchall()
    if missing := set(wanted) - {row[0] for row in found}:
        raise NotErasable(f"{len(missing)} of these events are unknown, erased already, or wait for their place")
    if {True for _id, _at, _index, kind, subject, _context in found
            if kind == Kind.DISPOSAL or subject.startswith("key/")}:
        raise NotErasable("an erasure, a disposal and the history of the log's keys are never erased")
    contexts = {row[5] for row in found}
    if len(contexts) > 1:
        raise NotErasable("these events belong to more than one case")
    return contexts.pop(), [{"id": str(event_id), "at": at, "index": index, "kind": kind, "subject": subject}
                            for event_id, at, index, kind, subject, _context in found]


_NAMED = """
SELECT p.event_id, to_char(p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), l.index, p.kind, p.subject,
       p.context
FROM evidence_payload p JOIN evidence_leaf l ON l.event_id = p.event_id WHERE p.event_id = ANY (%s) ORDER BY l.index
"""
# The function of migrations/erase.sql: it makes the erasure event and deletes, or refuses all of it.
_ERASE = "SELECT evidence_erase(%s, %s, %s, %s, %s, %s, %s, %s)"
