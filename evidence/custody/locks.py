"""One at a time: locks of the database that the sequencer, the signer, the round outside and a
declared restore take."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SEQUENCER = 0x6361736577_01
SIGNER = 0x6361736577_02
OUTSIDE = 0x6361736577_03
# Shared by who writes to the recovery log (migrations/record.sql), alone for who closes it.
RECOVERY = 0x6361736577_04
# Shared by whoever brings bytes that no row names yet, taken by whoever takes bytes away.
LODGING = 0x6361736577_05
FIXITY = 0x6361736577_06
SCREENING = 0x6361736577_07


def take(lock: int) -> None:
    """Wait for `lock` and hold it until the current transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def take_for(words: str) -> None:
    """As `take`, for one thing among many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [words])


def share(lock: int) -> None:
    """Hold `lock` beside others who share it, until the current transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [lock])


def taken(lock: int) -> bool:
    """Whether `lock` was free; if so, it is held until the current transaction ends. Nobody waits behind this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])


@contextmanager
def tried(lock: int) -> Iterator[bool]:
    """Whether `lock` is free; if so, hold it meanwhile, outside of any transaction. A lost connection lets go of it."""
    with _tried("%s", lock) as mine:
        yield mine


@contextmanager
def tried_for(words: str) -> Iterator[bool]:
    """As `tried`, for one thing among many."""
    with _tried("hashtextextended(%s, 0)", words) as mine:
        yield mine


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


@contextmanager
def _tried(expression: str, value: int | str) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({expression})", [value])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock({expression})", [value])
