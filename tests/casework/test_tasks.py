"""Tasks: what is to be done, about what, for whom, until when; who may, and what the database refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from casework.access import Role
from casework.cases import services as cases
from casework.cases.models import Case
from casework.editions import Changed
from casework.lifecycle import NotAllowed
from casework.sentences import plain
from casework.worklist import services
from casework.worklist.models import Task, today
from evidence.custody import history
from reports.desk import compose as desk
from tests.factories import Cast, lodge_png, make_case, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def told(task: Task) -> list[str]:
    return [str(entry.detail["act"]) for entry in reversed(history.entries(subject=task.word, limit=50))]


def make(case: Case, cast: Cast, **words: Any) -> Task:
    return services.make(case, **{"title": "Read it again", "by": cast.lead, **words})


def wrong(refused: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(refused.value.message_dict)


def test_a_task_from_its_words_to_its_end_and_back_each_step_in_the_log(case: Case, cast: Cast) -> None:
    lodge_png(case, cast.lead, 1)
    task = make(case, cast, about="e1", assignee=cast.reviewer, due_on=today())
    assert (task.label, task.about, task.state, task.is_overdue) == ("W-001", "E-001", "open", False)
    services.edit(task, title="Read it twice", about="", assignee=cast.reviewer, by=cast.investigator)
    assert services.finish(task, outcome="It holds.", by=cast.reviewer).ended_by == cast.reviewer
    assert services.reopen(task, by=cast.legal).outcome == ""
    dropped = services.drop(task, outcome="Nobody asks any more.", by=cast.takedown)
    assert (dropped.state, dropped.title, dropped.about) == ("dropped", "Read it twice", "")
    assert told(task) == ["task_made", "task_edited", "task_finished", "task_reopened", "task_dropped"]
    last = history.entries(subject=task.word, limit=1)[0]
    assert plain(last) == f"{cast.takedown} dropped the task W-001. Reason: Nobody asks any more."


def test_what_is_wrong_is_named_field_by_field_and_nothing_is_kept(case: Case, cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        make(case, cast, title=" ", about="E-007", assignee=cast.media, due_on=today() - timedelta(days=1))
    # A wrong label is looked for after the words are whole; the person and the day are looked at all the same.
    assert wrong(refused) == {"title", "assignee", "due_on"}
    for words in ({"about": "E-007"}, {"about": "D-001"}, {"about": "everything"}, {"assignee": cast.outsider},
                  {"due_on": date(2999, 1, 1)}, {"title": "x" * 201}, {"text": "x" * 4001}):
        with pytest.raises(ValidationError) as refused:
            make(case, cast, **words)
        assert wrong(refused) == set(words)
    assert not Task.objects.exists()


def test_media_and_auditor_set_no_task_and_nobody_does_in_a_closed_case(case: Case, cast: Cast) -> None:
    for person in (cast.media, cast.auditor, cast.outsider):
        with pytest.raises(PermissionDenied):
            make(case, cast, by=person)
    task = make(case, cast)
    cases.close(case, by=cast.lead)
    with pytest.raises(NotAllowed):
        make(case, cast)
    with pytest.raises(NotAllowed):
        services.finish(task, by=cast.lead)


def test_an_ended_task_is_not_edited_and_a_drop_says_why(case: Case, cast: Cast) -> None:
    task = make(case, cast)
    with pytest.raises(ValidationError):
        services.drop(task, outcome="  ", by=cast.lead)
    services.finish(task, by=cast.lead)
    for step in (services.finish, services.drop):
        with pytest.raises(NotAllowed):
            step(task, outcome="Again", by=cast.lead)
    with pytest.raises(NotAllowed):
        services.edit(task, title="Other", by=cast.lead)


def test_of_two_who_edit_the_second_is_told(case: Case, cast: Cast) -> None:
    task = make(case, cast)
    read = services.edition(task).version
    services.edit(task, title="One", made_from=[read], by=cast.lead)
    with pytest.raises(Changed) as refused:
        services.edit(task, title="Two", made_from=[read], by=cast.reviewer)
    assert refused.value.by == str(cast.lead)
    assert Task.objects.get().title == "One"


def test_who_left_the_case_keeps_the_task_in_words_and_gets_no_new_one(case: Case, cast: Cast) -> None:
    task = make(case, cast, assignee=cast.investigator, due_on=today())
    for membership in case.memberships.filter(user=cast.investigator):
        cases.end_membership(membership, by=cast.lead)
    services.edit(task, title="Still theirs", assignee=cast.investigator, due_on=task.due_on, by=cast.lead)
    assert not case.tasks.told().get().is_there
    with pytest.raises(ValidationError):
        make(case, cast, assignee=cast.investigator)
    assert [one.word for one in desk.waiting(cast.investigator)[0]] == []
    cases.add_member(case, user=cast.investigator, role=Role.MEDIA, by=cast.lead)
    assert [one.word for one in desk.waiting(cast.investigator)[0]] == []


def test_open_ones_come_with_what_is_due_first_and_wait_on_the_page_home(case: Case, cast: Cast) -> None:
    late = make(case, cast, title="Late", assignee=cast.reviewer, due_on=today())
    Task.objects.filter(pk=late.pk).update(due_on=today() - timedelta(days=2))
    make(case, cast, title="No day", assignee=cast.reviewer)
    make(case, cast, title="Soon", assignee=cast.reviewer, due_on=today() + timedelta(days=1))
    services.finish(make(case, cast, title="Done", assignee=cast.reviewer), by=cast.lead)
    make(case, cast, title="Not theirs", assignee=cast.legal)
    assert [task.title for task in services.shown(case, "open", by=cast.reviewer)] == [
        "Late", "Soon", "No day", "Not theirs"]
    assert [task.title for task in services.shown(case, "mine", by=cast.reviewer)] == ["Late", "Soon", "No day"]
    assert [task.title for task in services.shown(case, "ended", by=cast.reviewer)] == ["Done"]
    waits = {one.title: (one.state, one.state_word) for one in desk.waiting(cast.reviewer)[0]}
    assert waits["Late"] == ("overdue", "Overdue") and waits["No day"] == ("open", "Open")
    assert str(today() + timedelta(days=1)) in waits["Soon"][1] and set(waits) == {"Late", "Soon", "No day"}


@pytest.mark.parametrize("change", [
    {"state": "done"}, {"state": "thrown"}, {"title": ""}, {"state": "dropped", "ended_at": "2026-01-01T00:00:00Z"},
    {"outcome": "Open and ended"}])
def test_the_database_refuses_what_must_not_be(case: Case, cast: Cast, change: dict[str, Any]) -> None:
    task = make(case, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**change)
