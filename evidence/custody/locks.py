"""One at a time: locks of the database that the sequencer and the signer take."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SEQUENCER = 0x6361736577_01
SIGNER = 0x6361736577_02


def take(lock: int) -> None:
    """Wait for `lock` and hold it until the current transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


@contextmanager
def held(lock: int) -> Iterator[None]:
    """Wait for `lock` and hold it over several transactions; it goes with the connection in any case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
