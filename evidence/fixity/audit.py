"""The whole verification: the log against itself, then items, bytes, derivatives and second copies against the log.

Everything is read in pages by key and bytes are hashed while they stream, so memory stays flat. What lies in the
storages is held against the rows in both directions (`reconciled`). Rows of the floors above are held against the log
by who knows them (`besides`)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from evidence.archive.models import ArchiveCopy
from evidence.custody import kept, verify
from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Payload
from evidence.custody.problem import Problem, attempted
from evidence.disposal.models import Tombstone
from evidence.fixity import besides, disposed, harmed, hashing, reconciled, witnessed
from evidence.fixity.hashing import Job
from evidence.fixity.models import Damage
from evidence.fixity.pages import pages
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.store.models import Blob
from evidence.store.services import Lock


def audit_all(*, held: Sequence[str] = (), checked: Counter[str]) -> Iterator[Problem]:
    """Every problem found anywhere. `held` are checkpoints kept outside; `checked` counts what was looked at."""
    yield from audit_rows(held=held, checked=checked)
    for blobs in pages(Blob.objects.all(), "sha256"):
        yield from _blobs(blobs, checked)
        names = {row.sha256 for row in blobs}
        used = Blob.objects.filter(Q(items__isnull=False) | Q(derivatives__isnull=False), pk__in=names)
        for blob in sorted(names - set(used.values_list("pk", flat=True))):
            yield Problem(f"blob {blob}", "belongs to no item and no derivative")
    yield from attempted("bytes without a row", reconciled.bytes_without_rows)


def audit_rows(*, held: Sequence[str] = (), checked: Counter[str]) -> Iterator[Problem]:
    """The same without the bytes: the log, what was kept from outside, and items against the log."""
    yield from verify.verify_all(held=held, checked=checked)
    yield from attempted("what was kept from outside", kept.problems, checked)
    for accessions in pages(Payload.objects.filter(kind=Kind.ACCESSION), "event_id"):
        yield from attempted(_span("accession", accessions), witnessed.missing,
                             [(row.event_id, row.subject) for row in accessions])
    for disposals in pages(Payload.objects.filter(kind=Kind.DISPOSAL), "event_id"):
        yield from attempted(_span("disposal", disposals), disposed.missing, [row.event_id for row in disposals])
    for stones in pages(Tombstone.objects.all(), "item_id"):
        checked["tombstones"] += len(stones)
        yield from attempted(_span("tombstone", stones), disposed.tombstones, stones)
    for told in pages(Payload.objects.filter(kind__in=(Kind.FIXITY, Kind.REPLICATION)), "event_id"):
        yield from attempted(_span("event", told), harmed.missing, [row.event_id for row in told])
    for damages in pages(Damage.objects.all(), "id"):
        checked["damages"] += len(damages)
        yield from attempted(_span("damage", damages), harmed.damages, damages)
    for items in pages(Item.objects.all(), "id"):
        checked["items"] += len(items)
        yield from attempted(_span("item", items), _witnessed, items)
        yield from attempted(_span("item", items), reconciled.without_copy, items)
    yield from attempted("what stands beside", besides.problems, besides.Scope(), checked)


def audit_case(reference: str, *, checked: Counter[str]) -> Iterator[Problem]:
    """Every problem with the events, items and bytes of one case (`CW-2026-0014`)."""
    context = f"case/{reference}"
    yield from verify.verify_context(context, checked=checked)
    for accessions in pages(Payload.objects.filter(kind=Kind.ACCESSION, context=context), "event_id"):
        yield from attempted(_span("accession", accessions), witnessed.missing,
                             [(row.event_id, row.subject) for row in accessions])
        yield from _items([row.subject for row in accessions], checked)
    for erased in pages(Erasure.objects.filter(kind=Kind.ACCESSION, context=context), "event_id"):
        yield from _items([row.subject for row in erased], checked)
    yield from attempted("what stands beside", besides.problems, besides.Scope(context=context), checked)


def _items(subjects: list[str], checked: Counter[str]) -> Iterator[Problem]:
    """The items that these subjects name, with all their bytes."""
    items = list(Item.objects.filter(pk__in=witnessed.ids(subjects)))
    checked["items"] += len(items)
    yield from attempted(_span("item", items), _witnessed, items)
    blobs = Blob.objects.filter(Q(items__in=items) | Q(derivatives__item__in=items)).distinct()
    yield from _blobs(list(blobs), checked)


def audit_items(items: Sequence[Item], subjects: Sequence[str], *, checked: Counter[str]) -> Iterator[Problem]:
    """Every problem with these items, their bytes, and all that was recorded of `subjects`."""
    yield from verify.verify_subjects(subjects, checked=checked)
    checked["items"] += len(items)
    yield from attempted(_span("item", items), witnessed.items, items)
    yield from attempted("what stands beside", besides.problems, besides.Scope(subjects=tuple(subjects)), checked)
    blobs = Blob.objects.filter(Q(items__in=items) | Q(derivatives__item__in=items)).distinct()
    yield from _blobs(list(blobs), checked)


def _blobs(blobs: list[Blob], checked: Counter[str]) -> Iterator[Problem]:
    """Read every byte again, of the store and of the archive's copies, several files at a time."""
    yield from attempted(_span("blob", blobs), _read, blobs, checked)
    yield from attempted(_span("archive copy", blobs), _told, [blob.sha256 for blob in blobs])


def _read(blobs: list[Blob], checked: Counter[str]) -> Iterator[Problem]:
    names = [blob.sha256 for blob in blobs]
    leaving = disposed.leaving(names)
    copies = list(ArchiveCopy.objects.filter(blob__in=names).select_related("blob"))
    checked["blobs"] += len(blobs)
    there = [blob for blob in blobs if (blob.sha256, store.EVIDENCE) not in leaving]
    checked["bytes"] += sum(blob.size for blob in there)
    checked["archive copies"] += len(copies)
    yield from hashing.problems([*map(_stored, there), *(
        _copied(copy) for copy in copies if (copy.blob_id, store.ARCHIVE) not in leaving)])
    yield from disposed.still_there(leaving)
    yield from reconciled.unwatched(names, [copy.blob_id for copy in copies])


def _told(names: list[str]) -> Iterator[Problem]:
    """The copies of these blobs as rows say it, beside the events that say where they lie."""
    with _one_moment():
        copies = list(ArchiveCopy.objects.filter(blob__in=names).select_related("blob"))
        told, unsaid = witnessed.copied(names), witnessed.unsaid_copies(names)
    for copy in copies:
        if not witnessed.is_told(copy, told[copy.blob_id]) and copy.blob_id not in unsaid:
            yield Problem(f"archive copy of {copy.blob_id}", "no recorded event says that it lies there, locked so")
    copied = {copy.blob_id for copy in copies} | disposed.uncopied(names)
    for sha256 in sorted({name for name in names if told[name]} - copied):
        yield Problem(f"archive copy of {sha256}", "was made and its row is gone")


def _stored(blob: Blob) -> Job:
    return Job(f"blob {blob.sha256}", blob.sha256, blob.size, store.EVIDENCE)


def _copied(copy: ArchiveCopy) -> Job:
    lock = Lock(copy.lock_mode, copy.locked_until, copy.legal_hold) if copy.lock_mode else None
    return Job(f"archive copy of {copy.blob_id}", copy.blob_id, copy.blob.size, store.ARCHIVE, copy.version, lock)


def _witnessed(items: list[Item]) -> list[Problem]:
    with _one_moment():
        return list(witnessed.items(items))


@contextmanager
def _one_moment() -> Iterator[None]:
    """What is read in this block is of one moment: work that commits meanwhile is seen whole or not at all."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _span(what: str, rows: Sequence[Any]) -> str:
    """A page of rows, by its first and its last key."""
    return f"{what}s {'…'.join(dict.fromkeys(str(row.pk) for row in (*rows[:1], *rows[-1:])))}"
