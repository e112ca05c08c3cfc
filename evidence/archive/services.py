"""Copy an item's bytes to the archive storage, read the copy back, lock it, and only then call it a copy."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evidence import wake
from evidence.archive.models import ArchiveCopy
from evidence.intake import steps
from evidence.intake.models import Item, Step
from evidence.store import services as store


class Moved(Exception):
    """The copy that was read is not the one that the database knows now."""


def archive(item: Item) -> bool:
    """Make sure that the archive holds `item`'s bytes and that they read back the same; whether this call did it."""
    return steps.run(item, Step.Name.ARCHIVE, _archive)


def archive_waiting() -> int:
    """The same for every item that waits for it; how many were done well."""
    return steps.run_waiting(Step.Name.ARCHIVE, _archive)


def unlocked() -> QuerySet[ArchiveCopy]:
    """Copies that nothing holds: made before there was a lock."""
    return ArchiveCopy.objects.filter(lock_mode="")


@transaction.atomic
def lock_unlocked() -> int:
    """Let the steps of their items read and lock them; how many items wait for that now."""
    return Step.objects.filter(name=Step.Name.ARCHIVE, state=Step.State.DONE,
                               item__blob__archive_copy__in=unlocked()).update(
        state=Step.State.PENDING, attempts=0, changed_at=timezone.now())


def locked_until(copy: ArchiveCopy) -> datetime | None:
    """Until when the archive refuses to let go of `copy`, as it says now: datetime.max under a legal hold, None where
    nothing holds it. Raises StoreUnavailable."""
    lock = store.lock_of(copy.blob_id, copy.version)
    return datetime.max.replace(tzinfo=UTC) if lock.hold else lock.until


def keep(sha256: str, version: str, lock: store.Lock) -> dict[str, Any]:
    """Note the copy, whose version was read back and has this lock, and answer what its event says of it."""
    location = store.place(sha256, store.ARCHIVE)
    ArchiveCopy.objects.update_or_create(blob_id=sha256, defaults={
        "location": location, "version": version, "verified_at": timezone.now(), "lock_mode": lock.mode,
        "locked_until": lock.until, "legal_hold": lock.hold})
    return {"location": location, "version": version, "lock": {
        "mode": lock.mode, "until": lock.until.isoformat() if lock.until else "", "legal_hold": lock.hold}}


def _archive(item: Item) -> Callable[[], steps.Outcome]:
    """Copy, read back and lock; the claim keeps away whoever works at the same bytes."""
    sha256 = item.blob_id
    copy = _copy_of(sha256)
    version = copy.version if copy else store.copy(sha256, store.EVIDENCE, "", store.ARCHIVE)
    same = store.verify(sha256, store.ARCHIVE, version)
    return partial(_told, sha256, version, store.lock(sha256, version) if same else None, copy is not None)


def _told(sha256: str, version: str, lock: store.Lock | None, was_there: bool) -> steps.Outcome:
    # A lost connection lets go of the claim, and a copy may be healed or removed: what was read must be what is noted.
    copy = _copy_of(sha256)
    if was_there != (copy is not None) or copy is not None and copy.version != version:
        raise Moved(f"another copy of {sha256} was noted meanwhile")
    told: dict[str, Any] = {"sha256": sha256, "match": lock is not None}
    if lock is None:
        wake.after_commit("evidence.fixity.suspect", sha256)
        told |= {"location": store.place(sha256, store.ARCHIVE), "version": version}
        return steps.Outcome(False, "the archive's copy reads back as something else", told)
    return steps.Outcome(True, "", told | keep(sha256, version, lock))


def _copy_of(sha256: str) -> ArchiveCopy | None:
    return ArchiveCopy.objects.filter(blob_id=sha256).first()
