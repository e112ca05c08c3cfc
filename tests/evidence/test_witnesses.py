"""Witnesses: shown every checkpoint with its proof, believed as far as they sign, heard when they object."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from evidence.custody import checkpoints, egress, holders, policies, published, rounds, signer, witnesses
from evidence.custody.models import Checkpoint
from evidence.custody.outside import Cosignature, Party, Refusal
from evidence.tlog import checkpoint, merkle, note, policy
from tests.evidence import custody_log as given
from tests.evidence.witness import Witness, grew, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def witness(tmp_path: Path, settings: Any) -> Iterator[Witness]:
    with serving(make(tmp_path, "w1.example")) as running:
        settings.LOG_POLICY = policy_of(running)
        yield running


def make(folder: Path, name: str) -> Witness:
    key = given.key()
    return Witness(folder, name, {key.name: (key.material, key.id)})


def policy_of(*running: Witness, quorum: str = "none") -> policy.Policy:
    lines = [f"witness {one.name.partition('.')[0]} {one.vkey} {one.url}" for one in running]
    return policy.parse("\n".join([*lines, *([quorum] if " " in quorum else []),
                                   f"quorum {'g' if ' ' in quorum else quorum}", ""]).encode())


def signed(entries: int = 3) -> Checkpoint:
    given.key()
    given.fill(entries)
    made = checkpoints.sign_checkpoint()
    assert made
    return made


def party() -> Party:
    return Party.objects.get(kind="witness")


def be_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + timedelta(seconds=601)
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_a_checkpoint_is_cosigned_and_served_with_its_cosignature(witness: Witness) -> None:
    head = signed()
    assert rounds.go() == 1
    row = Cosignature.objects.get()
    assert (row.checkpoint, row.witness, row.key) == (head, "w1.example", witness.vkey)
    assert abs(row.cosigned_at - timezone.now()) < timedelta(seconds=5)
    shown = published.latest()
    assert shown and shown.note == head.note + row.line
    assert note.verify(shown.note.encode(), [given.key()], signer.verifies)
    assert [(one.kind, one.who, one.size) for one in holders.each()] == [("witness", "w1.example", 3)]
    assert witness.known()[given.NAME] == {"size": 3, "root": bytes(head.root).hex()}


def test_every_new_checkpoint_comes_with_the_proof_that_the_log_only_grew(witness: Witness) -> None:
    for entries in (1, 2, 5, 248, 1, 300):
        signed(entries)
        assert [witnesses.submit_due() for _ in range(2)] == [1, 0]
    assert [body.split(b"\n")[0] for body in witness.asked] == [
        b"old 0", b"old 1", b"old 3", b"old 8", b"old 256", b"old 257"]
    assert witness.asked[0].startswith(b"old 0\n\n")
    assert Cosignature.objects.count() == 6


def test_a_witness_that_knows_more_of_us_than_we_remember_says_so_and_is_asked_from_there(witness: Witness) -> None:
    first = signed()
    witness.forget(first.size, bytes(first.root), given.NAME)
    signed()
    assert witnesses.submit_due() == 1
    assert [body.split(b"\n")[0] for body in witness.asked] == [b"old 0", b"old 3"]


@pytest.mark.parametrize(("state", "problem"), [
    (lambda head: (3, b"another root".ljust(32, b".")), "fork"), (lambda head: (99, b"r" * 32), "ahead")])
def test_a_witness_that_holds_another_history_is_an_alarm(witness: Witness, state: Any, problem: str) -> None:
    head = signed()
    size, root = state(head)
    witness.forget(size, root, given.NAME)
    signed()
    assert witnesses.submit_due() == 0
    row = party()
    assert row.problem == problem
    assert witnesses.states()[0].alarm
    assert Refusal.objects.get().problem == problem
    assert not Cosignature.objects.exists()


def test_another_root_at_the_same_size_is_an_alarm(witness: Witness) -> None:
    head = signed()
    witness.forget(head.size, b"another root".ljust(32, b"."), given.NAME)
    assert witnesses.submit_due() == 0
    assert party().problem == "fork"


def test_a_witness_that_forgot_what_it_cosigned_is_an_alarm(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    signed()
    witnesses.submit_due()
    witness.state.unlink()
    signed()
    assert witnesses.submit_due() == 0
    assert (party().problem, Refusal.objects.get().size) == ("behind", 6)
    be_patient(monkeypatch)
    assert witnesses.submit_due() == 0
    assert party().failures == 2


def other_key(witness: Witness, body: bytes) -> tuple[int, str, bytes]:
    return 200, "text/plain", witness.cosign(text_of(body), Ed25519PrivateKey.generate())


def foreign_key(witness: Witness, body: bytes) -> tuple[int, str, bytes]:
    private = Ed25519PrivateKey.generate()
    return 200, "text/plain", witness.cosign(text_of(body), private, witness.id_of(private))


def other_text(witness: Witness, body: bytes) -> tuple[int, str, bytes]:
    """What it tells others: the same size with another root."""
    head = checkpoint.parse(text_of(body))
    return 200, "text/plain", witness.cosign(checkpoint.write(checkpoint.Checkpoint(head.origin, head.size, b"x" * 32)))


def text_of(body: bytes) -> str:
    return note.parse(body.partition(b"\n\n")[2]).text


@pytest.mark.parametrize(("lie", "problem"), [
    (other_key, "refused"), (foreign_key, "refused"), (other_text, "refused"),
    (lambda w, b: (200, "text/plain", b""), "refused"), (lambda w, b: (200, "text/plain", b"<html>"), "refused"),
    (lambda w, b: (404, "text/plain", b""), "unknown_log"), (lambda w, b: (403, "text/plain", b""), "untrusted_key"),
    (lambda w, b: (422, "text/plain", b""), "fork"), (lambda w, b: (500, "text/plain", b""), "status"),
    (lambda w, b: (409, "text/plain", b"one\n"), "status"), (lambda w, b: (409, "text/plain", b"0\n"), "status"),
    (lambda w, b: (409, "text/plain", b"7" * 5000), "status"),
    (lambda w, b: (200, "text/plain", b"x" * 10**6), "too_large")])
def test_what_a_witness_answers_is_believed_only_as_far_as_it_verifies(
        witness: Witness, lie: Any, problem: str) -> None:
    signed()
    witness.answer = lambda body: lie(witness, body)
    assert rounds.go() == 0
    assert party().problem == problem
    assert not Cosignature.objects.exists()
    assert signed().size == 6, "signing goes on"
    assert holders.latest() is None


def test_an_old_cosignature_is_no_new_one(witness: Witness) -> None:
    signed()
    witnesses.submit_due()
    old = Cosignature.objects.get().line.encode()
    signed()
    witness.answer = lambda body: (200, "text/plain", old)
    assert witnesses.submit_due() == 0
    assert party().problem == "refused"


def test_a_witness_that_sends_us_round_and_round_is_left_alone(witness: Witness) -> None:
    signed(9)
    sizes = iter(range(1, 9))
    witness.answer = lambda body: (409, "text/x.tlog.size", f"{next(sizes)}\n".encode())
    assert witnesses.submit_due() == 0
    assert len(witness.asked) == witnesses.MOST_TRIES


def test_a_witness_that_is_down_holds_up_nobody(
        witness: Witness, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "SECONDS", 0.3)
    with serving(make(tmp_path, "w2.example")) as second:
        down = make(tmp_path, "down.example")
        down.url = "http://127.0.0.1:1/w"
        settings.LOG_POLICY = policy_of(down, witness, second)
        signed()
        assert rounds.go() == 2
    assert [(one.witness.name, one.party.problem) for one in witnesses.states()] == [
        ("down", "unreachable"), ("w1", ""), ("w2", "")]


@pytest.mark.parametrize(("quorum", "cosigning", "size", "reached"), [
    ("none", "w1", 6, None), ("w1", "w1", 3, True), ("w2", "w1", 6, False), ("group g 2 w1 w2", "w1", 6, False),
    ("group g 2 w1 w2", "w1 w2", 3, True), ("group g any w1 w2", "w2", 3, True)])
def test_the_newest_checkpoint_that_makes_the_quorum_is_shown(
        tmp_path: Path, settings: Any, quorum: str, cosigning: str, size: int, reached: bool | None) -> None:
    with serving(make(tmp_path, "w1.example")) as one, serving(make(tmp_path, "w2.example")) as two:
        for each in (one, two):
            if each.name.partition(".")[0] not in cosigning.split():
                each.answer = lambda body: (500, "text/plain", b"")
        settings.LOG_POLICY = policy_of(one, two, quorum=quorum)
        signed()
        rounds.go()
        signed()
    shown = published.latest()
    assert shown and (shown.checkpoint.size, shown.quorum) == (size, reached)
    expected = cosigning.split() if size == 3 else []
    signers = [line.split()[1] for line in shown.note.splitlines() if line.startswith("—")]
    assert [name.partition(".")[0] for name in signers[1:]] == expected


def test_the_published_policy_has_our_key_and_is_a_policy(witness: Witness) -> None:
    read = policy.parse(policies.published())
    assert [str(log.key) for log in read.logs] == [str(given.key())]
    assert read.witnesses == policies.current().witnesses


@pytest.mark.parametrize("new", [1, 2, 3, 7, 8, 9, 13, 16, 17])
def test_the_witness_of_these_tests_and_our_own_mathematics_agree(new: int) -> None:
    """Two readings of RFC 6962, and neither takes a proof of something else."""
    frontier, roots = merkle.Frontier(), [merkle.EMPTY_ROOT]
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(new)]
    for leaf in leaves:
        frontier.append(leaf)
        roots.append(frontier.root())
    nodes = {}
    for level in range(6):
        for index in range(new >> level):
            nodes[level, index] = merkle.fold(leaves[index << level:(index + 1) << level])
    for old in range(1, new + 1):
        proof = merkle.consistency_proof(old, new, lambda level, index: nodes[level, index])
        assert grew(old, new, roots[old], roots[new], proof)
        assert not grew(old, new, b"x" * 32, roots[new], proof)
        assert not grew(old, new, roots[old], roots[new], [*proof, b"x" * 32])
        if proof:
            assert not grew(old, new, roots[old], roots[new], [b"x" * 32, *proof[1:]])
            assert not grew(old, new, roots[old], roots[new], proof[1:])


def test_an_old_quorum_is_found_however_many_checkpoints_came_after(
        tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "_PAGE", 3)
    with serving(make(tmp_path, "w1.example")) as one, serving(make(tmp_path, "w2.example")) as two:
        settings.LOG_POLICY = policy_of(one, two, quorum="group g 2 w1 w2")
        both = signed()
        rounds.go()
        two.answer = lambda body: (500, "text/plain", b"")
        for _ in range(7):
            signed(1)
            witnesses.submit_due()
    assert Cosignature.objects.count() == 9
    shown = published.latest()
    assert shown and (shown.checkpoint, shown.quorum) == (both, True)
