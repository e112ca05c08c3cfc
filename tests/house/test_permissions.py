"""Every route is walked as every role: in one's own case, in somebody else's, and for what is not there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from casework.cases import services as cases
from casework.people.models import ApiToken
from evidence.custody.models import Payload
from tests.factories import bearer
from tests.house.conditions import FRESH, OWN, READ_BY_POST, SCOPES
from tests.house.permissions import API, KNOWN_TO, LIBRARY, TABLE
from tests.house.roles import ADMIN, EVERYBODY
from tests.house.world import ROUTES, World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WALKED = [(route, method) for route, row in TABLE.items() if route in ROUTES for method in row]
IN_A_CASE = [(route, method) for route, method in WALKED if "ref" in ROUTES[route]]
CHOICES = ("role", "to_role", "indicators", "kind", "platform", "persona", "likelihood", "confidence", "outcome",
           "acquisition", "posted_at_basis", "language", "ground", "scopes")
# Commitments without personal data and the verifiers' code, for everybody; witnesses and mirrors may keep them.
KEPT = {"log:checkpoint", "log:keys", "log:tile", "log:policy", "log:verify_py", "log:verify_html"}
SHUT = {401, 403, 404, 405}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once; each request below is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def signed_in_lately(settings: Any) -> None:
    """Those who signed in when the world was made did so a moment ago, however slowly the tests run."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 3600


def ask(world: World, who: str, route: str, method: str, address: str) -> Any:
    sid = transaction.savepoint()
    try:
        return world.ask(who, route, method, address)
    finally:
        transaction.savepoint_rollback(sid)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(set(ROUTES) - set(TABLE)) == [], "say in tests/house/permissions.py who may"
    assert sorted(set(TABLE) - set(ROUTES)) == [], "these routes are gone"


def shut(route: str, who: str, world: World) -> set[int]:
    """What somebody whom the row does not name is answered."""
    if who == "nobody":
        return {401} if route.startswith("api:") else {302}
    if who in OWN.get(route, "").split():
        return {404}
    if "number" in ROUTES[route] and who not in KNOWN_TO.get(route, who).split():
        return {404}
    if "ref" in ROUTES[route]:
        return {403} if world.own.case.roles_of(world.cast.everybody()[who]) else {404}
    return {404} if route in {"people:revoke-token", "people:end-session", "api:session-end"} else {403}


@pytest.mark.parametrize(("route", "method"), WALKED, ids=lambda value: str(value))
def test_a_route_opens_for_those_in_its_row_and_nobody_else(world: World, route: str, method: str) -> None:
    through = TABLE[route][method].split()
    address = world.address(route, world.own)
    wrong = []
    for who in EVERYBODY.split():
        answer = ask(world, who, route, method, address)
        to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
        opened = answer.status_code < 500 and answer.status_code not in SHUT and not to_sign_in
        if "nobody" in through or route in LIBRARY:
            # Nothing is kept from anybody here: not there, and not able to work, are honest answers.
            opened |= answer.status_code in {404, 405, 503} or route in LIBRARY and to_sign_in
        if who in through and not opened or who not in through and answer.status_code not in shut(route, who, world):
            wrong.append(f"{who}: {answer.status_code}")
        if who == "nobody" and who not in through and not route.startswith("api:"):
            assert to_sign_in, f"{answer.headers.get('Location')} is not the sign-in page"
    assert not wrong, f"{method} {address}: {', '.join(wrong)}"


@pytest.mark.parametrize(("route", "method"), IN_A_CASE, ids=lambda value: str(value))
def test_what_is_foreign_and_what_is_absent_answer_alike(world: World, route: str, method: str) -> None:
    """A foreign case, an absent case, what is absent from one's own, and what lies in another case: all 404."""
    who, parts = TABLE[route][method].split()[0], ROUTES[route]
    places = {"foreign case": {part: world.part(route, part, world.foreign) for part in parts},
              "absent case": {"ref": "CW-2026-9999"}}
    for part in parts[1:]:
        places[f"absent {part}"] = {part: world.part(route, part, world.nothing)}
        places[f"{part} of a foreign case"] = {part: world.part(route, part, world.foreign)}
    for place, other in places.items():
        address = world.address(route, world.own, **other)
        answer = ask(world, who, route, method, address)
        assert answer.status_code == 404, f"{place}: {method} {address} answers {answer.status_code}"


@pytest.mark.parametrize(("route", "method"), WALKED, ids=lambda value: str(value))
def test_every_answer_is_kept_by_nobody_and_says_how_to_show_it(world: World, route: str, method: str) -> None:
    answer = ask(world, TABLE[route][method].split()[0], route, method, world.address(route, world.own))
    told = answer.headers
    if route not in KEPT:
        assert {"no-store", "private"} <= {part.strip() for part in told["Cache-Control"].split(",")}
    assert told["X-Content-Type-Options"] == "nosniff" and told["X-Frame-Options"] == "DENY"
    assert told["Cross-Origin-Opener-Policy"] == told["Cross-Origin-Resource-Policy"] == "same-origin"
    assert told["Referrer-Policy"] == "same-origin" and "camera=()" in told["Permissions-Policy"]
    policy = told["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy or policy.startswith("sandbox;")


@pytest.mark.parametrize("route", [route for route in TABLE if route in ROUTES and route not in LIBRARY])
def test_a_method_without_a_row_is_refused(world: World, route: str) -> None:
    who = next(iter(TABLE[route].values())).split()[0]
    for method in METHODS:
        if method not in TABLE[route]:
            answer = ask(world, who, route, method, world.address(route, world.own))
            assert answer.status_code == 405, f"{method} answers {answer.status_code}"


@pytest.mark.parametrize(("route", "method"), [pair for pair in WALKED if pair[0] in API], ids=lambda value: str(value))
def test_a_token_needs_the_scope_of_the_call_and_no_other(world: World, route: str, method: str) -> None:
    person = world.cast.everybody()[TABLE[route][method].split()[0]]
    scope = SCOPES.get(route) or ("read" if method == "GET" else "write")
    others = [other for other in ApiToken.Scope.values if other != scope]
    address, body = world.address(route, world.own), {} if method == "GET" else {"content_type": "application/json"}
    for scopes, opened in (([scope], True), (others, False)):
        sid = transaction.savepoint()
        answer = getattr(Client(), method.lower())(address, headers=bearer(person, *scopes), **body)
        transaction.savepoint_rollback(sid)
        assert (answer.status_code != 403) == opened, f"{scopes}: {answer.status_code}"


@pytest.mark.parametrize(("route", "method"), [pair for pair in WALKED if pair[0] in API], ids=lambda value: str(value))
def test_a_token_that_is_limited_to_another_case_finds_nothing_and_manages_nobody(world: World, route: str,
                                                                                   method: str) -> None:
    through = TABLE[route][method].split()
    body = {} if method == "GET" else {"content_type": "application/json"}
    sid = transaction.savepoint()
    headers = bearer(world.cast.everybody()[through[0]])
    ApiToken.objects.filter(pk=ApiToken.objects.latest("pk").pk).update(cases=["CW-1999-0001"])
    answer = getattr(Client(), method.lower())(world.address(route, world.own), headers=headers, **body)
    transaction.savepoint_rollback(sid)
    if "ref" in ROUTES[route]:
        assert answer.status_code == 404
    elif through == [ADMIN]:
        assert answer.status_code in {403, 404}


@pytest.mark.parametrize(("route", "method"), [pair for pair in IN_A_CASE if pair[1] != "GET"],
                         ids=lambda value: str(value))
def test_a_closed_case_changes_no_more(world: World, route: str, method: str) -> None:
    if "reopen" in route or route in READ_BY_POST:
        return
    who = TABLE[route][method].split()[0]
    sid = transaction.savepoint()
    cases.close(world.own.case, by=world.cast.lead)
    before = Payload.objects.count()
    answer = world.ask(who, route, method, world.address(route, world.own))
    after = Payload.objects.count()
    transaction.savepoint_rollback(sid)
    assert answer.status_code < 500
    assert after == before, "it was recorded that something changed"


@pytest.mark.parametrize(("route", "method"), [pair for pair in WALKED if pair[1] != "GET" and pair[0] not in LIBRARY],
                         ids=lambda value: str(value))
def test_a_session_that_gave_no_password_lately_is_asked_for_it_where_the_table_says(world: World, route: str,
                                                                                     method: str) -> None:
    stale = Client()
    stale.force_login(world.cast.everybody()[TABLE[route][method].split()[0]])
    body: dict[str, Any] = {"data": "{}", "content_type": "application/json"} if route in API else {}

    def asked_at(address: str) -> Any:
        sid = transaction.savepoint()
        try:
            return getattr(stale, method.lower())(address, **body)
        finally:
            transaction.savepoint_rollback(sid)

    answer = asked_at(world.address(route, world.own))
    if "ref" in ROUTES[route]:
        foreign = asked_at(world.address(route, world.own, **{
            part: world.part(route, part, world.foreign) for part in ROUTES[route]}))
        absent = asked_at(world.address(route, world.own, ref="CW-2026-9999"))
        assert foreign.status_code == absent.status_code, "whether there is such a case"
    if route in API:
        assert (answer.status_code == 403) == (route in FRESH)
    else:
        asked = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/reauthenticate/")
        assert asked == (route in FRESH)


@pytest.mark.parametrize(("route", "method"), [pair for pair in WALKED if pair[0] in API and pair[1] != "GET"],
                         ids=lambda value: str(value))
def test_half_of_a_surrogate_pair_is_the_callers_mistake_in_every_field(world: World, route: str, method: str) -> None:
    who = TABLE[route][method].split()[0]
    body = "{" + ", ".join(f'"{field}": "\\ud800"' for field in CHOICES) + "}"
    sid = transaction.savepoint()
    answer = getattr(Client(), method.lower())(world.address(route, world.own), body, content_type="application/json",
                                               headers=world.bearers[who])
    transaction.savepoint_rollback(sid)
    assert answer.status_code < 500
