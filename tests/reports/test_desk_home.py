"""Home: what waits for whom."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.exports import services as exports
from casework.exports.models import Alarm
from casework.findings import services as findings
from casework.takedowns import services as notices
from casework.takedowns.models import Notice
from reports.desk import compose
from reports.dossiers import services as dossiers
from reports.dossiers.models import Dossier
from tests.factories import make_case, sign_in
from tests.reports.story import Story, make_story
from tests.weighed import others, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return make_story(1)


def labels(person: Any) -> list[str]:
    return [one.label for one in compose.waiting(person)[0]]


def test_strangers_are_sent_to_sign_in() -> None:
    answer = Client().get("/")
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_what_waits_goes_to_those_who_may_decide_it(story: Story) -> None:
    dossiers.submit(story.compose(), by=story.cast.legal)
    assert labels(story.cast.reviewer) == ["D-001"] and labels(story.cast.lead) == ["D-001"]
    for person in (story.cast.legal, story.cast.media, story.cast.auditor, story.cast.outsider, story.cast.admin):
        assert labels(person) == []


def test_what_was_returned_waits_for_its_author(story: Story) -> None:
    waiting = dossiers.submit(story.compose(), by=story.cast.legal)
    dossiers.send_back(waiting, note="Say more.", by=story.cast.reviewer)
    assert labels(story.cast.legal) == ["D-001"] and labels(story.cast.reviewer) == []
    type(story.finding).objects.update(state="returned")
    assert labels(story.cast.investigator) == ["F-001"]


def test_what_was_approved_waits_for_those_who_carry_it_on(story: Story) -> None:
    story.approved()
    story.approved("briefing")
    assert labels(story.cast.legal) == labels(story.cast.lead) == ["D-001", "D-002"]
    assert labels(story.cast.media) == ["D-002"] and labels(story.cast.reviewer) == []
    notices.draft(story.case, platform="x", policy="Authenticity", text="Two accounts.", by=story.cast.investigator)
    Notice.objects.update(state="approved", reviewer=story.cast.reviewer, reviewed_at="2026-03-01T00:00Z",
                          necessity="It goes on.", against="Little.", less_intrusive="None.")
    assert labels(story.cast.takedown) == ["T-001"]


def test_since_is_when_its_state_changed_last(story: Story) -> None:
    type(story.finding).objects.update(written_at="2026-01-01T00:00Z")
    story.compose()
    Dossier.objects.update(composed_at="2026-01-01T00:00Z")
    before = timezone.now()
    dossiers.submit(Dossier.objects.get(), by=story.cast.legal)
    findings.edit(story.finding, kind="coordination", title="T", claim="C", method="M", likelihood="likely",
                  against="A", confidence="low", alternatives=others("B"),
                  exhibits_for=story.exhibits, by=story.cast.investigator)
    submit(story.finding, by=story.cast.investigator)
    type(story.finding).objects.update(written_at="2026-01-01T00:00Z")
    assert [one.label for one in compose.waiting(story.cast.reviewer)[0] if one.since >= before] == ["D-001", "F-001"]


def test_a_closed_case_waits_for_nobody(story: Story) -> None:
    dossiers.submit(story.compose(), by=story.cast.legal)
    type(story.case).objects.update(state="closed", closed_at="2026-03-01T00:00Z")
    assert labels(story.cast.reviewer) == []


def test_an_alarm_about_downloads_waits_for_a_lead_until_one_has_looked(story: Story) -> None:
    alarm = Alarm.objects.create(case=story.case, person=story.cast.legal, raised_at=timezone.now(), files=101, size=9)
    type(story.case).objects.update(state="closed", closed_at=timezone.now())
    [waiting] = compose.waiting(story.cast.lead)[0]
    assert (waiting.title, waiting.url) == (str(story.cast.legal), f"/cases/{story.case.ref}/access/")
    for person in (story.cast.legal, story.cast.auditor, story.cast.outsider):
        # Nobody is told of an alarm about themselves.
        assert not compose.waiting(person)[0]
    exports.saw(alarm, by=story.cast.lead)
    assert not compose.waiting(story.cast.lead)[0]


def test_home_shows_cases_with_counts_and_hides_them_from_media(story: Story) -> None:
    page = sign_in(story.cast.lead).get("/").content.decode()
    assert story.case.ref in page and '<td class="num">2</td><td class="num">1</td><td class="num">0</td>' in page
    page = sign_in(story.cast.media).get("/").content.decode()
    assert story.case.ref in page and '<td class="num">—</td>' in page
    assert story.case.ref not in sign_in(story.cast.outsider).get("/").content.decode()


def test_home_asks_a_constant_number_of_questions(story: Story) -> None:
    client = sign_in(story.cast.lead)
    dossiers.submit(story.compose(), by=story.cast.legal)
    one = _asked(client)
    for number in range(3):
        make_case(story.cast, f"Case {number}")
        dossiers.submit(story.compose("briefing"), by=story.cast.media)
    assert _asked(client) == one < 30


def _asked(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    return len(asked)
