"""The canonical encoding of an event: RFC 8785 JSON without floats. Injective, and the parser accepts nothing else.

Values: str, int (within ±2^53−1), bool, None, list, dict with ASCII keys. Errors: ValueError."""

import json
import re
from functools import lru_cache
from typing import Any

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LARGEST = 2**53 - 1
_DEEPEST = 16
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def encode(value: Any) -> bytes:
    """The one byte string for `value`."""
    _check(value, depth=0)
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a lone surrogate is not text") from None


def decode(data: bytes) -> Any:
    """The value of which `data` is the encoding. Anything that `encode` would write otherwise is refused."""
    try:
        value = _DECODER.decode(data.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"not canonical: {error}") from None
    if encode(value) != data:
        raise ValueError("not canonical: another spelling of the same value")
    return value


def _no_float(text: str) -> Any:
    raise ValueError(f"not canonical: {text} is not an integer")


_DECODER = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float)


@lru_cache(maxsize=4096)
def _check_keys(keys: tuple[Any, ...]) -> None:
    """Objects come in few shapes, and each key of each event looked at by itself was half the cost of encoding one."""
    for key in keys:
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise ValueError(f"key {key!r} is not [a-z][a-z0-9_]*")


def _check(value: Any, depth: int) -> None:
    if value is None or isinstance(value, (str, bool)):
        return
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise ValueError("an integer beyond 2^53-1")
        return
    if not isinstance(value, (list, dict)):
        raise ValueError(f"{type(value).__name__} has no canonical form")
    if depth == _DEEPEST:
        raise ValueError(f"deeper than {_DEEPEST} levels")
    if isinstance(value, dict):
        _check_keys(tuple(value))
        value = value.values()
    for part in value:
        # Most values are text or a small number, and a call for each would be half the cost of verifying a log.
        kind = type(part)
        if kind is not str and not (kind is int and -_LARGEST <= part <= _LARGEST):
            _check(part, depth + 1)
