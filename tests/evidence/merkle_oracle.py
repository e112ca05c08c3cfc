"""The Merkle tree of RFC 6962 section 2.1, word for word as recursion over lists. Slow, and with nothing of ours in it.

`accepts_…` say whether a proof proves: they take the definitions of PATH and PROOF backwards, where the code under test
walks bits as RFC 9162 does. Both must say the same of every claim, right or wrong."""

import hashlib


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def k(n: int) -> int:
    """The largest power of two smaller than n."""
    power = 1
    while power * 2 < n:
        power *= 2
    return power


def mth(d: list[bytes]) -> bytes:
    """MTH: the root over the list of entries `d`."""
    n = len(d)
    if n == 0:
        return sha256(b"")
    if n == 1:
        return sha256(b"\x00" + d[0])
    return sha256(b"\x01" + mth(d[:k(n)]) + mth(d[k(n):]))


def path(m: int, d: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]), section 2.1.1."""
    n = len(d)
    if n == 1:
        return []
    if m < k(n):
        return [*path(m, d[:k(n)]), mth(d[k(n):])]
    return [*path(m - k(n), d[k(n):]), mth(d[:k(n)])]


def proof(m: int, d: list[bytes]) -> list[bytes]:
    """PROOF(m, D[n]), section 2.1.2, for 0 < m ≤ n."""
    return subproof(m, d, b=True)


def subproof(m: int, d: list[bytes], b: bool) -> list[bytes]:
    n = len(d)
    if m == n:
        return [] if b else [mth(d)]
    if m <= k(n):
        return [*subproof(m, d[:k(n)], b), mth(d[k(n):])]
    return [*subproof(m - k(n), d[k(n):], b=False), mth(d[:k(n)])]


class Wrong(Exception):
    """The proof has not the shape that the sizes ask for."""


def accepts_inclusion(leaf: bytes, m: int, n: int, proof_: list[bytes], root: bytes) -> bool:
    """Whether `proof_` leads from the leaf hash at index m of n up to `root`."""
    try:
        return 0 <= m < n and _climb(leaf, m, n, proof_) == root
    except Wrong:
        return False


def _climb(leaf: bytes, m: int, n: int, proof_: list[bytes]) -> bytes:
    if n == 1:
        if proof_:
            raise Wrong
        return leaf
    if not proof_:
        raise Wrong
    *below, beside = proof_
    if m < k(n):
        return sha256(b"\x01" + _climb(leaf, m, k(n), below) + beside)
    return sha256(b"\x01" + beside + _climb(leaf, m - k(n), n - k(n), below))


def accepts_consistency(m: int, n: int, proof_: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether `proof_` shows the tree of m entries with `old_root` at the beginning of that of n with `new_root`."""
    if not 0 <= m <= n:
        return False
    if m == 0:
        return not proof_ and old_root == sha256(b"")
    try:
        return _both(m, n, proof_, old_root, b=True) == (old_root, new_root)
    except Wrong:
        return False


def _both(m: int, n: int, proof_: list[bytes], old_root: bytes, b: bool) -> tuple[bytes, bytes]:
    """What the proof makes of the old and of the new subtree."""
    if m == n:
        if b:
            if proof_:
                raise Wrong
            return old_root, old_root
        if len(proof_) != 1:
            raise Wrong
        return proof_[0], proof_[0]
    if not proof_:
        raise Wrong
    *below, beside = proof_
    if m <= k(n):
        old, new = _both(m, k(n), below, old_root, b)
        return old, sha256(b"\x01" + new + beside)
    old, new = _both(m - k(n), n - k(n), below, old_root, b=False)
    return sha256(b"\x01" + beside + old), sha256(b"\x01" + beside + new)
