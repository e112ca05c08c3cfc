"""A moment as an exhibit shows it: to the second, to the minute, or only as a day. Pure.

A time says its zone, or it is UTC. Of a day nobody says in which zone it was one: it is kept as the day in UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from casework.exhibits import moments

LONGEST = 40
SECOND, MINUTE, DAY = "second", "minute", "day"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?![:\d])", re.ASCII)
_PATTERNS = {SECOND: "%Y-%m-%d %H:%M:%S UTC", MINUTE: "%Y-%m-%d %H:%M UTC", DAY: "%Y-%m-%d"}


@dataclass(frozen=True)
class Moment:
    """`at` is in UTC, the beginning of what is known; `given` is what was typed."""

    at: datetime
    resolution: str
    given: str


def read(text: str) -> Moment:
    """2026-10-03, 2026-10-03 19:41, 2026-10-03 19:41:07, a time also with its zone. ValueError for anything else."""
    given = text.strip()
    if _DAY.fullmatch(given):
        return Moment(moments.read(given).at, DAY, given)
    return Moment(moments.read(given).at, MINUTE if _MINUTE.match(given) else SECOND, given)


def shown(at: datetime, resolution: str) -> str:
    """No more of a moment than is known."""
    return at.astimezone(UTC).strftime(_PATTERNS[resolution])


def typed(at: datetime, resolution: str, given: str) -> str:
    """What was typed, where that is more than the same moment in UTC in another spelling."""
    bare = given.replace("T", " ").replace("Z", "").replace("UTC", "").strip()
    return "" if bare == shown(at, resolution).removesuffix(" UTC") else given
