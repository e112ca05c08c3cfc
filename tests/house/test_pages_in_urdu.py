"""Every page in Urdu: right to left, and nothing fragile (a date, a hash, an address, a number of ours) bare in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from casework.people.models import User
from tests.house.bidi import bare, is_urdu
from tests.house.permissions import PAGES
from tests.house.world import World

READABLE = [route for route, row in PAGES.items() if "GET" in row]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        User.objects.update(language="ur")
        yield made
        transaction.set_rollback(True)


@pytest.mark.parametrize("route", READABLE)
def test_a_page_in_urdu_keeps_what_bidi_would_garble(world: World, route: str) -> None:
    who = next(name for name in PAGES[route]["GET"].split() if name != "nobody")
    answer = world.ask(who, route, "GET", world.address(route, world.own))
    if not answer.headers.get("Content-Type", "").startswith("text/html") or answer.status_code == 302:
        return
    html = answer.content.decode()
    assert is_urdu(html)
    assert bare(html) == []


def test_the_checker_sees_a_bare_date_and_spares_an_isolated_one() -> None:
    assert bare('<p>تاریخ 2026-03-14</p>') == ["2026-03-14"]
    assert bare('<p>تاریخ <bdi dir="ltr">2026-03-14</bdi> <code dir="ltr">CW-2026-0001</code></p>') == []
