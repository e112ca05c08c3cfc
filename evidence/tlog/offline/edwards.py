"""Ed25519 as in RFC 8032, verification alone, with integers of Python's own.

Strict: only canonical encodings, S below the order of the group, no public key of small order, and the equation without
cofactor. What this accepts, OpenSSL accepts."""

from __future__ import annotations

import hashlib
from functools import lru_cache

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, P - 2, P) % P
_SQRT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
_ZERO = (0, 1, 1, 0)
_WINDOWS, _WIDTH = 64, 4
# The base point: y = 4/5, x even.
_BASE = bytes.fromhex("58" + "66" * 31)

# A point (x, y) as X, Y, Z, T with x = X/Z, y = Y/Z, x·y = T/Z.
Point = tuple[int, int, int, int]


def ed25519_verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` is that of the public key `key` (32 bytes)."""
    if len(signature) != 64 or not is_public_key(key):
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    # R = S·B − k·A, and R must be spelled as it is in the signature.
    return _encoded(_add(_times(_BASE, s), _negative(_times(key, k)))) == signature[:32]


def is_public_key(key: bytes) -> bool:
    """Whether it is the one encoding of a point that is not of small order."""
    point = _decoded(key)
    if point is None:
        return False
    for _ in range(3):
        point = _add(point, point)
    # The neutral element is x = 0, y = 1.
    return point[0] % P != 0 or (point[1] - point[2]) % P != 0


def _add(a: Point, b: Point) -> Point:
    """RFC 8032 5.1.4; complete, so it also doubles."""
    left, right = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * _D % P, 2 * a[2] * b[2] % P
    e, f, g, h = right - left, d - c, d + c, right + left
    return e * f % P, g * h % P, f * g % P, e * h % P


def _negative(a: Point) -> Point:
    return -a[0] % P, a[1], a[2], -a[3] % P


@lru_cache(maxsize=64)
def _decoded(data: bytes) -> Point | None:
    """RFC 8032 5.1.3, and None for an encoding that is not canonical."""
    if len(data) != 32:
        return None
    whole = int.from_bytes(data, "little")
    y, sign = whole & (2**255 - 1), whole >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * _SQRT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


@lru_cache(maxsize=64)
def _multiples(data: bytes) -> list[list[Point]]:
    """j·16^i·A for each window i and each digit j: made once for a key, it saves all doublings afterwards."""
    base = _decoded(data)
    assert base is not None
    table = []
    for _ in range(_WINDOWS):
        row = [_ZERO]
        for _ in range(2**_WIDTH - 1):
            row.append(_add(row[-1], base))
        table.append(row)
        base = _add(row[-1], base)
    return table


def _times(data: bytes, scalar: int) -> Point:
    """`scalar` times the point that `data` encodes; scalar below 2^256."""
    total = _ZERO
    for row in _multiples(data):
        if scalar & 15:
            total = _add(total, row[scalar & 15])
        scalar >>= _WIDTH
    return total
