"""Whatever a program sends: one shape of refusal, and no mistake of ours."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
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


def test_a_process_that_can_open_nothing_more_says_so_whatever_it_opened(cast: Cast) -> None:
    """One file more, two, and so on, until a lodging has all that it needs."""
    client, headers = Client(raise_request_exception=False), bearer(cast.lead)
    case = make_case(cast)
    client.get("/api/v1/me/", headers=headers)
    answered = []
    for more in range(12):
        with can_open(more):
            sent = {"file": SimpleUploadedFile("a.txt", bytes([more]))}
            answer = client.post(f"/api/v1/cases/{case.ref}/exhibits/", sent, headers=headers)
        answered.append(answer.status_code)
        assert answer.status_code == 201 or is_problem(answer, 503), (more, answer.content)
    assert answered[0] == 503 and answered[-1] == 201, answered


@contextmanager
def can_open(more: int) -> Iterator[None]:
    """The process can open `more` files and not one beyond."""
    before, number = resource.getrlimit(resource.RLIMIT_NOFILE), 0
    # Of the listed ones one was the listing's own.
    held = {int(name) for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")}
    while more or number in held:
        more -= number not in held
        number += 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


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
