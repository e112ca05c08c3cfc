"""Write down what a platform says of an account, as a claim with a time, and withdraw what was wrong."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from casework.access import Action
from casework.accounts import entries, statements
from casework.accounts.claim_models import PlatformClaim
from casework.accounts.models import Subject
from casework.accounts.words import chosen, cleaned, together
from casework.exhibits.models import Exhibit
from casework.record import Act, record

LENGTHS = {"text": 300}


@transaction.atomic
def note(subject: Subject, *, kind: str, text: str, exhibit: Exhibit, at: str, by: Any) -> PlatformClaim:
    """Write down a label or a mark in the platform's words, as an exhibit shows it at the moment `at`. Raises
    ValidationError that names all that is wrong."""
    subject = statements.locked(subject, by)
    case = subject.case
    columns: dict[str, Any] = together(
        lambda: cleaned({"text": text}, most=LENGTHS), partial(chosen, "kind", kind, PlatformClaim.Kind.values),
        lambda: entries.require_shown_by(case, [exhibit], "exhibit"), partial(entries.dated, at))
    claim = PlatformClaim.objects.create(account_id=subject.account_id, kind=kind, exhibit=exhibit, recorded_by=by,
                                         recorded_at=timezone.now(), **columns, **entries.dated(at))
    record(Act.PLATFORM_CLAIM_NOTED, by=by, subject=subject.word, context=f"case/{case.ref}", kind=kind,
           text=claim.text, exhibit=exhibit.label, **entries.told(claim))
    return claim


@transaction.atomic
def withdraw(claim: PlatformClaim, *, subject: Subject, reason: str, by: Any) -> PlatformClaim:
    """Take a wrong one out of use. It stays, marked. `subject` is the account in the case of the claim's exhibit."""
    case = subject.case
    found = entries.locked(PlatformClaim.objects.filter(account=subject.account_id, exhibit__case=case), claim, case,
                           by, Action.ACCOUNT_EDIT)
    withdrawn: PlatformClaim = entries.withdraw(found, Act.PLATFORM_CLAIM_WITHDRAWN, reason=reason,
                                                subject=subject.word, ref=case.ref, by=by, kind=found.kind,
                                                text=found.text)
    return withdrawn
