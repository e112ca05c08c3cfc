"""Two people, and what does not count as a second one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework import approvals
from casework.people import services as people
from casework.people.models import User
from tests.factories import Cast, make_cast, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough new password"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def proposed(cast: Cast, by: User | None = None) -> approvals.Approval:
    return approvals.propose("test.act", subject="thing/1", case_ref="CW-2026-0001", digest="ab", by=by or cast.lead)


def invited(by: User | None, address: str = "second@example.org") -> User:
    return people.accept(people.invite(address, "Second", by=by)[1], PASSWORD)


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


def test_whoever_joined_since_then_does_not_decide(cast: Cast) -> None:
    waiting = proposed(cast)
    with pytest.raises(approvals.Refused, match="set by a link"):
        approvals.approve(waiting, digest="ab", by=invited(cast.admin))


def test_an_account_that_the_proposer_made_is_no_second_person(cast: Cast) -> None:
    puppet = invited(cast.admin)
    waiting = proposed(cast, cast.admin)
    with pytest.raises(approvals.Refused, match="link of who proposed it"):
        approvals.approve(waiting, digest="ab", by=puppet)
    puppet.set_password("changed without any link")
    puppet.save()
    with pytest.raises(approvals.Refused, match="link of who proposed it"):
        approvals.approve(waiting, digest="ab", by=puppet)


def test_nobody_decides_what_an_account_of_their_own_making_proposed(cast: Cast) -> None:
    waiting = proposed(cast, invited(cast.admin))
    with pytest.raises(approvals.Refused, match="link of yours"):
        approvals.approve(waiting, digest="ab", by=cast.admin)
    assert approvals.approve(waiting, digest="ab", by=cast.reviewer).state == "approved"


def test_no_time_makes_a_link_of_the_proposer_good(cast: Cast) -> None:
    people.accept(people.reset(cast.reviewer, by=cast.admin), PASSWORD)
    cast.reviewer.invitations.update(used_at=timezone.now() - timedelta(days=400))
    with pytest.raises(approvals.Refused, match="link of who proposed it"):
        approvals.approve(proposed(cast, cast.admin), digest="ab", by=cast.reviewer)


def test_a_later_link_of_somebody_else_gives_the_account_to_its_person(cast: Cast) -> None:
    second = invited(cast.admin)
    other = make_person("Bano Raza", administrator=True)
    people.accept(people.reset(second, by=other), PASSWORD)
    assert approvals.approve(proposed(cast, cast.admin), digest="ab", by=second).state == "approved"


def test_a_reset_of_the_proposer_after_the_proposal_says_nothing_of_who_proposed(cast: Cast) -> None:
    waiting = proposed(cast)
    people.accept(people.reset(cast.lead, by=cast.admin), PASSWORD)
    assert approvals.approve(waiting, digest="ab", by=cast.admin).state == "approved"


def test_links_that_nobody_opened_disqualify_nobody(cast: Cast) -> None:
    waiting = proposed(cast, cast.admin)
    people.reset(cast.reviewer, by=cast.admin)
    people.reset(cast.reviewer, by=cast.admin)
    assert approvals.approve(waiting, digest="ab", by=cast.reviewer).state == "approved"


def test_a_new_password_ends_the_tokens_of_the_old_one(cast: Cast) -> None:
    token, _ = people.make_token(cast.reviewer, "script", ["read"], 30)
    people.accept(people.reset(cast.reviewer, by=cast.admin), PASSWORD)
    token.refresh_from_db()
    assert token.revoked_at is not None
