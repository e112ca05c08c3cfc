"""A notice from draft to closed, and the safeguards on its way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework import doors
from casework.accounts import services as accounts
from casework.accounts.models import Subject
from casework.approvals import Approval, Refused
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.findings import services as findings
from casework.lifecycle import NotAllowed
from casework.takedowns import services, states
from casework.takedowns.models import Notice, Target
from evidence.custody.models import Payload
from evidence.custody.services import LogUnwritable
from evidence.intake.models import Item
from evidence.store import services as store
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast

WORDS = {"platform": "x", "policy": "Authenticity", "text": "Two accounts post what a paid group hands out."}
WEIGHED = {"necessity": "The campaign runs today.", "against": "One may be a follower.",
           "less_intrusive": "A label would not end the payments."}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def subject(case: Case, cast: Cast, handle: str = "saba_writes", shade: int = 1, role: str = "participant",
            platform: str = "x") -> Subject:
    shown = lodge_png(case, cast.investigator, shade).exhibit
    named = accounts.name_account(case, platform=platform, handle=handle, exhibit=shown, by=cast.investigator)
    if role == "participant":
        accounts.assess(named, to_role=role, indicators=["payment"], exhibits=[shown], reason="Paid.",
                        against="One receipt only.", by=cast.investigator)
    return named


def draft(case: Case, cast: Cast, **more: Any) -> Notice:
    return services.draft(case, **{**WORDS, **WEIGHED, "by": cast.takedown, **more})


def ready(case: Case, cast: Cast) -> Notice:
    return draft(case, cast, subjects=[subject(case, cast)])


def in_state(case: Case, cast: Cast, state: str) -> Notice:
    """A notice with one target, brought to `state` by the services."""
    notice = ready(case, cast)
    steps: dict[str, Callable[[], object]] = {
             "rights_review": lambda: services.submit(notice, by=cast.takedown),
             "approved": lambda: services.approve(notice, by=cast.reviewer),
             "sent": lambda: services.send(notice, by=cast.takedown),
             "acknowledged": lambda: services.acknowledge(notice, reference="X-77", by=cast.takedown),
             "decided": lambda: services.decide(notice.targets.get(), outcome="suspended", by=cast.takedown),
             "closed": lambda: services.close(notice, by=cast.takedown)}
    if state == "withdrawn":
        services.withdraw(notice, reason="Overtaken.", by=cast.takedown)
    for reached in states.PATH[1:states.PATH.index(state) + 1] if state in states.PATH else ():
        steps[reached]()
    notice.refresh_from_db()
    assert notice.state == state
    return notice


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
            likelihood="likely", against="A fan.", alternatives="A parody.", exhibits_for=exhibits_of(case),
            subjects=[bystander], by=cast.investigator)
        findings.submit(finding, by=cast.investigator)
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


def test_an_address_finds_the_account_that_the_case_knows(case: Case, cast: Cast) -> None:
    named, notice = subject(case, cast), draft(case, cast)
    for url, found in (("https://x.com/Saba_Writes/status/1843310224896000000", named),
                       ("https://x.com/an_innocent/status/1843310224896000001", None),
                       ("https://www.facebook.com/saba_writes/posts/1", None)):
        target = services.add_target(notice, kind="post", url=url, exhibits=exhibits_of(case), by=cast.takedown)
        assert target.subject == found
        if found:
            assert services.submit(notice, by=cast.takedown).state == "rights_review"


def test_an_exhibit_withdrawn_after_approval_stops_the_sending(case: Case, cast: Cast) -> None:
    notice = in_state(case, cast, "approved")
    second = lodge_png(case, cast.lead, 9).exhibit
    notice.targets.get().exhibits.add(second)
    exhibits.withdraw(second, reason="Not what it seemed.", by=cast.lead)
    with pytest.raises(ValidationError, match="was withdrawn and cannot be cited"):
        services.send(notice, by=cast.takedown)
