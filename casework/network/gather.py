"""All edges of a case, from what its people wrote down and from imported posts, in a constant number of questions.

What was withdrawn makes no edge, and neither does what stands on withdrawn exhibits alone."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from casework.access import Action
from casework.accounts.link_models import AccountLink
from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.channels.models import Channel, ChannelObservation
from casework.channels.payment_models import Payment
from casework.channels.tasking_models import Tasking
from casework.exhibits.models import Exhibit
from casework.network import posted
from casework.network.kinds import MUTUAL, RULES, Kind, Sort

Fact = ChannelObservation.Fact
May = Callable[[Action], bool]
# What XML cannot hold, and what nobody sees.
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]+")


@dataclass
class Node:
    """`name` is the handle, the name or the title; of a bystander it is empty, whoever looks. `role` of accounts."""

    label: str
    sort: str
    name: str
    role: str = ""

    @property
    def sort_words(self) -> str:
        return str(Sort(self.sort).label)


@dataclass
class Edge:
    """`count` counts what the rule of `kind` says; `entries` and `exhibits` are the labels of what it stands on."""

    kind: str
    start: str
    end: str
    count: int = 0
    likelihood: str = ""
    entries: set[str] = field(default_factory=set)
    exhibits: set[str] = field(default_factory=set)

    @property
    def is_mutual(self) -> bool:
        return self.kind in MUTUAL


@dataclass
class Found:
    """`strangers` are senders of texts of taskings who are no account of the case, and are not named here."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], Edge] = field(default_factory=dict)
    strangers: int = 0

    def add(self, kind: str, start: str, end: str, *, count: int = 1, entries: Iterable[str] = (),
            exhibits: Iterable[str] = (), likelihood: str = "") -> None:
        if start == end:
            return
        edge = self.edges.setdefault((kind, start, end), Edge(kind, start, end, likelihood=likelihood))
        edge.count += count
        edge.entries.update(entries)
        edge.exhibits.update(exhibits)


def everything(case: Case, may: May) -> Found:
    """What `may` allows to be seen, and no more: other kinds are as if they were not there."""
    found = Found()
    accounts = {one.pk: one for one in case.subjects.with_names().order_by("number")}
    found.nodes = {one.label: Node(one.label, Sort.ACCOUNT, _named(one), one.role) for one in accounts.values()}
    if may(RULES[Kind.SAME_OPERATOR].action):
        _links(found, case, accounts)
    if not may(Action.CHANNEL_READ):
        return found
    channels = {one.pk: one for one in case.channels.standing().with_life().order_by("number")}
    found.nodes |= {one.label: Node(one.label, Sort.CHANNEL, fit(one.called)) for one in channels.values()}
    noted = case.taskings.standing().filter(channel__in=channels).prefetch_related(_standing())
    taskings = [one for one in noted if _labels(one)]
    _observed(found, case, accounts, channels)
    _handed_out(found, taskings, accounts, channels)
    _payments(found, case, accounts, channels)
    if may(RULES[Kind.PUSHED].action):
        _campaigns(found, case, taskings, channels)
    if may(RULES[Kind.POSTED].action):
        told = {one.pk: channels[one.channel_id].label for one in taskings}
        for sent in posted.of(case, taskings, told):
            if sent.subject is None:
                found.strangers += 1
                continue
            for channel, (count, entries, exhibits) in sent.channels.items():
                found.add(Kind.POSTED, sent.subject.label, channel, count=count, entries=entries, exhibits=exhibits)
    return found


def fit(text: str) -> str:
    """`text` on one line, without what an XML file cannot hold."""
    return _UNFIT.sub(" ", text).strip()


def _named(one: Subject) -> str:
    """Whoever is a bystander is called by a number alone in every picture, and in what leaves with it."""
    return "" if one.role == Subject.Role.BYSTANDER else fit(one.handle)


def _standing(path: str = "exhibits") -> Prefetch:
    return Prefetch(path, Exhibit.objects.filter(withdrawn_at=None).only("number"), to_attr="shown")


def _labels(entry: Any) -> list[str]:
    return [exhibit.label for exhibit in entry.shown]


def _links(found: Found, case: Case, accounts: dict[int, Subject]) -> None:
    rows: list[AccountLink] = list(case.account_links.standing().prefetch_related(_standing()))
    for row in rows:
        if shown := _labels(row):
            found.add(row.kind, accounts[row.subject_id].label, accounts[row.other_id].label, count=len(shown),
                      exhibits=shown, likelihood=row.likelihood)


def _observed(found: Found, case: Case, accounts: dict[int, Subject], channels: dict[int, Channel]) -> None:
    """Admins, and channels that came in the place of another."""
    seen = (ChannelObservation.objects.standing().filter(channel__in=channels, exhibit__withdrawn_at=None,
                                                         fact__in=[Fact.ADMIN, Fact.RECREATED])
            .select_related("exhibit"))
    for row in seen:
        channel = channels[row.channel_id].label
        if row.fact == Fact.ADMIN and row.subject_id:
            found.add(Kind.ADMIN, accounts[row.subject_id].label, channel, exhibits=[row.exhibit.label])
        elif row.fact == Fact.RECREATED and row.became_id in channels:
            found.add(Kind.RECREATED, channel, channels[row.became_id].label, exhibits=[row.exhibit.label])


def _handed_out(found: Found, taskings: list[Tasking], accounts: dict[int, Subject],
                channels: dict[int, Channel]) -> None:
    for one in taskings:
        if one.handed_out_by_id:
            found.add(Kind.HANDED_OUT, accounts[one.handed_out_by_id].label, channels[one.channel_id].label,
                      entries=[one.label], exhibits=_labels(one))


def _payments(found: Found, case: Case, accounts: dict[int, Subject], channels: dict[int, Channel]) -> None:
    """From account to account; where the payer is none, from the channels whose taskings were paid."""
    for one in case.payments.standing().prefetch_related(_standing(), "taskings"):
        shown = _labels(one)
        if not shown or not one.payee_id:
            continue
        payee = accounts[one.payee_id].label
        promised = one.shows == Payment.Shows.PROMISE
        if one.payer_id:
            starts, kind = [accounts[one.payer_id].label], Kind.PAID
        else:
            handed = {row.channel_id for row in one.taskings.all() if not row.withdrawn_at}
            starts, kind = sorted(channels[pk].label for pk in handed if pk in channels), Kind.PAID_FOR
        for start in starts:
            found.add(Kind.PROMISED if promised else kind, start, payee, entries=[one.label], exhibits=shown)


def _campaigns(found: Found, case: Case, taskings: list[Tasking], channels: dict[int, Channel]) -> None:
    standing = {one.pk: one for one in taskings}
    for campaign in case.campaigns.standing().prefetch_related("taskings").order_by("number"):
        found.nodes[campaign.label] = Node(campaign.label, Sort.CAMPAIGN, fit(campaign.title))
        for row in campaign.taskings.all():
            if row.pk in standing:
                found.add(Kind.PUSHED, channels[row.channel_id].label, campaign.label, entries=[row.label],
                          exhibits=_labels(standing[row.pk]))
