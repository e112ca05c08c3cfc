"""JSON, strictly: no floats, no key twice, no lone surrogates; and the canonical form of docs/custody-log.md."""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 16
_KEY = re.compile("[a-z][a-z0-9_]{0,63}")


def read_json(text: str) -> Any:
    """The value of a JSON text (RFC 8259) of at most 16 levels with integers within ±(2^53 − 1). ValueError else."""
    try:
        value = json.loads(text, parse_int=_integer, parse_float=_refused, parse_constant=_refused,
                           object_pairs_hook=_members)
    except RecursionError:
        raise ValueError("nested too deep") from None
    _within(value, 0)
    return value


def one_line(value: Any) -> bytes:
    """JSON without white space, members in the order that they have, text unescaped where it can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def read_canonical(text: str) -> Any:
    """The value of which `text` is the canonical form; ValueError for any other spelling."""
    value = read_json(text)
    _keys(value)
    if json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True) != text:
        raise ValueError("not in canonical form")
    return value


def _integer(text: str) -> int:
    if text == "-0" or len(text) > 17 or abs(int(text)) > 2**53 - 1:
        raise ValueError(f"{text[:20]} is not an integer within ±(2^53-1)")
    return int(text)


def _refused(text: str) -> Any:
    raise ValueError(f"{text[:20]} is not an integer")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is there twice")
    return found


def _within(value: Any, depth: int) -> None:
    """Refuse what is nested deeper than 16 levels, and text that UTF-8 cannot hold."""
    if isinstance(value, str):
        _text(value)
    elif isinstance(value, (list, dict)):
        if depth == DEEPEST:
            raise ValueError("nested too deep")
        if isinstance(value, dict):
            for key in value:
                _text(key)
            value = value.values()
        for part in value:
            _within(part, depth + 1)


def _text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a lone surrogate is not text") from None


def _keys(value: Any) -> None:
    if isinstance(value, list):
        for part in value:
            _keys(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if not _KEY.fullmatch(key):
                raise ValueError("a key is not [a-z][a-z0-9_]{0,63}")
            _keys(part)
