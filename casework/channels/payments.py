"""Write down what exhibits show of money, mend it, and withdraw what was wrong. Nothing is ever converted."""

import re
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import editions
from casework.access import Action, require
from casework.accounts import entries
from casework.accounts.models import Subject
from casework.accounts.spelling import fold, spans
from casework.accounts.words import chosen, cleaned, together
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.channels import amounts, money
from casework.channels.payment_models import Payment
from casework.channels.tasking_models import Tasking
from casework.exhibits.models import Exhibit
from casework.record import Act, record

LENGTHS = {"payer_text": 200, "payee_text": 200, "payer_tail": 4, "payee_tail": 4, "reference": 120}
_TAIL = re.compile(r"[0-9A-Za-z]{0,4}", re.ASCII)


@transaction.atomic
def note(case: Case, *, exhibits: Sequence[Exhibit], taskings: Sequence[Tasking] = (), by: Any, **said: Any) -> Payment:
    """What exhibits show of a payment. `said` as in `_columns`.

    Naming somebody payer or payee changes nobody's role: it is an indicator that an assessment may cite. Raises
    ValidationError that names all that is wrong."""
    case = require_open(case)
    require(by, Action.CHANNEL_EDIT, case)
    columns = _checked(case, exhibits, taskings, said)
    number = (case.payments.aggregate(last=Max("number"))["last"] or 0) + 1
    payment = Payment.objects.create(case=case, number=number, recorded_by=by, recorded_at=timezone.now(), **columns)
    payment.exhibits.set(exhibits)
    payment.taskings.set(taskings)
    record(Act.PAYMENT_NOTED, by=by, subject=payment.word, context=f"case/{case.ref}", **content(payment))
    return payment


@transaction.atomic
def edit(payment: Payment, *, exhibits: Sequence[Exhibit], taskings: Sequence[Tasking] = (),
         made_from: Collection[str] | None = None, by: Any, **said: Any) -> Payment:
    """Replace what is said of it. The earlier words stay in the custody log."""
    case = payment.case
    payment = entries.locked(case.payments, payment, case, by, Action.CHANNEL_EDIT)
    editions.require(made_from, partial(edition, payment))
    for name, value in _checked(case, exhibits, taskings, said).items():
        setattr(payment, name, value)
    payment.save()
    payment.exhibits.set(exhibits)
    payment.taskings.set(taskings)
    record(Act.PAYMENT_EDITED, by=by, subject=payment.word, context=f"case/{case.ref}", **content(payment))
    return payment


@transaction.atomic
def withdraw(payment: Payment, *, reason: str, by: Any) -> Payment:
    """Take a wrong one out of use. It stays, marked, and counts in no total."""
    case = payment.case
    payment = entries.locked(case.payments, payment, case, by, Action.CHANNEL_EDIT)
    withdrawn: Payment = entries.withdraw(payment, Act.PAYMENT_WITHDRAWN, reason=reason, subject=payment.word,
                                          ref=case.ref, by=by)
    return withdrawn


def edition(payment: Payment) -> editions.Edition:
    """All of it can be edited."""
    return editions.Edition(_words(payment), payment.word, (Act.PAYMENT_EDITED, Act.PAYMENT_NOTED))


def content(payment: Payment) -> dict[str, Any]:
    """What it says, as plain data for the custody log: an amount is text."""
    return {name: value for name, value in _words(payment).items() if name != "at" and value} | entries.told(payment)


def _words(payment: Payment) -> dict[str, Any]:
    texts = {name: getattr(payment, name) for name in ("currency", "method", "shows", *LENGTHS)}
    return {"amount": money.written(payment.amount, payment.currency), **texts, "at": payment.at_given,
            "payer": payment.payer.label if payment.payer else "",
            "payee": payment.payee.label if payment.payee else "",
            "exhibits": entries.labels_of(payment.exhibits), "taskings": entries.labels_of(payment.taskings)}


def _checked(case: Case, exhibits: Sequence[Exhibit], taskings: Sequence[Tasking],
             said: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = together(
        partial(_columns, case, **said),
        lambda: entries.require_shown_by(case, exhibits, "exhibits"),
        partial(_require_standing, case, taskings))
    return columns


def _require_standing(case: Case, taskings: Sequence[Tasking]) -> None:
    if any(tasking.case_id != case.pk or tasking.withdrawn_at for tasking in taskings):
        raise ValidationError({"taskings": _("Name taskings of this case that are not withdrawn.")})


def _columns(case: Case, *, amount: str, currency: str, method: str, shows: str, payer: Subject | None = None,
             payer_text: str = "", payer_tail: str = "", payee: Subject | None = None, payee_text: str = "",
             payee_tail: str = "", reference: str = "", at: str = "") -> dict[str, Any]:
    """The columns for what somebody typed; the moment and the amount are texts. Raises ValidationError."""
    texts = cleaned({"payer_text": payer_text, "payer_tail": payer_tail, "payee_text": payee_text,
                     "payee_tail": payee_tail, "reference": reference}, optional=list(LENGTHS), most=LENGTHS)
    value = amounts.amount(amount, currency, "amount", "currency")
    chosen("method", method, Payment.Method.values)
    chosen("shows", shows, Payment.Shows.values)
    for name, somebody in (("payer", payer), ("payee", payee)):
        if somebody and somebody.case_id != case.pk:
            raise ValidationError({name: _("Name a subject of this case.")})
        if somebody and texts[f"{name}_text"]:
            raise ValidationError({f"{name}_text": _("An account of this case or a text: one of the two.")})
        if not _TAIL.fullmatch(texts[f"{name}_tail"]):
            raise ValidationError({f"{name}_tail": _("At most the last four letters or digits.")})
    if payer and payer == payee:
        raise ValidationError({"payee": _("Nobody pays themselves.")})
    entries.require_no_numbers({name: texts[name] for name in ("payer_text", "payee_text")})
    _require_no_account(texts["reference"])
    return {"amount": value, "currency": currency, "method": method, "shows": shows, "payer": payer, "payee": payee,
            **texts, **entries.dated(at, required=False)}


def _require_no_account(reference: str) -> None:
    """A reference may be all digits; the number of a bank account is none."""
    if any(kind == "number" for _start, _end, kind in spans(fold(reference), [])):
        raise ValidationError({"reference": _("This is the number of a bank account and no reference.")})
