"""Fixity, derivatives and the second copy: done once, recorded, and never called done when they are not."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connections, transaction
from django.test import override_settings
from PIL import Image

from evidence.archive import services as archive
from evidence.archive.models import ArchiveCopy
from evidence.custody import services as custody
from evidence.custody.models import Payload
from evidence.derivatives import services as derivatives
from evidence.derivatives.models import Derivative
from evidence.fixity import services as fixity
from evidence.intake import services as intake
from evidence.intake import steps
from evidence.intake.models import Item, Step
from evidence.jail import services as jail
from evidence.store import services as store
from evidence.store.errors import StoreUnavailable
from evidence.store.keys import key


@pytest.fixture(autouse=True)
def own_storages(tmp_path: Path) -> Iterator[None]:
    with override_settings(STORAGES={name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in ("evidence", "archive", "default", "staticfiles")}):
        yield


def take(data: bytes = b"hello", name: str = "a.txt") -> Item:
    return intake.receive_bytes(data, name=name, provenance={}, context="case/CW-2026-0001",
                                agent=custody.SYSTEM).item


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (2000, 1000), "red").save(data, "PNG")
    return data.getvalue()


def step(item: Item, name: str) -> Step:
    return Step.objects.get(item=item, name=name)


def events(item: Item, kind: str) -> list[dict[str, Any]]:
    found = Payload.objects.filter(subject=f"item/{item.pk}", kind=kind)
    return [dict(json.loads(bytes(payload.content))) for payload in found]


def blob(item: Item, alias: str = "evidence") -> Path:
    return Path(storages[alias].path(key(item.blob_id)))


def spoil(path: Path) -> None:
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(b"X" + data[1:])


def later() -> None:
    """Make every pending step due, as the clock would."""
    Step.objects.update(changed_at="2026-01-01T00:00Z")


@pytest.mark.django_db
def test_a_picture_gets_its_derivatives_once_and_one_event() -> None:
    item = take(picture(), "a.png")
    assert derivatives.derive(item)
    assert not derivatives.derive(item)
    assert {made.kind for made in item.derivatives.all()} == {"thumbnail", "preview", "metadata"}
    thumbnail = derivatives.find(item, Derivative.Kind.THUMBNAIL)
    assert thumbnail is not None
    assert (thumbnail.media_type, thumbnail.process) == ("image/jpeg", derivatives.process())
    assert store.read_verified(thumbnail.blob_id, 10**6).startswith(b"\xff\xd8\xff")
    metadata = derivatives.find(item, Derivative.Kind.METADATA)
    assert metadata is not None
    assert json.loads(store.read_verified(metadata.blob_id, 10**6))["width"] == 2000
    told, = events(item, "derivation")
    assert told["context"] == "case/CW-2026-0001"
    assert told["detail"]["source_sha256"] == item.blob_id
    assert {made["sha256"] for made in told["detail"]["made"]} == {made.blob_id for made in item.derivatives.all()}
    assert step(item, "derive").state == "done"


@pytest.mark.django_db
def test_what_cannot_be_parsed_is_done_with_the_reason() -> None:
    item = take(b"\x89PNG\r\n\x1a\n" + b"broken", "a.png")
    assert derivatives.derive(item)
    assert step(item, "derive").detail.startswith("unparsed: ")
    assert events(item, "derivation")[0]["detail"]["outcome"] == "unparsed"
    assert derivatives.find(item, "thumbnail") is None


@pytest.mark.django_db
def test_what_is_no_picture_never_reaches_the_jail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.jail.services.run", None)
    item = take(b"<svg><script/></svg>", "a.svg")
    assert derivatives.derive(item)
    assert step(item, "derive").detail == "nothing is made from image/svg+xml"
    assert events(item, "derivation") == []


@pytest.mark.django_db
@pytest.mark.parametrize("parts", [{}, {"preview": b"<html>", "thumbnail": b"<html>"}, {"preview": b"\xff\xd8\xff"}])
def test_a_child_that_was_taken_over_cannot_plant_a_page(
        monkeypatch: pytest.MonkeyPatch, parts: dict[str, bytes]) -> None:
    monkeypatch.setattr("evidence.jail.services.run", lambda *_, **_more: jail.Result(True, parts=parts))
    item = take(picture(), "a.png")
    derivatives.derive(item)
    assert step(item, "derive").detail.startswith("unparsed: the reader gave")
    assert not item.derivatives.exists()


@pytest.mark.django_db
def test_the_archive_holds_a_copy_that_was_read_back() -> None:
    item = take()
    assert archive.archive(item)
    assert not archive.archive(item)
    copy = ArchiveCopy.objects.get(blob_id=item.blob_id)
    assert copy.location == key(item.blob_id)
    assert blob(item, "archive").read_bytes() == b"hello"
    told, = events(item, "replication")
    assert told["detail"]["match"] is True


@pytest.mark.django_db
def test_a_second_item_on_the_same_bytes_checks_the_copy_that_is_there() -> None:
    first, second = take(), take()
    assert archive.archive(first)
    assert archive.archive(second)
    assert ArchiveCopy.objects.count() == 1
    third = take()
    spoil(blob(third, "archive"))
    assert not archive.archive(third)
    assert step(third, "archive").state == "failed"
    assert events(third, "replication")[0]["detail"]["match"] is False


@pytest.mark.django_db
def test_damaged_bytes_are_never_archived_as_if_they_were_whole() -> None:
    item = take()
    spoil(blob(item))
    assert not archive.archive(item)
    assert (step(item, "archive").state, step(item, "archive").attempts) == ("pending", 1)
    assert not blob(item, "archive").exists()
    assert not ArchiveCopy.objects.exists()
    assert events(item, "replication") == []


@pytest.mark.django_db
def test_fixity_of_whole_bytes_is_recorded_once() -> None:
    item = take()
    assert fixity.rehash(item)
    assert not fixity.rehash(item)
    told, = events(item, "fixity")
    assert told["detail"] == {"sha256": item.blob_id, "size": 5, "match": True}


@pytest.mark.django_db
@pytest.mark.parametrize("harm", [spoil, os.unlink])
def test_a_mismatch_is_an_event_and_an_alarm_that_stays(harm: Any) -> None:
    item = take()
    harm(blob(item))
    assert not fixity.rehash(item)
    assert step(item, "fixity").state == "failed"
    assert step(item, "fixity").detail.startswith("ALARM")
    told, = events(item, "fixity")
    assert told["detail"]["match"] is False


@pytest.mark.django_db
def test_the_sweep_does_what_nobody_did() -> None:
    item = take(picture(), "a.png")
    assert fixity.sweep() + derivatives.derive_waiting() == 3
    assert set(Step.objects.filter(item=item).values_list("state", flat=True)) == {"done"}
    assert fixity.sweep() == 0


@pytest.mark.django_db
def test_long_work_wakes_a_successor_and_lets_others_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    for number in range(3):
        take(bytes([number]))
    monkeypatch.setattr(steps, "WORK_SECONDS", 0)
    monkeypatch.setattr("evidence.wake.soon", woken.append)
    assert [fixity.rehash_waiting() for _turn in range(4)] == [1, 1, 1, 0]
    assert woken.count("evidence.fixity") == 3


@pytest.mark.django_db
def test_a_step_fails_for_good_after_five_attempts_and_a_person_can_start_it_again(
        monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_args: Any, **_more: Any) -> None:
        raise StoreUnavailable("the bucket does not answer")

    item = take()
    with monkeypatch.context() as patch:
        patch.setattr("evidence.store.services.begin", down)
        for attempt in range(1, 6):
            later()
            assert archive.archive_waiting() == 0
            assert step(item, "archive").attempts == attempt
            # Not before its time.
            assert archive.archive_waiting() == 0
            assert step(item, "archive").attempts == attempt
    assert step(item, "archive").state == "failed"
    assert "does not answer" in step(item, "archive").detail
    assert events(item, "replication")[0]["detail"]["outcome"] == "failed"
    assert steps.retry_failed() == 1
    assert fixity.sweep() >= 1
    assert step(item, "archive").state == "done"


@pytest.mark.django_db
@pytest.mark.parametrize("work", [fixity.rehash, derivatives.derive, archive.archive])
def test_a_log_that_cannot_be_written_leaves_the_step_pending(monkeypatch: pytest.MonkeyPatch, work: Any) -> None:
    def refuse(*_args: Any, **_more: Any) -> None:
        raise custody.LogUnwritable("read-only")

    item = take(picture(), "a.png")
    with monkeypatch.context() as patch:
        patch.setattr(custody, "record", refuse)
        assert not work(item)
    assert not Step.objects.exclude(state="pending").exists()
    assert not Derivative.objects.exists()
    assert not ArchiveCopy.objects.exists()
    assert work(item)


def test_two_workers_at_one_step_do_it_once(real_db: None) -> None:
    item = take()
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            Step.objects.select_for_update().get(item=item, name="fixity")
            with other.cursor() as cursor:
                cursor.execute("SELECT id FROM evidence_step WHERE item_id = %s AND name = 'fixity' "
                               "FOR UPDATE SKIP LOCKED", [item.pk])
                assert cursor.fetchall() == []
    finally:
        other.close()
    assert fixity.rehash(item)


WORKER = """
import os, sys, time
import django
django.setup()
from evidence.archive import services as archive
from evidence.intake.models import Item
from evidence.store import services as store
real = store.verify
def hang(*args):
    print("copied", flush=True)
    time.sleep(60)
store.verify = hang
archive.archive(Item.objects.get(pk=sys.argv[1]))
"""


def test_a_worker_killed_between_copy_and_record_loses_nothing(real_db: None, tmp_path: Path) -> None:
    item = take(os.urandom(1000))
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[2]), "DJANGO_SETTINGS_MODULE": "casework.settings",
        "STORAGE_URL": f"file://{tmp_path}/evidence", "ARCHIVE_URL": f"file://{tmp_path}/archive"}
    with subprocess.Popen([sys.executable, "-c", WORKER, str(item.pk)], stdout=subprocess.PIPE,
                          env=environment) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"copied\n"
        assert not archive.archive(item)
        worker.send_signal(signal.SIGKILL)
    assert step(item, "archive").state == "pending"
    assert not ArchiveCopy.objects.filter(blob_id=item.blob_id).exists()
    later()
    deadline = time.monotonic() + 20
    while step(item, "archive").state != "done" and time.monotonic() < deadline:
        fixity.sweep()
        time.sleep(0.1)
    assert step(item, "archive").state == "done"
    assert len(events(item, "replication")) == 1
