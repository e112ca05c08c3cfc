"""The details of events as far as this program reads them when it verifies. Pure.

The format lets a detail have any members; each kind has a few that rows are held against. One that is not what its kind
says is named by its event, and is read by no other check."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from evidence.custody import form
from evidence.custody.kinds import Kind
from evidence.tlog import canonical


def fault(event: dict[str, Any]) -> str:
    """What is wrong with the detail of an event of the format, in words that follow its name; nothing for nothing."""
    rule = _RULES.get(event["kind"])
    member = rule(event["subject"], event["detail"]) if rule else ""
    return f"is of the kind {event['kind']}, and its {member} is not what that kind says" if member else ""


def sound(content: bytes, *, kind: str, subject: str) -> dict[str, Any] | None:
    """The detail of the event in a payload whose columns say `kind` and `subject`. None where it is not sound or says
    something else: the log's own check names that."""
    try:
        event = canonical.decode(content)
    except ValueError:
        return None
    if form.fault(event) or (event["kind"], event["subject"]) != (kind, subject) or fault(event):
        return None
    detail: dict[str, Any] = event["detail"]
    return detail


def _accession(_subject: str, detail: dict[str, Any]) -> str:
    for name in ("capture", "package"):
        if not isinstance(detail.get(name), dict | None):
            return name
    return "" if _is_text((detail.get("capture") or {}).get("set", "")) else "capture"


def _derivation(_subject: str, detail: dict[str, Any]) -> str:
    made = detail.get("made", [])
    if not isinstance(made, list) or not all(map(_is_made, made)):
        return "made"
    return "" if not made or _is_text(detail.get("process")) else "process"


def _is_made(part: Any) -> bool:
    if not isinstance(part, dict) or not all(_is_text(part.get(name)) for name in ("kind", "sha256", "media_type")):
        return False
    found = part.get("found", [])
    return isinstance(found, list) and all(map(_is_text, found))


def _replication(subject: str, detail: dict[str, Any]) -> str:
    match = detail.get("match", False)
    if not isinstance(match, bool):
        return "match"
    # Backups, and bytes of the store that were healed, tell of no second copy.
    if not match or not subject.startswith("item/") or detail.get("place") == "store":
        return ""
    for name in ("sha256", "location", "version"):
        if not _is_text(detail.get(name)):
            return name
    # The copies of earlier versions had no lock, and their events say nothing of one.
    lock = detail.get("lock", {"mode": "", "until": "", "legal_hold": False})
    told = isinstance(lock, dict) and _is_text(lock.get("mode")) and _is_text(lock.get("until"))
    return "" if told and isinstance(lock.get("legal_hold"), bool) else "lock"


def _virus_check(_subject: str, detail: dict[str, Any]) -> str:
    return "" if _is_text(detail.get("outcome")) else "outcome"


def _fixity(_subject: str, detail: dict[str, Any]) -> str:
    if detail.get("act") != "package_checked" or "report_sha256" not in detail:
        return ""
    return next((name for name in ("outcome", "report_sha256") if not _is_text(detail.get(name))), "")


def _disposal(_subject: str, detail: dict[str, Any]) -> str:
    if detail.get("act") != "exhibits_disposed":
        return ""
    items = detail.get("items")
    return "" if isinstance(items, list) and items and all(map(is_uuid, items)) else "items"


def _decision(subject: str, detail: dict[str, Any]) -> str:
    if detail.get("act") != "log_restored" or not subject.startswith("rewind/"):
        return ""
    if wrong := next((name for name in ("restored", "given_up") if not _is_head(detail.get(name))), ""):
        return wrong
    heads = detail.get("heads", [])
    return "" if isinstance(heads, list) and all(map(_is_head, heads)) else "heads"


def _is_head(head: Any) -> bool:
    return isinstance(head, dict) and type(head.get("size")) is int and _is_text(head.get("root"))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_uuid(value: Any) -> bool:
    """Whether `value` is text of a UUID as events write it."""
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


_RULES: dict[str, Callable[[str, dict[str, Any]], str]] = {
    Kind.ACCESSION: _accession, Kind.DERIVATION: _derivation, Kind.REPLICATION: _replication,
    Kind.VIRUS_CHECK: _virus_check, Kind.FIXITY: _fixity, Kind.DISPOSAL: _disposal, Kind.DECISION: _decision}
