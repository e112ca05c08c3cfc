"""Who posted the texts of taskings, counted by the database; a sender is matched to a subject as the timeline does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Min, Q, Value
from django.db.models.functions import NullIf

from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.channels.tasking_models import Tasking
from casework.posts import normal
from casework.posts.models import Post
from casework.timeline import compose, linking


@dataclass
class Sender:
    """`channels` has for each, by its label, how many posts, of which taskings, read from which exhibits."""

    key: tuple[str, str]
    name: str
    subject: Subject | None = None
    how: str = ""
    channels: dict[str, tuple[int, set[str], set[str]]] = field(default_factory=dict)


def of(case: Case, taskings: Iterable[Tasking], channels: Mapping[int, str]) -> list[Sender]:
    """Everybody who posted the text of one of `taskings`; `channels` are the labels of their channels. A post that was
    imported twice is counted once, where it has a number."""
    told: dict[bytes, dict[str, set[str]]] = {}
    for one in taskings:
        if key := normal.key(one.post_text or one.message):
            told.setdefault(key, {}).setdefault(channels[one.pk], set()).add(one.label)
    sources = {one.pk: one.exhibit.label for one in case.imports.standing().select_related("exhibit")}
    if not told or not sources:
        return []
    found = Post.objects.filter(case=case, source__in=sources, kind=Post.Kind.POST, text_key__in=list(told))
    numbered = Count(NullIf("post_id", Value("")), distinct=True)
    rows = compose.by_sender(found).values("by_id", "by_name", "text_key").annotate(
        name=Min("sender"), count=numbered + Count("pk", filter=Q(post_id="")),
        read=ArrayAgg(F("source_id"), distinct=True)).order_by("by_id", "by_name", "text_key")
    senders: dict[tuple[str, str], Sender] = {}
    for row in rows:
        sender = senders.setdefault((row["by_id"], row["by_name"]), Sender((row["by_id"], row["by_name"]), row["name"]))
        for channel, labels in told[bytes(row["text_key"])].items():
            before = sender.channels.get(channel, (0, set(), set()))
            sender.channels[channel] = (before[0] + row["count"], before[1] | labels,
                                        before[2] | {sources[pk] for pk in row["read"]})
    linking.link(case, list(senders.values()))
    return list(senders.values())
