"""Every table that takes inserts only: who may not change it, and that whoever takes the guards away is found out."""

import re
from collections import Counter

import pytest
from django.db import transaction
from django.test import override_settings
from psycopg import errors
from stack import postgres

from evidence.custody import checkpoints, erasure, sequencer, services
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.derivatives import services as derivatives
from evidence.disposal import services as disposal
from evidence.fixity import audit
from evidence.fixity import services as fixity
from evidence.intake import captures
from evidence.intake import services as intake
from evidence.intake.models import Item, Step
from evidence.intake.services import Arrival
from evidence.screening import services as screening
from evidence.store import services as store
from tests.evidence import custody_log as given
from tests.evidence.erasing import LAILA, LUBNA
from tests.evidence.scanner import Scanner
from tests.factories import png

# A column to change, and what verification names when the owner took the triggers away and changed it (None: a note
# kept for reading alone, which nothing promises).
GUARDED = {
    "evidence_event": ("commitment", "leaf "), "evidence_leaf": ("leaf_hash", "leaf "),
    "evidence_payload": ("salt", "event "), "evidence_checkpoint": ("note", "checkpoint "),
    "evidence_erasure": ("subject", "event "), "evidence_blob": ("size", "blob "), "evidence_item": ("name", "item/"),
    "evidence_derivative": ("process", None), "evidence_tombstone": ("disposed_at", None),
    "evidence_part": ("position", None), "evidence_screening": ("engine", "item/")}
CHANGES = ("UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE")
# Who tries, and what they say before.
HANDS = {
    "the application": (postgres.APP_ROLE, ""),
    "the owner": (postgres.OWNER_ROLE, ""),
    "the owner as the role that erases": (postgres.OWNER_ROLE, f"SET ROLE {postgres.ERASER_ROLE};"),
    "the superuser": (postgres.SUPERUSER, ""),
    "the superuser in replica mode": (postgres.SUPERUSER, "SET session_replication_role = replica;"),
}
_LIVE = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname IN ('refuse_change', 'refuse_truncate') AND t.tgenabled = 'A' GROUP BY 1 HAVING count(*) = 2
"""


def fill() -> str:
    """A derived item that is disposed of, an erased event, two checkpoints; returns the first checkpoint."""
    given.key()
    with Scanner() as there, override_settings(CLAMD_URL=there.address):
        taken = intake.receive_bytes(png(7), name="a.png", provenance={}, context="case/CW-2026-0001",
                                     agent=services.SYSTEM)
        screening.screen(taken.item)
    derivatives.derive(taken.item)
    with store.begin() as incoming:
        incoming.write(b"a page")
        captures.receive([Arrival(incoming, "a.html", {})], [""], context="case/CW-2026-0001", agent=services.SYSTEM)
    given.fill(3)
    first = checkpoints.sign_checkpoint()
    assert first
    erasure.erase([Payload.objects.get(subject="exhibit/1").event_id], reason="r", basis="b",
                  agent=LUBNA, approver=LAILA)
    Step.objects.filter(item=taken.item).update(state=Step.State.DONE)
    disposed = services.record(
        Kind.DISPOSAL, subject="disposal/1", context="case/CW-2026-0001", agent=LUBNA,
        detail={"act": "exhibits_disposed", "items": [str(taken.item.pk)], "approver": LAILA})
    with transaction.atomic():
        disposal.bury([taken.item], event_id=disposed.event_id, context="case/CW-2026-0001")
    given.fill(1)
    checkpoints.sign_checkpoint()
    return first.note


@pytest.mark.usefixtures("real_db")
@pytest.mark.parametrize("hand", HANDS)
def test_nobody_changes_what_takes_inserts_only(hand: str) -> None:
    fill()
    role, before = HANDS[hand]
    for table, (column, _) in GUARDED.items():
        count = f"SELECT count(*) FROM {table}"
        there = postgres.execute(given.SERVER, count, postgres.DATABASE)
        assert int(there) > 0, "row triggers need rows to fire on"
        for change in CHANGES:
            with pytest.raises(errors.InsufficientPrivilege, match="insert-only|permission denied"):
                postgres.execute(given.SERVER, before + change.format(table=table, column=column), postgres.DATABASE,
                                 role)
        assert postgres.execute(given.SERVER, count, postgres.DATABASE) == there


@pytest.mark.usefixtures("real_db")
@pytest.mark.parametrize("sql", ["ALTER TABLE {} DISABLE TRIGGER ALL", "DROP TRIGGER refuse_change ON {}",
                                 "SET session_replication_role = replica", "ALTER TABLE {} OWNER TO CURRENT_USER",
                                 "CREATE RULE harm AS ON INSERT TO {} DO INSTEAD NOTHING"])
def test_the_application_cannot_take_the_guards_away(sql: str) -> None:
    for table in GUARDED:
        with pytest.raises(errors.InsufficientPrivilege):
            postgres.execute(given.SERVER, sql.format(table), postgres.DATABASE, postgres.APP_ROLE)


@pytest.mark.usefixtures("real_db")
def test_every_table_with_guards_has_all_of_them_and_no_table_lost_its_own() -> None:
    guarded = set(postgres.execute(given.SERVER, _LIVE, postgres.DATABASE).split())
    assert set(GUARDED) <= guarded, "a trigger is missing, or does not fire in replica mode"
    for table in guarded:
        rights = postgres.execute(
            given.SERVER, "SELECT string_agg(privilege_type, ' ') FROM information_schema.role_table_grants "
                          f"WHERE table_name = '{table}' AND grantee = '{postgres.APP_ROLE}'", postgres.DATABASE)
        # What stands in the recovery log may leave it for the log alone: its trigger looks (test_recovery.py).
        leaves = {"DELETE"} if table == "evidence_recovered" else set()
        assert set(rights.split()) <= {"INSERT", "SELECT"} | leaves, table


@pytest.mark.usefixtures("real_db")
@pytest.mark.parametrize("table", [table for table, (_, named) in GUARDED.items() if named])
def test_an_owner_who_takes_the_guards_away_is_found_with_a_held_checkpoint(table: str) -> None:
    held = fill()
    Step.objects.update(changed_at="2026-01-01T00:00:00Z")
    fixity.sweep()
    derivatives.derive_waiting()
    while sequencer.sequence():
        pass
    checkpoints.sign_checkpoint()
    assert _names(held) == []
    column, named = GUARDED[table]
    value = f"substr({column}, 2)" if column in {"note", "name", "subject", "engine"} else (
        f"{column} + 1" if column == "size" else f"set_byte({column}, 0, 1 # get_byte({column}, 0))")
    postgres.execute(
        given.SERVER, f"ALTER TABLE {table} DISABLE TRIGGER ALL; UPDATE {table} SET {column} = {value}; "
                      f"ALTER TABLE {table} ENABLE TRIGGER ALL", postgres.DATABASE, postgres.SUPERUSER)
    assert any(name.startswith(named or "?") for name in _names(held)), _names(held)


@pytest.mark.usefixtures("real_db")
def test_a_log_emptied_by_its_owner_is_found_with_a_held_checkpoint() -> None:
    held = fill()
    tables = [table for table in GUARDED if re.fullmatch("evidence_(event|leaf|payload|checkpoint|erasure)", table)]
    tables += ["evidence_tombstone", "evidence_part", "evidence_origin", "evidence_timestamp", "evidence_cosignature",
               "evidence_screening"]
    off = "".join(f"ALTER TABLE {table} DISABLE TRIGGER refuse_truncate;" for table in tables)
    pointing = ["evidence_healing", "evidence_damage"]
    off += "".join(f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in pointing)
    bare = ", ".join([*tables, "evidence_tile", "evidence_pending", *pointing])
    postgres.execute(given.SERVER, f"{off} TRUNCATE {bare}", postgres.DATABASE, postgres.OWNER_ROLE)
    assert "checkpoint 1 held outside" in _names(held)
    assert Item.objects.exists()


def _names(held: str) -> list[str]:
    return [problem.object for problem in audit.audit_all(held=[held], checked=Counter())
            if not problem.object.startswith("bytes ")]
