"""HALL: every recorded event as a sentence for people, in their language. A closed table: each Act and Kind has one.

The event keeps data; the words are made when it is read. In them, names of people and of files are isolated from
the text around them, and ids, hashes and times are kept left to right: the result is HTML."""

import re
from html import unescape
from string import Formatter
from types import SimpleNamespace
from typing import Any, Protocol

from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from casework.record import Act
from casework.templatetags.house import ltr
from casework.wording import (
    ACTS,
    CHECKED,
    ERASED,
    EXAMINED,
    KINDS,
    PART_LODGED,
    PARTS,
    REMOVALS,
    SCREENED,
    UNPACKED,
    UNREADABLE,
    WORDS,
    listed,
)
from evidence.custody.kinds import Kind


class Told(Protocol):
    """What a sentence needs of an entry of the log (evidence.custody.history.Entry has it)."""

    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def agent(self) -> dict[str, Any]: ...
    @property
    def detail(self) -> dict[str, Any]: ...


_WORDED = {"fact", "shows", "role", "to_role", "from_role", "state", "outcome", "kind", "place", "problem"}
_PROSE = {"reason", "name", "before", "purpose", "basis", "matter"}
MACHINE = _("The system")
_HASH = re.compile(r"[0-9a-f]{64}")


def sentence(entry: Told) -> SafeString:
    """What happened, as HTML in the active language."""
    erased = entry.detail.get("erased")
    if isinstance(erased, dict) and erased:
        told = SimpleNamespace(kind=entry.kind, subject=entry.subject, agent=_object(erased.get("by")), detail=erased)
        return _told(str(ERASED), told)
    return _told(_text(entry), entry)


def _text(entry: Told) -> str:
    if entry.detail.get("unreadable") is True and not entry.agent:
        return str(UNREADABLE)
    act = str(entry.detail.get("act"))
    if act == Act.EXHIBIT_LODGED and "part" in entry.detail:
        return str(PART_LODGED)
    if entry.kind == Kind.ACCESSION and "package" in entry.detail:
        return str(UNPACKED)
    if entry.kind == Kind.DERIVATION and _found(entry):
        return str(EXAMINED)
    return str(ACTS.get(act, "") or KINDS.get(entry.kind, KINDS[Kind.DECISION]))


def _told(text: str, entry: Told) -> SafeString:
    values = {name: _value(entry, name) for _text, name, _spec, _conversion in Formatter().parse(text) if name}
    return format_html(text, **values)


def plain(entry: Told) -> str:
    """What happened, as text in the active language, ids and hashes in full."""
    text = _text(entry)
    names = [name for _text, name, _spec, _conversion in Formatter().parse(text) if name]
    return text.format(**{name: _unmarked(_value(entry, name), entry.detail.get(name)) for name in names})


def _unmarked(value: Any, data: Any) -> str:
    """A value without its markup; a hash, which markup shortens, as it is."""
    if isinstance(value, SafeString):
        return data if isinstance(data, str) and _HASH.fullmatch(data) else unescape(strip_tags(value))
    return str(value)


def _value(entry: Told, name: str) -> Any:
    if name == "who":
        return _prose(who(entry.agent))
    if name == "what":
        return _data(entry.subject.rpartition("/")[2])
    if name == "approver":
        return _prose(who(_object(entry.detail.get("approver"))))
    if name == "count":
        return len(_list(entry.detail.get("exhibits", entry.detail.get("events"))))
    if name == "at":
        return _data(f"{str(entry.detail.get('at', ''))[:19].replace('T', ' ')} UTC")
    if name == "removal":
        return REMOVALS.get(str(entry.detail.get("outcome")), "—")
    if name == "checked":
        return CHECKED.get(str(entry.detail.get("outcome")), "—")
    if name == "screened":
        said = str(SCREENED.get(str(entry.detail.get("outcome")), "—"))
        return format_html(said, finding=_data(entry.detail.get("finding")))
    if name == "found":
        return listed(_found(entry))
    if name == "package":
        return _data(str(_object(entry.detail.get("package")).get("exhibit", "")).rpartition("/")[2])
    if name == "path":
        return _data(_object(entry.detail.get("package")).get("path"))
    if name == "match":
        return _matched(entry.detail)
    if name == "part":
        return PARTS.get(str(_object(entry.detail.get("part")).get("role")), "—")
    if name in {"position", "of"}:
        return _data(_object(entry.detail.get("part")).get(name))
    found = entry.detail.get(name, "")
    if name in {"restored", "given_up"}:
        found = found.get("size", "") if isinstance(found, dict) else found
    if name in _WORDED:
        return WORDS.get(str(found), found)
    return _prose(found) if name in _PROSE else _data(found)


def _found(entry: Told) -> list[str]:
    """What a machine found in the file that it made something from, by its codes."""
    return sorted({str(code) for part in _list(entry.detail.get("made")) for code in _list(_object(part).get("found"))})


def _object(value: Any) -> dict[str, Any]:
    """What the format does not promise may be any JSON value: `verify` names what it should not be, a page stands."""
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def who(agent: dict[str, Any]) -> Any:
    """The agent as people call it: a person's name, or the system."""
    return agent.get("name", "") if agent.get("type") == "person" else MACHINE


def _matched(detail: dict[str, Any]) -> Any:
    if "match" not in detail:
        return WORDS.get(str(detail.get("outcome")), "—")
    return _("the same") if detail["match"] else _("NOT the same")


def _prose(text: object) -> SafeString:
    return format_html("<bdi>{}</bdi>", text if text not in ("", None) else "—")


def _data(text: object) -> SafeString:
    if isinstance(text, str) and _HASH.fullmatch(text):
        return format_html('<bdi dir="ltr" class="hash" title="{}">{}…{}</bdi>', text, text[:8], text[-4:])
    return ltr(text if text not in ("", None) else "—")
