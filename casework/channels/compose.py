"""The life of a channel as a drawn line: where each moment stands between the first and the last, in percent."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from casework.channels.models import ChannelObservation
from casework.channels.payment_models import Payment
from casework.channels.tasking_models import Tasking

Fact = ChannelObservation.Fact
# Pixels: where the first lane's line runs, and from one lane to the next.
FIRST, APART, BELOW = 34, 48, 30
# Facts with a mark of their own.
SHAPED = (Fact.CREATED, Fact.DELETED, Fact.RECREATED, Fact.MEMBERS)
# Percent that stay free at both ends, so that no mark is cut.
EDGE = 4
# Pixels of the bar with most posts, below the name of its lane. The name says what is counted, and of no cause.
TALL = 12
CARRIED = gettext_lazy("Posts that carry the text of its taskings")
# From when, until when, how many posts.
Counted = tuple[datetime, datetime, int]


@dataclass(frozen=True)
class Mark:
    """One moment: its place, the name of its drawing, and what a pointer on it is told."""

    x: str
    y: int
    shape: str
    words: str


@dataclass(frozen=True)
class Lane:
    label: str
    y: int
    label_y: int


@dataclass(frozen=True)
class Bar:
    """So many posts in a span of time, as a box: the more, the taller."""

    x: str
    y: int
    width: str
    height: int
    words: str


@dataclass(frozen=True)
class Life:
    """All in the order of reading: where text runs from right to left, so does time. `legend` are the shapes that are
    drawn, each with what it means."""

    lanes: list[Lane]
    marks: list[Mark]
    bars: list[Bar]
    spans: list[tuple[str, str, int]]
    first: str
    last: str
    height: int
    tick_y: int
    rtl: bool
    legend: list[tuple[str, str]]


@dataclass(frozen=True)
class Scale:
    start: datetime
    end: datetime
    rtl: bool

    def place(self, at: datetime) -> float:
        """In percent."""
        whole = (self.end - self.start).total_seconds()
        share = (at - self.start).total_seconds() / whole if whole else 0.5
        place = EDGE + (100 - 2 * EDGE) * share
        return 100 - place if self.rtl else place

    def x(self, at: datetime) -> str:
        return f"{self.place(at):.2f}%"


def life(observations: Sequence[ChannelObservation], taskings: Sequence[Tasking] = (),
         payments: Sequence[Payment] = (), posts: Sequence[Counted] = ()) -> Life | None:
    """The drawing for standing entries, observations in order, and counts of posts that carry the text of one of the
    taskings; None where there is nothing to draw. What has no time stands in the tables alone."""
    rows: list[tuple[int, datetime, str, str]] = [
        (0, seen.at, seen.fact, f"{seen.get_fact_display()} {seen.shown_at}") for seen in observations if seen.at]
    rows += [(1, one.at, "tasking", f"{one.label} {one.shown_at}") for one in taskings if one.at]
    rows += [(2, one.at, "payment", f"{one.label} {one.shown_at}") for one in payments if one.at]
    moments = [at for _lane, at, _shape, _words in rows] + [at for start, end, _count in posts for at in (start, end)]
    if not moments:
        return None
    rtl = get_language_bidi()
    scale = Scale(min(moments), max(moments), rtl)
    lanes = [_("The channel"), _("Taskings"), _("Payments"), *([str(CARRIED)] if posts else [])]
    marks = [Mark(scale.x(at), FIRST + APART * lane, shape, words) for lane, at, shape, words in rows]
    height = FIRST + APART * (len(lanes) - 1) + BELOW
    return Life([Lane(label, FIRST + APART * at, FIRST + APART * at - 16) for at, label in enumerate(lanes)], marks,
                _bars(scale, posts, FIRST + APART * (len(lanes) - 1)),
                [(scale.x(start), scale.x(end), FIRST) for start, end in there(observations)],
                f"{scale.start:%Y-%m-%d}", f"{scale.end:%Y-%m-%d}", height, height - 4, rtl,
                _legend({shape for _lane, _at, shape, _words in rows}))


def _bars(scale: Scale, posts: Sequence[Counted], y: int) -> list[Bar]:
    """On the line at `y`."""
    most = max((count for _start, _end, count in posts), default=1)
    bars = []
    for start, end, count in posts:
        one, other = sorted((scale.place(start), scale.place(end)))
        tall = max(round(count * TALL / most), 2)
        bars.append(Bar(f"{one:.2f}%", y - tall, f"{max(other - one, .2):.2f}%", tall,
                        f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M} UTC: {count}"))
    return bars


def there(observations: Iterable[ChannelObservation]) -> list[tuple[datetime, datetime]]:
    """From when to when the channel is shown to have been there: from what shows it to its deletion, or to the last
    time that it was seen."""
    found: list[tuple[datetime, datetime]] = []
    start = last = None
    for seen in observations:
        if not seen.at or seen.fact not in ChannelObservation.TELLING:
            continue
        if start is None:
            start = seen.at
        last = seen.at
        if seen.fact == Fact.DELETED:
            found.append((start, last))
            start = None
    if start and last:
        found.append((start, last))
    return found


def _legend(drawn: Collection[str]) -> list[tuple[str, str]]:
    """The shapes among `drawn`. Facts without a shape of their own are one small circle, and are named together."""
    small = [str(one.label) for one in Fact if one in drawn and one not in SHAPED]
    own = [*((str(one), str(one.label)) for one in SHAPED), ("tasking", _("Tasking")), ("payment", _("Payment"))]
    found = [(shape, words) for shape, words in own if shape in drawn]
    return [*found, ("seen", _(", ").join(small))] if small else found
