"""The Merkle tree beside the vectors of RFC 6962 implementations and beside a slow tree that cannot be wrong.

To 64 entries nothing is sampled: every proof, every wrong index and size, every flipped bit, every node left out,
doubled or put in. Run with -s to see how many there were."""

import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.tlog import merkle, tiles
from evidence.tlog.merkle import ProofError
from tests.evidence import merkle_oracle as oracle

# transparency-dev/merkle testonly/constants.go: the inputs that every implementation tests with, and their roots.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {1: "6e340b9c", 2: "fac54203", 3: "aeb6bcfe", 4: "d37ee418", 5: "4e3bbb1f", 6: "76e67dad", 7: "ddb89be4",
         8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}
MOST = 64
ENTRIES = [b"entry %d" % number for number in range(MOST + 2)]
LEAVES = [oracle.mth([entry]) for entry in ENTRIES]
# Parts of about equal work, so that test processes share it.
PARTS = [range(1, 33), range(33, 46), range(46, 56), range(56, MOST + 1)]


@cache
def root_of(size: int) -> bytes:
    return oracle.mth(ENTRIES[:size])


@cache
def node(level: int, index: int) -> bytes:
    return oracle.mth(ENTRIES[index << level:(index + 1) << level])


def includes(*claim: object) -> bool:
    try:
        merkle.check_inclusion(*claim)  # type: ignore[arg-type]
    except ProofError:
        return False
    return True


def grew(*claim: object) -> bool:
    try:
        merkle.check_consistency(*claim)  # type: ignore[arg-type]
    except ProofError:
        return False
    return True


def flips(value: bytes) -> Iterator[bytes]:
    """`value` with each of its bits turned, one at a time."""
    whole = int.from_bytes(value, "big")
    return ((whole ^ 1 << bit).to_bytes(len(value), "big") for bit in range(8 * len(value)))


def misshapen(path: list[bytes]) -> Iterator[list[bytes]]:
    """The path with a node left out, doubled, put in or in another's place: no two of its nodes are alike."""
    for at in range(len(path)):
        yield [*path[:at], *path[at + 1:]]
        yield [*path[:at], path[at], *path[at:]]
        if at:
            yield [*path[:at - 1], path[at], path[at - 1], *path[at + 1:]]
    for at in range(len(path) + 1):
        for other in (LEAVES[-1], bytes(merkle.HASH_BYTES)):
            yield [*path[:at], other, *path[at:]]
    yield []


def told(counts: Counter[str]) -> None:
    sys.stdout.write(", ".join(f"{count:,} {name}" for name, count in counts.items()) + "\n")


def test_roots_are_those_of_every_other_implementation() -> None:
    assert merkle.root(0, node).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    frontier, entries = merkle.Frontier(), [bytes.fromhex(data) for data in INPUTS]
    for size, entry in enumerate(entries, start=1):
        frontier.append(merkle.leaf_hash(entry))
        assert frontier.root() == oracle.mth(entries[:size])
        assert frontier.root().hex().startswith(ROOTS[size])


def test_frontier_and_root_agree_with_the_slow_tree_at_every_size() -> None:
    frontier = merkle.Frontier()
    assert frontier.root() == root_of(0)
    for size in range(1, MOST + 1):
        frontier.append(merkle.leaf_hash(ENTRIES[size - 1]))
        assert frontier.root() == merkle.root(size, node) == root_of(size)


def test_every_inclusion_proof_is_the_one_of_the_rfc_and_proves_only_its_own_place() -> None:
    counts: Counter[str] = Counter()
    for size in range(1, MOST + 1):
        for index in range(size):
            path = merkle.inclusion_proof(index, size, node)
            assert path == oracle.path(index, ENTRIES[:size])
            leaf, root = LEAVES[index], root_of(size)
            assert includes(leaf, index, size, path, root)
            counts["inclusion proofs"] += 1
            for wrong in range(-1, MOST + 2):
                if wrong != index:
                    assert not includes(leaf, wrong, size, path, root)
                    counts["wrong indexes"] += 1
            for other in LEAVES:
                assert includes(other, index, size, path, root) == (other == leaf)
                counts["other leaves"] += other != leaf
            for changed in misshapen(path):
                if changed != path:
                    assert not includes(leaf, index, size, changed, root)
                    counts["misshapen paths"] += 1
    told(counts)
    assert (counts["inclusion proofs"], counts["wrong indexes"]) == (2080, 2080 * 66)


def test_every_consistency_proof_is_the_one_of_the_rfc_and_proves_only_its_own_growth() -> None:
    counts: Counter[str] = Counter()
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            path = merkle.consistency_proof(old, new, node)
            assert path == oracle.proof(old, ENTRIES[:new])
            roots = root_of(old), root_of(new)
            assert grew(old, new, path, *roots)
            counts["consistency proofs"] += 1
            for changed in misshapen(path):
                if changed != path:
                    assert not grew(old, new, changed, *roots)
                    counts["misshapen paths"] += 1
            if old < new:
                assert not grew(new, old, path, *reversed(roots))
                assert not grew(old, new, path, roots[1], roots[1])
                assert not grew(old, new, path, roots[0], roots[0])
                assert not grew(old, new, path, *reversed(roots))
                counts["exchanged roots"] += 4
    told(counts)
    assert (counts["consistency proofs"], counts["exchanged roots"]) == (2080, 4 * 2016)


def test_a_proof_for_a_wrong_size_with_the_root_of_that_size_is_refused() -> None:
    counts: Counter[str] = Counter()
    for size in range(1, MOST + 1):
        for index in range(size):
            path = oracle.path(index, ENTRIES[:size])
            for wrong in range(MOST + 3):
                if wrong != size:
                    assert not includes(LEAVES[index], index, wrong, path, root_of(wrong))
                    counts["wrong sizes of inclusion"] += 1
        for old in range(1, size + 1):
            path = oracle.proof(old, ENTRIES[:size])
            for wrong in range(MOST + 3):
                if wrong != size and (wrong != old or path):
                    assert not grew(old, wrong, path, root_of(old), root_of(wrong))
                    counts["wrong new sizes"] += 1
                # That a tree grew out of the empty one, or out of itself, is true and takes no proof.
                if wrong != old and (wrong not in (0, size) or path):
                    assert not grew(wrong, size, path, root_of(wrong), root_of(size))
                    counts["wrong old sizes"] += 1
    told(counts)
    assert counts["wrong sizes of inclusion"] == 2080 * 66


def test_the_checker_and_the_definition_taken_backwards_say_the_same_of_every_wrong_size() -> None:
    """With the root of the right size a wrong size can pass, because a path does not say how large the tree is: only a
    checkpoint binds size and root. So this asks for agreement, not for refusal."""
    counts: Counter[str] = Counter()
    for size in range(1, MOST + 1):
        for index in range(size):
            claim = oracle.path(index, ENTRIES[:size]), root_of(size)
            for wrong in range(MOST + 3):
                agreed = includes(LEAVES[index], index, wrong, *claim)
                assert agreed == oracle.accepts_inclusion(LEAVES[index], index, wrong, *claim)
                counts["claims of inclusion"] += 1
                counts["of them true of the hashes alone"] += agreed and wrong != size
        for old in range(1, size + 1):
            path, roots = oracle.proof(old, ENTRIES[:size]), (root_of(old), root_of(size))
            for wrong in range(MOST + 3):
                for sizes in ((wrong, size), (old, wrong)):
                    agreed = grew(*sizes, path, *roots)
                    assert agreed == oracle.accepts_consistency(*sizes, path, *roots), (sizes, old, size)
                    counts["claims of growth"] += 1
                    counts["of these true of the hashes alone"] += agreed and sizes != (old, size)
    told(counts)
    assert counts["claims of inclusion"] == 2080 * 67


@pytest.mark.parametrize("sizes", PARTS, ids=str)
def test_no_inclusion_proof_survives_a_flipped_bit(sizes: range) -> None:
    counts: Counter[str] = Counter()
    for size in sizes:
        root = root_of(size)
        for index in range(size):
            leaf, path = LEAVES[index], merkle.inclusion_proof(index, size, node)
            for at, value in enumerate(path):
                for changed in flips(value):
                    assert not includes(leaf, index, size, [*path[:at], changed, *path[at + 1:]], root)
            assert not any(includes(changed, index, size, path, root) for changed in flips(leaf))
            assert not any(includes(leaf, index, size, path, changed) for changed in flips(root))
            counts["flipped bits of inclusion"] += 256 * (len(path) + 2)
    told(counts)
    assert counts


@pytest.mark.parametrize("sizes", PARTS, ids=str)
def test_no_consistency_proof_survives_a_flipped_bit(sizes: range) -> None:
    counts: Counter[str] = Counter()
    for new in sizes:
        new_root = root_of(new)
        for old in range(1, new + 1):
            old_root, path = root_of(old), merkle.consistency_proof(old, new, node)
            for at, value in enumerate(path):
                for changed in flips(value):
                    assert not grew(old, new, [*path[:at], changed, *path[at + 1:]], old_root, new_root)
            assert not any(grew(old, new, path, changed, new_root) for changed in flips(old_root))
            assert not any(grew(old, new, path, old_root, changed) for changed in flips(new_root))
            counts["flipped bits of consistency"] += 256 * (len(path) + 2)
    told(counts)
    assert counts


def test_the_parts_are_all_sizes() -> None:
    assert sorted(size for part in PARTS for size in part) == list(range(1, MOST + 1))


def test_the_known_traps_of_proof_checkers_are_shut() -> None:
    root = root_of(1)
    assert includes(LEAVES[0], 0, 1, [], root)
    assert not includes(LEAVES[0], 1, 1, [], root), "an index equal to the size is outside the tree"
    assert not includes(LEAVES[0], 0, 0, [], root), "an empty tree has no leaf"
    assert not includes(LEAVES[0], 0, 1, [LEAVES[1]], root), "this ends, and is refused"
    assert grew(0, 5, [], root_of(0), root_of(5)), "every tree grew out of the empty one"
    assert not grew(0, 5, [root], root_of(0), root_of(5)), "and that takes no proof"
    assert not grew(0, 5, [], root, root_of(5)), "but its root is that of the empty tree"
    assert grew(0, 0, [], root_of(0), root_of(0))
    assert not grew(0, 0, [], root, root), "also where both are said to be empty"
    assert grew(5, 5, [], root_of(5), root_of(5))
    assert not grew(5, 5, [], root_of(5), root_of(4)), "one size has one root"
    assert not grew(5, 5, [root], root_of(5), root_of(5))
    assert not grew(4, 8, [], root_of(4), root_of(8))
    assert not grew(3, 8, [], root_of(3), root_of(8))
    assert not grew(-1, 8, [], root_of(0), root_of(8))
    for length in (0, 31, 33, 64):
        with pytest.raises(ProofError, match="32 bytes"):
            merkle.check_inclusion(LEAVES[0], 0, 2, [bytes(length)], root_of(2))
        with pytest.raises(ProofError, match="32 bytes"):
            merkle.check_consistency(1, 2, [bytes(length)], root_of(1), root_of(2))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3), (3, 3)])
def test_there_is_no_proof_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(index, size, node)
    with pytest.raises(ValueError, match="cannot have grown"):
        merkle.consistency_proof(size + 1, size, node)


SIZES = st.one_of(st.integers(0, 70), st.integers(0, 2**63))


@settings(deadline=None, max_examples=1000)
@given(SIZES, SIZES, st.lists(st.sampled_from([*LEAVES[:4], *(root_of(size) for size in range(5))]), max_size=8),
       st.sampled_from(LEAVES[:4]), st.sampled_from([root_of(size) for size in range(5)]))
def test_checker_and_definition_agree_on_claims_that_nobody_made(
        one: int, other: int, path: list[bytes], leaf: bytes, root: bytes) -> None:
    assert includes(leaf, one, other, path, root) == oracle.accepts_inclusion(leaf, one, other, path, root)
    assert grew(one, other, path, leaf, root) == oracle.accepts_consistency(one, other, path, leaf, root)


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
    assert root == frontier.root() == builder.root()
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    merkle.check_inclusion(leaves[index], index, size, merkle.inclusion_proof(index, size, read), root)
    merkle.check_consistency(old, size, merkle.consistency_proof(old, size, read), merkle.root(old, read), root)
