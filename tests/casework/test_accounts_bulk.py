"""Steps for many accounts at once: each through the service for one, and no step that needs two people is taken."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries

from casework.accounts import bulk, services
from casework.accounts.models import Assessment, Subject
from casework.cases.models import Case
from evidence.custody import history
from tests.casework.test_accounts_stated import call
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    """Three accounts on one exhibit, and a fourth on another."""
    case = make_case(cast)
    for shade, handles in ((1, ("saba", "zara", "rimsha")), (2, ("kashif",))):
        shown = lodge_png(case, cast.lead, shade).exhibit
        for handle in handles:
            services.name_account(case, platform="x", handle=handle, exhibit=shown, by=cast.lead)
    return case


def subjects(case: Case) -> list[Subject]:
    return list(case.subjects.order_by("number"))


def told(outcomes: list[bulk.Outcome]) -> list[tuple[str, bool, str]]:
    return [(one.subject.label, one.waits, one.refused) for one in outcomes]


def step(case: Case, cast: Cast, to_role: str, **more: Any) -> list[bulk.Outcome]:
    words: dict[str, Any] = {"indicators": ["coordination"], "exhibits": exhibits_of(case)[:1], "reason": "One text",
                             "against": "It may be copied", "by": cast.investigator}
    return bulk.assess(case, subjects(case), to_role=to_role, **words | more)


def test_tags_are_added_to_those_that_each_has(case: Case, cast: Cast) -> None:
    bulk.tag(case, subjects(case)[:1], tags=["new"], by=cast.investigator)
    outcomes = bulk.tag(case, subjects(case), tags=["same_text"], by=cast.investigator)
    assert [one.refused for one in outcomes] == [""] * 4
    assert [one.tags for one in subjects(case)] == [["same_text", "new"], *[["same_text"]] * 3]
    again = bulk.tag(case, subjects(case), tags=["same_text", "new"], by=cast.investigator)
    assert told(again)[0] == ("S-001", False, "It has these tags already.") and not again[1].refused
    assert history.entries(subject=subjects(case)[3].word, limit=1)[0].detail["tags"] == ["same_text", "new"]
    for tags in ([], ["pious"]):
        with pytest.raises(ValidationError):
            bulk.tag(case, subjects(case), tags=tags, by=cast.investigator)


def test_each_is_linked_to_one_and_what_is_refused_says_why(case: Case, cast: Cast) -> None:
    first, *_ = everyone = subjects(case)
    words: dict[str, Any] = {"other": first, "kind": "same_operator", "likelihood": "likely", "basis": "One picture",
                             "exhibits": exhibits_of(case)[:1], "by": cast.investigator}
    bulk.link(case, everyone[1:2], **words)
    assert told(bulk.link(case, everyone, **words)) == [
        ("S-001", False, "An account is not linked to itself."),
        ("S-002", False, "This is written down already: withdraw it first, to say it in other words."),
        ("S-003", False, ""), ("S-004", False, "")]
    assert case.account_links.count() == 3
    refused = bulk.link(case, everyone[1:], **words | {"basis": "", "exhibits": []})
    assert all(one.refused for one in refused) and case.account_links.count() == 3


def test_a_step_that_one_person_may_take_is_taken_where_an_exhibit_shows_the_account(case: Case, cast: Cast) -> None:
    outcomes = step(case, cast, "participant")
    assert told(outcomes)[:3] == [(f"S-00{at}", False, "") for at in (1, 2, 3)]
    assert outcomes[3].refused == "None of these exhibits shows this account. Assess it by itself."
    assert [one.role for one in subjects(case)] == ["participant"] * 3 + ["bystander"]
    down = step(case, cast, "bystander", exhibits=[], indicators=[], against="")
    assert [one.refused == "" for one in down] == [True, True, True, False]


def test_a_step_that_needs_two_people_is_proposed_for_each_and_waits_by_itself(case: Case, cast: Cast) -> None:
    assert all(one.refused for one in step(case, cast, "knowing")), "nobody goes past participant in one step"
    step(case, cast, "participant")
    outcomes = step(case, cast, "knowing")
    assert [one.waits for one in outcomes] == [True, True, True, False] and outcomes[3].refused
    assert {one.role for one in subjects(case)} == {"participant", "bystander"}
    waiting = Assessment.objects.filter(state="proposed")
    assert waiting.count() == 3
    services.confirm(waiting[0], by=cast.reviewer)
    assert Assessment.objects.filter(state="proposed").count() == 2
    assert all("waits for a second person" in one.refused for one in step(case, cast, "knowing")
               if one.subject.role == "participant")


def test_what_is_missing_is_refused_for_each_and_nothing_is_kept(case: Case, cast: Cast) -> None:
    missing: list[dict[str, Any]] = [{"indicators": []}, {"exhibits": []}, {"reason": " "}, {"against": ""},
                                     {"to_role": "saint"}]
    for one in missing:
        words: dict[str, Any] = {"to_role": "participant", **one}
        assert all(outcome.refused for outcome in step(case, cast, **words)), one
    assert not Assessment.objects.exists()


def test_only_some_at_once_and_only_by_those_who_may(case: Case, cast: Cast) -> None:
    for many in ([], subjects(case)[:1] * (bulk.MOST + 1)):
        with pytest.raises(ValidationError):
            bulk.tag(case, many, tags=["new"], by=cast.lead)
    with pytest.raises(PermissionDenied):
        bulk.tag(case, subjects(case), tags=["new"], by=cast.reviewer)


def test_a_subject_of_another_case_is_not_there(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another", by=cast.outsider)
    answer = call(case, cast.outsider, "post", "bulk/tags/", 404, subjects=["S-001"], tags=["new"])
    assert "S-001" not in str(answer)
    call(other, cast.outsider, "post", "bulk/tags/", 422, subjects=["S-001"], tags=["new"])
    assert subjects(case)[0].tags == []


def test_the_calls_and_pages_say_what_was_done_and_what_was_refused(case: Case, cast: Cast) -> None:
    by, labels = cast.investigator, ["S-001", "S-002", "S-004"]
    done = call(case, by, "post", "bulk/tags/", 200, subjects=labels, tags=["new"])["outcomes"]
    assert done == [{"subject": label, "waits": False, "refused": ""} for label in labels]
    link = {"other": "S-001", "kind": "contact", "likelihood": "even", "basis": "One shop", "exhibits": ["E-001"]}
    done = call(case, by, "post", "bulk/links/", 200, subjects=labels, **link)["outcomes"]
    assert [bool(one["refused"]) for one in done] == [True, False, False]
    words = {"to_role": "participant", "indicators": ["payment"], "exhibits": ["E-001"], "reason": "Paid",
             "against": "Once"}
    done = call(case, by, "post", "bulk/assessments/", 200, subjects=labels, **words)["outcomes"]
    assert [bool(one["refused"]) for one in done] == [False, False, True]
    pages, where = sign_in(by), f"/cases/{case.ref}/accounts/"
    assert 'value="S-001, S-003"' in pages.get(f"{where}bulk/tags/?subject=S-001&subject=S-003").content.decode()
    html = pages.post(f"{where}bulk/tags/", {"subjects": "S-001, S-003", "tags": ["new"]}).content.decode()
    assert "Done for 1 of 2." in html and "It has these tags already." in html
    assert pages.post(f"{where}bulk/tags/", {"subjects": "S-099", "tags": ["new"]}).status_code == 422
    html = pages.post(f"{where}bulk/assessments/", {**words, "to_role": "knowing", "exhibits": "E-001",
                                                    "subjects": "S-001, S-003"}).content.decode()
    assert "Done for 1 of 2." in html and "Waits for a second person" in html
    listed = pages.get(where).content.decode()
    assert f'formaction="{where}bulk/links/"' in listed


def test_tagging_many_costs_a_bounded_number_of_questions(case: Case, cast: Cast,
                                                          django_assert_max_num_queries: DjangoAssertNumQueries
                                                          ) -> None:
    with django_assert_max_num_queries(20 + 14 * 4):
        bulk.tag(case, subjects(case), tags=["bursts"], by=cast.lead)
