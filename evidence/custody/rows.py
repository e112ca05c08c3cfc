"""One event as the tables hold it, and what is wrong with it. Pure: rows in, words out."""

from dataclasses import dataclass
from typing import Any

from evidence.custody import form, services
from evidence.tlog import canonical

# In the order of Row's fields. Id and time come as text, spelled as events spell them.
COLUMNS = """e.id::text, e.commitment, p.salt, p.content, p.kind, p.subject, p.context,
             to_char(p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


@dataclass(frozen=True, slots=True)
class Row:
    """Event and payload; None where the row is not there."""

    id: str | None
    commitment: bytes | None
    salt: bytes | None
    content: bytes | None
    kind: str | None
    subject: str | None
    context: str | None
    at: str | None


def read(row: Row) -> tuple[dict[str, Any], str]:
    """The event, and what contradicts its commitment, the format or its lookup columns, or nothing. Where something
    does, the event is empty."""
    if row.commitment is None:
        return {}, "its event is gone"
    if row.content is None or row.salt is None:
        return {}, "its payload is gone"
    if services.commitment(row.salt, row.content) != row.commitment:
        return {}, "its payload is not what was committed to"
    try:
        event = canonical.decode(row.content)
    except ValueError as error:
        return {}, f"its payload is {error}"
    if found := form.fault(event):
        return {}, f"its payload {found}"
    for name, held in (("id", row.id), ("kind", row.kind), ("subject", row.subject), ("context", row.context),
                       ("at", row.at)):
        if event[name] != held:
            return {}, f"its column {name} is not what the payload says"
    return event, ""
