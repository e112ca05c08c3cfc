"""What waits in one case and for whom: tasks, notes that somebody was told of, and what a second person decides or
carries on. A constant number of queries."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from casework.access import MAY, Action
from casework.accounts.models import Assessment
from casework.cases.models import Case
from casework.findings.models import Finding
from casework.people.models import User
from casework.takedowns.models import Notice
from casework.worklist.models import Mention, Task
from reports.desk import compose
from reports.desk.compose import Waiting
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_COMPOSE

# Of each kind, the oldest.
LISTED = 100


@dataclass(frozen=True)
class Row:
    """One thing, and who can go on with it: nobody where `people` is empty."""

    thing: Waiting
    people: tuple[User, ...]


class _Working:
    """Who works on the case now, and what their roles allow."""

    def __init__(self, case: Case):
        rows = case.memberships.filter(ended_at=None, user__is_active=True).select_related("user")
        self.roles = [(row.user, MAY[row.role]) for row in rows.order_by("user__display_name", "user", "pk")]

    def who_may(self, action: Action, but: Any = None) -> tuple[User, ...]:
        """Each once; without the one who made what another decides."""
        return tuple(dict.fromkeys(user for user, actions in self.roles if action in actions and user.pk != but))

    def if_there(self, user: User | None) -> tuple[User, ...]:
        return tuple(dict.fromkeys(one for one, _actions in self.roles if one == user))


def rows(case: Case, user: Any) -> list[Row]:
    """Everything that waits in `case` and that `user` may read, the oldest first. Nothing waits in a closed case."""
    if not case.is_open:
        return []
    working = _Working(case)
    found = [*_given(case, working), *_to_decide(case, user, working), *_to_carry_on(case, user, working)]
    things = compose.dated([row.thing for row in found])
    return sorted((replace(row, thing=thing) for row, thing in zip(found, things, strict=True)),
                  key=lambda row: row.thing.since)


def of(rows: list[Row], email: str) -> list[Row]:
    """Those for the person with this address; all of them where it is empty."""
    return [row for row in rows if not email or any(one.email == email for one in row.people)]


def counted(rows: list[Row]) -> list[tuple[User, int]]:
    """For how many things each person is waited for, those with most first."""
    counts = Counter(one for row in rows for one in row.people)
    return sorted(counts.items(), key=lambda one: (-one[1], str(one[0]), one[0].email))


def _given(case: Case, working: _Working) -> Iterator[Row]:
    tasks = case.tasks.filter(state=Task.State.OPEN).select_related("case", "assignee")
    for task in tasks.order_by(F("due_on").asc(nulls_last=True), "made_at")[:LISTED]:
        yield Row(compose.task(task), working.if_there(task.assignee))
    told = Mention.objects.filter(note__case=case, seen_at=None, note__withdrawn_at=None)
    for one in told.select_related("note__case", "note__recorded_by", "person").order_by(
            "note__recorded_at", "pk")[:LISTED]:
        yield Row(compose.mention(one, _("Note")), working.if_there(one.person))


def _to_decide(case: Case, user: Any, working: _Working) -> Iterator[Row]:
    for finding in case.findings.filter(state=Finding.State.IN_REVIEW).select_related("case").order_by(
            "written_at")[:LISTED]:
        yield Row(compose.finding(finding), working.who_may(Action.FINDING_REVIEW, finding.author_id))
    for step in Assessment.objects.filter(subject__case=case, state=Assessment.State.PROPOSED).select_related(
            "subject__case").order_by("proposed_at")[:LISTED]:
        yield Row(compose.assessment(step), working.who_may(Action.ROLE_REVIEW, step.proposed_by_id))
    for notice in case.notices.filter(state=Notice.State.RIGHTS_REVIEW).select_related("case").order_by(
            "state_since")[:LISTED]:
        yield Row(compose.notice(notice), working.who_may(Action.NOTICE_REVIEW, notice.drafter_id))
    for dossier in _dossiers(case, user, Dossier.State.IN_REVIEW):
        yield Row(compose.dossier(dossier), working.who_may(Action.DOSSIER_REVIEW, dossier.composed_by_id))


def _to_carry_on(case: Case, user: Any, working: _Working) -> Iterator[Row]:
    for notice in case.notices.filter(state=Notice.State.APPROVED).select_related("case").order_by(
            "state_since")[:LISTED]:
        yield Row(compose.notice(notice), working.who_may(Action.NOTICE_SEND))
    for dossier in _dossiers(case, user, Dossier.State.APPROVED):
        yield Row(compose.dossier(dossier), working.who_may(KIND_COMPOSE[dossier.kind]))


def _dossiers(case: Case, user: Any, state: str) -> Any:
    """Those that this person may read: not every role does."""
    return Dossier.objects.visible_to(user).filter(case=case, state=state).select_related("case").order_by(
        "composed_at")[:LISTED]
