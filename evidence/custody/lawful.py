"""Which payloads are lawfully gone: those that a sound, later erasure event names; and whether what it names is gone.

The table of erasures only says where to look. What counts is the erasure event, held to its commitment."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from evidence.custody import erasure, rows
from evidence.custody.kinds import Kind
from evidence.custody.problem import Problem

_ERASURE = f"""
SELECT l.index, {rows.COLUMNS} FROM evidence_event e LEFT JOIN evidence_payload p ON p.event_id = e.id
LEFT JOIN evidence_leaf l ON l.event_id = e.id WHERE e.id = %s
"""
_NAMED = """
SELECT n.id::text, p.event_id IS NOT NULL, x.erasure_id::text, x.kind, x.subject, x.context,
       to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
FROM unnest(%s::uuid[]) AS n(id) LEFT JOIN evidence_payload p ON p.event_id = n.id
LEFT JOIN evidence_erasure x ON x.event_id = n.id
"""


@dataclass(frozen=True)
class _Said:
    """What a sound erasure event names, by event id; `index` is its own, None while it waits."""

    index: int | None
    context: str
    events: dict[str, dict[str, Any]]


class Lawful:
    """Asks for the erasure of each payload that is gone; remembers the last 64 erasures."""

    def __init__(self) -> None:
        self._said = lru_cache(maxsize=64)(_load)

    def fault(self, event_id: str | None, index: int | None, erasure_id: str | None) -> str:
        """What is wrong with an event whose payload is gone; nothing when a later erasure names it."""
        if erasure_id is None:
            return "its payload is gone"
        said = self._said(erasure_id)
        if said is None:
            return f"its payload is gone, and event {erasure_id} is no sound erasure"
        named = said.events.get(event_id or "")
        if named is None or named["index"] != index:
            return f"its payload is gone, and the erasure {erasure_id} does not name it"
        if index is None or said.index is not None and said.index <= index:
            return f"its payload is gone, and the erasure {erasure_id} stands before it"
        return ""


def broken(event: dict[str, Any]) -> Iterator[Problem]:
    """What a sound event says that it erased and that is still there, or is noted otherwise."""
    if event["kind"] != Kind.DISPOSAL or event["detail"].get("act") != erasure.ACT:
        return
    said = _read(event, None)
    if said is None:
        yield Problem(f"event {event['id']}", "is an erasure that does not say of what")
        return
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [list(said.events)])
        found = cursor.fetchall()
    for event_id, there, *noted in found:
        named = said.events[event_id]
        if there:
            yield Problem(f"event {event_id}", f"is still there, and event {event['id']} says that it was erased")
        elif noted != [event["id"], named["kind"], named["subject"], said.context, named["at"]]:
            yield Problem(f"event {event_id}", f"is not noted as erased in the way that event {event['id']} says")


def _load(erasure_id: str) -> _Said | None:
    with connection.cursor() as cursor:
        cursor.execute(_ERASURE, [erasure_id])
        found = cursor.fetchone()
    if found is None:
        return None
    index, *columns = found
    event, fault = rows.read(rows.Row(*columns))
    sound = not fault and event["kind"] == Kind.DISPOSAL and event["detail"].get("act") == erasure.ACT
    return _read(event, index) if sound else None


def _read(event: dict[str, Any], index: int | None) -> _Said | None:
    try:
        named = {str(UUID(one["id"])): one for one in event["detail"]["events"]}
        complete = named and all(set(one) == {"at", "id", "index", "kind", "subject"} for one in named.values())
    except (LookupError, TypeError, ValueError, AttributeError):
        return None
    return _Said(index, event["context"], named) if complete else None
