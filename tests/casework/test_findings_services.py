"""Writing findings and standing behind them."""

from typing import Any, TypedDict

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.accounts import services as accounts
from casework.approvals import Approval, Refused
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.findings import services, states
from casework.findings.models import Citation, Finding
from casework.lifecycle import NotAllowed
from evidence.custody.models import Payload
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast
from tests.weighed import judge, others, submit


class Words(TypedDict):
    """What an author types."""

    kind: str
    title: str
    claim: str
    method: str
    likelihood: str
    against: str
    confidence: str
    alternatives: list[dict[str, str]]


WORDS: Words = {
    "kind": "coordination", "title": "Nine accounts, one text", "claim": "Nine accounts posted one text in a minute.",
    "method": "Times read from the ids of the posts.", "likelihood": "very_likely",
    "confidence": "moderate", "against": "A news item may have been shared.",
    "alternatives": others("Keen followers of one page.")}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def write(case: Case, cast: Cast, **more: Any) -> Finding:
    shown = lodge_png(case, cast.investigator, 1).exhibit
    return services.write(case, **{**WORDS, "exhibits_for": [shown], "by": cast.investigator, **more})


def in_state(case: Case, cast: Cast, state: str) -> Finding:
    """A finding brought to `state` by the services."""
    finding = write(case, cast)
    if state != "draft":
        finding = submit(finding, by=cast.investigator)
    if state == "reviewed":
        finding = services.review(finding, by=cast.reviewer)
    if state == "returned":
        finding = services.send_back(finding, reason="Say how the times were read.", by=cast.reviewer)
    assert finding.state == state
    return finding


def test_a_finding_is_a_draft_with_what_it_stands_on(case: Case, cast: Cast) -> None:
    against = lodge_png(case, cast.investigator, 2).exhibit
    subject = accounts.name_account(case, platform="x", handle="saba", exhibit=against, by=cast.investigator)
    finding = write(case, cast, exhibits_against=[against], subjects=[subject])
    assert (finding.label, finding.state) == ("F-001", "draft")
    assert list(finding.citations.order_by("exhibit__number").values_list("exhibit__number", "bearing")) == \
        [(1, "against"), (2, "for")]
    assert list(finding.subjects.all()) == [subject]
    assert Payload.objects.filter(subject=f"finding/{case.ref}/F-001").count() == 1


@pytest.mark.parametrize(("field", "unsaid"), [
    *((name, " \n") for name in ("title", "claim", "method", "against", "confidence")), ("alternatives", []),
    ("alternatives", others(" ", "\n")), ("alternatives", others("Keen followers.", " ")),
    ("alternatives", [*others("Keen followers."), *others("", "It was no advertisement.")])])
def test_nothing_is_left_unsaid(case: Case, cast: Cast, field: str, unsaid: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        write(case, cast, **{field: unsaid})
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(("bad", "field"), [({"kind": "treason"}, "kind"), ({"likelihood": "certain"}, "likelihood"),
                                            ({"confidence": "very_high"}, "confidence"),
                                            ({"alternatives": others("x") * 21}, "alternatives"),
                                            ({"exhibits_for": []}, "exhibits_for"), ({"title": "t" * 201}, "title")])
def test_what_is_not_in_the_vocabulary_is_refused(case: Case, cast: Cast, bad: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        write(case, cast, **bad)
    assert list(refused.value.message_dict) == [field]
    assert not Finding.objects.exists()


def test_an_exhibit_is_cited_once_and_from_this_case(case: Case, cast: Cast) -> None:
    own = lodge_png(case, cast.investigator, 1).exhibit
    foreign = lodge_png(make_case(cast, "Another"), cast.lead, 1).exhibit
    with pytest.raises(ValidationError, match="cited once"):
        write(case, cast, exhibits_for=[own], exhibits_against=[own])
    with pytest.raises(ValidationError, match="this case"):
        write(case, cast, exhibits_for=[own, foreign])
    elsewhere = accounts.name_account(foreign.case, platform="x", handle="a", exhibit=foreign, by=cast.lead)
    with pytest.raises(ValidationError, match="subjects of this case"):
        write(case, cast, subjects=[elsewhere])


def test_another_person_stands_behind_it(case: Case, cast: Cast) -> None:
    finding = in_state(case, cast, "in_review")
    done = services.review(finding, seen=services.digest(finding), note="Read twice.", by=cast.reviewer)
    assert (done.state, done.reviewer, done.review_note) == ("reviewed", cast.reviewer, "Read twice.")
    assert Approval.objects.get().state == "used"


def test_nobody_reviews_what_they_wrote(case: Case, cast: Cast) -> None:
    finding = write(case, cast, by=cast.lead)
    submit(finding, by=cast.lead)
    with pytest.raises(Refused, match="second person"):
        services.review(finding, by=cast.lead)
    with pytest.raises(Refused, match="second person"):
        services.send_back(finding, reason="No.", by=cast.lead)
    finding.refresh_from_db()
    assert finding.state == "in_review"


def test_only_its_author_changes_or_submits_it(case: Case, cast: Cast) -> None:
    finding = write(case, cast)
    with pytest.raises(PermissionDenied):
        services.edit(finding, **WORDS, exhibits_for=exhibits_of(case), by=cast.lead)
    with pytest.raises(PermissionDenied):
        services.submit(finding, by=cast.lead)


def test_editing_voids_the_review(case: Case, cast: Cast) -> None:
    finding = in_state(case, cast, "reviewed")
    edited = services.edit(finding, **WORDS | {"claim": "Ten accounts."}, exhibits_for=exhibits_of(case),
                           by=cast.investigator)
    assert (edited.state, edited.reviewer, edited.reviewed_at) == ("draft", None, None)
    assert Citation.objects.count() == 1


def test_a_reviewer_who_read_other_words_is_told(case: Case, cast: Cast) -> None:
    finding = in_state(case, cast, "in_review")
    seen = services.digest(finding)
    services.edit(finding, **WORDS | {"claim": "Ten accounts."}, exhibits_for=exhibits_of(case),
                  by=cast.investigator)
    submit(finding, by=cast.investigator)
    with pytest.raises(Refused, match="changed since you read it"):
        services.review(finding, seen=seen, by=cast.reviewer)
    finding.refresh_from_db()
    assert finding.state == "in_review"


def test_a_withdrawn_exhibit_carries_nothing_into_review(case: Case, cast: Cast) -> None:
    finding = write(case, cast)
    exhibits.withdraw(case.exhibits.get(), reason="wrong file", by=cast.investigator)
    with pytest.raises(ValidationError, match="E-001"):
        services.submit(finding, by=cast.investigator)


@pytest.mark.parametrize("state", Finding.State.values)
def test_every_verb_moves_as_the_table_says_or_changes_nothing(case: Case, cast: Cast, state: str) -> None:
    finding = in_state(case, cast, state) if state != "draft" else judge(write(case, cast), by=cast.investigator)
    acts: dict[str, Any] = {
        "edit": lambda: services.edit(finding, **WORDS, exhibits_for=exhibits_of(case), by=cast.investigator),
        "submit": lambda: services.submit(finding, by=cast.investigator),
        "review": lambda: services.review(finding, by=cast.reviewer),
        "send_back": lambda: services.send_back(finding, reason="No.", by=cast.reviewer)}
    assert set(acts) == set(states.FINDING)
    before, events = Finding.objects.values().get(), Payload.objects.count()
    for verb, step in states.FINDING.items():
        if state not in step.origins:
            with pytest.raises(NotAllowed):
                acts[verb]()
            assert (Finding.objects.values().get(), Payload.objects.count()) == (before, events)
            continue
        with transaction.atomic():
            assert acts[verb]().state == step.target
            assert Payload.objects.count() > events
            # The next verb is tried from the same state.
            transaction.set_rollback(True)


def test_a_closed_case_takes_no_finding(case: Case, cast: Cast) -> None:
    finding = write(case, cast)
    cases.close(case, by=cast.lead)
    with pytest.raises(NotAllowed):
        services.submit(finding, by=cast.investigator)


def test_who_may_not_write_cannot(case: Case, cast: Cast) -> None:
    shown = lodge_png(case, cast.investigator, 1).exhibit
    for person in cast.everybody().values():
        if person not in (cast.lead, cast.investigator):
            with pytest.raises(PermissionDenied):
                services.write(case, **WORDS, exhibits_for=[shown], by=person)
    assert not Finding.objects.exists()


@pytest.mark.parametrize(("constraint", "change"), [
    ("reviewed_by_another_person", {"state": "reviewed"}),
    ("reviewed_by_another_person", {"state": "reviewed", "reviewer": "author", "reviewed_at": timezone.now()}),
    ("finding_state_known", {"state": "true"}), ("finding_says_what_speaks_against_it", {"against": ""}),
    ("finding_words_known", {"kind": "treason"}), ("finding_words_known", {"confidence": "certain"}),
    ("finding_words_known", {"likelihood": "certain"}), ("not complete", {"state": "in_review"}),
    ("not complete", {"state": "reviewed", "reviewer": "lead", "reviewed_at": timezone.now()})])
def test_the_database_refuses_a_bad_finding(case: Case, cast: Cast, constraint: str, change: dict[str, Any]) -> None:
    finding = write(case, cast)
    if "reviewer" in change:
        change = {**change, "reviewer": finding.author if change["reviewer"] == "author" else cast.lead}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(**change)
