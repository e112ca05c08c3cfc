"""Bury items that two people disposed of; take out their bytes, here now and in the archive when its lock ends."""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evidence import wake
from evidence.archive.models import ArchiveCopy
from evidence.custody import behind, locks
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.derivatives.models import Derivative
from evidence.disposal.models import Removal, Tombstone
from evidence.intake import services as intake
from evidence.intake.models import Item, Step
from evidence.store import services as store
from evidence.store.errors import Locked, StoreFull, StoreUnavailable
from evidence.store.models import Blob

log = logging.getLogger(__name__)

TASK = "evidence.disposal"
# Between two attempts on a storage that does not answer, or that keeps something and does not say until when.
PATIENCE = timedelta(hours=1)
LONGEST_DETAIL = 500


class NotDisposable(Exception):
    """An item was disposed of already, or work on its bytes has not ended."""


def bury(items: Sequence[Item], *, event_id: UUID, context: str) -> list[Tombstone]:
    """Tombstones for `items`, and the work of removing their bytes, in the transaction that recorded their disposal.

    `event_id` is the event that names them and two people; the database looks. Raises NotDisposable."""
    ids = [item.pk for item in items]
    # To be screened is no work that disposal waits for: it leaves nothing, and its scanner may be down.
    steps = list(Step.objects.select_for_update().filter(item__in=ids).exclude(name=Step.Name.SCREEN).order_by("pk"))
    if Tombstone.objects.filter(item__in=ids).exists():
        raise NotDisposable("disposed of already")
    if any(step.state == Step.State.PENDING for step in steps):
        raise NotDisposable("its bytes are still being worked on")
    now = timezone.now()
    stones = Tombstone.objects.bulk_create(
        [Tombstone(item_id=pk, event_id=event_id, disposed_at=now) for pk in ids])
    blobs = {(item.pk, item.blob_id) for item in items}
    blobs |= set(Derivative.objects.filter(item__in=ids).values_list("item_id", "blob_id"))
    copied = set(ArchiveCopy.objects.filter(blob__in={blob for _item, blob in blobs}).values_list("blob_id", flat=True))
    places = [(item, blob, Removal.Place.STORE) for item, blob in blobs]
    places += [(item, blob, Removal.Place.ARCHIVE) for item, blob in blobs if blob in copied]
    Removal.objects.bulk_create([Removal(item_id=item, blob_id=blob, place=place, context=context, changed_at=now)
                                 for item, blob, place in sorted(places)])
    wake.soon(TASK)
    return stones


def hold(context: str, held: bool) -> int:
    """Stop what is still to be removed for disposals in `context`, or let it go on; how many removals."""
    return Removal.objects.filter(context=context, state=Removal.State.PENDING).update(held=held)


def remove_waiting() -> int:
    """Take out what waits and may go, one after the other; how many ended."""
    if behind.is_behind():
        return 0
    ended = 0
    for pk in _due().order_by("changed_at").values_list("pk", flat=True):
        ended += _remove(pk)
    return ended


def live(blobs: Collection[str]) -> set[str]:
    """Those of `blobs` that an item which was not disposed of still needs, itself or for what was made of it."""
    items = Item.objects.filter(blob__in=blobs, tombstone=None).values_list("blob_id", flat=True)
    made = Derivative.objects.filter(blob__in=blobs, item__tombstone=None).values_list("blob_id", flat=True)
    return {*items, *made}


def _due() -> Any:
    now = timezone.now()
    rested = Q(attempts=0) | Q(not_before__lte=now) | Q(not_before=None, changed_at__lte=now - PATIENCE)
    return Removal.objects.filter(rested, state=Removal.State.PENDING, held=False)


def kept() -> QuerySet[Blob]:
    """Every blob but those whose bytes go or went, because all that needed them was disposed of."""
    items = Item.objects.filter(blob=OuterRef("pk"), tombstone=None)
    made = Derivative.objects.filter(blob=OuterRef("pk"), item__tombstone=None)
    return Blob.objects.filter(~Exists(Removal.objects.filter(blob=OuterRef("pk"))) | Exists(items) | Exists(made))


@transaction.atomic
def _remove(pk: int) -> bool:
    removal = _due().filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).select_related("item").first()
    if removal is None:
        return False
    # While nobody is between bytes and their row, who still needs these can be told. Somebody mostly is not; waiting
    # for the lock would make everybody who lodges wait behind it, so it is tried again in the next round.
    if not locks.taken(locks.LODGING):
        return False
    if live([removal.blob_id]):
        return _end(removal, Removal.State.KEPT)
    try:
        store.remove(removal.blob_id, removal.place)
    except Locked as error:
        return _later(removal, error.until, str(error))
    except (StoreFull, StoreUnavailable) as error:
        log.warning("removing %s from %s failed", removal.blob_id, removal.place, exc_info=True)
        return _later(removal, None, str(error))
    return _end(removal, Removal.State.DONE)


def _later(removal: Removal, until: Any, reason: str) -> bool:
    """It stays pending. A date that the storage names for the first time is told once."""
    if until is not None and until != removal.not_before:
        _tell(removal, {"outcome": "locked", "until": intake.moment(until)})
    removal.attempts, removal.not_before, removal.changed_at = removal.attempts + 1, until, timezone.now()
    removal.detail = reason[:LONGEST_DETAIL]
    removal.save(update_fields=["attempts", "not_before", "changed_at", "detail"])
    return False


def _end(removal: Removal, state: Removal.State) -> bool:
    removal.state, removal.changed_at, removal.detail = state, timezone.now(), ""
    removal.save(update_fields=["state", "changed_at", "detail"])
    if state == Removal.State.DONE and removal.place == Removal.Place.ARCHIVE:
        # Should the same bytes come again, their new copy gets a row of its own.
        ArchiveCopy.objects.filter(blob=removal.blob_id).delete()
    _tell(removal, {"outcome": "removed" if state == Removal.State.DONE else "kept"})
    return True


def _tell(removal: Removal, said: dict[str, Any]) -> None:
    custody.record(Kind.DISPOSAL, subject=intake.subject(removal.item), context=removal.context, agent=custody.SYSTEM,
                   detail={"sha256": removal.blob_id, "place": removal.place, **said})
