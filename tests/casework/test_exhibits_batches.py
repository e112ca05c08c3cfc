"""Many files in one request: each an exhibit of its own, with its own receipt, or refused by itself."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from casework.cases.models import Case
from casework.exhibits import services
from casework.exhibits.models import Exhibit, Sighting
from evidence.custody.models import Payload
from evidence.intake.models import Step
from evidence.intake.services import Arrival
from evidence.machine import services as machine
from evidence.store import services as store
from evidence.store.errors import HashMismatch
from evidence.store.models import Blob
from tests.factories import Cast, bearer, make_case, make_cast, sign_in

DATA = [f"evidence {number}".encode() for number in range(6)]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def named(batch: list[bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{number}.txt", data, "text/plain") for number, data in enumerate(batch)]


def send(cast: Cast, case: Case, batch: list[bytes], **more: Any) -> Any:
    client = sign_in(cast.investigator)
    return client.post(f"/api/v1/cases/{case.ref}/exhibits/batch/", {"file": named(batch), **more},
                       headers=bearer(cast.investigator))


def test_each_file_becomes_an_exhibit_with_its_own_events_and_steps(cast: Cast, case: Case) -> None:
    answer = send(cast, case, DATA, sha256=[sha(data) for data in DATA], platform="x")
    assert answer.status_code == 201, answer.content
    results = answer.json()["results"]
    assert [one["lodged"]["exhibit"]["label"] for one in results] == [f"E-{n:03d}" for n in range(1, 7)]
    assert [one["lodged"]["exhibit"]["sha256"] for one in results] == [sha(data) for data in DATA]
    assert [one["name"] for one in results] == [f"{n}.txt" for n in range(6)]
    for exhibit in Exhibit.objects.all():
        assert exhibit.item.provenance == {"platform": "x"}
        assert store.read_verified(exhibit.item.blob_id, 1000) in DATA
        assert Step.objects.filter(item=exhibit.item).count() == 3
        assert Payload.objects.get(event_id=exhibit.event_id).subject == f"item/{exhibit.item_id}"
        assert Payload.objects.filter(subject=f"exhibit/{exhibit}", kind="decision").count() == 1


def test_one_wrong_hash_takes_nothing_from_the_others(cast: Cast, case: Case) -> None:
    batch = [data + b" of a batch with one fault" for data in DATA[:3]]
    declared = [sha(data) for data in batch]
    declared[1] = "0" * 64
    results = send(cast, case, batch, sha256=declared).json()["results"]
    assert [one["status"] for one in results] == [201, 422, 201]
    assert (results[1]["code"], results[1]["lodged"]) == ("hash_mismatch", None)
    assert [exhibit.label for exhibit in Exhibit.objects.all()] == ["E-001", "E-002"]
    assert store.size(sha(batch[1])) is None



def test_when_every_file_is_refused_so_is_the_request(cast: Cast, case: Case) -> None:
    assert send(cast, case, DATA[:2], sha256=["0" * 64, "1" * 64]).status_code == 422
    assert not Exhibit.objects.exists()


def test_the_same_bytes_in_one_batch_and_before_it_are_sightings(cast: Cast, case: Case) -> None:
    services.lodge_bytes(case, data=DATA[0], name="a", provenance={}, by=cast.lead)
    results = send(cast, case, [DATA[0], DATA[1], DATA[1]]).json()["results"]
    assert [(one["lodged"]["exhibit"]["label"], one["lodged"]["already_held"]) for one in results] == [
        ("E-001", True), ("E-002", False), ("E-002", True)]
    assert Sighting.objects.count() == 2


def test_hashes_that_do_not_match_the_files_in_number_are_422(cast: Cast, case: Case) -> None:
    assert send(cast, case, DATA[:2], sha256=[sha(DATA[0])]).status_code == 422
    assert not Exhibit.objects.exists()


def test_our_script_is_answered_file_by_file(cast: Cast, case: Case) -> None:
    answer = sign_in(cast.investigator).post(
        f"/cases/{case.ref}/evidence/lodge", {"file": named(DATA[:2]), "sha256": [sha(DATA[0]), "0" * 64]},
        headers={"Accept": "application/json"})
    assert answer.status_code == 201
    first, second = answer.json()["results"]
    assert (first["exhibit"], first["sha256"], first["already_held"]) == ("E-001", sha(DATA[0]), False)
    assert (second["status"], second["code"]) == (422, "hash_mismatch")


@pytest.mark.parametrize("count", [2, 20])
def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(
        cast: Cast, case: Case, count: int, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # What the machine knows of itself is asked anew every few seconds.
    monkeypatch.setattr(machine, "system", dict)
    arrivals = []
    for number in range(count):
        incoming = store.begin()
        incoming.write(f"{count} {number}".encode())
        arrivals.append(Arrival(incoming, "a.txt", {}))
    with django_assert_num_queries(10):
        services.lodge_all(case, arrivals, by=cast.investigator)


def test_the_service_refuses_before_anything_is_kept(cast: Cast, case: Case) -> None:
    with pytest.raises(HashMismatch):
        services.lodge_bytes(case, data=b"x", name="x", declared_sha256="ab" * 32, provenance={}, by=cast.lead)
    with pytest.raises(ValueError, match="unknown in provenance"):
        services.lodge_bytes(case, data=b"x", name="x", provenance={"opinion": "none"}, by=cast.lead)
    assert not Exhibit.objects.exists() and not Blob.objects.exists()
    assert not list(Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]).glob("incoming/*"))
