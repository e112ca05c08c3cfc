"""One upload is lodged once, however often it arrives under its key."""

import threading
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from psycopg import errors
from stack import postgres

from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import once, services
from casework.exhibits.models import Exhibit, LodgingKey, Sighting
from evidence.custody.models import Payload
from evidence.intake.models import Item
from evidence.intake.services import Arrival
from evidence.store import services as store
from tests.evidence.custody_log import SERVER
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, png, sign_in

KEY = "5f0c3d2e-8a41-4d0e-9c55-0b8f2a6d7e10"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def post(case: Case, headers: dict[str, str], shade: int = 1, key: str = KEY, **fields: str) -> Any:
    sent = SimpleUploadedFile("a.png", png(shade), "image/png")
    return Client().post(f"/api/v1/cases/{case.ref}/exhibits/", {"file": sent, **fields},
                         headers=headers | {"Idempotency-Key": key} if key else headers)


def accessions() -> int:
    return Payload.objects.filter(kind="accession").count()


def test_the_second_answer_is_the_first_receipt_and_nothing_is_lodged_again(case: Case, cast: Cast) -> None:
    headers = bearer(cast.lead)
    first, second = post(case, headers, title="One"), post(case, headers, title="Two")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert (Exhibit.objects.count(), Sighting.objects.count(), Item.objects.count(), accessions()) == (1, 0, 1, 1)


def test_another_key_or_none_is_another_lodging(case: Case, cast: Cast) -> None:
    headers = bearer(cast.lead)
    answers = [post(case, headers, key=key).status_code for key in (KEY, "other", "", "")]
    assert answers == [201, 201, 201, 201]
    assert (Exhibit.objects.count(), Sighting.objects.count(), accessions()) == (1, 3, 4)


def test_a_sighting_is_answered_again_as_the_sighting_that_it_was(case: Case, cast: Cast) -> None:
    held = lodge_png(case, cast.lead, 1)
    headers = bearer(cast.lead)
    first, second = post(case, headers).json(), post(case, headers).json()
    assert first == second
    assert first["already_held"] is True
    assert first["event"] != str(held.receipt.event_id)
    assert Sighting.objects.count() == 1


def test_a_key_with_other_bytes_is_refused_and_lodges_nothing(case: Case, cast: Cast) -> None:
    headers = bearer(cast.lead)
    post(case, headers, 1)
    refused = post(case, headers, 2)
    assert (refused.status_code, refused.json()["code"]) == (422, "key_reused")
    assert accessions() == 1


@pytest.mark.parametrize("key", ["with space", "ü", "x" * 201, "\x07"])
def test_a_key_that_is_none_is_refused_and_lodges_nothing(case: Case, cast: Cast, key: str) -> None:
    refused = post(case, bearer(cast.lead), key=key)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["Idempotency-Key"])
    assert accessions() == 0


def test_the_longest_key_is_enough_for_a_batch_too(case: Case, cast: Cast) -> None:
    headers = bearer(cast.lead) | {"Idempotency-Key": "k" * 200}
    for status in (201, 200):
        files = [SimpleUploadedFile(f"{shade}.png", png(shade), "image/png") for shade in range(12)]
        answer = Client().post(f"/api/v1/cases/{case.ref}/exhibits/batch/", {"file": files}, headers=headers)
        assert {one["status"] for one in answer.json()["results"]} == {status}
    assert (Exhibit.objects.count(), accessions()) == (12, 12)


def test_a_lodging_that_failed_leaves_its_key_unused(case: Case, cast: Cast) -> None:
    headers = bearer(cast.lead)
    assert post(case, headers, sha256="0" * 64).status_code == 422
    assert post(case, headers).status_code == 201


def test_a_key_counts_for_one_person_and_one_case(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another trend")
    answers = [post(where, bearer(who)).status_code
               for where in (case, other) for who in (cast.lead, cast.investigator)]
    assert answers == [201] * 4
    assert post(case, bearer(cast.outsider)).status_code == 404
    assert post(case, bearer(cast.auditor)).status_code == 403


def test_a_closed_case_still_answers_what_was_lodged_while_it_was_open(case: Case, cast: Cast) -> None:
    headers = bearer(cast.lead)
    first = post(case, headers)
    cases.close(case, by=cast.lead)
    assert post(case, headers).json() == first.json()
    assert post(case, headers, key="new").status_code == 409


def test_a_second_click_on_the_page_lodges_nothing_a_second_time(case: Case, cast: Cast) -> None:
    client = sign_in(cast.lead)
    address = f"/cases/{case.ref}/evidence/lodge"
    key = client.get(address).context["form"]["key"].value()
    for _click in range(2):
        files = [SimpleUploadedFile(f"{shade}.png", png(shade), "image/png") for shade in (1, 2)]
        answer = client.post(address, {"file": files, "text": "a text", "key": key})
        assert answer.status_code == 201
        assert [outcome.lodged.exhibit.label for outcome in answer.context["outcomes"]] == ["E-001", "E-002", "E-003"]
    assert (Exhibit.objects.count(), Sighting.objects.count(), accessions()) == (3, 0, 3)
    # The person went back and chose another file: the form's key is the same, the bytes are not.
    again = client.post(address, {"file": SimpleUploadedFile("3.png", png(3), "image/png"), "key": key})
    assert again.status_code == 302
    assert Exhibit.objects.count() == 4


def test_two_at_once_under_one_key_are_one(real_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    case = make_case(cast)
    gate, found = threading.Barrier(2), []
    lodging = services.lodge_all

    def slowly(*args: Any, **more: Any) -> Any:
        lodged = lodging(*args, **more)
        # The other one comes to the lock before this commits.
        time.sleep(0.5)
        return lodged

    def one() -> None:
        gate.wait()
        with store.begin() as incoming:
            incoming.write(png(1))
            found.append(once.lodge(case, Arrival(incoming, "a.png", {}), key=KEY, by=cast.lead))
        connections.close_all()

    monkeypatch.setattr(services, "lodge_all", slowly)
    threads = [threading.Thread(target=one) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(before for _lodged, before in found) == [False, True]
    assert len({lodged.receipt.event_id for lodged, _before in found}) == 1
    assert (case.exhibits.count(), Sighting.objects.count()) == (1, 0)
    assert Payload.objects.filter(context=f"case/{case.ref}", kind="accession").count() == 1


def test_keys_are_never_changed_by_anybody(real_db: None) -> None:
    cast = make_cast()
    case = make_case(cast)
    assert post(case, bearer(cast.lead)).status_code == 201
    for role in (postgres.APP_ROLE, postgres.OWNER_ROLE):
        for change in ("UPDATE casework_lodgingkey SET key = 'x'", "DELETE FROM casework_lodgingkey",
                       "TRUNCATE casework_lodgingkey"):
            with pytest.raises(errors.InsufficientPrivilege):
                postgres.execute(SERVER, change, postgres.DATABASE, role)
    assert LodgingKey.objects.get().key == KEY
