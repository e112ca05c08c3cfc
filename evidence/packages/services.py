"""Check packages, and take their files out. The bytes are read in the jail alone."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from evidence import wake
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.intake import names
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.jail import services as jail
from evidence.packages import answers
from evidence.packages.models import Package, PackageFile
from evidence.store import services as store
from evidence.store.errors import Damaged, HashMismatch, StoreFull, StoreUnavailable
from evidence.store.incoming import Incoming

log = logging.getLogger(__name__)

TASK = "evidence.packages.check"
ACT = "package_checked"
# So many bytes a second are read at least, by the slowest machine that this runs on.
SLOWEST = 8 * 1024**2
MOST_SECONDS = 3 * 3600
# A worker that dies is followed by another so long after the time that its child may take.
GRACE = timedelta(minutes=5)
# Between two attempts on a storage that does not answer, and how many there are.
RETRY, MOST_ATTEMPTS = timedelta(minutes=2), 5
# So many problems are repeated in the event.
TOLD = 20
LONGEST_REASON = 500


class NotTakenOut(Exception):
    """The files did not come out as they were when the package was checked. The message is for people."""


def may_be_one(item: Item) -> bool:
    """Whether its first bytes are those of a Zip file. One that holds office documents may pass for one of them."""
    return item.media_type == "application/zip" or item.media_type.startswith(
        "application/vnd.openxmlformats-officedocument.")


@transaction.atomic
def ask(item: Item, *, context: str) -> tuple[Package, bool]:
    """Have `item` checked, once: the answer is the check, and whether it was asked for by this call. One that could not
    be done may be asked for again."""
    package, made = Package.objects.get_or_create(item=item, defaults={"context": context, "asked_at": timezone.now()})
    again = not made and bool(Package.objects.filter(pk=package.pk, state=Package.State.FAILED).update(
        state=Package.State.WAITING, attempts=0, reason="", claimed_until=None, asked_at=timezone.now()))
    if again:
        package.refresh_from_db()
    if made or again:
        wake.after_commit(TASK, str(package.pk))
    return package, made or again


def waiting() -> list[str]:
    """Those to be checked that no living worker holds."""
    return [str(pk) for pk in _unclaimed().values_list("pk", flat=True)]


def check(package_id: str) -> bool:
    """Check one; False when it does not wait, another worker has it, or it could not be done."""
    package = Package.objects.filter(pk=package_id).select_related("item__blob", "item__tombstone").first()
    if package is None:
        return False
    most = limits(package.item.blob.size)
    claim = timezone.now() + timedelta(seconds=most.wall) + GRACE
    if not _unclaimed().filter(pk=package_id).update(claimed_until=claim, attempts=F("attempts") + 1):
        return False
    # Whoever kills its worker each time does so for ever otherwise.
    if package.attempts >= MOST_ATTEMPTS:
        return _fail(package, claim, "its reader was cut off too often")
    if hasattr(package.item, "tombstone"):
        return _fail(package, claim, "its bytes were disposed of")
    try:
        with store.open_blob(package.item.blob_id) as source:
            result = jail.run("bag", source, limits=most)
        if not result.ok:
            return _fail(package, claim, result.reason)
        answer = answers.read(result.parts.get("told", b""))
    except answers.Nonsense as error:
        return _fail(package, claim, f"the reader answered nonsense: {error}")
    except (StoreFull, StoreUnavailable, Damaged, OSError) as error:
        log.warning("package %s cannot be read", package_id, exc_info=True)
        return _later(package, claim, str(error))
    return _close(package, claim, answer)


@contextmanager
def taken_out(package: Package, files: Sequence[PackageFile]) -> Iterator[list[Incoming]]:
    """The bytes of `files` on their way into the store, each hashed here again and the same as was declared.

    Raises NotTakenOut, Damaged, StoreFull, StoreUnavailable."""
    with ExitStack() as stack:
        try:
            arriving = _poured(package, files, stack)
        except (HashMismatch, jail.Stopped) as error:
            raise NotTakenOut(str(error)) from error
        yield arriving


def _poured(package: Package, files: Sequence[PackageFile], stack: ExitStack) -> list[Incoming]:
    total = sum(file.size for file in files)
    arriving, held = [], b""
    with store.open_blob(package.item.blob_id) as source, closing(jail.pour(
            "bag", source, ",".join(str(file.position) for file in files), limits=limits(total, total))) as pieces:
        for file in files:
            arriving.append(incoming := stack.enter_context(store.begin()))
            held = _fill(incoming, file, held, pieces)
        # The child must have ended well, and given nothing more.
        if held or next(pieces, b""):
            raise jail.Stopped("the reader gave more than the files have")
    return arriving


def described(file: PackageFile) -> dict[str, Any]:
    """What the accession of a file says of where it was."""
    return {"item": str(file.package.item_id), "path": file.path, "declared": file.declared, "fits": file.fits}


def _fill(incoming: Incoming, file: PackageFile, held: bytes, pieces: Iterator[bytes]) -> bytes:
    """Write just this file's bytes, from `held` and then from `pieces`; what is left over. Raises HashMismatch."""
    digests = {name: hashlib.new(name) for name in file.declared}
    left = file.size
    while left:
        held = held or next(pieces, b"")
        if not held:
            raise jail.Stopped("the reader gave less than the files have")
        part, held = held[:left], held[left:]
        left -= len(part)
        incoming.write(part)
        for digest in digests.values():
            digest.update(part)
    if incoming.sha256 != file.sha256:
        raise HashMismatch(file.sha256, incoming.sha256)
    for name, digest in digests.items():
        if digest.hexdigest() != file.declared[name]:
            raise HashMismatch(file.declared[name], digest.hexdigest())
    return held


def limits(size: int, output: int = jail.Limits.output) -> jail.Limits:
    """What a child may take over so many bytes, and how many it may answer."""
    seconds = min(MOST_SECONDS, 120 + 10 * size // SLOWEST)
    return jail.Limits(cpu=seconds, wall=float(seconds), output=output)


@transaction.atomic
def _close(package: Package, claim: Any, answer: answers.Answer) -> bool:
    row = Package.objects.select_for_update().filter(pk=package.pk, state=Package.State.WAITING,
                                                     claimed_until=claim).first()
    if row is None:
        log.warning("package %s was taken over by another worker", package.pk)
        return False
    files = PackageFile.objects.bulk_create([PackageFile(package=row, **file) for file in answer.files],
                                            batch_size=1000)
    for key in ("version", "folder", "algorithms", "ignored", "claims", "problems", "problem_count"):
        setattr(row, key, getattr(answer, key))
    row.file_count, row.byte_count = len(answer.files), sum(file["size"] for file in answer.files)
    row.state = answer.state
    row.checked_at, row.claimed_until = timezone.now(), None
    row.save()
    _tell(row, match=row.state == Package.State.VALID, version=row.version, algorithms=row.algorithms,
          files=row.file_count, bytes=row.byte_count, problem_count=row.problem_count, problems=row.problems[:TOLD],
          report_sha256=answers.digest(row, files))
    return True


@transaction.atomic
def _fail(package: Package, claim: Any, reason: str) -> bool:
    """It could not be checked, which says nothing about the package."""
    reason = names.storable(reason)[:LONGEST_REASON] or "no reason was given"
    if Package.objects.filter(pk=package.pk, state=Package.State.WAITING, claimed_until=claim).update(
            state=Package.State.FAILED, reason=reason, claimed_until=None):
        package.state = Package.State.FAILED
        _tell(package, reason=reason)
    return False


def _later(package: Package, claim: Any, reason: str) -> bool:
    if package.attempts + 1 >= MOST_ATTEMPTS:
        return _fail(package, claim, reason)
    Package.objects.filter(pk=package.pk, state=Package.State.WAITING, claimed_until=claim).update(
        claimed_until=timezone.now() + RETRY)
    return False


def _tell(package: Package, **said: Any) -> None:
    custody.record(Kind.FIXITY, subject=intake.subject(package.item), context=package.context, agent=custody.SYSTEM,
                   detail={"act": ACT, "sha256": package.item.blob_id, "outcome": str(package.state), **said})


def _unclaimed() -> QuerySet[Package]:
    free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    return Package.objects.filter(free, state=Package.State.WAITING)
