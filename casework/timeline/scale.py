"""A window of time cut into columns of a drawing and into bars, each of whole seconds. Pure; times are in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# At most so many columns of a drawing, and bars above it: a bar is wide enough to be hit by a finger.
COLUMNS, BARS = 180, 30
DAY = 86_400
_SPANS = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, DAY, 7 * DAY, 30 * DAY)
# How long a moment may have lasted, by how exactly it is known.
WIDTHS = {"second": 1, "minute": 60, "day": DAY}


@dataclass(frozen=True)
class Scale:
    """From `start` on `columns` columns of `width` seconds each; bars of `bar` seconds from `origin` on."""

    start: datetime
    columns: int
    width: int
    origin: datetime
    bar: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.columns * self.width)

    def column(self, at: datetime) -> int:
        """The column in which `at` lies: below zero before the start."""
        return int((at - self.start).total_seconds() // self.width)

    def covers(self, column: int, resolution: str) -> tuple[int, int]:
        """The first column, and the one behind the last, in which a moment may lie that begins in `column` and is known
        so exactly; within the drawing. A day known as such covers all of it, and no midnight."""
        wide = 1 if WIDTHS[resolution] <= self.width else -(-WIDTHS[resolution] // self.width) + 1
        return max(column, 0), min(column + wide, self.columns)

    def bar_at(self, number: int) -> tuple[datetime, datetime]:
        """When a bar begins and ends."""
        return (self.origin + timedelta(seconds=number * self.bar),
                self.origin + timedelta(seconds=(number + 1) * self.bar))


def of(start: datetime, end: datetime) -> Scale:
    """The scale of what lies between two moments, of which the second is the later one."""
    seconds = max(int((end - start).total_seconds()), 60)
    width = -(-seconds // COLUMNS)
    # One bar more may be needed than the seconds say: the first begins at a round time.
    bar = next((one for one in _SPANS if seconds // one < BARS - 1), -(-seconds // (BARS - 1) // DAY) * DAY)
    origin = datetime.fromtimestamp(start.timestamp() // min(bar, DAY) * min(bar, DAY), UTC)
    return Scale(start, -(-seconds // width), width, origin, bar)
