"""Verifications that a person asks for: at once where there is little, otherwise as work that waits in its row."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evidence import wake
from evidence.custody import checkpoints
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.custody.problem import Problem
from evidence.fixity import audit
from evidence.fixity.models import Verification
from evidence.intake.models import Item
from evidence.store.keys import is_sha256

log = logging.getLogger(__name__)

# So many problems are kept word for word; all are counted.
KEPT = 100
# So many are repeated in the event.
TOLD = 20
MOST_ATTEMPTS = 3
RECENT = 20


@transaction.atomic
def ask(subject: str, *, context: str, act: str, agent: dict[str, Any], subjects: Sequence[str] = (),
        items: Sequence[UUID] = ()) -> Verification:
    """Ask for `items` and all that was recorded of `subjects`, or without them for all of `context`.

    One that waits already is answered in place of a second. `act` is what its event is called."""
    asked, made = Verification.objects.get_or_create(
        subject=subject, state=Verification.State.PENDING, defaults={
            "context": context, "act": act, "agent": agent, "subjects": list(subjects),
            "items": [str(item) for item in items], "asked_at": timezone.now()})
    if made:
        wake.after_commit("evidence.verify")
    return asked


def recent(subject: str) -> list[Verification]:
    """The last ones of `subject`, newest first."""
    return list(Verification.objects.filter(subject=subject).order_by("-asked_at")[:RECENT])


def run_waiting() -> int:
    """Do all that wait, one after the other; how many were done."""
    done = 0
    for waiting in Verification.objects.filter(state=Verification.State.PENDING).order_by("asked_at"):
        done += run(waiting)
    return done


def run(waiting: Verification) -> bool:
    """Do this one unless somebody is at it; whether this call did it. What breaks is tried again a few times."""
    try:
        with transaction.atomic():
            row = (Verification.objects.select_for_update(skip_locked=True)
                   .filter(pk=waiting.pk, state=Verification.State.PENDING).first())
            if row is None:
                return False
            _do(row)
    # Whatever went wrong is counted and shown; the transaction has undone the rest.
    except Exception:
        log.exception("verification %s of %s failed", waiting.pk, waiting.subject)
        _count_failure(waiting)
        return False
    return True


def _do(row: Verification) -> None:
    head, checked = checkpoints.latest(), Counter[str]()
    found = _found(row, checked)
    kept = list(islice(found, KEPT))
    row.problems = [{"object": one.object, "problem": one.problem} for one in kept]
    row.problem_count = len(kept) + sum(1 for _more in found)
    row.checked, row.size = dict(checked), head.size if head else None
    row.state, row.finished_at = Verification.State.DONE, timezone.now()
    row.save()
    custody.record(Kind.FIXITY, subject=row.subject, context=row.context, agent=row.agent, detail=_told(row))
    for named in {one.object.rpartition(" ")[2] for one in kept}:
        if is_sha256(named):
            wake.after_commit("evidence.fixity.suspect", named)


def _found(row: Verification, checked: Counter[str]) -> Iterator[Problem]:
    if not row.subjects:
        return audit.audit_case(row.context.removeprefix("case/"), checked=checked)
    return audit.audit_items(list(Item.objects.filter(pk__in=row.items)), row.subjects, checked=checked)


def _told(row: Verification) -> dict[str, Any]:
    """What the event of a verification says."""
    return {"act": row.act, "match": not row.problem_count, "outcome": "fails" if row.problem_count else "holds",
            "checked": {name.replace(" ", "_"): number for name, number in sorted(row.checked.items())},
            "checkpoint_size": row.size, "problem_count": row.problem_count, "problems": row.problems[:TOLD]}


@transaction.atomic
def _count_failure(failed: Verification) -> None:
    row = Verification.objects.select_for_update().get(pk=failed.pk)
    if row.state != Verification.State.PENDING:
        return
    row.attempts += 1
    if row.attempts >= MOST_ATTEMPTS:
        row.state, row.finished_at = Verification.State.FAILED, timezone.now()
    row.save(update_fields=["attempts", "state", "finished_at"])
