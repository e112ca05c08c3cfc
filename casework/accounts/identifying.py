"""Give an account that was named without one the platform's stable id, once it is known."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.accounts import observing, statements
from casework.accounts.claim_models import PlatformClaim
from casework.accounts.models import Account, Observation, Subject
from casework.accounts.words import cleaned
from casework.record import Act, record


@transaction.atomic
def identify(subject: Subject, *, stable_id: str, by: Any) -> Subject:
    """Say which account of the platform this is. What this case saw of it moves to the account with that id, whoever
    recorded it first: both histories are one from then on, here alone, and nothing tells of another case.

    Raises ValidationError where the account has an id, or another subject of this case has this one."""
    subject = statements.locked(subject, by)
    case = subject.case
    wanted = cleaned({"stable_id": stable_id}, most=observing.LENGTHS)["stable_id"]
    before = subject.account
    if before.stable_id:
        raise ValidationError({"stable_id": _("This account has a stable id.")})
    account = Account.objects.get_or_create(platform=before.platform, stable_id=wanted)[0]
    if there := case.subjects.filter(account=account).first():
        raise ValidationError({"stable_id": _("%(label)s has this id. If both are one account, merge this one into "
                                               "it.")
                               % {"label": there.label}})
    Observation.objects.filter(account=before, exhibit__case=case).update(account=account)
    PlatformClaim.objects.filter(account=before, exhibit__case=case).update(account=account)
    subject.account = account
    subject.save(update_fields=["account"])
    record(Act.ACCOUNT_IDENTIFIED, by=by, subject=subject.word, context=f"case/{case.ref}", platform=account.platform,
           stable_id=wanted)
    return subject
