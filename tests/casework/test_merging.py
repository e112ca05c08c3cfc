"""One account that is in a case twice: what a merge keeps, what stands against it, how it is undone, and what the
database refuses."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from casework.accounts import (
    claims,
    drafts,
    identifying,
    labels,
    linking,
    merging,
    notes,
    services,
    statements,
    tagging,
)
from casework.accounts.merge_models import Merge
from casework.accounts.models import Observation, Subject
from casework.accounts.states import Merged
from casework.cases import services as cases
from casework.cases.models import Case
from casework.lifecycle import NotAllowed
from casework.sentences import sentence
from evidence.custody import history
from tests.casework.test_accounts_observed import named, refused
from tests.factories import Cast, exhibits_of, make_case, make_cast

UP: dict[str, Any] = {"indicators": ["payment"], "reason": "Paid per post", "against": "One payment only"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def two(case: Case, cast: Cast) -> tuple[Subject, Subject]:
    return named(case, cast, stable_id="771"), named(case, cast, handle="saba_old", shade=2)


def merge(two: tuple[Subject, Subject], cast: Cast, **more: Any) -> Merge:
    words: dict[str, Any] = {"other": two[1], "reason": "The old handle leads to it", "by": cast.investigator}
    return merging.merge(two[0], **words | more)


def against(two: tuple[Subject, Subject], cast: Cast, **more: Any) -> str:
    """What stands against merging the second into the first."""
    with pytest.raises(ValidationError) as found:
        merge(two, cast, **more)
    assert set(found.value.message_dict) == {"other"} and not two[0].case.merges.standing().filter(
        kept=two[0], merged=more.get("other", two[1])).exists()
    return " ".join(found.value.message_dict["other"])


def raised(subject: Subject, cast: Cast, to_role: str = "participant") -> None:
    services.assess(subject, to_role=to_role, exhibits=exhibits_of(subject.case)[:1], by=cast.lead, **UP)


def test_a_merge_is_a_row_that_points_and_no_other_row_is_touched(two: tuple[Subject, Subject], cast: Cast) -> None:
    before = [list(Subject.objects.values()), list(Observation.objects.values())]
    made = merge(two, cast)
    assert [list(Subject.objects.values()), list(Observation.objects.values())] == before
    assert (made.kept, made.merged, made.recorded_by) == (*two, cast.investigator)
    told = history.entries(subject=two[1].word, limit=1)[0]
    assert told.detail == {"act": "accounts_merged", "into": "S-001", "reason": "The old handle leads to it",
                           "role": "bystander"}
    assert "S-002" in sentence(told) and "S-001" in sentence(told) and "The old handle leads to it" in sentence(told)
    both = {one.label: one.merged_into for one in Subject.objects.with_merge()}
    assert both == {"S-001": "", "S-002": "S-001"}
    assert [one.label for one in two[0].case.subjects.unmerged()] == ["S-001"]


def test_what_is_undone_stays_with_its_reason_and_opens_the_account_again(two: tuple[Subject, Subject],
                                                                          cast: Cast) -> None:
    merge(two, cast)
    assert refused(lambda: merging.unmerge(two[1], reason=" ", by=cast.lead)) == {"reason"}
    undone = merging.unmerge(two[1], reason="Another person", by=cast.lead)
    assert (undone.withdrawn_reason, undone.withdrawn_by) == ("Another person", cast.lead)
    assert history.entries(subject=two[1].word, limit=1)[0].detail == {
        "act": "accounts_unmerged", "into": "S-001", "reason": "Another person"}
    tagging.tag(two[1], tags=["new"], by=cast.lead)
    for subject in two:
        with pytest.raises(NotAllowed):
            merging.unmerge(subject, reason="Again", by=cast.lead)
    merge(two, cast, reason="It is the same after all")
    assert Merge.objects.count() == 2


def test_what_was_merged_takes_nothing_new_and_says_where_it_goes(two: tuple[Subject, Subject], cast: Cast) -> None:
    shown, by = exhibits_of(two[0].case)[:1], cast.lead
    note = notes.add(two[1], bearing="for", text="It may be a fan", by=by)
    merge(two, cast)
    acts: list[Any] = [
        partial(services.observe, two[1], handle="x", exhibit=shown[0], by=by), partial(raised, two[1], cast),
        partial(claims.note, two[1], kind="country", text="Norland", exhibit=shown[0], at="2026-03-15", by=by),
        partial(statements.state_persona, two[1], persona="woman", basis="Its name", exhibits=shown, by=by),
        partial(statements.assess_location, two[1], place="Daryapur", likelihood="even", basis="A clock",
                exhibits=shown, by=by),
        partial(notes.add, two[1], bearing="for", text="It is kind", by=by),
        partial(tagging.tag, two[1], tags=["new"], by=by),
        partial(identifying.identify, two[1], stable_id="772", by=by),
        partial(linking.link, two[1], other=two[0], kind="contact", likelihood="even", basis="One shop",
                exhibits=shown, by=by)]
    for act in acts:
        with pytest.raises(Merged, match="S-002 was merged into S-001 and takes nothing new"):
            act()
    with pytest.raises(ValidationError, match="S-002 was merged into S-001. Name S-001."):
        labels.subjects(two[0].case, ["S-001", "S-002"])
    notes.withdraw(note, reason="Wrong", by=by)
    raised(two[0], cast)
    assert Subject.objects.get(pk=two[1].pk).role == "bystander"


def test_a_handle_of_the_merged_one_names_the_one_kept(two: tuple[Subject, Subject], case: Case, cast: Cast) -> None:
    services.observe(two[0], handle="saba_old", exhibit=exhibits_of(case)[0], by=cast.lead)
    assert refused(lambda: named(case, cast, handle="saba_old", shade=3)) == {"stable_id"}
    merge(two, cast)
    assert named(case, cast, handle="Saba_Old", shade=4) == two[0]
    read = drafts.against(case, drafts.read("https://x.com/saba_old"))
    assert [one.known for one in read] == [("S-001",)]


def test_two_accounts_are_not_merged(two: tuple[Subject, Subject], case: Case, cast: Cast) -> None:
    assert "two stable ids" in against((named(case, cast, "zara", 3, stable_id="772"), two[0]), cast)
    assert "S-001 has the platform's stable id: keep that one" in against((two[1], two[0]), cast)
    elsewhere = services.name_account(case, platform="facebook", handle="saba_old", exhibit=exhibits_of(case)[0],
                                      by=cast.lead)
    assert "on two platforms" in against((two[0], elsewhere), cast)
    assert "not merged into itself" in against((two[0], two[0]), cast)


def test_a_merge_raises_no_role_and_passes_no_second_person_by(two: tuple[Subject, Subject], cast: Cast) -> None:
    raised(two[0], cast)
    said = against(two, cast)
    assert "have two roles" in said and "assess one of them first" in said
    raised(two[1], cast)
    raised(two[1], cast, "knowing")
    assert "An assessment of S-002 waits for a second person" in against(two, cast)
    services.send_back(two[1].assessments.get(state="proposed"), reason="Too thin", by=cast.reviewer)
    merge(two, cast)
    assert {one.role for one in Subject.objects.all()} == {"participant"}


def test_there_is_no_chain_no_circle_and_no_second_merge(two: tuple[Subject, Subject], case: Case,
                                                         cast: Cast) -> None:
    third = named(case, cast, handle="saba_third", shade=3)
    merge(two, cast)
    assert "S-002 was merged into S-001 already" in against((third, two[1]), cast)
    with pytest.raises(Merged):
        merge((two[1], third), cast)
    lone = named(case, cast, handle="lone", shade=5)
    merge((third, lone), cast)
    assert "S-004 was merged into S-003: keep that one, or undo that merge first" in against((two[0], third), cast)
    merging.unmerge(lone, reason="To merge all three", by=cast.lead)
    merge((two[0], third), cast)
    merge((two[0], lone), cast)
    assert [one.label for one in case.subjects.unmerged()] == ["S-001"]


def test_all_that_is_wrong_is_named_at_once(two: tuple[Subject, Subject], cast: Cast) -> None:
    raised(two[0], cast)
    assert refused(lambda: merge((two[1], two[0]), cast, reason="")) == {"reason", "other"}
    assert refused(lambda: merge(two, cast, reason="x" * 2001)) == {"reason", "other"}
    assert not Merge.objects.exists()


def test_who_may_not_edit_a_foreign_case_and_a_closed_one_merge_nothing(two: tuple[Subject, Subject], case: Case,
                                                                        cast: Cast) -> None:
    stranger = named(make_case(cast, "Another"), cast, handle="stranger", shade=9)
    assert "Name a subject of this case" in against(two, cast, other=stranger)
    merge(two, cast)
    acts: list[Any] = [partial(merging.merge, two[0], other=two[1], reason="x"),
                       partial(merging.unmerge, two[1], reason="x")]
    for act in acts:
        for person in (cast.reviewer, cast.takedown, cast.outsider):
            with pytest.raises(PermissionDenied):
                act(by=person)
    cases.close(case, by=cast.lead)
    for act in acts:
        with pytest.raises(NotAllowed):
            act(by=cast.lead)
    assert Merge.objects.standing().count() == 1


def test_the_database_refuses_what_no_merge_is(two: tuple[Subject, Subject], case: Case, cast: Cast) -> None:
    third, other_id = named(case, cast, handle="third", shade=3), named(case, cast, "fourth", 4, stable_id="772")
    stranger = named(make_case(cast, "Another"), cast, handle="stranger", shade=9)
    row: dict[str, Any] = {"case": case, "kept": two[0], "merged": two[1], "reason": "x", "recorded_by": cast.lead,
                           "recorded_at": timezone.now()}

    def stopped(match: str, **bad: Any) -> None:
        with pytest.raises(IntegrityError, match=match), transaction.atomic(), connection.cursor() as cursor:
            Merge.objects.create(**row | bad)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    for bad in ({"merged": stranger}, {"kept": stranger}, {"merged": other_id}, {"kept": two[1], "merged": two[0]}):
        stopped("not one account", **bad)
    stopped("merge_is_of_two_and_says_why", reason="")
    stopped("merge_is_of_two_and_says_why", merged=two[0])
    stopped("merge_(kept|merged)_of_its_case", case=stranger.case)
    raised(two[0], cast)
    stopped("two roles")
    fifth, sixth = named(case, cast, handle="fifth", shade=5), named(case, cast, handle="sixth", shade=6)
    for one in (two[1], third, fifth, sixth):
        raised(one, cast)
    raised(fifth, cast, "knowing")
    stopped("one that waits", merged=fifth)
    services.send_back(fifth.assessments.get(state="proposed"), reason="Too thin", by=cast.reviewer)
    made = merge(two, cast)
    merge((third, fifth), cast)
    # The same one again, into one that was merged, and one that took another in.
    for bad in ({"kept": third}, {"kept": fifth, "merged": sixth}, {"merged": third}):
        stopped("merged before", **bad)
    for act in (lambda: Merge.objects.update(reason="y"), Merge.objects.all().delete,
                lambda: Merge.objects.update(kept=third)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        Subject.objects.filter(pk=two[1].pk).update(role="bystander")
    merging.unmerge(two[1], reason="Wrong", by=cast.lead)
    with pytest.raises(DatabaseError), transaction.atomic():
        Merge.objects.filter(pk=made.pk).update(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
