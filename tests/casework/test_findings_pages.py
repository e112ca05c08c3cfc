"""The pages and calls about findings."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.findings import services
from casework.findings.models import Finding
from tests.casework.test_findings_services import WORDS
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in
from tests.weighed import typed

TYPED = typed({**WORDS, "exhibits_for": "E-001", "exhibits_against": "", "subjects": ""})
JUDGED = {"note_1": "The text and its minute.", "reliability_1": "B", "credibility_1": "2"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    lodge_png(case, cast.investigator, 1)
    return case


def test_a_finding_goes_from_the_form_to_reviewed(case: Case, cast: Cast) -> None:
    author, second, at = sign_in(cast.investigator), sign_in(cast.reviewer), f"/cases/{case.ref}/findings/"
    assert author.get(f"{at}new/?exhibit=E-001").status_code == 200
    assert author.post(f"{at}new/", TYPED).headers["Location"] == f"{at}F-001/"
    assert author.get(f"{at}F-001/edit/").status_code == 200
    assert author.post(f"{at}F-001/edit/", {**TYPED, "title": "Ten accounts"}).status_code == 302
    assert author.post(f"{at}F-001/submit/").status_code == 422
    assert author.get(f"{at}F-001/sources/").status_code == 200
    assert author.post(f"{at}F-001/sources/", JUDGED).status_code == 302
    assert author.post(f"{at}F-001/submit/").status_code == 302
    assert author.post(f"{at}F-001/review/").status_code == 403
    html = second.get(f"{at}F-001/review/").content.decode()
    seen = services.digest(Finding.objects.get())
    assert f'name="seen" value="{seen}"' in html
    assert WORDS["against"] in html
    assert second.post(f"{at}F-001/review/", {"seen": "0" * 64}).status_code == 422
    assert second.post(f"{at}F-001/review/", {"seen": seen, "note": "Read."}).status_code == 302
    html = second.get(f"{at}F-001/").content.decode()
    assert "Ten accounts" in html and "Reviewed" in html


def test_a_returned_finding_says_why_to_its_author(case: Case, cast: Cast) -> None:
    author, second, at = sign_in(cast.investigator), sign_in(cast.reviewer), f"/cases/{case.ref}/findings/"
    author.post(f"{at}new/", TYPED)
    author.post(f"{at}F-001/sources/", JUDGED)
    author.post(f"{at}F-001/submit/")
    assert second.post(f"{at}F-001/send-back/", {"reason": " "}).status_code == 422
    assert second.post(f"{at}F-001/send-back/", {"reason": "Which nine?"}).status_code == 302
    assert "Which nine?" in author.get(f"{at}F-001/").content.decode()
    assert author.post(f"{at}F-001/submit/").status_code == 302
    assert author.post(f"{at}F-001/submit/").status_code == 422


def test_a_withdrawn_exhibit_is_marked_wherever_it_is_cited(case: Case, cast: Cast) -> None:
    author, second, at = sign_in(cast.investigator), sign_in(cast.reviewer), f"/cases/{case.ref}"
    author.post(f"{at}/accounts/new/", {"platform": "x", "handle": "lahore_times_24", "exhibit": "E-001",
                                         "persona": "news", "persona_basis": "Its name"})
    author.post(f"{at}/findings/new/", TYPED)
    author.post(f"{at}/findings/F-001/sources/", JUDGED)
    author.post(f"{at}/findings/F-001/submit/")
    second.post(f"{at}/findings/F-001/review/", {"note": ""})
    assert "Withdrawn" not in author.get(f"{at}/findings/F-001/").content.decode()
    exhibits.withdraw(exhibits_of(case)[0], reason="the wrong file", by=cast.investigator)
    html = author.get(f"{at}/findings/F-001/").content.decode()
    assert "It cites an exhibit that was withdrawn." in html and 'data-state="withdrawn">Withdrawn<' in html
    assert "cites a withdrawn exhibit" in author.get(f"{at}/findings/").content.decode()
    assert 'data-state="withdrawn">Withdrawn<' in author.get(f"{at}/accounts/S-001/").content.decode()


def test_what_was_typed_stays_when_it_is_refused(case: Case, cast: Cast) -> None:
    author = sign_in(cast.investigator)
    answer = author.post(f"/cases/{case.ref}/findings/new/", {
        **TYPED, "claim": "With high confidence it is likely that نو اکاؤنٹ did it.", "exhibits_for": "E-001 E-77"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "نو اکاؤنٹ" in html and "Not in this case: E-77" in html
    answer = author.post(f"/cases/{case.ref}/findings/new/", {
        **TYPED, "claim": "With high confidence it is likely that نو اکاؤنٹ did it."})
    assert answer.status_code == 422
    assert "combines a level of confidence with a likelihood" in answer.content.decode()


def test_another_case_and_a_wrong_label_are_both_absent(case: Case, cast: Cast) -> None:
    services.write(case, **WORDS, exhibits_for=exhibits_of(case), by=cast.investigator)
    stranger, member = sign_in(cast.outsider), sign_in(cast.investigator)
    for path in ("", "new/", "F-001/", "F-001/edit/", "F-001/sources/", "F-001/submit/", "F-001/review/",
                 "F-001/send-back/"):
        assert stranger.get(f"/cases/{case.ref}/findings/{path}").status_code == 404
    for label in ("F-002", "S-001", "F-99999999999", "x"):
        assert member.get(f"/cases/{case.ref}/findings/{label}/").status_code == 404
    assert sign_in(cast.media).get(f"/cases/{case.ref}/findings/").status_code == 403


def test_the_whole_life_goes_by_calls(case: Case, cast: Cast) -> None:
    client, author, second = Client(), bearer(cast.investigator), bearer(cast.reviewer)
    at = f"/api/v1/cases/{case.ref}/findings/"

    def call(path: str, headers: dict[str, str], verb: str = "post", **body: Any) -> Any:
        return getattr(client, verb)(f"{at}{path}", body, content_type="application/json", headers=headers)

    body: dict[str, Any] = {**WORDS, "exhibits_for": ["E-001"]}
    assert call("", author, **{**body, "against": ""}).status_code == 422
    assert call("", author, **{**body, "exhibits_for": ["E-9"]}).status_code == 422
    made = call("", author, **body)
    assert (made.status_code, made.json()["label"], made.json()["state"]) == (201, "F-001", "draft")
    assert call("F-001/", author, "put", **{**body, "title": "Ten"}).json()["title"] == "Ten"
    refused = call("F-001/submit/", author)
    assert refused.status_code == 422 and "E-001" in str(refused.json()["errors"])
    judged = {"exhibit": "E-001", "note": "The text.", "reliability": "B", "credibility": "2"}
    assert call("F-001/sources/", author, "put", sources=[judged]).status_code == 200
    digest = call("F-001/submit/", author).json()["digest"]
    assert call("F-001/review/", second).status_code == 422
    assert call("F-001/review/", second, seen="0" * 64).json()["code"] == "second_person"
    assert call("F-001/review/", author, seen=digest).status_code == 403
    done = call("F-001/review/", second, seen=digest).json()
    assert (done["state"], done["reviewer"]) == ("reviewed", "Rida Malik")
    assert call("F-001/send-back/", second, reason="No.").status_code == 409
    assert client.get(f"{at}F-001/", headers=author).json()["exhibits"] == [{**judged, "bearing": "for"}]
    assert client.get(f"{at}F-001/", headers=bearer(cast.outsider)).status_code == 404


@pytest.mark.parametrize("rows", [3, 30])
def test_the_table_takes_as_many_queries_for_30_rows_as_for_3(
        case: Case, cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(rows):
        services.write(case, **WORDS, exhibits_for=exhibits_of(case), by=cast.investigator)
    pages, calls = sign_in(cast.investigator), bearer(cast.investigator)
    pages.get("/cases/")
    with django_assert_num_queries(7):
        assert f"F-{rows:03d}" in pages.get(f"/cases/{case.ref}/findings/").content.decode()
    with django_assert_num_queries(9):
        assert Client().get(f"/api/v1/cases/{case.ref}/findings/", headers=calls).json()["count"] == rows
