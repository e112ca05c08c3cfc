"""What is said of a subject: its persona, where it is run from, what speaks for and against it; bad input and leaks."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from casework.accounts import notes, services, statements
from casework.accounts.models import Subject
from casework.accounts.statement_models import LocationAssessment, PersonaStatement, SubjectNote
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from evidence.custody import history
from tests.casework.test_accounts_observed import named, refused
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def subject(case: Case, cast: Cast) -> Subject:
    return named(case, cast)


def pose(subject: Subject, cast: Cast, **more: Any) -> PersonaStatement:
    words: dict[str, Any] = {"persona": "woman", "basis": "Its name and picture", "by": cast.investigator,
                             "exhibits": exhibits_of(subject.case)[:1]}
    return statements.state_persona(subject, **words | more)


def place(subject: Subject, cast: Cast, **more: Any) -> LocationAssessment:
    words: dict[str, Any] = {"place": "Daryapur", "likelihood": "likely", "basis": "It posts by that clock",
                             "exhibits": exhibits_of(subject.case)[:1], "by": cast.investigator}
    return statements.assess_location(subject, **words | more)


def told(subject: Subject) -> dict[str, Any]:
    return history.entries(subject=subject.word, limit=1)[0].detail


def test_a_persona_says_what_shows_it_and_keeps_its_history(case: Case, cast: Cast, subject: Subject) -> None:
    pose(subject, cast)
    assert told(subject) == {"act": "persona_stated", "persona": "woman", "basis": "Its name and picture",
                             "exhibits": ["E-001"]}
    pose(subject, cast, persona="news", basis="It calls itself a paper", by=cast.lead)
    pose(subject, cast, persona="none", basis="", exhibits=[])
    subject.refresh_from_db()
    assert subject.persona == "none"
    assert [(row.persona, row.stated_by) for row in subject.personas.told()] == [
        ("none", cast.investigator), ("news", cast.lead), ("woman", cast.investigator)]


def test_a_persona_at_the_naming_says_what_of_the_exhibit_shows_it(case: Case, cast: Cast) -> None:
    shown = lodge_png(case, cast.lead, 4).exhibit
    name = partial(services.name_account, case, platform="x", handle="saba", exhibit=shown, by=cast.lead)
    assert refused(lambda: name(persona="woman")) == {"persona_basis"}
    assert refused(lambda: name(persona_basis="Its name")) == {"persona_basis"}
    made = name(persona="woman", persona_basis="Its name").personas.get()
    assert (made.basis, list(made.exhibits.all())) == ("Its name", [shown])


@pytest.mark.parametrize(("bad", "fields"), [
    ({"persona": "party"}, {"persona"}), ({"persona": ""}, {"persona"}), ({"basis": " "}, {"basis"}),
    ({"basis": "x" * 4001}, {"basis"}), ({"exhibits": []}, {"exhibits"}),
    ({"persona": "party", "basis": "", "exhibits": []}, {"persona", "basis", "exhibits"})])
def test_a_persona_that_nothing_shows_is_refused(cast: Cast, subject: Subject, bad: dict[str, Any],
                                                 fields: set[str]) -> None:
    assert refused(lambda: pose(subject, cast, **bad)) == fields
    subject.refresh_from_db()
    assert subject.persona == "none" and not PersonaStatement.objects.exists()


def test_a_location_is_likely_on_a_basis_and_can_be_taken_back(cast: Cast, subject: Subject) -> None:
    place(subject, cast)
    assert told(subject) == {"act": "location_assessed", "place": "Daryapur", "likelihood": "likely",
                             "basis": "It posts by that clock", "exhibits": ["E-001"]}
    place(subject, cast, place="", likelihood="", basis="The clock was the phone's", exhibits=[])
    assert [row.place for row in subject.locations.told()] == ["", "Daryapur"]


@pytest.mark.parametrize(("bad", "fields"), [
    ({"likelihood": ""}, {"likelihood"}), ({"likelihood": "certain"}, {"likelihood"}), ({"basis": ""}, {"basis"}),
    ({"place": "x" * 201}, {"place"}), ({"exhibits": []}, {"exhibits"}),
    ({"place": "", "exhibits": []}, {"likelihood"}),
    ({"likelihood": "", "basis": "", "exhibits": []}, {"likelihood", "basis", "exhibits"})])
def test_a_location_without_its_reasons_is_refused(cast: Cast, subject: Subject, bad: dict[str, Any],
                                                   fields: set[str]) -> None:
    assert refused(lambda: place(subject, cast, **bad)) == fields
    assert not LocationAssessment.objects.exists()


def test_what_speaks_against_cites_exhibits_and_what_speaks_for_need_not(case: Case, cast: Cast,
                                                                         subject: Subject) -> None:
    add = partial(notes.add, subject, by=cast.investigator)
    assert refused(lambda: add(bearing="against", text="It posted first.")) == {"exhibits"}
    assert refused(lambda: add(bearing="party", text="")) == {"bearing", "text"}
    assert refused(lambda: add(bearing="for", text="x" * 4001)) == {"text"}
    add(bearing="against", text="It posted first.", exhibits=exhibits_of(case))
    assert told(subject) == {"act": "incriminating_noted", "text": "It posted first.", "exhibits": ["E-001"]}
    kept = add(bearing="for", text="It may be a fan.")
    assert told(subject)["act"] == "exculpatory_noted"
    assert refused(lambda: notes.withdraw(kept, reason="", by=cast.lead)) == {"reason"}
    notes.withdraw(kept, reason="Another account", by=cast.lead)
    assert [row.bearing for row in subject.notes.standing()] == ["against"] and subject.notes.count() == 2
    with pytest.raises(NotAllowed):
        notes.withdraw(kept, reason="Again", by=cast.lead)


def test_what_another_case_shows_supports_nothing_here(case: Case, cast: Cast, subject: Subject) -> None:
    foreign = [lodge_png(make_case(cast, "Another"), cast.lead, 7).exhibit]
    gone = [exhibits.withdraw(lodge_png(case, cast.lead, 8).exhibit, reason="Cropped", by=cast.lead)]
    for wrong in (foreign, gone):
        for act in (partial(pose, subject, cast), partial(place, subject, cast), partial(
                notes.add, subject, bearing="for", text="A fan", by=cast.lead)):
            assert refused(partial(act, exhibits=wrong)) == {"exhibits"}


def test_who_may_not_edit_and_a_closed_case_state_nothing(case: Case, cast: Cast, subject: Subject) -> None:
    note = partial(notes.add, subject, bearing="for", text="A fan", by=cast.lead)
    kept = note()
    acts: list[Any] = [partial(pose, subject, cast), partial(place, subject, cast), note,
                       partial(notes.withdraw, kept, reason="No")]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act(by=cast.reviewer)
    cases.close(case, by=cast.lead)
    for act in acts:
        with pytest.raises(NotAllowed):
            act(by=cast.lead)


@pytest.mark.parametrize(("model", "constraint", "row"), [
    (PersonaStatement, "persona_says_what_shows_it", {"persona": "woman"}),
    (PersonaStatement, "persona_says_what_shows_it", {"persona": "party", "basis": "x"}),
    (LocationAssessment, "location_has_a_likelihood_and_a_basis", {"place": "Daryapur", "likelihood": "likely"}),
    (LocationAssessment, "location_has_a_likelihood_and_a_basis", {"place": "Daryapur", "basis": "x"}),
    (LocationAssessment, "location_has_a_likelihood_and_a_basis", {"likelihood": "likely", "basis": "x"})])
def test_the_database_refuses_a_statement_without_its_reasons(cast: Cast, subject: Subject, model: Any,
                                                              constraint: str, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(subject=subject, stated_by=cast.lead, stated_at=timezone.now(), **row)


def test_the_database_keeps_statements_and_notes_as_they_are(cast: Cast, subject: Subject) -> None:
    pose(subject, cast)
    place(subject, cast)
    note = {"subject": subject, "recorded_by": cast.lead, "recorded_at": timezone.now()}
    for bad in ({"bearing": "maybe", "text": "x"}, {"bearing": "for", "text": ""}):
        with pytest.raises(IntegrityError, match="note_says_which_way_it_bears"), transaction.atomic():
            SubjectNote.objects.create(**note | bad)
    SubjectNote.objects.create(**note, bearing="for", text="A fan")
    for model in (PersonaStatement, LocationAssessment, SubjectNote):
        for act in (lambda model=model: model.objects.update(subject=subject.pk + 1), model.objects.all().delete,
                    lambda model=model: model.objects.update(**{"text" if model is SubjectNote else "basis": "y"})):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_all_of_it_is_stated_and_read_on_pages(case: Case, cast: Cast, subject: Subject) -> None:
    pages, at = sign_in(cast.investigator), f"/cases/{case.ref}/accounts/S-001/"
    wrong = pages.post(f"{at}persona/", {"persona": "woman", "basis": "", "exhibits": "E-001"})
    assert wrong.status_code == 422 and '<a href="#id_basis">' in wrong.content.decode()
    assert pages.post(f"{at}persona/", {"persona": "woman", "basis": "نام اور تصویر",
                                        "exhibits": "E-001"}).status_code == 302
    assert pages.post(f"{at}location/", {"place": "دریاپور", "likelihood": "likely", "basis": "Its clock",
                                         "exhibits": "E-001"}).status_code == 302
    assert pages.post(f"{at}location/", {"place": "Norland", "likelihood": "unlikely", "basis": "A label",
                                         "exhibits": "E-001"}).status_code == 302
    assert pages.post(f"{at}notes/new/", {"bearing": "against", "text": "It posted first."}).status_code == 422
    for bearing, text in (("against", "It posted first."), ("for", "It may be a fan.")):
        assert pages.post(f"{at}notes/new/", {"bearing": bearing, "text": text, "exhibits": "E-001"}).status_code == 302
    html = pages.get(at).content.decode()
    for words in ("Poses as a woman", "نام اور تصویر", "Norland", 'unlikely <span class="whole">(20', "Assessed before",
                  "دریاپور", "It posted first.", "It may be a fan.", "In its favour", "Against it"):
        assert words in html, words
    assert 'value="against" id="id_bearing_1" checked' in pages.get(f"{at}notes/new/?bearing=against").content.decode()
    row = SubjectNote.objects.get(bearing="for")
    assert "It may be a fan." in pages.get(f"{at}notes/{row.pk}/withdraw/").content.decode()
    assert pages.post(f"{at}notes/{row.pk}/withdraw/", {"reason": "Misread"}).status_code == 302
    assert "Misread" in pages.get(at).content.decode()


def call(case: Case, person: Any, method: str, path: str, status: int, **body: Any) -> Any:
    answer = getattr(Client(), method)(f"/api/v1/cases/{case.ref}/accounts/{path}", body or None,
                                       headers=bearer(person), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_all_of_it_goes_by_calls(case: Case, cast: Cast, subject: Subject) -> None:
    by = cast.investigator
    call(case, by, "put", "S-001/persona/", 422, persona="woman")
    said = call(case, by, "put", "S-001/persona/", 200, persona="woman", basis="Its name", exhibits=["E-001"])
    assert (said["persona"], said["history"][0]["exhibits"]) == ("woman", ["E-001"])
    said = call(case, by, "put", "S-001/location/", 200, place="Daryapur", likelihood="even", basis="A clock",
                exhibits=["E-001"])
    assert said == call(case, cast.reviewer, "get", "S-001/location/", 200) and said["likelihood"] == "even"
    call(case, by, "put", "S-001/location/", 422, place="Daryapur", likelihood="sure", basis="A clock")
    made = call(case, by, "post", "S-001/notes/", 201, bearing="for", text="A fan")
    call(case, by, "post", "S-001/notes/", 422, bearing="against", text="A bot")
    call(case, by, "post", f"S-001/notes/{made['id']}/withdraw/", 200, reason="Misread")
    got = call(case, by, "get", "S-001/", 200)
    assert (got["persona"], got["personas"][0]["basis"], got["locations"][0]["place"]) == ("woman", "Its name",
                                                                                           "Daryapur")
    assert [(note["bearing"], note["withdrawn_reason"]) for note in got["notes"]] == [("for", "Misread")]


def test_another_case_hears_nothing_of_it(case: Case, cast: Cast) -> None:
    """The same account in two cases: what each says of it is its own."""
    other = make_case(cast, "Another", by=cast.outsider)
    other.memberships.exclude(user=cast.outsider).update(ended_at=other.opened_at)
    shown = [lodge_png(other, cast.outsider, 4).exhibit]
    there = services.name_account(other, platform="x", handle="saba", stable_id="77", exhibit=shown[0],
                                  by=cast.outsider)
    pose(there, cast, basis="Basis of theirs", by=cast.outsider)
    place(there, cast, place="Place of theirs", by=cast.outsider)
    secret = notes.add(there, bearing="for", text="Note of theirs", by=cast.outsider)
    assert named(case, cast, stable_id="77").account == there.account
    pages, at = sign_in(cast.lead), f"/cases/{case.ref}/accounts/"
    for path in ("", "S-001/", "S-001/persona/", "S-001/location/"):
        assert "theirs" not in pages.get(at + path).content.decode()
        assert "theirs" not in str(call(case, cast.lead, "get", path, 200))
    assert pages.post(f"{at}S-001/notes/{secret.pk}/withdraw/", {"reason": "x"}).status_code == 404
    call(case, cast.lead, "post", f"S-001/notes/{secret.pk}/withdraw/", 404, reason="x")
    for model in (PersonaStatement, LocationAssessment, SubjectNote):
        assert not model.objects.visible_to(cast.lead).exists()
        assert model.objects.visible_to(cast.outsider).count() == 1
