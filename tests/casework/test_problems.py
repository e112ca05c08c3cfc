"""Whatever a program sends: one shape of refusal, and no mistake of ours."""

from typing import Any

import pytest
from django.test import Client

from casework.cases import services as cases
from tests.factories import Cast, bearer, make_case, make_cast, sign_in

LISTS = ("cases/", "people/", "platforms/", "cases/{ref}/members/", "cases/{ref}/accounts/", "cases/{ref}/findings/",
         "cases/{ref}/takedowns/", "cases/{ref}/dossiers/", "cases/{ref}/holds/")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def is_problem(answer: Any, status: int, code: str = "") -> bool:
    assert answer.status_code == status, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status and said["detail"]
    assert said["request_id"] == answer.headers["X-Request-Id"]
    return not code or said["code"] == code


@pytest.mark.parametrize("path", LISTS)
def test_a_list_answers_however_much_is_asked_for(cast: Cast, path: str) -> None:
    address, person = "/api/v1/" + path.format(ref=make_case(cast).ref), cast.admin if "people" in path else cast.lead
    for asked in ("limit=99999999999999999999", "offset=99999999999999999999", "limit=0&offset=-1", "limit=x"):
        answer = Client().get(f"{address}?{asked}", headers=bearer(person))
        assert answer.status_code == 200, asked


def test_no_more_than_500_rows_are_given_at_once(cast: Cast) -> None:
    case = make_case(cast)
    answer = Client().get(f"/api/v1/cases/{case.ref}/members/?limit=100000&offset=1", headers=bearer(cast.lead))
    assert "limit=500" in answer.json()["previous"]


@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/", "/api/v1/cases/%00/", "/api/v1/people/x/disable/"])
def test_an_address_that_is_none_is_refused_in_the_same_shape(cast: Cast, address: str) -> None:
    assert is_problem(Client().get(address, headers=bearer(cast.lead)), 404, "not_found")
    assert "text/html" in Client().get("/nothing/").headers["Content-Type"]


def test_a_body_that_is_too_large_is_413_by_token_and_by_session(cast: Cast) -> None:
    body = b'{"title": "' + b"x" * 3_000_000 + b'"}'
    by_token = Client().post("/api/v1/cases/", body, "application/json", headers=bearer(cast.lead))
    assert is_problem(by_token, 413, "too_big")
    assert is_problem(sign_in(cast.lead).post("/api/v1/cases/", body, "application/json"), 413, "too_big")
    typed = sign_in(cast.lead).post("/cases/new/", b"title=" + b"x" * 3_000_000, "application/x-www-form-urlencoded")
    assert typed.status_code == 413 and "text/html" in typed.headers["Content-Type"]


def test_a_host_that_is_not_ours_is_refused_in_the_same_shape(db: None) -> None:
    assert is_problem(Client(headers={"Host": "evil.example"}).get("/api/v1/cases/"), 400)


def test_a_mistake_of_ours_has_the_same_shape(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_given: Any) -> None:
        raise RuntimeError("invented")

    monkeypatch.setattr(cases, "open_case", fails)
    body = {"title": "t", "mandate_basis": "b", "mandate_purpose": "p", "mandate_scope": "s"}
    client = Client(raise_request_exception=False)
    answer = client.post("/api/v1/cases/", body, "application/json", headers=bearer(cast.lead))
    assert is_problem(answer, 500, "error")
    assert b"invented" not in answer.content


@pytest.mark.parametrize("body", ['{"role": "\\ud800"}', '{"\\udc00": 1}', '"\\ud800"', "[" * 100_000,
                                  '{"role": "\\u0000"}', '{"days": 1e999}', '{"days": NaN}', "1" * 5000])
def test_what_is_no_text_is_the_callers_mistake(cast: Cast, body: str) -> None:
    case = make_case(cast)
    for path in ("members/", "retention/"):
        method = "post" if path == "members/" else "put"
        answer = getattr(Client(), method)(f"/api/v1/cases/{case.ref}/{path}", body, "application/json",
                                           headers=bearer(cast.lead))
        assert 400 <= answer.status_code < 500, answer.content[:300]
        assert is_problem(answer, answer.status_code)
