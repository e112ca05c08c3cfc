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
    subjects match, neither is taken."""
    numbers = {lane.key[0] for lane in lanes if lane.key[0]}
    names = {_bare(lane.name) for lane in lanes if lane.name}
    handles: dict[str, set[int]] = {}
    seen = (Observation.objects.standing().filter(exhibit__case=case, account__subjects__case=case)
            .annotate(low=Lower("handle")).filter(low__in=[*names, *(f"@{one}" for one in names)])
            .values_list("low", "account_id").distinct())
    for low, account in seen:
        handles.setdefault(_bare(low), set()).add(account)
    accounts = {one for found in handles.values() for one in found}
    subjects = {one.account_id: one for one in Subject.objects.filter(case=case).filter(
        Q(account__in=accounts) | Q(account__stable_id__in=numbers)).select_related("account").with_names()}
    ids: dict[str, set[int]] = {}
    for account, subject in subjects.items():
        ids.setdefault(subject.account.stable_id, set()).add(account)
    for lane in lanes:
        by_id, name = ids.get(lane.key[0], set()) if lane.key[0] else set(), handles.get(_bare(lane.name), set())
        for found, how in ((by_id, BY_ID), (name, BY_HANDLE)):
            if len(found) == 1 and lane.subject is None:
                lane.subject, lane.how = subjects[next(iter(found))], how


def _bare(name: str) -> str:
    """As handles are compared: small letters, without the @ before it."""
    return name.strip().removeprefix("@").lower()
