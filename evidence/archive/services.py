"""Copy an item's bytes to the archive storage, read the copy back, and only then call it a copy."""

from typing import Any

from django.utils import timezone

from evidence.archive.models import ArchiveCopy
from evidence.intake import steps
from evidence.intake.models import Item, Step
from evidence.store import services as store


def archive(item: Item) -> bool:
    """Make sure that the archive holds `item`'s bytes and that they read back the same; whether this call did it."""
    return steps.run(item, Step.Name.ARCHIVE, _archive)


def archive_waiting() -> int:
    """The same for every item that waits for it; how many were done well."""
    return steps.run_waiting(Step.Name.ARCHIVE, _archive)


def _archive(item: Item) -> steps.Outcome:
    sha256 = item.blob_id
    if not ArchiveCopy.objects.filter(blob_id=sha256).exists():
        with store.begin(store.ARCHIVE) as incoming:
            for chunk in store.chunks_verified(sha256):
                incoming.write(chunk)
            incoming.finish(sha256)
    whole = store.verify(sha256, store.ARCHIVE)
    location, version = store.place(sha256, store.ARCHIVE)
    told: dict[str, Any] = {"sha256": sha256, "location": location, "version": version, "match": whole}
    if not whole:
        return steps.Outcome(False, "the archive's copy reads back as something else", told)
    ArchiveCopy.objects.update_or_create(
        blob_id=sha256, defaults={"location": location, "version": version, "verified_at": timezone.now()})
    return steps.Outcome(True, "", told)
