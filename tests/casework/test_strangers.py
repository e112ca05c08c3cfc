"""Bodies of who is not signed in: a short one is read, for a long one nobody waits."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import Cast, bearer, make_case, make_cast, sign_in

LOGIN = "/accounts/login/"


class Unread(io.RawIOBase):
    """A body that comes so slowly that whoever reads it waits for ever."""

    def read(self, *_size: Any) -> bytes:
        raise AssertionError("somebody waits for it")

    readline = read


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def send(client: Client, path: str, size: int, kind: str = "application/x-www-form-urlencoded", **more: Any) -> Any:
    return client.request(REQUEST_METHOD="POST", PATH_INFO=path, CONTENT_TYPE=kind, CONTENT_LENGTH=str(size),
                          **{"wsgi.input": Unread()}, **more)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("path", [LOGIN, "/cases/new/", "/csp-report", "/nowhere/"])
def test_a_long_body_of_a_stranger_is_refused_before_it_is_read(cast: Cast, path: str, kind: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.get(LOGIN).cookies["csrftoken"]
    answer = send(client, path, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, kind, HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")
    assert send(client, path, 10**30, kind).status_code == 413


def test_a_call_without_a_token_is_refused_before_it_is_read(cast: Cast) -> None:
    case = make_case(cast)
    for path in ("/api/v1/cases/", f"/api/v1/cases/{case.ref}/exhibits/"):
        for kind in ("application/json", "multipart/form-data; boundary=x"):
            assert send(Client(), path, 10**9, kind).status_code == 401
            assert send(Client(), path, 10**9, kind, HTTP_AUTHORIZATION="Bearer nothing").status_code == 401


def test_a_short_one_is_read_and_so_is_a_long_one_of_who_is_signed_in(cast: Cast) -> None:
    assert Client().post(LOGIN, {"login": "a@b.example", "password": "x" * 1_000_000}).status_code == 200
    long = {"title": "x" * 100_000}
    assert send(sign_in(cast.lead), "/nowhere/", 10**9).status_code == 404
    answer = Client().post("/api/v1/cases/", long, content_type="application/json", headers=bearer(cast.lead))
    assert answer.status_code == 422
