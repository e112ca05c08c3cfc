"""The life of a channel beside the posts that carry the texts of its taskings. That they carry them is counted; why
they do, no count says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from casework.channels import compose as channels
from casework.channels.models import Channel, ChannelObservation
from casework.channels.payment_models import Payment
from casework.channels.tasking_models import Tasking
from casework.posts.models import Post
from casework.timeline import compose, scale
from casework.timeline.asking import Query


@dataclass(frozen=True)
class Carried:
    """`bars` are (start, end, posts), of those known to the minute at least; of `by_day` posts only the day is known,
    and `untimed` have no time. `life` is the drawing of all, None where there is nothing to draw."""

    bars: list[tuple[datetime, datetime, int]]
    by_day: int
    untimed: int
    life: channels.Life | None


def beside(channel: Channel, observations: Sequence[ChannelObservation], taskings: Sequence[Tasking],
           payments: Sequence[Payment]) -> Carried:
    """For what stands of a channel. The bars share out the whole of its life, from the first of everything on. Where it
    handed out nothing, no post is asked for."""
    if not taskings:
        return Carried([], 0, 0, channels.life(observations, taskings, payments))
    sources = list(channel.case.imports.standing().values_list("pk", flat=True))
    asked = Query(channel=channel.number, kind=Post.Kind.POST)
    found = compose.rows(channel.case, asked, sources)
    exact = ~Q(resolution="day")
    counted = found.aggregate(first=Min("at", filter=exact), last=Max("at", filter=exact),
                              by_day=Count("pk", filter=~exact))
    bars: list[tuple[datetime, datetime, int]] = []
    if counted["first"]:
        last = counted["last"] + timedelta(minutes=1)
        moments = [one.at for one in (*observations, *taskings, *payments) if one.at]
        start, end = min([counted["first"], *moments]), max([last, *moments])
        window = scale.of(start.replace(second=0, microsecond=0), end)
        bars = [(max(begins, start), min(ends, end), count) for begins, ends, count in compose.bars(found, window)]
    return Carried(bars, counted["by_day"], compose.untimed(channel.case, asked, sources),
                   channels.life(observations, taskings, payments, bars))
