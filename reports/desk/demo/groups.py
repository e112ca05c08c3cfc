"""The groups of the demo case: what its screenshots show of their lives. Invented like everything here."""

from typing import Any

from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.channels import payments, taskings
from casework.channels import services as channels
from casework.channels.models import Channel, ChannelObservation
from casework.channels.payment_models import Payment
from casework.channels.tasking_models import Tasking
from casework.exhibits.models import Exhibit
from casework.people.models import User
from reports.desk.demo.story import LUMO_EN, PORT_EN, PORT_UR, VESNA_EN

Fact = ChannelObservation.Fact

# key, shown name, the exhibit that shows it, when
CHANNELS = [
    ("seven", "Trend Team 7", "rules", "2026-10-03 18:10 +05:00"),
    ("eight", "Trend Team 8", "recreated", "2026-10-06 17:20 +05:00"),
]
# channel, fact, the exhibit that shows it, when, how many members
FACTS = [
    ("seven", Fact.CREATED, "rules", "2026-10-03", {}),
    ("seven", Fact.ADMIN, "rules", "2026-10-03 18:02 +05:00", {}),
    ("seven", Fact.MEMBERS, "rules", "2026-10-03 18:10 +05:00", {"members": 47}),
    ("seven", Fact.MEMBERS, "count", "2026-10-03 20:31 +05:00", {"members": 47}),
    ("seven", Fact.DELETED, "deleted", "2026-10-04", {}),
    ("eight", Fact.CREATED, "recreated", "2026-10-06", {}),
    ("eight", Fact.ADMIN, "recreated", "2026-10-06 17:12 +05:00", {}),
    ("eight", Fact.MEMBERS, "task-lumo", "2026-10-06 18:10 +05:00", {"members": 47}),
]

# key, channel, message, text to post, the exhibit that shows it, when, from when to post it, rupees for each post
TASKINGS = [
    ("port-en", "seven", "8:00 PM sharp. Women's accounts first, news pages second, city pages third. Not one word "
     "changed!", PORT_EN, "task-en", "2026-10-03 19:42 +05:00", "2026-10-03 20:00 +05:00", "15"),
    ("port-ur", "seven", "یہ اردو متن ہے۔ ٹھیک آٹھ بجے لگائیں، ایک لفظ بھی نہ بدلیں", PORT_UR, "task-ur",
     "2026-10-03 19:44 +05:00", "2026-10-03 20:00 +05:00", "15"),
    ("lumo", "eight", "New client. 6:30 PM, tag #BanLumo, Rs 12 a post.", LUMO_EN, "task-lumo",
     "2026-10-06 18:05 +05:00", "2026-10-06 18:30 +05:00", "12"),
    ("vesna", "eight", "Foreign client, pays double. Rs 30. English only.", VESNA_EN, "task-vesna",
     "2026-10-08 22:58 +05:00", "", "30"),
]


def note_taskings(named: dict[str, Channel], shown: dict[str, Exhibit], subjects: dict[str, Subject],
                  by: User) -> dict[str, Tasking]:
    """What the groups handed out, for which rates. The first group's rules say what its posts are paid."""
    return {key: taskings.note(
        named[channel], message=message, post_text=post_text, at=at,
        exhibits=[shown[one] for one in (("rules", exhibit) if channel == "seven" else (exhibit,))],
        window_from=start, pay_amount=rupees, pay_currency="PKR", pay_per=Tasking.Per.POST,
        handed_out_by=subjects["organiser"], by=by)
        for key, channel, message, post_text, exhibit, at, start, rupees in TASKINGS}


# amount, currency, method, payee, the end of their number, reference, taskings, the exhibit that shows it, when
PAYMENTS = [
    ("180", "PKR", "Rimsha", "0142", "RL-77120394", ["port-en", "port-ur"], "paid-1", "2026-10-03 21:20 +05:00"),
    ("235", "PKR", "Kashif", "0178", "RL-77120411", ["port-en", "port-ur"], "paid-2", "2026-10-03 21:26 +05:00"),
    ("40", "USD", "", "", "", ["vesna"], "paid-usd", "2026-10-09"),
]


def note_payments(case: Case, told: dict[str, Tasking], shown: dict[str, Exhibit], subjects: dict[str, Subject],
                  by: User) -> None:
    """Two transfers in rupees that screens show, and one in dollars that the organiser boasts of."""
    for amount, currency, payee, tail, reference, keys, exhibit, at in PAYMENTS:
        abroad = currency == "USD"
        payments.note(case, amount=amount, currency=currency, method=Payment.Method.OTHER, at=at, by=by,
                      shows=Payment.Shows.STATEMENT if abroad else Payment.Shows.TRANSFER,
                      payer=None if abroad else subjects["organiser"], payer_text="Foreign client" if abroad else "",
                      payee=subjects["organiser"] if abroad else None, payee_text="" if abroad else payee,
                      payee_tail=tail, reference=reference, taskings=[told[key] for key in keys],
                      exhibits=[shown[exhibit]])


def name_channels(case: Case, shown: dict[str, Exhibit], subjects: dict[str, Subject], by: User) -> dict[str, Channel]:
    """A group that was deleted after its evening, and the one that came in its place."""
    named = {key: channels.name_channel(case, platform="whatsapp", name=name, exhibit=shown[exhibit], at=at, by=by)
             for key, name, exhibit, at in CHANNELS}
    for key, fact, exhibit, at, words in FACTS:
        said: dict[str, Any] = {"subject": subjects["organiser"]} if fact == Fact.ADMIN else words
        channels.observe(named[key], fact=fact, exhibit=shown[exhibit], at=at, by=by, **said)
    channels.observe(named["seven"], fact=Fact.RECREATED, became=named["eight"], exhibit=shown["recreated"],
                     at="2026-10-06 17:12 +05:00", by=by)
    return named
