"""Copy an item's bytes to the archive storage, read the copy back, lock it, and only then call it a copy."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evidence import wake
from evidence.archive.models import ArchiveCopy
from evidence.custody import locks
from evidence.intake import steps
from evidence.intake.models import Item, Step
from evidence.store import services as store


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


def keep(sha256: str, version: str) -> dict[str, Any]:
    """Lock the version that was read back, note the copy, and answer what its event says of it."""
    lock = store.lock(sha256, version)
    location = store.place(sha256, store.ARCHIVE)
    ArchiveCopy.objects.update_or_create(blob_id=sha256, defaults={
        "location": location, "version": version, "verified_at": timezone.now(), "lock_mode": lock.mode,
        "locked_until": lock.until, "legal_hold": lock.hold})
    return {"location": location, "version": version, "lock": {
        "mode": lock.mode, "until": lock.until.isoformat() if lock.until else "", "legal_hold": lock.hold}}


def _archive(item: Item) -> steps.Outcome:
    sha256 = item.blob_id
    locks.take_for(f"archive {sha256}")
    copy = ArchiveCopy.objects.filter(blob_id=sha256).first()
    version = copy.version if copy else store.copy(sha256, store.EVIDENCE, "", store.ARCHIVE)
    told: dict[str, Any] = {"sha256": sha256, "match": store.verify(sha256, store.ARCHIVE, version)}
    if not told["match"]:
        wake.after_commit("evidence.fixity.suspect", sha256)
        told |= {"location": store.place(sha256, store.ARCHIVE), "version": version}
        return steps.Outcome(False, "the archive's copy reads back as something else", told)
    return steps.Outcome(True, "", told | keep(sha256, version))
