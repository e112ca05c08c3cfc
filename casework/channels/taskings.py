"""Write down the messages that are handed out in a channel, mend them, and withdraw what was wrong."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import editions
from casework.access import Action
from casework.accounts import entries
from casework.accounts.models import Subject
from casework.accounts.words import chosen, cleaned, together
from casework.channels import amounts, money
from casework.channels.models import Channel
from casework.channels.tasking_models import Tasking
from casework.exhibits.models import Exhibit
from casework.record import Act, record

LENGTHS = {"message": 20_000, "post_text": 20_000, "pay_per_text": 200}


@transaction.atomic
def note(channel: Channel, *, exhibits: Sequence[Exhibit], attached: Sequence[Exhibit] = (), by: Any,
         **said: Any) -> Tasking:
    """A message that exhibits show being handed out in the channel. `said` as in `_columns`.

    Naming who handed it out changes nobody's role. Raises ValidationError that names all that is wrong."""
    case = channel.case
    channel = entries.locked(case.channels, channel, case, by, Action.CHANNEL_EDIT)
    columns = _checked(case, exhibits, attached, said)
    number = (case.taskings.aggregate(last=Max("number"))["last"] or 0) + 1
    tasking = Tasking.objects.create(case=case, number=number, channel=channel, recorded_by=by,
                                     recorded_at=timezone.now(), **columns)
    tasking.exhibits.set(exhibits)
    tasking.attached.set(attached)
    record(Act.TASKING_NOTED, by=by, subject=tasking.word, context=f"case/{case.ref}", channel=channel.label,
           **content(tasking))
    return tasking


@transaction.atomic
def edit(tasking: Tasking, *, exhibits: Sequence[Exhibit], attached: Sequence[Exhibit] = (),
         made_from: Collection[str] | None = None, by: Any, **said: Any) -> Tasking:
    """Replace what is said of it. The earlier words stay in the custody log."""
    case = tasking.case
    tasking = entries.locked(case.taskings, tasking, case, by, Action.CHANNEL_EDIT)
    editions.require(made_from, partial(edition, tasking))
    for name, value in _checked(case, exhibits, attached, said).items():
        setattr(tasking, name, value)
    tasking.save()
    tasking.exhibits.set(exhibits)
    tasking.attached.set(attached)
    record(Act.TASKING_EDITED, by=by, subject=tasking.word, context=f"case/{case.ref}", **content(tasking))
    return tasking


@transaction.atomic
def withdraw(tasking: Tasking, *, reason: str, by: Any) -> Tasking:
    """Take a wrong one out of use. It stays, marked."""
    case = tasking.case
    tasking = entries.locked(case.taskings, tasking, case, by, Action.CHANNEL_EDIT)
    withdrawn: Tasking = entries.withdraw(tasking, Act.TASKING_WITHDRAWN, reason=reason, subject=tasking.word,
                                          ref=case.ref, by=by)
    return withdrawn


def edition(tasking: Tasking) -> editions.Edition:
    """All of it can be edited, but for the channel."""
    return editions.Edition(_words(tasking), tasking.word, (Act.TASKING_EDITED, Act.TASKING_NOTED))


def content(tasking: Tasking) -> dict[str, Any]:
    """What it says, as plain data for the custody log."""
    return {name: value for name, value in _words(tasking).items() if name != "at" and value} \
        | entries.told(tasking) | {"hashtags": tasking.hashtags}


def _words(tasking: Tasking) -> dict[str, Any]:
    paid = money.written(tasking.pay_amount, tasking.pay_currency) if tasking.pay_amount else ""
    return {"message": tasking.message, "post_text": tasking.post_text,
            "exhibits": entries.labels_of(tasking.exhibits), "attached": entries.labels_of(tasking.attached),
            "at": tasking.at_given, "handed_out_by": tasking.handed_out_by.label if tasking.handed_out_by else "",
            "window_from": _typed(tasking.window_from), "window_until": _typed(tasking.window_until),
            "pay_amount": paid, "pay_currency": tasking.pay_currency, "pay_per": tasking.pay_per,
            "pay_per_text": tasking.pay_per_text}


def _typed(at: datetime | None) -> str:
    """A moment as one types it: in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S" if at.second else "%Y-%m-%d %H:%M") if at else ""


def _checked(case: Any, exhibits: Sequence[Exhibit], attached: Sequence[Exhibit],
             said: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = together(
        partial(_columns, case, **said),
        lambda: entries.require_shown_by(case, exhibits, "exhibits"),
        lambda: entries.require_shown_by(case, attached, "attached") if attached else None)
    return columns


def _columns(case: Any, *, message: str, post_text: str = "", at: str = "", window_from: str = "",
             window_until: str = "", pay_amount: str = "", pay_currency: str = "", pay_per: str = "",
             pay_per_text: str = "", handed_out_by: Subject | None = None) -> dict[str, Any]:
    """The columns for what somebody typed; times and the amount are texts. Raises ValidationError."""
    texts = cleaned({"message": message, "post_text": post_text, "pay_per_text": pay_per_text},
                    optional=["post_text", "pay_per_text"], most=LENGTHS)
    if handed_out_by and handed_out_by.case_id != case.pk:
        raise ValidationError({"handed_out_by": _("Name a subject of this case.")})
    window = {name: entries.moment(text, name, to_come=True).at if text.strip() else None
              for name, text in (("window_from", window_from), ("window_until", window_until))}
    if window["window_from"] and window["window_until"] and window["window_from"] > window["window_until"]:
        raise ValidationError({"window_until": _("It ends before it begins.")})
    return {"message": texts["message"], "post_text": texts["post_text"], "handed_out_by": handed_out_by, **window,
            **entries.dated(at, required=False), **_pay(pay_amount, pay_currency, pay_per, texts["pay_per_text"])}


def _pay(amount: str, currency: str, per: str, per_text: str) -> dict[str, Any]:
    """What pay is offered: an amount in a currency for something, or nothing at all."""
    value: Decimal | None = None
    if amount.strip() or currency or per or per_text:
        value = amounts.amount(amount, currency, "pay_amount", "pay_currency")
        chosen("pay_per", per, Tasking.Per.values)
        if (per == Tasking.Per.OTHER) != bool(per_text):
            raise ValidationError({"pay_per_text": _("Say what for where it is something else, and only there.")})
    return {"pay_amount": value, "pay_currency": currency, "pay_per": per, "pay_per_text": per_text}
