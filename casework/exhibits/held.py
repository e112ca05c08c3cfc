"""Bytes that arrived in an earlier request and wait, unreferenced, in the store to be lodged.

A file above 64 MB is hashed by the browser while it is sent, so its hash comes in a second, small request. What
links the two is a signed ticket: it names the hash, and works for the same person and case for a few hours only.
When the second request never comes, or declares another hash, the bytes stay unreferenced: nothing shows them."""

from dataclasses import dataclass
from typing import Any

from django.core import signing

SALT = "casework.exhibits.held"
LIFETIME_SECONDS = 12 * 3600


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
