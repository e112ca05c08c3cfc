"""The files of one captured page: lodged together or not at all, kept together, and it is said what is missing."""

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from casework.cases.models import Case
from casework.exhibits import parts, services
from casework.exhibits.models import Exhibit, Sighting
from evidence.custody.models import Payload
from evidence.intake.models import Item, Part, Step
from evidence.machine import services as machine
from evidence.store import services as store
from evidence.tlog import canonical
from tests.factories import (
    Cast,
    bearer,
    exhibits_of,
    lodge_capture,
    lodge_png,
    make_case,
    make_cast,
    page_source,
    png,
    sign_in,
)

WARC = ("page.warc", b"WARC/1.1\r\nWARC-Type: warcinfo\r\n\r\n")
STATED = {"source_url": "https://x.com/lahore_news_1/status/1", "collector": "Imran Sethi", "clock": "NTP",
          "machine_address": "192.0.2.7", "captured_at": "2026-03-14T18:05:09Z"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def said(item: Item) -> Any:
    """The detail of the item's accession event."""
    content = Payload.objects.get(subject=f"item/{item.pk}", kind="accession").content
    return canonical.decode(bytes(content))["detail"]


def files(*more: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, data) for name, data in (("page.html", page_source()), ("page.png", png()), *more)]


def send(cast: Cast, case: Case, given: list[SimpleUploadedFile], key: str = "", **more: Any) -> Any:
    headers = bearer(cast.investigator) | ({"Idempotency-Key": key} if key else {})
    return sign_in(cast.investigator).post(f"/api/v1/cases/{case.ref}/exhibits/capture/", {"file": given, **more},
                                           headers=headers)


def test_a_set_is_one_exhibit_whose_parts_are_items_of_their_own(cast: Cast, case: Case) -> None:
    lodged = lodge_capture(case, cast.investigator, 1, WARC)
    [exhibit] = exhibits_of(case)
    found = list(exhibit.item.parts.all())
    assert [(part.role, part.position, part.item.name) for part in found] == [
        ("picture", 1, "page-1.png"), ("source", 2, "page.html"), ("archive", 3, "page.warc")]
    assert found[0].item == exhibit.item == lodged.item
    assert Step.objects.filter(state=Step.State.PENDING).count() == 9
    for part in found:
        assert Payload.objects.get(event_id=part.event_id).subject == f"item/{part.pk}"
        assert store.verify(part.item.blob_id)


def test_the_log_alone_proves_which_parts_came_together(cast: Cast, case: Case) -> None:
    first = lodge_capture(case, cast.investigator, 1)
    second = lodge_capture(case, cast.investigator, 2)
    told = [said(one.item)["capture"] for one in (*first.parts, *second.parts)]
    assert [(one["role"], one["position"], one["of"]) for one in told] == [
        ("picture", 1, 2), ("source", 2, 2)] * 2
    assert told[0]["set"] == told[1]["set"] != told[2]["set"] == told[3]["set"]
    lodged = [canonical.decode(bytes(row.content))["detail"] for row in
              Payload.objects.filter(subject=f"exhibit/{first.exhibit}", kind="decision").order_by("at")]
    assert [(one["act"], one["item"]) for one in lodged] == [
        ("exhibit_lodged", str(one.item.pk)) for one in first.parts]


@pytest.mark.parametrize(("lodged", "main"), [
    ([("a.bin", b"\x00\x01"), ("b.html", page_source()), ("c.png", png())], "c.png"),
    ([("a.bin", b"\x00\x01"), WARC, ("b.html", page_source())], "b.html"),
    ([("a.bin", b"\x00\x01"), WARC], "page.warc"),
    ([("a.bin", b"\x00\x01")], "a.bin")])
def test_the_exhibit_points_at_the_picture_else_the_source(cast: Cast, case: Case, main: str,
                                                           lodged: list[tuple[str, bytes]]) -> None:
    assert send(cast, case, [SimpleUploadedFile(*one) for one in lodged]).status_code == 201
    assert exhibits_of(case)[0].item.name == main


def test_what_is_missing_is_said(cast: Cast, case: Case) -> None:
    whole = parts.of(lodge_capture(case, cast.investigator, 1, **STATED).exhibit)
    assert whole is not None
    assert (whole.missing, whole.unstated) == ([], [])
    poor = parts.of(lodge_capture(case, cast.investigator, 2).exhibit)
    assert poor is not None
    assert (poor.missing, poor.unstated) == (["address"], ["collector", "machine_address", "captured_at", "clock"])
    assert parts.of(lodge_png(case, cast.investigator, 9).exhibit) is None


def test_one_part_refused_takes_the_whole_set(cast: Cast, case: Case) -> None:
    given = files(("note.txt", b"a note that never gets in"))
    answer = send(cast, case, given, sha256=[sha(page_source()), "0" * 64, sha(b"a note that never gets in")])
    assert (answer.status_code, answer.json()["code"]) == (422, "hash_mismatch")
    assert not Exhibit.objects.exists()
    assert not Item.objects.exists()
    assert not Payload.objects.filter(kind="accession").exists()


def test_a_role_may_be_given_and_is_of_a_closed_vocabulary(cast: Cast, case: Case) -> None:
    answer = send(cast, case, files(), role=["archive", ""])
    assert answer.status_code == 201, answer.content
    assert [part["role"] for part in answer.json()["parts"]] == ["picture", "archive"]
    assert answer.json()["exhibit"]["capture"]["missing"] == ["address", "source"]
    assert send(cast, case, files(), role=["photo", ""]).status_code == 422
    assert send(cast, case, files(), role=["source"]).status_code == 422


def test_the_api_gives_a_receipt_for_every_part_and_lodges_once_under_a_key(cast: Cast, case: Case) -> None:
    first = send(cast, case, files(), key="one-capture", sha256=[sha(page_source()), sha(png())], **STATED)
    assert first.status_code == 201, first.content
    assert [(one["position"], one["role"], one["sha256"]) for one in first.json()["parts"]] == [
        (1, "picture", sha(png())), (2, "source", sha(page_source()))]
    again = send(cast, case, files(), key="one-capture")
    assert (again.status_code, again.json()["parts"]) == (200, first.json()["parts"])
    other = send(cast, case, files(("more.txt", b"more")), key="one-capture")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    alone = sign_in(cast.investigator).post(
        f"/api/v1/cases/{case.ref}/exhibits/", {"file": SimpleUploadedFile("page.png", png())},
        headers=bearer(cast.investigator) | {"Idempotency-Key": "one-capture"})
    assert alone.status_code == 422
    assert len(exhibits_of(case)) == 1
    for one in first.json()["parts"]:
        found = sign_in(cast.auditor).get(
            f"/api/v1/cases/{case.ref}/exhibits/E-001/parts/{one['position']}/receipt/", headers=bearer(cast.auditor))
        assert (found.json()["leaf_hash"], found.json()["item"]) == (one["leaf_hash"], one["item"])


def test_a_set_is_always_an_exhibit_of_its_own_and_its_main_bytes_alone_are_a_sighting(
        cast: Cast, case: Case) -> None:
    lodge_capture(case, cast.investigator, 1)
    again = lodge_capture(case, cast.investigator, 1)
    assert (again.exhibit.label, again.already_held) == ("E-002", False)
    alone = services.lodge_bytes(case, data=png(1), name="alone.png", provenance={}, by=cast.lead)
    assert (alone.exhibit.label, alone.already_held) == ("E-001", True)
    twice = lodge_capture(case, cast.investigator, 5, ("the same.png", png(5)))
    assert [part.role for part in twice.item.parts.all()] == ["picture", "picture", "source"]
    assert Sighting.objects.count() == 1


def test_the_database_refuses_a_part_that_no_accession_tells_and_every_change(cast: Cast, case: Case) -> None:
    lodged, other = lodge_capture(case, cast.investigator, 1), lodge_png(case, cast.investigator, 2)
    event = Payload.objects.get(subject=f"item/{other.item.pk}", kind="accession").event_id
    for statement in (
            f"INSERT INTO evidence_part (item_id, main_id, role, position, event_id) VALUES "
            f"('{other.item.pk}', '{lodged.item.pk}', 'other', 3, '{event}')",
            "UPDATE evidence_part SET role = 'other'", "DELETE FROM evidence_part", "TRUNCATE evidence_part"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Part.objects.count() == 2


@pytest.mark.parametrize("count", [2, 12])
def test_a_set_costs_the_same_number_of_queries_whatever_its_size(
        cast: Cast, case: Case, count: int, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "system", dict)
    more = [(f"{number}.txt", f"{count} {number}".encode()) for number in range(count)]
    with django_assert_num_queries(10):
        lodge_capture(case, cast.investigator, count, *more)
