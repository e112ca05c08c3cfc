"""The pages and calls about campaigns, causes and listings, and that no case tells of another one's."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.campaigns.models import Listing
from casework.cases.models import Case
from casework.people.models import User
from tests.casework.test_campaigns import made, mark, name
from tests.casework.test_causes import attach, cause, listed
from tests.factories import Cast, bearer, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return made(cast)


def call(case: Case, person: User, method: str, path: str, status: int = 200, **body: Any) -> Any:
    answer = getattr(Client(), method)(f"/api/v1/cases/{case.ref}/{path}", body or None, headers=bearer(person),
                                       content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_campaign_from_its_name_to_its_picture_on_pages(case: Case, cast: Cast) -> None:
    pages, root = sign_in(cast.investigator), f"/cases/{case.ref}/campaigns/"
    assert "Nothing to draw yet" in pages.get(root + "picture/").content.decode()
    answer = pages.post(root + "new/", {"title": "Delta port", "objective": "To make it look wanted.",
                                        "languages": "ur, en", "taskings": "k1"}, follow=True)
    assert answer.redirect_chain == [(root + "G-001/", 302)]
    assert pages.post(root + "G-001/marks/new/", {"kind": "hashtag", "text": "#DeltaPortNow", "exhibit": "E-001",
                                                  "at": "2026-03-20"}).status_code == 302
    assert pages.post(root + "causes/new/", {"title": "بندرگاہ"}, follow=True).redirect_chain == [
        (root + "causes/U-001/", 302)]
    assert pages.post(root + "G-001/causes/new/", {"cause": "U-001", "basis": "It asks for it.",
                                                   "exhibits": "E-001"}).status_code == 302
    html = pages.get(root + "G-001/").content.decode()
    assert "#DeltaPortNow" in html and "بندرگاہ" in html and "2026-03-14" in html and "2026-03-20" in html
    assert "اردو" in html and "K-001" in html
    drawn = pages.get(root + "picture/").content.decode()
    assert '<svg class="pushed" role="img"' in drawn and "بندرگاہ" in drawn and "Evening posts" in drawn
    assert "G-001" in pages.get(root + "causes/U-001/").content.decode()
    for path in ("G-001/marks/{mark}/withdraw/", "G-001/causes/{push}/withdraw/", "causes/U-001/withdraw/",
                 "G-001/withdraw/"):
        keys = {"mark": case.campaigns.get().marks.get().pk, "push": case.campaigns.get().pushes.get().pk}
        assert pages.post(root + path.format(**keys), {"reason": "Misread"}).status_code == 302
    html = pages.get(root + "G-001/").content.decode()
    assert html.count("Misread") == 3 and "This was withdrawn." in html


def test_what_was_typed_stays_when_it_is_refused(case: Case, cast: Cast) -> None:
    pages, root = sign_in(cast.investigator), f"/cases/{case.ref}/campaigns/"
    answer = pages.post(root + "new/", {"title": "بندرگاہ مہم", "objective": "", "taskings": "K-009"})
    assert answer.status_code == 422
    assert "بندرگاہ مہم" in answer.content.decode() and "Not in this case: K-009" in answer.content.decode()
    answer = pages.post(root + "causes/new/", {"title": "@lahore_news_10"})
    assert answer.status_code == 422 and "never to an account" in answer.content.decode()


def test_two_who_edit_are_told_of_each_other(case: Case, cast: Cast) -> None:
    name(case, cast)
    cause(case, cast)
    edits: list[tuple[str, dict[str, Any]]] = [
        ("campaigns/G-001/", {"objective": "So", "taskings": ["K-001"]}), ("causes/U-001/", {})]
    for path, words in edits:
        seen = Client().get(f"/api/v1/cases/{case.ref}/{path}", headers=bearer(cast.lead))["ETag"]
        call(case, cast.lead, "put", path, title="One", **words)
        answer = Client().put(f"/api/v1/cases/{case.ref}/{path}", {"title": "Two", **words},
                              headers=bearer(cast.lead) | {"If-Match": seen}, content_type="application/json")
        assert answer.status_code == 412
        assert call(case, cast.lead, "get", path)["title"] == "One"


def test_listings_are_read_by_all_and_written_by_administrators(case: Case, cast: Cast) -> None:
    words = {"authority": "Council of Examples", "list_name": "Example list", "organisation": "Front for Nothing",
             "reference": "EX-14", "listed_on": "2025-02-01", "source_url": "https://list.example/ex-14",
             "read_on": "2026-03-01"}
    admin, reader = sign_in(cast.admin), sign_in(cast.lead)
    assert reader.post("/listings/new/", words).status_code == 403
    assert admin.post("/listings/new/", words | {"source_url": "list"}).status_code == 422
    assert admin.post("/listings/new/", words).status_code == 302
    one = Listing.objects.get()
    assert "Front for Nothing" in reader.get("/listings/").content.decode()
    assert reader.post(f"/listings/{one.pk}/withdraw/", {"reason": "No"}).status_code == 403
    assert "Front for Nothing" in reader.get(f"/cases/{case.ref}/campaigns/causes/new/").content.decode()
    assert admin.post(f"/listings/{one.pk}/withdraw/", {"reason": "Taken back"}).status_code == 302
    assert "Taken back" in reader.get("/listings/").content.decode()
    assert admin.post(f"/listings/{one.pk}/withdraw/", {"reason": "Again"}).status_code == 422
    assert admin.get("/listings/987654/withdraw/").status_code == 404
    answer = Client().post("/api/v1/listings/", words, headers=bearer(cast.lead), content_type="application/json")
    assert answer.status_code == 403
    answer = Client().post("/api/v1/listings/", words, headers=bearer(cast.admin), content_type="application/json")
    assert (answer.status_code, answer.json()["reference"]) == (201, "EX-14")
    assert len(Client().get("/api/v1/listings/", headers=bearer(cast.lead)).json()["results"]) == 2


def test_another_case_tells_nothing(case: Case, cast: Cast) -> None:
    attach(name(case, cast), cause(case, cast, listing=listed(cast), listing_basis="It signs."), cast)
    mark(case.campaigns.get(), cast)
    other = made(cast, "Another")
    name(other, cast, title="Second trend")
    push, shown = case.campaigns.get().pushes.get(), case.campaigns.get().marks.get()
    for path in (f"campaigns/G-001/causes/{push.pk}/withdraw/", f"campaigns/G-001/marks/{shown.pk}/withdraw/"):
        call(other, cast.lead, "post", path, 404, reason="Not mine")
    assert call(other, cast.lead, "get", "causes/")["results"] == []
    assert "A port in the delta" not in str(call(other, cast.lead, "get", "campaigns/"))
    told = call(other, cast.lead, "get", "campaigns/picture/")
    assert (told["causes"], told["rows"]) == ([], [{"channel": "C-001", "name": "Evening posts", "counts": []}])
    assert [box["title"] for box in told["boxes"]] == ["Evening posts", "Second trend"]
    words = {"cause": "U-001", "basis": "It asks.", "exhibits": ["E-001"]}
    call(other, cast.lead, "post", "campaigns/G-001/causes/", 422, **words)
    assert "Front for Nothing" not in sign_in(cast.outsider).get(f"/cases/{case.ref}/campaigns/").content.decode()


def test_the_call_tells_all_that_the_picture_shows(case: Case, cast: Cast) -> None:
    assert call(case, cast.lead, "get", "campaigns/picture/") == {"boxes": [], "lines": [], "causes": [], "rows": []}
    port, vote = cause(case, cast), cause(case, cast, title="A vote abroad")
    one = name(case, cast, taskings=list(case.taskings.all()))
    attach(one, port, cast)
    attach(one, vote, cast)
    told = call(case, cast.auditor, "get", "campaigns/picture/")
    assert [(box["sort"], box["label"], box["title"]) for box in told["boxes"]] == [
        ("channel", "C-001", "Evening posts"), ("campaign", "G-001", "Delta port"),
        ("cause", "U-001", "A port in the delta"), ("cause", "U-002", "A vote abroad")]
    assert told["lines"] == [{"start": "C-001", "end": "G-001", "count": 2},
                             {"start": "G-001", "end": "U-001", "count": 1},
                             {"start": "G-001", "end": "U-002", "count": 1}]
    assert (told["causes"], told["rows"]) == (
        ["U-001", "U-002"], [{"channel": "C-001", "name": "Evening posts", "counts": [2, 2]}])
    html = sign_in(cast.auditor).get(f"/cases/{case.ref}/campaigns/picture/").content.decode()
    for box in told["boxes"]:
        assert f'<rect x="{box["x"]}" y="{box["y"]}"' in html and box["title"] in html, "as the page shows it"
    assert call(case, cast.outsider, "get", "campaigns/picture/", 404)["status"] == 404


def test_lists_ask_the_same_number_of_questions(case: Case, cast: Cast,
                                                django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    port = cause(case, cast)
    for title in ("One", "Two", "Three", "Four", "Five"):
        attach(name(case, cast, title=title), port, cast)
    pages = sign_in(cast.lead)
    for path in ("", "picture/", "causes/"):
        pages.get(f"/cases/{case.ref}/campaigns/{path}")
        with django_assert_max_num_queries(18):
            pages.get(f"/cases/{case.ref}/campaigns/{path}")
