"""Ed25519 in pure Python: the published examples, and the edges, beside what OpenSSL says of them."""

import hashlib
import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from evidence.tlog.offline import edwards
from tests.evidence import curves

# RFC 8032 section 7.1: secret key, public key, message, signature.
EXAMPLES = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
     "655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
     "b00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
     "c027beceea1ec40a"),
]


def openssl_verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(("secret", "key", "message", "signature"), EXAMPLES)
def test_the_examples_of_the_rfc_verify(secret: str, key: str, message: str, signature: str) -> None:
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).public_key().public_bytes_raw().hex() == key
    parts = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert edwards.ed25519_verifies(*parts)
    assert not edwards.ed25519_verifies(parts[0], parts[1] + b"x", parts[2])


def test_what_is_signed_verifies_and_what_is_changed_by_a_bit_does_not() -> None:
    chance = random.Random(8032)
    for _ in range(60):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        key, message = private.public_key().public_bytes_raw(), chance.randbytes(chance.randrange(200))
        signature = private.sign(message)
        assert edwards.ed25519_verifies(key, message, signature)
        for part, data in (("signature", signature), ("key", key), ("message", message)):
            if data:
                wrong = bytearray(data)
                wrong[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
                changed = {"signature": signature, "key": key, "message": message} | {part: bytes(wrong)}
                ours = edwards.ed25519_verifies(changed["key"], changed["message"], changed["signature"])
                assert ours == openssl_verifies(changed["key"], changed["message"], changed["signature"]) is False, part


@pytest.mark.parametrize("name", curves.CASES)
def test_the_edges_are_decided_as_the_specification_says(name: str) -> None:
    case = curves.CASES[name]
    assert edwards.ed25519_verifies(case.key, case.message, case.signature) == case.accepted
    # Strict means: what is accepted here, OpenSSL accepts.
    if case.accepted:
        assert openssl_verifies(case.key, case.message, case.signature)


def test_openssl_accepts_some_that_are_refused_here() -> None:
    """Otherwise the edges would show nothing: keys of small order, and keys in another than their one encoding."""
    lax = [name for name, case in curves.CASES.items()
           if not case.accepted and openssl_verifies(case.key, case.message, case.signature)]
    assert {"a key of small order", "a key that is not canonical"} <= set(lax)


def test_lengths_are_looked_at_first() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key, signature = private.public_key().public_bytes_raw(), private.sign(b"x")
    for wrong in (b"", signature[:-1], signature + b"\0"):
        assert not edwards.ed25519_verifies(key, b"x", wrong)
    for short in (b"", key[:-1], key + b"\0"):
        assert not edwards.ed25519_verifies(short, b"x", signature)


def test_the_constants_are_those_of_the_curve() -> None:
    assert pow(2, edwards.P - 1, edwards.P) == 1
    base = edwards._decoded(edwards._BASE)
    assert base is not None and base[1] * 5 % edwards.P == 4 and base[0] % 2 == 0
    assert edwards._encoded(edwards._times(edwards._BASE, edwards.ORDER)) == b"\1" + bytes(31)
    assert hashlib.sha512().digest_size == 64
