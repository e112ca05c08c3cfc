"""Who may what: the table itself, the wall around cases, and that taking a right away never shows more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import access
from casework.access import MAY, Action, Role
from casework.cases.models import Case, Membership
from casework.exhibits.models import Exhibit
from tests.factories import Cast, lodge_png, make_case, make_cast, sign_in


class Somebody:
    """A case in which everybody who asks holds the given roles."""

    def __init__(self, roles: frozenset[str]):
        self.roles = roles

    def roles_of(self, user: Any) -> frozenset[str]:
        return self.roles


roles = st.frozensets(st.sampled_from(Role.values))


@given(held=roles, taken=roles, action=st.sampled_from(list(Action)))
def test_removing_a_role_never_allows_more(held: frozenset[str], taken: frozenset[str], action: Action) -> None:
    if access.may(None, action, Somebody(held - taken)):
        assert access.may(None, action, Somebody(held))


@given(held=roles)
def test_nobody_without_a_role_may_anything_and_roles_add_up(held: frozenset[str]) -> None:
    allowed = {action for action in Action if access.may(None, action, Somebody(held))}
    assert allowed == {action for role in held for action in MAY[role]}


def test_every_action_belongs_to_somebody_and_every_role_reads_its_case() -> None:
    assert {action for actions in MAY.values() for action in actions} == set(Action)
    assert all(Action.CASE_READ in MAY[role] for role in Role.values)


def test_a_media_officer_works_from_briefings_alone() -> None:
    assert {action.split(".")[0] for action in MAY[Role.MEDIA]} == {"case", "briefing"}


def test_an_auditor_changes_nothing() -> None:
    assert all(action.endswith(".read") for action in MAY[Role.AUDITOR])


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_an_administrator_without_membership_finds_no_case(cast: Cast) -> None:
    case = make_case(cast)
    lodge_png(case, cast.lead)
    for page in ("", "members/", "close/"):
        assert sign_in(cast.admin).get(f"/cases/{case.ref}/{page}").status_code == 404
    assert case.ref not in sign_in(cast.admin).get("/cases/").content.decode()
    assert not Case.objects.visible_to(cast.admin).exists()
    assert not Exhibit.objects.visible_to(cast.admin).exists()


def test_a_foreign_case_and_an_absent_one_answer_alike(cast: Cast) -> None:
    case = make_case(cast)
    client = sign_in(cast.outsider)
    foreign, absent = client.get(f"/cases/{case.ref}/"), client.get("/cases/CW-2026-9999/")
    assert foreign.status_code == absent.status_code == 404
    assert (foreign.content.replace(case.ref.encode(), b"REF").split(b"csrf")[0]
            == absent.content.replace(b"CW-2026-9999", b"REF").split(b"csrf")[0])


def test_rows_are_seen_by_active_members_now_and_by_nobody_else(cast: Cast) -> None:
    mine, theirs = make_case(cast), make_case(cast, "Another", by=cast.outsider)
    own, foreign = lodge_png(mine, cast.lead).exhibit, lodge_png(theirs, cast.outsider).exhibit
    Membership.objects.filter(case=theirs).exclude(user=cast.outsider).update(ended_at=theirs.opened_at)
    assert list(Exhibit.objects.visible_to(cast.lead)) == [own]
    assert list(Exhibit.objects.visible_to(cast.outsider)) == [foreign]
    cast.lead.is_active = False
    assert not Exhibit.objects.visible_to(cast.lead).exists()
    assert not Case.objects.visible_to(None).exists()
