"""Erasing what events say takes two people, by page and by API; every page that told them still stands."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from django.utils import timezone, translation

from casework import approvals
from casework.approvals import Approval, Refused
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import erasures, receipts
from casework.exhibits.models import Exhibit
from casework.record import Act
from casework.sentences import sentence
from evidence.custody import erasure, history
from evidence.custody.models import Erasure, Payload
from evidence.custody.sequencer import sequence
from reports.desk import compose as desk
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in

WHY = {"reason": "A source asked to be forgotten", "basis": "Section 7 of the invented Data Act"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    """An exhibit whose accession names a source, with everything so far in the log."""
    lodged = lodge_png(case, cast.investigator, 1, received_from="Zainab Haider").exhibit
    while sequence():
        pass
    return lodged


def accessions(case: Case) -> list[Any]:
    return list(Payload.objects.filter(context=f"case/{case.ref}", kind="accession").values_list("event_id", flat=True))


def page(case: Case, name: str = "custody/") -> str:
    return f"/cases/{case.ref}/evidence/{name}"


def test_one_proposes_another_agrees_and_the_source_is_forgotten(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    lead, legal = sign_in(cast.lead), sign_in(cast.legal)
    assert "custody/erase" in legal.get(page(case)).content.decode()
    asked = legal.get(page(case, "custody/erase?exhibit=E-001"))
    assert str(exhibit.event_id) in asked.content.decode()
    answer = legal.post(page(case, "custody/erase?exhibit=E-001"), {"events": [exhibit.event_id], **WHY})
    assert answer.status_code == 302
    assert exhibit.event_id in accessions(case), "nothing is erased yet"
    where = answer["Location"]
    assert where in lead.get(page(case)).content.decode()
    assert [one.url for one in desk.waiting(cast.lead)[0]] == [where]
    assert desk.waiting(cast.legal)[0] == []
    shown = lead.get(where).content.decode()
    assert WHY["reason"] in shown
    assert "You proposed this" in legal.get(where).content.decode()
    assert lead.post(where + "approve").status_code == 302
    assert accessions(case) == []
    told = history.entries(context=f"case/{case.ref}", limit=1)[0]
    assert (told.kind, told.detail["act"]) == ("disposal", Act.EVENTS_ERASED)
    assert (told.agent["name"], told.detail["approver"]["name"]) == ("Laila Zafar", "Lubna Qadir")
    kept = b"".join(bytes(one) for one in Payload.objects.values_list("content", flat=True))
    assert b"Zainab" not in kept
    assert "This is decided" in legal.get(where).content.decode()


def test_agreeing_asks_for_the_password_again(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    asked = erasures.propose(case, events=[exhibit.event_id], **WHY, by=cast.legal)
    client = Client()
    client.force_login(cast.lead)
    where = page(case, f"custody/erasures/{asked.id}/approve")
    answer = client.post(where)
    assert answer.status_code == 302
    assert "/reauthenticate/" in answer["Location"]
    call = f"/api/v1/cases/{case.ref}/custody/erasures/{asked.id}/approve/"
    assert client.post(call).status_code == 403
    assert accessions(case) == [exhibit.event_id]


def erased(cast: Cast, case: Case, exhibit: Exhibit) -> erasures.Proposal:
    asked = erasures.propose(case, events=[exhibit.event_id], **WHY, by=cast.legal)
    return erasures.approve(case, asked.id, by=cast.lead)


def test_custody_exhibit_and_receipt_say_that_it_was_erased(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    erased(cast, case, exhibit)
    client = sign_in(cast.auditor)
    for name in ("custody/", "E-001/"):
        text = client.get(page(case, name)).content.decode()
        assert "was erased on" in text, name
        assert "<bdi>Laila Zafar</bdi> and <bdi>Lubna Qadir</bdi>" in text
        assert f"<bdi>{WHY['reason']}</bdi>" in text
        assert f"<bdi>{WHY['basis']}</bdi>" in text
    row = next(one for one in history.entries(context=f"case/{case.ref}", limit=99) if "erased" in one.detail)
    assert row.index == Erasure.objects.get().event.leaf.index
    assert client.get(page(case, "E-001/receipt")).status_code == 200
    said = json.loads(client.get(page(case, "E-001/receipt.json")).content)
    assert (said["event"], said["leaf_hash"]) == (None, exhibit.leaf_hash)
    assert client.get(f"/cases/{case.ref}/").status_code == 200
    assert receipts.labels(case, [row]) == {f"item/{exhibit.item_id}": "E-001"}


def test_the_same_by_api(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    address = f"/api/v1/cases/{case.ref}/custody/erasures/"

    def call(person: Any, method: str, path: str = "", **body: Any) -> Any:
        data = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(Client(), method)(address + path, headers=bearer(person), **data)

    wanted = call(cast.legal, "post", events=[str(exhibit.event_id)], **WHY)
    assert (wanted.status_code, wanted.json()["state"]) == (201, "proposed")
    one = wanted.json()["id"] + "/"
    assert call(cast.legal, "post", one + "approve/").status_code == 409
    assert call(cast.lead, "post", one + "send-back/", reason=" ").status_code == 422
    done = call(cast.lead, "post", one + "approve/")
    assert (done.status_code, done.json()["state"], done.json()["decided_by"]) == (200, "used", "Lubna Qadir")
    assert [row["state"] for row in call(cast.lead, "get").json()] == ["used"]
    assert call(cast.lead, "get", one).json()["events"] == [str(exhibit.event_id)]
    rows = Client().get(f"/api/v1/cases/{case.ref}/custody/", headers=bearer(cast.auditor)).json()
    told = next(row for row in rows if row["event_id"] == str(exhibit.event_id))
    assert (told["agent"], told["detail"]["erased"]["reason"]) == ({}, WHY["reason"])
    assert "was erased on" in told["sentence"]
    assert accessions(case) == []


def test_who_proposed_does_not_agree_and_who_disagrees_says_why(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    asked = erasures.propose(case, events=[exhibit.event_id], **WHY, by=cast.legal)
    with pytest.raises(Refused, match="second person"):
        erasures.approve(case, asked.id, by=cast.legal)
    for person in (cast.investigator, cast.reviewer, cast.auditor):
        with pytest.raises(PermissionDenied):
            erasures.approve(case, asked.id, by=person)
        with pytest.raises(PermissionDenied):
            erasures.propose(case, events=[exhibit.event_id], **WHY, by=person)
    answer = sign_in(cast.lead).post(page(case, f"custody/erasures/{asked.id}/return"), {"reason": "Not this one"})
    assert answer.status_code == 302
    assert erasures.proposal(case, asked.id).state == "returned"
    with pytest.raises(Refused, match="Nothing waits"):
        erasures.approve(case, asked.id, by=cast.lead)
    assert "Not this one" in sign_in(cast.legal).get(page(case, f"custody/erasures/{asked.id}/")).content.decode()
    assert exhibit.event_id in accessions(case)


def test_only_events_of_this_case_that_are_in_its_log_can_be_chosen(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    other = make_case(cast, "Another")
    elsewhere = lodge_png(other, cast.lead, 2).exhibit
    while sequence():
        pass
    waiting = lodge_png(case, cast.lead, 3).exhibit
    for wanted in ([elsewhere.event_id], [waiting.event_id], [uuid4()], [], [uuid4() for _ in range(1001)]):
        with pytest.raises(ValidationError) as refused:
            erasures.propose(case, events=wanted, **WHY, by=cast.legal)
        assert list(refused.value.message_dict) == ["events"]
    for missing in ("reason", "basis"):
        for text in ("", " \x00", "x" * 2001):
            with pytest.raises(ValidationError) as refused:
                erasures.propose(case, events=[exhibit.event_id], **WHY | {missing: text}, by=cast.legal)
            assert list(refused.value.message_dict) == [missing]
    done = erased(cast, case, exhibit)
    while sequence():
        pass
    about = Payload.objects.filter(subject=done.word).values_list("event_id", flat=True)
    disposal = Payload.objects.get(kind="disposal").event_id
    for wanted in ([exhibit.event_id], [disposal], list(about)):
        with pytest.raises(ValidationError):
            erasures.propose(case, events=wanted, **WHY, by=cast.legal)
    chosen = sign_in(cast.legal).get(page(case, "custody/erase")).content.decode()
    assert str(case.pk) and not any(str(one) in chosen for one in (exhibit.event_id, disposal, *about))


def test_of_two_proposals_for_one_event_the_second_is_refused(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    first, second = (erasures.propose(case, events=[exhibit.event_id], **WHY, by=cast.legal) for _ in range(2))
    erasures.approve(case, first.id, by=cast.lead)
    with pytest.raises(Refused, match="meanwhile"):
        erasures.approve(case, second.id, by=cast.lead)
    assert erasures.proposal(case, second.id).state == "proposed"
    assert Payload.objects.filter(kind="disposal").count() == 1


def test_a_proposal_expires_and_a_closed_case_keeps_what_it_has(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    asked = erasures.propose(case, events=[exhibit.event_id], **WHY, by=cast.legal)
    cases.close(case, by=cast.lead)
    with pytest.raises(cases.CaseClosed):
        erasures.approve(case, asked.id, by=cast.lead)
    cases.reopen(case, by=cast.lead)
    Approval.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="expired"):
        erasures.approve(case, asked.id, by=cast.lead)
    assert accessions(case) == [exhibit.event_id]


def test_a_proposal_of_another_case_is_absent(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    asked = erasures.propose(case, events=[exhibit.event_id], **WHY, by=cast.legal)
    other = make_case(cast, "Another")
    with pytest.raises(Http404):
        erasures.proposal(other, asked.id)
    with pytest.raises(Http404):
        erasures.approve(other, asked.id, by=cast.lead)
    approvals.propose("assessment", subject="assessment/1", case_ref=case.ref, digest="ab", by=cast.lead)
    assert [one.id for one in erasures.proposals(case)] == [asked.id]


@pytest.mark.parametrize("question", ["?exhibit=E-999", "?exhibit=e-1", "?exhibit=E-٠٠١", "?exhibit=E-9999999999"])
def test_an_exhibit_that_is_none_has_no_events_to_erase(cast: Cast, case: Case, question: str) -> None:
    assert sign_in(cast.legal).get(page(case, "custody/erase") + question).status_code == 404


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_sentence_of_an_erased_event_escapes_what_people_wrote(cast: Cast, case: Case, exhibit: Exhibit,
                                                                   language: str) -> None:
    asked = erasures.propose(case, events=[exhibit.event_id], reason="<b>why</b>", basis="§ 7", by=cast.legal)
    erasures.approve(case, asked.id, by=cast.lead)
    with translation.override(language):
        said = [sentence(entry) for entry in history.entries(context=f"case/{case.ref}", limit=99)]
    assert sum("&lt;b&gt;why&lt;/b&gt;" in one for one in said) == 3, "proposed, erased, and in the event's place"
    assert not any("<b>" in one or "{" in one for one in said)


def test_the_act_of_the_vault_is_the_one_that_has_a_sentence() -> None:
    assert erasure.ACT == Act.EVENTS_ERASED
