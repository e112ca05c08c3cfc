"""Rows against storages: every orphan and every gap has a name, and clearing touches nothing that anybody needs."""

import io
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.test import override_settings
from django.utils import timezone

from casework.record import Act
from evidence.archive import services as archive
from evidence.archive.models import ArchiveCopy
from evidence.custody import history, locks
from evidence.custody import services as custody
from evidence.fixity import audit, clearing, hashing, reconciled
from evidence.fixity.models import Check
from evidence.intake import services as intake
from evidence.intake.models import Item, Step
from evidence.store import services as store
from evidence.store.errors import Damaged, StoreUnavailable
from evidence.store.keys import key
from evidence.store.models import Blob
from tests.evidence import buckets
from tests.evidence import custody_log as given

DATA = b"kept twice"


@pytest.fixture(autouse=True)
def own_storages(tmp_path: Path) -> Iterator[None]:
    given.key()
    with override_settings(STORAGES={name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in ("evidence", "archive", "default", "staticfiles")}):
        yield


def take(data: bytes = DATA) -> Item:
    return intake.receive_bytes(data, name="a.bin", provenance={}, context="case/CW-2026-0001",
                                agent=custody.SYSTEM).item


def problems() -> dict[str, str]:
    return {found.object: found.problem for found in audit.audit_all(checked=Counter())}


def orphan(data: bytes, hours: float = 25, alias: str = "evidence") -> str:
    """Bytes that no row names, so many hours old."""
    stored = store.put(io.BytesIO(data), alias=alias)
    os.utime(storages[alias].path(key(stored.sha256)), (time.time() - hours * 3600,) * 2)
    return stored.sha256


@pytest.mark.django_db
def test_an_item_without_a_second_copy_is_named_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    item = take()
    assert problems() == {}
    tomorrow = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert problems() == {f"item/{item.pk}": "has no second copy after 24 hours"}
    archive.archive(item)
    assert problems() == {}


@pytest.mark.django_db
def test_an_item_whose_archive_step_says_done_and_that_has_no_second_copy_is_named_at_once() -> None:
    item = take()
    Step.objects.filter(item=item, name=Step.Name.ARCHIVE).update(state=Step.State.DONE)
    assert problems() == {f"item/{item.pk}": "has no second copy though its archive step is done"}


@pytest.mark.django_db
def test_a_copy_without_a_row_is_named() -> None:
    lost = orphan(b"copied and forgotten", alias="archive")
    assert problems() == {f"bytes {lost}": "lie in the archive storage without a row"}


@pytest.mark.django_db
def test_a_storage_that_cannot_be_listed_hides_nothing_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = orphan(b"copied and forgotten", alias="archive")

    def failing(*_given: Any) -> Any:
        raise StoreUnavailable("the storage failed: Input/output error")

    monkeypatch.setattr(store, "held", failing)
    assert problems() == {"bytes in the evidence storage": "could not be checked: StoreUnavailable",
                          f"bytes {lost}": "lie in the archive storage without a row"}


@pytest.mark.django_db
def test_what_is_not_on_watch_is_named() -> None:
    item = take()
    archive.archive(item)
    Check.objects.filter(place="archive").delete()
    assert problems() == {f"blob {item.blob_id}": "is not on watch in the archive: nobody reads it again"}


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_read_all_the_same(
        monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = take(), take(b"another")
    Path(storages["evidence"].path(key(good.blob_id))).unlink()
    look = store.look

    def failing(sha256: str, *more: Any) -> Any:
        if sha256 == bad.blob_id:
            raise StoreUnavailable("the storage failed: Input/output error")
        return look(sha256, *more)

    monkeypatch.setattr(store, "look", failing)
    found = problems()
    assert "cannot be read: the storage failed: Input/output error" in found[f"blob {bad.blob_id}"]
    assert found[f"blob {good.blob_id}"] == "its bytes are gone"


def test_files_are_hashed_side_by_side_and_told_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=20)

    def together(sha256: str, *_more: Any) -> store.Stored:
        both.wait()
        return store.Stored(sha256, 1 if int(sha256) % 3 else 2)

    monkeypatch.setattr(store, "look", together)
    jobs = [hashing.Job(f"blob {number}", str(number), 1, store.EVIDENCE) for number in range(40)]
    found = [one.object for one in hashing.problems(jobs)]
    assert found == [f"blob {number}" for number in range(0, 40, 3)]


@pytest.mark.django_db
def test_in_a_bucket_every_other_version_and_every_marker_is_named(tmp_path: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"archive-{uuid4().hex[:8]}"
    with buckets.serving() as address, buckets.both(address, tmp_path, archive=name) as client:
        client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
        item, alone = take(), store.put(io.BytesIO(b"alone"), alias=store.ARCHIVE)
        archive.archive(item)
        copy = ArchiveCopy.objects.get()
        forged = client.put_object(Bucket=name, Key=copy.location, Body=b"forged")["VersionId"]
        assert problems() == {}, "what is younger than a day may be on its way"
        monkeypatch.setattr(reconciled, "ORPHAN_SECONDS", -60)
        assert problems() == {
            f"bytes {alone.sha256}": "lie in the archive storage without a row",
            f"version {forged} of {item.blob_id}": "lies in the archive and is not the one that was recorded"}
        client.delete_object(Bucket=name, Key=copy.location)
        assert problems()[f"archive copy of {item.blob_id}"].startswith("was deleted by somebody")
        client.put_object_legal_hold(Bucket=name, Key=copy.location, VersionId=copy.version,
                                     LegalHold={"Status": "OFF"})
        named = [found.problem for found in audit.audit_case("CW-2026-0001", checked=Counter())]
        assert named == ["its lock is not the one that was recorded"]


@pytest.mark.django_db
def test_clearing_removes_what_nobody_names_and_is_recorded() -> None:
    item, old, young = take(), orphan(b"cut off"), orphan(b"just now", hours=1)
    os.utime(storages["evidence"].path(key(item.blob_id)), (0, 0))
    out = io.StringIO()
    call_command("clear_unreferenced", stdout=out)
    assert out.getvalue() == f"{old}\n1 found; nothing was removed.\n"
    assert store.verify(old)
    out = io.StringIO()
    call_command("clear_unreferenced", "--yes", stdout=out)
    assert out.getvalue() == f"{old}\n1 removed.\n"
    assert store.size(old) is None
    assert store.verify(item.blob_id)
    assert store.verify(young)
    told, = history.entries(subject="store/evidence", limit=5)
    assert told.detail == {"act": Act.UNREFERENCED_CLEARED, "files": 1, "sha256": [old]}
    assert told.kind == "disposal"
    assert list(clearing.clear()) == []


@pytest.mark.django_db
def test_nobody_clears_what_is_younger_than_a_day() -> None:
    with pytest.raises(ValueError, match="on their way"):
        list(clearing.clear(3600))
    with pytest.raises(CommandError):
        call_command("clear_unreferenced", "--hours", "23")


@pytest.mark.django_db
def test_bytes_that_got_a_row_since_they_were_listed_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    old = orphan(DATA)
    listed = list(reconciled.unreferenced())
    assert listed == [old]
    take()
    monkeypatch.setattr(reconciled, "unreferenced", lambda _older_than: iter(listed))
    assert list(clearing.clear()) == []
    assert store.verify(old)


def test_clearing_waits_for_who_is_between_bytes_and_row(real_db: None) -> None:
    old = orphan(DATA)
    gone: list[str] = []

    def clear() -> None:
        gone.extend(clearing.clear())
        connections.close_all()

    with transaction.atomic():
        take()
        work = threading.Thread(target=clear)
        work.start()
        work.join(1)
        assert work.is_alive(), "it must not look before we are done"
    work.join(20)
    assert gone == []
    assert store.verify(old)
    assert Blob.objects.filter(pk=old).exists()


def test_who_lodges_while_bytes_are_cleared_waits_and_is_told(real_db: None) -> None:
    """Bytes that arrived in an earlier request were cleared before the second one came."""
    old = orphan(DATA)
    waiting = store.kept(old)
    answers: list[Any] = []

    def lodge() -> None:
        arrival = intake.Arrival(waiting, "a.bin", {})
        try:
            intake.receive(arrival, context="case/CW-2026-0001", agent=custody.SYSTEM)
        except Damaged as gone:
            answers.append(gone)
        connections.close_all()

    with transaction.atomic():
        locks.take(locks.LODGING)
        work = threading.Thread(target=lodge)
        work.start()
        work.join(1)
        assert work.is_alive()
        store.remove(old)
    work.join(20)
    assert [gone.sha256 for gone in answers] == [old]
    assert not Blob.objects.filter(pk=old).exists()
