"""Events as whoever has the application's role can insert them: well committed, and not what events are."""

import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from evidence.custody import checkpoints, sequencer, services
from evidence.tlog import canonical


def event(kind: str, subject: str, context: str, detail: Any, **members: Any) -> dict[str, Any]:
    """The members of a new event; `members` stand in the place of its own."""
    at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"v": 1, "id": str(uuid.uuid4()), "at": at, "kind": kind, "subject": subject, "context": context,
            "agent": services.SYSTEM, "detail": detail} | members


def written(event: dict[str, Any], content: bytes | None = None) -> services.Written:
    """The event as the tables take it; `content` in the place of its encoding."""
    salt, content = secrets.token_bytes(32), canonical.encode(event) if content is None else content
    return services.Written(uuid.UUID(event["id"]), services.commitment(salt, content), salt, content,
                            datetime.fromisoformat(event["at"]))


def insert(event: dict[str, Any], content: bytes | None = None) -> str:
    """Put it into the log by the database's own function, committed to and signed; its id."""
    put(event, content)
    settle()
    return str(event["id"])


def settle() -> None:
    """What waits gets its place, under a checkpoint."""
    while sequencer.sequence():
        pass
    checkpoints.sign_checkpoint()


def put(event: dict[str, Any], content: bytes | None = None) -> None:
    new = written(event, content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT evidence_record(%s, %s, %s, %s, %s, %s, %s, %s)", [
            new.event_id, new.committed, new.salt, new.content, event["kind"], event["subject"], event["context"],
            new.at])
