"""Bytes that arrived in an earlier request and wait, unreferenced, in the store to be lodged.

A file above 64 MB is hashed by the browser while it is sent, so its hash comes in a second, small request. What
links the two is a signed ticket: it names the hash, and works for the same person and case for a few hours only.
When the second request never comes, or declares another hash, the bytes stay unreferenced: nothing shows them."""

from dataclasses import dataclass
from typing import Any

from django.core import signing

from evidence.store import services as store

SALT = "casework.exhibits.held"
LIFETIME_SECONDS = 12 * 3600
HEAD, TAIL = 64 * 1024, 4 * 1024


class TicketInvalid(Exception):
    """The ticket is forged, too old, or somebody else's."""


@dataclass(frozen=True)
class Ticket:
    """What the first request brought: the hash in the store, and how the sender called and typed the file."""

    sha256: str
    name: str
    name_bytes: bytes
    claimed_type: str


def ticket(sha256: str, *, name: str, name_bytes: bytes, claimed_type: str, case_ref: str, by: Any) -> str:
    """A ticket for bytes that the store holds."""
    return signing.dumps({"sha256": sha256, "name": name, "bytes": name_bytes.hex(), "type": claimed_type,
                          "case": case_ref, "by": by.pk}, salt=SALT, compress=True)


def redeem(text: str, *, case_ref: str, by: Any) -> Ticket:
    """The ticket behind `text`. Raises TicketInvalid."""
    try:
        said = signing.loads(text, salt=SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature:
        raise TicketInvalid from None
    if (said["case"], said["by"]) != (case_ref, by.pk):
        raise TicketInvalid
    return Ticket(said["sha256"], said["name"], bytes.fromhex(said["bytes"]), said["type"])


class Held(store.Incoming):
    """Stands where an Incoming stands, for bytes that the store has already. Raises Damaged when they are gone."""

    def __init__(self, sha256: str):
        self._sha256 = sha256
        with store.open_blob(sha256) as file:
            self._head = file.read(HEAD)
            self._size = file.seek(0, 2)
            file.seek(max(0, self._size - TAIL))
            self._tail = file.read(TAIL)

    @property
    def sha256(self) -> str:
        return self._sha256

    @property
    def size(self) -> int:
        return self._size

    @property
    def head(self) -> bytes:
        return self._head

    @property
    def tail(self) -> bytes:
        return self._tail

    def write(self, data: bytes) -> None:
        raise ValueError("finished")

    def finish(self, declared: str = "") -> store.Stored:
        store.check_declared(declared, self._sha256)
        return store.Stored(self._sha256, self._size)

    def abandon(self) -> None:
        """Nothing to do: unreferenced bytes are harmless, and removing them could race with another's put."""
