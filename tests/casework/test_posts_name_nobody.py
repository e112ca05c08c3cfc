"""Nobody becomes a subject because an export was looked at, read or matched: that is said by people, one by one."""

from typing import Any

import pytest
from django.urls import reverse

from casework.accounts import services as accounts
from casework.accounts.models import Account, Assessment, Subject
from casework.cases.models import Case
from casework.coordination import services as coordination
from casework.exhibits.models import Exhibit
from casework.posts import listing, looking
from tests.casework.exporting import CHAT, COLUMNS, KARACHI, TABLE, imported, lodge
from tests.casework.test_coordination_matches import case, cast, tasking
from tests.factories import Cast, make_case, sign_in

__all__ = ["case", "cast"]


def everybody() -> list[list[dict[str, Any]]]:
    models: tuple[Any, ...] = (Subject, Account, Assessment)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.fixture
def known(case: Case, cast: Cast) -> list[list[dict[str, Any]]]:
    """Of those who write in the exports one is a subject of this case, and one of another; nobody else is any."""
    other = make_case(cast, "Another case")
    for where, handle in ((case, "sana"), (other, "place")):
        exhibit = Exhibit.objects.filter(case=where).first() or lodge(where, "a page", cast.lead)
        accounts.name_account(where, platform="x", handle=handle, stable_id="", exhibit=exhibit, by=cast.lead)
    found = everybody()
    assert [len(rows) for rows in found[:2]] == [2, 2]
    return found


def test_no_look_and_no_import_of_any_format_makes_a_subject(
        case: Case, cast: Cast, known: list[list[dict[str, Any]]]) -> None:
    post = '{"id":"5","body":"b","author":"sana","author_id":"11","unix_timestamp":"1773000000"}'
    tweets = 'window.YTD.tweets.part0 = [{"id_str":"1","full_text":"x","user":{"screen_name":"sana","id_str":"11"}}]'
    chat = '{"messages":[{"type":"message","date_unixtime":"1773000000","from":"sana","from_id":"user11","text":"x"}]}'
    for format, data, options in (("whatsapp", CHAT, KARACHI), ("table", TABLE, {"columns": COLUMNS}),
                                  ("fourcat", post, {}), ("xarchive", tweets, {}), ("telegram", chat, {})):
        looked_at = lodge(case, f"{data} ", cast.investigator)
        looking.look(looked_at, by=cast.investigator)
        looking.look(looked_at, format=format, by=cast.investigator)
        done = imported(case, data, cast.investigator, format, **options)
        assert done.state == "read" and done.posts.exists()
        assert everybody() == known, format


def test_no_match_and_nothing_that_shows_one_makes_a_subject(
        case: Case, cast: Cast, known: list[list[dict[str, Any]]]) -> None:
    handed_out, by = tasking(case), cast.investigator
    assert coordination.show(handed_out, listing.Query(), by=by).rows
    coordination.show_near(handed_out, by=by)
    coordination.take_out(handed_out, purpose="For the regulator", by=by)
    coordination.proposal(handed_out)
    assert everybody() == known
    client = sign_in(by)
    for route, *more in (("posts:list",), ("posts:import", "I-002"), ("posts:post", "I-002", 2), ("timeline:timeline",),
                         ("network:network",), ("coordination:matches", "K-001"), ("coordination:near", "K-001"),
                         ("coordination:propose", "K-001")):
        assert client.get(reverse(route, args=[case.ref, *more])).status_code == 200, route
        assert everybody() == known, route
