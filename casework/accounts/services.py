"""Name accounts in a case and observe them. What is known about an account is public; nothing here is suspicion."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import editions
from casework.access import Action, require
from casework.accounts import assessments, observing
from casework.accounts.models import Account, Subject
from casework.accounts.words import chosen, cleaned
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.exhibits.platforms import Platform
from casework.record import Act, record

__all__ = ["assess", "confirm", "name_account", "note_exculpatory", "observe", "send_back"]

assess, confirm, send_back = assessments.assess, assessments.confirm, assessments.send_back
observe = observing.observe


@transaction.atomic
def name_account(case: Case, *, platform: str, handle: str, stable_id: str = "", display_name: str = "",
                 exhibit: Exhibit, persona: str = Subject.Persona.NONE, by: Any) -> Subject:
    """Bring an account into the case as a subject (bystander), on an exhibit that shows it.

    The platform's stable id finds the account whoever recorded it first, and nothing tells; without one the account
    is looked for in this case alone. One that is a subject already is observed again. Raises ValidationError."""
    case = require_open(case)
    require(by, Action.ACCOUNT_EDIT, case)
    chosen("platform", platform, Platform.values)
    chosen("persona", persona, Subject.Persona.values)
    names = observing.names(handle, display_name)
    stable_id = cleaned({"stable_id": stable_id}, optional=["stable_id"], most=observing.LENGTHS)["stable_id"]
    observing.require_shown_by(case, exhibit)
    account = _find(case, platform, stable_id, names["handle"])
    subject = case.subjects.filter(account=account).first()
    if subject is None:
        subject = Subject.objects.create(
            case=case, number=_next_number(case), account=account, persona=persona, named_by=by,
            named_at=timezone.now())
        record(Act.ACCOUNT_NAMED, by=by, subject=subject.word, context=f"case/{case.ref}", platform=platform,
               stable_id=stable_id, persona=persona, **names, exhibit=exhibit.label)
    observing.add(subject, names, exhibit, by)
    return subject


@transaction.atomic
def note_exculpatory(subject: Subject, *, text: str, made_from: Collection[str] | None = None, by: Any) -> Subject:
    """Write down what speaks for the subject. The earlier text stays in the custody log."""
    case = require_open(subject.case)
    require(by, Action.ACCOUNT_EDIT, case)
    subject = case.subjects.select_for_update().get(pk=subject.pk)
    editions.require(made_from, partial(edition, subject))
    subject.exculpatory = cleaned({"text": text}, optional=["text"])["text"]
    subject.save(update_fields=["exculpatory"])
    record(Act.EXCULPATORY_NOTED, by=by, subject=subject.word, context=f"case/{case.ref}", text=subject.exculpatory)
    return subject


def edition(subject: Subject) -> editions.Edition:
    """What of a subject is edited: what speaks for it. All else is added, by observations and assessments."""
    return editions.Edition({"text": subject.exculpatory}, subject.word, (Act.EXCULPATORY_NOTED,))


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
