"""How long after a tasking a post came, as far as both times are known. Pure.

A time is known to the second, the minute or the day, and is somewhere in that span: so is the lag. What is said of it
never says more: where one of the two is known to the minute, nothing came "within seconds"."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MILLISECOND, SECOND, MINUTE, DAY = "millisecond", "second", "minute", "day"
AFTER, BEFORE, UNSURE = "after", "before", "unsure"
# How long a moment of each resolution may last. A day on which clocks go back has 25 hours.
WIDTHS = {MILLISECOND: timedelta(milliseconds=1), SECOND: timedelta(seconds=1), MINUTE: timedelta(minutes=1),
          DAY: timedelta(hours=25)}
# Where nobody said in which zone a day was one, it began up to 14 hours earlier than in UTC and ended up to 12 later.
EAST, WEST = timedelta(hours=14), timedelta(hours=12)
# Coarsest first: what it takes to say that something came within days, hours, minutes, seconds.
_SCALES = [("days", None, (MILLISECOND, SECOND, MINUTE, DAY)),
           ("hours", timedelta(days=1), (MILLISECOND, SECOND, MINUTE)),
           ("minutes", timedelta(hours=1), (MILLISECOND, SECOND, MINUTE)),
           ("seconds", timedelta(minutes=1), (MILLISECOND, SECOND))]
# The number of a post on X holds its time: milliseconds since this moment, in front of 22 bits.
_EPOCH_OF_X, _BITS = 1288834974657, 22


@dataclass(frozen=True)
class Span:
    """A moment that lies at `start` or later, and before `end`."""

    start: datetime
    end: datetime
    resolution: str


@dataclass(frozen=True)
class Lag:
    """More than `least` and less than `most`; negative where the post came first."""

    least: timedelta
    most: timedelta
    coarsest: str

    @property
    def order(self) -> str:
        if self.least >= timedelta():
            return AFTER
        return BEFORE if self.most <= timedelta() else UNSURE

    @property
    def apart(self) -> tuple[timedelta, timedelta]:
        """Least and most, without a sign: from nothing on where nobody knows which came first."""
        if self.order == UNSURE:
            return timedelta(), max(-self.least, self.most)
        return (self.least, self.most) if self.order == AFTER else (-self.most, -self.least)

    @property
    def within(self) -> str:
        """The finest that may be said: `seconds`, `minutes`, `hours`, `days`."""
        most = self.apart[1]
        fitting = [name for name, bound, known in _SCALES
                   if (bound is None or most <= bound) and self.coarsest in known]
        return fitting[-1]


def of_tasking(at: datetime, resolution: str) -> Span:
    """When it was handed out. A day is one of an unsaid zone (accounts.moments)."""
    if resolution == DAY:
        return Span(at - EAST, at + timedelta(days=1) + WEST, DAY)
    return Span(at, at + WIDTHS[resolution], resolution)


def of_post(at: datetime, resolution: str, number: str = "") -> Span:
    """When it was posted. Where the number of the post is one of X and tells the same second, to the millisecond."""
    if resolution == SECOND and (finer := _of_number(number)) and finer.replace(microsecond=0) == at:
        return Span(finer, finer + WIDTHS[MILLISECOND], MILLISECOND)
    return Span(at, at + WIDTHS[resolution], resolution)


def between(tasking: Span, post: Span) -> Lag:
    coarsest = max(tasking.resolution, post.resolution, key=list(WIDTHS).index)
    return Lag(post.start - tasking.end, post.end - tasking.start, coarsest)


def _of_number(number: str) -> datetime | None:
    if not (number.isascii() and number.isdigit() and 15 <= len(number) <= 19):
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=(int(number) >> _BITS) + _EPOCH_OF_X)
