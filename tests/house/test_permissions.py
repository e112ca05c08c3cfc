"""Every route is walked as every role: in one's own case, in somebody else's, and for what is not there."""

import pytest

from tests.house.conditions import OWN
from tests.house.permissions import KNOWN_TO, LIBRARY, TABLE
from tests.house.roles import EVERYBODY
from tests.house.walked import IN_A_CASE, WALKED, ask
from tests.house.world import ROUTES, World

pytestmark = pytest.mark.usefixtures("signed_in_lately", "taken_back")

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Commitments without personal data and the verifiers' code, for everybody; witnesses and mirrors may keep them.
KEPT = {"log:checkpoint", "log:keys", "log:tile", "log:policy", "log:verify_py", "log:verify_html"}
SHUT = {401, 403, 404, 405}


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
