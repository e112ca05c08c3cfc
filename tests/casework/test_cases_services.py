"""Opening, closing and staffing a case."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from casework.access import Role
from casework.cases import services as cases
from casework.cases.models import Case
from casework.lifecycle import NotAllowed
from casework.people import services as people
from evidence.custody.models import Payload
from tests.factories import Cast, make_case, make_cast

MANDATE = {"mandate_basis": "An order", "mandate_purpose": "A record", "mandate_scope": "Public posts"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_cases_are_numbered_within_the_year_without_a_gap(cast: Cast) -> None:
    first = cases.open_case(title="One", by=cast.lead, **MANDATE)
    second = cases.open_case(title="Two", by=cast.outsider, **MANDATE)
    assert first.ref == f"CW-{first.year}-0001"
    assert second.number == 2


def test_whoever_opens_a_case_leads_it_and_the_act_is_recorded(cast: Cast) -> None:
    case = cases.open_case(title="One", by=cast.investigator, **MANDATE)
    assert case.roles_of(cast.investigator) == {Role.LEAD}
    assert Payload.objects.filter(subject=f"case/{case.ref}", context=f"case/{case.ref}").count() == 1


@pytest.mark.parametrize("missing", ["title", "mandate_basis", "mandate_purpose", "mandate_scope"])
def test_a_case_without_title_or_mandate_is_refused(cast: Cast, missing: str) -> None:
    words = {"title": "One", **MANDATE, missing: "  \x00 "}
    with pytest.raises(ValidationError) as refused:
        cases.open_case(by=cast.lead, **words)
    assert list(refused.value.message_dict) == [missing]
    assert not Case.objects.exists()


def test_two_cases_opened_at_once_get_two_numbers(real_db: None) -> None:
    cast = make_cast()

    def open_one(title: str) -> int:
        try:
            return cases.open_case(title=title, by=cast.lead, **MANDATE).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(open_one, [f"Case {n}" for n in range(8)]))
    assert sorted(numbers) == list(range(1, 9))


def test_a_closed_case_takes_no_change_and_says_so(cast: Cast) -> None:
    case = make_case(cast)
    closed = cases.close(case, by=cast.lead, reason="Done")
    assert closed.closed_at is not None
    with pytest.raises(cases.CaseClosed, match="Reopen it"):
        cases.add_member(case, user=cast.outsider, role=Role.AUDITOR, by=cast.lead)
    with pytest.raises(cases.CaseClosed), transaction.atomic():
        cases.require_open(case)
    with pytest.raises(NotAllowed):
        cases.close(case, by=cast.lead)
    assert cases.reopen(case, by=cast.lead).is_open
    assert cases.add_member(case, user=cast.outsider, role=Role.AUDITOR, by=cast.lead).ended_at is None


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.LEAD])
def test_only_a_lead_closes_a_case_or_changes_its_members(cast: Cast, role: str) -> None:
    case = make_case(cast)
    person = cast.everybody()[role]
    membership = case.memberships.get(user=cast.auditor)
    for act in (lambda: cases.close(case, by=person),
                lambda: cases.add_member(case, user=cast.outsider, role=Role.LEAD, by=person),
                lambda: cases.end_membership(membership, by=person)):
        with pytest.raises(PermissionDenied):
            act()


def test_a_case_keeps_a_lead_who_can_sign_in(cast: Cast) -> None:
    case = make_case(cast)
    own = case.memberships.get(user=cast.lead)
    with pytest.raises(ValidationError, match="needs a lead"):
        cases.end_membership(own, by=cast.lead)
    cases.add_member(case, user=cast.outsider, role=Role.LEAD, by=cast.lead)
    people.disable(cast.outsider, by=cast.admin)
    with pytest.raises(ValidationError, match="needs a lead"):
        cases.end_membership(own, by=cast.lead)
    people.enable(cast.outsider, by=cast.admin)
    assert cases.end_membership(own, by=cast.lead).ended_at is not None


def test_an_ended_role_shows_nothing_any_more_and_can_be_given_again(cast: Cast) -> None:
    case = make_case(cast)
    membership = case.memberships.get(user=cast.reviewer)
    cases.end_membership(membership, by=cast.lead)
    cases.end_membership(membership, by=cast.lead)
    assert case not in Case.objects.visible_to(cast.reviewer)
    cases.add_member(case, user=cast.reviewer, role=Role.REVIEWER, by=cast.lead)
    assert case in Case.objects.visible_to(cast.reviewer)


@pytest.mark.parametrize("problem", ["twice", "role", "inactive"])
def test_a_membership_that_makes_no_sense_is_refused(cast: Cast, problem: str) -> None:
    case = make_case(cast)
    chosen: dict[str, Any] = {"user": cast.outsider, "role": Role.AUDITOR}
    if problem == "twice":
        chosen["user"] = cast.auditor
    elif problem == "role":
        chosen["role"] = "owner"
    else:
        people.disable(cast.outsider, by=cast.admin)
        cast.outsider.refresh_from_db()
    with pytest.raises(ValidationError):
        cases.add_member(case, by=cast.lead, **chosen)
