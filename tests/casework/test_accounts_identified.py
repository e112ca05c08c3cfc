"""The platform's stable id of an account that was named without one."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from casework.accounts import claims, identifying, services
from casework.accounts.models import Account, Subject
from casework.cases.models import Case
from evidence.custody import history
from tests.casework.test_accounts_observed import named, refused
from tests.casework.test_accounts_stated import call
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def seen_elsewhere(cast: Cast, stable_id: str) -> Subject:
    """The account with this id, in a case that nobody of the other one is in."""
    other = make_case(cast, "Another", by=cast.outsider)
    other.memberships.exclude(user=cast.outsider).update(ended_at=other.opened_at)
    shown = lodge_png(other, cast.outsider, 4).exhibit
    return services.name_account(other, platform="x", handle="seen_there", stable_id=stable_id, exhibit=shown,
                                 by=cast.outsider)


@pytest.mark.parametrize("known", [False, True], ids=["to nobody", "to another case"])
def test_what_this_case_saw_moves_to_the_account_with_the_id_and_nothing_tells(case: Case, cast: Cast,
                                                                               known: bool) -> None:
    there = seen_elsewhere(cast, "771") if known else None
    subject = named(case, cast)
    claims.note(subject, kind="country", text="Norland", exhibit=exhibits_of(case)[0], at="2026-03-15", by=cast.lead)
    services.observe(subject, handle="saba_2", exhibit=exhibits_of(case)[0], by=cast.lead)
    done = identifying.identify(subject, stable_id=" 771 ", by=cast.investigator)
    assert (done.label, done.account.stable_id) == ("S-001", "771")
    assert history.entries(subject=subject.word, limit=1)[0].detail == {
        "act": "account_identified", "platform": "x", "stable_id": "771"}
    told = call(case, cast.lead, "get", "S-001/", 200)
    assert [row["handle"] for row in told["observations"]] == ["saba_writes", "saba_2"]
    assert (told["claims"][0]["text"], told["handle"], told["stable_id"]) == ("Norland", "saba_2", "771")
    if there:
        assert there.account == done.account and Account.objects.filter(stable_id="771").count() == 1
        assert "seen_there" not in str(told)
        theirs = call(there.case, cast.outsider, "get", "S-001/", 200)
        assert [row["handle"] for row in theirs["observations"]] == ["seen_there"] and theirs["claims"] == []


def test_two_subjects_of_one_case_are_not_made_one(case: Case, cast: Cast) -> None:
    first, second = named(case, cast), named(case, cast, handle="zara", shade=2, stable_id="771")
    assert refused(lambda: identifying.identify(first, stable_id="771", by=cast.lead)) == {"stable_id"}
    assert refused(lambda: identifying.identify(second, stable_id="772", by=cast.lead)) == {"stable_id"}
    assert {one.account.stable_id for one in case.subjects.all()} == {"", "771"}
    assert not Account.objects.filter(stable_id="772").exists()


@pytest.mark.parametrize("bad", ["", " ", "1" * 121])
def test_an_id_that_is_none_is_refused(case: Case, cast: Cast, bad: str) -> None:
    subject = named(case, cast)
    assert refused(lambda: identifying.identify(subject, stable_id=bad, by=cast.lead)) == {"stable_id"}
    with pytest.raises(PermissionDenied):
        identifying.identify(subject, stable_id="771", by=cast.reviewer)


def test_an_account_is_identified_on_a_page_and_by_a_call(case: Case, cast: Cast) -> None:
    named(case, cast)
    named(case, cast, handle="zara", shade=2)
    pages, at = sign_in(cast.investigator), f"/cases/{case.ref}/accounts/S-001/"
    assert f"{at}identify/" in pages.get(at).content.decode()
    assert pages.post(f"{at}identify/", {"stable_id": ""}).status_code == 422
    assert pages.post(f"{at}identify/", {"stable_id": "771"}).status_code == 302
    html = pages.get(at).content.decode()
    assert "771" in html and f"{at}identify/" not in html
    answer: Any = pages.post(f"/cases/{case.ref}/accounts/S-002/identify/", {"stable_id": "771"})
    assert answer.status_code == 422 and "S-001 has this id. If both are one account, merge" in answer.content.decode()
    assert call(case, cast.lead, "post", "S-002/identify/", 200, stable_id="772")["stable_id"] == "772"
    call(case, cast.lead, "post", "S-002/identify/", 422, stable_id="773")
