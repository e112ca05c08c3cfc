"""Healing reads and copies bytes for as long as that takes, and holds nothing in the database meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from evidence.archive import services as archive
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.fixity import healing, routine
from evidence.fixity.models import Damage, Healing
from evidence.store import services as store
from tests.evidence.test_fixity_claims import CASE, ONE, OTHER, lose, own_storages, take
from tests.evidence.test_steps_apart import beside

__all__ = ["own_storages"]


@pytest.fixture
def ordered() -> Healing:
    """Bytes that are gone from the store, with an order of two people to bring them back from the archive."""
    item = take()
    assert archive.archive(item)
    lose(item)
    routine.suspect(item.blob_id)
    return healing.ask(Damage.objects.get(), context=CASE, reason="Gone", agent=ONE, approver=OTHER)


def during(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Let `act` happen once, while the bytes are copied."""
    real = store.copy

    def copy(*given: Any) -> str:
        monkeypatch.setattr(store, "copy", real)
        act()
        return real(*given)

    monkeypatch.setattr(store, "copy", copy)


def test_no_transaction_and_no_row_is_held_while_bytes_are_copied(ordered: Healing,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            mine = cursor.fetchone()[0]
        with beside() as cursor:
            cursor.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [mine])
            seen.append(cursor.fetchone()[0])
            cursor.execute("SELECT state FROM evidence_healing WHERE id = %s FOR UPDATE NOWAIT", [ordered.pk])
            seen.append(cursor.fetchone()[0])

    during(monkeypatch, look)
    assert healing.run_waiting() == 1
    assert seen == ["idle", "pending"]
    assert Damage.objects.get().healed_at is not None


def test_what_another_is_at_is_left_to_it(ordered: Healing) -> None:
    with beside() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"heal {ordered.pk}"])
        assert healing.run_waiting() == 0
        cursor.execute("SELECT pg_advisory_unlock_all()")
    ordered.refresh_from_db()
    assert (ordered.state, ordered.attempts) == ("pending", 0)
    assert healing.run_waiting() == 1


def test_who_comes_late_finds_it_done_and_tells_nothing(ordered: Healing, monkeypatch: pytest.MonkeyPatch) -> None:
    # The lock is the connection's, so on the same one it does not keep the second away: as after a lost connection.
    during(monkeypatch, lambda: healing.run(ordered))
    assert not healing.run(ordered)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.attempts) == ("done", 0)
    assert Payload.objects.filter(kind=Kind.REPLICATION, subject__startswith="item/").count() == 2, \
        "one of the copy, one of the healing"
