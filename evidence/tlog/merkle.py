"""The Merkle tree of RFC 6962: hashes, roots, and both proofs, made and checked (RFC 9162 2.1).

Making a proof needs `Node`, a function (level, index) → hash of the complete subtree of 2^level leaves that
begins at leaf index·2^level. Checking needs only hashes; a check that fails raises ProofError."""

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]
_sha256 = hashlib.sha256


class ProofError(ValueError):
    """The proof does not prove what it was brought for."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over neighbouring complete subtrees of equal size, of which the last may be smaller."""
    while len(hashes) > 1:
        # node_hash, without a call for each: most of the work of checking a log is done here.
        above = [_sha256(b"\x01" + hashes[i] + hashes[i + 1]).digest() for i in range(0, len(hashes) - 1, 2)]
        hashes = [*above, hashes[-1]] if len(hashes) & 1 else above
    return hashes[0]


class Frontier:
    """A tree that forgets: the roots of its complete subtrees, enough to append and to know the root."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        size = self.size
        while size & 1:
            leaf = node_hash(self._roots.pop(), leaf)
            size >>= 1
        self._roots.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self._roots:
            return EMPTY_ROOT
        total = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            total = node_hash(left, total)
        return total


def root(size: int, node: Node) -> bytes:
    """The root of the first `size` leaves."""
    return _range(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes beside the way from leaf `index` up to the root of `size` leaves. ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range(middle, high, node))
            high = middle
        else:
            path.append(_range(low, middle, node))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """The hashes that show the first `old` of `new` leaves unchanged; empty for old = 0 and for old = new."""
    if not 0 <= old <= new:
        raise ValueError(f"{old} leaves cannot have grown to {new}")
    path: list[bytes] = []
    low, high = 0, new
    while 0 < old < high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range(middle, high, node))
            high = middle
        else:
            path.append(_range(low, middle, node))
            low = middle
    # A subtree that begins at leaf 0 is the old root itself, which the checker has already.
    if low:
        path.append(_range(low, high, node))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """RFC 9162 2.1.3.2: `leaf` (a leaf hash) stands at `index` in the tree of `size` leaves with `root`."""
    if not 0 <= index < size:
        raise ProofError(f"no leaf {index} among {size}")
    _check_lengths([leaf, root, *path])
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            raise ProofError("the proof is too long")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            # Without the stop at 0 this loop would never end for the leftmost leaf of a lone right edge.
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn or r != root:
        raise ProofError("the proof is too short" if sn else "the proof leads to another root")


def check_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """RFC 9162 2.1.4.2: the tree with `old_root` is the beginning of the tree with `new_root`."""
    if not 0 <= old <= new:
        raise ProofError(f"{old} leaves cannot have grown to {new}")
    _check_lengths([old_root, new_root, *path])
    if old in (0, new):
        if path:
            raise ProofError("the proof must be empty")
        if (old == 0 and old_root != EMPTY_ROOT) or (old == new and old_root != new_root):
            raise ProofError("the roots differ")
        return
    # A complete old tree is itself the first hash, which the proof leaves out.
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not path:
        raise ProofError("the proof is too short")
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = hashes[0]
    for c in hashes[1:]:
        if sn == 0:
            raise ProofError("the proof is too long")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    if sn or fr != old_root or sr != new_root:
        raise ProofError("the proof is too short" if sn else "the proof leads to another root")


def _split(count: int) -> int:
    """The largest power of two below `count` (≥ 2)."""
    return 1 << ((count - 1).bit_length() - 1)


def _range(low: int, high: int, node: Node) -> bytes:
    """The hash over leaves low…high−1, where `low` is a multiple of the largest power of two that fits."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(count)
    return node_hash(_range(low, middle, node), _range(middle, high, node))


def _check_lengths(hashes: Iterable[bytes]) -> None:
    if any(len(value) != HASH_BYTES for value in hashes):
        raise ProofError("a hash is not 32 bytes long")
