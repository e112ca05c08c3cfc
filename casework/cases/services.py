"""Open and close a case, let people in and out. A case always keeps a lead, and a closed one takes no change.

A lead who is shut out of the whole system is replaced in casework.cases.leaving."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import lifecycle
from casework.access import Action, Role, require
from casework.cases import states
from casework.cases.models import Case, Membership
from casework.cases.texts import MANDATE_LENGTH, needed
from casework.record import Act, record

TITLE_LENGTH = 200
# One number for the advisory lock under which the next case of a year gets its number.
NUMBER_LOCK = 0x43574E4F


class CaseClosed(lifecycle.NotAllowed):
    """A write was tried in a closed case (409)."""

    def __init__(self, verb: str = "change"):
        super().__init__(Case.State.CLOSED, verb)

    def __str__(self) -> str:
        return _("This case is closed. Reopen it before anything in it is changed.")


def require_open(case: Case) -> Case:
    """Lock the case's row until the end of the caller's transaction and hand it back, or raise CaseClosed.

    Every service that writes into a case calls this first, so that nothing slips in while the case is closed."""
    locked: Case = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if not locked.is_open:
        raise CaseClosed
    return locked


@transaction.atomic
def open_case(*, title: str, mandate_basis: str, mandate_purpose: str, mandate_scope: str, by: Any) -> Case:
    """A new case `CW-YYYY-NNNN`; whoever opens it becomes its lead. Raises ValidationError without a mandate,
    PermissionDenied for a token that is limited to cases."""
    if by.only_cases is not None:
        raise PermissionDenied("case.open")
    words = needed(MANDATE_LENGTH, {"title": TITLE_LENGTH}, title=title, mandate_basis=mandate_basis,
                   mandate_purpose=mandate_purpose, mandate_scope=mandate_scope)
    now = timezone.now()
    number = _next_number(now.year)
    case = Case.objects.create(ref=f"CW-{now.year}-{number:04d}", year=now.year, number=number, opened_by=by,
                               opened_at=now, **words)
    Membership.objects.create(case=case, user=by, role=Role.LEAD, granted_by=by, granted_at=now)
    record(Act.CASE_OPENED, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}", **words)
    return case


@transaction.atomic
def add_member(case: Case, *, user: Any, role: str, by: Any) -> Membership:
    """Give an active person a role in the case. Raises ValidationError when they hold it already."""
    case = require_open(case)
    require(by, Action.CASE_MEMBERS, case)
    if role not in Role.values:
        raise ValidationError({"role": _("There is no such role.")})
    if not user.is_active:
        raise ValidationError({"person": _("This person has not joined or is disabled.")})
    if case.memberships.filter(user=user, role=role, ended_at=None).exists():
        raise ValidationError({"role": _("This person holds this role already.")})
    membership = Membership.objects.create(case=case, user=user, role=role, granted_by=by, granted_at=timezone.now())
    record_member(Act.MEMBER_ADDED, membership, by)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: Any) -> Membership:
    """Take a role away now. Raises ValidationError when the case would be left without an active lead."""
    case = require_open(membership.case)
    require(by, Action.CASE_MEMBERS, case)
    membership = case.memberships.select_for_update().get(pk=membership.pk)
    if membership.ended_at is not None:
        return membership
    others = case.memberships.filter(role=Role.LEAD, ended_at=None, user__is_active=True).exclude(pk=membership.pk)
    if membership.role == Role.LEAD and not others.exists():
        raise ValidationError(_("A case needs a lead. Give somebody else that role first."))
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    record_member(Act.MEMBER_ENDED, membership, by)
    return membership


@transaction.atomic
def close(case: Case, *, by: Any, reason: str = "") -> Case:
    """Nothing in the case changes any more until it is reopened. It stays readable."""
    return _move(case, "close", Act.CASE_CLOSED, by, reason)


@transaction.atomic
def reopen(case: Case, *, by: Any, reason: str = "") -> Case:
    return _move(case, "reopen", Act.CASE_REOPENED, by, reason)


def _move(case: Case, verb: str, act: Act, by: Any, reason: str) -> Case:
    locked: Case = Case.objects.select_for_update().get(pk=case.pk)
    move = lifecycle.move(states.CASE, locked.state, verb)
    require(by, move.action, locked)
    locked.state = move.target
    locked.closed_at = None if locked.is_open else timezone.now()
    locked.save(update_fields=["state", "closed_at"])
    record(act, by=by, subject=f"case/{locked.ref}", context=f"case/{locked.ref}",
           reason=reason.replace("\x00", "").strip())
    return locked


def _next_number(year: int) -> int:
    """Gap-free within a year. The lock ends with the transaction, so two cases never race for one number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK])
    last = Case.objects.filter(year=year).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def record_member(act: Act, membership: Membership, by: Any) -> None:
    """Say in the log who got or lost which role."""
    record(act, by=by, subject=f"user/{membership.user_id}", context=f"case/{membership.case.ref}",
           name=str(membership.user), role=membership.role)
