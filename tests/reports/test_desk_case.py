"""What waits in one case, and for whom: page and calls."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.accounts import assessments
from casework.findings import services as findings
from casework.people import services as people
from casework.worklist import notes
from casework.worklist import services as tasks
from casework.worklist.models import Task, today
from reports.desk import case_compose
from reports.dossiers import services as dossiers
from reports.dossiers.models import Dossier
from tests.factories import make_case, sign_in
from tests.reports.story import Story, make_story
from tests.weighed import others, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return make_story(1)


def said(story: Story, reader: Any = None) -> list[tuple[str, list[str]]]:
    return [(row.thing.label, [str(one) for one in row.people])
            for row in case_compose.rows(story.case, reader or story.cast.lead)]


def address(story: Story) -> str:
    return f"/cases/{story.case.ref}/waiting/"


def test_a_document_waits_for_each_second_person_but_not_for_who_composed_it(story: Story) -> None:
    dossiers.submit(story.compose(), by=story.cast.legal)
    assert said(story) == [("D-001", [str(story.cast.lead), str(story.cast.reviewer)])]
    Dossier.objects.update(composed_by=story.cast.lead)
    assert said(story) == [("D-001", [str(story.cast.reviewer)])]
    page = sign_in(story.cast.auditor).get(address(story)).content.decode()
    assert "D-001" in page and str(story.cast.reviewer) in page


def test_whoever_may_not_read_a_document_is_not_told_that_it_waits(story: Story) -> None:
    dossiers.submit(story.compose(), by=story.cast.legal)
    assert said(story, story.cast.investigator) == []
    assert "D-001" not in sign_in(story.cast.investigator).get(address(story)).content.decode()


def test_an_approved_document_waits_for_those_who_seal_it(story: Story) -> None:
    story.approved()
    assert said(story) == [("D-001", sorted([str(story.cast.lead), str(story.cast.legal)]))]


def test_tasks_and_notes_wait_for_whom_they_name_and_for_nobody_who_left(story: Story) -> None:
    cast = story.cast
    tasks.make(story.case, title="Read", assignee=cast.reviewer, due_on=today(), by=cast.lead)
    Task.objects.update(due_on="2026-01-01")
    tasks.make(story.case, title="Call", by=cast.lead)
    notes.write(story.case, text="Look at this.", about="", tell=[cast.takedown], by=cast.lead)
    assert said(story) == [("W-001", [str(cast.reviewer)]), ("W-002", []), ("", [str(cast.takedown)])]
    story.case.memberships.filter(user=cast.reviewer).update(ended_at="2026-03-01T00:00Z")
    assert said(story)[0] == ("W-001", [])
    page = sign_in(cast.lead).get(address(story)).content.decode()
    assert page.count("Nobody of the case") == 2 and "Overdue" in page


def test_a_step_on_the_ladder_and_a_finding_wait_for_a_second_person(story: Story) -> None:
    cast = story.cast
    findings.edit(story.finding, kind="coordination", title="T", claim="C", method="M", likelihood="likely",
                  against="A", confidence="low", alternatives=others("B"), exhibits_for=story.exhibits,
                  by=cast.investigator)
    submit(story.finding, by=cast.investigator)
    assert said(story) == [("F-001", sorted([str(cast.lead), str(cast.reviewer)]))]
    assessments.assess(story.subject, to_role="knowing", indicators=["coordination"], exhibits=story.exhibits,
                       reason="The same words within a minute.", against="It may be a shared page.", by=cast.lead)
    assert said(story)[1] == ("S-001", [str(cast.reviewer)])


def test_the_call_tells_the_same_and_can_be_asked_for_one_person(story: Story) -> None:
    cast = story.cast
    tasks.make(story.case, title="Read", assignee=cast.reviewer, by=cast.lead)
    tasks.make(story.case, title="Call", assignee=cast.lead, by=cast.lead)
    client, call = sign_in(cast.auditor), f"/api/v1{address(story)}"
    assert [one["thing"]["label"] for one in client.get(call).json()["waiting"]] == ["W-001", "W-002"]
    [one] = client.get(call, {"for": cast.reviewer.email}).json()["waiting"]
    assert one["people"] == [{"email": cast.reviewer.email, "name": cast.reviewer.display_name}]
    assert client.get(call, {"for": "nobody@example.org"}).json() == {"waiting": []}
    page = sign_in(cast.lead).get(address(story), {"for": cast.reviewer.email}).content.decode()
    assert "W-001" in page and "W-002" not in page
    for stranger in (cast.outsider, cast.admin):
        assert sign_in(stranger).get(call).status_code == sign_in(stranger).get(address(story)).status_code == 404


def test_nothing_waits_in_a_closed_case(story: Story) -> None:
    tasks.make(story.case, title="Read", by=story.cast.lead)
    type(story.case).objects.update(state="closed", closed_at="2026-03-01T00:00Z")
    story.case.refresh_from_db()
    assert said(story) == []
    assert "Nothing waits in a closed case." in sign_in(story.cast.lead).get(address(story)).content.decode()


def test_what_waits_for_me_can_be_asked_by_a_program_within_the_cases_of_its_token(story: Story) -> None:
    cast, other = story.cast, make_case(story.cast, "Another")
    for case in (story.case, other):
        tasks.make(case, title="Read", assignee=cast.lead, by=cast.lead)
    client = sign_in(cast.lead)
    found = client.get("/api/v1/waiting/").json()
    assert {one["case"] for one in found["waiting"]} == {story.case.ref, other.ref} and not found["more"]
    client.logout()
    _token, secret = people.make_token(cast.lead, "Reader", ["read"], 1, [other.ref])
    found = client.get("/api/v1/waiting/", headers={"Authorization": f"Bearer {secret}"}).json()
    assert [one["case"] for one in found["waiting"]] == [other.ref]


def test_the_page_asks_a_constant_number_of_questions(story: Story) -> None:
    client = sign_in(story.cast.lead)
    tasks.make(story.case, title="One", assignee=story.cast.lead, by=story.cast.lead)
    notes.write(story.case, text="Look.", about="", tell=[story.cast.lead], by=story.cast.legal)
    one = _asked(client, story)
    for number in range(4):
        tasks.make(story.case, title=f"More {number}", assignee=story.cast.reviewer, by=story.cast.lead)
        notes.write(story.case, text="Look.", about="", tell=[story.cast.reviewer], by=story.cast.legal)
    assert _asked(client, story) == one < 30


def _asked(client: Any, story: Story) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(story)).status_code == 200
    return len(asked)
