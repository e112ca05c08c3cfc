"""Have items screened, soon after they came and again when the signatures change.

A scanner that is down or hangs holds up nothing else: one task at a time speaks with it, steps wait without counting
as failed, and everything that an item waits for besides goes on."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evidence import wake
from evidence.custody import behind, locks
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.intake import services as intake
from evidence.intake import steps
from evidence.intake.models import Item, Step
from evidence.screening.clamd import Clamd, Garbled, Unreachable, Verdict, Version
from evidence.screening.models import Screening
from evidence.store import services as store
from evidence.store.errors import Damaged

log = logging.getLogger(__name__)

TASK = intake.TASKS[Step.Name.SCREEN]
# So much waits to be screened again at one time: what comes in meanwhile waits behind that and no more.
AGAIN_FILES, AGAIN_BYTES = 100, 512 * 1024**2
# What failed is tried again after so long, whether the signatures changed or not.
RETRY = timedelta(days=1)
# So long nobody looks for more once all were found to be screened by these signatures.
REST_SECONDS = 600
SILENT = "the scanner does not answer"


def is_on() -> bool:
    """Whether a scanner is configured."""
    return settings.CLAMD_URL is not None


def version() -> Version:
    """What the scanner says of itself. Raises Unreachable, Garbled."""
    return _scanner().version()


def knows_the_test_file() -> bool:
    """Whether the scanner finds what every scanner is meant to find, and so has signatures. Raises Unreachable,
    Garbled."""
    return _scanner().scan([eicar()], len(eicar())).outcome == Screening.Outcome.FOUND


def eicar() -> bytes:
    """EICAR's harmless test file. Put together when it is needed: scanners would take this module for it."""
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def screen(item: Item) -> bool:
    """Have `item` screened if it still waits for it; whether this call did it. Raises Unreachable, Garbled."""
    return steps.run(item, Step.Name.SCREEN, partial(_screen, version()))


def screen_waiting() -> int:
    """The same for every item that waits; how many were done well. One task at a time does this."""
    if not is_on() or not _waiting().exists():
        return 0
    with locks.tried(locks.SCREENING) as mine:
        if not mine:
            return 0
        try:
            known = version()
        except (Unreachable, Garbled) as error:
            log.warning("%s: %s", SILENT, error)
            detail = f"{SILENT}: {error}"[:steps.LONGEST_DETAIL]
            _waiting().exclude(detail=detail).update(detail=detail)
            return 0
        return steps.run_waiting(Step.Name.SCREEN, partial(_screen, known))


def again() -> int:
    """Let those wait for it once more that were not screened by the scanner's present signatures, longest first and
    not too many at a time; and those that came before there was a scanner. How many."""
    if not is_on() or behind.is_behind() or _waiting().count() >= AGAIN_FILES:
        return 0
    try:
        known = version()
    except (Unreachable, Garbled) as error:
        log.warning("%s: %s", SILENT, error)
        return 0
    done = f"evidence.screened.{known.engine}.{known.signatures}".replace(" ", "_")
    if cache.get(done):
        return 0
    count = _begin() + _repeat(known)
    if not count:
        cache.set(done, True, REST_SECONDS)
        return 0
    wake.soon(TASK)
    return count


def newest(items: Iterable[Item]) -> dict[UUID, Screening]:
    """Item id → what was said of it last; what was never screened is not in it."""
    rows = Screening.objects.filter(item__in=[item.pk for item in items]).order_by("item", "-pk").distinct("item")
    return {row.item_id: row for row in rows}


def waiting() -> int:
    """How many items wait to be screened."""
    return _waiting().count()


def _waiting() -> QuerySet[Step]:
    return Step.objects.filter(name=Step.Name.SCREEN, state=Step.State.PENDING)


def _begin() -> int:
    """Steps for items that have none, because no scanner was there when they came."""
    bare = (Item.objects.filter(tombstone=None).exclude(acquisition=Item.Acquisition.MADE)
            .filter(~Exists(Step.objects.filter(item=OuterRef("pk"), name=Step.Name.SCREEN))))
    chosen = _some(bare.order_by("received_at").values_list("pk", "blob__size")[:AGAIN_FILES])
    Step.objects.bulk_create([Step(item_id=pk, name=Step.Name.SCREEN) for pk in chosen], ignore_conflicts=True)
    return len(chosen)


def _repeat(known: Version) -> int:
    """Steps that were done by other signatures, or that failed a while ago."""
    by_these = Screening.objects.filter(item=OuterRef("item"), engine=known.engine, signatures=known.signatures)
    older = Q(~Exists(by_these), state=Step.State.DONE) | Q(state=Step.State.FAILED,
                                                           changed_at__lt=timezone.now() - RETRY)
    rows = Step.objects.filter(older, name=Step.Name.SCREEN, item__tombstone=None).order_by("changed_at")
    chosen = _some(rows.values_list("pk", "item__blob__size")[:AGAIN_FILES])
    # A worker may have taken one up meanwhile; only what is at rest is woken.
    return Step.objects.filter(pk__in=chosen).exclude(state=Step.State.PENDING).update(
        state=Step.State.PENDING, attempts=0, changed_at=timezone.now())


def _some(rows: Iterable[tuple[Any, int]]) -> list[Any]:
    """The first of `rows` (key, bytes) up to AGAIN_BYTES together; one in any case."""
    chosen: list[Any] = []
    total = 0
    for key, size in rows:
        total += size
        if chosen and total > AGAIN_BYTES:
            break
        chosen.append(key)
    return chosen


def _screen(known: Version, item: Item) -> Callable[[], steps.Outcome]:
    """`known` was asked before: signatures that are replaced meanwhile count as the older ones, never as newer."""
    if hasattr(item, "tombstone"):
        return partial(_told, known, item, None)
    try:
        return partial(_told, known, item, _scanner().scan(store.chunks_verified(item.blob_id), item.blob.size))
    except Damaged:
        return partial(_told, known, item, None)


def _told(known: Version, item: Item, said: Verdict | None) -> steps.Outcome:
    """`said` is None where its bytes were not those of its name: because they went meanwhile, or are damaged."""
    if not Item.objects.filter(pk=item.pk, tombstone=None).exists():
        return steps.Outcome(True, "disposed of", None)
    if said is None:
        wake.after_commit("evidence.fixity.suspect", item.blob_id)
        reason = "the stored bytes no longer match their hash"
        return steps.Outcome(False, reason, {"outcome": "failed", "reason": reason})
    before = newest([item]).get(item.pk)
    event = None
    if before is None or (before.outcome, before.finding) != (said.outcome, said.finding):
        event = custody.record(Kind.VIRUS_CHECK, subject=intake.subject(item), context=intake.context_of(item),
                               agent=custody.SYSTEM, detail={
                                   "sha256": item.blob_id, "outcome": said.outcome, "finding": said.finding,
                                   "engine": known.engine, "signatures": known.signatures}).event_id
    Screening.objects.create(item=item, outcome=said.outcome, finding=said.finding, engine=known.engine,
                             signatures=known.signatures, at=timezone.now(), event_id=event)
    return steps.Outcome(True, f"{said.outcome}: {said.finding}".removesuffix(": "), None)


def _scanner() -> Clamd:
    assert settings.CLAMD_URL is not None
    return Clamd(settings.CLAMD_URL)
