"""What is walked by the tests of permissions, and how one asks there."""

from typing import Any

from django.db import transaction

from tests.house.permissions import TABLE
from tests.house.world import ROUTES, World

WALKED = [(route, method) for route, row in TABLE.items() if route in ROUTES for method in row]
IN_A_CASE = [(route, method) for route, method in WALKED if "ref" in ROUTES[route]]


def ask(world: World, who: str, route: str, method: str, address: str) -> Any:
    sid = transaction.savepoint()
    try:
        return world.ask(who, route, method, address)
    finally:
        transaction.savepoint_rollback(sid)
