"""Shutting a lead out: no case is left without one."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client

from casework.access import Role
from casework.cases import leaving
from casework.cases import services as cases
from casework.cases.models import Case
from casework.people import services as people
from casework.people.models import User
from evidence.custody.models import Payload
from tests.factories import Cast, bearer, make_case, make_cast, make_person, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def test_the_only_lead_is_not_shut_out_without_another_one(cast: Cast, case: Case) -> None:
    with pytest.raises(ValidationError) as refused:
        leaving.shut_out(cast.lead, leads={}, by=cast.admin)
    assert list(refused.value.message_dict) == [case.ref]
    assert cast.reviewer.email in refused.value.message_dict[case.ref][0]
    cast.lead.refresh_from_db()
    assert cast.lead.is_active


def test_the_new_lead_is_named_in_the_same_act_and_both_are_recorded(cast: Cast, case: Case) -> None:
    before = Payload.objects.count()
    leaving.shut_out(cast.lead, leads={case.ref: cast.reviewer}, by=cast.admin)
    assert case.roles_of(cast.reviewer) == {Role.LEAD, Role.REVIEWER}
    cast.lead.refresh_from_db()
    assert not case.roles_of(cast.lead) and not case.roles_of(cast.admin)
    assert Payload.objects.count() == before + 2
    assert cases.add_member(case, user=cast.outsider, role=Role.LEGAL, by=cast.reviewer)


def test_a_case_with_another_lead_asks_for_nobody(cast: Cast, case: Case) -> None:
    cases.add_member(case, user=cast.legal, role=Role.LEAD, by=cast.lead)
    assert not leaving.shut_out(cast.lead, leads={}, by=cast.admin).is_active
    with pytest.raises(ValidationError):
        leaving.shut_out(cast.legal, leads={}, by=cast.admin)


def test_who_leads_it_next_works_in_the_case_and_is_not_the_administrator(cast: Cast, case: Case) -> None:
    cases.add_member(case, user=cast.admin, role=Role.AUDITOR, by=cast.lead)
    for wrong in (cast.outsider, cast.admin, cast.lead):
        with pytest.raises(ValidationError):
            leaving.shut_out(cast.lead, leads={case.ref: wrong}, by=cast.admin)


def test_where_nobody_else_works_anybody_but_the_administrator_takes_over(cast: Cast) -> None:
    alone = make_case(cast, by=cast.outsider)
    alone.memberships.exclude(user=cast.outsider).update(ended_at=alone.opened_at)
    with pytest.raises(ValidationError):
        leaving.shut_out(cast.outsider, leads={alone.ref: cast.admin}, by=cast.admin)
    leaving.shut_out(cast.outsider, leads={alone.ref: cast.legal}, by=cast.admin)
    assert alone.roles_of(cast.legal) == {Role.LEAD}


def test_a_closed_case_keeps_somebody_who_can_reopen_it(cast: Cast, case: Case) -> None:
    cases.close(case, by=cast.lead, reason="Done")
    leaving.shut_out(cast.lead, leads={case.ref: cast.legal}, by=cast.admin)
    assert cases.reopen(case, by=cast.legal, reason="An appeal").is_open


def test_a_case_that_lost_its_lead_before_gets_one_the_same_way(cast: Cast, case: Case) -> None:
    people.disable(cast.lead, by=cast.admin)
    leaving.shut_out(cast.lead, leads={case.ref: cast.legal}, by=cast.admin)
    assert Role.LEAD in case.roles_of(cast.legal)


def test_two_leads_of_one_case_are_not_shut_out_at_the_same_time(real_db: None) -> None:
    cast = make_cast()
    case = make_case(cast)
    second = make_person("Bano Raza", administrator=True)
    cases.add_member(case, user=cast.legal, role=Role.LEAD, by=cast.lead)

    def shut_out(person: User, by: User) -> bool:
        try:
            leaving.shut_out(person, leads={}, by=by)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(shut_out, [cast.lead, cast.legal], [cast.admin, second]))
    assert sorted(done) == [False, True]
    assert case.memberships.filter(role=Role.LEAD, ended_at=None, user__is_active=True).count() == 1


def test_only_administrators_shut_out(cast: Cast, case: Case) -> None:
    with pytest.raises(PermissionDenied):
        leaving.shut_out(cast.lead, leads={case.ref: cast.legal}, by=cast.legal)


def test_the_page_asks_who_leads_each_case_and_names_no_title(cast: Cast, case: Case) -> None:
    second = make_case(cast, "Another case")
    client, address = sign_in(cast.admin), f"/people/{cast.lead.pk}/disable/"
    asked = client.post(address)
    assert asked.status_code == 200
    page = asked.content.decode()
    assert set(re.findall(r'name="(CW-[^"]+)"', page)) == {case.ref, second.ref}
    assert case.title not in page and second.title not in page
    half = client.post(address, {case.ref: cast.legal.pk})
    assert half.status_code == 422
    stranger = client.post(address, {case.ref: cast.legal.pk, second.ref: cast.outsider.pk})
    assert stranger.status_code == 422
    cast.lead.refresh_from_db()
    assert cast.lead.is_active
    done = client.post(address, {case.ref: cast.legal.pk, second.ref: cast.reviewer.pk})
    assert done.headers["Location"] == "/people/"
    assert Role.LEAD in case.roles_of(cast.legal) and Role.LEAD in second.roles_of(cast.reviewer)


def test_the_call_names_the_cases_and_takes_their_new_leads(cast: Cast, case: Case) -> None:
    make_person("Bano Raza", administrator=True)

    def post(body: Any) -> Any:
        return Client().post(f"/api/v1/people/{cast.lead.pk}/disable/", body, "application/json",
                             headers=bearer(cast.admin))

    refused = post({})
    assert refused.status_code == 422 and list(refused.json()["errors"]) == [case.ref]
    for wrong in ("nobody@example.org", cast.outsider.email):
        assert post({"leads": {case.ref: wrong}}).status_code == 422
    malformed: Any
    for malformed in ({"leads": []}, {"leads": {case.ref: 1}}, {"leads": None}, []):
        assert post(malformed).status_code == 422
    assert post({"leads": {case.ref: cast.legal.email.upper()}}).json()["is_active"] is False
    assert Role.LEAD in case.roles_of(cast.legal)
