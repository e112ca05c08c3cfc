"""A time as somebody typed it, and which moment that is. Pure.

What was typed says its zone, by an offset (+02:00), by a name (Europe/Berlin) or by both; without one it is UTC. A
time that the clocks of a named zone showed twice needs the offset too, so the text always says which is meant."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

LONGEST = 80
# The year in which the clocks of these machines begin: what exhibits show is not older.
EARLIEST = 1970
_FIRST = datetime.min.replace(tzinfo=UTC)
_ZONE = re.compile(r"\s+([A-Za-z][\w+\-/]*)$", re.ASCII)
_PRINTABLE = re.compile(r"[ -~]*")
# A day alone, or a day and a clock, which alone may have an offset: Python takes the sign of an offset behind a day for
# what stands between day and clock, and so for another moment.
_SHAPE = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T ]\d{2}(?::?\d{2}(?::?\d{2}(?:[.,]\d+)?)?)?"
                    r"(?:Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?)?",
                    re.ASCII)


class UnknownZone(ValueError):
    """No zone of this name is known here."""


class Skipped(ValueError):
    """The clocks of this zone went past this time."""


class Elsewhere(ValueError):
    """The clocks of this zone showed another time at this offset."""


class Twice(ValueError):
    """The clocks of this zone showed this time twice; `offsets` are those that it may have, such as +02:00, +01:00."""

    def __init__(self, offsets: tuple[str, str]):
        super().__init__(", ".join(offsets))
        self.offsets = offsets


@dataclass(frozen=True)
class Moment:
    """`at` is in UTC; `given` is what was typed, without the blanks around it."""

    at: datetime
    given: str


def read(text: str) -> Moment:
    """A time in ISO 8601 with a zone or none. Raises ValueError for what is none, and those above for their reasons."""
    given = text.strip()
    if not _PRINTABLE.fullmatch(given):
        raise ValueError("signs that are in no time")
    clock, zone = given, None
    if (named := _ZONE.search(given)) and named[1] not in ("Z", "z"):
        clock, zone = given[:named.start()], _zone(named[1])
    clock = re.sub(r"\s+(?=[+\-Z])", "", clock.replace("z", "Z"))
    if not _SHAPE.fullmatch(clock):
        raise ValueError("neither a day nor a day and a clock")
    found = datetime.fromisoformat(clock)
    if found.year < EARLIEST:
        raise ValueError("before anything that is shown here")
    try:
        return Moment(found.astimezone(UTC) if zone is None and found.tzinfo else _placed(found, zone), given)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


def written(at: datetime) -> str:
    """2026-03-14T18:05:09Z, with milliseconds where there are some."""
    exact = "milliseconds" if at.microsecond else "seconds"
    return at.astimezone(UTC).isoformat(timespec=exact).replace("+00:00", "Z")


def day_before(at: datetime) -> datetime:
    """From when on something that is known as a day may begin that lies at `at`; the calendar has a first day."""
    return max(at, _FIRST + timedelta(days=1)) - timedelta(days=1)


def _placed(found: datetime, zone: ZoneInfo | None) -> datetime:
    """`found` by the clocks of `zone`, in UTC; an offset that it has must be one that these had then."""
    if zone is None:
        return found.replace(tzinfo=UTC)
    shown = found.replace(tzinfo=None)
    if found.tzinfo:
        if found.astimezone(zone).replace(tzinfo=None) != shown:
            raise Elsewhere
        return found.astimezone(UTC)
    first, second = (shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    at = first.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != shown:
        raise Skipped
    if first.utcoffset() != second.utcoffset():
        raise Twice((first.isoformat(timespec="minutes")[16:], second.isoformat(timespec="minutes")[16:]))
    return at


def _zone(name: str) -> ZoneInfo:
    # Names without a place are abbreviations that mean several things, or the machine's own clock.
    if name != "UTC" and ("/" not in name or name not in _known()):
        raise UnknownZone(name)
    return ZoneInfo(name)


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
