"""Holding, keeping and disposing: two people, a tombstone, and bytes that go only where nobody else needs them."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone, translation

from casework.approvals import Refused
from casework.cases import keeping
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import disposals
from casework.exhibits.disposals import Proposal
from casework.exhibits.models import Exhibit
from casework.sentences import sentence
from evidence.archive import services as archive
from evidence.custody import history
from evidence.custody.sequencer import sequence
from evidence.derivatives import services as derivatives
from evidence.disposal import services as disposal
from evidence.disposal.models import Removal, Tombstone
from evidence.fixity import audit
from evidence.fixity import services as fixity
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.store.errors import Locked, StoreUnavailable
from reports.desk import compose as desk
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in
from tests.reports.story import log, make_keys

WHY = {"ground": "law", "reason": "A person asked for it", "basis": "Section 7 of the invented Data Act"}


@pytest.fixture
def cast(db: None) -> Cast:
    make_keys()
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def lodged(case: Case, by: Any, shade: int = 1) -> Exhibit:
    """An exhibit on whose bytes all work has ended, in the log."""
    row = lodge_png(case, by, shade).exhibit
    fixity.rehash(row.item)
    derivatives.derive(row.item)
    archive.archive(row.item)
    return row


@pytest.fixture
def exhibit(case: Case, cast: Cast) -> Exhibit:
    return lodged(case, cast.investigator)


def decided(case: Case, cast: Cast, *labels: str, **why: str) -> Proposal:
    made = disposals.propose(case, exhibits=labels, **{**WHY, **why}, by=cast.legal)
    return disposals.approve(case, made.id, by=cast.lead)


def problems() -> list[str]:
    log()
    return [f"{one.object}: {one.problem}" for one in audit.audit_all(checked=Counter())]


def blobs_of(exhibit: Exhibit) -> set[str]:
    return {exhibit.item.blob_id, *exhibit.item.derivatives.values_list("blob_id", flat=True)}


def test_two_people_dispose_and_the_bytes_go_and_the_history_stays(case: Case, cast: Cast, exhibit: Exhibit) -> None:
    legal, lead = sign_in(cast.legal), sign_in(cast.lead)
    at = f"/cases/{case.ref}/evidence/"
    gone = blobs_of(exhibit)
    assert len(gone) == 3 and all(store.size(one) is not None for one in gone)
    assert f'{at}disposals/new?exhibit=E-001' in legal.get(f"{at}E-001/").content.decode()
    answer = legal.post(f"{at}disposals/new", {"exhibits": "e-001", **WHY})
    assert answer.status_code == 302
    where = answer["Location"]
    assert "You proposed this" in legal.get(where).content.decode()
    assert [one.url for one in desk.waiting(cast.lead)[0]] == [where] and desk.waiting(cast.legal)[0] == []
    with pytest.raises(Refused):
        disposals.approve(case, UUID(where.split("/")[-2]), by=cast.legal)
    assert lead.post(f"{where}approve").status_code == 302
    assert disposal.remove_waiting() == 4
    assert all(store.size(one) is None for one in gone)
    assert store.size(exhibit.item.blob_id, store.ARCHIVE) is None
    page = legal.get(f"{at}E-001/").content.decode()
    assert "Disposed of" in page and exhibit.item.blob_id in page and "/original" not in page
    assert legal.get(f"{at}E-001/original").status_code == 410
    assert legal.get(f"{at}E-001/preview").status_code == legal.get(f"{at}E-001/thumbnail").status_code == 404
    assert "thumbnail" not in legal.get(at).content.decode()
    told = legal.get(where).content.decode()
    assert told.count("taken out") == 4
    assert problems() == []
    entries = history.entries(subject=f"item/{exhibit.item_id}", limit=50)
    assert [one.detail["outcome"] for one in entries if one.kind == "disposal"] == ["removed"] * 4
    for language in ("en", "ur"):
        with translation.override(language):
            assert all("{" not in sentence(one) for one in history.entries(context=f"case/{case.ref}", limit=99))


def test_the_same_by_program(case: Case, cast: Cast, exhibit: Exhibit) -> None:
    at, client = f"/api/v1/cases/{case.ref}/disposals/", Client()
    made = client.post(at, {"exhibits": ["E-001"], **WHY}, "application/json", headers=bearer(cast.legal))
    assert made.status_code == 201 and made.json()["state"] == "proposed"
    one = f"{at}{made.json()['id']}/"
    assert client.post(f"{one}approve/", headers=bearer(cast.legal)).status_code == 409
    done = client.post(f"{one}approve/", headers=bearer(cast.lead)).json()
    assert done["state"] == "used" and {row["state"] for row in done["bytes"][0]["removals"]} == {"pending"}
    disposal.remove_waiting()
    told = client.get(one, headers=bearer(cast.lead)).json()["bytes"][0]
    assert told["exhibit"] == "E-001" and {row["state"] for row in told["removals"]} == {"done"}
    got = client.get(f"/api/v1/cases/{case.ref}/exhibits/E-001/original/", headers=bearer(cast.lead))
    assert (got.status_code, got.json()["code"]) == (410, "disposed")
    wrong = client.post(at, {"exhibits": ["E-001"], **WHY}, "application/json", headers=bearer(cast.legal))
    assert wrong.status_code == 422 and "Disposed of already" in wrong.content.decode()


def test_returned_with_a_reason_nothing_goes(case: Case, cast: Cast, exhibit: Exhibit) -> None:
    made = disposals.propose(case, exhibits=["E-001"], **WHY, by=cast.legal)
    answer = sign_in(cast.lead).post(f"/cases/{case.ref}/evidence/disposals/{made.id}/return", {"reason": "Needed"})
    assert answer.status_code == 302
    assert disposals.proposal(case, made.id).approval.state == "returned"
    assert not Tombstone.objects.exists() and disposal.remove_waiting() == 0


def test_while_a_hold_stands_nothing_is_disposed_of_and_what_waits_stays(
        case: Case, cast: Cast, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    made = disposals.propose(case, exhibits=["E-001"], **WHY, by=cast.legal)
    hold = keeping.place_hold(case, matter="File 12", basis="Letter of 1 March", by=cast.legal)
    with pytest.raises(keeping.Held):
        disposals.approve(case, made.id, by=cast.lead)
    with pytest.raises(keeping.Held):
        disposals.propose(case, exhibits=["E-001"], **WHY, by=cast.legal)
    page = sign_in(cast.lead).get(f"/cases/{case.ref}/evidence/disposals/{made.id}/").content.decode()
    assert "A legal hold stands on this case" in page
    keeping.lift_hold(hold, reason="Settled", by=cast.lead)
    disposals.approve(case, made.id, by=cast.lead)
    second = keeping.place_hold(case, matter="File 13", basis="Letter of 2 March", by=cast.legal)
    assert disposal.remove_waiting() == 0 and store.size(exhibit.item.blob_id) is not None
    assert problems() == [], "what may still be there is no trouble"
    keeping.lift_hold(second, reason="Settled too", by=cast.lead)
    assert disposal.remove_waiting() == 4
    with pytest.raises(ValidationError):
        keeping.lift_hold(second, reason="Again", by=cast.lead)


def test_bytes_that_another_case_uses_survive_and_go_with_the_last_who_needs_them(
        case: Case, cast: Cast, exhibit: Exhibit) -> None:
    other = make_case(cast, "Another case")
    same = lodged(other, cast.investigator)
    assert same.item.blob_id == exhibit.item.blob_id
    decided(case, cast, "E-001")
    disposal.remove_waiting()
    assert set(Removal.objects.values_list("state", flat=True)) == {"kept"}
    assert store.verify(same.item.blob_id) and problems() == []
    decided(other, cast, "E-001")
    disposal.remove_waiting()
    assert store.size(same.item.blob_id) is None and problems() == []


def test_what_comes_again_after_its_disposal_is_an_exhibit_like_any_other(
        case: Case, cast: Cast, exhibit: Exhibit) -> None:
    decided(case, cast, "E-001")
    disposal.remove_waiting()
    again = lodged(case, cast.investigator)
    assert again.label == "E-002" and store.verify(again.item.blob_id)
    assert problems() == []


def test_sightings_go_with_their_exhibit(case: Case, cast: Cast, exhibit: Exhibit) -> None:
    second = lodge_png(case, cast.investigator, 1)
    assert second.already_held
    with pytest.raises(Refused, match="being worked on"):
        decided(case, cast, "E-001")
    for work in (fixity.rehash_waiting, derivatives.derive_waiting, archive.archive_waiting):
        work()
    made = disposals.proposals(case)[0]
    disposals.approve(case, made.id, by=cast.lead)
    assert set(Tombstone.objects.values_list("item_id", flat=True)) == set(Item.objects.values_list("pk", flat=True))
    disposal.remove_waiting()
    assert store.size(exhibit.item.blob_id) is None and problems() == []


def test_age_is_a_ground_only_when_the_time_has_ended(case: Case, cast: Cast, exhibit: Exhibit) -> None:
    with pytest.raises(ValidationError, match="has not ended, or was never set"):
        decided(case, cast, "E-001", ground="retention")
    keeping.set_retention(case, days=30, basis="House rule 4", by=cast.legal)
    cases.close(case, by=cast.lead, reason="Done")
    with pytest.raises(ValidationError, match="has not ended"):
        decided(case, cast, "E-001", ground="retention")
    Case.objects.update(closed_at=timezone.now() - timedelta(days=31))
    assert sign_in(cast.legal).get(f"/cases/{case.ref}/keep/").status_code == 200
    decided(case, cast, "E-001", ground="retention")
    assert disposal.remove_waiting() == 4


def test_under_a_lock_it_is_pending_until_its_date(
        case: Case, cast: Cast, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    until, remove = timezone.now() + timedelta(days=90), store.remove

    def locked(sha256: str, alias: str = store.EVIDENCE) -> None:
        if alias == store.ARCHIVE:
            raise Locked("the bucket keeps it", until)
        remove(sha256, alias)

    monkeypatch.setattr(store, "remove", locked)
    made = decided(case, cast, "E-001")
    assert disposal.remove_waiting() == 3
    waits = Removal.objects.get(state="pending")
    assert (waits.place, waits.not_before) == ("archive", until)
    assert disposal.remove_waiting() == 0
    page = sign_in(cast.lead).get(f"/cases/{case.ref}/evidence/disposals/{made.id}/").content.decode()
    assert "pending until" in " ".join(page.split()) and f"{until:%Y-%m-%d}" in page
    told = [one.detail for one in history.entries(subject=f"item/{exhibit.item_id}", limit=50)]
    assert [one["outcome"] for one in told if one.get("place") == "archive"] == ["locked"]
    assert problems() == []
    monkeypatch.setattr(store, "remove", remove)
    Removal.objects.filter(pk=waits.pk).update(not_before=timezone.now())
    assert disposal.remove_waiting() == 1 and problems() == []


def test_a_storage_that_does_not_answer_is_asked_again_later(
        case: Case, cast: Cast, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    decided(case, cast, "E-001")
    with monkeypatch.context() as patch:
        patch.setattr(store, "remove", lambda *_where: (_ for _ in ()).throw(StoreUnavailable("no answer")))
        assert disposal.remove_waiting() == 0
    assert disposal.remove_waiting() == 0, "not at once"
    Removal.objects.update(changed_at=timezone.now() - timedelta(hours=2))
    assert disposal.remove_waiting() == 4


def test_bytes_that_should_be_gone_and_tombstones_that_nobody_decided_are_named(
        case: Case, cast: Cast, exhibit: Exhibit) -> None:
    data = store.read_verified(exhibit.item.blob_id, 2**20)
    decided(case, cast, "E-001")
    disposal.remove_waiting()
    with store.begin() as incoming:
        incoming.write(data)
        incoming.finish()
    assert problems() == [f"blob {exhibit.item.blob_id}: was disposed of and its bytes are still there"]
    store.remove(exhibit.item.blob_id)
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("DELETE FROM evidence_tombstone")


def test_the_database_takes_no_tombstone_without_two_people(case: Case, cast: Cast, exhibit: Exhibit) -> None:
    """Neither for an event that names no such item, nor for one that is no disposal, nor for one of one person."""
    other = lodged(case, cast.investigator, 2)
    made = decided(case, cast, "E-001")
    event = Tombstone.objects.get().event_id
    for item, by in ((other.item_id, event), (other.item_id, exhibit.event_id), (other.item_id, uuid4())):
        with pytest.raises(DatabaseError), transaction.atomic():
            Tombstone.objects.create(item_id=item, event_id=by, disposed_at=timezone.now())
    assert made.approval.state == "used"


def test_only_lead_and_counsel_may_and_rules_need_words(case: Case, cast: Cast, exhibit: Exhibit) -> None:
    with pytest.raises(PermissionDenied):
        disposals.propose(case, exhibits=["E-001"], **WHY, by=cast.investigator)
    with pytest.raises(PermissionDenied):
        keeping.place_hold(case, matter="x", basis="y", by=cast.reviewer)
    none: list[str] = []
    for labels, why in ((none, {}), (["E-009"], {}), (["E-001"], {"reason": " "}), (["E-001"], {"ground": "whim"})):
        with pytest.raises(ValidationError):
            disposals.propose(case, exhibits=labels, **{**WHY, **why}, by=cast.legal)
    with pytest.raises(ValidationError):
        keeping.set_retention(case, days=-1, basis="x", by=cast.lead)
    while sequence():
        pass
