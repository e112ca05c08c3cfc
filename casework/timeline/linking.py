"""Which subjects of the case the senders of a timeline may be. A match is told with what it stands on, and makes nobody
a subject."""

from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from casework.accounts.models import Observation, Subject
from casework.cases.models import Case

BY_ID, BY_HANDLE = "id", "handle"


def link(case: Case, lanes: list[Any]) -> None:
    """Puts into each lane the subject whose stable id is its number, or else whose handle is its name. Where two
    subjects match, neither is taken. One that was merged into another is that one."""
    numbers = {lane.key[0] for lane in lanes if lane.key[0]}
    names = {_bare(lane.name) for lane in lanes if lane.name}
    handles: dict[str, set[int]] = {}
    seen = (Observation.objects.standing().filter(exhibit__case=case, account__subjects__case=case)
            .annotate(low=Lower("handle")).filter(low__in=[*names, *(f"@{one}" for one in names)])
            .values_list("low", "account_id").distinct())
    for low, account in seen:
        handles.setdefault(_bare(low), set()).add(account)
    accounts = {one for found in handles.values() for one in found}
    rows = Subject.objects.filter(case=case).select_related("account").with_names().with_merge()
    matched = list(rows.filter(Q(account__in=accounts) | Q(account__stable_id__in=numbers)))
    kept = {one.number: one for one in matched if not one.into}
    if missing := {one.into for one in matched if one.into} - kept.keys():
        kept |= {one.number: one for one in rows.filter(number__in=missing)}
    subjects = {one.account_id: kept[one.into or one.number] for one in matched}
    ids: dict[str, set[int]] = {}
    for one in matched:
        ids.setdefault(one.account.stable_id, set()).add(one.account_id)
    for lane in lanes:
        by_id, name = ids.get(lane.key[0], set()) if lane.key[0] else set(), handles.get(_bare(lane.name), set())
        for found, how in ((by_id, BY_ID), (name, BY_HANDLE)):
            who = {subjects[account].pk: subjects[account] for account in found}
            if len(who) == 1 and lane.subject is None:
                lane.subject, lane.how = next(iter(who.values())), how


def _bare(name: str) -> str:
    """As handles are compared: small letters, without the @ before it."""
    return name.strip().removeprefix("@").lower()
