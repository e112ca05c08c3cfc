"""The log changes keys: holders of the old key can follow, a retired or revoked key is believed no longer than it
should be, and a change of keys that is cut off anywhere is finished by asking for it again."""

import io
import os
import stat
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence.custody import checkpoints, files, rotation, sequencer, services, signer, tree, verify
from evidence.custody.kinds import Kind
from evidence.custody.models import Checkpoint
from evidence.tlog import checkpoint, note, ring
from tests.evidence import custody_log as given

pytestmark = pytest.mark.django_db
NAME = "casework-keys.local/log"


@pytest.fixture
def path(tmp_path: Path, settings: Any) -> Path:
    """A signing key of this test's own."""
    settings.SIGNING_KEY = str(tmp_path / "log.key")
    signer.make_key(tmp_path / "log.key", NAME)
    return tmp_path / "log.key"


def grown(count: int = 3) -> Checkpoint:
    given.fill(count)
    signed = checkpoints.sign_checkpoint()
    assert signed
    return signed


def problems(*held: str) -> list[tuple[str, str]]:
    while sequencer.sequence():
        pass
    return [(found.object, found.problem) for found in verify.verify_all(held=held)]


def signatures(signed: Checkpoint) -> list[bytes]:
    return [each.key_id for each in note.parse(signed.note.encode()).signatures]


def test_a_new_key_signs_beside_the_old_one_until_that_is_retired(path: Path) -> None:
    old = signer.public_key()
    first = grown()
    new = rotation.rotate()[0].key
    assert (signer.public_key(), new.name, new.id != old.id) == (new, NAME, True)
    both = grown()
    assert signatures(both) == [new.id, old.id]
    for key in (old, new):
        assert note.verify(both.note.encode(), [key], signer.verifies), "who holds either key can follow"
    rotation.retire()
    alone = grown()
    assert signatures(alone) == [new.id]
    assert [str(term) for term in signer.public_keys()] == [f"{new} from {first.size + 1}", f"{old} until {both.size}"]
    assert problems(first.note, both.note, alone.note) == []
    assert not signer.overlap_path(path, old).exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_each_change_of_keys_is_an_event_of_the_log(path: Path) -> None:
    grown()
    old, new = signer.public_key(), rotation.rotate()[0].key
    grown()
    rotation.retire()
    rotation.revoke(old.id.hex(), 4)
    told = [(act, said) for act, said in rotation._history()]
    assert [act for act, _ in told] == [rotation.ROTATED, rotation.RETIRED, rotation.REVOKED]
    assert (told[0][1]["old"], told[0][1]["new"], told[0][1]["size"]) == (str(old), str(new), 4)
    assert (told[1][1]["key"], told[2][1]["key"], told[2][1]["size"]) == (str(old), str(old), 4)
    assert all(said["operator"] for _, said in told)
    assert problems() == []


def test_keys_change_only_in_an_order_that_leaves_the_log_one(path: Path) -> None:
    old = signer.public_key()
    tries: list[tuple[Callable[[], object], str]] = [
        (rotation.retire, "Rotate first"), (partial(rotation.revoke, old.id.hex(), 0), "rotate first"),
        (partial(rotation.revoke, "00000000", 0), "has no key")]
    for refused, said in tries:
        with pytest.raises(rotation.NotNow, match=said):
            refused()
    rotation.rotate()
    with pytest.raises(rotation.NotNow, match="retire it first"):
        rotation.rotate()
    rotation.revoke(old.id.hex(), 5)
    with pytest.raises(rotation.NotNow, match="cannot be taken back"):
        rotation.revoke(old.id.hex(), 6)
    rotation.revoke(old.id.hex(), 2)
    assert signer.public_keys()[1].revoked == 2
    assert [key for key, _ in signer.signers()] == [signer.public_key()]
    assert problems() == []


def test_a_retired_key_on_a_later_checkpoint_is_a_problem(path: Path) -> None:
    old, sign = signer.signer()
    grown()
    rotation.rotate()
    grown()
    rotation.retire()
    last = grown()
    text = last.note.split("\n\n")[0] + "\n"
    forged = note.sign(text, [(old, sign)]).decode()
    assert problems(forged) == [("checkpoint 1 held outside", "its note does not verify: signed with a key retired at "
                                                              f"size {signer.public_keys()[1].until}")]
    both = note.sign(text, [signer.signer(), (old, sign)]).decode()
    assert "retired at size" in problems(both)[0][1]
    given.fill(2)
    size, root = last.size + 1, tree.root_at(last.size + 1)
    stored = note.sign(checkpoint.write(checkpoint.Checkpoint(NAME, size, root)), [(old, sign)]).decode()
    Checkpoint.objects.create(size=size, root=root, note=stored, signed_at=last.signed_at)
    assert [name for name, said in problems() if "retired at size" in said] == [f"checkpoint {size}"]


def test_what_a_revoked_key_signed_counts_for_nothing_and_the_log_goes_on(path: Path) -> None:
    stolen, sign = signer.signer()
    first, second = grown(), grown()
    rotation.rotate()
    rotation.revoke(stolen.id.hex(), second.size)
    checked: Counter[str] = Counter()
    assert list(verify.verify_all(held=[first.note], checked=checked)) == []
    assert checked["checkpoints of a revoked key"] == 2, "the stored one and the one that the signer remembers"
    assert "revoked from size" in problems(second.note)[0][1], "held outside, nobody knows who signed it"
    third = grown()
    assert signatures(third) == [signer.public_key().id], "the log grew out of what the signer remembers all the same"
    assert problems(first.note, third.note) == []
    forged = note.sign(third.note.split("\n\n")[0] + "\n", [(stolen, sign)]).decode()
    assert "revoked from size" in problems(forged)[0][1]


def test_a_stored_checkpoint_of_a_revoked_key_must_still_agree(path: Path) -> None:
    stolen, sign = signer.signer()
    grown()
    rotation.rotate()
    rotation.revoke(stolen.id.hex(), 1)
    text = checkpoint.write(checkpoint.Checkpoint(NAME, 2, bytes(32)))
    forged = note.sign(text, [(stolen, sign)]).decode()
    Checkpoint.objects.create(size=2, root=bytes(32), note=forged, signed_at="2026-01-01T00:00:00Z")
    assert ("checkpoint 2", "the log has another root at this size: history was changed") in problems()


@pytest.mark.parametrize("harm", ["key smuggled in", "rotation undone", "retirement undone", "revocation undone",
                                  "revocation softened", "retirement moved"])
def test_a_list_of_keys_that_the_log_does_not_confirm_is_a_problem(path: Path, harm: str) -> None:
    old = signer.public_key()
    grown()
    rotation.rotate()
    between = signer.public_keys()
    grown()
    if harm in {"retirement undone", "retirement moved"}:
        rotation.retire()
    elif "revocation" in harm:
        rotation.revoke(old.id.hex(), 2)
    assert problems() == []
    new, ended = signer.public_keys()
    stranger = note.Key(NAME, note.ED25519, bytes(32))
    signer.replace_keys(path, {
        "key smuggled in": (new, ring.Term(stranger, 2, 4), ended), "rotation undone": (ring.Term(old),),
        "retirement undone": between, "revocation undone": (new, ring.Term(old, 0, ended.until)),
        "revocation softened": (new, ring.Term(old, 0, ended.until, 6)),
        "retirement moved": (new, ring.Term(old, 0, 9))}[harm])
    named = {"key smuggled in": stranger, "rotation undone": new.key}.get(harm, old)
    assert f"key {named}" in [name for name, _ in problems()]


def test_events_about_keys_that_say_nothing_break_nothing(path: Path) -> None:
    grown()
    odd: list[dict[str, Any]] = [
        {}, {"act": rotation.ROTATED}, {"act": rotation.ROTATED, "old": [], "new": {}, "size": []}, {"act": []},
        {"act": rotation.REVOKED, "key": str(signer.public_key()), "size": "1", "until": None}]
    for detail in odd:
        services.record(Kind.DECISION, subject="key/0", context=rotation.CONTEXT, agent=services.SYSTEM, detail=detail)
    assert problems() == []
    stranger = note.Key(NAME, note.ED25519, bytes(32))
    services.record(Kind.DECISION, subject="key/0", context=rotation.CONTEXT, agent=services.SYSTEM, detail={
        "act": rotation.ROTATED, "old": str(signer.public_key()), "new": str(stranger), "size": 4})
    assert problems() == [(f"key {stranger}", "is named in the log's history of its keys, and is not listed")]


def test_the_command_makes_rotates_retires_and_revokes(path: Path) -> None:
    def said(*options: str) -> list[str]:
        out = io.StringIO()
        call_command("log_key", *options, stdout=out)
        return out.getvalue().splitlines()

    old = str(signer.public_key())
    assert said() == [old]
    new, first = said("--rotate")
    assert (first, new.endswith(" from 1")) == (old, True)
    assert said() == [new, old]
    assert said("--retire") == [new, f"{old} until 0"]
    assert said("--revoke", old.split("+")[1], "--from", "0") == [new, f"{old} until 0 revoked 0"]
    for wrong, why in [(["--revoke", "00000000"], "belong together"), (["--from", "1"], "belong together"),
                       (["--retire"], "Rotate first"), (["--revoke", "00000000", "--from", "1"], "has no key"),
                       (["--name", "other.example/log"], "keeps its origin")]:
        with pytest.raises(CommandError, match=why):
            call_command("log_key", *wrong)


def test_without_the_private_half_of_each_key_that_signs_nothing_is_signed(path: Path) -> None:
    old = signer.public_key()
    rotation.rotate()
    given.fill(1)
    signer.overlap_path(path, old).unlink()
    with pytest.raises(signer.SignerMissing, match="private half"):
        checkpoints.sign_checkpoint()
    rotation.retire()
    assert checkpoints.sign_checkpoint()
    path.rename(path.with_name("elsewhere"))
    given.fill(1)
    with pytest.raises(signer.SignerMissing):
        checkpoints.sign_checkpoint()


# Cut off anywhere

class CutOff(OSError):
    """The machine stops here."""


def cut_off_at(monkeypatch: pytest.MonkeyPatch, number: int, after: bool) -> Callable[[], int]:
    """The `number`th step that leaves a trace fails, before it is done or right after; returns how many were begun."""
    count = 0

    def wrapped(step: Callable[..., Any]) -> Callable[..., Any]:
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

    for owner, name in [(files, "create"), (files, "sync"), (Path, "replace"), (Path, "unlink"), (services, "record"),
                        (os, "link"), (os, "open")]:
        monkeypatch.setattr(owner, name, wrapped(getattr(owner, name)))
    return lambda: count


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("act", ["rotate", "retire", "revoke"])
def test_a_change_of_keys_cut_off_at_any_step_still_signs_and_is_finished_by_asking_again(
        path: Path, monkeypatch: pytest.MonkeyPatch, act: str, after: bool, tmp_path: Path, settings: Any) -> None:
    faults = 0
    for number in range(1, 99):
        settings.SIGNING_KEY = str(tmp_path / f"{number}.key")
        old = signer.make_key(Path(settings.SIGNING_KEY), f"log-{number}.example/log")
        acts: dict[str, Callable[[], Any]] = {"rotate": rotation.rotate, "retire": rotation.retire,
                                              "revoke": partial(rotation.revoke, old.id.hex(), 1)}
        change = acts[act]
        if act != "rotate":
            rotation.rotate()
        with monkeypatch.context() as patched:
            begun = cut_off_at(patched, number, after)
            try:
                change()
            except (OSError, signer.SignerMissing):
                faults += 1
        if begun() < number:
            break
        assert signer.signers(), "whatever happened, the log can be signed"
        # Where it was done in spite of the fault, there is nothing left to do.
        with suppress(rotation.NotNow):
            change()
        terms = signer.public_keys()
        assert len(terms) == 2
        assert terms[1].signs == (act == "rotate")
        assert signer.signers()[0][0] == terms[0].key
        assert signer._private(Path(settings.SIGNING_KEY)).public == terms[0].key
        assert signer.overlap_path(Path(settings.SIGNING_KEY), old).exists() == (act == "rotate")
    assert faults >= 5
    sys.stdout.write(f"{act}, {'after' if after else 'before'} each step: {faults} faults\n")
