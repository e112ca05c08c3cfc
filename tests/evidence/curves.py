"""Signatures at the edges of Ed25519, computed with arithmetic of their own: affine points, one inversion at a time."""

import hashlib
from dataclasses import dataclass

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


@dataclass(frozen=True)
class Case:
    key: bytes
    message: bytes
    signature: bytes
    accepted: bool


def add(one: Point, two: Point) -> Point:
    product = D * one[0] * two[0] * one[1] * two[1] % P
    return ((one[0] * two[1] + two[0] * one[1]) * pow(1 + product, -1, P) % P,
            (one[1] * two[1] + one[0] * two[0]) * pow(1 - product, -1, P) % P)


def times(scalar: int, point: Point) -> Point:
    total = NEUTRAL
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def encode(point: Point, *, more: int = 0) -> bytes:
    """`more` = P gives the encoding that is not canonical, where y + P still fits."""
    return (point[1] + more | (point[0] & 1) << 255).to_bytes(32, "little")


def with_y(y: int, odd: int) -> Point:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square:
        root = root * pow(2, (P - 1) // 4, P) % P
    assert root * root % P == square
    return (root if root & 1 == odd else P - root, y)


BASE = with_y(4 * pow(5, -1, P) % P, 0)
# A point of order 8: any point times the order of the large group is of the small one.
EIGHTH = next(point for point in (times(ORDER, with_y(y, 0)) for y in (3, 4, 5, 6, 9, 10, 14) if pow(
    (y * y - 1) * pow(D * y * y + 1, -1, P), (P - 1) // 2, P) == 1) if times(4, point) != NEUTRAL)
MESSAGE = b"casework.example/log"


def challenge(r: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % ORDER


def signed(secret: int, nonce: int, *, key: bytes = b"", torsion: Point = NEUTRAL, message: bytes = MESSAGE) -> Case:
    """A signature that fulfils the equation with the cofactor; R is moved by `torsion`."""
    public = key or encode(times(secret, BASE))
    r = encode(add(times(nonce, BASE), torsion))
    s = (nonce + challenge(r, public, message) * secret) % ORDER
    return Case(public, message, r + s.to_bytes(32, "little"), True)


def refused(case: Case, **changed: bytes) -> Case:
    return Case(changed.get("key", case.key), case.message, changed.get("signature", case.signature), False)


def mixed(secret: int, want: bool) -> Case:
    """A key with a part of order 8. The equation without cofactor holds where the challenge is a multiple of 8."""
    key = encode(add(times(secret, BASE), EIGHTH))
    for count in range(1000):
        case = signed(secret, 1000 + count, key=key)
        holds = challenge(case.signature[:32], key, MESSAGE) % 8 == 0
        if holds == want:
            return Case(case.key, case.message, case.signature, want)
    raise AssertionError


GOOD = signed(12345, 67890)
S = int.from_bytes(GOOD.signature[32:], "little")
SMALL = [times(count, EIGHTH) for count in range(8)]


def by_small_key(key: bytes) -> Case:
    """With a key of small order one signature fits every eighth message, whoever made it."""
    for count in range(1000):
        message = b"%d" % count
        r = encode(times(7, BASE))
        if challenge(r, key, message) % 8 == 0:
            return Case(key, message, r + (7).to_bytes(32, "little"), False)
    raise AssertionError


CASES: dict[str, Case] = {
    "good": GOOD,
    "S of zero": Case(encode(times(5, BASE)), MESSAGE, encode(times(5, BASE)) + bytes(32), False),
    "S plus the order": refused(GOOD, signature=GOOD.signature[:32] + (S + ORDER).to_bytes(32, "little")),
    "S plus twice the order": refused(GOOD, signature=GOOD.signature[:32] + (S + 2 * ORDER).to_bytes(32, "little")),
    "S with a high bit": refused(GOOD, signature=GOOD.signature[:63] + bytes([GOOD.signature[63] | 0x80])),
    "R moved by a point of order 8": refused(signed(12345, 67890, torsion=EIGHTH)),
    "R moved by a point of order 2": refused(signed(12345, 67890, torsion=times(4, EIGHTH))),
    "R of another sign": refused(GOOD,
                                 signature=GOOD.signature[:31] + bytes([GOOD.signature[31] ^ 0x80])
                                 + GOOD.signature[32:]),
    "a key of mixed order that fits": mixed(999, True),
    "a key of mixed order that does not": mixed(999, False),
    "a key of small order": by_small_key(encode(SMALL[1])),
    "the neutral element as key": by_small_key(encode(SMALL[0])),
    "the key of order 2": by_small_key(encode(SMALL[4])),
    "a key that is not canonical": by_small_key(encode((0, 1), more=P)),
    "a key with a sign and no x": by_small_key(bytes([1]) + bytes(30) + b"\x80"),
    "a key that is no point": refused(GOOD, key=(2).to_bytes(32, "little")),
    "a key of p": refused(GOOD, key=P.to_bytes(32, "little")),
    "a key of all ones": refused(GOOD, key=b"\xff" * 32),
    **{f"small key {count}": by_small_key(encode(point)) for count, point in enumerate(SMALL)},
}
