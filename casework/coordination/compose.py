"""Which posts of a case carry the text of a tasking, and what their times show. Reads, and records nothing.

A match is a post whose normalised text is equal (posts.normal). Posts and messages of chats are counted apart: a
tasking that was handed out in an imported chat is itself a message that carries its text."""

from collections.abc import Iterable
from dataclasses import dataclass
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


class Middle(Aggregate):
    """The lower median: a value that is there."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Match:
    """A post; `lag` is None where one of the two has no time. `share` of the text, in per cent: 100 of an equal one."""

    post: Post
    lag: lag.Lag | None
    share: int = 100


@dataclass(frozen=True)
class Counts:
    """Of one kind of rows. `repeated` have the number of another one, so the imports overlap. `middle` is the lag
    between which values the median of those after the tasking lies; `control` how many came within CONTROLLED of the
    tasking, and of SHIFT before it and after it."""

    total: int = 0
    senders: int = 0
    repeated: int = 0
    after: int = 0
    before: int = 0
    untimed: int = 0
    middle: lag.Lag | None = None
    control: dict[str, int] | None = None

    @property
    def unsure(self) -> int:
        return self.total - self.after - self.before - self.untimed


@dataclass(frozen=True)
class Matches:
    """`problem`: `short` where the text is too short to be matched, `other` where rows have another version's keys."""

    tasking: Tasking
    spelled: str
    span: lag.Span | None
    problem: str
    posts: Counts
    messages: Counts
    first: Match | None
    imports: list[Import]

    @property
    def is_carried(self) -> bool:
        """By more than a message that may be the tasking itself, in the chat in which it was handed out."""
        return bool(self.posts.total or self.messages.after or self.messages.before)

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
    spelled, span = spelled_of(tasking), span_of(tasking)
    found = carrying(tasking)
    counts = _counted(found, span)
    first = found.filter(kind=Post.Kind.POST, at__isnull=False).select_related("source").order_by("at", "pk").first()
    problem = "" if normal.is_long_enough(spelled) else "short"
    return Matches(
        tasking, spelled, span, problem or ("other" if _is_keyed_otherwise(tasking) else ""),
        counts.get(Post.Kind.POST, Counts()), counts.get(Post.Kind.MESSAGE, Counts()),
        matched(tasking, [first])[0] if first else None,
        list(tasking.case.imports.standing().select_related("exhibit").order_by("number")))


def spelled_of(tasking: Tasking) -> str:
    """What is to be posted, normalised: the message itself where no other text is noted."""
    return normal.normalised(tasking.post_text or tasking.message)


def span_of(tasking: Tasking) -> lag.Span | None:
    return lag.of_tasking(tasking.at, tasking.at_resolution) if tasking.at else None


def carrying(tasking: Tasking) -> QuerySet[Post]:
    """The rows whose text is equal, of imports that stand; none where the text is too short."""
    key = normal.key_of(spelled_of(tasking))
    found: QuerySet[Post] = Post.objects.filter(case_id=tasking.case_id).standing()
    return found.filter(text_key=key) if key else found.none()


def matched(tasking: Tasking, posts: Iterable[Post]) -> list[Match]:
    """These posts, each with its lag."""
    span = span_of(tasking)
    return [Match(post, _lag(span, post)) for post in posts]


def exhibits_of(found: QuerySet[Post]) -> list[str]:
    """The labels of the exhibits that these rows were read from."""
    numbers = found.values_list("source__exhibit__number", flat=True).distinct().order_by("source__exhibit__number")
    return [f"E-{number:03d}" for number in numbers]


def near_to(tasking: Tasking) -> Near:
    """Posts that hold nearly all of the text and are not equal, those next to the tasking in time alone."""
    wanted = near.runs(spelled_of(tasking))
    looked = _looked_at(tasking) if normal.is_long_enough(spelled_of(tasking)) else []
    shares = {pk: share for pk, _at, text in looked if (share := near.share(wanted, normal.normalised(text)))}
    span = span_of(tasking)
    found = Post.objects.filter(pk__in=list(shares)[:listing.PAGE]).order_by("at", "pk")
    leads = [Match(post, _lag(span, post), int(shares[post.pk] * 100)) for post in
             found.select_related("source__exhibit")]
    times = [at for _pk, at, _text in looked if at]
    return Near(leads, len(shares), len(looked), min(times, default=None), max(times, default=None))


def _looked_at(tasking: Tasking) -> list[tuple[int, datetime | None, str]]:
    key = normal.key_of(spelled_of(tasking))
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


def _counted(found: QuerySet[Post], span: lag.Span | None) -> dict[str, Counts]:
    """Counts by kind, in one question whatever their number."""
    numbered = ~Q(post_id="")
    asked: dict[str, Any] = {
        "total": Count("pk"), "senders": Count("sender", filter=~Q(sender=""), distinct=True),
        "repeated": Count("pk", filter=numbered) - Count("post_id", filter=numbered, distinct=True)}
    if span is not None:
        ends = [When(resolution=name, then=F("at") + Value(width)) for name, width in lag.WIDTHS.items()
                if name != lag.MILLISECOND]
        found = found.annotate(ends=Case(*ends, output_field=DateTimeField()))
        after = Q(at__gte=span.end)
        asked |= {"after": Count("pk", filter=after), "before": Count("pk", filter=Q(ends__lte=span.start)),
                  "untimed": Count("pk", filter=Q(at=None)), "middle_at": Middle("at", filter=after),
                  "middle_end": Middle("ends", filter=after), "finest": Min("resolution", filter=after)}
        for name, shift in (("week_before", -SHIFT), ("tasking", timedelta()), ("week_after", SHIFT)):
            asked[name] = Count("pk", filter=Q(at__gte=span.start + shift, at__lt=span.end + shift + CONTROLLED))
    rows: Any = found.values("kind").order_by("kind").annotate(**asked)
    return {row["kind"]: _counts(row, span) for row in rows}


def _counts(row: dict[str, Any], span: lag.Span | None) -> Counts:
    if span is None:
        return Counts(row["total"], row["senders"], row["repeated"], untimed=row["total"])
    middle = None
    if row["after"]:
        # In the alphabet day, minute and second stand with the coarsest first.
        middle = lag.Lag(row["middle_at"] - span.end, row["middle_end"] - span.start,
                         max(span.resolution, row["finest"], key=list(lag.WIDTHS).index))
    return Counts(row["total"], row["senders"], row["repeated"], row["after"], row["before"], row["untimed"], middle,
                  {name: row[name] for name in ("week_before", "tasking", "week_after")})


def _is_keyed_otherwise(tasking: Tasking) -> bool:
    """Whether rows of the case have keys of another version of the normaliser: they would be passed over."""
    keys = Post.objects.filter(case_id=tasking.case_id)
    version = normal.VERSION
    return keys.filter(text_key__lt=bytes([version])).exists() or keys.filter(
        text_key__gte=bytes([version + 1])).exists()
