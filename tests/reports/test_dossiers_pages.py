"""The pages and calls around a dossier, as people and programs use them."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.exhibits import services as exhibits
from reports.dossiers import services as dossiers
from reports.dossiers.models import Dossier
from reports.releases.models import Download
from tests.factories import bearer, sign_in
from tests.reports.story import ADDRESS, HANDLE, NOTE, Story, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return make_story(1)


def url(story: Story, rest: str = "") -> str:
    return f"/cases/{story.case.ref}/reports/{rest}"


def test_from_compose_to_queue_through_pages(story: Story) -> None:
    legal, reviewer = sign_in(story.cast.legal), sign_in(story.cast.reviewer)
    made = legal.post(url(story, "new/"), {"kind": "referral", "language": "en", **NOTE})
    assert made.status_code == 302 and made["Location"].endswith("/reports/D-001/")
    assert "What stops it" not in legal.get(made["Location"]).content.decode()
    assert legal.post(url(story, "D-001/submit/")).status_code == 302
    assert legal.get(url(story, "D-001/review/")).status_code == 403
    read = reviewer.get(url(story, "D-001/review/"))
    seen = read.context["form"].initial["seen"]
    assert reviewer.post(url(story, "D-001/review/"), {"seen": seen, "note": ""}).status_code == 302
    confirm = legal.get(url(story, "D-001/seal/")).content.decode()
    assert "cannot be changed or taken back" in confirm and "2 exhibits" in confirm
    assert legal.post(url(story, "D-001/seal/")).status_code == 302
    progress = legal.get(url(story, "D-001/progress/"))
    assert progress.json() == {"state": "rendering", "word": "Being made", "done": 0, "total": 2,
                               "step": "Waiting for a worker"}
    page = legal.get(url(story, "D-001/")).content.decode()
    assert "data-progress" in page and "progress" in page


def test_typed_text_is_not_lost(story: Story) -> None:
    answer = sign_in(story.cast.legal).post(url(story, "new/"), {
        "kind": "referral", "language": "en", "necessity": "typed at length", "against": "", "less_intrusive": ""})
    assert answer.status_code == 422 and "typed at length" in answer.content.decode()


def test_a_blocked_dossier_says_why_and_where(story: Story) -> None:
    type(story.finding).objects.update(state="returned")
    draft = story.compose()
    page = sign_in(story.cast.legal).get(url(story, f"{draft.label}/")).content.decode()
    assert "No reviewed finding supports this dossier." in page
    assert f'href="/cases/{story.case.ref}/findings/"' in page
    refused = sign_in(story.cast.legal).post(url(story, f"{draft.label}/seal/"))
    assert refused.status_code == 409 and "not possible" in refused.content.decode()


def test_what_a_reviewer_cannot_mend_is_not_submitted(story: Story) -> None:
    draft, legal = story.compose(), sign_in(story.cast.legal)
    exhibits.withdraw(story.exhibits[0], reason="the wrong file", by=story.cast.investigator)
    assert "D-001/submit/" not in legal.get(url(story, f"{draft.label}/")).content.decode()
    refused = legal.post(url(story, f"{draft.label}/submit/"))
    assert refused.status_code == 409 and "E-001 was withdrawn." in refused.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_the_reviewer_reads_everything_that_is_printed(story: Story) -> None:
    dossiers.submit(story.compose(), by=story.cast.legal)
    page = sign_in(story.cast.reviewer).get(url(story, "D-001/review/")).content.decode()
    draft = Dossier.objects.get()
    [seen] = [row for row in draft.frozen["subjects"] if row["assessments"]]
    for said in (draft.frozen["case"]["mandate_basis"], draft.frozen["case"]["mandate_scope"], "Posts within seconds.",
                 "May be a fan.", "a colleague", "Firefox 140", draft.frozen["exhibits"][0]["sha256"],
                 seen["handles"][0]["display_name"], "Assessed"):
        assert said in page, said
    assert ADDRESS in page or "withheld" in page


def test_the_reviewer_of_a_briefing_reads_each_replacement(story: Story) -> None:
    dossiers.submit(story.compose("briefing"), by=story.cast.media)
    page = sign_in(story.cast.reviewer).get(url(story, "D-001/review/"))
    replaced = dict(page.context["replaced"])
    assert any(HANDLE in written for written in replaced) and any("Imran Sethi" in written for written in replaced)
    assert not any(HANDLE in printed for printed in replaced.values())
    assert "What was replaced" in page.content.decode()
    assert "What was replaced" not in sign_in(story.cast.media).get(url(story, "D-001/")).content.decode()


def test_what_came_in_the_way_after_it_was_submitted_is_said_to_the_reviewer(story: Story) -> None:
    waiting = dossiers.submit(story.compose(), by=story.cast.legal)
    exhibits.withdraw(story.exhibits[0], reason="the wrong file", by=story.cast.investigator)
    reviewer = sign_in(story.cast.reviewer)
    page = reviewer.get(url(story, "D-001/review/")).content.decode()
    assert "E-001 was withdrawn." in page and ">Approve<" not in page and "D-001/send-back/" in page
    assert reviewer.post(url(story, "D-001/review/"), {"seen": waiting.digest, "note": ""}).status_code == 422
    waiting.refresh_from_db()
    assert waiting.state == "in_review"
    assert reviewer.post(url(story, "D-001/send-back/"), {"note": "E-001 is gone."}).status_code == 302


def test_what_was_composed_too_early_leads_to_composing_again(story: Story) -> None:
    late = exhibits.lodge_bytes(story.case, data=b"a late note", name="late.txt", provenance={},
                                by=story.cast.investigator).exhibit
    story.finding.citations.create(exhibit=late, bearing="for")
    story.compose()
    page = sign_in(story.cast.legal).get(url(story, "D-001/")).content.decode()
    assert re.search(r'href="[^"]*/D-001/again/">E-003 was not yet in the signed log', page)


def test_a_media_officer_never_meets_a_referral(story: Story) -> None:
    story.compose()
    briefing = story.compose("briefing")
    media = sign_in(story.cast.media)
    listed = media.get(url(story)).content.decode()
    assert "D-002" in listed and "D-001" not in listed
    for rest in ("D-001/", "D-001/progress/", "D-001/download/", "D-999/"):
        assert media.get(url(story, rest)).status_code == 404
    page = media.get(url(story, f"{briefing.label}/")).content.decode()
    assert HANDLE not in page
    api = Client().get(f"/api/v1/cases/{story.case.ref}/dossiers/D-001/", headers=bearer(story.cast.media))
    assert api.status_code == 404


@pytest.mark.parametrize("label", ["D-1", "D-0001", "D-abc", "d-001", "D-001x", "E-001"])
def test_another_spelling_of_a_label_is_absent(story: Story, label: str) -> None:
    story.compose()
    assert sign_in(story.cast.legal).get(url(story, f"{label}/")).status_code == 404


def test_sealing_and_downloading_ask_for_the_password(story: Story) -> None:
    approved = story.approved()
    stale = Client()
    stale.force_login(story.cast.legal)
    assert "reauthenticate" in stale.post(url(story, f"{approved.label}/seal/"))["Location"]
    assert "reauthenticate" in stale.post(url(story, f"{approved.label}/download/"), {"purpose": "x"})["Location"]
    approved.refresh_from_db()
    assert approved.state == "approved"


def test_a_sealed_dossier_is_downloaded_with_a_purpose(story: Story) -> None:
    dossier = story.sealed("briefing")
    media = sign_in(story.cast.media)
    assert media.post(url(story, "D-001/download/"), {"purpose": " "}).status_code == 422
    answer = media.post(url(story, "D-001/download/"), {"purpose": "for the morning paper"})
    data = b"".join(answer)
    assert answer["Content-Type"] == "application/pdf" and answer["Content-Length"] == str(len(data))
    assert "attachment" in answer["Content-Disposition"] and "sandbox" in answer["Content-Security-Policy"]
    assert Download.objects.get().person == story.cast.media
    page = media.get(url(story, "D-001/")).content.decode()
    assert "for the morning paper" in page and dossier.item and dossier.item.blob_id in page


def test_the_whole_way_by_calls(story: Story) -> None:
    api, client = f"/api/v1/cases/{story.case.ref}/dossiers/", Client()

    def post(path: str, who: Any, body: dict[str, Any] | None = None) -> Any:
        return client.post(api + path, json.dumps(body or {}), content_type="application/json", headers=bearer(who))

    legal, reviewer = story.cast.legal, story.cast.reviewer
    made = post("", legal, {"kind": "referral", "language": "ur", **NOTE})
    assert made.status_code == 201, made.content
    assert made.json()["blockers"] == [] and made.json()["facts"]["findings"][0]["label"] == "F-001"
    assert post("", legal, {"kind": "referral"}).status_code == 422
    assert post("D-001/seal/", legal).status_code == 409
    assert post("D-001/submit/", legal).status_code == 200
    assert post("D-001/approve/", legal, {"seen": made.json()["digest"]}).status_code == 403
    assert post("D-001/approve/", reviewer, {"seen": "0" * 64}).status_code == 409
    assert post("D-001/approve/", reviewer, {"seen": made.json()["digest"]}).status_code == 200
    assert post("D-001/seal/", legal).status_code == 202
    assert post("D-001/download/", legal, {"purpose": "too early"}).status_code == 409
    assert post("D-001/retry/", legal).status_code == 409
    listed = client.get(api, headers=bearer(legal)).json()
    assert [row["state"] for row in listed["results"]] == ["rendering"]
    outsider = bearer(story.cast.outsider)
    assert client.get(api, headers=outsider).status_code == 404
    assert client.get(api + "D-001/", headers=outsider).status_code == 404
    assert client.post(api + "D-001/download/", headers=bearer(legal, "read", "write")).status_code == 403


def test_a_dossier_page_asks_a_constant_number_of_questions(
        story: Story, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    draft, client = story.compose(), sign_in(story.cast.legal)
    with django_assert_max_num_queries(32):
        client.get(url(story, f"{draft.label}/"))


def test_progress_is_told_in_the_readers_language(story: Story) -> None:
    dossier = story.queued()
    Dossier.objects.filter(pk=dossier.pk).update(step="pages", done=1)
    story.cast.legal.language = "ur"
    story.cast.legal.save()
    told = sign_in(story.cast.legal).get(url(story, f"{dossier.label}/progress/")).json()
    assert told["done"] == 1 and not told["step"].isascii()
