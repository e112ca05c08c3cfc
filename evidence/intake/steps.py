"""Work that an item still waits for: claim it, read, then keep what came of that in one short transaction.

The claim is a lock of the connection and goes by the bytes: one at a time works at the same ones. Nothing is held in
the database while files are read, hashed, copied or looked through, which may take minutes. A worker that dies lets go
of the claim and leaves the step pending: nothing is done before its event commits. A second delivery of the same
message finds the step claimed or done, and stops. Whoever lost the claim and comes late finds the step done."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from evidence import wake
from evidence.custody import locks
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.intake import services
from evidence.intake.models import Item, Step

log = logging.getLogger(__name__)

KIND = {Step.Name.FIXITY: Kind.FIXITY, Step.Name.DERIVE: Kind.DERIVATION, Step.Name.ARCHIVE: Kind.REPLICATION,
        Step.Name.SCREEN: Kind.VIRUS_CHECK}

# Seconds to wait after 0, 1, 2 … failed attempts: an outage of an hour is survived without anybody's help.
# After the fifth failure a person must look.
PATIENCE = (0, 60, 300, 1200, 3600)
# One task begins no more work after so many seconds and wakes a successor, so that other tasks get their turn.
WORK_SECONDS = 10
LONGEST_DETAIL = 500
# So many steps are tried for one that nobody is at: more than there are processes that do the same work.
TRIED = 100


@dataclass(frozen=True)
class Outcome:
    """What came of a step. `good` False ends it as failed at once, because trying again would not change it.

    `told` is the event's detail; None where there was nothing to do and so nothing to tell."""

    good: bool
    detail: str
    told: dict[str, Any] | None


# Reads outside of any transaction, and gives what then keeps what came of it, inside one.
Reading = Callable[[Item], Callable[[], Outcome]]


def run(item: Item, name: Step.Name, reading: Reading) -> bool:
    """Do step `name` of `item` if it is still pending and nobody is at it; whether this call did it well."""
    return bool(_do_next(Step.objects.filter(item=item, name=name), reading))


def run_waiting(name: Step.Name, reading: Reading) -> int:
    """Do the steps `name` that wait, longest first, beside others who do the same; how many were done well."""
    until, done = time.monotonic() + WORK_SECONDS, 0
    while (good := _do_next(_due().filter(name=name), reading)) is not None:
        done += good
        if time.monotonic() > until:
            wake.soon(services.TASKS[name])
            break
    return done


def are_waiting(name: Step.Name) -> bool:
    """Whether there are steps `name` that are due."""
    return _due().filter(name=name, state=Step.State.PENDING).exists()


def _due() -> QuerySet[Step]:
    """Steps that nobody touched for as long as their failures deserve."""
    now, due = timezone.now(), Q()
    for attempts, seconds in enumerate(PATIENCE):
        due |= Q(attempts=attempts, changed_at__lte=now - timedelta(seconds=seconds))
    return Step.objects.filter(due).order_by("changed_at")


def _do_next(steps: QuerySet[Step], reading: Reading) -> bool | None:
    """Do the first of `steps` that is pending and free: whether it went well, None where there is none."""
    pending = steps.filter(state=Step.State.PENDING).select_related("item__blob")
    for pk, name, sha256 in pending.values_list("pk", "name", "item__blob")[:TRIED]:
        with locks.tried_for(f"{name} {sha256}") as mine:
            # Between the look and the lock another may have ended it.
            if mine and (step := pending.filter(pk=pk).first()) is not None:
                return _do(step, reading)
    return None


def _do(step: Step, reading: Reading) -> bool:
    try:
        keep = reading(step.item)
        with transaction.atomic():
            # A connection that was lost meanwhile let go of the claim, and another may have done it since.
            mine = Step.objects.select_for_update().filter(pk=step.pk, state=Step.State.PENDING).exists()
            if not mine:
                return False
            outcome = keep()
            _close(step, outcome)
    # Whatever went wrong is counted, shown and tried again; the transaction has undone the rest.
    except Exception as error:
        log.warning("%s of item %s failed", step.name, step.item_id, exc_info=True)
        _count_failure(step, f"{type(error).__name__}: {error}")
        return False
    return outcome.good


@transaction.atomic
def retry_failed() -> int:
    """Make every failed step pending again, after a person mended the cause; how many."""
    return Step.objects.filter(state=Step.State.FAILED).update(
        state=Step.State.PENDING, attempts=0, changed_at=timezone.now())


def _close(step: Step, outcome: Outcome) -> None:
    step.state = Step.State.DONE if outcome.good else Step.State.FAILED
    step.detail = outcome.detail[:LONGEST_DETAIL]
    step.save(update_fields=["state", "detail", "changed_at"])
    if outcome.told is not None:
        custody.record(KIND[Step.Name(step.name)], subject=services.subject(step.item),
                       context=services.context_of(step.item), agent=custody.SYSTEM, detail=outcome.told)


@transaction.atomic
def _count_failure(failed: Step, reason: str) -> None:
    step = Step.objects.select_for_update().get(pk=failed.pk)
    if step.state != Step.State.PENDING:
        return
    step.attempts += 1
    if step.attempts < len(PATIENCE):
        step.detail = reason[:LONGEST_DETAIL]
        step.save(update_fields=["attempts", "detail", "changed_at"])
        return
    step.save(update_fields=["attempts"])
    _close(step, Outcome(False, reason, {"outcome": "failed", "attempts": step.attempts,
                                         "reason": reason[:LONGEST_DETAIL]}))
