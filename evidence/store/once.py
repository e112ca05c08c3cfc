"""A bucket whose versions count: the archive puts an object once, and reads it by the version of that put for ever.

Nothing here rests on the server's conditional PUT or on its checksums, which some servers ignore: versions are listed,
and only what was read back and hashed is called kept. A version is locked after it was read back, never before, so
that no garbage is held for years. Nothing is ever deleted here but the probe of a self-test."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from evidence.store import proof
from evidence.store.errors import Damaged, StoreUnavailable
from evidence.store.keys import is_sha256
from evidence.store.locks import GOVERNANCE, UNLOCKED, Archived, Lock, Proof, Result
from evidence.store.s3 import CHUNK, Bucket, translated
from evidence.store.spool import Spool

# What servers answer where a bucket has no lock, or where they know of none.
_NONE = {"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration", "InvalidRequest", "NotImplemented",
         "MethodNotAllowed"}


class WriteOnce(Bucket):
    """As Bucket; `keep` leaves in `spool.version` the version that was read back."""

    def _keep(self, spool: Spool) -> None:
        """Whoever comes first is the one; of several at once each finds the same."""
        there = self.versions(spool.sha256)
        version = self._whole(spool.sha256, there)
        if version is None:
            if "null" in there:
                # Without versions a second put would destroy what lies there.
                raise Damaged(f"the archive holds something else under {spool.sha256}")
            self._send(spool, self._at(spool.sha256), {})
            version = self._whole(spool.sha256, self.versions(spool.sha256))
        if version is None:
            raise StoreUnavailable(f"{spool.sha256} came back from the archive as something else")
        spool.version = version
        spool.discard()

    def versions(self, sha256: str) -> list[str]:
        """Every version under this hash, the oldest first; `null` is the one of a bucket that keeps none."""
        with translated():
            found = [one for kind, one in self._listed(self._at(sha256)["Key"])
                     if kind == "Versions" and one["Key"] == self._at(sha256)["Key"]]
        # The order of the list is that in which they were stored, the newest first; their times are not: a put has its
        # time before others can see it, and so one that comes into sight later may claim to be older.
        return [str(one["VersionId"]) for one in reversed(found)]

    def archived(self, older_than: float) -> Iterator[Archived]:
        limit = datetime.now(UTC) - timedelta(seconds=older_than)
        with translated():
            for kind, one in self._listed(self._prefix):
                name = one["Key"].rpartition("/")[2]
                if is_sha256(name) and one["LastModified"] <= limit:
                    yield Archived(name, one["VersionId"], kind == "DeleteMarkers")

    def lock(self, sha256: str, version: str, mode: str, days: int) -> Lock:
        if mode == UNLOCKED or not self.can_lock():
            return Lock()
        mode, until = mode or GOVERNANCE, datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
        there, at = self.lock_of(sha256, version), self._at(sha256, version)
        with translated(absent=sha256):
            if there.until is None or there.mode == mode and there.until < until - timedelta(days=1):
                self._client.put_object_retention(
                    **at, Retention={"Mode": mode.upper(), "RetainUntilDate": until})
            if mode == GOVERNANCE and not there.hold:
                self._client.put_object_legal_hold(**at, LegalHold={"Status": "ON"})
        return self.lock_of(sha256, version)

    def lock_of(self, sha256: str, version: str) -> Lock:
        found = self._head(sha256, version)
        if found is None:
            raise Damaged(f"{sha256} is gone")
        return Lock(str(found.get("ObjectLockMode", "")).lower(), found.get("ObjectLockRetainUntilDate"),
                    found.get("ObjectLockLegalHoldStatus") == "ON")

    def set_aside(self, sha256: str, version: str, label: str) -> str:
        """A version stays where it is, beside the new one. Without versions as Bucket."""
        if version != "null":
            return f"{self._at(sha256)['Key']}?versionId={version}" if self._head(sha256, version) else ""
        return super().set_aside(sha256, "", label)

    def can_lock(self) -> bool:
        """Whether the bucket was made with Object Lock, as its server says."""
        with translated():
            try:
                found = self._client.get_object_lock_configuration(Bucket=self._bucket)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in _NONE:
                    return False
                raise
        return bool(found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled")

    def prove(self, mode: str) -> Proof:
        """Whether the lock that `lock` would put is one."""
        if mode == UNLOCKED:
            return Proof(Result.NO_LOCK, "ARCHIVE_LOCK is none")
        try:
            if not self.can_lock():
                return Proof(Result.NO_LOCK, "the bucket was made without Object Lock")
        except (StoreUnavailable, OSError) as error:
            return Proof(Result.UNREACHABLE, str(error))
        return proof.prove(self._client, self._named("locktest"), mode or GOVERNANCE)

    def exercise(self) -> bool:
        """As Bucket, with the version of the probe taken away, too: a delete marker would only hide it."""
        data = secrets.token_bytes(CHUNK // 16)
        probe = self._named("selftest")
        with translated():
            version = self._client.put_object(**probe, Body=data).get("VersionId")
            at = probe | ({"VersionId": version} if version else {})
            try:
                return bool(self._client.get_object(**at)["Body"].read() == data)
            finally:
                # A bucket that locks everything by default keeps it until then.
                with suppress(ClientError):
                    self._client.delete_object(**at)

    def _whole(self, sha256: str, versions: list[str]) -> str | None:
        """The oldest that hashes to its name."""
        return next((one for one in versions if self._is_whole(sha256, one)), None)

    def _listed(self, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every version and every marker below `prefix`, page by page."""
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            for kind in ("Versions", "DeleteMarkers"):
                yield from ((kind, one) for one in page.get(kind, []))
