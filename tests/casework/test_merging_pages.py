"""Merging on pages and by calls: side by side, one history that says what came from which, and leaks."""

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from casework.accounts import claims, labels, linking, merging, notes, services, statements
from casework.accounts.merge_models import Merge
from casework.accounts.models import Subject
from casework.cases.models import Case
from tests.casework.test_accounts_observed import named
from tests.casework.test_accounts_stated import call
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in

REASON = "وہی تصویر، وہی پوسٹیں"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def two(case: Case, cast: Cast) -> tuple[Subject, Subject]:
    return named(case, cast, stable_id="771"), named(case, cast, handle="saba_old", shade=2)


def described(subject: Subject, cast: Cast, mark: str) -> None:
    """All that can be said of it."""
    shown, by = exhibits_of(subject.case), cast.lead
    claims.note(subject, kind="country", text=f"Country {mark}", exhibit=shown[0], at="2026-03-15", by=by)
    statements.state_persona(subject, persona="woman", basis=f"Persona {mark}", exhibits=shown[:1], by=by)
    statements.assess_location(subject, place=f"Place {mark}", likelihood="even", basis="A clock", exhibits=shown[:1],
                               by=by)
    notes.add(subject, bearing="for", text=f"Note {mark}", by=by)
    services.assess(subject, to_role="participant", indicators=["payment"], exhibits=shown[:1], by=by,
                    reason=f"Role {mark}", against="One payment")


def merged(two: tuple[Subject, Subject], cast: Cast) -> Merge:
    return merging.merge(two[0], other=two[1], reason=REASON, by=cast.lead)


def test_two_are_looked_at_side_by_side_merged_and_parted(two: tuple[Subject, Subject], case: Case,
                                                          cast: Cast) -> None:
    pages, at = sign_in(cast.investigator), f"/cases/{case.ref}/accounts/S-001/"
    assert f"{at}merge/" in pages.get(at).content.decode()
    for wrong in ("S-009", "S-001, S-002", "nobody"):
        answer = pages.get(f"{at}merge/", {"other": wrong})
        assert answer.status_code == 422 and wrong in answer.content.decode()
    beside = pages.get(f"{at}merge/", {"other": "s2"}).content.decode()
    for said in ("saba_writes", "saba_old", "771", 'Merge <bdi dir="ltr">S-002</bdi> into <bdi dir="ltr">S-001</bdi>',
                 'Keep <bdi dir="ltr">S-002</bdi> instead'):
        assert said in beside, said
    assert pages.post(f"{at}merge/", {"other": "S-002", "reason": ""}).status_code == 422
    assert pages.post(f"{at}merge/", {"other": "S-002", "reason": REASON}).status_code == 302
    html = pages.get(at).content.decode()
    assert REASON in html and "from <bdi" in html and "saba_old" in html
    from_there = at.replace("S-001", "S-002")
    assert pages.post(f"{from_there}unmerge/", {"reason": ""}).status_code == 422
    assert pages.post(f"{from_there}unmerge/", {"reason": "Another person"}).status_code == 302
    html = pages.get(at).content.decode()
    assert "Another person" in html and "Undone" in html and "from <bdi" not in html


def test_what_stands_against_it_is_said_and_what_was_typed_stays(two: tuple[Subject, Subject], case: Case,
                                                                 cast: Cast) -> None:
    pages, at = sign_in(cast.lead), f"/cases/{case.ref}/accounts/"
    answer = pages.get(f"{at}S-002/merge/?other=S-001")
    assert answer.status_code == 200 and "stable id: keep that one" in answer.content.decode()
    assert "S-001 into" not in answer.content.decode()
    late = pages.post(f"{at}S-002/merge/", {"other": "S-001", "reason": REASON})
    assert late.status_code == 422 and REASON in late.content.decode()
    assert not Merge.objects.exists()


def test_the_page_of_the_one_kept_has_both_histories_and_says_what_came_from_which(
        two: tuple[Subject, Subject], case: Case, cast: Cast) -> None:
    for one, mark in zip(two, ("of the first", "of the second"), strict=True):
        described(one, cast, mark)
    third = named(case, cast, handle="third", shade=3)
    link = linking.link(two[1], other=third, kind="contact", likelihood="even", basis="One shop",
                        exhibits=exhibits_of(case)[:1], by=cast.lead)
    merged(two, cast)
    pages, at = sign_in(cast.lead), f"/cases/{case.ref}/accounts/"
    html = pages.get(f"{at}S-001/").content.decode()
    for said in ("Country", "Persona", "Place", "Note", "Role"):
        assert f"{said} of the first" in html and f"{said} of the second" in html, said
    assert "saba_writes" in html and "saba_old" in html and "One shop" in html
    # An observation, a claim, a persona, a place, a link, a step and a note.
    assert html.count('<a class="chip" href="' + f'{at}S-002/">from') == 7
    assert html.index("Persona of the first") < html.index("Persona of the second"), "what stands comes first"
    assert f"{at}S-002/links/{link.pk}/withdraw/" in html, "what is wrong is withdrawn where it is"
    assert pages.post(f"{at}S-002/links/{link.pk}/withdraw/", {"reason": "Wrong"}).status_code == 302


def test_the_page_of_the_merged_one_leads_on_and_offers_nothing_new(two: tuple[Subject, Subject], case: Case,
                                                                    cast: Cast) -> None:
    merged(two, cast)
    pages, at = sign_in(cast.lead), f"/cases/{case.ref}/accounts/"
    html = pages.get(f"{at}S-002/").content.decode()
    assert f'href="{at}S-001/"' in html and "saba_old" in html and f"{at}S-002/unmerge/" in html
    for part in ("observe", "identify", "claims/new", "persona", "location", "links/new", "tags", "notes/new",
                 "assess", "merge"):
        assert f"{at}S-002/{part}/" not in html, part
    answer = pages.post(f"{at}S-002/observe/", {"handle": "saba_new", "exhibit": "E-001"})
    body = answer.content.decode()
    assert answer.status_code == 422 and "takes nothing new" in body and "saba_new" in body
    assert f'href="{at}S-001/"' in body
    listed = pages.get(at).content.decode()
    assert "saba_writes" in listed and "saba_old" not in listed
    others = pages.get(f"{at}?role=merged").content.decode()
    assert "saba_old" in others and "saba_writes" not in others and f'href="{at}S-001/"' in others


def test_accounts_are_merged_and_parted_by_calls(two: tuple[Subject, Subject], case: Case, cast: Cast) -> None:
    by = cast.investigator
    for bad in ({}, {"other": "S-002"}, {"other": "S-001", "reason": "x"}, {"other": "S-009", "reason": "x"},
                {"other": "S-002", "reason": " "}, {"other": "S-002", "reason": "x", "keep": "both"}):
        call(case, by, "post", "S-001/merge/", 422, **bad)
    made = call(case, by, "post", "S-001/merge/", 201, other="S-002", reason=REASON)
    assert (made["kept"], made["merged"], made["reason"], made["withdrawn_at"]) == ("S-001", "S-002", REASON, None)
    listed = call(case, cast.auditor, "get", "", 200)["results"]
    assert [(one["label"], one["merged_into"]) for one in listed] == [("S-001", ""), ("S-002", "S-001")]
    assert call(case, by, "get", "S-002/", 200)["merges"] == call(case, by, "get", "S-001/", 200)["merges"] == [made]
    shut = call(case, by, "post", "S-002/notes/", 409, bearing="for", text="It is kind")
    assert shut["detail"] == "S-002 was merged into S-001 and takes nothing new. Write it down on S-001."
    call(case, by, "post", "S-002/merge/", 409, other="S-001", reason="x")
    call(case, by, "post", "S-001/merge/", 422, other="S-002", reason="x")
    call(case, by, "post", "S-001/links/", 422, other="S-002", kind="contact", likelihood="even", basis="One shop",
         exhibits=["E-001"])
    call(case, by, "post", "S-001/unmerge/", 409, reason="x")
    call(case, by, "post", "S-002/unmerge/", 422)
    undone = call(case, by, "post", "S-002/unmerge/", 200, reason="Another person")
    assert undone["withdrawn_reason"] == "Another person"
    call(case, by, "post", "S-002/unmerge/", 409, reason="x")


def test_a_case_that_one_may_not_see_is_neither_merged_from_nor_told_of(two: tuple[Subject, Subject], case: Case,
                                                                        cast: Cast) -> None:
    hidden = make_case(cast, "Another", by=cast.outsider)
    hidden.memberships.exclude(user=cast.outsider).update(ended_at=hidden.opened_at)
    said = []
    for label in (f"{hidden.ref}/S-001", "CW-2026-9999/S-001"):
        answer = call(case, cast.lead, "post", "S-001/merge/", 422, other=label, reason="x")
        said.append(str(answer["errors"]).replace(label, ""))
        pages = sign_in(cast.lead)
        page = pages.post(f"/cases/{case.ref}/accounts/S-001/merge/", {"other": label, "reason": REASON})
        assert page.status_code == 422 and label in page.content.decode() and REASON in page.content.decode()
        assert pages.get(f"/cases/{hidden.ref}/accounts/S-001/merge/").status_code == 404
    assert said[0] == said[1] and "Not in this case" in said[0]
    with pytest.raises(ValidationError, match=f"Not in this case: {hidden.ref}/E-001"):
        labels.exhibits(case, [f"{hidden.ref}/E-001"])
    call(hidden, cast.lead, "post", "S-001/merge/", 404, other="S-002", reason="x")
    call(hidden, cast.lead, "post", "S-001/unmerge/", 404, reason="x")
    call(case, cast.reviewer, "post", "S-001/merge/", 403, other="S-002", reason="x")
    # Its own reference before a label says nothing else than the label.
    call(case, cast.lead, "post", "S-001/merge/", 201, other=f"{case.ref}/S-002", reason="x")
    assert not Merge.objects.visible_to(cast.outsider).exists()


def test_another_case_with_the_same_account_hears_nothing(two: tuple[Subject, Subject], case: Case,
                                                          cast: Cast) -> None:
    merged(two, cast)
    other = make_case(cast, "Another", by=cast.outsider)
    there = services.name_account(other, platform="x", handle="there", stable_id="771", by=cast.outsider,
                                  exhibit=lodge_png(other, cast.outsider, 8).exhibit)
    assert there.account == two[0].account
    html = sign_in(cast.outsider).get(f"/cases/{other.ref}/accounts/S-001/").content.decode()
    told = call(other, cast.outsider, "get", "S-001/", 200)
    assert told["merges"] == [] and told["merged_into"] == "" and "saba" not in html + str(told)


@pytest.mark.parametrize("rows", [1, 6])
def test_the_page_asks_as_often_for_6_merges_as_for_1(case: Case, cast: Cast, rows: int,
                                                      django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    first = named(case, cast, stable_id="771")
    for at in range(rows):
        other = named(case, cast, handle=f"saba_{at}", shade=at + 2)
        notes.add(other, bearing="for", text=f"Note {at}", by=cast.lead)
        merged((first, other), cast)
    pages, calls = sign_in(cast.lead), bearer(cast.lead)
    pages.get(f"/cases/{case.ref}/accounts/S-001/")
    with django_assert_max_num_queries(24):
        assert f"Note {rows - 1}" in pages.get(f"/cases/{case.ref}/accounts/S-001/").content.decode()
    with django_assert_max_num_queries(20):
        told = pages.get(f"/api/v1/cases/{case.ref}/accounts/S-001/", headers=calls).json()
    assert len(told["merges"]) == rows
