"""What a timeline shows, counted by the database in a constant number of questions. Reads, and records nothing.

A sender is the number that an export gives an account, or where it gives none the name as it is written. Only rows of
imports that stand are counted; notices of a platform are not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    Func,
    Max,
    Min,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)

from casework.accounts.models import Subject
from casework.cases import models as cases
from casework.channels.models import ChannelObservation
from casework.channels.tasking_models import Tasking
from casework.exhibits.moments import day_before
from casework.posts import normal
from casework.posts.models import Post
from casework.timeline import bursts, linking, scale
from casework.timeline.asking import Query
from casework.timeline.bursts import Burst
from casework.timeline.scale import Scale

# Lanes of a drawing, the busiest; vertical rules; marks of channels.
LANES, RULES = 40, 60
KEY = {"by_id": F("sender_id"), "by_name": Case(When(sender_id="", then=F("sender")), default=Value(""),
                                                 output_field=TextField())}


class Bucket(Func):
    """How many times `width` seconds lie between a moment and `start`, rounded down."""

    template = "FLOOR(EXTRACT(EPOCH FROM (%(expressions)s)) / %(width)d)::bigint"
    arg_joiner = " - "

    def __init__(self, name: str, start: datetime, width: int):
        super().__init__(F(name), Value(start, output_field=DateTimeField()), width=width)


@dataclass
class Lane:
    """One sender. `marks` are (column, resolution, rows); `subject` is who it may be in the case, `how` it matches."""

    key: tuple[str, str]
    name: str
    count: int
    first: datetime
    last: datetime
    first_resolution: str = ""
    last_resolution: str = ""
    subject: Subject | None = None
    how: str = ""
    marks: list[tuple[int, str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """`bars` are (start, end, rows) of those known to the minute at least; `by_day` rows are known as a day only, and
    in no bar. `senders` counts those too that have no lane; `rules` are all taskings in the window, at most RULES."""

    scale: Scale
    total: int
    by_day: int
    untimed: int
    senders: int
    lanes: list[Lane]
    bars: list[tuple[datetime, datetime, int]]
    rules: list[Tasking]
    marks: list[ChannelObservation]
    more_rules: int
    more_marks: int
    bursts: list[Burst]

    @property
    def undrawn(self) -> int:
        return self.senders - len(self.lanes)


def timeline(case: cases.Case, query: Query) -> Timeline | None:
    """None where no row with a time is there."""
    sources = list(case.imports.standing().values_list("pk", flat=True))
    found = rows(case, query, sources)
    counted = found.aggregate(first=Min("at"), last=Max("at"), total=Count("pk"),
                              by_day=Count("pk", Q(resolution="day")))
    if not counted["total"]:
        return None
    taskings = _taskings(case, query)
    facts = _facts(case, query)
    life = [(one.at, one.at_resolution) for one in facts if one.at] if query.channel is not None else []
    ends = [at for at, _resolution in life]
    window = _window(query, [counted["first"], *ends, *(one.at for one in taskings[:1] if one.at)],
                     [counted["last"], *ends],
                     by_day=bool(counted["by_day"]) or any(resolution == "day" for _at, resolution in life))
    keyed = by_sender(found).values("by_id", "by_name")
    lanes = _lanes(case, keyed, window)
    marks = [one for one in facts if one.at and day_before(window.start) <= one.at < window.end]
    return Timeline(
        window, counted["total"], counted["by_day"], untimed(case, query, sources), keyed.distinct().count(), lanes,
        bars(found, window), taskings[:RULES], marks[:RULES], len(taskings[RULES:]), len(marks[RULES:]),
        bursts.found(case, query, sources, _keys(case, query)))


def rows(case: cases.Case, query: Query, sources: Sequence[int]) -> QuerySet[Post]:
    """The rows that are asked for and have a time. One known as a day may lie anywhere in its 24 hours."""
    found = Post.objects.filter(case=case, source__in=sources, at__isnull=False).exclude(kind=Post.Kind.SYSTEM)
    if query.since:
        found = found.filter(at__gt=day_before(query.since)).exclude(~Q(resolution="day"), at__lt=query.since)
    if query.until:
        found = found.filter(at__lt=query.until)
    return _filtered(case, query, found)


def by_sender(found: QuerySet[Post]) -> Any:
    """Adds `by_id` and `by_name`, of which one is empty: the key of who wrote it."""
    return found.annotate(**KEY)


def _filtered(case: cases.Case, query: Query, found: QuerySet[Post]) -> QuerySet[Post]:
    if query.kind:
        found = found.filter(kind=query.kind)
    keys = _keys(case, query)
    return found if keys is None else found.filter(text_key__in=keys)


def _keys(case: cases.Case, query: Query) -> list[bytes] | None:
    """Of the texts of the taskings that are asked for, by their number or their channel. None where none is asked for,
    and rows of any text are shown."""
    if query.tasking is None and query.channel is None:
        return None
    asked = case.taskings.standing()
    if query.tasking is not None:
        asked = asked.filter(number=query.tasking)
    if query.channel is not None:
        asked = asked.filter(channel__number=query.channel, channel__withdrawn_at=None)
    keys = (normal.key(post_text or message) for post_text, message in asked.values_list("post_text", "message"))
    return sorted({key for key in keys if key and not normal.is_weak(key)})


def untimed(case: cases.Case, query: Query, sources: Sequence[int]) -> int:
    """Rows without a time, whatever the window: nobody knows on which side of it they lie."""
    found = Post.objects.filter(case=case, source__in=sources, at=None).exclude(kind=Post.Kind.SYSTEM)
    return _filtered(case, query, found).count()


def _window(query: Query, firsts: list[datetime], lasts: list[datetime], *, by_day: bool) -> Scale:
    """From the first of what is there to the last, and not beyond what was asked."""
    start, end = min(firsts), max(lasts) + timedelta(seconds=scale.DAY if by_day else 60)
    start = max(start, query.since) if query.since else start
    end = min(end, query.until) if query.until else end
    return scale.of(start.replace(second=0, microsecond=0), end)


def _lanes(case: cases.Case, keyed: Any, window: Scale) -> list[Lane]:
    """The busiest senders with what is drawn of each."""
    busiest = keyed.annotate(name=Min("sender"), count=Count("pk"), first=Min("at"), last=Max("at")).order_by(
        "-count", "by_id", "by_name")[:LANES]
    lanes = {(row["by_id"], row["by_name"]): Lane((row["by_id"], row["by_name"]), row["name"], row["count"],
                                                  row["first"], row["last"]) for row in busiest}
    ids, names = [one for one, _name in lanes if one], [name for one, name in lanes if not one]
    cells = (keyed.filter(Q(sender_id__in=ids) | Q(sender_id="", sender__in=names))
             .annotate(column=Bucket("at", window.start, window.width), known=F("resolution"), count=Count("pk"))
             .order_by("column", "known"))
    for row in cells:
        lane = lanes[row["by_id"], row["by_name"]]
        lane.marks.append((row["column"], row["known"], row["count"]))
        lane.first_resolution, lane.last_resolution = lane.first_resolution or row["known"], row["known"]
    linking.link(case, list(lanes.values()))
    return list(lanes.values())


def bars(found: QuerySet[Post], window: Scale) -> list[tuple[datetime, datetime, int]]:
    counted = (found.exclude(resolution="day").annotate(bar=Bucket("at", window.origin, window.bar)).values("bar")
               .annotate(count=Count("pk")).order_by("bar"))
    return [(*window.bar_at(row["bar"]), row["count"]) for row in counted]


def _taskings(case: cases.Case, query: Query) -> list[Tasking]:
    found = case.taskings.standing().filter(at__isnull=False, channel__withdrawn_at=None).select_related("channel")
    if query.channel is not None:
        found = found.filter(channel__number=query.channel)
    if query.tasking is not None:
        found = found.filter(number=query.tasking)
    return list(_within(query, found, "at_resolution").order_by("at", "number"))


def _facts(case: cases.Case, query: Query) -> list[ChannelObservation]:
    """What exhibits show of the beginning and the end of channels."""
    found = ChannelObservation.objects.standing().filter(
        channel__case=case, channel__withdrawn_at=None, exhibit__withdrawn_at=None, at__isnull=False,
        fact__in=["created", "deleted", "recreated"])
    if query.channel is not None:
        found = found.filter(channel__number=query.channel)
    return list(_within(query, found, "at_resolution").select_related("channel").order_by("at", "pk"))


def _within(query: Query, found: Any, resolution: str) -> Any:
    if query.since:
        found = found.filter(at__gt=day_before(query.since)).exclude(
            ~Q(**{resolution: "day"}), at__lt=query.since)
    return found.filter(at__lt=query.until) if query.until else found
