"""A log to test with: real key, real events, and the hands of somebody who owns the database server."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from stack import postgres

from evidence.custody import sequencer, services, signer
from evidence.custody.kinds import Kind
from evidence.custody.models import Leaf, Tile
from evidence.tlog import note, tiles

NAME = "casework-test.local/log"
SERVER = postgres.Server(Path(settings.CASEWORK_HOME))


def key() -> note.Key:
    path = Path(settings.SIGNING_KEY)
    return signer.public_key() if path.exists() else signer.make_key(path, NAME)


def tell(number: int = 0, context: str = "case/CW-2026-0001") -> services.Receipt:
    return services.record(Kind.ACCESS, subject=f"exhibit/{number}", context=context, agent=services.SYSTEM,
                           detail={"number": number, "name": "اسکرین شاٹ.png"})


def fill(count: int) -> None:
    """`count` more events, all in the log."""
    for number in range(count):
        tell(number)
    while sequencer.sequence():
        pass


def event_at(index: int) -> UUID:
    return Leaf.objects.values_list("event_id", flat=True).get(index=index)


def as_superuser(sql: str, *tables: str) -> str:
    """What the owner of the machine can do: triggers off, change, triggers on again as if nothing had been."""
    before = "".join(f"ALTER TABLE {table} DISABLE TRIGGER ALL;" for table in tables)
    after = "".join(f"ALTER TABLE {table} ENABLE TRIGGER ALL; ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_change;"
                    f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_truncate;" for table in tables)
    return postgres.execute(SERVER, f"{before}{sql};{after}", postgres.DATABASE)


def cut_back_to(size: int) -> None:
    """What an old backup, put back without a word, looks like: leaves, events and checkpoints past `size` are gone."""
    as_superuser(
        f"DELETE FROM evidence_checkpoint WHERE size > {size}; CREATE TEMPORARY TABLE gone AS SELECT event_id FROM "
        f"evidence_leaf WHERE index >= {size}; DELETE FROM evidence_payload WHERE event_id IN (TABLE gone);"
        f"DELETE FROM evidence_leaf WHERE index >= {size}; DELETE FROM evidence_event WHERE id IN (TABLE gone)",
        "evidence_event", "evidence_leaf", "evidence_payload", "evidence_checkpoint")
    rebuild_tiles()


def rebuild_tiles() -> None:
    """Tiles that are made from the leaves as they stand."""
    builder = tiles.Builder()
    builder.extend([bytes(leaf.leaf_hash) for leaf in Leaf.objects.order_by("index")])
    builder.close()
    Tile.objects.all().delete()
    for (level, number), hashes in builder.changed.items():
        Tile.objects.create(level=level, number=number, hashes=hashes)


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    """Django's own connection as another role of the database server."""
    mine = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"USER": role, "PASSWORD": SERVER.password(role)}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= mine


def superuser() -> AbstractContextManager[None]:
    """Django's own connection as the master of the database server."""
    return connected_as(postgres.SUPERUSER)
