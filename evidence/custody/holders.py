"""Who outside holds what a checkpoint says, and how far back history could be rewritten without their noticing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from evidence.custody.outside import Holding, Party


@dataclass(frozen=True)
class Holder:
    """The largest checkpoint that one party outside holds. Mailboxes and people are counted, never named."""

    kind: str
    who: str
    count: int
    what: str
    size: int
    at: datetime


def hold(kind: Holding.Kind, who: str, what: Holding.What, size: int) -> None:
    """Note that `who` has the checkpoint of `size` entries from now on. Once is enough; more changes nothing."""
    Holding.objects.bulk_create([Holding(kind=kind, who=who, what=what, size=size, at=timezone.now())],
                                ignore_conflicts=True)


def latest() -> Holding | None:
    """The holding of the largest checkpoint, among equals the first: since then nobody can take it back."""
    return Holding.objects.order_by("-size", "at").first()


def each() -> list[Holder]:
    """Every witness and authority, all mailboxes together, all people together; the largest checkpoint first."""
    named = [(party.kind, party.name) for party in Party.objects.exclude(kind=Party.Kind.MAIL)]
    rows = [(Holding.objects.filter(kind=kind, who=name), name) for kind, name in named]
    rows += [(Holding.objects.filter(kind=kind), "") for kind in (Holding.Kind.MAIL, Holding.Kind.PERSON)]
    found = []
    for held, name in rows:
        if (last := held.order_by("-size", "at").first()) is not None:
            count = 1 if name else held.values("who").distinct().count()
            found.append(Holder(last.kind, name, count, last.what, last.size, last.at))
    return sorted(found, key=lambda holder: (-holder.size, holder.at))
