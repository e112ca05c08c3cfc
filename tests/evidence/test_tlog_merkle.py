"""The Merkle tree beside the vectors of RFC 6962 implementations and beside a slow tree that cannot be wrong."""

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.tlog import merkle, tiles
from evidence.tlog.merkle import ProofError

# transparency-dev/merkle testonly/constants.go: the inputs that every implementation tests with, and their roots.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {1: "6e340b9c", 2: "fac54203", 3: "aeb6bcfe", 4: "d37ee418", 5: "4e3bbb1f", 6: "76e67dad", 7: "ddb89be4",
         8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}
MOST = 64
LEAVES = [merkle.leaf_hash(b"leaf %d" % number) for number in range(MOST + 1)]


@cache
def slow_root(low: int, high: int) -> bytes:
    """RFC 6962 2.1 word for word, with nothing of the code under test but hashlib."""
    count = high - low
    if count == 0:
        return hashlib.sha256(b"").digest()
    if count == 1:
        return LEAVES[low]
    k = 1
    while k * 2 < count:
        k *= 2
    return hashlib.sha256(b"\x01" + slow_root(low, low + k) + slow_root(low + k, high)).digest()


def slow_path(index: int, low: int, high: int) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962 2.1.1."""
    if high - low == 1:
        return []
    k = 1
    while k * 2 < high - low:
        k *= 2
    if index < low + k:
        return [*slow_path(index, low, low + k), slow_root(low + k, high)]
    return [*slow_path(index, low + k, high), slow_root(low, low + k)]


def slow_growth(old: int, low: int, high: int, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of RFC 6962 2.1.2, `old` counted from leaf 0."""
    if old == high:
        return [] if whole else [slow_root(low, high)]
    k = 1
    while k * 2 < high - low:
        k *= 2
    if old <= low + k:
        return [*slow_growth(old, low, low + k, whole), slow_root(low + k, high)]
    return [*slow_growth(old, low + k, high, False), slow_root(low, low + k)]


def node(level: int, index: int) -> bytes:
    return slow_root(index << level, (index + 1) << level)


def test_roots_are_those_of_every_other_implementation() -> None:
    assert merkle.root(0, node).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    frontier = merkle.Frontier()
    for size, data in enumerate(INPUTS, start=1):
        frontier.append(merkle.leaf_hash(bytes.fromhex(data)))
        assert frontier.root().hex().startswith(ROOTS[size])


def test_frontier_root_and_tiles_agree_with_the_slow_tree_at_every_size() -> None:
    frontier = merkle.Frontier()
    assert frontier.root() == slow_root(0, 0)
    for size in range(1, MOST + 1):
        frontier.append(LEAVES[size - 1])
        assert frontier.root() == merkle.root(size, node) == slow_root(0, size)


def flips(path: list[bytes]) -> Iterator[list[bytes]]:
    for at, value in enumerate(path):
        for bit in range(8 * len(value)):
            changed = bytearray(value)
            changed[bit // 8] ^= 1 << bit % 8
            yield [*path[:at], bytes(changed), *path[at + 1:]]


def includes(*proof: Any) -> bool:
    try:
        merkle.check_inclusion(*proof)
    except ProofError:
        return False
    return True


def grew(*proof: Any) -> bool:
    try:
        merkle.check_consistency(*proof)
    except ProofError:
        return False
    return True


def test_every_inclusion_proof_to_64_leaves_is_right_and_proves_nothing_else() -> None:
    for size in range(1, MOST + 1):
        root = slow_root(0, size)
        for index in range(size):
            path = merkle.inclusion_proof(index, size, node)
            assert path == slow_path(index, 0, size)
            assert includes(LEAVES[index], index, size, path, root)
            for wrong in (index - 1, index + 1, size, size + 1, -1):
                assert not includes(LEAVES[index], wrong, size, path, root)
            assert not includes(LEAVES[index + 1], index, size, path, root)
            assert not includes(LEAVES[index], index, size, [*path, root], root)
            assert not includes(LEAVES[index], index, size, path[:-1], root) or not path
            for at, value in enumerate(path):
                changed = [*path[:at], bytes([*value[:31], value[31] ^ 1 << size % 8]), *path[at + 1:]]
                assert not includes(LEAVES[index], index, size, changed, root)


@pytest.mark.parametrize("size", [2, 3, 7, 8, 13, 33])
def test_no_inclusion_proof_survives_a_flipped_bit(size: int) -> None:
    root = slow_root(0, size)
    for index in range(size):
        path = slow_path(index, 0, size)
        assert not any(includes(LEAVES[index], index, size, changed, root) for changed in flips(path))
        assert not any(includes(leaf, index, size, path, root) for (leaf,) in flips([LEAVES[index]]))


def test_every_consistency_proof_to_64_leaves_is_right_and_proves_nothing_else() -> None:
    for new in range(1, MOST + 1):
        new_root = slow_root(0, new)
        for old in range(1, new + 1):
            path, old_root = merkle.consistency_proof(old, new, node), slow_root(0, old)
            assert path == slow_growth(old, 0, new, True)
            assert grew(old, new, path, old_root, new_root)
            assert not grew(old, new, [*path, new_root], old_root, new_root)
            assert not path or not grew(old, new, path[:-1], old_root, new_root)
            if old < new:
                assert not grew(new, old, path, new_root, old_root)
                assert not grew(old, new, path, new_root, new_root)
                assert not grew(old, new, path, old_root, old_root)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 7), (4, 8), (6, 8), (7, 8), (33, 64), (32, 64)])
def test_no_consistency_proof_survives_a_flipped_bit(old: int, new: int) -> None:
    path = slow_growth(old, 0, new, True)
    assert not any(grew(old, new, changed, slow_root(0, old), slow_root(0, new)) for changed in flips(path))


def test_the_known_traps_of_proof_checkers_are_shut() -> None:
    root = slow_root(0, 1)
    assert includes(LEAVES[0], 0, 1, [], root)
    assert not includes(LEAVES[0], 1, 1, [], root), "an index equal to the size is outside the tree"
    assert not includes(LEAVES[0], 0, 0, [], root), "an empty tree has no leaf"
    assert grew(0, 5, [], slow_root(0, 0), slow_root(0, 5)), "every tree grew out of the empty one"
    assert not grew(0, 5, [root], slow_root(0, 0), slow_root(0, 5)), "and that takes no proof"
    assert not grew(0, 5, [], root, slow_root(0, 5)), "but its root is that of the empty tree"
    assert grew(5, 5, [], slow_root(0, 5), slow_root(0, 5))
    assert not grew(5, 5, [], slow_root(0, 5), slow_root(0, 4)), "one size has one root"
    assert not grew(5, 5, [root], slow_root(0, 5), slow_root(0, 5))
    assert not grew(4, 8, [], slow_root(0, 4), slow_root(0, 8))
    assert not grew(3, 8, [], slow_root(0, 3), slow_root(0, 8))
    with pytest.raises(ProofError, match="32 bytes"):
        merkle.check_inclusion(LEAVES[0], 0, 2, [b"short"], slow_root(0, 2))


def test_an_inclusion_path_from_the_rightmost_leaf_ends() -> None:
    # Leaf 0 of a size whose right edge is one leaf: a checker without the stop at fn = 0 would loop for ever.
    assert not includes(LEAVES[0], 0, 1, [LEAVES[1]], slow_root(0, 1))
    assert includes(LEAVES[MOST], MOST, MOST + 1, slow_path(MOST, 0, MOST + 1), slow_root(0, MOST + 1))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 70_000), st.data())
def test_proofs_read_from_tiles_check_at_any_size(size: int, data: st.DataObject) -> None:
    leaves = [number.to_bytes(32, "big") for number in range(size)]
    cut = data.draw(st.integers(0, size))
    builder = tiles.Builder()
    builder.extend(leaves[:cut])
    builder.extend(leaves[cut:])
    builder.close()
    read = tiles.reader(lambda level, number: builder.changed.get((level, number), b""))
    frontier = merkle.Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    root = merkle.root(size, read)
    assert root == frontier.root()
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    merkle.check_inclusion(leaves[index], index, size, merkle.inclusion_proof(index, size, read), root)
    merkle.check_consistency(old, size, merkle.consistency_proof(old, size, read), merkle.root(old, read), root)
