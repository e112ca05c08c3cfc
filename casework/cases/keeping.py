"""How long a case is kept, and the legal holds that keep it whatever its time says.

Both may be changed in a closed case: that is when they matter."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import editions, lifecycle
from casework.access import Action, require
from casework.cases.models import Case, Hold
from casework.cases.texts import needed
from casework.record import Act, record
from evidence.disposal import services as disposal

MATTER_LENGTH = 200
# A hundred years: nobody who sets more means it.
LONGEST_DAYS = 36_525


class Held(lifecycle.NotAllowed):
    """A legal hold stands on this case, so nothing of it is disposed of (409)."""

    def __init__(self) -> None:
        super().__init__("held", "dispose")

    def __str__(self) -> str:
        return _("A legal hold stands on this case. Nothing of it is disposed of before every hold is lifted.")


def lock(case: Case) -> Case:
    """The case's row, locked until the caller's transaction ends."""
    locked: Case = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    return locked


def require_unheld(case: Case) -> Case:
    """Lock the case's row and hand it back, or raise Held. A hold that is being placed is waited for."""
    locked = lock(case)
    if locked.holds.filter(lifted_at=None).exists():
        raise Held
    return locked


@transaction.atomic
def place_hold(case: Case, *, matter: str, basis: str, by: Any) -> Hold:
    """From now on nothing of the case is disposed of, and what is still to be removed for it waits."""
    case = lock(case)
    require(by, Action.CASE_KEEP, case)
    words = needed(MATTER_LENGTH, matter=matter) | needed(basis=basis)
    made = Hold.objects.create(case=case, placed_by=by, placed_at=timezone.now(), **words)
    _record(Act.HOLD_PLACED, case, by, hold=made.pk, **words)
    disposal.hold(f"case/{case.ref}", True)
    return made


@transaction.atomic
def lift_hold(hold: Hold, *, reason: str, by: Any) -> Hold:
    """This hold keeps the case no more; others that stand still do. ValidationError when it was lifted before."""
    case = lock(hold.case)
    require(by, Action.CASE_KEEP, case)
    hold = case.holds.get(pk=hold.pk)
    if hold.lifted_at is not None:
        raise ValidationError(_("This hold was lifted before."))
    hold.lifted_because = needed(reason=reason)["reason"]
    hold.lifted_by, hold.lifted_at = by, timezone.now()
    hold.save(update_fields=["lifted_because", "lifted_by", "lifted_at"])
    _record(Act.HOLD_LIFTED, case, by, hold=hold.pk, matter=hold.matter, reason=hold.lifted_because)
    if not case.holds.filter(lifted_at=None).exists():
        disposal.hold(f"case/{case.ref}", False)
    return hold


@transaction.atomic
def set_retention(case: Case, *, days: int, basis: str, made_from: Collection[str] | None = None, by: Any) -> Case:
    """How many days after its closing the case is kept, and by which rule."""
    case = lock(case)
    require(by, Action.CASE_KEEP, case)
    editions.require(made_from, partial(edition, case))
    if not 0 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("Choose between 0 and %(most)d days.") % {"most": LONGEST_DAYS}})
    words = needed(basis=basis)
    before = case.retention_days
    case.retention_days, case.retention_basis = days, words["basis"]
    case.save(update_fields=["retention_days", "retention_basis"])
    _record(Act.RETENTION_SET, case, by, days=days, before=before, **words)
    return case


def edition(case: Case) -> editions.Edition:
    """How long, and why, as it stands."""
    return editions.Edition({"days": case.retention_days, "basis": case.retention_basis}, f"case/{case.ref}",
                            (Act.RETENTION_SET,))


def _record(act: Act, case: Case, by: Any, **detail: Any) -> None:
    record(act, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}", **detail)
