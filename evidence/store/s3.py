"""Blobs in an S3 bucket: hashed while spooled to disk, sent once, read back and hashed before anybody hears of them.

What the server says about its own checks is never the proof: only bytes that came back are."""

import hashlib
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from evidence.store.errors import Damaged, StoreFull, StoreUnavailable
from evidence.store.keys import is_sha256, key
from evidence.store.publishing import Fault
from evidence.store.spool import Spool

CHUNK = 1024 * 1024
# One call up to here, parts of this size above it: 10,000 parts make 640 GB.
PART = 64 * 1024 * 1024

_ABSENT = {"404", "NoSuchKey", "NotFound"}
_HELD = {"PreconditionFailed", "412"}
_FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507", "EntityTooLarge"}


class Bucket:
    """A blob storage on django-storages' S3Storage; `folder` is a local one for bytes on their way."""

    def __init__(self, storage: Any, folder: Path):
        self._storage = storage
        self._client = storage.connection.meta.client
        self._bucket: str = storage.bucket_name
        self._prefix: str = storage.location.strip("/")
        self._folder = folder

    def spool(self) -> Spool:
        return Spool(self._folder)

    def keep(self, spools: Sequence[Spool]) -> list[Fault | StoreFull | StoreUnavailable | None]:
        """Publish each of `spools` under its hash: None for it, or why not, and then nothing of it is visible."""
        faults: list[Fault | StoreFull | StoreUnavailable | None] = []
        for spool in spools:
            try:
                self._keep(spool)
            except (OSError, Damaged, StoreFull, StoreUnavailable) as error:
                faults.append(error)
            else:
                faults.append(None)
        return faults

    def _keep(self, spool: Spool) -> None:
        sha256, size = spool.sha256, spool.size
        held = self.size(sha256)
        mine = held is None and self._send(spool, sha256)
        if held not in {None, size} or not self._is_whole(sha256):
            if mine:
                with _translated():
                    self._client.delete_object(**self._at(sha256))
                raise StoreUnavailable(f"{sha256} came back from the bucket as something else")
            raise Damaged(f"the bucket holds something else under {sha256}")
        spool.discard()

    def size(self, sha256: str) -> int | None:
        found = self._head(sha256)
        return None if found is None else int(found["ContentLength"])

    def open(self, sha256: str) -> BinaryIO:
        """A copy without a name on the local disk: seekable, and with a descriptor."""
        copy = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
        try:
            for chunk in self.stream(sha256):
                copy.write(chunk)
            copy.seek(0)
        except BaseException:
            copy.close()
            raise
        return copy

    def stream(self, sha256: str, fresh: bool = False) -> Iterator[bytes]:
        """The bytes in chunks, always from the server."""
        with _translated(absent=sha256):
            yield from self._client.get_object(**self._at(sha256))["Body"].iter_chunks(CHUNK)

    def place(self, sha256: str) -> tuple[str, str]:
        """The key, and the version that the bucket gave it (empty without versioning)."""
        found = self._head(sha256) or {}
        return self._at(sha256)["Key"], found.get("VersionId", "")

    def purge(self, older_than: float) -> int:
        """Abort what was begun more than `older_than` seconds ago and never completed."""
        limit, gone = datetime.now(UTC) - timedelta(seconds=older_than), 0
        with _translated():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket, Prefix=self._prefix)
            for upload in (one for page in pages for one in page.get("Uploads", [])):
                if upload["Initiated"] < limit:
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=upload["Key"], UploadId=upload["UploadId"])
                    gone += 1
        return gone

    def names(self, older_than: float) -> Iterator[str]:
        """The hash of every blob that has lain here for `older_than` seconds or more, page by page."""
        limit = datetime.now(UTC) - timedelta(seconds=older_than)
        with _translated():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            for held in (one for page in pages for one in page.get("Contents", [])):
                name = held["Key"].rpartition("/")[2]
                if is_sha256(name) and held["LastModified"] <= limit:
                    yield name

    def exercise(self) -> bool:
        """Whether an object that is put comes back the same. It is named apart from every blob, and goes again."""
        data = secrets.token_bytes(CHUNK // 16)
        probe = {"Bucket": self._bucket, "Key": f"{self._prefix}/selftest".lstrip("/")}
        with _translated():
            self._client.put_object(**probe, Body=data)
            try:
                return bool(self._client.get_object(**probe)["Body"].read() == data)
            finally:
                self._client.delete_object(**probe)

    def _at(self, sha256: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self._prefix}/{key(sha256)}".lstrip("/")}

    def _head(self, sha256: str) -> dict[str, Any] | None:
        try:
            with _translated(absent=sha256):
                return dict(self._client.head_object(**self._at(sha256)))
        except Damaged:
            return None

    def _send(self, spool: Spool, sha256: str) -> bool:
        """Whether this call made the object; False when another writer was faster."""
        extra = self._storage.get_object_parameters(key(sha256))
        try:
            with _translated(), open(spool.path, "rb") as body:
                if spool.size <= PART:
                    self._client.put_object(**self._at(sha256), **extra, Body=body, IfNoneMatch="*")
                else:
                    self._send_parts(body, sha256, extra)
        except _Held:
            return False
        return True

    def _send_parts(self, body: BinaryIO, sha256: str, extra: dict[str, Any]) -> None:
        upload = self._at(sha256)
        upload["UploadId"] = self._client.create_multipart_upload(**upload, **extra)["UploadId"]
        try:
            parts: list[dict[str, Any]] = []
            while chunk := body.read(PART):
                number = len(parts) + 1
                sent = self._client.upload_part(**upload, PartNumber=number, Body=chunk)
                parts.append({"PartNumber": number, "ETag": sent["ETag"]})
            self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*")
        except BaseException:
            # An upload that cannot be aborted now is aborted by `purge`.
            with suppress(ClientError, BotoCoreError):
                self._client.abort_multipart_upload(**upload)
            raise

    def _is_whole(self, sha256: str) -> bool:
        digest = hashlib.sha256()
        for chunk in self.stream(sha256):
            digest.update(chunk)
        return digest.hexdigest() == sha256


class _Held(Exception):
    """Somebody else put this object first."""


@contextmanager
def _translated(absent: str = "") -> Iterator[None]:
    """Turn the client's errors into ours; a missing object is Damaged where `absent` names it."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _HELD:
            raise _Held from error
        if absent and code in _ABSENT:
            raise Damaged(f"{absent} is gone") from error
        if code in _FULL:
            raise StoreFull(f"no room in the bucket: {code}") from error
        raise StoreUnavailable(f"the bucket refused: {code}") from error
    except BotoCoreError as error:
        raise StoreUnavailable(f"the bucket does not answer: {type(error).__name__}") from error
