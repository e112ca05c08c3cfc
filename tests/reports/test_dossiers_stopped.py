"""What changed behind a dossier's facts stops its seal: when asked, when drawn, and at the last look."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from casework.exhibits import services as exhibits
from reports.dossiers import sealing
from reports.dossiers import services as dossiers
from reports.dossiers.changes import changes
from reports.dossiers.models import Dossier
from tests.factories import bearer, sign_in
from tests.reports.changing import KINDS, acknowledged, edited, lowered, sent
from tests.reports.story import Story, log, make_story, work

pytestmark = pytest.mark.django_db
CHANGED = "was changed since this was composed, or who may be named in it. Compose it again."


@pytest.fixture
def story() -> Story:
    story = make_story(1)
    sent(story)
    work(*story.case.exhibits.filter(number=3))
    return story


@pytest.mark.parametrize("kind", KINDS)
def test_neither_sealed_nor_tried_again(story: Story, kind: str) -> None:
    approved = story.approved(kind)
    acknowledged(story)
    with pytest.raises(dossiers.Blocked, match="T-001 was changed"):
        dossiers.seal(approved, by=approved.composed_by)
    Dossier.objects.filter(pk=approved.pk).update(state=Dossier.State.FAILED)
    with pytest.raises(dossiers.Blocked, match="T-001 was changed"):
        dossiers.retry(approved, by=approved.composed_by)


@pytest.mark.parametrize("kind", KINDS)
def test_the_worker_draws_nothing_that_no_longer_holds(
        story: Story, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = story.queued(kind)
    lowered(story)
    monkeypatch.setattr(sealing, "document", lambda *_args: pytest.fail("it was drawn"))
    assert dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert dossier.state == "failed" and "was changed since" in dossier.problem and dossier.item is None


@pytest.mark.parametrize("kind", KINDS)
def test_what_changes_while_it_is_drawn_is_not_sealed(
        story: Story, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = story.queued(kind)

    def drawn(row: Dossier, step: Any) -> bytes:
        lowered(story)
        return b"%PDF-1.7"

    monkeypatch.setattr(sealing, "document", drawn)
    assert dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert dossier.state == "failed" and "was changed since" in dossier.problem and dossier.item is None


def test_nothing_is_written_into_the_case_between_the_last_look_and_the_seal(
        story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes into a case locks its row first; so does the worker, before it looks."""
    dossier = story.queued("briefing")
    monkeypatch.setattr(sealing, "document", lambda *_args: b"%PDF-1.7")
    with CaptureQueriesContext(connection) as asked:
        assert dossiers.render_and_seal(dossier.pk)
    said = [query["sql"] for query in asked]
    lock = max(at for at, sql in enumerate(said) if 'FROM "casework_case"' in sql and "FOR NO KEY UPDATE" in sql)
    look = max(at for at, sql in enumerate(said) if 'FROM "casework_finding"' in sql)
    seal = max(at for at, sql in enumerate(said) if 'UPDATE "reports_dossier"' in sql)
    assert lock < look < seal


def test_a_finding_that_is_a_draft_again_stops_the_worker(story: Story) -> None:
    dossier = story.queued()
    type(story.finding).objects.update(state="draft")
    assert dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.problem) == ("failed", "F-001 is no longer a reviewed finding.")


def test_page_and_call_show_it_before_one_tries(story: Story) -> None:
    draft = story.compose()
    edited(story, sensitive=True)
    mend = f"/cases/{story.case.ref}/reports/D-001/again/"
    page = sign_in(story.cast.legal).get(f"/cases/{story.case.ref}/reports/D-001/").content.decode()
    assert f'<a href="{mend}">E-001 {CHANGED}</a>' in page
    told = Client().get(f"/api/v1/cases/{story.case.ref}/dossiers/{draft.label}/", headers=bearer(story.cast.legal))
    assert told.json()["blockers"] == [{"code": "changed", "message": f"E-001 {CHANGED}", "url": mend}]


@pytest.mark.parametrize(("kind", "asked"), [("referral", 24), ("briefing", 29)])
def test_as_many_questions_for_many_exhibits_as_for_few(
        story: Story, kind: str, asked: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    few = story.compose(kind)
    more = exhibits.lodge_bytes(story.case, data=b"more", name="more.txt", provenance={},
                                by=story.cast.investigator).exhibit
    story.finding.citations.create(exhibit=more, bearing="for")
    log()
    many = story.compose(kind)
    with django_assert_num_queries(asked):
        changes(Dossier.objects.select_related("case").get(pk=few.pk))
    with django_assert_num_queries(asked):
        changes(Dossier.objects.select_related("case").get(pk=many.pk))


def test_trying_again_asks_again_what_stands_in_the_way(story: Story) -> None:
    dossier = story.approved()
    Dossier.objects.filter(pk=dossier.pk).update(state=Dossier.State.FAILED)
    exhibits.withdraw(story.exhibits[0], reason="Not what it seemed.", by=story.cast.investigator)
    with pytest.raises(dossiers.Blocked):
        dossiers.retry(dossier, by=story.cast.legal)
