"""The durable writer on S3, against moto's server on loopback."""

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from django.core.files.storage import storages
from django.test import override_settings
from moto.server import ThreadedMotoServer

from evidence.store import s3
from evidence.store import services as store
from evidence.store.errors import Damaged, HashMismatch, StoreFull, StoreUnavailable
from evidence.store.keys import key

DATA = bytes(range(256)) * 4096
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer("127.0.0.1", 0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, tmp_path: Path) -> Iterator[Any]:
    """A client, and both aliases on one fresh bucket under different prefixes."""
    client = boto3.client("s3", endpoint_url=server, aws_access_key_id="test", aws_secret_access_key="test",
                          region_name="us-east-1")
    client.create_bucket(Bucket="kept")
    options = {"bucket_name": "kept", "endpoint_url": server, "access_key": "test", "secret_key": "test",
               "region_name": "us-east-1"}
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(tmp_path), STORAGES={
            name: {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**options, "location": name}}
            for name in ("evidence", "archive", "default", "staticfiles")}):
        yield client
    for one in client.list_objects_v2(Bucket="kept").get("Contents", []):
        client.delete_object(Bucket="kept", Key=one["Key"])
    for upload in uploads(client):
        client.abort_multipart_upload(Bucket="kept", Key=upload["Key"], UploadId=upload["UploadId"])
    client.delete_bucket(Bucket="kept")
    client.close()


def keys(client: Any) -> list[str]:
    return [one["Key"] for one in client.list_objects_v2(Bucket="kept").get("Contents", [])]


def uploads(client: Any) -> list[Any]:
    return list(client.list_multipart_uploads(Bucket="kept").get("Uploads", []))


def fail(patch: pytest.MonkeyPatch, call: str, error: Exception) -> None:
    """Make one operation of the store's own client fail."""
    client = storages["evidence"].connection.meta.client  # type: ignore[attr-defined]

    def broken(**arguments: Any) -> Any:
        raise error

    patch.setattr(client, call, broken)


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "Any")


@pytest.mark.parametrize("alias", ["evidence", "archive"])
@pytest.mark.parametrize("data", [b"", b"x", DATA])
def test_bytes_come_back_and_no_spool_is_left(bucket: Any, tmp_path: Path, alias: str, data: bytes) -> None:
    stored = store.put(io.BytesIO(data), alias=alias)
    assert keys(bucket) == [f"{alias}/{key(stored.sha256)}"]
    assert store.read_verified(stored.sha256, len(data), alias) == data
    assert store.verify(stored.sha256, alias)
    with store.open_blob(stored.sha256, alias) as file:
        assert file.fileno() > 2
        file.seek(0)
        assert file.read() == data
    assert os.listdir(tmp_path) == []


def test_large_bytes_go_in_parts(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "PART", 5 * 1024 * 1024)
    data = os.urandom(12 * 1024 * 1024)
    stored = store.put(io.BytesIO(data))
    assert store.read_verified(stored.sha256, len(data)) == data
    assert uploads(bucket) == []


def test_the_same_bytes_twice_are_one_object(bucket: Any) -> None:
    store.put(io.BytesIO(DATA))
    before = bucket.head_object(Bucket="kept", Key=f"evidence/{key(SHA)}")["LastModified"]
    store.put(io.BytesIO(DATA))
    assert bucket.head_object(Bucket="kept", Key=f"evidence/{key(SHA)}")["LastModified"] == before


def test_a_writer_who_loses_the_race_checks_what_the_other_wrote(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(io.BytesIO(DATA))
    monkeypatch.setattr(s3.Bucket, "size", lambda self, sha256: None)
    assert store.put(io.BytesIO(DATA)).sha256 == SHA


def test_something_else_under_the_hash_is_an_alarm_and_stays(bucket: Any) -> None:
    wrong = b"X" * len(DATA)
    bucket.put_object(Bucket="kept", Key=f"evidence/{key(SHA)}", Body=wrong)
    with pytest.raises(Damaged):
        store.put(io.BytesIO(DATA))
    assert bucket.get_object(Bucket="kept", Key=f"evidence/{key(SHA)}")["Body"].read() == wrong
    assert not store.verify(SHA)


def test_a_wrong_declared_hash_sends_nothing(bucket: Any, tmp_path: Path) -> None:
    with pytest.raises(HashMismatch):
        store.put(io.BytesIO(DATA), "0" * 64)
    assert keys(bucket) == os.listdir(tmp_path) == []


def test_a_reader_that_raises_in_the_middle_publishes_nothing(bucket: Any, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), store.begin() as incoming:
        incoming.write(DATA)
        raise RuntimeError("the sender went away")
    assert keys(bucket) == os.listdir(tmp_path) == []


@pytest.mark.parametrize(("error", "expected"), [
    (refused("QuotaExceeded"), StoreFull), (refused("InternalError"), StoreUnavailable),
    (refused("AccessDenied"), StoreUnavailable), (ConnectionClosedError(endpoint_url="http://x"), StoreUnavailable)])
@pytest.mark.parametrize("call", ["put_object", "upload_part", "complete_multipart_upload", "create_multipart_upload"])
def test_every_failing_call_publishes_nothing_and_leaves_no_upload(
        bucket: Any, tmp_path: Path, call: str, error: Exception, expected: type[Exception]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if call != "put_object":
            patch.setattr(s3, "PART", 512 * 1024)
        fail(patch, call, error)
        with pytest.raises(expected):
            store.put(io.BytesIO(DATA))
    assert keys(bucket) == uploads(bucket) == os.listdir(tmp_path) == []


def test_a_spool_cut_short_before_sending_is_found_out_and_withdrawn(
        bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    send = s3.Bucket._send

    def cut(self: s3.Bucket, spool: Any, *where: Any) -> bool:
        os.truncate(spool.path, 1000)
        return send(self, spool, *where)

    monkeypatch.setattr(s3.Bucket, "_send", cut)
    with pytest.raises(StoreUnavailable, match="something else"):
        store.put(io.BytesIO(DATA))
    assert keys(bucket) == []


def test_an_unfinished_upload_is_purged_after_a_day(bucket: Any) -> None:
    bucket.create_multipart_upload(Bucket="kept", Key=f"evidence/{key(SHA)}")
    # The server under test dates every upload to 2010.
    assert s3.Bucket(storages["evidence"], Path("/nowhere")).purge(40 * 365 * 86_400) == 0
    assert store.purge_stale() == 1
    assert uploads(bucket) == []


def test_bytes_that_are_gone_are_damage(bucket: Any) -> None:
    assert store.size(SHA) is None
    assert not store.verify(SHA)
    with pytest.raises(Damaged):
        store.open_blob(SHA)


def test_a_server_that_does_not_answer_is_unavailable(bucket: Any, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        fail(patch, "head_object", ConnectionClosedError(endpoint_url="http://x"))
        with pytest.raises(StoreUnavailable):
            store.put(io.BytesIO(DATA))
        with pytest.raises(StoreUnavailable):
            store.size(SHA)
    assert keys(bucket) == os.listdir(tmp_path) == []


def test_the_version_of_a_versioned_bucket_is_known(bucket: Any) -> None:
    bucket.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
    version = store.put(io.BytesIO(DATA), alias="archive").version
    place = store.place(SHA, "archive")
    assert place == f"archive/{key(SHA)}"
    assert bucket.get_object(Bucket="kept", Key=place, VersionId=version)["ContentLength"] == len(DATA)
    bucket.delete_object(Bucket="kept", Key=place, VersionId=version)


def test_the_exercise_puts_gets_and_removes(bucket: Any) -> None:
    assert store.exercise()
    assert keys(bucket) == []
    bucket.delete_bucket(Bucket="kept")
    with pytest.raises(StoreUnavailable):
        store.exercise()
    bucket.create_bucket(Bucket="kept")
