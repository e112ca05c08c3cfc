"""What a notice may ask to be acted on: targets, what shows them, and whose they are."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.accounts import services as accounts
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.findings import services as findings
from casework.lifecycle import NotAllowed
from casework.takedowns import services, states, targets
from casework.takedowns.models import Notice, Target
from evidence.intake.models import Item
from tests.casework.notices import draft, in_state, ready, subject
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast
from tests.weighed import others, submit

STAMP = timezone.now()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.mark.parametrize("state", Notice.State.values)
def test_targets_change_only_where_words_may(case: Case, cast: Cast, state: str) -> None:
    notice = in_state(case, cast, state)

    def add() -> Target:
        return services.add_target(notice, kind="url", url="https://x.com/a/status/1", exhibits=exhibits_of(case)[:1],
                                   by=cast.takedown)

    if state in states.NOTICE["edit"].origins:
        services.remove_target(add(), by=cast.takedown)
        notice.refresh_from_db()
        assert (notice.state, notice.reviewer, notice.targets.count()) == ("draft", None, 1)
    else:
        with pytest.raises(NotAllowed):
            add()
        with pytest.raises(NotAllowed):
            services.remove_target(notice.targets.get(), by=cast.takedown)
        assert notice.targets.count() == 1


def test_no_target_without_a_captured_exhibit_goes_to_review(case: Case, cast: Cast) -> None:
    made = exhibits.lodge_bytes(case, data=b"our own words", name="a.txt", acquisition=Item.Acquisition.MADE,
                                provenance={}, by=cast.lead).exhibit
    shown = lodge_png(case, cast.lead, 3).exhibit
    assert [one.is_captured for one in (made, shown)] == [False, True] and list(case.exhibits.captured()) == [shown]
    for cited in ([], [made], [shown]):
        notice = draft(case, cast)
        services.add_target(notice, kind="post", url="https://x.com/a/status/1", exhibits=cited, by=cast.takedown)
        if cited == [shown]:
            exhibits.withdraw(shown, reason="wrong", by=cast.lead)
        with pytest.raises(ValidationError, match="cite a captured exhibit"):
            services.submit(notice, by=cast.takedown)
    shown.refresh_from_db()
    assert not shown.is_captured and not case.exhibits.captured().exists()


def test_a_bystander_is_no_target_unless_a_reviewed_finding_names_it(case: Case, cast: Cast) -> None:
    bystander = subject(case, cast, role="bystander")
    notice = draft(case, cast, subjects=[bystander])
    with pytest.raises(ValidationError, match="S-001 is a bystander"):
        services.submit(notice, by=cast.takedown)
    for kind, enough in (("coordination", False), ("inauthenticity", True)):
        finding = findings.write(
            case, kind=kind, title="A borrowed face", claim="The picture is stock.", method="Compared.",
            likelihood="likely", confidence="low", against="A fan.", alternatives=others("A parody."),
            exhibits_for=exhibits_of(case),
            subjects=[bystander], by=cast.investigator)
        submit(finding, by=cast.investigator)
        with pytest.raises(ValidationError, match="bystander"):
            services.submit(notice, by=cast.takedown)
        findings.review(finding, by=cast.reviewer)
        if not enough:
            with pytest.raises(ValidationError, match="bystander"):
                services.submit(notice, by=cast.takedown)
    assert services.submit(notice, by=cast.takedown).state == "rights_review"


def test_a_step_down_after_approval_stops_the_sending(case: Case, cast: Cast) -> None:
    notice = in_state(case, cast, "approved")
    accounts.assess(case.subjects.get(), to_role="bystander", reason="Hacked.", by=cast.investigator)
    with pytest.raises(ValidationError, match="bystander"):
        services.send(notice, by=cast.takedown)
    notice.refresh_from_db()
    assert notice.state == "approved"


@pytest.mark.parametrize(("bad", "field"), [
    ({"kind": "person"}, "kind"), ({"kind": "url", "url": "javascript:alert(1)"}, "url"),
    ({"kind": "url", "url": ""}, "url"), ({"kind": "post", "url": "https://x.com/" + "a" * 2000}, "url"),
    ({"kind": "account"}, "subject")])
def test_a_target_is_something_that_can_be_found(case: Case, cast: Cast, bad: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        services.add_target(draft(case, cast), kind=bad["kind"], url=bad.get("url", ""), by=cast.takedown)
    assert list(refused.value.message_dict) == [field]


def test_an_account_is_targeted_once_and_on_its_own_platform(case: Case, cast: Cast) -> None:
    here = subject(case, cast)
    notice = draft(case, cast, subjects=[here, subject(case, cast, "elsewhere", 2, platform="tiktok")])
    with pytest.raises(ValidationError, match="S-001 is in this notice already"):
        services.add_target(notice, kind="account", subject=here, by=cast.takedown)
    with pytest.raises(ValidationError, match="S-002 is on another platform"):
        services.submit(notice, by=cast.takedown)


@pytest.mark.parametrize(("constraint", "change"), [
    ("target_is_something", {"kind": "url", "subject": None}),
    ("account_target_is_a_subject", {"subject": None, "url": "x"}),
    ("outcome_has_a_date", {"outcome": "removed"}), ("outcome_has_a_date", {"outcome_at": STAMP})])
def test_the_database_refuses_a_bad_target(case: Case, cast: Cast, constraint: str, change: dict[str, Any]) -> None:
    notice = in_state(case, cast, "draft")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        notice.targets.update(**change)
    with pytest.raises(IntegrityError, match="account_targeted_once"), transaction.atomic():
        Target.objects.create(notice=notice, kind="account", subject=case.subjects.get())


@pytest.mark.parametrize(("kind", "url"), [("post", "https://x.com/an_innocent/status/1843310224896000000"),
                                           ("url", "https://x.com/an_innocent"), ("post", "https://example.org/p/1")])
def test_nobody_is_reported_by_their_address_alone(case: Case, cast: Cast, kind: str, url: str) -> None:
    notice = ready(case, cast)
    services.add_target(notice, kind=kind, url=url, exhibits=exhibits_of(case), by=cast.takedown)
    with pytest.raises(ValidationError, match="name the account that the address belongs to"):
        services.submit(notice, by=cast.takedown)


def test_an_address_is_reported_under_the_account_that_it_belongs_to(case: Case, cast: Cast) -> None:
    named = subject(case, cast)
    for handle, fits in (("Saba_Writes", True), ("an_innocent", False)):
        notice = draft(case, cast)
        services.add_target(notice, kind="post", subject=named, url=f"https://x.com/{handle}/status/1",
                            exhibits=exhibits_of(case), by=cast.takedown)
        if fits:
            assert services.submit(notice, by=cast.takedown).state == "rights_review"
        else:
            with pytest.raises(ValidationError, match="belongs to"):
                services.submit(notice, by=cast.takedown)


def test_an_exhibit_withdrawn_after_approval_stops_the_sending(case: Case, cast: Cast) -> None:
    notice = in_state(case, cast, "approved")
    second = lodge_png(case, cast.lead, 9).exhibit
    notice.targets.get().exhibits.add(second)
    exhibits.withdraw(second, reason="Not what it seemed.", by=cast.lead)
    with pytest.raises(ValidationError, match="was withdrawn and cannot be cited"):
        services.send(notice, by=cast.takedown)


def test_what_another_case_saw_of_an_account_decides_nothing_here(case: Case, cast: Cast) -> None:
    shown = lodge_png(case, cast.investigator, 1).exhibit
    named = accounts.name_account(case, platform="x", handle="saba_writes", stable_id="4711", exhibit=shown,
                                  by=cast.investigator)
    notice = draft(case, cast)
    services.add_target(notice, kind="post", subject=named, url="https://x.com/secret_handle/status/1",
                        exhibits=[shown], by=cast.takedown)
    before = targets.obstacles(notice)
    foreign = make_case(cast, by=cast.outsider)
    accounts.name_account(foreign, platform="x", handle="secret_handle", stable_id="4711",
                          exhibit=lodge_png(foreign, cast.outsider, 2).exhibit, by=cast.outsider)
    assert targets.obstacles(notice) == before and "belongs to" in " ".join(before)


def test_an_address_finds_the_account_that_the_case_knows(case: Case, cast: Cast) -> None:
    named, notice = subject(case, cast), draft(case, cast)
    for url, found in (("https://x.com/Saba_Writes/status/1843310224896000000", named),
                       ("https://x.com/an_innocent/status/1843310224896000001", None),
                       ("https://www.facebook.com/saba_writes/posts/1", None)):
        target = services.add_target(notice, kind="post", url=url, exhibits=exhibits_of(case), by=cast.takedown)
        assert target.subject == found
        if found:
            assert services.submit(notice, by=cast.takedown).state == "rights_review"
