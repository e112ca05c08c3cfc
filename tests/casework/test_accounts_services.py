"""Naming accounts, observing them, and the role ladder."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.accounts import notes, services, states
from casework.accounts.models import Account, Assessment, Observation, Subject
from casework.approvals import Approval, Refused
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from evidence.custody.models import Payload
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast

WHY: dict[str, Any] = {"reason": "It posted what the group handed out.", "against": "It may have copied by hand."}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def name(case: Case, cast: Cast, handle: str = "saba_writes", shade: int = 1, **more: Any) -> Subject:
    shown = lodge_png(case, cast.investigator, shade, captured_at="2026-03-14T18:05:09Z").exhibit
    words: dict[str, Any] = {"platform": "x", "handle": handle, "exhibit": shown, "by": cast.investigator}
    return services.name_account(case, **words | more)


def participant(case: Case, cast: Cast) -> Subject:
    subject = name(case, cast)
    services.assess(subject, to_role="participant", indicators=["payment"], exhibits=exhibits_of(case), **WHY,
                    by=cast.investigator)
    subject.refresh_from_db()
    return subject


def test_a_named_account_is_a_bystander_seen_when_its_exhibit_was_captured(case: Case, cast: Cast) -> None:
    subject = name(case, cast, handle="@saba_writes", display_name="صبا", persona="woman",
                   persona_basis="Name and picture of a woman")
    seen = Observation.objects.get()
    assert (subject.label, subject.role, subject.persona) == ("S-001", "bystander", "woman")
    assert (seen.handle, seen.display_name) == ("saba_writes", "صبا")
    assert seen.observed_at.isoformat() == "2026-03-14T18:05:09+00:00"
    assert Payload.objects.filter(subject=f"subject/{case.ref}/S-001").count() == 2


def test_without_a_stable_id_an_account_is_found_in_this_case_alone(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another case")
    first, elsewhere = name(case, cast), name(other, cast)
    again = name(case, cast, handle="SABA_writes", shade=2)
    assert again == first
    assert elsewhere.account != first.account
    assert Observation.objects.filter(account=first.account).count() == 2


def test_with_a_stable_id_the_same_account_is_used_by_every_case(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another case")
    first = name(case, cast, stable_id="771")
    second = name(other, cast, handle="renamed_since", stable_id="771")
    assert second.account == first.account
    assert second.label == "S-001"
    assert Account.objects.count() == 1


def test_two_accounts_that_used_one_handle_ask_for_the_stable_id(case: Case, cast: Cast) -> None:
    name(case, cast, stable_id="1")
    name(case, cast, stable_id="2")
    with pytest.raises(ValidationError, match="S-001, S-002 used this handle"):
        name(case, cast)


@pytest.mark.parametrize("bad", [{"handle": " "}, {"handle": "@"}, {"handle": "x" * 121}, {"platform": "myspace"},
                                 {"persona": "party"}, {"display_name": "n" * 201}, {"stable_id": "1" * 121}])
def test_what_is_missing_or_too_long_is_said(case: Case, cast: Cast, bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        name(case, cast, **bad)
    assert list(refused.value.message_dict) == list(bad)
    assert not Subject.objects.exists()


def test_a_name_with_half_a_character_in_it_is_kept_without_it(case: Case, cast: Cast) -> None:
    name(case, cast, handle="a\x00b", display_name="x\ud800y")
    seen = Observation.objects.get()
    assert (seen.handle, seen.display_name) == ("ab", "x?y")


def test_an_exhibit_of_another_case_shows_nothing_here(case: Case, cast: Cast) -> None:
    foreign = lodge_png(make_case(cast, "Another case"), cast.lead, 9).exhibit
    with pytest.raises(ValidationError, match="exhibit of this case"):
        name(case, cast, exhibit=foreign)
    own = lodge_png(case, cast.lead, 8).exhibit
    own = exhibits.withdraw(own, reason="wrong file", by=cast.lead)
    with pytest.raises(ValidationError, match="exhibit of this case"):
        name(case, cast, exhibit=own)


def test_a_closed_case_takes_no_account(case: Case, cast: Cast) -> None:
    subject = name(case, cast)
    cases.close(case, by=cast.lead)
    for act in (lambda: services.observe(subject, handle="b", exhibit=case.exhibits.get(), by=cast.investigator),
                lambda: notes.add(subject, bearing="for", text="b", by=cast.investigator),
                lambda: services.assess(subject, to_role="participant", **WHY, by=cast.investigator)):
        with pytest.raises(NotAllowed):
            act()


def test_who_may_not_edit_accounts_cannot(case: Case, cast: Cast) -> None:
    shown = lodge_png(case, cast.investigator, 1).exhibit
    for person in cast.everybody().values():
        if person not in (cast.lead, cast.investigator):
            with pytest.raises(PermissionDenied):
                services.name_account(case, platform="x", handle="a", exhibit=shown, by=person)
    assert not Subject.objects.exists()


def test_one_person_with_indicator_and_exhibit_makes_a_participant(case: Case, cast: Cast) -> None:
    subject = participant(case, cast)
    assert subject.role == "participant"
    assert Assessment.objects.get().state == "in_force"
    assert not Approval.objects.exists()


@pytest.mark.parametrize(("missing", "field"), [({"indicators": []}, "indicators"), ({"exhibits": []}, "exhibits"),
                                                ({"against": " "}, "against"), ({"reason": ""}, "reason"),
                                                ({"indicators": ["party"]}, "indicators")])
def test_a_step_up_stands_on_behaviour_exhibits_and_what_speaks_against(
        case: Case, cast: Cast, missing: dict[str, Any], field: str) -> None:
    subject = name(case, cast)
    given = {"to_role": "participant", "indicators": ["payment"], "exhibits": exhibits_of(case), **WHY, **missing}
    with pytest.raises(ValidationError) as refused:
        services.assess(subject, **given, by=cast.investigator)
    assert list(refused.value.message_dict) == [field]
    subject.refresh_from_db()
    assert subject.role == "bystander"


@pytest.mark.parametrize("to_role", ["knowing", "organiser"])
def test_above_participant_a_second_person_confirms(case: Case, cast: Cast, to_role: str) -> None:
    subject = participant(case, cast)
    proposed = services.assess(subject, to_role=to_role, indicators=["instruction"], exhibits=exhibits_of(case),
                               **WHY, by=cast.lead)
    subject.refresh_from_db()
    assert (proposed.state, subject.role) == ("proposed", "participant")
    with pytest.raises(Refused, match="second person must decide"):
        services.confirm(proposed, by=cast.lead)
    services.confirm(proposed, by=cast.reviewer)
    subject.refresh_from_db()
    assert subject.role == to_role
    with pytest.raises(NotAllowed):
        services.confirm(proposed, by=cast.reviewer)


def test_a_returned_assessment_changes_no_role_and_says_why(case: Case, cast: Cast) -> None:
    subject = participant(case, cast)
    given = {"to_role": "knowing", "indicators": ["payment"], "exhibits": exhibits_of(case), **WHY}
    proposed = services.assess(subject, **given, by=cast.investigator)
    with pytest.raises(ValidationError, match="waits for a second person"):
        services.assess(subject, **given, by=cast.investigator)
    with pytest.raises(ValidationError):
        services.send_back(proposed, reason=" ", by=cast.reviewer)
    back = services.send_back(proposed, reason="E-001 shows no payment.", by=cast.reviewer)
    subject.refresh_from_db()
    assert (back.state, back.decision_note, subject.role) == ("returned", "E-001 shows no payment.", "participant")
    services.assess(subject, **given, by=cast.investigator)


def test_a_proposal_lapses_when_the_role_changes_under_it(case: Case, cast: Cast) -> None:
    subject = participant(case, cast)
    proposed = services.assess(subject, to_role="knowing", indicators=["payment"], exhibits=exhibits_of(case), **WHY,
                               by=cast.investigator)
    services.assess(subject, to_role="bystander", reason="It was hacked.", by=cast.investigator)
    with pytest.raises(Refused, match="changed after this was proposed"):
        services.confirm(proposed, by=cast.reviewer)
    services.send_back(proposed, reason="Void.", by=cast.reviewer)
    subject.refresh_from_db()
    assert subject.role == "bystander"


def test_an_expired_proposal_can_still_be_sent_back(case: Case, cast: Cast) -> None:
    subject = participant(case, cast)
    proposed = services.assess(subject, to_role="knowing", indicators=["payment"], exhibits=exhibits_of(case), **WHY,
                               by=cast.investigator)
    Approval.objects.update(expires_at=timezone.now())
    with pytest.raises(Refused, match="expired"):
        services.confirm(proposed, by=cast.reviewer)
    assert services.send_back(proposed, reason="Too late.", by=cast.reviewer).state == "returned"


def test_a_step_down_takes_one_person_and_a_reason(case: Case, cast: Cast) -> None:
    subject = participant(case, cast)
    up = services.assess(subject, to_role="organiser", indicators=["payment"], exhibits=exhibits_of(case), **WHY,
                         by=cast.investigator)
    services.confirm(up, by=cast.reviewer)
    for to_role in ("knowing", "participant", "bystander"):
        with pytest.raises(ValidationError):
            services.assess(subject, to_role=to_role, reason="", by=cast.investigator)
        services.assess(subject, to_role=to_role, reason="The exhibit was misread.", by=cast.investigator)
        subject.refresh_from_db()
        assert subject.role == to_role


@pytest.mark.parametrize("from_role", states.LADDER)
@pytest.mark.parametrize("to_role", states.LADDER)
def test_the_ladder_has_these_steps_and_no_others(from_role: str, to_role: str) -> None:
    up = {("bystander", "participant"): states.Step.ALONE, ("participant", "knowing"): states.Step.TOGETHER,
          ("participant", "organiser"): states.Step.TOGETHER, ("knowing", "organiser"): states.Step.TOGETHER}
    down = states.LADDER.index(to_role) < states.LADDER.index(from_role)
    expected = states.Step.DOWN if down else up.get((from_role, to_role))
    if expected is None:
        with pytest.raises(NotAllowed):
            states.step(from_role, to_role)
    else:
        assert states.step(from_role, to_role) is expected
    assert (to_role in states.steps_from(from_role)) is (expected is not None)


BAD_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("assessment_says_why", {"reason": ""}),
    ("assessment_says_why", {"against": ""}),
    ("assessment_is_a_step", {"to_role": "bystander"}),
    ("knowing_needs_two_people", {"from_role": "participant", "to_role": "knowing"}),
    ("knowing_needs_two_people", {"from_role": "knowing", "to_role": "organiser", "decided_by": "proposer"}),
    ("returned_assessment_says_why", {"state": "returned"}),
]


@pytest.mark.parametrize(("constraint", "change"), BAD_ROWS)
def test_the_database_refuses_a_bad_assessment(case: Case, cast: Cast, constraint: str, change: dict[str, Any]) -> None:
    row: dict[str, Any] = {
        "subject": name(case, cast), "from_role": "bystander", "to_role": "participant", **WHY, "state": "in_force",
        "proposed_by": cast.lead, "proposed_at": timezone.now(), **change}
    if change.get("decided_by"):
        row["decided_by"] = cast.lead
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Assessment.objects.create(**row)


def test_the_database_refuses_a_second_subject_for_an_account_and_an_unknown_role(case: Case, cast: Cast) -> None:
    subject = name(case, cast)
    row = {"case": case, "account": subject.account, "named_by": cast.lead, "named_at": timezone.now()}
    with pytest.raises(IntegrityError, match="one_subject_per_account"), transaction.atomic():
        Subject.objects.create(**row, number=2)
    with pytest.raises(IntegrityError, match="subject_role_known"), transaction.atomic():
        Subject.objects.filter(pk=subject.pk).update(role="suspect")
