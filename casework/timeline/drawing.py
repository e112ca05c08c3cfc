"""A timeline as shapes: where everything stands, in pixels. In a page from right to left time runs from the right.

Of many rows in one column one tick is drawn, taller the more they are; of a day all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from casework.accounts import moments
from casework.timeline.compose import Lane, Timeline

# Pixels: the drawing, the room for names, a lane, the bars above, and what stands over the first lane.
WIDTH, NAMES, LANE, BARS, ABOVE = 960, 200, 22, 72, 62
# Letters of a name; half of a rule's label, and of a mark of a channel.
NAME, LABEL, MARK = 24, 18, 8
# Pixels from one sentence to the next.
LINE = 17
_SHAPES = {"created": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0", "deleted": "M-5-5 5 5M5-5-5 5",
           "recreated": "M-5 0a5 5 0 1 1 5 5M-8-3l3 4 4-3"}


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    below: int
    bars_height: int
    rtl: bool
    anchor: str
    far: str
    names_x: float
    first: tuple[float, str]
    last: tuple[float, str]
    lanes: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    bars: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    whole: int


def drawn(found: Timeline, below: Sequence[str] = ()) -> Drawing:
    """`lines` are the sentences `below`, which the file says and the page says beside the picture; `whole` is the
    height of the file, in which bars, lanes and sentences stand one below the other."""
    turn = _Turn(found, get_language_bidi())
    height = ABOVE + LANE * len(found.lanes) + 8
    rtl, window, said = turn.rtl, found.scale, BARS + height + 40
    spelled = "%Y-%m-%d %H:%M UTC"
    return Drawing(
        WIDTH, height + 20, height, BARS, rtl, "end" if rtl else "start", "start" if rtl else "end",
        WIDTH if rtl else 0, (turn.x(0), window.start.strftime(spelled)),
        (turn.x(window.columns), window.end.strftime(spelled)),
        [_lane(turn, lane, ABOVE + LANE * at + LANE // 2) for at, lane in enumerate(found.lanes)],
        _rules(turn, found, height), _marks(turn, found), _bars(turn, found),
        [{"text": text, "x": WIDTH if rtl else 0, "y": said + LINE * at} for at, text in enumerate(below)],
        said + LINE * len(below))


class _Turn:
    """Columns to pixels, from whichever side the page is read."""

    def __init__(self, found: Timeline, rtl: bool):
        self.window, self.rtl = found.scale, rtl
        self.step = (WIDTH - NAMES) / found.scale.columns

    def x(self, column: float) -> float:
        across = NAMES + column * self.step
        return round(WIDTH - across if self.rtl else across, 1)

    def box(self, first: float, last: float) -> tuple[float, float]:
        """The left side of what lies between two columns, and its width."""
        one, other = self.x(first), self.x(last)
        return min(one, other), max(round(abs(one - other), 1), 1)


def _lane(turn: _Turn, lane: Lane, y: int) -> dict[str, Any]:
    ticks, spans = [], []
    for column, resolution, count in lane.marks:
        start, end = turn.window.covers(column, resolution)
        if end - start > 1:
            x, width = turn.box(start, end)
            spans.append(f"M{x:g} {y}h{width:g}")
        elif end > start:
            tall = 3 if count == 1 else 6 if count < 10 else 9
            ticks.append(f"M{turn.x(start + .5):g} {y - tall}v{tall * 2}")
    name = lane.name or lane.key[0] or _("No name")
    called = f"{lane.subject.label} {name}" if lane.subject else name
    return {"y": y, "text_y": y + 4, "name": called if len(called) <= NAME else f"{called[:NAME - 1]}…",
            "words": f"{called}: {lane.count}", "ticks": "".join(ticks), "spans": "".join(spans)}


def _rules(turn: _Turn, found: Timeline, height: int) -> list[dict[str, Any]]:
    """A moment is a line, a day a band. Labels of neighbours stand in two rows."""
    rules: list[dict[str, Any]] = []
    for one in found.rules:
        assert one.at is not None
        start, end = turn.window.covers(turn.window.column(one.at), one.at_resolution)
        if end > start:
            x, width = turn.box(start, end)
            # What stands at either end is moved so far inwards that its label is not cut.
            text_x = min(max(turn.x(start), LABEL), WIDTH - LABEL)
            rules.append({"x": x, "width": width, "line_x": turn.x(start), "text_x": text_x,
                          "text_y": 10 + 12 * (len(rules) % 2),
                          "height": height - 26, "band": end - start > 1, "label": one.label,
                          "words": f"{one.label} {one.channel.label} {one.shown_at}"})
    return rules


def _marks(turn: _Turn, found: Timeline) -> list[dict[str, Any]]:
    """A day is a line below its mark. What would stand on the mark before it stands a row lower."""
    marks: list[dict[str, Any]] = []
    for one in found.marks:
        assert one.at is not None
        start, end = turn.window.covers(turn.window.column(one.at), one.at_resolution)
        if end > start:
            x, width = turn.box(start, end)
            middle = round(x + width / 2, 1)
            lower = bool(marks) and marks[-1]["y"] == 34 and abs(marks[-1]["x"] - middle) < 2 * MARK
            y = 52 if lower else 34
            marks.append({"x": middle, "y": y, "shape": one.fact, "path": _SHAPES[one.fact],
                          "span": f"M{x:g} {y + MARK}h{width:g}" if end - start > 1 else "",
                          "words": f"{one.channel.label} {one.get_fact_display()} {one.shown_at}"})
    return marks


def _bars(turn: _Turn, found: Timeline) -> list[dict[str, Any]]:
    """Each with the window that it stands for, as the parameters of an address take it."""
    most = max((count for _start, _end, count in found.bars), default=1)
    window, bars = turn.window, []
    for begins, ends, count in found.bars:
        first = max((begins - window.start).total_seconds() / window.width, 0)
        last = min((ends - window.start).total_seconds() / window.width, window.columns)
        x, width = turn.box(first, last)
        tall = max(round(count * (BARS - 8) / most), 2)
        bars.append({"x": x, "width": width, "y": BARS - tall, "height": tall, "count": count,
                     "from": f"{begins:%Y-%m-%dT%H:%M:%SZ}", "until": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
                     "shown": (moments.shown(begins, moments.MINUTE), moments.shown(ends, moments.MINUTE))})
    return bars
