"""Rows held against what lies in the storages, both ways: bytes without a row, missing copies, other versions."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from evidence.archive.models import ArchiveCopy
from evidence.custody.problem import Problem, attempted
from evidence.fixity import routine
from evidence.fixity.models import Check, Place
from evidence.intake import services as intake
from evidence.intake.models import Item, Step
from evidence.store import services as store
from evidence.store.models import Blob

PAGE = 500
# Bytes without a row are an upload that was cut off, or on its way; after this long nobody is still at it.
ORPHAN_SECONDS = 24 * 3600
# A second copy is made within a minute; what has none after this long needs a person.
LATE = timedelta(hours=24)


def unreferenced(older_than: float = ORPHAN_SECONDS) -> Iterator[str]:
    """The hash of everything in the store that no row names and that has lain there for so many seconds."""
    for names in _pages(store.held(store.EVIDENCE, older_than)):
        yield from sorted(set(names) - set(Blob.objects.filter(pk__in=names).values_list("pk", flat=True)))


def bytes_without_rows() -> Iterator[Problem]:
    """Whatever lies in either storage and no row names. A storage that cannot be listed hides nothing of the other."""
    yield from attempted("bytes in the evidence storage", _unnamed)
    yield from attempted("bytes in the archive storage", _unknown)


def _unnamed() -> Iterator[Problem]:
    for name in unreferenced():
        yield Problem(f"bytes {name}", "lie in the evidence storage without a row")


def _unknown() -> Iterator[Problem]:
    for page in _pages(store.archived(ORPHAN_SECONDS)):
        copies = dict(ArchiveCopy.objects.filter(blob__in={one.sha256 for one in page})
                      .values_list("blob_id", "version"))
        for one in page:
            if one.sha256 not in copies:
                yield Problem(f"bytes {one.sha256}", "lie in the archive storage without a row")
            elif one.deleted:
                yield Problem(f"archive copy of {one.sha256}", "was deleted by somebody: a marker hides its version")
            elif one.version != copies[one.sha256]:
                yield Problem(f"version {one.version} of {one.sha256}",
                              "lies in the archive and is not the one that was recorded")


def without_copy(items: list[Item]) -> Iterator[Problem]:
    """Those of `items` whose archive step is done and that have no second copy, or that have had the time for one."""
    rows = Item.objects.filter(pk__in=[item.pk for item in items], blob__archive_copy=None, tombstone=None)
    done = Step.objects.filter(item=OuterRef("pk"), name=Step.Name.ARCHIVE, state=Step.State.DONE)
    limit = timezone.now() - LATE
    for item in rows.annotate(done=Exists(done)).filter(Q(done=True) | Q(received_at__lt=limit)).order_by("pk"):
        yield Problem(intake.subject(item), "has no second copy though its archive step is done" if item.done else
                      f"has no second copy after {LATE.total_seconds() / 3600:.0f} hours")


def unwatched(blobs: Iterable[str], copies: Iterable[str]) -> Iterator[Problem]:
    """Blobs and copies that the schedule would never read, or that somebody told it to leave."""
    wanted = {(blob, str(Place.STORE)) for blob in blobs} | {(blob, str(Place.ARCHIVE)) for blob in copies}
    rows = Check.objects.filter(blob__in={blob for blob, _place in wanted})
    for blob, place in sorted(wanted - set(rows.values_list("blob_id", "place"))):
        yield Problem(f"blob {blob}", f"is not on watch in the {place}: nobody reads it again")
    for blob, place in rows.filter(routine.never_yet()).order_by("blob", "place").values_list("blob_id", "place"):
        yield Problem(f"blob {blob}", f"its row says that it was read in the {place} at a time that has not come, or "
                                      "was put off for longer than anything is")


def _pages(found: Iterator[Any]) -> Iterator[list[Any]]:
    while page := list(islice(found, PAGE)):
        yield page
