"""Which posts of a case carry the text of a tasking, and what their times show. Reads, and records nothing.

A match is a post whose text is equal in one spelling, without what is added around it (posts.normal). A text that is
too short for that is matched within the tasking's window alone, and its matches are weak. Posts and messages of chats
are counted apart: a tasking that was handed out in an imported chat is itself a message that carries its text."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Case, Count, DateTimeField, F, Min, Q, QuerySet, Value, When

from casework.channels.tasking_models import Tasking
from casework.coordination import lag, near
from casework.posts import listing, normal
from casework.posts.models import Import, Post

# The control: how many carry the text within this time of the tasking, and of the same time a week before and after.
CONTROLLED, SHIFT = timedelta(days=1), timedelta(days=7)
# Near texts have no index: so many posts after the tasking are looked at, and before it.
MOST_AFTER, MOST_BEFORE = 20_000, 5_000
REPOSTS = Q(raw__repost_of__isnull=False) | Q(text__iregex=normal.REPOST)


class Middle(Aggregate):
    """The lower median: a value that is there."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Window:
    start: datetime
    end: datetime

    def holds(self, shift: timedelta = timedelta()) -> Q:
        """What lies in it, or in as long a one so much later. A row of which only the day is known may lie outside, and
        is left out."""
        return Q(at__gte=self.start + shift, at__lt=self.end + shift) & ~Q(resolution="day")


@dataclass(frozen=True)
class Match:
    """A post; `lag` is None where one of the two has no time. `share` of the text, in per cent: 100 of an equal one;
    `has_additions`: it is equal without what is added around it alone."""

    post: Post
    lag: lag.Lag | None
    share: int = 100
    has_additions: bool = False

    @property
    def is_repost(self) -> bool:
        """The export says so, or its text begins as one does. As REPOSTS counts them."""
        return bool(self.post.raw.get("repost_of")) or normal.is_repost(self.post.text)


@dataclass(frozen=True)
class Counts:
    """Of one kind of rows. `repeated` have the number of another one, so the imports overlap. `middle` is the lag
    between which values the median of those after the tasking lies; `control` how many came within CONTROLLED of the
    tasking (of a weak one: in its window), and of SHIFT before it and after it; `reposts` how many are such."""

    total: int = 0
    senders: int = 0
    repeated: int = 0
    after: int = 0
    before: int = 0
    untimed: int = 0
    middle: lag.Lag | None = None
    control: dict[str, int] | None = None
    reposts: int = 0

    @property
    def unsure(self) -> int:
        return self.total - self.after - self.before - self.untimed


@dataclass(frozen=True)
class Matches:
    """`window` is that of a short text, outside of which nothing is matched. `problem`: `weak` where there is one,
    `short` where the text is short and has none, and `empty` where it is addresses and mentions alone, so that nothing
    is matched; `other` where rows have another version's keys."""

    tasking: Tasking
    spelled: str
    span: lag.Span | None
    window: Window | None
    problem: str
    posts: Counts
    messages: Counts
    first: Match | None
    imports: list[Import]

    @property
    def is_carried(self) -> bool:
        """By more than a message that may be the tasking itself, in the chat in which it was handed out; and not weakly
        alone."""
        return not self.is_short and bool(self.posts.total or self.messages.after or self.messages.before)

    @property
    def is_short(self) -> bool:
        return self.problem in ("weak", "short", "empty")

    @property
    def compared(self) -> int:
        """Rows of exports that stand."""
        return sum(one.kept for one in self.imports)


@dataclass(frozen=True)
class Near:
    """Posts that carry nearly all of the text: `found` of them among `looked_at` from `start` to `end`; `rows` are the
    first of these."""

    rows: list[Match]
    found: int
    looked_at: int
    start: datetime | None
    end: datetime | None


def matches_of(tasking: Tasking) -> Matches:
    span, window = span_of(tasking), window_of(tasking)
    counts = _counted(tasking, span, window)
    found = carrying(tasking)
    first = found.filter(kind=Post.Kind.POST, at__isnull=False).select_related("source").order_by("at", "pk").first()
    return Matches(
        tasking, normal.bare(text_of(tasking)), span, window, _problem(tasking, window),
        counts.get(Post.Kind.POST, Counts()), counts.get(Post.Kind.MESSAGE, Counts()),
        matched(tasking, [first])[0] if first else None,
        list(tasking.case.imports.standing().select_related("exhibit").order_by("number")))


def text_of(tasking: Tasking) -> str:
    """What is to be posted: the message itself where no other text is noted."""
    return tasking.post_text or tasking.message


def span_of(tasking: Tasking) -> lag.Span | None:
    return lag.of_tasking(tasking.at, tasking.at_resolution) if tasking.at else None


def window_of(tasking: Tasking) -> Window | None:
    """When a short text is matched: from the tasking's time, or the time from which it was to be posted, to the end of
    the window that it names, or CONTROLLED long. None for a text that is long enough, and where no time is known."""
    key = normal.key(text_of(tasking))
    if key is None or not normal.is_weak(key):
        return None
    span, end = span_of(tasking), tasking.window_until
    start = tasking.window_from or (span.start if span else None)
    if end is None and (known := tasking.window_from or (span.end if span else None)):
        end = known + CONTROLLED
    if end is None:
        return None
    return Window(start if start and start < end else end - CONTROLLED, end)


def carrying(tasking: Tasking) -> QuerySet[Post]:
    """The rows whose text is equal, of imports that stand; of a short text those in its window."""
    found = _equal(tasking)
    if (window := window_of(tasking)) is not None:
        return found.filter(window.holds())
    return found.none() if _is_short(tasking) else found


def matched(tasking: Tasking, posts: Iterable[Post]) -> list[Match]:
    """These posts, each with its lag."""
    span, spelled = span_of(tasking), normal.normalised(text_of(tasking))
    return [Match(post, _lag(span, post), has_additions=normal.normalised(post.text) != spelled) for post in posts]


def exhibits_of(found: QuerySet[Post]) -> list[str]:
    """The labels of the exhibits that these rows were read from."""
    numbers = found.values_list("source__exhibit__number", flat=True).distinct().order_by("source__exhibit__number")
    return [f"E-{number:03d}" for number in numbers]


def near_to(tasking: Tasking) -> Near:
    """Posts that hold nearly all of the text and are not equal, those next to the tasking in time alone."""
    wanted = near.runs(normal.bare(text_of(tasking)))
    looked = [] if _is_short(tasking) else _looked_at(tasking)
    shares = {pk: share for pk, _at, text in looked if (share := near.share(wanted, normal.normalised(text)))}
    span = span_of(tasking)
    found = Post.objects.filter(pk__in=list(shares)[:listing.PAGE]).order_by("at", "pk")
    leads = [Match(post, _lag(span, post), int(shares[post.pk] * 100)) for post in
             found.select_related("source__exhibit")]
    times = [at for _pk, at, _text in looked if at]
    return Near(leads, len(shares), len(looked), min(times, default=None), max(times, default=None))


def _looked_at(tasking: Tasking) -> list[tuple[int, datetime | None, str]]:
    key = normal.key(text_of(tasking))
    others = Post.objects.filter(Q(text_key=None) | ~Q(text_key=key), case_id=tasking.case_id).standing()
    found = others.exclude(kind=Post.Kind.SYSTEM).values_list("pk", "at", "text")
    if not tasking.at:
        return list(found.order_by("at", "pk")[:MOST_AFTER])
    return [*found.filter(at__gte=tasking.at).order_by("at", "pk")[:MOST_AFTER],
            *found.filter(at__lt=tasking.at).order_by("-at", "-pk")[:MOST_BEFORE]]


def _lag(span: lag.Span | None, post: Post) -> lag.Lag | None:
    if span is None or post.at is None:
        return None
    return lag.between(span, lag.of_post(post.at, post.resolution, post.post_id))


def _equal(tasking: Tasking) -> QuerySet[Post]:
    """The rows with its key, whenever they were written."""
    key = normal.key(text_of(tasking))
    found: QuerySet[Post] = Post.objects.filter(case_id=tasking.case_id).standing()
    return found.filter(text_key=key) if key else found.none()


def _is_short(tasking: Tasking) -> bool:
    key = normal.key(text_of(tasking))
    return key is None or normal.is_weak(key)


def _problem(tasking: Tasking, window: Window | None) -> str:
    if not normal.bare(text_of(tasking)):
        return "empty"
    if _is_short(tasking):
        return "weak" if window else "short"
    return "other" if _is_keyed_otherwise(tasking) else ""


def _counted(tasking: Tasking, span: lag.Span | None, window: Window | None) -> dict[str, Counts]:
    """Counts by kind, in one question whatever their number."""
    if window is None and _is_short(tasking):
        return {}
    # What is counted lies in the window, where there is one; the control beside it does not.
    here, numbered = window.holds() if window else Q(), ~Q(post_id="")
    asked: dict[str, Any] = {
        "total": _count(here), "senders": Count("sender", filter=here & ~Q(sender=""), distinct=True),
        "repeated": _count(here & numbered) - Count("post_id", filter=here & numbered, distinct=True),
        "reposts": _count(here & REPOSTS)}
    found = _equal(tasking)
    if span is not None:
        ends = [When(resolution=name, then=F("at") + Value(width)) for name, width in lag.WIDTHS.items()
                if name != lag.MILLISECOND]
        found = found.annotate(ends=Case(*ends, output_field=DateTimeField()))
        after = here & Q(at__gte=span.end)
        asked |= {"after": _count(after), "before": _count(here & Q(ends__lte=span.start)),
                  "untimed": _count(here & Q(at=None)), "middle_at": Middle("at", filter=after),
                  "middle_end": Middle("ends", filter=after), "finest": Min("resolution", filter=after)}
        for name, shift in (("week_before", -SHIFT), ("tasking", timedelta()), ("week_after", SHIFT)):
            asked[name] = _count(window.holds(shift) if window else Q(
                at__gte=span.start + shift, at__lt=span.end + shift + CONTROLLED))
    rows: Any = found.values("kind").order_by("kind").annotate(**asked)
    return {row["kind"]: _counts(row, span) for row in rows}


def _count(these: Q) -> Count:
    return Count("pk", filter=these or None)


def _counts(row: dict[str, Any], span: lag.Span | None) -> Counts:
    whole = Counts(row["total"], row["senders"], row["repeated"], reposts=row["reposts"])
    if span is None:
        return replace(whole, untimed=row["total"])
    middle = None
    if row["after"]:
        # In the alphabet day, minute and second stand with the coarsest first.
        middle = lag.Lag(row["middle_at"] - span.end, row["middle_end"] - span.start,
                         max(span.resolution, row["finest"], key=list(lag.WIDTHS).index))
    return replace(whole, after=row["after"], before=row["before"], untimed=row["untimed"], middle=middle,
                   control={name: row[name] for name in ("week_before", "tasking", "week_after")})


def _is_keyed_otherwise(tasking: Tasking) -> bool:
    """Whether rows of the case have keys of another version of the normaliser: they would be passed over."""
    keys = Post.objects.filter(case_id=tasking.case_id)
    return any(keys.filter(text_key__gte=first, text_key__lt=below).exists() for first, below in normal.FOREIGN)
