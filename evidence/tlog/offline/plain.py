"""Plain encodings, each in its one spelling: UTF-8, hexadecimal, base64, names, identifiers, dates.

Everything here answers the value or raises ValueError with the reason."""

from __future__ import annotations

import base64
import re

LARGEST = 2**53 - 1
_HEX = re.compile("[0-9a-f]*")
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DATE = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NUMBER = re.compile("0|[1-9][0-9]{0,15}")
# Unicode's White_Space, written out, so that no library's idea of it matters.
_SPACES = frozenset("\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
                    "\u2028\u2029\u202f\u205f\u3000")


def utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None


def lines_of(data: bytes) -> list[str]:
    """The lines of a text in which each line is ended by LF and CR does not occur."""
    text = utf8(data)
    if "\r" in text or (text and not text.endswith("\n")):
        raise ValueError("a line is not ended by LF alone")
    return text.split("\n")[:-1]


def is_hex(text: object, length: int) -> bool:
    """Whether it is text of `length` hexadecimal digits in lower case."""
    return isinstance(text, str) and len(text) == length and _HEX.fullmatch(text) is not None


def unbase64(text: str) -> bytes:
    """Standard base64, padded, without stray bits."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise ValueError("not base64") from None
    if base64.b64encode(data).decode() != text:
        raise ValueError("not base64 in its one spelling")
    return data


def number(text: str) -> int:
    """A decimal number without leading zeros, at most 2^53 − 1."""
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST:
        raise ValueError("not a number")
    return int(text)


def is_count(value: object) -> bool:
    """Whether it is an integer from 0 on; True and False are none."""
    return type(value) is int and 0 <= value <= LARGEST


def is_uuid(text: object) -> bool:
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def is_key_name(name: str) -> bool:
    """Not empty, no plus sign, no white space and no control character."""
    return bool(name) and not any(char in _SPACES or char == "+" or char < " " for char in name)


def is_date(text: str) -> bool:
    """A day of the calendar as YYYY-MM-DD."""
    found = _DATE.fullmatch(text)
    if not found:
        return False
    year, month, day = (int(part) for part in found.groups())
    if not (year and 1 <= month <= 12):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
