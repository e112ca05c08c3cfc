"""Dates and times as people and programs write them: which order of day and month holds for a whole file, and what a
time of a clock is in UTC. Nothing is guessed: what two readings fit is asked about, what no clock showed is marked."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from evidence.jail.exports.records import Record

MARKS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff"
SPACES = " \\t\u00a0\u202f\u2009"
# Marks and spaces, as many as there are, and never given back: no text makes the expressions below slow.
GAP = f"[{MARKS}{SPACES}]*+"
HALF = (r"(?:[AaPp]\.?" + GAP + r"[Mm]\.?|ص|م|ÖÖ|ÖS|öö|ös|πμ|μμ|π\.μ\.|μ\.μ\.|上午|下午|午前|午後|오전|오후|"
        r"قبل دوپہر|بعد دوپہر|سہ پہر|دوپہر|صبح|شام|رات|[قب]\.?\s?[ظد]\.?|PTG|PG|SA|CH)(?!\w)")
_BEFORE_NOON = {"am", "ص", "öö", "πμ", "上午", "午前", "오전", "قبلدوپہر", "صبح", "قظ", "قد", "pg", "sa"}
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_LENGTHS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PLACES = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}
ORDERS = tuple(_PLACES)
EXAMPLES = 5
# Fewer than one of so many dates decide nothing: anybody can type a line into a chat, and a phone can be set wrong.
SPEAKING = 10
YEARS = range(1970, 2201)
# No zone has ever been further from UTC in the years that are read.
FURTHEST = timedelta(hours=14)
Parts = tuple[int, int, int]
Time = tuple[int, int, int]
Example = dict[str, Any]
# Line, text, and the date in each order.
Dated = tuple[int, str, dict[str, Parts | None]]


def civil(parts: Parts, order: str) -> Parts | None:
    """Year, month and day of the three numbers in this order; None where there is no such day."""
    places = _PLACES[order]
    year, month, day = parts[places[0]], parts[places[1]], parts[places[2]]
    if year < 100:
        year += 2000
    if not (1 <= month <= 12 and 1 <= day <= _LENGTHS[month] and year in YEARS):
        return None
    if month == 2 and day == 29 and (year % 4 or not year % 100 and year % 400):
        return None
    return year, month, day


@lru_cache(maxsize=256)
def hour_of(hour: int, half: str) -> int:
    """The hour of 24 that an hour with its word for the half of the day is, or -1."""
    said = re.sub(f"[{MARKS}{SPACES}.]", "", half).lower()
    if not said:
        return hour if hour < 24 else -1
    # The night belongs to both halves: ten at night is late, two at night is early.
    early = said in _BEFORE_NOON or said == "رات" and (hour == 12 or hour < 6)
    if early:
        return -1 if hour > 12 else hour % 12
    return hour + 12 if hour < 12 else hour if hour < 24 else -1


class Orders:
    """Which order of day, month and year a whole file is in, in constant memory: add every date, then decide."""

    def __init__(self, candidates: tuple[str, ...]):
        self._candidates = candidates
        # Order → dates that it cannot read, and dates before the one before them, with the first of those.
        self._fails = dict.fromkeys(candidates, 0)
        self._back = dict.fromkeys(candidates, 0)
        self._against: dict[str, list[Example]] = {name: [] for name in candidates}
        self._turns: dict[str, list[Example]] = {name: [] for name in candidates}
        self._last: dict[str, tuple[int, ...]] = dict.fromkeys(candidates, ())
        self._years: dict[str, set[int]] = {name: set() for name in candidates}
        self._differ = 0
        self._examples: list[Example] = []
        self._read: tuple[Parts, dict[str, Parts | None]] = ((0, 0, 0), {})
        self._before: Dated = (0, "", {})
        self.dates = 0

    def add(self, line: int, text: str, parts: Parts, time: Time) -> bool:
        """Whether this is a date in any order; one that is none counts for nothing."""
        if parts != self._read[0]:
            self._read = parts, {name: civil(parts, name) for name in self._candidates}
            for name, date in self._read[1].items():
                if date:
                    self._years[name].add(date[0])
        read = self._read[1]
        if not any(read.values()):
            return False
        here = line, text, read
        self.dates += 1
        for name, date in read.items():
            if date is None:
                self._fails[name] += 1
                if len(self._against[name]) < EXAMPLES:
                    self._against[name].append(_example(here))
                continue
            moment = (*date, *time)
            if moment < self._last[name]:
                self._back[name] += 1
                if len(self._turns[name]) < EXAMPLES:
                    # Either of the two may be the one that is out of place.
                    self._turns[name] += [_example(self._before), _example(here)]
            self._last[name] = moment
        if read.get("dmy") != read.get("mdy"):
            self._differ += 1
            if len(self._examples) < EXAMPLES:
                self._examples.append(_example(here))
        self._before = here
        return True

    def decide(self) -> dict[str, Any]:
        """`state` is decided, doubtful, ambiguous, contradictory or impossible; `order` is set where it is decided,
        `why` says by what. `examples` give a date in each reading, first those that alone would decide where it is
        doubtful, `against` the dates that one order cannot read."""
        facts: dict[str, Any] = {"order": "", "candidates": list(self._candidates), "dates": self.dates,
                                 "examples": self._examples, "against": self._against}
        fitting = [name for name in self._candidates if not self._fails[name]]
        if not self.dates:
            return {**facts, "state": "impossible", "why": "no date in it can be read"}
        if not fitting:
            return {**facts, "state": "contradictory", "why": "no order fits all dates"}
        # A year of two digits comes last everywhere but where nothing else fits.
        usual = [name for name in fitting if name != "ymd"] or fitting
        order, why, (count, shown, among) = self._spoken_for(usual)
        if not order:
            return {**facts, "state": "ambiguous", "why": "all dates fit both orders"}
        if self._steadier_with_the_year_first(order):
            return {**facts, "state": "ambiguous", "why": "time goes on more steadily where the year comes first"}
        if 0 < count * SPEAKING < among:
            held = {one["line"]: one for one in (*shown, *self._examples)}
            return {**facts, "state": "doubtful", "examples": list(held.values())[:EXAMPLES],
                    "why": f"no more than {count} of {among} dates decide, and a line of a body may look like one"}
        return {**facts, "state": "decided", "order": order, "why": why}

    def _spoken_for(self, usual: list[str]) -> tuple[str, str, tuple[int, list[Example], int]]:
        """The order that the dates speak for, if any, and why; how many speak, the first of them, among how many."""
        if len(self._candidates) == 1:
            return usual[0], "only order", (0, [], 0)
        if len(usual) == 1:
            # Each of the others was ruled out by some dates; the fewest of them are what it hangs on.
            other = min({"dmy", "mdy"} - set(usual), key=lambda name: self._fails[name])
            among = self.dates if usual == ["ymd"] else self._differ
            return usual[0], "a number above 12", (self._fails[other], self._against[other], among)
        if not self._differ:
            return usual[0], "the same in both orders", (0, [], 0)
        steady = [name for name in usual if not self._back[name]]
        if len(steady) != 1:
            return "", "", (0, [], 0)
        other = next(name for name in usual if name != steady[0])
        return steady[0], "in the other order time goes back", (self._back[other], self._turns[other], self._differ)

    def _steadier_with_the_year_first(self, order: str) -> bool:
        """Read as `ymd` time goes back less often, or as often and within fewer years; a few that fit it not aside."""
        if "ymd" not in self._candidates or order == "ymd" or self._fails["ymd"] * SPEAKING >= self.dates:
            return False
        first, said = ((self._back[name], len(self._years[name])) for name in ("ymd", order))
        return first < said


def _example(dated: Dated) -> Example:
    line, text, read = dated
    return {"line": line, "text": text[:100], **{
        name: "{:04d}-{:02d}-{:02d}".format(*date) for name, date in read.items() if date}}


class Clock:
    """A clock in a zone, or in one that nobody said: puts its times on records."""

    def __init__(self, zone: tzinfo | None):
        self._zone = zone
        self._known: tuple[datetime | None, str, str, str] = (None, "", "", "")
        # An hour that the zone passes through without a change, and how far it is ahead of UTC then.
        self._hour: tuple[int, ...] = ()
        self._ahead = timedelta()

    def put(self, record: Record, local: datetime, resolution: str) -> None:
        """Set `local`, and `at` where this zone had just one such moment; what it had none of or two is marked."""
        if local != self._known[0]:
            self._known = (local, local.isoformat(timespec="seconds"), *self._utc(local))
        record.local, record.at, record.resolution = self._known[1], self._known[2], resolution
        if self._known[3]:
            record.marks.append(self._known[3])

    def _utc(self, local: datetime) -> tuple[str, str]:
        if self._zone is None:
            return "", ""
        hour = (local.year, local.month, local.day, local.hour)
        if hour != self._hour:
            first, second = self._offsets(local)
            if first != second:
                return "", "fold" if first > second else "gap"
            begin = local.replace(minute=0, second=0, microsecond=0)
            if {first} != {*self._offsets(begin), *self._offsets(begin.replace(minute=59, second=59))}:
                return _zulu(local - first), ""
            self._hour, self._ahead = hour, first
        return _zulu(local - self._ahead), ""

    def _offsets(self, local: datetime) -> tuple[timedelta, timedelta]:
        """How far the zone is ahead then: at the first and at the second moment that has this time."""
        return (local.replace(tzinfo=self._zone).utcoffset() or timedelta(),
                local.replace(tzinfo=self._zone, fold=1).utcoffset() or timedelta())


def utc(seconds: float) -> str:
    """A count of seconds since 1970 as `at`; empty where it is no time of this or the next century."""
    if not 0 <= seconds < 7_258_118_400:
        return ""
    return _zulu(datetime.fromtimestamp(int(seconds), UTC))


def _zulu(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")[:19] + "Z"


_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?)?\s?"
                  r"(Z|UTC|GMT|[+-]\d\d:?\d\d)?")
_LOOSE = re.compile(rf"{GAP}(\d{{1,4}}){GAP}([./-]){GAP}(\d{{1,2}}){GAP}\2{GAP}(\d{{2,4}})\.?(?:[T,،]?{GAP}"
                    rf"(\d{{1,2}})[:.](\d\d)(?:[:.](\d\d)(?:\.\d{{1,9}})?)?{GAP}({HALF})?)?{GAP}")
_X = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})")


def put_iso(record: Record, text: str, clock: Clock) -> bool:
    """Set the record's times from ISO 8601; with an offset it is UTC, without one the clock's. Whether it is one."""
    found = _ISO.fullmatch(text.strip())
    if not found:
        return False
    *numbers, offset = found.groups()
    try:
        local = datetime(*(int(number or 0) for number in numbers))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return False
    if local.year not in YEARS:
        return False
    resolution = "day" if numbers[3] is None else "minute" if numbers[5] is None else "second"
    if offset is None:
        clock.put(record, local, resolution)
        return True
    ahead = _ahead(offset[0], offset[1:3], offset[-2:]) if offset[0] in "+-" else timedelta()
    if ahead is None:
        return False
    record.at, record.resolution = _zulu(local - ahead), resolution
    return True


def put_x(record: Record, text: str) -> bool:
    """Set the record's times from the way that X writes them: Wed Oct 10 20:19:24 +0000 2018."""
    found = _X.fullmatch(text)
    if not found or found[1].lower() not in _MONTHS or int(found[9]) not in YEARS:
        return False
    try:
        day, hour, minute, second = map(int, found.group(2, 3, 4, 5))
        local = datetime(int(found[9]), _MONTHS[found[1].lower()], day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return False
    ahead = _ahead(found[6], found[7], found[8])
    if ahead is None:
        return False
    record.at, record.resolution = _zulu(local - ahead), "second"
    return True


def _ahead(sign: str, hours: str, minutes: str) -> timedelta | None:
    """How far a clock with this offset is ahead of UTC; None where no clock is so far from it."""
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    if int(minutes) > 59 or ahead > FURTHEST:
        return None
    return -ahead if sign == "-" else ahead


def loose(text: str) -> tuple[Parts, Time, str, str] | None:
    """Three numbers, the time of day, its resolution and the sign between them, of a date in any order."""
    found = _LOOSE.fullmatch(text)
    if not found:
        return None
    parts = (int(found[1]), int(found[3]), int(found[4]))
    hour = hour_of(int(found[5]), found[8] or "") if found[5] else 0
    time = (hour, int(found[6] or 0), int(found[7] or 0))
    if hour < 0 or time[1] > 59 or time[2] > 59:
        return None
    return parts, time, "day" if not found[5] else "second" if found[7] else "minute", found[2]


def put_loose(record: Record, text: str, order: str, clock: Clock) -> bool:
    """Set the record's times from a date in this order."""
    found = loose(text)
    date = civil(found[0], order) if found else None
    if not found or not date:
        return False
    clock.put(record, datetime(*date, *found[1]), found[2])  # noqa: DTZ001
    return True


