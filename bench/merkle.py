"""Proofs and the tree of a million leaves, from tiles that lie in the database.

Baseline of the tree: hashing the same leaves into the same root, level by level, with nothing read and nothing
compared. The proofs have none: the bar is 2 ms each, from a cold cache."""

import hashlib
import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from evidence.custody import proofs, tree, verify
from evidence.custody.problem import Problem
from evidence.tlog import merkle, tiles

LEAVES = 1_000_000
PROOFS = 200
_KEEP = "INSERT INTO evidence_tile (level, number, hashes) VALUES (%s, %s, %s)"


def run() -> Iterator[dict[str, Any]]:
    """Needs a migrated, empty database; fills its tiles and nothing else."""
    leaves = tiles.split(secrets.token_bytes(LEAVES * merkle.HASH_BYTES))
    builder = tiles.Builder()
    builder.extend(leaves)
    builder.close()
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP, [(*place, hashes) for place, hashes in builder.changed.items()])
    start = time.perf_counter()
    root = _plain(leaves)
    plain = time.perf_counter() - start
    start = time.perf_counter()
    if _problems(leaves) or tree.root_at(LEAVES) != root:
        raise RuntimeError("the tiles do not lead to the root of their leaves")
    yield _figure("merkle_whole_tree_1000000_leaves", time.perf_counter() - start, plain)
    chosen = random.Random(1)
    sizes = [chosen.randrange(1, LEAVES + 1) for _ in range(PROOFS)]
    yield _figure("merkle_root", _median(sizes, tree.root_at))
    yield _figure("merkle_inclusion_proof", _median(sizes, lambda size: proofs.inclusions([size - 1], LEAVES)))
    yield _figure("merkle_consistency_proof", _median(sizes, lambda size: proofs.consistency(size, LEAVES)))


def _plain(leaves: list[bytes]) -> bytes:
    """RFC 6962: a lone hash at the right edge goes up as it is."""
    while len(leaves) > 1:
        above = [hashlib.sha256(b"\x01" + leaves[at] + leaves[at + 1]).digest() for at in range(0, len(leaves) - 1, 2)]
        leaves = above + leaves[len(leaves) & ~1:]
    return leaves[0]


def _problems(leaves: list[bytes]) -> list[Problem]:
    """As verification does it: every tile is made again from the leaves and compared with the stored one."""
    found: list[Problem] = []
    builder = tiles.Builder()
    for at in range(0, LEAVES, verify.PAGE):
        builder.extend(leaves[at:at + verify.PAGE])
        if len(builder.changed) >= verify.TILES:
            found += verify.compare(builder, LEAVES)
    builder.close()
    return found + list(verify.compare(builder, LEAVES))


def _median(sizes: list[int], act: Callable[[int], object]) -> float:
    took = []
    for size in sizes:
        start = time.perf_counter()
        act(size)
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def _figure(name: str, value: float, baseline: float | None = None) -> dict[str, Any]:
    return {"name": name, "value": round(value, 6), "unit": "s",
            "baseline": None if baseline is None else round(baseline, 4),
            "ratio": None if baseline is None else round(value / baseline, 3)}
