"""The whole verification: items, bytes, derivatives and second copies beside the log; every loss is named."""

import io
import os
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from evidence.custody import checkpoints, erasure, sequencer, services
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.derivatives import services as derivatives
from evidence.derivatives.models import Derivative
from evidence.fixity import audit, witnessed
from evidence.fixity import services as fixity
from evidence.intake import captures
from evidence.intake import services as intake
from evidence.intake.models import Item, Step
from evidence.intake.services import Arrival
from evidence.store import services as store
from evidence.store.keys import key
from evidence.store.models import Blob
from tests.evidence import custody_log as given
from tests.evidence.erasing import LAILA, LUBNA
from tests.factories import png


@pytest.fixture
def item(real_db: None) -> Item:
    """One item of a case, hashed again, archived, with its events in the log."""
    return take(f"seen on {time.time_ns()}".encode())


def take(data: bytes) -> Item:
    given.key()
    taken = intake.receive_bytes(data, name="a.txt", provenance={"platform": "x"}, context="case/CW-2026-0001",
                                 agent=services.SYSTEM)
    Step.objects.update(changed_at="2026-01-01T00:00:00Z")
    assert fixity.sweep() + derivatives.derive_waiting() == 3
    assert not Step.objects.exclude(state=Step.State.DONE).exists()
    while sequencer.sequence():
        pass
    checkpoints.sign_checkpoint()
    return taken.item


@pytest.fixture
def picture(real_db: None) -> Item:
    """As `item`, of something from which derivatives are made."""
    given.key()
    taken = intake.receive_bytes(png(int(time.time_ns())), name="a.png", provenance={}, context="case/CW-2026-0001",
                                 agent=services.SYSTEM)
    Step.objects.update(changed_at="2026-01-01T00:00:00Z")
    assert fixity.sweep() + derivatives.derive_waiting() == 3
    return taken.item


def problems() -> dict[str, str]:
    return {found.object: found.problem for found in audit.audit_all(checked=Counter())
            if not found.object.startswith("bytes ")}


def of_case(reference: str = "CW-2026-0001") -> dict[str, str]:
    return {found.object: found.problem for found in audit.audit_case(reference, checked=Counter())}


def place(item: Item, alias: str = "evidence") -> Path:
    folder = settings.STORAGES[alias]["OPTIONS"]["location"]
    return Path(folder) / key(item.blob_id)


def test_what_was_received_hashed_and_archived_verifies(item: Item) -> None:
    checked: Counter[str] = Counter()
    assert problems() == {}
    assert list(audit.audit_case("CW-2026-0001", checked=checked)) == []
    assert (checked["items"], checked["blobs"], checked["archive copies"]) == (1, 1, 1)
    assert checked["bytes"] == item.blob.size


@pytest.mark.parametrize("alias", ["evidence", "archive"])
def test_bytes_that_changed_or_went_are_named(item: Item, alias: str) -> None:
    file = place(item, alias)
    name = f"blob {item.blob_id}" if alias == "evidence" else f"archive copy of {item.blob_id}"
    data = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(data[:-1] + b"!")
    assert problems() == of_case() == {name: "its bytes no longer hash to its name"}
    file.write_bytes(data[:-1])
    assert problems() == {name: f"has {len(data) - 1} bytes instead of {len(data)}"}
    file.unlink()
    assert problems() == of_case() == {name: "its bytes are gone"}


def test_an_item_that_says_something_else_than_its_accession_is_named(item: Item) -> None:
    given.as_superuser("UPDATE evidence_item SET provenance = '{\"platform\": \"tiktok\"}', name = 'b.txt'",
                       "evidence_item")
    assert problems() == {f"item/{item.pk}": "its provenance is not what was recorded at its accession"}
    assert len(list(audit.audit_case("CW-2026-0001", checked=Counter()))) == 2


def test_an_item_that_was_taken_away_is_named(item: Item) -> None:
    given.as_superuser("DELETE FROM evidence_step; DELETE FROM evidence_item", "evidence_item")
    found = problems()
    assert "its row is gone" in found[f"item/{item.pk}"]
    assert found[f"blob {item.blob_id}"] == "belongs to no item and no derivative"
    assert "its row is gone" in of_case()[f"item/{item.pk}"]


def test_an_item_that_was_slipped_in_is_named(item: Item) -> None:
    slipped = Item.objects.get()
    slipped.pk = "00000000-0000-4000-8000-000000000000"
    slipped.save(force_insert=True)
    assert problems() == {f"item/{slipped.pk}": "has 0 accession events"}


def test_what_was_found_in_a_file_and_is_told_otherwise_is_named(real_db: None) -> None:
    item = take(b"{\\rtf1{\\*\\objdata 0105}}")
    row = Derivative.objects.get(item=item)
    assert (row.found, problems()) == (["object"], {})
    given.as_superuser("UPDATE evidence_derivative SET found = '[]'", "evidence_derivative")
    assert problems() == {f"metadata of item/{item.pk}": f"{row.blob_id} was made by no recorded event"}


def test_a_derivative_and_a_copy_without_an_event_are_named(item: Item) -> None:
    Derivative.objects.create(item=item, kind="preview", blob=item.blob, process="hand/1", media_type="text/plain")
    assert problems() == {f"preview of item/{item.pk}": f"{item.blob_id} was made by no recorded event"}
    given.as_superuser("UPDATE evidence_payload SET kind = 'fixity' WHERE kind = 'replication'", "evidence_payload")
    assert problems()[f"archive copy of {item.blob_id}"] == "no recorded event says that it lies there, locked so"


ROWS = [
    ("UPDATE evidence_item SET received_at = now() + interval '1 us'", "evidence_item", "item/", "its received_at"),
    ("UPDATE evidence_item SET name_bytes = 'b'", "evidence_item", "item/", "its name_bytes"),
    ("UPDATE evidence_derivative SET process = 'hand/1'", "evidence_derivative", "preview of", "by no recorded event"),
    ("UPDATE evidence_derivative SET media_type = 'a/b'", "evidence_derivative", "preview of", "by no recorded event"),
    ("DELETE FROM evidence_derivative WHERE kind = 'thumbnail'", "evidence_derivative", "thumbnail of", "row is gone"),
    ("UPDATE evidence_archivecopy SET location = 'elsewhere'", "", "archive copy of", "no recorded event"),
    ("UPDATE evidence_archivecopy SET version = '2'", "", "archive copy of", "no recorded event"),
    ("UPDATE evidence_archivecopy SET legal_hold = true", "", "archive copy of", "no recorded event"),
    ("UPDATE evidence_archivecopy SET lock_mode = 'governance', locked_until = now()", "", "archive copy of",
     "no recorded event"),
    ("DELETE FROM evidence_archivecopy", "", "archive copy of", "row is gone"),
    ("ALTER TABLE evidence_item DISABLE TRIGGER ALL; DELETE FROM evidence_archivecopy; DELETE FROM evidence_blob",
     "evidence_blob", "blob ", "its row is gone"),
]


@pytest.mark.parametrize(("sql", "table", "named", "how"), ROWS, ids=[row[0][:60] for row in ROWS])
def test_rows_that_say_something_else_than_the_events_are_named(picture: Item, sql: str, table: str, named: str,
                                                                how: str) -> None:
    assert problems() == {}
    given.as_superuser(sql, *filter(None, [table]))
    assert any(name.startswith(named) and how in problem for name, problem in problems().items()), problems()


PARTS = [
    ("DELETE FROM evidence_part WHERE position = 2", "was received as part 2 of 2 and that row is gone"),
    ("UPDATE evidence_part SET role = 'other' WHERE position = 2", "its part of a capture is not what was recorded"),
    ("UPDATE evidence_part SET main_id = (SELECT item_id FROM evidence_part WHERE role = 'archive'), position = 3 "
     "WHERE role = 'source'", "its part of a capture is not what was recorded"),
    ("UPDATE evidence_part SET main_id = (SELECT item_id FROM evidence_part WHERE role = 'archive') "
     "WHERE role = 'source'", "belongs to another capture than was recorded"),
]


@pytest.mark.parametrize(("sql", "how"), PARTS, ids=[row[1] for row in PARTS])
def test_parts_of_a_capture_that_differ_from_their_accessions_are_named(item: Item, sql: str, how: str) -> None:
    for files in ((("a.html", b"<html>"), ("a.png", png())), (("a.warc", b"WARC/1.1"),)):
        with ExitStack() as stack:
            arrivals = []
            for name, data in files:
                incoming = stack.enter_context(store.begin())
                incoming.write(data)
                arrivals.append(Arrival(incoming, name, {}))
            taken = captures.receive(arrivals, [""] * len(files), context="case/CW-2026-0001", agent=services.SYSTEM)
        if len(taken) == 2:
            source = taken[1].item
    before = problems()
    given.as_superuser(sql, "evidence_part")
    found = {name: problem for name, problem in problems().items() if before.get(name) != problem}
    assert set(found) == {f"item/{source.pk}"}, found
    assert how in found[f"item/{source.pk}"]


@pytest.mark.parametrize("read", ["_events", "copied"])
def test_work_that_commits_while_rows_are_compared_with_events_is_no_alarm(
        real_db: None, read: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given.key()
    intake.receive_bytes(png(7), name="a.png", provenance={}, context="case/CW-2026-0001", agent=services.SYSTEM)
    Step.objects.update(changed_at="2026-01-01T00:00:00Z")
    asked = getattr(witnessed, read)

    def meanwhile(*words: Any) -> Any:
        answer = asked(*words)
        if read == "copied" or words[1] == Kind.DERIVATION:
            monkeypatch.setattr(witnessed, read, asked)
            work = threading.Thread(target=_work)
            work.start()
            work.join()
        return answer

    monkeypatch.setattr(witnessed, read, meanwhile)
    assert problems() == {}
    assert Derivative.objects.exists()


def _work() -> None:
    assert fixity.sweep() + derivatives.derive_waiting() == 3
    connections.close_all()


def test_bytes_without_a_row_are_named_once_they_are_a_day_old(item: Item) -> None:
    stored = store.put(io.BytesIO(f"cut off {time.time_ns()}".encode()))
    name = f"bytes {stored.sha256}"
    assert name not in {found.object for found in audit.audit_all(checked=Counter())}
    file = Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]) / key(stored.sha256)
    os.utime(file, (time.time() - 90_000,) * 2)
    assert name in {found.object for found in audit.audit_all(checked=Counter())}
    file.unlink()


def test_the_command_names_what_fails_and_exits_with_1(item: Item) -> None:
    call_command("verify", "--all", stdout=io.StringIO())
    place(item).unlink()
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify", "--all", "--case", "CW-2026-0001", stdout=out)
    assert ended.value.code == 1
    assert f"FAILED blob {item.blob_id}: its bytes are gone\n" in out.getvalue()


@pytest.mark.parametrize("kind", ["accession", "replication", "derivation", "fixity"])
@pytest.mark.usefixtures("real_db")
def test_an_item_whose_events_were_erased_is_still_held_to_its_bytes(kind: str) -> None:
    item = take(png(time.time_ns()))
    gone = Payload.objects.filter(subject=f"item/{item.pk}", kind=kind).values_list("event_id", flat=True)
    erasure.erase(list(gone), reason="A court ordered it", basis="Order 9 of the invented court of Lahore",
                  agent={"type": "person", "id": "user/1", "name": "Lubna Qadir"},
                  approver={"type": "person", "id": "user/2", "name": "Laila Zafar"})
    checked: Counter[str] = Counter()
    assert [found for found in audit.audit_all(checked=checked) if not found.object.startswith("bytes ")] == []
    assert checked["erased"] == 1
    checked = Counter()
    assert list(audit.audit_case("CW-2026-0001", checked=checked)) == []
    assert (checked["items"], checked["blobs"], checked["erased"]) == (1, Blob.objects.count(), 1)
    file = place(item)
    file.chmod(0o600)
    file.write_bytes(b"!")
    assert of_case() == {f"blob {item.blob_id}": f"has 1 bytes instead of {item.blob.size}"}


def test_an_accession_told_again_after_its_erasure_is_one_too_many(item: Item) -> None:
    taken = Payload.objects.get(subject=f"item/{item.pk}", kind="accession")
    erasure.erase([taken.event_id], reason="r", basis="b", agent=LUBNA, approver=LAILA)
    services.record(Kind.ACCESSION, subject=f"item/{item.pk}", context=taken.context, agent=services.SYSTEM,
                    detail={"sha256": item.blob_id})
    assert problems() == {f"item/{item.pk}": "has 2 accession events"}


def test_an_event_that_tells_of_an_item_in_another_context_is_named_by_every_verification(item: Item) -> None:
    def found() -> list[set[tuple[str, str]]]:
        subject, all_of_it = intake.subject(item), Counter[str]()
        return [{(one.object, one.problem) for one in told} for told in (
            audit.audit_all(checked=all_of_it), audit.audit_case("CW-2026-0001", checked=all_of_it),
            audit.audit_items([item], [subject], checked=all_of_it))]

    assert found() == [set(), set(), set()]
    told = [services.record(Kind.FIXITY, subject=intake.subject(item), context=context, agent=services.SYSTEM,
                            detail={"sha256": item.blob_id, "match": True}).event_id
            for context in ("case/CW-2026-0002", "")]
    while sequencer.sequence():
        pass
    checkpoints.sign_checkpoint()
    named = {(intake.subject(item), f"is told of in {where} (event {event}), where it did not come in")
             for where, event in zip(("case/CW-2026-0002", "no context"), told, strict=True)}
    assert found() == [named] * 3
    gone = erasure.erase([told[0]], reason="It was wrong", basis="None", agent=LAILA, approver=LUBNA)
    while sequencer.sequence():
        pass
    checkpoints.sign_checkpoint()
    # What says so is of that context as well, and is named beside what it erased.
    named.add((intake.subject(item),
               f"is told of in case/CW-2026-0002 (event {gone.event_id}), where it did not come in"))
    assert found() == [named] * 3
