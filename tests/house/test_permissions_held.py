"""Every route is walked with tokens of every kind, in a closed case, and without a password given lately."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from casework.cases import services as cases
from casework.people.models import ApiToken
from evidence.custody.models import Payload
from tests.factories import bearer
from tests.house.conditions import FRESH, READ_BY_POST, SCOPES
from tests.house.permissions import API, LIBRARY, TABLE
from tests.house.roles import ADMIN
from tests.house.walked import IN_A_CASE, WALKED
from tests.house.world import ROUTES, World

pytestmark = pytest.mark.usefixtures("signed_in_lately", "taken_back")

CHOICES = ("role", "to_role", "indicators", "kind", "platform", "persona", "likelihood", "confidence", "outcome",
           "acquisition", "posted_at_basis", "language", "ground", "scopes")


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
