"""The groups of the demo case: what its screenshots show of their lives. Invented like everything here."""

from typing import Any

from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels.models import Channel, ChannelObservation
from casework.exhibits.models import Exhibit
from casework.people.models import User

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
