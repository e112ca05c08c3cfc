"""Gives waiting events their places: indexes without a gap, in the order in which transactions committed.

One sequencer at a time, in batches. The index never comes from a database sequence: its order is not commit order."""

from django.db import connection, transaction

from evidence.custody import behind, locks, tree
from evidence.custody.services import LEAF_VERSION
from evidence.tlog import tiles

# How many events one batch places.
BATCH = 5000

# Within a batch events stand by their time, so that a transaction's events keep their order.
_SEQUENCE = """
WITH taken AS (
    DELETE FROM evidence_pending WHERE ctid = ANY(ARRAY(SELECT ctid FROM evidence_pending LIMIT %(limit)s))
    RETURNING event_id),
placed AS (
    SELECT %(size)s + row_number() OVER (ORDER BY p.at, e.id) - 1 AS index, e.id AS event_id,
           sha256(%(prefix)s::bytea || e.commitment) AS leaf_hash
    FROM taken JOIN evidence_event e ON e.id = taken.event_id LEFT JOIN evidence_payload p ON p.event_id = e.id),
kept AS (
    INSERT INTO evidence_leaf (index, event_id, leaf_hash) SELECT index, event_id, leaf_hash FROM placed)
SELECT string_agg(leaf_hash, ''::bytea ORDER BY index) FROM placed
"""

_KEEP_TILE = """
INSERT INTO evidence_tile (level, number, hashes) VALUES (%s, %s, %s)
ON CONFLICT (level, number) DO UPDATE SET hashes = EXCLUDED.hashes
"""


@transaction.atomic
def sequence(limit: int = BATCH) -> int:
    """Put up to `limit` waiting events into the log; returns how many. None while the log is behind what was witnessed
    of it: it stays as it is until a restore is declared. Raises LogDamaged on broken tiles."""
    locks.take(locks.SEQUENCER)
    if behind.is_behind():
        return 0
    size = tree.log_size()
    with connection.cursor() as cursor:
        # RFC 6962 prefixes a leaf with 0x00; the same bytes as services.leaf_hash, computed beside the rows.
        cursor.execute(_SEQUENCE, {"limit": limit, "size": size, "prefix": b"\x00" + LEAF_VERSION})
        joined = cursor.fetchone()[0]
        if joined is None:
            return 0
        leaves = tiles.split(bytes(joined))
        builder = tiles.Builder(size, tree.edge(size))
        builder.extend(leaves)
        builder.close()
        cursor.executemany(_KEEP_TILE, [(*place, hashes) for place, hashes in builder.changed.items()])
    return len(leaves)
