"""What was disposed of, as the log, the rows and the storages say it. Yields what differs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from evidence.custody import details
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.custody.problem import Problem
from evidence.disposal import services as disposal
from evidence.disposal.models import Removal, Tombstone
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.store import services as store

ACT = "exhibits_disposed"


def leaving(blobs: Collection[str]) -> dict[tuple[str, str], bool]:
    """(hash, place) of bytes that no item needs any more → whether they must be gone by now.

    Bytes that are not in it must be there."""
    unneeded = set(blobs) - disposal.live(blobs)
    states: dict[tuple[str, str], set[str]] = defaultdict(set)
    for blob, place, state in Removal.objects.filter(blob__in=unneeded).values_list("blob_id", "place", "state"):
        states[blob, place].add(state)
    return {at: Removal.State.PENDING not in found for at, found in states.items()}


def still_there(leaving: dict[tuple[str, str], bool]) -> Iterator[Problem]:
    """Bytes that must be gone by now and are not."""
    for (sha256, place), gone in sorted(leaving.items()):
        if gone and store.size(sha256, place) is not None:
            yield Problem(f"blob {sha256}", "was disposed of and its bytes are still there")


def uncopied(blobs: Collection[str]) -> set[str]:
    """Those of `blobs` whose second copy was taken out once, for an item that has its tombstone."""
    rows = Removal.objects.filter(blob__in=blobs, place=Removal.Place.ARCHIVE, state=Removal.State.DONE,
                                  item__tombstone__isnull=False)
    return set(rows.values_list("blob_id", flat=True))


def tombstones(rows: Iterable[Tombstone]) -> Iterator[Problem]:
    """Each tombstone against the event of the disposal that it names."""
    stones = list(rows)
    told = _named([stone.event_id for stone in stones])
    for stone in stones:
        if stone.item_id not in told.get(stone.event_id, ()):
            yield Problem(f"item/{stone.item_id}", "has a tombstone that no recorded disposal stands behind")


def missing(events: Collection[UUID], among: Collection[UUID] | None = None) -> Iterator[Problem]:
    """Items that these events say were disposed of and that have no tombstone, or no work that removes them; only those
    of `among`, where it is given."""
    for event, named in _named(events).items():
        items = [pk for pk in named if among is None or pk in among]
        buried = set(Tombstone.objects.filter(item__in=items).values_list("item_id", flat=True))
        for pk in sorted(set(items) - buried):
            yield Problem(f"item/{pk}", f"was disposed of (event {event}) and has no tombstone")
        for item in Item.objects.filter(pk__in=buried, removals=None):
            yield Problem(intake.subject(item), "was disposed of and nothing removes its bytes")


def _named(events: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Which items each of these events says were disposed of."""
    found: dict[UUID, list[UUID]] = {}
    rows = Payload.objects.filter(event_id__in=events, kind=Kind.DISPOSAL)
    for event, subject, content in rows.values_list("event_id", "subject", "content"):
        detail = details.sound(bytes(content), kind=Kind.DISPOSAL, subject=subject)
        if detail is not None and detail.get("act") == ACT:
            found[event] = [UUID(one) for one in detail["items"]]
    return found
