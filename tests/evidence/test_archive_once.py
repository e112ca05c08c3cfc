"""The archive in a bucket: the first version that reads back is the one, locked after that, and read by its name."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from evidence.archive import services as archive
from evidence.archive.models import ArchiveCopy
from evidence.intake.models import Step
from evidence.store import services as store
from evidence.store.errors import Damaged, StoreUnavailable
from evidence.store.once import WriteOnce
from tests.evidence import buckets
from tests.evidence.versions import DATA, PLACE, SHA, take, versions


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


def put(data: bytes = DATA) -> store.Stored:
    return store.put(io.BytesIO(data), alias=store.ARCHIVE)


def test_what_is_put_twice_is_one_version_and_is_read_by_it(bucket: Any, name: str) -> None:
    first = put()
    assert put() == first
    assert versions(bucket, name) == [first.version]
    bucket.put_object(Bucket=name, Key=PLACE, Body=b"forged")
    assert store.verify(SHA, store.ARCHIVE, first.version)
    assert not store.verify(SHA, store.ARCHIVE)
    assert put() == first, "the oldest version that hashes to its name"
    assert b"".join(store.chunks_verified(SHA, store.ARCHIVE, first.version)) == DATA


def test_the_first_is_the_one_that_was_stored_first_whatever_time_a_later_one_claims(
        bucket: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = put()
    later = bucket.put_object(Bucket=name, Key=PLACE, Body=DATA)["VersionId"]
    listed = WriteOnce._listed

    def earlier(self: WriteOnce, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for kind, one in listed(self, prefix):
            yield kind, one | ({"LastModified": datetime(2020, 1, 1, tzinfo=UTC)} if one["VersionId"] == later else {})

    monkeypatch.setattr(WriteOnce, "_listed", earlier)
    assert put() == first
    assert store.size(SHA, store.ARCHIVE, first.version) == len(DATA)


def test_a_forgery_that_came_first_is_passed_over_and_stays(bucket: Any, name: str) -> None:
    forged = bucket.put_object(Bucket=name, Key=PLACE, Body=b"forged")["VersionId"]
    kept = put()
    assert kept.version != forged
    assert set(versions(bucket, name)) == {forged, kept.version}


def test_two_who_put_at_once_find_the_same_version(bucket: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    send = WriteOnce._send

    def beaten(self: WriteOnce, spool: Any, *where: Any) -> bool:
        bucket.put_object(Bucket=name, Key=PLACE, Body=DATA)
        return send(self, spool, *where)

    monkeypatch.setattr(WriteOnce, "_send", beaten)
    kept = put()
    there = versions(bucket, name)
    assert len(there) == 2
    assert kept.version in there
    assert put().version == kept.version


def test_a_put_that_comes_back_as_something_else_is_not_kept(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WriteOnce, "_is_whole", lambda self, sha256, version="": False)
    with pytest.raises(StoreUnavailable, match="something else"):
        put()


def test_without_versions_what_lies_there_is_never_written_over(server: str, name: str, tmp_path: Path) -> None:
    with buckets.both(server, tmp_path, archive=name) as client:
        client.create_bucket(Bucket=name)
        assert put().version == "null"
        client.put_object(Bucket=name, Key=PLACE, Body=b"forged")
        with pytest.raises(Damaged):
            put()
        assert client.get_object(Bucket=name, Key=PLACE)["Body"].read() == b"forged"


@pytest.mark.django_db
def test_a_copy_that_was_overwritten_later_is_still_read_by_its_own_version(bucket: Any, name: str) -> None:
    archive.archive(take())
    before = ArchiveCopy.objects.get().version
    bucket.put_object(Bucket=name, Key=PLACE, Body=b"forged")
    assert archive.archive(take())
    assert ArchiveCopy.objects.get().version == before
    bucket.delete_object(Bucket=name, Key=PLACE)
    assert archive.archive(take()), "a delete marker hides nothing from who knows the version"


@pytest.mark.django_db
def test_a_version_that_is_gone_fails_the_step(bucket: Any, name: str) -> None:
    archive.archive(take())
    copy = ArchiveCopy.objects.get()
    bucket.put_object_legal_hold(Bucket=name, Key=PLACE, VersionId=copy.version, LegalHold={"Status": "OFF"})
    bucket.delete_object(Bucket=name, Key=PLACE, VersionId=copy.version, BypassGovernanceRetention=True)
    second = take()
    assert not archive.archive(second)
    assert Step.objects.get(item=second, name="archive").state == "failed"
