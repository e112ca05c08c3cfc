"""The parts of a self-test: each is a function that answers what is wrong, or nothing. Nothing is left behind."""

import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from evidence.custody import signer
from evidence.jail import services as jail
from evidence.store import services as store
from evidence.store.errors import Damaged, StoreFull, StoreUnavailable
from evidence.tlog import canonical, merkle

# FIPS 180-2, RFC 4231 case 2, and the eight leaves with which implementations of RFC 6962 are compared.
_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
_JEFE = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
_PROBE = b"casework self-test\n"


def hashes() -> str:
    """Known answers: hash, commitment, tree, canonical form."""
    frontier = merkle.Frontier()
    for leaf in _LEAVES:
        frontier.append(merkle.leaf_hash(bytes.fromhex(leaf)))
    answers = {"SHA-256": hashlib.sha256(b"abc").hexdigest() == _ABC,
               "HMAC-SHA-256": hmac.digest(b"Jefe", b"what do ya want for nothing?", "sha256").hex() == _JEFE,
               "the tree": frontier.root().hex() == _ROOT,
               "the canonical form": canonical.encode({"b": [1, None], "a": "ä"}) == '{"a":"ä","b":[1,null]}'.encode()}
    return ", ".join(f"{name} gives a wrong answer" for name, right in answers.items() if not right)


def evidence() -> str:
    return _exercise(store.EVIDENCE)


def archive() -> str:
    return _exercise(store.ARCHIVE)


def _exercise(alias: str) -> str:
    """Write, read back and discard."""
    try:
        return "" if store.exercise(alias) else "what was written came back as something else"
    except (StoreFull, StoreUnavailable, Damaged, OSError) as error:
        return f"{type(error).__name__}: {error}"


def signing() -> str:
    """The log's public keys are there; where private ones are too, each that signs belongs to one of those."""
    try:
        expected = {term.key for term in signer.public_keys() if term.signs}
        # A machine that only serves pages has no private key, and should not.
        if not Path(settings.SIGNING_KEY).exists():
            return ""
        pairs = signer.signers()
    except signer.SignerMissing as error:
        return str(error)
    right = {key for key, sign in pairs if signer.verifies(key, _PROBE, sign(_PROBE))}
    return "" if right == expected else "private and public keys differ"


def jailed() -> str:
    """Every way out of the jail is shut on this machine."""
    shut = jail.describe()
    return "no child runs" if not shut else ", ".join(f"{way} is open" for way, is_shut in shut.items() if not is_shut)


PARTS: dict[str, Callable[[], str]] = {
    "hashes": hashes, "store": evidence, "archive": archive, "signer": signing, "jail": jailed}
