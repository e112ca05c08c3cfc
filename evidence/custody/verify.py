"""Checks the whole log against itself: rows, commitments, leaves, tiles, checkpoints. Trusts nothing it can compute.

Memory stays flat: rows come in pages by key, and the tree that is rebuilt forgets what is complete."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from evidence.custody import details, direct, given_up, heads, lawful, rotation, rows, services, tree
from evidence.custody.lawful import Lawful
from evidence.custody.problem import Problem, attempted
from evidence.tlog import checkpoint, merkle, tiles

PAGE = 20 * tiles.WIDTH
# So many tiles are compared at a time (2 MiB): with fewer, asking for them costs more than reading them.
TILES = 256
# Whoever writes a huge index shall not make us fill the hole before it with as many places.
MOST_MISSING = 1_000_000

_LEAVES = f"""
SELECT l.index, l.leaf_hash, x.erasure_id::text, {rows.COLUMNS} FROM evidence_leaf l
LEFT JOIN evidence_event e ON e.id = l.event_id LEFT JOIN evidence_payload p ON p.event_id = l.event_id
LEFT JOIN evidence_erasure x ON x.event_id = l.event_id
WHERE l.index >= %s AND l.index < %s ORDER BY l.index
"""
_NEXT = "SELECT coalesce(min(index), %s) FROM evidence_leaf WHERE index >= %s"
_WAITING = f"""
SELECT {rows.COLUMNS} FROM evidence_event e LEFT JOIN evidence_payload p ON p.event_id = e.id
WHERE e.id > %s AND NOT EXISTS (SELECT 1 FROM evidence_leaf l WHERE l.event_id = e.id) ORDER BY e.id LIMIT {PAGE}
"""
_IN_CONTEXT = f"""
SELECT p.event_id, l.index, l.leaf_hash, NULL, {rows.COLUMNS} FROM evidence_payload p
LEFT JOIN evidence_event e ON e.id = p.event_id LEFT JOIN evidence_leaf l ON l.event_id = p.event_id
WHERE p.event_id > %s AND p.context = %s ORDER BY p.event_id LIMIT {PAGE}
"""
_ERASED_IN_CONTEXT = f"""
SELECT x.event_id, l.index, l.leaf_hash, x.erasure_id::text, {rows.COLUMNS} FROM evidence_erasure x
LEFT JOIN evidence_event e ON e.id = x.event_id LEFT JOIN evidence_leaf l ON l.event_id = x.event_id
LEFT JOIN evidence_payload p ON p.event_id = x.event_id
WHERE x.event_id > %s AND x.context = %s ORDER BY x.event_id LIMIT {PAGE}
"""
_OF_SUBJECTS = _IN_CONTEXT.replace("p.context = %s", "p.subject = ANY(%s)")
_ERASED_OF_SUBJECTS = _ERASED_IN_CONTEXT.replace("x.context = %s", "x.subject = ANY(%s)")
_FIRST_ID = "00000000-0000-0000-0000-000000000000"
# Each names rows that no honest program leaves behind, whatever runs meanwhile: one statement sees one moment.
_STRAYS = [
    ("event", "has no leaf and does not wait for one", """
     SELECT e.id FROM evidence_event e WHERE NOT EXISTS (SELECT 1 FROM evidence_leaf l WHERE l.event_id = e.id)
     AND NOT EXISTS (SELECT 1 FROM evidence_pending q WHERE q.event_id = e.id)"""),
    ("event", "waits for a leaf that it has", """
     SELECT q.event_id FROM evidence_pending q JOIN evidence_leaf l ON l.event_id = q.event_id"""),
    ("event", "waits for a leaf but is gone", """
     SELECT q.event_id FROM evidence_pending q WHERE NOT EXISTS
     (SELECT 1 FROM evidence_event e WHERE e.id = q.event_id)"""),
    ("event", "has a payload but is gone", """
     SELECT p.event_id FROM evidence_payload p WHERE NOT EXISTS
     (SELECT 1 FROM evidence_event e WHERE e.id = p.event_id)"""),
    ("event", "is noted as erased and has its payload", """
     SELECT x.event_id FROM evidence_erasure x JOIN evidence_payload p ON p.event_id = x.event_id"""),
    ("event", "stands in the recovery log, and no restore waits to be declared", """
     SELECT r.event_id FROM evidence_recovered r WHERE NOT evidence_is_behind()"""),
    ("tile", "lies beyond the log", """
     SELECT t.level || '/' || t.number FROM evidence_tile t WHERE t.level NOT BETWEEN 0 AND 7 OR t.number < 0 OR
     t.number * 256 >=
     (SELECT coalesce(least(max(index), 9223372036854775806) + 1, 0) FROM evidence_leaf) >> (8 * t.level)"""),
]


def verify_all(*, held: Sequence[str] = (), checked: Counter[str] | None = None) -> Iterator[Problem]:
    """Every problem of the log, in the order found. `held` are checkpoints (verbatim notes) that somebody outside
    kept; `checked` counts what was looked at."""
    counts: Counter[str] = Counter() if checked is None else checked
    yield from attempted("log", _from_the_first, held, counts)
    yield from attempted("events that wait", _waiting, counts)
    yield from attempted("rows of the log", _strays)
    yield from attempted("keys of the log", rotation.disagreements)
    yield from attempted("restores of the log", given_up.unsaid)


def _from_the_first(held: Sequence[str], counts: Counter[str]) -> Iterator[Problem]:
    """Every leaf in its order, the tiles that they make, and every checkpoint at its size."""
    # In this order: every head on watch was signed for leaves that are there when the log's size is read.
    watch = heads.Watch(held)
    size = tree.log_size()
    yield from watch.problems()
    yield from watch.reached(0, merkle.EMPTY_ROOT)
    builder, gone, room = tiles.Builder(), Lawful(), MOST_MISSING
    for page in _leaves(size):
        known: list[bytes] = []
        for index, leaf_hash, erasure_id, *columns in page:
            row = rows.Row(*columns)
            true = leaf_hash if row.commitment is None else services.leaf_hash(row.commitment)
            expected = builder.size + len(known)
            yield from _place(index, leaf_hash, true, expected)
            name = f"event {row.id or '?'} (leaf {index})"
            yield from attempted(name, _event, name, row, index, erasure_id, gone, counts)
            room -= max(0, index - expected)
            if room < 0:
                yield Problem(f"leaf {index}", "stands too far behind the others: nothing is read from there on")
                break
            # A hole keeps its place, so that what stands after it is still compared at its own index.
            known += [bytes(merkle.HASH_BYTES)] * (index - expected) + [true]
        yield from _grown(builder, known, watch)
        if len(builder.changed) >= TILES:
            yield from compare(builder, size)
        counts["leaves"] += len(page)
        if room < 0:
            break
    builder.close()
    yield from compare(builder, size)
    yield from watch.unreached(builder.size)
    counts["checkpoints"] = watch.seen
    if watch.doubted:
        counts["checkpoints of a revoked key"] = watch.doubted


def _grown(builder: tiles.Builder, leaves: list[bytes], watch: heads.Watch) -> Iterator[Problem]:
    """Append the leaves, and stop at each size that somebody signed."""
    at = 0
    while at < len(leaves):
        signed = watch.next_size - builder.size
        part = leaves[at:at + signed] if signed > 0 else leaves[at:]
        builder.extend(part)
        at += len(part)
        if builder.size == watch.next_size:
            yield from watch.reached(builder.size, builder.root())


def _place(index: int, stored: bytes, true: bytes, expected: int) -> Iterator[Problem]:
    if index != expected:
        yield Problem(f"leaf {expected}", "missing" if index == expected + 1 else f"missing, as are all to {index - 1}")
    if stored != true:
        yield Problem(f"leaf {index}", "its hash is not that of its event")


def _event(name: str, row: rows.Row, index: int | None, erasure_id: str | None, gone: Lawful,
           counts: Counter[str]) -> Iterator[Problem]:
    """One event with its payload, or lawfully without it; an erasure with what it erased."""
    if row.commitment is not None and row.content is None:
        if found := gone.fault(row.id, index, erasure_id):
            yield Problem(name, found)
        else:
            counts["erased"] += 1
        return
    event, found = rows.read(row)
    if found := found or details.fault(event):
        yield Problem(name, found)
    else:
        yield from lawful.broken(event)


def compare(builder: tiles.Builder, size: int) -> Iterator[Problem]:
    """The tiles that `builder` changed, beside the stored ones; forgets them."""
    kept = tree.stored(builder.changed.keys())
    for (level, number), hashes in sorted(builder.changed.items()):
        stored = kept.get((level, number), b"")
        # The last tile of a level may have grown while we read.
        grown = len(hashes) < tiles.WIDTH * merkle.HASH_BYTES and tree.log_size() > size
        if stored != hashes and not (grown and stored.startswith(hashes)):
            yield Problem(f"tile {level}/{number}", "is not made from the leaves" if stored else "missing")
    builder.changed.clear()


def _waiting(counts: Counter[str]) -> Iterator[Problem]:
    """Events that have no place yet are held to their commitments too."""
    for page in _pages(_WAITING, _FIRST_ID):
        for columns in page:
            row = rows.Row(*columns)
            name = f"event {row.id}"
            yield from attempted(name, _event, name, row, None, None, Lawful(), counts)
        counts["waiting"] += len(page)


def _strays() -> Iterator[Problem]:
    for name, problem, sql in _STRAYS:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            while found := cursor.fetchmany(PAGE):
                for (which,) in found:
                    yield Problem(f"{name} {which}", problem)


def _leaves(size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The leaves below `size`, by ranges of places. A page that is what comes next would have all that comes after it
    sorted first, where the server has not learnt yet how much there is."""
    low = 0
    while low < size:
        if page := direct.rows(_LEAVES, [low, min(low + PAGE, size)]):
            yield page
            low += PAGE
        else:
            low = int(direct.rows(_NEXT, [size, low + PAGE])[0][0])


def _pages(sql: str, after: Any, *limits: Any) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of `sql`, page by page; its first parameter is the first column of the last row seen."""
    while True:
        page = direct.rows(sql, [after, *limits])
        if not page:
            return
        yield page
        after = page[-1][0]


def verify_context(context: str, *, checked: Counter[str] | None = None) -> Iterator[Problem]:
    """Every problem with the events of one context (`case/CW-2026-0014`), each proven up to the latest checkpoint.

    Does not see what was taken out of the context: only verify_all can."""
    return _verify_some((_IN_CONTEXT, _ERASED_IN_CONTEXT), context, Counter() if checked is None else checked)


def verify_subjects(subjects: Sequence[str], *, checked: Counter[str]) -> Iterator[Problem]:
    """The same for all that was recorded of these subjects (`item/UUID`, `exhibit/CW-2026-0014/E-007`)."""
    return _verify_some((_OF_SUBJECTS, _ERASED_OF_SUBJECTS), list(subjects), checked)


def _verify_some(sql: Sequence[str], which: Any, counts: Counter[str]) -> Iterator[Problem]:
    head, problems = heads.latest()
    yield from problems
    nodes, gone = tree.nodes(), Lawful()
    for one in sql:
        for page in _pages(one, _FIRST_ID, which):
            for event_id, index, leaf_hash, erasure_id, *columns in page:
                row = rows.Row(*columns)
                name = f"event {event_id}"
                yield from attempted(name, _event, name, row, index, erasure_id, gone, counts)
                if index is not None and row.commitment is not None:
                    yield from _proven(index, leaf_hash, row.commitment, head, nodes)
            counts["events"] += len(page)


def _proven(index: int, leaf_hash: bytes, commitment: bytes, head: checkpoint.Checkpoint | None,
            nodes: merkle.Node) -> Iterator[Problem]:
    if services.leaf_hash(commitment) != leaf_hash:
        yield Problem(f"leaf {index}", "its hash is not that of its event")
    if head and index < head.size and (found := _unproven(index, leaf_hash, head, nodes)):
        yield Problem(f"leaf {index}", found)


def _unproven(index: int, leaf_hash: bytes, head: checkpoint.Checkpoint, nodes: merkle.Node) -> str:
    try:
        path = merkle.inclusion_proof(index, head.size, nodes)
        merkle.check_inclusion(leaf_hash, index, head.size, path, head.root)
    except (ValueError, LookupError) as error:
        return f"is not proven by checkpoint {head.size}: {error}"
    return ""
