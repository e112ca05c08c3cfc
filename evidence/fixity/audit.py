"""The whole verification: the log against itself, then items, bytes, derivatives and second copies against the log.

Everything is read in pages by key and bytes are hashed while they stream, so memory stays flat. What lies in the
storages is held against the rows in both directions (`reconciled`). Rows of the floors above are held against the log
by who knows them (`besides`)."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from evidence.archive.models import ArchiveCopy
from evidence.custody import kept, verify
from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Payload
from evidence.custody.problem import Problem, attempted
from evidence.disposal.models import Tombstone
from evidence.fixity import besides, disposed, elsewhere, harmed, hashing, reconciled, witnessed
from evidence.fixity.hashing import Job
from evidence.fixity.models import Damage
from evidence.fixity.pages import pages, span
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
    yield from reconciled.bytes_without_rows()


def audit_rows(*, held: Sequence[str] = (), checked: Counter[str]) -> Iterator[Problem]:
    """The same without the bytes: the log, what was kept from outside, and items against the log."""
    yield from verify.verify_all(held=held, checked=checked)
    yield from attempted("what was kept from outside", kept.problems, checked)
    for accessions in pages(Payload.objects.filter(kind=Kind.ACCESSION), "event_id"):
        yield from attempted(span("accession", accessions), witnessed.missing,
                             [(row.event_id, row.subject) for row in accessions])
    yield from _missing(Payload.objects.all())
    yield from _unsaid(Tombstone.objects.all(), Damage.objects.all(), checked)
    for items in pages(Item.objects.all(), "id"):
        checked["items"] += len(items)
        yield from attempted(span("item", items), _witnessed, items)
        yield from attempted(span("item", items), reconciled.without_copy, items)
    yield from attempted("what stands beside", besides.problems, besides.Scope(), checked)


def audit_case(reference: str, *, checked: Counter[str]) -> Iterator[Problem]:
    """Every problem with the events, items and bytes of one case (`CW-2026-0014`)."""
    context = f"case/{reference}"
    yield from verify.verify_context(context, checked=checked)
    said = Payload.objects.filter(context=context)
    for accessions in pages(said.filter(kind=Kind.ACCESSION), "event_id"):
        yield from attempted(span("accession", accessions), witnessed.missing,
                             [(row.event_id, row.subject) for row in accessions])
        yield from _items(_named(accessions), checked)
    for erased in pages(Erasure.objects.filter(kind=Kind.ACCESSION, context=context), "event_id"):
        yield from _items(_named(erased), checked)
    yield from _missing(said)
    yield from attempted("what stands beside", besides.problems, besides.Scope(context=context), checked)


def audit_items(items: Sequence[Item], subjects: Sequence[str], *, checked: Counter[str]) -> Iterator[Problem]:
    """Every problem with these items, their bytes, and all that was recorded of `subjects`."""
    yield from verify.verify_subjects(subjects, checked=checked)
    yield from _items(list(items), checked)
    # A disposal is recorded once for all that it takes out of a case: of these events only our items count.
    contexts = {context for model in (Payload, Erasure) for context in
                model.objects.filter(subject__in=subjects).values_list("context", flat=True).distinct()}
    yield from _missing(Payload.objects.filter(
        Q(subject__in=subjects) | Q(kind=Kind.DISPOSAL, context__in=contexts)), {item.pk for item in items})
    yield from attempted("what stands beside", besides.problems, besides.Scope(subjects=tuple(subjects)), checked)


def _named(accessions: Sequence[Payload | Erasure]) -> list[Item]:
    return list(Item.objects.filter(pk__in=witnessed.ids([row.subject for row in accessions])))


def _items(items: list[Item], checked: Counter[str]) -> Iterator[Problem]:
    """These items with all that was made of them, was disposed of or came to harm, and all their bytes."""
    checked["items"] += len(items)
    yield from attempted(span("item", items), _witnessed, items)
    blobs = list(Blob.objects.filter(Q(items__in=items) | Q(derivatives__item__in=items)).distinct())
    yield from _unsaid(Tombstone.objects.filter(item__in=items), Damage.objects.filter(blob__in=blobs), checked)
    yield from _blobs(blobs, checked)


def _missing(said: QuerySet[Payload], among: Collection[UUID] | None = None) -> Iterator[Problem]:
    """What these events say was disposed of (`among` these, where any are given), harmed or healed, and no row does."""
    for disposals in pages(said.filter(kind=Kind.DISPOSAL), "event_id"):
        yield from attempted(span("disposal", disposals), disposed.missing, [row.event_id for row in disposals], among)
    for told in pages(said.filter(kind__in=(Kind.FIXITY, Kind.REPLICATION)), "event_id"):
        yield from attempted(span("event", told), harmed.missing, [row.event_id for row in told])


def _unsaid(stones: QuerySet[Tombstone], damages: QuerySet[Damage], checked: Counter[str]) -> Iterator[Problem]:
    """Which of these rows say what no event does. Whoever forges them would excuse bytes that are gone."""
    for buried in pages(stones, "item_id"):
        checked["tombstones"] += len(buried)
        yield from attempted(span("tombstone", buried), disposed.tombstones, buried)
    for hurt in pages(damages, "id"):
        checked["damages"] += len(hurt)
        yield from attempted(span("damage", hurt), harmed.damages, hurt)


def _blobs(blobs: list[Blob], checked: Counter[str]) -> Iterator[Problem]:
    """Read every byte again, of the store and of the archive's copies, several files at a time."""
    yield from attempted(span("blob", blobs), _read, blobs, checked)
    yield from attempted(span("archive copy", blobs), _told, [blob.sha256 for blob in blobs])


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
        return [*witnessed.items(items), *elsewhere.problems(items)]


@contextmanager
def _one_moment() -> Iterator[None]:
    """What is read in this block is of one moment: work that commits meanwhile is seen whole or not at all."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
