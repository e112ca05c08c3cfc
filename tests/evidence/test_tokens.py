"""Which answers of a time-stamping authority are believed: ours and `openssl ts -verify` agree, lie by lie."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evidence.custody import tokens
from tests.evidence.authority import POLICY, Authority, Chain, certificate, forged, openssl_accepts, pem

DATA = "origin.example/log\n7\nroot\n\n— origin.example/log c2lnbmF0dXJl\n".encode()


@dataclass
class World:
    """What a liar has at hand. `chain` is pinned; `query` is the one to be answered."""

    authority: Authority
    rogue: Chain
    query: bytes
    nonce: int

    @property
    def chain(self) -> Chain:
        return self.authority.chain


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def world(authority: Authority) -> World:
    asked = tokens.request(DATA)
    return World(authority, Chain("authority.example"), asked.as_bytes(), asked.nonce or 0)


def accepted(world: World, answer: bytes, chain: Chain | None = None) -> str:
    """Empty when it is believed, else why not."""
    try:
        tokens.read(answer, data=DATA, chain=(chain or world.chain).whole, policy=POLICY, nonce=world.nonce)
    except tokens.Refused as refused:
        return str(refused)
    return ""


def test_an_honest_answer_is_believed_by_both(world: World, tmp_path: Path) -> None:
    answer = world.authority.reply(world.query)
    token = tokens.read(answer, data=DATA, chain=world.chain.whole, policy=POLICY, nonce=world.nonce)
    assert abs(token.gen_time - datetime.now(UTC)) < timedelta(seconds=5)
    assert (token.policy, token.accuracy_us, token.response) == (POLICY, 1_500_000, answer)
    assert token.serial > 0
    assert openssl_accepts(tmp_path, answer, world.chain.whole, query=world.query)


def test_a_forger_who_has_the_key_would_be_believed_by_both(world: World, tmp_path: Path) -> None:
    """Otherwise the lies below would be refused for how they are made, not for what they say."""
    answer = forged(world.query, world.chain.key, world.chain.leaf)
    assert accepted(world, answer) == ""
    assert openssl_accepts(tmp_path, answer, world.chain.whole, query=world.query)


def sign(world: World, **lie: Any) -> bytes:
    return forged(world.query, world.chain.key, world.chain.leaf, **lie)


def other_query(world: World) -> bytes:
    """The same bytes, asked for at another time."""
    return world.authority.reply(tokens.request(DATA).as_bytes())


# What is told → how, and what our verifier calls it.
LIES: dict[str, tuple[Callable[[World], bytes], str]] = {
    "wrong nonce": (lambda w: sign(w, nonce=w.nonce ^ 1), "nonce"),
    "wrong imprint": (lambda w: sign(w, data=DATA + b"x"), "imprint is of other bytes"),
    "other hash algorithm": (lambda w: sign(w, data=DATA, algorithm="sha512"), "imprint is not SHA-256"),
    "older hash algorithm": (lambda w: sign(w, data=DATA, algorithm="sha1"), "imprint is not SHA-256"),
    "forged signature": (lambda w: forged(w.query, w.rogue.key, w.chain.leaf), "certificate|signature|verif"),
    "untrusted root": (lambda w: forged(w.query, w.rogue.key, w.rogue.leaf), "certificate|verif"),
    "rogue with its root embedded": (lambda w: forged(w.query, w.rogue.key, w.rogue.leaf, embedded=w.rogue.whole),
                                     "certificate|verif"),
    "rogue behind the good certificate": (lambda w: forged(
        w.query, w.rogue.key, w.rogue.leaf, embedded=[w.chain.leaf, *w.rogue.whole]), "certificate|verif"),
    "replayed": (other_query, "nonce"),
    "truncated": (lambda w: w.authority.reply(w.query)[:-7], "ValueError"),
    "rejection": (lambda w: bytes.fromhex("30053003020102"), "status 2"),
    "nothing": (lambda w: b"", "ValueError"),
    "a page": (lambda w: b"<html>Sign in to the network</html>", "ValueError"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_by_both(world: World, tmp_path: Path, lie: str) -> None:
    make, why = LIES[lie]
    answer = make(world)
    refused = accepted(world, answer)
    assert refused
    assert any(word in refused for word in why.split("|")), refused
    assert not openssl_accepts(tmp_path, answer, world.chain.whole, query=world.query)


@pytest.mark.parametrize(("bad", "why"), [
    ({"leaf_days": (-30, -1)}, "not valid"), ({"leaf_days": (1, 30)}, "not valid"),
    ({"issuer_days": (-30, -1)}, "not valid"), ({"stamping": False}, "EKU|verif|certificate")],
    ids=["expired", "not yet valid", "expired issuer", "not for time-stamping"])
def test_a_certificate_that_is_no_authority_is_refused_by_both(world: World, tmp_path: Path, bad: dict,
                                                               why: str) -> None:
    """Even where somebody pinned it."""
    chain = Chain("bad.example", **bad)
    answer = forged(world.query, chain.key, chain.leaf)
    assert any(word in accepted(world, answer, chain) for word in why.split("|"))
    assert not openssl_accepts(tmp_path, answer, chain.whole, query=world.query)


def test_what_openssl_lets_pass_is_refused_by_us(world: World, tmp_path: Path) -> None:
    """It takes any certificate below the root, answers with changes, any policy and a longer file."""
    sister = Chain("sister.example")
    sister.leaf = certificate("sister.example", sister.key, world.chain.issuer, world.chain.issuer_key, stamping=True)
    answers = {"match": Authority(tmp_path / "sister", sister).reply(world.query),
               "status 1": sign(world, status="granted_with_mods"), "policy": sign(world, policy="1.2.3.4.99"),
               "ValueError": world.authority.reply(world.query) + b"\0"}
    for why, answer in answers.items():
        assert openssl_accepts(tmp_path, answer, world.chain.whole, query=world.query)
        assert why in accepted(world, answer)


def test_random_damage_never_does_more_than_be_refused(world: World) -> None:
    """Whatever is still believed after a byte was changed tells the same time over the same bytes."""
    chance, answer = random.Random(7), world.authority.reply(world.query)
    told = tokens.read(answer, data=DATA, chain=world.chain.whole, nonce=world.nonce)
    for _ in range(400):
        damaged = bytearray(answer)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        try:
            still = tokens.read(bytes(damaged), data=DATA, chain=world.chain.whole, nonce=world.nonce)
        except tokens.Refused:
            continue
        assert (still.gen_time, still.serial, still.policy) == (told.gen_time, told.serial, told.policy)


@pytest.mark.parametrize(("make", "why"), [
    (lambda c: b"", "not certificates"), (lambda c: b"nonsense", "not certificates"),
    (lambda c: pem(c.issuer, c.root), "not for time-stamping"),
    (lambda c: pem(c.leaf, c.issuer), "own root|not signed"),
    (lambda c: pem(c.leaf, c.root), "own root|not signed"),
    (lambda c: pem(*Chain("a", stamping=False).whole), "time-stamp"),
    (lambda c: pem(c.leaf, *Chain("authority.example").whole[1:]), "not signed")])
def test_pinned_certificates_are_a_chain_or_refused(world: World, make: Callable[[Chain], bytes], why: str) -> None:
    assert tokens.read_chain(pem(*world.chain.whole)) == world.chain.whole
    with pytest.raises(tokens.NotAnAuthority, match=why):
        tokens.read_chain(make(world.chain))
