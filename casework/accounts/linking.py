"""Link two subjects of a case, with how likely that is and why; withdraw what was wrong."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action
from casework.accounts import entries, statements
from casework.accounts.likelihood import Likelihood
from casework.accounts.link_models import AccountLink
from casework.accounts.models import Subject
from casework.accounts.words import chosen, cleaned, together
from casework.exhibits.models import Exhibit
from casework.record import Act, record

LENGTHS = {"basis": 4000}


@transaction.atomic
def link(subject: Subject, *, other: Subject, kind: str, likelihood: str, basis: str, exhibits: Sequence[Exhibit],
         by: Any) -> AccountLink:
    """Say what two subjects of one case have to do with each other. It changes nobody's role.

    Raises ValidationError that names all that is wrong."""
    subject = statements.locked(subject, by)
    case = subject.case
    texts: dict[str, str] = together(
        lambda: cleaned({"basis": basis}, most=LENGTHS), lambda: entries.require_no_numbers({"basis": basis}),
        partial(chosen, "kind", kind, AccountLink.Kind.values),
        partial(chosen, "likelihood", likelihood, Likelihood.values),
        lambda: _require_another(subject, other), lambda: entries.require_shown_by(case, exhibits, "exhibits"))
    first, second = subject, other
    if kind in AccountLink.MUTUAL and other.number < subject.number:
        first, second = other, subject
    if case.account_links.standing().filter(subject=first, other=second, kind=kind).exists():
        raise ValidationError({"other": _("This is written down already: withdraw it first, to say it in other "
                                          "words.")})
    made = AccountLink.objects.create(case=case, subject=first, other=second, kind=kind, likelihood=likelihood,
                                      recorded_by=by, recorded_at=timezone.now(), **texts)
    made.exhibits.set(exhibits)
    record(Act.ACCOUNTS_LINKED, by=by, subject=first.word, context=f"case/{case.ref}", other=second.label, kind=kind,
           likelihood=likelihood, basis=made.basis, exhibits=entries.labels_of(made.exhibits))
    return made


@transaction.atomic
def withdraw(link: AccountLink, *, reason: str, by: Any) -> AccountLink:
    """Take a wrong one out of use. It stays, marked."""
    case = link.case
    found = entries.locked(case.account_links, link, case, by, Action.ACCOUNT_EDIT)
    withdrawn: AccountLink = entries.withdraw(
        found, Act.ACCOUNT_LINK_WITHDRAWN, reason=reason, subject=found.subject.word, ref=case.ref, by=by,
        other=found.other.label, kind=found.kind)
    return withdrawn


def _require_another(subject: Subject, other: Subject) -> None:
    if other.case_id != subject.case_id:
        raise ValidationError({"other": _("Name a subject of this case.")})
    if other.pk == subject.pk:
        raise ValidationError({"other": _("An account is not linked to itself.")})
