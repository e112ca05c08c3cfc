"""What the signer remembers beside its key: a database that was put back, cut off, exchanged or rewritten gets no
further signature, and a crash between the file and the row wedges nothing."""

import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from evidence.custody import checkpoints, files, heads, memory, rotation, signer, verify
from evidence.custody.models import Checkpoint, Tile
from evidence.custody.tree import LogDamaged, root_at
from evidence.tlog import checkpoint, note
from tests.evidence import custody_log as given


@pytest.fixture
def log(real_db: None) -> Checkpoint:
    """Five events under a checkpoint and three more under the one that is returned."""
    given.key()
    given.fill(5)
    checkpoints.sign_checkpoint()
    given.fill(3)
    last = checkpoints.sign_checkpoint()
    assert last
    return last


def test_the_signer_remembers_what_it_signed(log: Checkpoint) -> None:
    assert memory.text() == log.note
    assert memory.head() == checkpoint.Checkpoint(given.NAME, 8, bytes(log.root))
    assert memory.path_of().stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("size", [0, 3, 5, 7])
@pytest.mark.parametrize("grown", [0, 2, 9])
def test_a_database_that_was_put_back_is_noticed_before_anything_is_signed(
        log: Checkpoint, size: int, grown: int) -> None:
    given.cut_back_to(size)
    given.fill(grown)
    with pytest.raises(LogDamaged, match="the signer remembers size 8 root") as refused:
        checkpoints.sign_checkpoint()
    there = size + grown
    assert bytes(log.root).hex() in str(refused.value)
    assert root_at(min(there, 8)).hex() in str(refused.value), "both heads are named"
    assert Checkpoint.objects.filter(size__gt=size).count() == 0
    assert memory.text() == log.note
    assert "checkpoint that the signer remembers" in [found.object for found in verify.verify_all()]


def test_a_database_that_says_the_same_size_with_another_root_is_noticed_while_nothing_is_new(log: Checkpoint) -> None:
    given.cut_back_to(5)
    given.fill(3)
    text = checkpoint.write(checkpoint.Checkpoint(given.NAME, 8, root_at(8)))
    forged = note.sign(text, signer.signers()).decode()
    Checkpoint.objects.create(size=8, root=root_at(8), note=forged, signed_at=log.signed_at)
    with pytest.raises(LogDamaged, match="another root at that size"):
        checkpoints.sign_checkpoint()


def test_a_rewritten_leaf_below_the_last_checkpoint_is_noticed_whoever_signed_over_it(log: Checkpoint) -> None:
    tile = Tile.objects.get(level=0)
    hashes = bytearray(bytes(tile.hashes))
    hashes[3] ^= 1
    Tile.objects.update(hashes=bytes(hashes))
    given.as_superuser("DELETE FROM evidence_checkpoint", "evidence_checkpoint")
    with pytest.raises(LogDamaged, match="the signer remembers size 8"):
        checkpoints.sign_checkpoint()


def remembered() -> int:
    head = memory.head()
    assert head
    return head.size


class CutOff(OSError):
    """The machine stops here."""


@pytest.mark.parametrize("grown", [0, 4])
def test_a_crash_after_the_file_and_before_the_row_is_gone_on_from(
        log: Checkpoint, monkeypatch: pytest.MonkeyPatch, grown: int) -> None:
    given.fill(2)

    def stop(**_row: Any) -> None:
        raise CutOff

    with monkeypatch.context() as patched:
        patched.setattr(Checkpoint.objects, "create", stop)
        with pytest.raises(CutOff):
            checkpoints.sign_checkpoint()
    assert (checkpoints.latest(), remembered()) == (log, 10)
    unpublished = memory.text()
    given.fill(grown)
    assert list(verify.verify_all()) == []
    signed = checkpoints.sign_checkpoint()
    assert signed
    assert signed.size == 10 + grown
    assert (signed.note == unpublished) == (grown == 0), "of one size there is one checkpoint"
    # It never left the machine. Who had it all the same is told that it is not among those that did.
    said = [one.problem for one in verify.verify_all(held=[unpublished])]
    assert said == ([] if grown == 0 else ["is not among the checkpoints kept here: its row was taken away"])


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_at_any_step_of_remembering_leaves_one_whole_head(
        log: Checkpoint, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    faults = 0
    for number in range(1, 20):
        before, count = memory.text(), 0
        given.fill(1)

        def broken(step: Any, number: int = number) -> Any:
            def run(*args: Any, **more: Any) -> Any:
                nonlocal count
                count += 1
                if count == number and not after:
                    raise CutOff
                done = step(*args, **more)
                if count == number:
                    raise CutOff
                return done
            return run

        with monkeypatch.context() as patched:
            for owner, name in [(files, "create"), (files, "sync"), (Path, "replace"), (Path, "unlink"),
                                (os, "fsync")]:
                patched.setattr(owner, name, broken(getattr(owner, name)))
            try:
                checkpoints.sign_checkpoint()
            except signer.SignerMissing:
                faults += 1
                assert memory.text() == before or remembered() == checkpoints.log_size(), "never half a head"
                published = checkpoints.latest()
                assert published
                assert published.note == before, "nothing is published that is not remembered"
        if count < number:
            break
        checkpoints.sign_checkpoint()
        assert list(verify.verify_all()) == []
    sys.stdout.write(f"{'after' if after else 'before'} each step: {faults} faults\n")
    assert faults >= 5


def test_a_signer_that_cannot_remember_does_not_sign(log: Checkpoint) -> None:
    lock = memory.path_of().with_name(memory.path_of().name + ".lock")
    lock.unlink()
    lock.mkdir()
    try:
        given.fill(1)
        with pytest.raises(signer.SignerMissing, match="cannot remember"):
            checkpoints.sign_checkpoint()
    finally:
        lock.rmdir()
    assert checkpoints.latest() == log
    assert checkpoints.sign_checkpoint()


@pytest.mark.parametrize("kept", ["", "nonsense", "\n\n", "two\n"])
def test_what_is_no_head_is_named_and_nothing_is_signed(log: Checkpoint, kept: str) -> None:
    memory.path_of().write_text(kept)
    given.fill(1)
    if not kept:
        assert checkpoints.sign_checkpoint(), "a signer that has signed nothing yet begins from the database"
        return
    with pytest.raises(LogDamaged, match="is no checkpoint"):
        checkpoints.sign_checkpoint()
    assert "checkpoint that the signer remembers" in [found.object for found in verify.verify_all()]


def test_the_head_of_another_log_is_not_grown_out_of(log: Checkpoint) -> None:
    text = checkpoint.write(checkpoint.Checkpoint("other.example/log", 8, bytes(log.root)))
    memory.path_of().write_text(note.sign(text, signer.signers()).decode())
    given.fill(1)
    with pytest.raises(LogDamaged, match="of another log"):
        checkpoints.sign_checkpoint()


def test_a_declared_restore_is_gone_on_from_and_the_head_given_up_is_kept(log: Checkpoint) -> None:
    given.cut_back_to(5)
    restored = checkpoints.latest()
    assert restored
    given_up = memory.declare_restored(restored.note)
    assert given_up == checkpoint.Checkpoint(given.NAME, 8, bytes(log.root))
    kept = memory.path_of().with_name(f"{memory.path_of().name}.given-up-8-{bytes(log.root).hex()[:8]}")
    assert kept.read_text() == log.note
    given.fill(6)
    signed = checkpoints.sign_checkpoint()
    assert signed
    # No people declared it here, and verification says that of the file.
    assert [found.object for found in verify.verify_all()] == [f"head in {kept.name}"]
    assert [found.object for found in verify.verify_all(held=[log.note])] == [
        "checkpoint 1 held outside", f"head in {kept.name}"]
    with pytest.raises(note.NoteError):
        memory.declare_restored("nonsense")
    assert memory.text() == signed.note
    assert memory.declare_restored("") == checkpoint.Checkpoint(given.NAME, signed.size, bytes(signed.root))
    assert memory.head() is None
    kept.unlink()


@pytest.mark.usefixtures("real_db")
@pytest.mark.parametrize("lost", [1, 30])
def test_after_a_declared_restore_the_log_is_told_again_what_keys_it_has(
        tmp_path: Path, settings: Any, lost: int) -> None:
    settings.SIGNING_KEY = str(tmp_path / "log.key")
    signer.make_key(tmp_path / "log.key", given.NAME)
    given.fill(3)
    first = checkpoints.sign_checkpoint()
    assert first
    rotation.rotate()
    given.fill(lost)
    checkpoints.sign_checkpoint()
    rotation.retire()
    rotation.rotate()
    rotation.revoke(signer.public_keys()[1].key.id.hex(), 2)
    last = checkpoints.latest()
    assert last
    assert rotation.restate(last.size) == 0
    given.fill(1)
    assert checkpoints.sign_checkpoint()
    assert list(verify.verify_all()) == []
    given.cut_back_to(first.size)
    memory.declare_restored(first.note)
    for kept in memory.given_up():
        kept.unlink()
    assert {found.object for found in verify.verify_all()} == {f"key {term.key}" for term in signer.public_keys()}
    given.fill(1)
    if lost > 9:
        with pytest.raises(LogDamaged, match="would not be believed"):
            checkpoints.sign_checkpoint()
    assert rotation.restate(first.size) == 4
    given.fill(1)
    assert checkpoints.sign_checkpoint()
    assert list(verify.verify_all(held=[first.note])) == []


def test_two_signers_of_one_key_wait_for_each_other_though_their_databases_differ(log: Checkpoint) -> None:
    given.fill(1)
    made: list[Checkpoint | None] = []

    def sign() -> None:
        made.append(checkpoints.sign_checkpoint())
        connections.close_all()

    thread = threading.Thread(target=sign)
    with memory.held():
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        assert memory.text() == log.note
    thread.join(10)
    assert made[0]
    assert memory.text() == made[0].note


@pytest.mark.usefixtures("log")
def test_leaves_are_signed_only_after_they_are_committed() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        checkpoints.sign_checkpoint()


def test_a_checkpoint_signed_while_the_log_is_verified_is_no_alarm(log: Checkpoint) -> None:
    watch = heads.Watch(())
    given.fill(2)
    assert checkpoints.sign_checkpoint()
    assert list(watch.reached(5, root_at(5))) == list(watch.reached(8, root_at(8))) == []
    assert list(watch.unreached(8)) == []
    assert watch.seen == 3
