"""What an event must be: the table of docs/custody-log.md, as the offline verifiers hold it. Pure.

What breaks it is not recorded, and what stands in the log and breaks it is named by `verify`: a reader outside must
refuse it, so a log that holds it is no log that anybody can check."""

import re
from datetime import datetime
from typing import Any

from evidence.custody.kinds import Kind

FORMAT = 1
_MEMBERS = {"v", "id", "at", "kind", "subject", "context", "agent", "detail"}
_KINDS = frozenset(Kind)
_AGENTS = ({"type", "name"}, {"type", "name", "id"})
_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_AT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}[.][0-9]{6}Z")
_WORD = re.compile("[a-z][a-z_]*/.+", re.DOTALL)


def fault(event: Any) -> str:
    """Which rule of the format the value of a payload breaks, in words that follow *its payload*; nothing for none."""
    if not isinstance(event, dict) or event.keys() != _MEMBERS or type(event["v"]) is not int or event["v"] != FORMAT:
        return f"is no event of format {FORMAT}"
    if not isinstance(event["id"], str) or not _ID.fullmatch(event["id"]):
        return "has an id that is no UUID in lower case"
    if not isinstance(event["at"], str) or not _is_time(event["at"]):
        return "has a time that is not UTC with six decimals"
    if not isinstance(event["kind"], str) or event["kind"] not in _KINDS:
        return f"is of the unknown kind {str(event['kind'])[:40]}"
    if not _is_word(event["subject"]):
        return "has a subject that is not word/identifier"
    if event["context"] not in ("", "log") and not _is_word(event["context"]):
        return "has a context that is neither word/identifier nor log nor empty"
    return _agent(event["agent"]) or ("" if isinstance(event["detail"], dict) else "has a detail that is no object")


def _agent(agent: Any) -> str:
    if not isinstance(agent, dict) or agent.keys() not in _AGENTS:
        return "has an agent that is not type, name and at most id"
    if not all(isinstance(value, str) for value in agent.values()) or agent["type"] not in ("person", "software"):
        return "has an agent that is neither a person nor software, or not in words"
    return ""


def _is_word(text: Any) -> bool:
    return isinstance(text, str) and _WORD.fullmatch(text) is not None


def _is_time(text: str) -> bool:
    if not _AT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
