"""A wrong observation of an account is withdrawn: what it says stays on its page, and names the account nowhere."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from casework.accounts import bulk, compose, drafts, observing, services
from casework.accounts.models import Observation, Subject
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from casework.sentences import plain
from evidence.custody import history
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def subject(case: Case, cast: Cast) -> Subject:
    """Named rightly on one exhibit, and wrongly seen as @amina_ghost, suspended, on a later one."""
    right, wrong = (lodge_png(case, cast.lead, shade, captured_at=f"2026-03-1{shade}T18:05:09Z").exhibit
                    for shade in (4, 5))
    named = services.name_account(case, platform="x", handle="saba_writes", exhibit=right, by=cast.lead)
    services.observe(named, handle="amina_ghost", display_name="Amina", status="suspended", exhibit=wrong, by=cast.lead)
    return named


def wrong_of(subject: Subject) -> Observation:
    found: Observation = subject.account.observations.get(handle="amina_ghost")
    return found


def withdraw(subject: Subject, cast: Cast) -> Observation:
    return observing.withdraw(wrong_of(subject), subject=subject, reason="Another account.", by=cast.investigator)


def seen(subject: Subject) -> Any:
    return Subject.objects.with_names().with_counts().get(pk=subject.pk)


def test_a_withdrawn_observation_names_the_account_nowhere_and_stays_on_its_page(subject: Subject, cast: Cast) -> None:
    before = seen(subject)
    assert (before.handle, before.status, before.exhibit_count) == ("amina_ghost", "suspended", 2)
    withdraw(subject, cast)
    now = seen(subject)
    assert (now.handle, now.display_name, now.status, now.exhibit_count) == ("saba_writes", "", "unknown", 1)
    page = sign_in(cast.auditor).get(f"/cases/{subject.case.ref}/accounts/S-001/").content.decode()
    assert "amina_ghost" in page and "Another account." in page
    listed = sign_in(cast.auditor).get(f"/cases/{subject.case.ref}/accounts/").content.decode()
    assert "saba_writes" in listed and "amina_ghost" not in listed
    entry = history.entries(subject=subject.word, limit=1)[0]
    assert plain(entry) == (f"{cast.investigator} withdrew that S-001 called itself amina_ghost, as exhibit E-002 was "
                            "said to show. Reason: Another account.")


def test_what_was_withdrawn_is_no_change_of_the_account(subject: Subject, cast: Cast) -> None:
    services.observe(subject, handle="saba_writes", exhibit=exhibits_of(subject.case)[1], by=cast.lead)
    withdraw(subject, cast)
    assert [row.changed for row in compose.history(subject.account.observations.all())] == [frozenset()] * 3


def test_an_exhibit_that_was_withdrawn_names_nobody_any_more(subject: Subject, cast: Cast) -> None:
    exhibits.withdraw(exhibits_of(subject.case)[1], reason="Not ours.", by=cast.lead)
    now = seen(subject)
    assert (now.handle, now.status, now.exhibit_count) == ("saba_writes", "unknown", 1)
    exhibits.withdraw(exhibits_of(subject.case)[0], reason="Not ours either.", by=cast.lead)
    assert seen(subject).handle == ""
    listed = sign_in(cast.auditor).get(f"/cases/{subject.case.ref}/accounts/").content.decode()
    assert "saba_writes" not in listed and '<bdi dir="ltr">S-001</bdi></a>' in listed


def test_the_last_one_that_names_the_account_stays(subject: Subject, cast: Cast) -> None:
    withdraw(subject, cast)
    right = subject.account.observations.get(handle="saba_writes")
    with pytest.raises(ValidationError, match="Nothing else shows"):
        observing.withdraw(right, subject=subject, reason="Wrong, too.", by=cast.lead)
    assert seen(subject).handle == "saba_writes"


def test_nobody_withdraws_twice_without_a_reason_without_the_right_or_in_a_closed_case(
        subject: Subject, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        observing.withdraw(wrong_of(subject), subject=subject, reason=" ", by=cast.lead)
    for person in (cast.reviewer, cast.auditor, cast.outsider):
        with pytest.raises(PermissionDenied):
            observing.withdraw(wrong_of(subject), subject=subject, reason="No.", by=person)
    withdraw(subject, cast)
    with pytest.raises(NotAllowed):
        withdraw(subject, cast)
    cases.close(subject.case, reason="Done", by=cast.lead)
    with pytest.raises(NotAllowed):
        withdraw(subject, cast)


def test_it_is_neither_a_draft_s_double_nor_a_ground_for_a_step(subject: Subject, cast: Cast) -> None:
    case = subject.case
    [held] = drafts.against(case, drafts.read("https://x.com/amina_ghost"))
    assert held.known == ("S-001",)
    withdraw(subject, cast)
    [free] = drafts.against(case, drafts.read("https://x.com/amina_ghost"))
    assert free.known == ()
    [outcome] = bulk.assess(case, [subject], to_role="participant", indicators=["coordination"],
                            exhibits=[exhibits_of(case)[1]], reason="R", against="A", by=cast.lead)
    assert "shows this account" in outcome.refused


def test_page_and_call_withdraw_it_and_foreign_is_absent(subject: Subject, cast: Cast) -> None:
    address = f"/cases/{subject.case.ref}/accounts/S-001/observations/{wrong_of(subject).pk}/withdraw/"
    assert sign_in(cast.outsider).post(address, {"reason": "No"}).status_code == 404
    assert sign_in(cast.lead).post(address, {"reason": ""}).status_code == 422
    answer = sign_in(cast.lead).post(f"/api/v1{address}", {"reason": "Another account."}, headers=bearer(cast.lead))
    told = answer.json()
    assert (told["handle"], told["withdrawn_reason"]) == ("amina_ghost", "Another account.")
    page = sign_in(cast.lead).post(address, {"reason": "Again"})
    assert page.status_code == 422
    last = subject.account.observations.get(handle="saba_writes").pk
    answer = sign_in(cast.lead).post(address.replace(str(wrong_of(subject).pk), str(last)), {"reason": "Wrong"})
    assert "Nothing else shows what this account is called." in answer.content.decode()


def test_the_database_refuses_half_a_withdrawal_and_any_other_change(subject: Subject, cast: Cast) -> None:
    row = wrong_of(subject)
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    for column in ("handle", "status", "exhibit_id"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE casework_observation SET {column} = NULL WHERE id = %s", [row.pk])
