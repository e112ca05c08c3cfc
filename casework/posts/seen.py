"""What a look at an export told, as data that pages can rely on: the child that looked is as foreign as the file."""

from collections.abc import Callable
from typing import Any

from casework.posts.models import Format
from evidence.jail.exports.records import MOST_LEFT_OUT
from evidence.jail.exports.times import ORDERS

Check = Callable[[Any], bool]


class Nonsense(Exception):
    """No look of ours tells this."""


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _every(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _mapping(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def _date(value: Any) -> bool:
    return isinstance(value, dict) and _count(value.get("line")) and all(
        _text(one) for name, one in value.items() if name != "line")


def _layout(value: Any) -> bool:
    return isinstance(value, dict) and _text(value.get("layout")) and _text(value.get("example"))


def _suggestion(value: Any) -> bool:
    return isinstance(value, dict) and value.get("format") in Format.values and _every(_text)(value.get("members"))


def _member(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"name", "sheet", "bytes"} and _count(value["bytes"]) and (
        _text(value["name"]) and _text(value["sheet"]))


def is_left_out(value: Any) -> bool:
    """Whether a reader of ours says so what it did not read of an archive."""
    return isinstance(value, dict) and set(value) == {"count", "first"} and _count(value["count"]) and (
        _every(_member)(value["first"]) and len(value["first"]) <= MOST_LEFT_OUT)


CHECKS: dict[str, Check] = {
    **dict.fromkeys(("format", "encoding", "layout", "resolution", "group", "order", "state", "why", "time",
                     "time_column"), _text),
    **dict.fromkeys(("lines", "not_text", "headers", "dates", "rows", "not_read"), _count),
    **dict.fromkeys(("members", "names_with_a_colon", "names"), _every(_text)),
    "suggested": _every(_suggestion), "layouts": _every(_layout), "examples": _every(_date),
    "unread": _every(_date), "against": _mapping(_every(_date)), "samples": _every(_every(_text)),
    "columns": _mapping(_text), "sheets": _mapping(_text), "ways": _mapping(_count),
    "candidates": lambda value: _every(_text)(value) and set(value) <= set(ORDERS),
    "text": _text, "local": _text, "line": _count,
}


def checked(told: dict[str, Any]) -> dict[str, Any]:
    """`told`, or Nonsense."""
    for name, value in told.items():
        if name not in CHECKS or not CHECKS[name](value):
            raise Nonsense(name[:40])
    return told
