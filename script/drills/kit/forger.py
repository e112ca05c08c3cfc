"""The hands of a master of the database server: every right, every key, and a copy of yesterday's database."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from stack import postgres

from evidence.custody import services, signer
from evidence.custody.models import Checkpoint, Leaf, Tile
from evidence.tlog import canonical, checkpoint, merkle, note, tiles

GUARDED = ("evidence_event", "evidence_payload", "evidence_leaf", "evidence_checkpoint", "evidence_blob",
           "evidence_item", "evidence_derivative")
EDITED = (*GUARDED, "evidence_tile", "evidence_archivecopy", "casework_post", "casework_unread")
# Numbers of rows that nothing refers to, the four times that docs/custody-log.md says no event repeats, and the lock's
# mode and end, which a folder does not have (test_fixity_audit.py changes them).
UNBOUND = {("evidence_tile", "id"), ("evidence_derivative", "id"), ("evidence_archivecopy", "id"),
           ("evidence_blob", "stored_at"), ("evidence_derivative", "made_at"), ("evidence_archivecopy", "verified_at"),
           ("evidence_checkpoint", "signed_at"), ("evidence_archivecopy", "lock_mode"),
           ("evidence_archivecopy", "locked_until"), ("casework_post", "id"), ("casework_unread", "id")}
# How a value of each type becomes another one.
OTHER = {
    "boolean": "NOT {0}", "ARRAY": "array_append({0}, 'x')",
    "bytea": "set_byte({0}, 0, get_byte({0}, 0) # 1)", "bigint": "{0} + 1000003", "smallint": "{0} + 3",
    "timestamp with time zone": "{0} + interval '7 seconds'", "uuid": "gen_random_uuid()",
    "jsonb": "CASE jsonb_typeof({0}) WHEN 'array' THEN {0} || '[\"x\"]' ELSE {0} || '{{\"note\": \"x\"}}' END",
    "character varying": "CASE WHEN length({0}) < 4 THEN {0} || 'x' ELSE reverse({0}) END",
    "text": "CASE WHEN length({0}) < 4 THEN {0} || 'x' ELSE reverse({0}) END"}


@dataclass(frozen=True)
class Column:
    table: str
    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"

    def edit(self, chosen: random.Random) -> str:
        """SQL that changes this column of one row."""
        name = connection.ops.quote_name(self.name)
        other = OTHER[self.kind].format(name)
        where = f"{name} <> '\\x'" if self.kind == "bytea" else "true"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self.table} WHERE {where}")
            rows = cursor.fetchone()[0]
        return (f"UPDATE {self.table} SET {name} = {other} WHERE ctid = (SELECT ctid FROM {self.table} "
                f"WHERE {where} ORDER BY ctid OFFSET {chosen.randrange(rows)} LIMIT 1)")


def columns() -> list[Column]:
    """Every column of the tables that hold evidence and its log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name = "
                       "ANY(%s) ORDER BY table_name, ordinal_position", [list(EDITED)])
        return [Column(*row) for row in cursor.fetchall() if (row[0], row[1]) not in UNBOUND]


@contextmanager
def undone() -> Iterator[None]:
    """Guards off; everything done in this block is taken back at its end."""
    with transaction.atomic():
        for table in {*EDITED, *_guarded()}:
            run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            for constraint in _checks(table):
                run(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        yield
        transaction.set_rollback(True)


def _guarded() -> list[str]:
    """Every table that refuses changes: what refers to an edited one is emptied with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        return [name for (name,) in cursor.fetchall()]


def _checks(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table])
        return [name for (name,) in cursor.fetchall()]


def run(sql: str, values: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def as_superuser(server: postgres.Server) -> None:
    """From here on Django's own connection is that of the master of the database server."""
    connection.close()
    connection.settings_dict |= {"USER": postgres.SUPERUSER, "PASSWORD": server.password(postgres.SUPERUSER)}


def recreate(table: str) -> None:
    """DROP and create again, with the rows that were there, and without whatever guarded them."""
    run(f"CREATE TABLE forged (LIKE {table} INCLUDING ALL)")
    run(f"INSERT INTO forged SELECT * FROM {table}")
    run(f"DROP TABLE {table} CASCADE")
    run(f"ALTER TABLE forged RENAME TO {table}")


def swap(first: int, second: int) -> None:
    """Two entries change places."""
    for low, high in ((first, 999_999_999), (second, first), (999_999_999, second)):
        run("UPDATE evidence_leaf SET index = %s WHERE index = %s", [high, low])


def shift(start: int, by: int) -> None:
    """Entries from `start` on move by `by` places."""
    run("UPDATE evidence_leaf SET index = index + 1000000 WHERE index >= %s", [start])
    run("UPDATE evidence_leaf SET index = index - 1000000 + %s WHERE index >= 1000000", [by])


def slip_in(index: int, detail: dict[str, Any]) -> None:
    """One more event that never happened, at `index`, with everything that belongs to an event."""
    like = event_like(index)
    shift(index, 1)
    run("INSERT INTO evidence_event (id, commitment) VALUES (%s, %s)", [like.id, like.commit(detail)])
    run("INSERT INTO evidence_payload (event_id, salt, content, kind, subject, context, at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)", [like.id, like.salt, like.content(detail), *like.columns])
    run("INSERT INTO evidence_leaf (index, leaf_hash, event_id) VALUES (%s, %s, %s)",
        [index, services.leaf_hash(like.commit(detail)), like.id])


def take_out(index: int) -> None:
    """The event at `index` never happened."""
    event = Leaf.objects.get(index=index).event_id
    for table, column in (("leaf", "event_id"), ("payload", "event_id"), ("event", "id")):
        run(f"DELETE FROM evidence_{table} WHERE {column} = %s", [event])
    shift(index + 1, -1)


@dataclass(frozen=True)
class Forged:
    """An event that is like another one of the log, but for its id and its detail."""

    id: str
    salt: bytes
    event: dict[str, Any]
    columns: tuple[str, str, str, datetime]

    def content(self, detail: dict[str, Any]) -> bytes:
        return canonical.encode(self.event | {"id": self.id, "detail": detail})

    def commit(self, detail: dict[str, Any]) -> bytes:
        return services.commitment(self.salt, self.content(detail))


def event_like(index: int, event_id: str = "00000000-0000-4000-8000-00000000f00d") -> Forged:
    with connection.cursor() as cursor:
        cursor.execute("SELECT p.salt, p.content, p.kind, p.subject, p.context, p.at FROM evidence_leaf l JOIN "
                       "evidence_payload p ON p.event_id = l.event_id WHERE l.index = %s", [index])
        salt, content, kind, subject, context, at = cursor.fetchone()
    return Forged(event_id, bytes(salt), canonical.decode(bytes(content)), (kind, subject, context, at))


def change(index: int, detail: dict[str, Any]) -> None:
    """The event at `index` says something else, and its commitment and leaf say so too."""
    event = str(Leaf.objects.get(index=index).event_id)
    like = event_like(index, event)
    run("UPDATE evidence_payload SET content = %s WHERE event_id = %s", [like.content(detail), event])
    run("UPDATE evidence_event SET commitment = %s WHERE id = %s", [like.commit(detail), event])


def make_true_again(*, sign: bool = True) -> None:
    """Leaves, tiles and checkpoints as they would be if the events had always been these. Signing needs the key."""
    run("UPDATE evidence_leaf l SET leaf_hash = sha256('\\x0001'::bytea || e.commitment) FROM evidence_event e "
        "WHERE e.id = l.event_id")
    hashes = [bytes(leaf.leaf_hash) for leaf in Leaf.objects.order_by("index")]
    builder = tiles.Builder()
    builder.extend(hashes)
    builder.close()
    Tile.objects.all().delete()
    Tile.objects.bulk_create([Tile(level=level, number=number, hashes=data)
                              for (level, number), data in builder.changed.items()])
    if sign:
        _sign_again(hashes)


def _sign_again(hashes: list[bytes]) -> None:
    key, signs = signer.signer(Path(settings.SIGNING_KEY))
    signed = [(min(size, len(hashes)), at) for size, at in Checkpoint.objects.values_list("size", "signed_at")]
    run("DELETE FROM evidence_checkpoint")
    frontier, due = merkle.Frontier(), dict(signed)
    for leaf in hashes:
        frontier.append(leaf)
        if frontier.size in due:
            text = checkpoint.write(checkpoint.Checkpoint(key.name, frontier.size, frontier.root()))
            Checkpoint.objects.create(size=frontier.size, root=frontier.root(), signed_at=due[frontier.size],
                                      note=note.sign(text, [(key, signs)]).decode())
