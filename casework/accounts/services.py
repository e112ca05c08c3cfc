"""Name accounts in a case and observe them. What is known about an account is public; nothing here is suspicion."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action, require
from casework.accounts import assessments, observing, statements
from casework.accounts.models import Account, Subject
from casework.accounts.statement_models import PersonaStatement
from casework.accounts.words import chosen, cleaned
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.exhibits.platforms import Platform
from casework.record import Act, record

__all__ = ["assess", "confirm", "name_account", "observe", "send_back"]

assess, confirm, send_back = assessments.assess, assessments.confirm, assessments.send_back
observe = observing.observe


@transaction.atomic
def name_account(case: Case, *, platform: str, handle: str, stable_id: str = "", display_name: str = "",
                 exhibit: Exhibit, persona: str = Subject.Persona.NONE, persona_basis: str = "", address: str = "",
                 by: Any) -> Subject:
    """Bring an account into the case as a subject (bystander), on an exhibit that shows it.

    The platform's stable id finds the account whoever recorded it first, and nothing tells; without one the account
    is looked for in this case alone. One that is a subject already is observed again. A persona says what of the
    exhibit shows it (`persona_basis`); `address` is the post or profile under which it was seen. Raises
    ValidationError."""
    case = require_open(case)
    require(by, Action.ACCOUNT_EDIT, case)
    chosen("platform", platform, Platform.values)
    chosen("persona", persona, Subject.Persona.values)
    names = observing.names(handle, display_name)
    where = observing.seen_under(platform, address)
    stable_id = cleaned({"stable_id": stable_id}, optional=["stable_id"], most=observing.LENGTHS)["stable_id"]
    basis = _persona_basis(persona, persona_basis)
    observing.require_shown_by(case, exhibit)
    account = _find(case, platform, stable_id, names["handle"])
    subject = case.subjects.filter(account=account).first()
    if subject is None:
        subject = Subject.objects.create(
            case=case, number=_next_number(case), account=account, persona=persona, named_by=by,
            named_at=timezone.now())
        if basis:
            made = PersonaStatement.objects.create(subject=subject, persona=persona, basis=basis, stated_by=by,
                                                   stated_at=subject.named_at)
            made.exhibits.set([exhibit])
        record(Act.ACCOUNT_NAMED, by=by, subject=subject.word, context=f"case/{case.ref}", platform=platform,
               stable_id=stable_id, persona=persona, **({"basis": basis} if basis else {}), **names,
               exhibit=exhibit.label)
    observing.add(subject, {**names, "address": where}, exhibit, by)
    return subject


def _persona_basis(persona: str, text: str) -> str:
    none = persona == Subject.Persona.NONE
    basis = cleaned({"persona_basis": text}, most={"persona_basis": statements.LENGTHS["basis"]},
                    optional=["persona_basis"] if none else [])["persona_basis"]
    if none and basis:
        raise ValidationError({"persona_basis": _("Choose the persona that this shows.")})
    return basis


def _find(case: Case, platform: str, stable_id: str, handle: str) -> Account:
    if stable_id:
        # Whether the row was there before must not show, so both ways answer the same.
        return Account.objects.get_or_create(platform=platform, stable_id=stable_id)[0]
    known = case.subjects.filter(
        account__platform=platform, account__observations__exhibit__case=case,
        account__observations__handle__iexact=handle).select_related("account").distinct()
    if len(known) > 1:
        raise ValidationError({"stable_id": _("%(labels)s used this handle: give the platform's stable id.")
                               % {"labels": ", ".join(subject.label for subject in known)}})
    return known[0].account if known else Account.objects.create(platform=platform)


def _next_number(case: Case) -> int:
    """Gap-free: the caller holds the lock on the case."""
    return (case.subjects.aggregate(last=Max("number"))["last"] or 0) + 1
