"""The tree as the database holds it: size, tiles, nodes. Reads only what tiles say; `verify` rebuilds them."""

from collections.abc import Collection
from functools import lru_cache

from django.db import connection

from evidence.custody import direct
from evidence.custody.services import leaf_data
from evidence.tlog import merkle, tiles

# Enough for 2^64 leaves.
_LEVELS = 8


class LogDamaged(Exception):
    """The log's tables contradict each other. `manage.py verify --all` names where."""


def log_size() -> int:
    """How many leaves the log has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(index)::numeric + 1, 0) FROM evidence_leaf")
        return int(cursor.fetchone()[0])


def tile(level: int, number: int) -> bytes:
    """The hashes of one tile as far as they are known, empty where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hashes FROM evidence_tile WHERE level = %s AND number = %s", [level, number])
        row = cursor.fetchone()
    return bytes(row[0]) if row else b""


def stored(places: Collection[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The hashes of many tiles (level, number), as far as there are such, in one round trip."""
    levels, numbers = [level for level, _ in places], [number for _, number in places]
    found = direct.rows("SELECT t.level, t.number, t.hashes FROM evidence_tile t JOIN unnest(%s::int[], %s::bigint[]) "
                        "AS wanted(level, number) USING (level, number)", [levels, numbers])
    return {(level, number): hashes for level, number, hashes in found}


def nodes(*leaves: int) -> merkle.Node:
    """Nodes from stored tiles. Those above each of `leaves` are read at once; of the others the returned function
    remembers the last 256 (2 MiB) that it read."""
    above = stored({(level, leaf >> tiles.HEIGHT * (level + 1)) for leaf in leaves for level in range(_LEVELS)})
    other = lru_cache(maxsize=256)(tile)
    return tiles.reader(lambda level, number: above.get((level, number)) or other(level, number))


def root_at(size: int) -> bytes:
    """The root of the first `size` leaves. Raises LogDamaged where tiles are missing."""
    try:
        return merkle.root(size, nodes(max(0, size - 1)))
    except LookupError as error:
        raise LogDamaged(str(error)) from None


def edge(size: int) -> list[bytes]:
    """The partial tile of each level at `size`. Raises LogDamaged unless they are exactly that."""
    parts = []
    for level, (full, width) in enumerate(tiles.widths(size)):
        part = tile(level, full)
        if len(part) != width * merkle.HASH_BYTES:
            raise LogDamaged(f"tile {level}/{full} should hold {width} hashes, not {len(part) / merkle.HASH_BYTES:g}")
        parts.append(part)
    return parts


def served(address: tiles.Address) -> bytes:
    """A tile as C2SP tlog-tiles serves it, or the tile of entries. LookupError where the log is not that long."""
    if address.level is None:
        found = _entries(address.number * tiles.WIDTH, address.width)
    else:
        found = tiles.split(tile(address.level, address.number))[:address.width]
    if len(found) != address.width:
        raise LookupError(f"no tile {tiles.path(address)}")
    return b"".join(found)


def _entries(low: int, count: int) -> list[bytes]:
    """Leaf data, each after its length as two bytes, big end first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT e.commitment FROM evidence_leaf l JOIN evidence_event e ON e.id = l.event_id "
                       "WHERE l.index >= %s AND l.index < %s ORDER BY l.index", [low, low + count])
        found = [leaf_data(bytes(row[0])) for row in cursor.fetchall()]
    return [len(data).to_bytes(2, "big") + data for data in found]
