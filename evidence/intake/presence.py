"""Bytes that a new row names must still be there when the row commits, though a disposal may take them out meanwhile.

Whoever names bytes holds a shared lock on their hash until its transaction ends, and looks for them once it has it.
Whoever takes bytes out holds the lock alone. Rows of blobs are written once, so they cannot be locked themselves."""

from collections.abc import Iterable

from django.db import connection

from evidence.store import services as store
from evidence.store.errors import StoreUnavailable

# The first 64 bits of the hash that `{}` names: two hashes that share them only wait for each other.
KEY = "('x' || left({}, 16))::bit(64)::bigint"
SHARED = f"pg_advisory_xact_lock_shared({KEY})"
ALONE = f"pg_advisory_xact_lock({KEY})"


def share(sha256: str) -> None:
    """Keep these bytes from being taken out until the transaction ends. Raises as `require`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SHARED.format('%s')}", [sha256])
    require([sha256])


def require(hashes: Iterable[str]) -> None:
    """Under the shared locks: the bytes are there. Raises StoreUnavailable: they went meanwhile, so send them again."""
    for sha256 in set(hashes):
        if store.size(sha256) is None:
            raise StoreUnavailable(f"{sha256} was taken out of the store meanwhile")


def alone(sha256: str) -> None:
    """Until the transaction ends, nobody else names these bytes or takes them out."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ALONE.format('%s')}", [sha256])
