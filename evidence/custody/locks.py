"""One at a time: transaction locks of the database that the sequencer and the signer take."""

from django.db import connection

SEQUENCER = 0x6361736577_01
SIGNER = 0x6361736577_02


def take(lock: int) -> None:
    """Wait for `lock` and hold it until the current transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
