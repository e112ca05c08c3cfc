"""Record an event in the caller's transaction. Called by the vault's own rooms and by casework/record.py alone."""

import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError

from evidence import wake
from evidence.custody import behind, direct, form
from evidence.custody.kinds import Kind
from evidence.tlog import canonical, merkle

# Leaf data is one version byte and the commitment; docs/custody-log.md specifies both.
LEAF_VERSION = b"\x01"
SALT_BYTES = 32

SYSTEM: dict[str, Any] = {"type": "software", "name": "casework"}


class LogUnwritable(Exception):
    """The log did not take the record: the act that needed it must fail and change nothing (503)."""


class LogBehind(LogUnwritable):
    """Somebody knows more of the log than it holds: nothing changes before a restore is declared (503)."""


@dataclass(frozen=True)
class Receipt:
    """What the recorder can hold on to at once: the event's id and its leaf hash (64 hex digits)."""

    event_id: uuid.UUID
    leaf_hash: str


def commitment(salt: bytes, content: bytes) -> bytes:
    """HMAC-SHA-256 of the canonical event under its own 32-byte salt."""
    return hmac.digest(salt, content, "sha256")


def leaf_data(committed: bytes) -> bytes:
    return LEAF_VERSION + committed


def leaf_hash(committed: bytes) -> bytes:
    """RFC 6962: SHA-256(0x00 ‖ leaf data)."""
    return merkle.leaf_hash(leaf_data(committed))


@dataclass(frozen=True)
class Draft:
    """An event to be recorded. `subject` and `context` are words like `item/UUID` and `case/CW-2026-0014`."""

    kind: Kind
    subject: str
    context: str
    agent: dict[str, Any]
    detail: dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A new event as the tables take it: commitment, salt and canonical bytes."""

    event_id: uuid.UUID
    committed: bytes
    salt: bytes
    content: bytes
    at: datetime

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.event_id, leaf_hash(self.committed).hex())


def written(kind: Kind, *, subject: str, context: str, agent: dict[str, Any], detail: dict[str, Any]) -> Written:
    """An event with a fresh id, salt and time, kept nowhere yet. ValueError for what is no event of the format."""
    event_id, at = uuid.uuid4(), datetime.now(UTC)
    event = {
        "v": form.FORMAT, "id": str(event_id), "at": at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "kind": str(kind), "subject": subject, "context": context, "agent": agent, "detail": detail}
    if found := form.fault(event):
        raise ValueError(f"what was to be recorded {found}")
    content = canonical.encode(event)
    salt = secrets.token_bytes(SALT_BYTES)
    return Written(event_id, commitment(salt, content), salt, content, at)


def record(kind: Kind, *, subject: str, context: str, agent: dict[str, Any], detail: dict[str, Any]) -> Receipt:
    """Write one event: commitment, payload and its place in the queue, in the caller's transaction.

    While the log is behind, what somebody saw or took out goes to the recovery log instead, and all else raises
    LogBehind. Raises LogUnwritable when the database refuses, ValueError for what is no event of the format."""
    return record_all([Draft(kind, subject, context, agent, detail)])[0]


def record_all(drafts: Sequence[Draft]) -> list[Receipt]:
    """As `record`, for many events in the order given, in one round trip."""
    new = [written(one.kind, subject=one.subject, context=one.context, agent=one.agent, detail=one.detail)
           for one in drafts]
    rows = [(made.event_id, made.committed, made.salt, made.content, str(one.kind), one.subject, one.context, made.at)
            for made, one in zip(new, drafts, strict=True)]
    try:
        # One statement, so one round trip and no savepoint: a caller whose record fails has to roll back anyway.
        if len(rows) == 1:
            direct.call(_RECORD, rows[0])
        elif rows:
            direct.call(_RECORD_ALL, [list(column) for column in zip(*rows, strict=True)])
    except DatabaseError as error:
        raise refused(error) from error
    wake.soon("evidence.custody.sequence")
    return [made.receipt for made in new]


def refused(error: DatabaseError) -> LogUnwritable:
    """What the database's refusal to record means."""
    waits = getattr(error.__cause__, "sqlstate", "") == behind.SQLSTATE
    return LogBehind(str(error).partition("\n")[0]) if waits else LogUnwritable(str(error))


# The functions of evidence/migrations/record.sql: event, payload and place in the queue.
_RECORD = "SELECT evidence_record(%s, %s, %s, %s, %s, %s, %s, %s)"
_RECORD_ALL = ("SELECT evidence_record_all(%s::uuid[], %s::bytea[], %s::bytea[], %s::bytea[], %s::text[], %s::text[], "
               "%s::text[], %s::timestamptz[])")
