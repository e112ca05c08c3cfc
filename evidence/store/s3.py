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

from evidence.store.errors import Damaged, Locked, StoreFull, StoreUnavailable
from evidence.store.keys import is_sha256, key
from evidence.store.locks import Archived, Lock, Proof, Result
from evidence.store.publishing import Fault
from evidence.store.spool import Spool

CHUNK = 1024 * 1024
# One call up to here, parts of this size above it: 10,000 parts make 640 GB.
PART = 64 * 1024 * 1024
# Where damaged bytes are kept when whole ones take their place.
ASIDE = "quarantine"

_ABSENT = {"404", "NoSuchKey", "NotFound", "NoSuchVersion"}
_HELD = {"PreconditionFailed", "412"}
_KEPT = {"AccessDenied", "403", "InvalidRequest", "ObjectLocked"}
_FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507", "EntityTooLarge"}


class Bucket:
    """A blob storage on django-storages' S3Storage; `folder` is a local one for bytes on their way."""

    def __init__(self, storage: Any, folder: Path):
        self._storage = storage
        self._client = storage.connection.meta.client
        self._bucket: str = storage.bucket_name
        self._prefix: str = storage.location.strip("/")
        self._folder = folder

    def folder(self) -> Path:
        return self._folder

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
        # The condition spares an upload where the server honours it; nothing rests on it.
        mine = held is None and self._send(spool, self._at(sha256), {"IfNoneMatch": "*"})
        if held not in {None, size} or not self._is_whole(sha256):
            if mine:
                with translated():
                    self._client.delete_object(**self._at(sha256))
                raise StoreUnavailable(f"{sha256} came back from the bucket as something else")
            raise Damaged(f"the bucket holds something else under {sha256}")
        spool.discard()

    def size(self, sha256: str, version: str = "") -> int | None:
        found = self._head(sha256, version)
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

    def stream(self, sha256: str, fresh: bool = False, version: str = "") -> Iterator[bytes]:
        """The bytes in chunks, always from the server."""
        return self._chunks(self._at(sha256, version))

    def place(self, sha256: str) -> str:
        """The key."""
        return self._at(sha256)["Key"]

    def lock(self, sha256: str, version: str, mode: str, days: int) -> Lock:
        """None: what is locked must have been put by `WriteOnce`."""
        return Lock()

    def lock_of(self, sha256: str, version: str) -> Lock:
        return Lock()

    def prove(self, mode: str) -> Proof:
        return Proof(Result.NO_LOCK, "only the archive is locked")

    def set_aside(self, sha256: str, version: str, label: str) -> str:
        """Copy what lies under this hash to `quarantine/`, read the copy back, and only then take the first away; the
        key of the copy, empty where there was nothing. Called again with the same label it finds what it moved."""
        aside, there = self._named(f"{ASIDE}/{sha256}.{label}"), self._head(sha256, version)
        if there is None:
            with translated():
                found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=aside["Key"], MaxKeys=1)
            return aside["Key"] if found.get("KeyCount") else ""
        spool = self.spool()
        try:
            for chunk in self.stream(sha256, version=version):
                spool.write(chunk)
            spool.settle()
            self._send(spool, aside, {})
            if self._digest(aside) != spool.sha256:
                raise StoreUnavailable(f"{aside['Key']} came back from the bucket as something else")
        finally:
            spool.discard()
        self.remove(sha256)
        return aside["Key"]

    def remove(self, sha256: str) -> None:
        """Delete every version of the object. Harmless when there is none. Raises Locked with the lock's date."""
        at = self._at(sha256)
        with translated():
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=at["Bucket"], Prefix=at["Key"])
            there = [one for page in pages for name in ("Versions", "DeleteMarkers") for one in page.get(name, [])
                     if one["Key"] == at["Key"]]
        for one in there:
            try:
                self._client.delete_object(**at, VersionId=one["VersionId"])
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") not in _KEPT:
                    raise StoreUnavailable(f"the bucket refused: {error}") from error
                raise Locked(f"the bucket keeps {at['Key']}", self._locked_until(at, one["VersionId"])) from error

    def _locked_until(self, at: dict[str, str], version: str) -> datetime | None:
        with suppress(ClientError):
            found = self._client.get_object_retention(**at, VersionId=version)
            until: datetime = found["Retention"]["RetainUntilDate"]
            return until
        return None

    def purge(self, older_than: float) -> int:
        """Abort what was begun more than `older_than` seconds ago and never completed."""
        limit, gone = datetime.now(UTC) - timedelta(seconds=older_than), 0
        with translated():
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
        with translated():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            for held in (one for page in pages for one in page.get("Contents", [])):
                name = held["Key"].rpartition("/")[2]
                if is_sha256(name) and held["LastModified"] <= limit:
                    yield name

    def archived(self, older_than: float) -> Iterator[Archived]:
        yield from (Archived(name, "") for name in self.names(older_than))

    def exercise(self) -> bool:
        """Whether an object that is put comes back the same. It is named apart from every blob, and goes again."""
        data = secrets.token_bytes(CHUNK // 16)
        probe = self._named("selftest")
        with translated():
            self._client.put_object(**probe, Body=data)
            try:
                return bool(self._client.get_object(**probe)["Body"].read() == data)
            finally:
                self._client.delete_object(**probe)

    def _at(self, sha256: str, version: str = "") -> dict[str, str]:
        return self._named(key(sha256)) | ({"VersionId": version} if version else {})

    def _named(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self._prefix}/{name}".lstrip("/")}

    def _head(self, sha256: str, version: str = "") -> dict[str, Any] | None:
        try:
            with translated(absent=sha256):
                return dict(self._client.head_object(**self._at(sha256, version)))
        except Damaged:
            return None

    def _send(self, spool: Spool, at: dict[str, str], condition: dict[str, str]) -> bool:
        """Whether this call made the object; False when another writer was faster."""
        extra = self._storage.get_object_parameters(at["Key"]) | condition
        try:
            with translated(), open(spool.path, "rb") as body:
                if spool.size <= PART:
                    self._client.put_object(**at, **extra, Body=body)
                else:
                    self._send_parts(body, at, extra, condition)
        except _Held:
            return False
        return True

    def _send_parts(self, body: BinaryIO, at: dict[str, str], extra: dict[str, Any], condition: dict[str, str]) -> None:
        upload = dict(at)
        upload["UploadId"] = self._client.create_multipart_upload(
            **upload, **{name: value for name, value in extra.items() if name not in condition})["UploadId"]
        try:
            parts: list[dict[str, Any]] = []
            while chunk := body.read(PART):
                number = len(parts) + 1
                sent = self._client.upload_part(**upload, PartNumber=number, Body=chunk)
                parts.append({"PartNumber": number, "ETag": sent["ETag"]})
            self._client.complete_multipart_upload(**upload, **condition, MultipartUpload={"Parts": parts})
        except BaseException:
            # An upload that cannot be aborted now is aborted by `purge`.
            with suppress(ClientError, BotoCoreError):
                self._client.abort_multipart_upload(**upload)
            raise

    def _is_whole(self, sha256: str, version: str = "") -> bool:
        return self._digest(self._at(sha256, version)) == sha256

    def _digest(self, at: dict[str, str]) -> str:
        digest = hashlib.sha256()
        for chunk in self._chunks(at):
            digest.update(chunk)
        return digest.hexdigest()

    def _chunks(self, at: dict[str, str]) -> Iterator[bytes]:
        with translated(absent=at["Key"]):
            yield from self._client.get_object(**at)["Body"].iter_chunks(CHUNK)


class _Held(Exception):
    """Somebody else put this object first."""


@contextmanager
def translated(absent: str = "") -> Iterator[None]:
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
