"""How WhatsApp begins a message in a `.txt`: dozens of ways, by system, language and clock, but one in a file.

The bytes stay as they are: marks of direction and odd spaces are stepped over, never taken away."""

import re
from functools import lru_cache
from typing import NamedTuple

from evidence.jail.exports.times import GAP, HALF, MARKS, SPACES, Parts, Time, hour_of

_DATE = rf"(?P<one>\d{{1,4}}){GAP}(?P<sep>[./-]){GAP}(?P<two>\d{{1,4}}){GAP}(?P=sep){GAP}(?P<three>\d{{1,4}})\.?(?!\d)"
_TIME = rf"(?P<hour>\d{{1,2}}){GAP}(?P<colon>[:.]){GAP}(?P<minute>\d\d)(?:{GAP}(?P=colon){GAP}(?P<second>\d\d))?(?!\d)"
_TAIL = rf"(?P<tail>\]|[-–](?=[{MARKS}{SPACES}])|[:;,](?=[{MARKS}{SPACES}])|(?<=[{MARKS}{SPACES}]))"
_USUAL = re.compile(
    rf"{GAP}(?P<open>\[?){GAP}{_DATE}{GAP}(?P<comma>[,،;]?){GAP}(?:-(?=[ ]))?{GAP}(?P<word>à|klo|om|kl\.?|às|ore|um)?"
    rf"{GAP}(?P<before>{HALF})?{GAP}{_TIME}{GAP}(?P<after>{HALF})?{GAP}{_TAIL}{GAP}")
# What the web client puts on the clipboard: the time first.
_CLIPBOARD = re.compile(rf"{GAP}(?P<open>\[){GAP}{_TIME}{GAP}(?P<after>{HALF})?{GAP}(?P<comma>,){GAP}{_DATE}{GAP}"
                        rf"(?P<tail>\]){GAP}")
LONGEST_HEADER = 120

Shape = tuple[str, ...]


class Header(NamedTuple):
    """The beginning of a message. `shape` is the same for all of a file; `end` is where the header ends in its line."""

    shape: Shape
    parts: Parts
    time: Time
    resolution: str
    text: str
    end: int


def header(line: str) -> Header | None:
    """The header that a line begins with, in whatever layout; None where there is none."""
    beginning = line[:LONGEST_HEADER]
    found = _USUAL.match(beginning)
    if found is None:
        return _clipboard(beginning) if "[" in beginning[:4] else None
    word, before, after = found.group("word", "before", "after")
    return _header(found, before or after or "", (word or "", "before" if before else ""))


def _clipboard(beginning: str) -> Header | None:
    found = _CLIPBOARD.match(beginning)
    return _header(found, found["after"] or "", ("clipboard", "")) if found else None


def _header(found: re.Match[str], half: str, more: tuple[str, str]) -> Header | None:
    opened, one, sep, two, three, comma, hours, colon, minutes, seconds, tail = found.group(
        "open", "one", "sep", "two", "three", "comma", "hour", "colon", "minute", "second", "tail")
    if bool(opened) != (tail == "]"):
        return None
    hour, minute, second = hour_of(int(hours), half), int(minutes), int(seconds or 0)
    place = _year(len(one), len(two), len(three))
    if not place or hour < 0 or minute > 59 or second > 59:
        return None
    resolution = "second" if seconds else "minute"
    shape = (opened or "", place, sep, comma, colon, resolution, "half" if half else "", tail, *more)
    return Header(shape, (int(one), int(two), int(three)), (hour, minute, second), resolution,
                  found.string[found.end("open"):found.start("tail")].strip(), found.end())


@lru_cache
def _year(*lengths: int) -> str:
    """Where the year stands: first, middle or last where it has four digits, `short` where none has."""
    wide = [place for place, length in zip(("first", "middle", "last"), lengths, strict=True) if length > 2]
    if not wide:
        return "short" if lengths[2] == 2 else ""
    return wide[0] if len(wide) == 1 and 4 in lengths else ""


def candidates(shape: Shape) -> tuple[str, ...]:
    """The orders that a layout may be in: none where the year stands in the middle, which nobody writes."""
    return {"first": ("ymd",), "last": ("dmy", "mdy"), "short": ("dmy", "mdy", "ymd")}.get(shape[1], ())
