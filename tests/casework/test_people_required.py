"""A second factor that a role asks for, before anything else; and one that a person has, in every session of theirs."""

import io
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, format_hotp_value, hotp_value
from django.conf import settings as real
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from casework import env
from casework.access import Role
from casework.cases import services as cases
from casework.people import factors
from casework.people.guard import SecondFactor
from casework.people.models import User
from casework.record import Act
from evidence.custody import history
from tests.casework.authenticator import enrol
from tests.factories import PASSWORD, Cast, bearer, make_case, make_cast, sign_in
from tests.house.permissions import API, LIBRARY, PAGES
from tests.house.world import ROUTES

ENROL = "/accounts/2fa/"


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.SECOND_FACTOR_FOR = ["administrator", "lead", "legal"]
    settings.BASE_URL = "http://localhost:8000"
    cache.clear()
    return make_cast()


def add_app(client: Client) -> str:
    """An authenticator app for whoever is signed in; its secret."""
    client.get("/accounts/2fa/totp/activate/")
    secret = str(client.session[SECRET_SESSION_KEY])
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    assert answer.status_code == 302
    return secret


def code(secret: str) -> str:
    """The code of now. It is good for its half minute alone, so near the end of one the next is waited for."""
    if (left := 30 - time.time() % 30) < 5:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def waits(client: Client) -> bool:
    """Whether this person is led to where a factor is added."""
    answer = client.get("/cases/")
    return answer.status_code == 302 and answer.headers["Location"] == ENROL


def test_no_page_of_the_work_opens_before_a_factor_is_there(cast: Cast) -> None:
    make_case(cast)
    client = sign_in(cast.lead)
    for route in [route for route in PAGES | LIBRARY if not ROUTES[route]]:
        answer = client.get(reverse(route))
        if route in SecondFactor.OPEN:
            assert answer.headers.get("Location") != ENROL and answer.status_code in {200, 302, 404, 405}, route
        else:
            assert (answer.status_code, answer.headers.get("Location")) == (302, ENROL), route
        if route == "account_logout":
            client = sign_in(cast.lead)
    assert "asks for a second factor" in client.get(ENROL).content.decode()
    assert client.post("/cases/new/", {"title": "x"}).headers["Location"] == ENROL


def test_calls_by_session_and_by_an_older_token_are_refused_by_name(cast: Cast) -> None:
    headers = bearer(cast.lead)
    make_case(cast)
    for path in [reverse(route) for route in API if not ROUTES[route] and route != "api:docs"]:
        for answer in (sign_in(cast.lead).get(path), Client().get(path, headers=headers)):
            assert answer.status_code == 403 and b"second_factor_required" in answer.content, path
    told = Client().get("/api/v1/cases/", headers=headers)
    assert told.json()["code"] == "second_factor_required"
    assert told.headers["Content-Type"] == "application/problem+json"
    add_app(sign_in(cast.lead))
    assert Client().get("/api/v1/me/", headers=headers).status_code == 200


def test_the_roles_of_an_open_case_ask_and_no_others(cast: Cast) -> None:
    case = make_case(cast)
    asked = {name for name, person in cast.everybody().items() if waits(sign_in(person))}
    assert asked == {"lead", "legal", "admin"}
    cases.close(case, by=cast.lead)
    assert not waits(sign_in(cast.legal))
    cases.reopen(case, by=cast.lead)
    assert waits(sign_in(cast.legal))
    cases.end_membership(case.memberships.get(user=cast.legal), by=cast.lead)
    assert not waits(sign_in(cast.legal))


def test_whoever_gets_such_a_role_is_asked_at_the_next_request(cast: Cast) -> None:
    case = make_case(cast)
    client, other = sign_in(cast.investigator), sign_in(cast.reviewer)
    assert not waits(client) and not waits(other)
    cases.add_member(case, user=cast.investigator, role=Role.LEAD, by=cast.lead)
    User.objects.filter(pk=cast.reviewer.pk).update(is_administrator=True)
    assert waits(client) and waits(other)


@pytest.mark.parametrize("add", [add_app, enrol])
def test_adding_one_opens_this_session_and_ends_those_that_never_gave_it(cast: Cast, add: Any) -> None:
    make_case(cast)
    client, older = sign_in(cast.lead), sign_in(cast.lead)
    assert waits(client)
    add(client)
    assert not waits(client) and client.get("/cases/").status_code == 200
    assert older.get("/cases/").headers["Location"].startswith("/accounts/login/")
    assert older.get("/api/v1/me/").status_code == 401


def test_who_lost_every_factor_is_helped_at_the_machine(cast: Cast) -> None:
    make_case(cast)
    client, out = sign_in(cast.lead), io.StringIO()
    enrol(client)
    call_command("forget_factors", cast.lead.email.upper(), stdout=out)
    assert "1 second factors" in out.getvalue()
    assert client.get("/settings/").headers["Location"].startswith("/accounts/login/")
    assert history.about([f"user/{cast.lead.pk}"])[0].detail["act"] == Act.FACTORS_FORGOTTEN
    again = Client()
    assert again.post("/accounts/login/", {"login": cast.lead.email, "password": PASSWORD}).headers["Location"] == "/"
    assert waits(again)
    with pytest.raises(CommandError, match="Nobody"):
        call_command("forget_factors", "ghost@example.org")


def test_between_password_and_second_factor_nobody_is_signed_in(cast: Cast) -> None:
    secret = add_app(sign_in(cast.outsider))
    client = Client()
    client.post("/accounts/login/", {"login": cast.outsider.email, "password": PASSWORD})
    for path in ("/", "/settings/", "/cases/", ENROL, "/accounts/2fa/totp/deactivate/", "/accounts/password/change/",
                 "/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/", "/accounts/2fa/recovery-codes/"):
        assert client.get(path).headers["Location"].startswith("/accounts/login/"), path
    for path in ("me", "cases", "schema"):
        assert client.get(f"/api/v1/{path}/").status_code == 401, path
    assert client.post("/settings/tokens/", {"name": "x", "scopes": ["read"], "days": 1}).status_code == 302
    assert not cast.outsider.tokens.exists()
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert client.get("/settings/").status_code == 200


def test_a_session_made_past_the_second_factor_is_over_at_its_first_request(cast: Cast) -> None:
    add_app(sign_in(cast.outsider))
    past = Client()
    past.force_login(cast.outsider)
    assert past.get("/settings/").headers["Location"].startswith("/accounts/login/")
    assert past.get("/api/v1/me/").status_code == 401
    assert "_auth_user_id" not in past.session


def test_the_words_of_the_setting_are_the_roles_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(real.SECOND_FACTOR_ROLES) == [factors.ADMINISTRATOR, *Role.values]
    assert real.SECOND_FACTOR_FOR == [], "without HTTPS, as on the machine of whoever tries it, nobody is asked"
    for value, found in (("", ["lead"]), ("nobody", []), ("legal  administrator", ["legal", "administrator"])):
        monkeypatch.setenv("SECOND_FACTOR_FOR", value)
        assert env.some_of("SECOND_FACTOR_FOR", real.SECOND_FACTOR_ROLES, "lead") == found
    for value in ("everybody", "lead nobody", "lead,legal"):
        monkeypatch.setenv("SECOND_FACTOR_FOR", value)
        with pytest.raises(ImproperlyConfigured, match="SECOND_FACTOR_FOR"):
            env.some_of("SECOND_FACTOR_FOR", real.SECOND_FACTOR_ROLES, "lead")


def test_the_doctor_says_of_whom_none_is_asked_and_who_has_none_yet(cast: Cast, settings: Any) -> None:
    assert "1 people must add a second factor" in said()
    assert "No second factor is asked of" not in said()
    settings.SECOND_FACTOR_FOR = ["administrator"]
    assert "No second factor is asked of: lead, legal." in said()
    enrol(sign_in(cast.admin))
    assert "must add a second factor" not in said()


def said() -> str:
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    return out.getvalue()
