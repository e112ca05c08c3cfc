"""Packages that others made: have one checked, see what came of it, have its files lodged as exhibits.

The check is the vault's (evidence.packages). Lodging waits in rows, one for each file, and goes on in batches: each is
one transaction of the accessions, the exhibits and the rows that say so."""

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action, require
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import reading, services
from casework.exhibits.models import Exhibit, Unpacking
from casework.exhibits.services import Lodged
from casework.lifecycle import NotAllowed
from casework.record import Act, record
from evidence import wake
from evidence.custody.services import LogUnwritable
from evidence.intake.models import Item
from evidence.intake.services import Arrival
from evidence.packages import services as vault
from evidence.packages.models import Origin, Package, PackageFile
from evidence.packages.services import NotTakenOut
from evidence.store.errors import Damaged, StoreFull, StoreUnavailable

log = logging.getLogger(__name__)

TASK = "casework.exhibits.unpack"
# So much is lodged in one transaction; one file may be larger.
BATCH_FILES, BATCH_BYTES = 50, 256 * 1024**2
GRACE = timedelta(minutes=10)
RETRY, MOST_ATTEMPTS = timedelta(minutes=2), 5
# One task begins no more batches after so many seconds and wakes a successor.
WORK_SECONDS = 10
LONGEST_PROBLEM = 500


@dataclass(frozen=True)
class Came:
    """Where an item came from: the label of the package, the path in it, and what its sender declared of it."""

    exhibit: str
    path: str
    declared: dict[str, str]


@transaction.atomic
def ask(exhibit: Exhibit, *, by: Any) -> Package:
    """Have the exhibit checked as a package, once. Raises PermissionDenied, CaseClosed, NoPackage (it is withdrawn),
    Disposed; ValidationError for what is no Zip file."""
    case = _usable(exhibit, by)
    if not vault.may_be_one(exhibit.item):
        raise ValidationError(_("This file is no Zip file, so it cannot be a package."))
    package, asked = vault.ask(exhibit.item, context=f"case/{case.ref}")
    if asked:
        record(Act.PACKAGE_ASKED, by=by, subject=f"exhibit/{exhibit}", context=f"case/{case.ref}")
    return package


def of(exhibit: Exhibit) -> Package | None:
    """None where nobody had it checked."""
    return Package.objects.filter(item=exhibit.item_id).first()


def files(package: Package) -> QuerySet[PackageFile]:
    """Its files in their order, each with what became of it."""
    return package.files.select_related("unpacking__became").order_by("position")


@transaction.atomic
def lodge(exhibit: Exhibit, *, positions: Collection[int] | None = None, by: Any) -> int:
    """Have files of a package lodged, all that are whole or those at `positions`; how many wait for it now that did not
    before.

    Raises what `ask` raises; NoPackage where the package is neither valid nor one in which nothing but damaged files is
    wrong; ValidationError for a position that is none."""
    case, package = _usable(exhibit, by), of(exhibit)
    if package is None or package.state not in Package.OPEN:
        raise reading.NoPackage(package.state if package else "none", "unpack")
    wanted = package.files.filter(fits=True)
    if positions is not None:
        wanted = wanted.filter(position__in=set(positions))
        if not positions or wanted.count() != len(set(positions)):
            raise ValidationError(_("Choose files of this package."))
    now = timezone.now()
    # The case's row is locked, so nobody else asks for the same files meanwhile.
    again = Unpacking.objects.filter(file__in=wanted, state=Unpacking.State.FAILED).update(
        state=Unpacking.State.WAITING, problem="", attempts=0, claimed_until=None, asked_by=by, asked_at=now)
    fresh = Unpacking.objects.bulk_create([
        Unpacking(file=file, exhibit=exhibit, asked_by=by, asked_at=now) for file in wanted.filter(unpacking=None)],
        batch_size=1000)
    if count := again + len(fresh):
        record(Act.PACKAGE_UNPACKED, by=by, subject=f"exhibit/{exhibit}", context=f"case/{case.ref}", files=count)
        wake.after_commit(TASK, exhibit.pk)
    return count


def waiting() -> list[int]:
    """Exhibits with files to be lodged that no living worker holds. In a closed case they wait until it is reopened."""
    return sorted(set(_unclaimed().values_list("exhibit_id", flat=True)))


def unpack(exhibit_pk: int) -> int:
    """Lodge what waits of one package, batch by batch; how many files were lodged."""
    until, done = time.monotonic() + WORK_SECONDS, 0
    while (lodged := _batch(exhibit_pk)) is not None:
        done += lodged
        if time.monotonic() > until:
            wake.after_commit(TASK, exhibit_pk)
            break
    return done


def came_from(items: Sequence[Item]) -> dict[Any, Came]:
    """Item id → where it came from; what came by itself is not in it."""
    rows = Unpacking.objects.filter(file__origin__item__in=[item.pk for item in items])
    return {row.file.origin.item_id: Came(row.exhibit.label, row.file.path, row.file.declared)
            for row in rows.select_related("file__origin", "exhibit")}


def _usable(exhibit: Exhibit, by: Any) -> Case:
    """Its case, locked."""
    require(by, Action.EXHIBIT_LODGE, exhibit.case)
    case = cases.require_open(exhibit.case)
    # As it is under the lock, which who withdraws or disposes of it takes too.
    _require_in_use(Exhibit.objects.select_related("item__tombstone").get(pk=exhibit.pk))
    return case


def _require_in_use(exhibit: Exhibit) -> None:
    if exhibit.is_disposed:
        raise reading.Disposed
    if exhibit.withdrawn_at is not None:
        raise reading.NoPackage("withdrawn", "unpack")


def _batch(exhibit_pk: int) -> int | None:
    """Lodge the next files of one package, of one person who asked; None where nothing is left that may be tried."""
    rows = _claimed(exhibit_pk)
    if not rows:
        return None
    exhibit = Exhibit.objects.select_related("case", "item__blob", "item__tombstone").get(pk=exhibit_pk)
    package, claim = Package.objects.select_related("item").get(item=exhibit.item_id), rows[0].claimed_until
    try:
        _require_in_use(exhibit)
        with vault.taken_out(package, [row.file for row in rows]) as arriving:
            return _lodge(exhibit, package, arriving, claim)
    except cases.CaseClosed:
        _release(claim, exhibit_pk)
        return None
    except (PermissionDenied, NotAllowed, reading.Disposed, NotTakenOut) as error:
        _fail(claim, exhibit_pk, f"{type(error).__name__}: {error}")
        return 0
    except (StoreFull, StoreUnavailable, Damaged, LogUnwritable) as error:
        log.warning("files of package %s cannot be lodged now", exhibit_pk, exc_info=True)
        if rows[0].attempts >= MOST_ATTEMPTS:
            _fail(claim, exhibit_pk, str(error))
        else:
            _release(claim, exhibit_pk, RETRY)
        return 0


def _claimed(exhibit_pk: int) -> list[Unpacking]:
    # Whoever could say why it failed did so by the last attempt. These end their workers, or cannot be written.
    _unclaimed().filter(exhibit=exhibit_pk, attempts__gte=MOST_ATTEMPTS).update(
        state=Unpacking.State.FAILED, problem=f"no worker came to an end with it in {MOST_ATTEMPTS} attempts",
        claimed_until=None)
    free = _unclaimed().filter(exhibit=exhibit_pk).select_related("file").order_by("file__position")
    first = free.first()
    if first is None:
        return []
    chosen: list[int] = []
    total = 0
    for row in free.filter(asked_by=first.asked_by_id)[:BATCH_FILES]:
        if chosen and total + row.file.size > BATCH_BYTES:
            break
        total += row.file.size
        chosen.append(row.pk)
    claim = timezone.now() + timedelta(seconds=vault.limits(total).wall) + GRACE
    _unclaimed().filter(pk__in=chosen).update(claimed_until=claim, attempts=F("attempts") + 1)
    return list(_held(claim, exhibit_pk))


@transaction.atomic
def _lodge(exhibit: Exhibit, package: Package, arriving: Sequence[Any], claim: Any) -> int:
    rows = list(_held(claim, exhibit.pk).select_for_update(of=("self",)))
    if len(rows) != len(arriving):
        log.warning("files of package %s were taken over by another worker", exhibit.pk)
        return 0
    _usable(exhibit, rows[0].asked_by)
    came = {key: text for key, text in exhibit.item.provenance.items() if key == "received_from"}
    arrivals = []
    for row, incoming in zip(rows, arriving, strict=True):
        row.file.package = package
        arrivals.append(Arrival(incoming, row.file.path, came, declared_sha256=row.file.declared.get("sha256", ""),
                                detail={"package": {"exhibit": str(exhibit), **vault.described(row.file)}}))
    # What came in something sensitive is, until somebody has looked at it, sensitive too.
    sensitive = Exhibit.objects.get(pk=exhibit.pk).sensitive
    lodged = services.lodge_all(exhibit.case, arrivals, sensitive=sensitive, by=rows[0].asked_by)
    origins = []
    for row, one in zip(rows, lodged, strict=True):
        row.claimed_until = None
        if isinstance(one, Lodged):
            row.state, row.became = Unpacking.State.LODGED, one.exhibit
            origins.append(Origin(item=one.item, file=row.file, event_id=one.receipt.event_id))
        elif isinstance(one, StoreFull | StoreUnavailable) and row.attempts < MOST_ATTEMPTS:
            row.claimed_until = timezone.now() + RETRY
        else:
            row.state, row.problem = Unpacking.State.FAILED, str(one)[:LONGEST_PROBLEM] or type(one).__name__
    Origin.objects.bulk_create(origins)
    Unpacking.objects.bulk_update(rows, ["state", "became", "problem", "claimed_until"])
    return len(origins)


def _release(claim: Any, exhibit_pk: int, after: timedelta | None = None) -> None:
    _held(claim, exhibit_pk).update(claimed_until=timezone.now() + after if after else None)


def _fail(claim: Any, exhibit_pk: int, problem: str) -> None:
    _held(claim, exhibit_pk).update(state=Unpacking.State.FAILED, problem=problem[:LONGEST_PROBLEM],
                                    claimed_until=None)


def _held(claim: Any, exhibit_pk: int) -> QuerySet[Unpacking]:
    return (Unpacking.objects.filter(exhibit=exhibit_pk, state=Unpacking.State.WAITING, claimed_until=claim)
            .select_related("file", "asked_by").order_by("file__position"))


def _unclaimed() -> QuerySet[Unpacking]:
    free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    return Unpacking.objects.filter(free, state=Unpacking.State.WAITING, exhibit__case__state=Case.State.OPEN)
