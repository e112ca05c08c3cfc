"""The Merkle tree of RFC 6962: leaves, nodes, and both proofs checked as in RFC 9162 2.1.3.2 and 2.1.4.2."""

from __future__ import annotations

import hashlib
import hmac

HASH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def commitment_to(salt: bytes, content: bytes) -> bytes:
    return hmac.digest(salt, content, "sha256")


def leaf_of(commitment: bytes) -> bytes:
    """Leaf data is the version 0x01 and the commitment; a leaf is hashed after 0x00."""
    return hashlib.sha256(b"\x00\x01" + commitment).digest()


def parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def proves_inclusion(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether `path` leads from `leaf` at `index` to the root of the tree of `size` leaves."""
    if index >= size:
        return False
    first, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if first % 2 or first == last:
            found = parent(step, found)
            while first % 2 == 0 and first:
                first, last = first // 2, last // 2
        else:
            found = parent(found, step)
        first, last = first // 2, last // 2
    return last == 0 and found == root


def proves_growth(old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]) -> bool:
    """Whether `path` shows the tree of `old` ≥ 1 leaves to be the beginning of the tree of `new` ≥ old leaves."""
    # Below one leaf the halving would never end.
    if old < 1:
        return False
    if old == new:
        return not path and old_root == new_root
    if not path:
        return False
    # A complete tree is the first node itself, and the proof leaves it out.
    steps = [old_root, *path] if old & (old - 1) == 0 else path
    first, last = old - 1, new - 1
    while first % 2:
        first, last = first // 2, last // 2
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if first % 2 or first == last:
            before, after = parent(step, before), parent(step, after)
            while first % 2 == 0 and first:
                first, last = first // 2, last // 2
        else:
            after = parent(after, step)
        first, last = first // 2, last // 2
    return last == 0 and before == old_root and after == new_root
