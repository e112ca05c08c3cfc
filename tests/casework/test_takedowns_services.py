"""A notice from draft to closed, and the safeguards on its way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework import doors
from casework.accounts import services as accounts
from casework.approvals import Approval, Refused
from casework.cases import services as cases
from casework.cases.models import Case
from casework.lifecycle import NotAllowed
from casework.takedowns import services, states
from casework.takedowns.models import Notice
from evidence.custody.models import Payload
from evidence.custody.services import LogUnwritable
from evidence.intake.models import Item
from evidence.store import services as store
from tests.casework.notices import WEIGHED, WORDS, draft, in_state, ready, subject
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def test_a_whole_life_ends_closed_with_the_sent_text_as_an_exhibit(case: Case, cast: Cast) -> None:
    notice = in_state(case, cast, "closed")
    assert notice.sent_exhibit is not None
    lodged = notice.sent_exhibit.item
    data = store.read_verified(lodged.blob_id, 1_000_000)
    assert data.decode() == notice.sent_text == services.letter(notice)
    assert lodged.acquisition == Item.Acquisition.MADE
    shown = case.exhibits.get(number=1)
    for said in (f"{case.ref}/T-001", "To: X", "Authenticity", WORDS["text"], "saba_writes", f"{case.ref}/E-001",
                 shown.item.blob_id):
        assert said in notice.sent_text
    moves = Payload.objects.filter(subject=notice.word).order_by("at").values_list("content", flat=True)
    assert [b'"state":"sent"' in bytes(one) for one in moves].count(True) == 1


def test_the_frozen_text_stays_when_the_account_is_renamed(case: Case, cast: Cast) -> None:
    notice = in_state(case, cast, "sent")
    accounts.observe(case.subjects.get(), handle="quite_another", exhibit=case.exhibits.get(number=1),
                     by=cast.investigator)
    notice.refresh_from_db()
    assert "quite_another" not in services.letter(notice)


ACTS: dict[str, Any] = {
    "edit": lambda notice, cast: services.edit(notice, **WORDS, **WEIGHED, by=cast.takedown),
    "submit": lambda notice, cast: services.submit(notice, by=cast.takedown),
    "send_back": lambda notice, cast: services.send_back(notice, reason="No.", by=cast.reviewer),
    "approve": lambda notice, cast: services.approve(notice, by=cast.reviewer),
    "send": lambda notice, cast: services.send(notice, by=cast.takedown),
    "acknowledge": lambda notice, cast: services.acknowledge(notice, reference="X-78", by=cast.takedown),
    "decide": lambda notice, cast: services.decide(notice.targets.get(), outcome="refused", by=cast.takedown),
    "close": lambda notice, cast: services.close(notice, by=cast.takedown),
    "withdraw": lambda notice, cast: services.withdraw(notice, reason="Enough.", by=cast.takedown),
}


def test_every_verb_of_the_table_is_tried() -> None:
    assert set(ACTS) == set(states.NOTICE)


@pytest.mark.parametrize("state", Notice.State.values)
def test_every_verb_moves_as_the_table_says_or_changes_nothing(case: Case, cast: Cast, state: str) -> None:
    notice = in_state(case, cast, state)
    before, events = Notice.objects.values().get(), Payload.objects.count()
    for verb, step in states.NOTICE.items():
        if state not in step.origins:
            with pytest.raises(NotAllowed):
                ACTS[verb](notice, cast)
            assert (Notice.objects.values().get(), Payload.objects.count()) == (before, events)
            continue
        with transaction.atomic():
            ACTS[verb](notice, cast)
            assert Notice.objects.get().state == step.target
            assert Payload.objects.count() > events
            # The next verb is tried from the same state.
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", ["draft", "rights_review", "approved", "sent", "decided"])
def test_who_may_not_take_a_step_cannot(case: Case, cast: Cast, state: str) -> None:
    notice = in_state(case, cast, state)
    events = Payload.objects.count()
    for verb in [verb for verb, step in states.NOTICE.items() if state in step.origins]:
        for person in cast.everybody().values():
            if states.NOTICE[verb].action in doors.allowed(person, case):
                continue
            with pytest.raises(PermissionDenied):
                ACTS[verb](notice, Cast(**dict.fromkeys(cast.everybody(), person)))
    notice.refresh_from_db()
    assert (notice.state, Payload.objects.count()) == (state, events)


def test_the_drafter_never_approves_not_even_as_the_lead(case: Case, cast: Cast) -> None:
    notice = draft(case, cast, subjects=[subject(case, cast)], by=cast.lead)
    services.submit(notice, by=cast.lead)
    acts: list[Callable[[], Notice]] = [lambda: services.approve(notice, by=cast.lead),
                                        lambda: services.send_back(notice, reason="No.", by=cast.lead)]
    for act in acts:
        with pytest.raises(Refused, match="second person"):
            act()
    notice.refresh_from_db()
    assert notice.state == "rights_review"


def test_only_the_drafter_changes_and_submits(case: Case, cast: Cast) -> None:
    notice = ready(case, cast)
    for act in (lambda: services.edit(notice, **WORDS, by=cast.lead), lambda: services.submit(notice, by=cast.lead),
                lambda: services.add_target(notice, kind="url", url="https://x.com/", by=cast.lead)):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("field", ["necessity", "against", "less_intrusive"])
def test_nothing_unweighed_goes_to_review(case: Case, cast: Cast, field: str) -> None:
    notice = draft(case, cast, subjects=[subject(case, cast)], **{field: " "})
    with pytest.raises(ValidationError) as refused:
        services.submit(notice, by=cast.takedown)
    assert list(refused.value.message_dict) == [field]


def test_a_notice_without_a_target_goes_nowhere(case: Case, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="at least one target"):
        services.submit(draft(case, cast), by=cast.takedown)


@pytest.mark.parametrize("change", ["text", "target", "rename", "exhibit"])
def test_what_changes_after_approval_voids_it(case: Case, cast: Cast, change: str) -> None:
    notice = in_state(case, cast, "approved")
    bound = services.digest(notice)
    if change == "text":
        services.edit(notice, **{**WORDS, "text": "Other words."}, **WEIGHED, by=cast.takedown)
    elif change == "target":
        services.add_target(notice, kind="url", url="https://x.com/b", exhibits=exhibits_of(case)[:1],
                            by=cast.takedown)
    elif change == "rename":
        accounts.observe(case.subjects.get(), handle="renamed", exhibit=case.exhibits.get(number=1),
                         by=cast.investigator)
    else:
        notice.targets.get().exhibits.add(lodge_png(case, cast.lead, 5).exhibit)
    notice.refresh_from_db()
    assert services.digest(notice) != bound
    with pytest.raises((NotAllowed, Refused)):
        services.send(notice, by=cast.takedown)
    assert not case.exhibits.filter(item__acquisition=Item.Acquisition.MADE).exists()


def test_an_approval_lasts_seven_days(case: Case, cast: Cast) -> None:
    notice = in_state(case, cast, "approved")
    Approval.objects.update(expires_at=timezone.now())
    with pytest.raises(Refused, match="approval of a second person"):
        services.send(notice, by=cast.takedown)


def test_who_read_other_words_is_told(case: Case, cast: Cast) -> None:
    notice = in_state(case, cast, "rights_review")
    with pytest.raises(Refused, match="changed since you read it"):
        services.approve(notice, seen="0" * 64, by=cast.reviewer)
    services.approve(notice, seen=services.digest(notice), by=cast.reviewer)
    with pytest.raises(Refused, match="changed since you read it"):
        services.send(notice, seen="0" * 64, by=cast.takedown)


def test_a_notice_is_decided_when_every_target_is_and_no_role_changes(case: Case, cast: Cast) -> None:
    notice = draft(case, cast, subjects=[subject(case, cast), subject(case, cast, "second", 2)])
    services.submit(notice, by=cast.takedown)
    services.approve(notice, by=cast.reviewer)
    services.send(notice, by=cast.takedown)
    first, second = notice.targets.all()
    answer = lodge_png(case, cast.takedown, 7).exhibit
    services.decide(first, outcome="terminated", wording="We removed it.", answer_exhibit=answer, by=cast.takedown)
    notice.refresh_from_db()
    assert notice.state == "sent"
    services.decide(second, outcome="no_answer", by=cast.takedown)
    notice.refresh_from_db()
    first.refresh_from_db()
    assert (notice.state, first.wording, first.answer_exhibit) == ("decided", "We removed it.", answer)
    services.decide(second, outcome="refused", by=cast.takedown)
    assert set(case.subjects.values_list("role", flat=True)) == {"participant"}
    for bad in ("pending", "banned"):
        with pytest.raises(ValidationError):
            services.decide(second, outcome=bad, by=cast.takedown)


def test_a_closed_case_stops_every_step(case: Case, cast: Cast) -> None:
    notice = in_state(case, cast, "draft")
    cases.close(case, by=cast.lead)
    with pytest.raises(NotAllowed):
        draft(case, cast)
    for act in ACTS.values():
        with pytest.raises(NotAllowed):
            act(notice, cast)


def test_when_the_log_cannot_be_written_nothing_is_sent(case: Case, cast: Cast, monkeypatch: Any) -> None:
    notice = in_state(case, cast, "approved")
    held = case.exhibits.count()

    def unwritable(*args: Any, **kwargs: Any) -> None:
        raise LogUnwritable("down")

    monkeypatch.setattr(services, "record", unwritable)
    with pytest.raises(LogUnwritable):
        services.send(notice, by=cast.takedown)
    notice.refresh_from_db()
    assert (notice.state, notice.sent_text, case.exhibits.count()) == ("approved", "", held)
    assert Approval.objects.get(kind="notice").state == "approved"


STAMP = timezone.now()
BAD_NOTICES: list[tuple[str, str, dict[str, Any]]] = [
    ("draft", "notice_reviewed_by_another_person", {"reviewer": "drafter"}),
    ("rights_review", "approved_notice_has_a_reviewer", {"state": "approved"}),
    ("approved", "sent_notice_has_its_bytes", {"state": "sent"}),
    ("sent", "sent_notice_has_its_bytes", {"sent_text": ""}),
    ("rights_review", "notice_is_weighed", {"necessity": ""}),
    ("sent", "acknowledged_notice_has_a_reference", {"state": "acknowledged"}),
    ("draft", "withdrawn_notice_says_why", {"state": "withdrawn"}),
    ("draft", "withdrawn_notice_says_why", {"withdrawn_reason": "no"}),
    ("draft", "notice_state_known", {"state": "gone"}),
]


@pytest.mark.parametrize(("state", "constraint", "change"), BAD_NOTICES)
def test_the_database_refuses_a_bad_notice(case: Case, cast: Cast, state: str, constraint: str,
                                           change: dict[str, Any]) -> None:
    notice = in_state(case, cast, state)
    change = {name: getattr(notice, value) if value == "drafter" else value for name, value in change.items()}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(**change)
    assert constraint in str(refused.value) or change.get("state") == "gone"
