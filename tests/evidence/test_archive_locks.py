"""The lock of the archive: put as the settings ask, never shortened, and found out where it is none."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone

from casework import doctor
from evidence.archive import locktest
from evidence.archive import services as archive
from evidence.archive.models import ArchiveCopy, LockTest
from evidence.custody.models import Payload
from evidence.fixity import witnessed
from evidence.store import proof
from evidence.store import services as store
from tests.evidence import buckets
from tests.evidence.versions import PLACE, take, versions


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with buckets.serving() as address:
        yield address


@pytest.fixture
def name() -> str:
    return f"archive-{uuid4().hex[:8]}"


@pytest.fixture
def bucket(server: str, name: str, tmp_path: Path) -> Iterator[Any]:
    """A bucket that was made with Object Lock."""
    with buckets.both(server, tmp_path, archive=name) as client:
        client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
        yield client


@pytest.mark.django_db
@pytest.mark.parametrize(("wanted", "mode", "hold"), [
    ("", "governance", True), ("governance", "governance", True), ("compliance", "compliance", False),
    ("none", "", False)])
def test_a_copy_is_locked_as_the_settings_ask_and_its_row_says_what_the_bucket_says(
        bucket: Any, name: str, settings: Any, wanted: str, mode: str, hold: bool) -> None:
    settings.ARCHIVE_LOCK, settings.ARCHIVE_LOCK_DAYS = wanted, 90
    item = take()
    assert archive.archive(item)
    copy = ArchiveCopy.objects.get()
    assert (copy.location, [copy.version], copy.lock_mode, copy.legal_hold) == (
        PLACE, versions(bucket, name), mode, hold)
    if mode:
        said = bucket.head_object(Bucket=name, Key=PLACE, VersionId=copy.version)
        assert copy.locked_until == said["ObjectLockRetainUntilDate"]
        assert timedelta(days=89) < copy.locked_until - timezone.now() <= timedelta(days=90)
    until = archive.locked_until(copy)
    assert until == (datetime.max.replace(tzinfo=UTC) if hold else copy.locked_until)
    told = next(iter(witnessed._events([f"item/{item.pk}"], "replication")[f"item/{item.pk}"].values()))  # type: ignore[arg-type]
    assert (told["match"], told["version"], told["lock"]["mode"]) == (True, copy.version, mode)


@pytest.mark.django_db
def test_a_longer_lock_is_never_shortened(bucket: Any, settings: Any) -> None:
    settings.ARCHIVE_LOCK_DAYS = 90
    archive.archive(take())
    long = ArchiveCopy.objects.get().locked_until
    settings.ARCHIVE_LOCK_DAYS = 5
    archive.archive(take())
    assert ArchiveCopy.objects.get().locked_until == long
    settings.ARCHIVE_LOCK_DAYS = 900
    archive.archive(take())
    later = ArchiveCopy.objects.get().locked_until
    assert later and long and later > long + timedelta(days=800)


@pytest.mark.django_db
def test_copies_from_before_the_lock_are_counted_and_locked_by_a_command(
        bucket: Any, settings: Any) -> None:
    settings.ARCHIVE_LOCK = "none"
    item = take()
    archive.archive(item)
    settings.ARCHIVE_LOCK = ""
    LockTest.objects.create(at=timezone.now(), storage=store.described(store.ARCHIVE), mode="auto", result="enforced")
    assert [one.what for one in doctor.ended_locks()] == ["1 second copies have no lock: they were made before it."]
    call_command("lock_copies", stdout=io.StringIO())
    assert archive.archive(item)
    assert ArchiveCopy.objects.get().legal_hold
    assert list(doctor.ended_locks()) == []
    assert archive.lock_unlocked() == 0


@pytest.mark.django_db
def test_a_lock_that_cannot_be_put_leaves_no_copy_called_one(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_given: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalError"}}, "PutObjectRetention")

    monkeypatch.setattr(storages["archive"].connection.meta.client, "put_object_retention", refuse)  # type: ignore[attr-defined]
    assert not archive.archive(take())
    assert not ArchiveCopy.objects.exists()
    assert not Payload.objects.filter(kind="replication").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["", "compliance"])
def test_a_server_that_accepts_locks_and_keeps_none_is_found_out(bucket: Any, settings: Any, mode: str) -> None:
    settings.ARCHIVE_LOCK = mode
    test = locktest.run()
    assert test.result == LockTest.Result.NOT_ENFORCED, test.detail
    assert any(one.bad and "not proven" in one.what for one in doctor.archive_lock())


@pytest.mark.django_db
def test_a_folder_and_a_bucket_without_locks_are_said_to_be_none(server: str, name: str, tmp_path: Path) -> None:
    assert locktest.run().result == LockTest.Result.NO_LOCK
    assert [one.bad for one in doctor.archive_lock()] == [False]
    with buckets.both(server, tmp_path, archive=name) as client:
        assert locktest.latest() is None, "another storage: what was proven there says nothing here"
        client.create_bucket(Bucket=name)
        assert locktest.run().result == LockTest.Result.NO_LOCK


@pytest.mark.django_db
def test_a_bucket_that_is_not_there_is_unreachable(bucket: Any, settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"archive": settings.STORAGES["archive"] | {
        "OPTIONS": settings.STORAGES["archive"]["OPTIONS"] | {"bucket_name": "nowhere"}}}
    assert locktest.run().result == LockTest.Result.UNREACHABLE


class Keeping:
    """A client of a bucket that keeps its locks, in as few lines as will do."""

    def __init__(self, bypass: bool = False, lies: bool = False, code: str = "AccessDenied", never: bool = False):
        self.bypass, self.lies, self.code, self.never = bypass, lies, code, never
        self.held: dict[str, bytes] = {}
        self.until: dict[str, datetime] = {}
        self.on: set[str] = set()
        self.seen: set[str] = set()

    def list_object_versions(self, **_given: Any) -> dict[str, Any]:
        return {}

    def put_object(self, Key: str, Body: bytes, **_more: Any) -> dict[str, Any]:  # noqa: N803
        self.held[Key] = Body
        return {"VersionId": Key}

    def get_object(self, Key: str, **_more: Any) -> dict[str, Any]:  # noqa: N803
        if Key not in self.held:
            raise ClientError({"Error": {"Code": "NoSuchVersion"}}, "GetObject")
        return {"Body": io.BytesIO(self.held[Key])}

    def put_object_legal_hold(self, Key: str, LegalHold: dict[str, str], **_more: Any) -> None:  # noqa: N803
        (self.on.add if LegalHold["Status"] == "ON" else self.on.discard)(Key)

    def put_object_retention(self, Key: str, Retention: dict[str, Any],  # noqa: N803
                             BypassGovernanceRetention: bool = False, **_more: Any) -> None:  # noqa: N803
        self.seen.add(Retention["Mode"])
        if Key in self.until and not (BypassGovernanceRetention and self.bypass):
            self.refuse(Key)
        self.until[Key] = Retention["RetainUntilDate"]

    def delete_object(self, Key: str, BypassGovernanceRetention: bool = False, **_more: Any) -> None:  # noqa: N803
        if self.never or Key in self.on or Key in self.until and not (BypassGovernanceRetention and self.bypass):
            self.refuse(Key)
        del self.held[Key]

    def refuse(self, name: str) -> None:
        if self.lies:
            self.held.pop(name)
        raise ClientError({"Error": {"Code": self.code}}, "Any")


@pytest.mark.parametrize(("client", "mode", "result"), [
    (Keeping(), "governance", "enforced"), (Keeping(), "compliance", "enforced"),
    (Keeping(bypass=True), "governance", "bypassable"), (Keeping(bypass=True), "compliance", "not_enforced"),
    (Keeping(never=True), "compliance", "unreachable"), (Keeping(lies=True), "governance", "unreachable"),
    (Keeping(code="InternalError"), "governance", "unreachable")])
def test_only_a_refusal_of_everything_is_a_lock(client: Keeping, mode: str, result: str) -> None:
    assert proof.prove(client, {"Bucket": "b", "Key": "locktest"}, mode).result == result


@pytest.mark.django_db
def test_an_old_test_and_one_of_other_settings_count_for_nothing(
        monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    made = locktest.run()
    assert locktest.latest() == made
    assert locktest.run_if_due() is None
    settings.ARCHIVE_LOCK = "compliance"
    assert locktest.latest() is None
    assert [one.bad for one in doctor.archive_lock()] == [True], "what is asked for and not proven is bad"
    settings.ARCHIVE_LOCK = ""
    later = timezone.now() + locktest.LASTS
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert locktest.latest() is None
    assert "counts as not" in next(iter(doctor.archive_lock())).what
    assert locktest.run_if_due() is not None
