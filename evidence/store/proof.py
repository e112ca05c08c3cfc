"""Does the archive's lock hold? Tried with objects of its own: some servers accept every call and enforce nothing."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from evidence.store.locks import COMPLIANCE, GOVERNANCE, Proof, Result

# Long enough for the attempts; the objects of earlier tests are cleared away when it has passed.
PROBE = timedelta(minutes=10)
# What a server answers that understood and refuses. Anything else is no refusal: it may work the next time.
_REFUSED = {"AccessDenied", "AccessForbidden", "ObjectLocked", "InvalidRequest", "MethodNotAllowed"}


class _Broken(Exception):
    """Something was allowed that the lock must refuse."""


def prove(client: Any, at: dict[str, str], mode: str) -> Proof:
    """Try to break a lock of `mode` on new objects below the key in `at` (Bucket, Key)."""
    try:
        _clear(client, at)
        if not _put(client, at).allows(client.delete_object):
            return Proof(Result.UNREACHABLE, "this credential may delete no version at all: a refusal proves nothing")
        if mode == GOVERNANCE:
            _hold(client, at)
        return _retention(client, at, mode)
    except _Broken as allowed:
        return Proof(Result.NOT_ENFORCED, str(allowed))
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        return Proof(Result.UNREACHABLE, f"the test could not be made: {code}")
    except BotoCoreError as error:
        return Proof(Result.UNREACHABLE, f"the archive does not answer: {type(error).__name__}")


def _hold(client: Any, at: dict[str, str]) -> None:
    """A legal hold alone keeps a version, also from who may bypass a retention."""
    one = _put(client, at)
    client.put_object_legal_hold(**one.at, LegalHold={"Status": "ON"})
    one.refuses("deletes a version under a legal hold", client.delete_object, BypassGovernanceRetention=True)
    client.put_object_legal_hold(**one.at, LegalHold={"Status": "OFF"})
    client.delete_object(**one.at)


def _retention(client: Any, at: dict[str, str], mode: str) -> Proof:
    """A retention alone keeps a version, and is not shortened."""
    now = datetime.now(UTC).replace(microsecond=0)
    one, until = _put(client, at), now + PROBE
    client.put_object_retention(**one.at, Retention={"Mode": mode.upper(), "RetainUntilDate": until})
    sooner = {"Mode": mode.upper(), "RetainUntilDate": now + PROBE / 2}
    one.refuses("deletes a version before its time", client.delete_object)
    one.refuses("shortens a retention", client.put_object_retention, Retention=sooner)
    shortened = {"Retention": sooner, "BypassGovernanceRetention": True}
    if mode == COMPLIANCE:
        weaker = {"Mode": "GOVERNANCE", "RetainUntilDate": until}
        one.refuses("weakens compliance to governance", client.put_object_retention, Retention=weaker)
        one.refuses("shortens compliance", client.put_object_retention, **shortened)
        one.refuses("deletes a version under compliance", client.delete_object, BypassGovernanceRetention=True)
    elif one.allows(client.put_object_retention, **shortened):
        return Proof(Result.BYPASSABLE, "the credential of this program may bypass governance")
    return Proof(Result.ENFORCED)


@dataclass(frozen=True)
class _Probe:
    client: Any
    at: dict[str, str]
    data: bytes

    def refuses(self, what: str, act: Callable[..., Any], **how: Any) -> None:
        if self.allows(act, **how):
            raise _Broken(f"it {what}")
        if self.client.get_object(**self.at)["Body"].read() != self.data:
            raise _Broken(f"it says no, and {what} all the same")

    def allows(self, act: Callable[..., Any], **how: Any) -> bool:
        try:
            act(**self.at, **how)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _REFUSED:
                return False
            raise
        return True


def _put(client: Any, at: dict[str, str]) -> _Probe:
    data = secrets.token_bytes(1000)
    name = at | {"Key": f"{at['Key']}/{secrets.token_hex(8)}"}
    version = client.put_object(**name, Body=data).get("VersionId")
    if not version:
        raise _Broken("keeps no versions")
    return _Probe(client, name | {"VersionId": version}, data)


def _clear(client: Any, at: dict[str, str]) -> None:
    """What earlier tests left behind and nothing holds any more."""
    for one in _left(client, at):
        with suppress(ClientError):
            client.delete_object(**one)


def _left(client: Any, at: dict[str, str]) -> Iterator[dict[str, str]]:
    found = client.list_object_versions(Bucket=at["Bucket"], Prefix=f"{at['Key']}/")
    for one in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
        yield {"Bucket": at["Bucket"], "Key": one["Key"], "VersionId": one["VersionId"]}
