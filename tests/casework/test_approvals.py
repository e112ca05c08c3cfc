"""Two people, and what does not count as a second one."""

import pytest

from casework import approvals
from casework.people import services as people
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough new password"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def proposed(cast: Cast) -> approvals.Approval:
    return approvals.propose("test.act", subject="thing/1", case_ref="CW-2026-0001", digest="ab", by=cast.lead)


def test_nobody_approves_their_own(cast: Cast) -> None:
    with pytest.raises(approvals.Refused, match="second person"):
        approvals.approve(proposed(cast), digest="ab", by=cast.lead)
    assert approvals.approve(proposed(cast), digest="ab", by=cast.reviewer).state == "approved"


def test_what_was_changed_is_not_what_was_approved(cast: Cast) -> None:
    with pytest.raises(approvals.Refused, match="changed"):
        approvals.approve(proposed(cast), digest="cd", by=cast.reviewer)
    approvals.approve(proposed(cast), digest="ab", by=cast.reviewer)
    with pytest.raises(approvals.Refused, match="changed after it was approved"):
        approvals.use("test.act", subject="thing/1", digest="cd")


def test_whoever_came_in_by_a_reset_link_since_then_does_not_decide(cast: Cast) -> None:
    waiting = proposed(cast)
    people.accept(people.reset(cast.reviewer, by=cast.admin), PASSWORD)
    with pytest.raises(approvals.Refused, match="set by a link"):
        approvals.approve(waiting, digest="ab", by=cast.reviewer)
    assert approvals.approve(proposed(cast), digest="ab", by=cast.reviewer).state == "approved"


def test_a_new_password_ends_the_tokens_of_the_old_one(cast: Cast) -> None:
    token, _ = people.make_token(cast.reviewer, "script", ["read"], 30)
    people.accept(people.reset(cast.reviewer, by=cast.admin), PASSWORD)
    token.refresh_from_db()
    assert token.revoked_at is not None
