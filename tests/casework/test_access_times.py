"""What is foreign and what is absent cost the same: as many questions to the database, and no time that tells."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import bearer
from tests.house.permissions import API, PAGES
from tests.house.world import ROUTES, Things, World

GET_IN_A_CASE = [route for route, row in (PAGES | API).items() if "GET" in row and "ref" in ROUTES[route]]
# A page and a call of the case, of an exhibit, and what is found by a key of its own.
TIMED = ["cases:overview", "api:case", "exhibits:exhibit", "api:exhibit", "exhibits:evidence", "api:exhibits",
         "api:subjects", "accounts:list", "api:upload", "exhibits:disposal"]
PAIRS = 200
ABSENT = "CW-2026-9999"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        yield World()
        transaction.set_rollback(True)


def asked(ask: Callable[[], Any]) -> tuple[int, int]:
    """Status of an answer, and how many questions it took."""
    with CaptureQueriesContext(connection) as questions:
        answer = ask()
    return answer.status_code, len(questions)


def places(world: World, route: str) -> list[tuple[str, str]]:
    """Addresses in pairs: of what lies elsewhere, and of what lies nowhere."""
    keys = [part for part in ROUTES[route] if part != "ref"]
    of = {name: {part: world.part(route, part, things) for part in keys}
          for name, things in (("foreign", world.foreign), ("nothing", world.nothing))}
    found = [(world.address(route, world.foreign), world.address(route, world.foreign, ref=ABSENT))]
    if keys:
        found.append((world.address(route, world.own, **of["foreign"]),
                      world.address(route, world.own, **of["nothing"])))
    return found


@pytest.mark.parametrize("route", GET_IN_A_CASE)
def test_foreign_and_absent_take_as_many_questions(world: World, route: str) -> None:
    who = (PAGES | API)[route]["GET"].split()[0]
    for foreign, absent in places(world, route):
        pair = []
        for address in (foreign, absent):
            sid = transaction.savepoint()
            pair.append(asked(lambda address=address: world.ask(who, route, "GET", address)))  # type: ignore[misc]
            transaction.savepoint_rollback(sid)
        assert pair[0] == pair[1] and pair[0][0] == 404, f"{foreign} {pair[0]}, {absent} {pair[1]}"


def test_a_token_that_is_anothers_takes_as_many_questions_as_none(world: World) -> None:
    foreign = world.token.pk
    client = world.browsers["lead"]
    found = {asked(lambda pk=pk: client.post(f"/settings/tokens/{pk}/revoke/"))  # type: ignore[misc]
             for pk in (foreign, 987654)}
    assert len(found) == 1 and next(iter(found))[0] == 404
    world.token.refresh_from_db()
    assert world.token.revoked_at is None


@pytest.mark.parametrize("field", ["handle", "q", "platform"])
def test_a_search_for_what_another_case_knows_takes_as_many_questions_and_finds_as_little(
        world: World, field: str) -> None:
    found = set()
    for handle in ("lahore_news_21", "lahore_none_21"):
        for address in (f"/cases/{world.own.case.ref}/accounts/", f"/api/v1/cases/{world.own.case.ref}/subjects/"):
            sid = transaction.savepoint()
            client = world.browsers["investigator"]
            answer: Any = None
            with CaptureQueriesContext(connection) as questions:
                answer = client.get(address, {field: handle})
            transaction.savepoint_rollback(sid)
            body = answer.json().get("count") if address.startswith("/api") else handle in answer.content.decode()
            found.add((address, answer.status_code, len(questions), body))
    assert len(found) == 2, found


@pytest.mark.parametrize("route", TIMED)
def test_no_time_tells_the_foreign_from_the_absent(world: World, route: str) -> None:
    """In turns, so that whatever else the machine does falls on both. Of 200 pairs that are alike neither is the slower
    in 160: that is more than eight deviations from the middle. And the medians are near each other."""
    who = (PAGES | API)[route]["GET"].split()[0]
    client, headers = (Client(), bearer(world.cast.everybody()[who])) if route.startswith("api:") else (
        world.browsers[who], {})
    foreign, absent = places(world, route)[0]
    took: dict[str, list[float]] = {foreign: [], absent: []}
    for turn in range(PAIRS):
        for address in (foreign, absent) if turn % 2 else (absent, foreign):
            before = time.perf_counter()
            status = client.get(address, headers=headers).status_code
            took[address].append(time.perf_counter() - before)
            assert status == 404
    slower = sum(one > other for one, other in zip(took[foreign], took[absent], strict=True))
    assert PAIRS * 0.2 < slower < PAIRS * 0.8, f"the foreign one was slower in {slower} of {PAIRS}"
    assert 0.67 < median(took[foreign]) / median(took[absent]) < 1.5


def test_the_world_has_what_is_asked_for(world: World) -> None:
    """Absent is absent and foreign is there, or nothing above would say anything."""
    things: Things = world.foreign
    assert world.browsers["outsider"].get(f"/cases/{things.case.ref}/").status_code == 200
    assert world.browsers["outsider"].get(f"/cases/{ABSENT}/").status_code == 404
    assert b"lahore_news_21" in world.browsers["outsider"].get(f"/cases/{things.case.ref}/accounts/").content
