"""The picture of one network that pushes unrelated causes: channels, the campaigns that their taskings pushed, and the
causes of those. Drawn from campaigns alone: no account is in it.

Three columns in the order of numbers: the same rows give the same drawing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from casework.campaigns.models import Campaign, Cause
from casework.cases.models import Case
from casework.channels.models import Channel

# Pixels of the drawing: its width, a row, a box, and the space above the first row.
WIDTH, APART, BOX_WIDTH, BOX_HEIGHT, ABOVE = 960, 64, 240, 44, 40
SORTS = ("channel", "campaign", "cause")
COLUMNS = (0, (WIDTH - BOX_WIDTH) // 2, WIDTH - BOX_WIDTH)


@dataclass(frozen=True)
class Box:
    """A channel, a campaign or a cause (`sort`)."""

    sort: str
    label: str
    title: str
    x: int
    y: int
    text_x: int

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2

    @property
    def label_y(self) -> int:
        return self.y + 17

    @property
    def title_y(self) -> int:
        return self.y + 35


@dataclass(frozen=True)
class Line:
    """From the edge of one box to the edge of another, each named by its label; `count` taskings, where it says how
    many."""

    start: str
    end: str
    x1: int
    y1: int
    x2: int
    y2: int
    count: int

    @property
    def width(self) -> int:
        return min(1 + self.count, 7)


@dataclass(frozen=True)
class Row:
    """How many taskings of a channel pushed which cause, in the order of the causes."""

    channel: Channel
    name: str
    counts: list[int]


@dataclass(frozen=True)
class Picture:
    heads: list[tuple[str, int]]
    boxes: list[Box]
    lines: list[Line]
    causes: list[Cause]
    rows: list[Row]
    height: int
    rtl: bool


NOTHING = Picture([], [], [], [], [], ABOVE, False)


def picture_of(case: Case) -> Picture | None:
    """What stands in a case."""
    names = dict(case.channels.with_life().values_list("pk", "called"))
    return picture(list(case.campaigns.standing().told().order_by("number")), names)


def picture(campaigns: Sequence[Campaign], names: Mapping[int, str]) -> Picture | None:
    """Of standing campaigns with what `told` brings; `names` are what channels are called. None without a tasking."""
    handed: Counter[tuple[Channel, Campaign]] = Counter()
    pushed: Counter[tuple[Channel, Cause]] = Counter()
    for campaign in campaigns:
        for tasking in campaign.taskings.all():
            if tasking.withdrawn_at or tasking.channel.withdrawn_at:
                continue
            handed[tasking.channel, campaign] += 1
            pushed.update((tasking.channel, push.cause) for push in campaign.causes)
    if not handed:
        return None
    channels = sorted({channel for channel, _campaign in handed}, key=lambda one: one.number)
    causes = sorted({push.cause for campaign in campaigns for push in campaign.causes}, key=lambda one: one.number)
    rtl = get_language_bidi()
    boxes: dict[object, Box] = {}
    columns: tuple[Sequence[Channel | Campaign | Cause], ...] = (channels, campaigns, causes)
    for column, things in enumerate(columns):
        x = COLUMNS[2 - column if rtl else column]
        for at, one in enumerate(things):
            title = names.get(one.pk, "") if isinstance(one, Channel) else one.title
            boxes[one] = Box(SORTS[column], one.label, title, x, ABOVE + APART * at,
                             x + (BOX_WIDTH - 10 if rtl else 10))
    lines = [_line(boxes[channel], boxes[campaign], count) for (channel, campaign), count in handed.items()]
    lines += [_line(boxes[campaign], boxes[push.cause], 1) for campaign in campaigns for push in campaign.causes]
    rows = [Row(one, names.get(one.pk, ""), [pushed[one, cause] for cause in causes]) for one in channels]
    most = max(len(channels), len(campaigns), len(causes))
    words = (_("Channels"), _("Campaigns"), _("Causes"))
    heads = [(word, COLUMNS[2 - at if rtl else at] + (BOX_WIDTH if rtl else 0)) for at, word in enumerate(words)]
    return Picture(heads, list(boxes.values()), lines, causes, rows, ABOVE + APART * most, rtl)


def _line(start: Box, end: Box, count: int) -> Line:
    forward = end.x > start.x
    return Line(start.label, end.label, start.x + (BOX_WIDTH if forward else 0), start.middle,
                end.x + (0 if forward else BOX_WIDTH), end.middle, count)
