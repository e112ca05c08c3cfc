"""A case as STIX 2.1: every object as its own library takes it in strict mode, nobody in it who should not be."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import stix2
from pytest_django import DjangoAssertNumQueries

from casework.accounts import assessments
from casework.accounts import services as accounts
from casework.accounts.models import Subject
from casework.accounts.withheld import Names
from casework.cases.models import Case
from casework.exchange import services, stix
from tests.casework.exchanged import CAUSE, HIDDEN, TAKING_PART, fill
from tests.factories import Cast, exhibits_of, make_case, make_cast

AT = datetime(2026, 11, 28, 9, 30, 15, 123456, UTC)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return fill(make_case(cast), cast)


def objects(case: Case) -> list[dict[str, Any]]:
    return list(stix.bundle(case, Names(case), AT))


def of(found: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one for one in found if one["type"] == kind]


def test_the_library_takes_every_object_in_strict_mode(case: Case, cast: Cast) -> None:
    taken = services.take(case, services.STIX, purpose="For a partner", by=cast.legal)
    whole = json.loads(b"".join(taken.chunks))
    parsed = stix2.parse(whole, allow_custom=False)
    assert isinstance(parsed, stix2.v21.Bundle) and parsed.id == whole["id"]
    for one in whole["objects"]:
        again = stix2.parse(one, allow_custom=False, version="2.1")
        assert json.loads(again.serialize()) == one, "nothing is left out or added"
    assert {one["type"] for one in whole["objects"]} == {
        "campaign", "identity", "note", "observed-data", "opinion", "relationship", "user-account"}
    keys = [one["id"] for one in whole["objects"]]
    assert len(set(keys)) == len(keys)
    refs = {ref for one in whole["objects"] for name, value in one.items() if name.endswith(("_ref", "_refs"))
            for ref in ([value] if isinstance(value, str) else value)}
    assert refs - set(keys) == {stix.AMBER}, "everything that is pointed at is there"
    assert taken.media_type == "application/stix+json;version=2.1"


def test_nobody_is_in_it_who_takes_no_part_and_no_cause_and_no_name_of_the_team(case: Case, cast: Cast) -> None:
    text = json.dumps(objects(case), ensure_ascii=False)
    for hidden in (*HIDDEN, CAUSE, "Nobody has read this", "Rimsha", "passer_by",
                   *(str(person) for person in cast.everybody().values())):
        assert hidden not in text, hidden
    assert TAKING_PART in text and "knowing" not in text, "a role that waits for a second person is none"


def test_a_role_is_told_once_a_second_person_confirmed_it(case: Case, cast: Cast) -> None:
    waiting = Subject.objects.get(number=1).assessments.get(state="proposed")
    assessments.confirm(waiting, by=cast.reviewer)
    role = next(one for one in of(objects(case), "note") if one["abstract"] == "Role of S-001")
    assert role["content"].startswith("Role in the case, as assessed: knowing.")
    assert "She reported S-002 too" in role["content"]


def test_an_account_is_seen_under_each_handle_with_the_exhibit_that_shows_it(case: Case) -> None:
    found = objects(case)
    seen_as = {one["account_login"]: one for one in of(found, "user-account")}
    assert set(seen_as) == {TAKING_PART, "Sana_before"}
    assert {(one["account_type"], one["user_id"]) for one in seen_as.values()} == {("twitter", "1839200")}
    made = stix2.v21.UserAccount(account_type="twitter", user_id="1839200", account_login=TAKING_PART,
                                 display_name="Sana Mehr")
    assert seen_as[TAKING_PART]["id"] == made.id, "the library makes the same id"
    seen = of(found, "observed-data")
    assert [one["object_refs"] for one in seen] == [[seen_as["Sana_before"]["id"]], [seen_as[TAKING_PART]["id"]]]
    assert seen[0]["external_references"][0]["external_id"] == f"{case.ref}/E-001"
    assert exhibits_of(case)[0].item.blob_id in seen[0]["external_references"][0]["description"]


def test_what_speaks_against_a_reviewed_finding_is_an_opinion_on_it(case: Case) -> None:
    found = objects(case)
    note = next(one for one in of(found, "note") if one["abstract"] == "Posts are paid")
    assert note["confidence"] == 50 and "Likelihood: likely." in note["content"]
    opinions = of(found, "opinion")
    assert [one["object_refs"] for one in opinions] == [[note["id"]]] * 2
    assert [one["explanation"] for one in opinions] == [
        "S-002 was paid for bread",
        "Another explanation: Advertising. Why it is less likely: The exhibits do not fit it."]


def test_ids_stay_when_the_case_is_taken_out_again_and_differ_between_cases(case: Case, cast: Cast) -> None:
    keys = {one["id"] for one in objects(case)}
    assert {one["id"] for one in stix.bundle(case, Names(case), datetime(2027, 1, 1, tzinfo=UTC))} == keys
    other = {one["id"] for one in objects(fill(make_case(cast, "Another"), cast))}
    assert {key.partition("--")[0] for key in keys & other} == {"user-account"}, "the platform's account is one"


def test_an_empty_case_is_its_team(cast: Cast) -> None:
    (team,) = objects(make_case(cast, "Empty"))
    assert team["type"] == "identity" and team["identity_class"] == "group"


def test_more_accounts_cost_no_more_questions(case: Case, cast: Cast,
                                              django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    shown = exhibits_of(case)[0]
    for at in range(12):
        one = accounts.name_account(case, platform="x", handle=f"tasked_{at}", exhibit=shown, by=cast.lead)
        accounts.assess(one, to_role="participant", indicators=["payment"], exhibits=[shown], reason="Paid",
                        against="Once", by=cast.lead)
    with django_assert_max_num_queries(20):
        assert len(of(objects(case), "user-account")) == 14
