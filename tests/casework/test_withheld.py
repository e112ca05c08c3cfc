"""Who may be named in what leaves: by what stands, by the number before the name, and by no name that another has."""

from typing import Any

import pytest

from casework.accounts import services as accounts
from casework.accounts.models import Subject
from casework.accounts.withheld import Names
from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels import taskings
from casework.exchange import compose
from casework.exhibits import services as exhibits
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    for shade in (1, 2):
        lodge_png(case, cast.lead, shade)
    return case


def taking_part(case: Case, cast: Cast, handle: str, stable_id: str = "", **more: Any) -> Subject:
    one, exhibit = cast.lead, exhibits_of(case)[0]
    subject = accounts.name_account(case, platform="x", handle=handle, stable_id=stable_id, exhibit=exhibit, by=one,
                                    **more)
    accounts.assess(subject, to_role="participant", indicators=["payment"], exhibits=[exhibit], reason="Paid",
                    against="Once", by=one)
    return subject


def rows(case: Case, what: str) -> list[dict[str, Any]]:
    return list(compose.KINDS[what].rows(case, Names(case)))


def test_what_a_withdrawn_exhibit_shows_makes_nobody_named(case: Case, cast: Cast) -> None:
    subject = taking_part(case, cast, "sana")
    accounts.observe(subject, handle="innocent_person", exhibit=exhibits_of(case)[1], by=cast.lead)
    assert Names(case).takes_part("innocent_person")
    exhibits.withdraw(exhibits_of(case)[1], reason="It shows somebody else", by=cast.lead)
    names = Names(case)
    assert names.takes_part("sana") and not names.takes_part("innocent_person")
    assert [row["handle"] for row in rows(case, "accounts")] == ["sana"]


def test_what_stands_on_a_withdrawn_exhibit_alone_is_in_no_table(case: Case, cast: Cast) -> None:
    first, second = exhibits_of(case)
    channel = channels.name_channel(case, platform="telegram", name="Evening", at="2026-03-14", exhibit=first,
                                    by=cast.lead)
    taskings.note(channel, message="Post at nine", exhibits=[first, second], by=cast.lead)
    taskings.note(channel, message="Post at ten", exhibits=[second], by=cast.lead)
    exhibits.withdraw(second, reason="Not ours", by=cast.lead)
    [left] = rows(case, "taskings")
    assert (left["message"], left["exhibits"]) == ("Post at nine", ["E-001"])


def test_a_display_name_that_others_have_names_nobody(case: Case, cast: Cast) -> None:
    taking_part(case, cast, "ali_k", "77", display_name="Ali Khan")
    accounts.name_account(case, platform="x", handle="ali_2", stable_id="555001", display_name="Ali Khan",
                          exhibit=exhibits_of(case)[0], by=cast.lead)
    names = Names(case)
    assert names.takes_part("Ali Khan", "77") and names.takes_part("@Ali_K")
    for handle, number in (("Ali Khan", "555001"), ("Ali Khan", "923005550101"), ("Ali Khan", ""), ("ali_k", "555001")):
        assert not names.takes_part(handle, number), (handle, number)
        assert "5550" not in str(names.sender(handle, number))


def test_a_handle_that_a_bystander_has_on_another_platform_names_nobody(case: Case, cast: Cast) -> None:
    taking_part(case, cast, "ali_k")
    assert Names(case).takes_part("ali_k", "1")
    accounts.name_account(case, platform="facebook", handle="Ali_K", exhibit=exhibits_of(case)[0], by=cast.lead)
    assert not Names(case).takes_part("ali_k") and not Names(case).takes_part("ali_k", "1")


def test_tags_and_links_that_name_a_bystander_do_not_leave(case: Case, cast: Cast) -> None:
    shown = exhibits_of(case)[0]
    accounts.name_account(case, platform="x", handle="farid_bakes", exhibit=shown, by=cast.lead)
    channel = channels.name_channel(case, platform="telegram", name="Evening", at="2026-03-14", exhibit=shown,
                                    by=cast.lead)
    channels.observe(channel, fact="invite", text="https://t.me/farid_bakes", exhibit=shown, at="2026-03-14",
                     by=cast.lead)
    taskings.note(channel, message="All of you #farid_bakes #DeltaPortNow", exhibits=[shown], by=cast.lead)
    for what in ("taskings", "channels", "facts"):
        assert "farid_bakes" not in str(rows(case, what)), what
    assert "#DeltaPortNow" in str(rows(case, "taskings"))
