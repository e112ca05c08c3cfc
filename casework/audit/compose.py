"""Who could open what is in a case between two dates, and who did: read from memberships and the custody log."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from casework.access import MAY, Action
from casework.cases.models import Case, Membership
from casework.people.models import User
from casework.record import Act
from evidence.custody import history
from evidence.custody.history import Entry
from evidence.custody.kinds import Kind

# What somebody did, and under which word it is counted.
COUNTED: dict[str, str] = {
    Act.EXHIBIT_VIEWED: "looks", Act.EXHIBITS_LISTED: "lists", Act.EXHIBIT_DOWNLOADED: "taken",
    Act.DOSSIER_DOWNLOADED: "taken", Act.BAG_DOWNLOADED: "taken", Act.MATCHES_EXPORTED: "taken",
    Act.CASE_EXPORTED: "taken", Act.TIMELINE_EXPORTED: "taken", Act.NETWORK_EXPORTED: "taken",
    Act.REFUSED: "refused",
}
KINDS = {str(Kind.ACCESS), str(Kind.EXPORT)}
OPENED = {"looks", "taken"}


@dataclass(frozen=True)
class Could:
    """A person with a role in the case in that time. `opens`: whether any of the roles lets them open exhibits."""

    person: User
    roles: list[Membership]

    @property
    def opens(self) -> bool:
        return any(Action.EXHIBIT_READ in MAY[one.role] for one in self.roles)


@dataclass
class Did:
    """What one person did, as the log names them. `busiest` is how many exhibits they opened or took out within the
    busiest clock hour (UTC)."""

    agent: str
    name: str
    first: datetime
    last: datetime
    could: bool
    counts: Counter[str] = field(default_factory=Counter)
    hours: Counter[datetime] = field(default_factory=Counter)

    @property
    def busiest(self) -> int:
        return max(self.hours.values(), default=0)


@dataclass(frozen=True)
class Report:
    """Days in UTC, both included. `erased`: how many entries of that time say nothing any more."""

    start: date
    end: date
    label: str
    could: list[Could]
    did: list[Did]
    erased: int


def could(case: Case, start: datetime, end: datetime) -> list[Could]:
    held: dict[int, list[Membership]] = {}
    rows = case.memberships.filter(Q(ended_at=None) | Q(ended_at__gt=start), granted_at__lt=end)
    for row in rows.select_related("user").order_by("granted_at"):
        held.setdefault(row.user_id, []).append(row)
    return [Could(roles[0].user, roles) for roles in held.values()]


def did(entries: Iterable[Entry], known: Iterable[Could], about: str, label: str) -> list[Did]:
    """Those who opened, listed, took out or were refused, the busiest first. With `label` only what was about that
    exhibit, whose subject is `about`."""
    able = {f"user/{one.person.pk}" for one in known}
    found: dict[str, Did] = {}
    for entry in entries:
        word = COUNTED.get(str(entry.detail.get("act")))
        agent = str(entry.agent.get("id", ""))
        if word is None or not agent or label and not _is_about(entry, about, label):
            continue
        one = found.setdefault(agent, Did(agent, str(entry.agent["name"]), entry.at, entry.at, agent in able))
        one.last = entry.at
        one.counts[word] += 1
        if word in OPENED:
            # A package takes along the originals of many.
            one.hours[entry.at.replace(minute=0, second=0, microsecond=0)] += max(
                1, 0 if label else len(_labels(entry)))
    return sorted(found.values(), key=lambda one: (-one.busiest, -one.counts.total(), one.name))


def everything_else(*, person: str = "", before: Any = None, limit: int) -> list[Entry]:
    """What was recorded outside every case: sign-ins, people, tokens, the log itself; newest first. With `person`
    (`user/12`) what was recorded about them."""
    if person:
        return history.entries(context="", subject=person, limit=limit, before=before)
    return history.entries(context="", limit=limit, before=before)


def _is_about(entry: Entry, about: str, label: str) -> bool:
    return entry.subject == about or label in _labels(entry)


def _labels(entry: Entry) -> list[Any]:
    """The exhibits that an entry names, where it names any in the way that ours do."""
    named = entry.detail.get("exhibits")
    return named if isinstance(named, list) else []
