"""verify.py judges bags, receipts and kept checkpoints: each verdict, each kind of wrong, and what it leaves out."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evidence.tlog import note
from evidence.tlog.offline.fault_texts import FAULT_TEXTS
from tests.evidence import mutants, mutants_restored, shapes
from tests.evidence.bags import (
    CASE,
    ORIGIN,
    Artefact,
    Log,
    event_line,
    head_line,
    receipt,
    seal,
    signed_checkpoint,
    signer,
)
from tests.evidence.both import PythonVerifier, verdict
from tests.evidence.mutants_bytes import MUTATORS as BYTES
from tests.evidence.mutants_forms import MUTATORS as FORMS
from tests.evidence.mutants_forms import remade
from tests.evidence.mutants_keys import MUTATORS as KEYS
from tests.evidence.mutants_outside import MUTATORS as OUTSIDE
from tests.evidence.mutants_outside import true_key
from tests.evidence.mutants_restored import MUTATORS as RESTORED
from tests.evidence.mutants_sealed import MUTATORS as SEALED
from tests.evidence.zip_tricks import TRICKS, members_of, written

COUNT = 150


@pytest.fixture(scope="module")
def verifier() -> PythonVerifier:
    return PythonVerifier()


def a_bag(seed: int = 3, form: str = "folder", **given: Any) -> Artefact:
    """A bag with exhibits, a dossier, timestamps, heads, a witness and something withheld; nothing given."""
    for number in range(seed, seed + 2000):
        made = shapes.make(random.Random(number), form)
        assert made.bag is not None
        files = made.bag.files
        if (len(made.bag.exhibits) > 1 and "proofs/timestamps/1.note" in files and made.bag.witnesses
                and b'"content":null' in files["proofs/events.jsonl"]
                and any(path.startswith("data/dossier") for path in files)):
            return replace(made, keys=(), checkpoints=(), receipts=(), **given)
    raise AssertionError


def codes(answer: dict[str, Any], which: str = "faults") -> list[str]:
    return [one["code"] for one in answer[which]]


@pytest.mark.parametrize("seed", range(COUNT))
def test_what_is_valid_gets_the_verdict_that_it_must_get(verifier: PythonVerifier, seed: int) -> None:
    artefact = shapes.make(random.Random(seed))
    answer = verifier.judge(artefact)
    assert verdict(answer) in artefact.expected, answer["faults"]


@pytest.mark.parametrize("seed", range(COUNT, 3 * COUNT))
def test_what_is_wrong_is_accepted_by_no_verdict(verifier: PythonVerifier, seed: int) -> None:
    chance = random.Random(seed)
    artefact = mutants.mutate(shapes.make(chance), chance)
    answer = verifier.judge(artefact)
    assert verdict(answer) in artefact.expected, artefact.what
    assert set(codes(answer)) <= set(FAULT_TEXTS) if "faults" in answer else answer == {"exit": 2}


@pytest.mark.parametrize("mutator", [*SEALED, *FORMS, *KEYS, *OUTSIDE, *RESTORED], ids=lambda mutator: mutator.__name__)
def test_each_way_of_being_wrong_is_found(verifier: PythonVerifier, mutator: Any) -> None:
    """Ten of each kind: some are rare among many."""
    chance, seen = random.Random(mutator.__name__), 0
    while seen < 10:
        artefact = mutator(shapes.make(chance), chance)
        if artefact is not None:
            seen += 1
            assert verdict(verifier.judge(artefact)) in artefact.expected


@pytest.mark.parametrize("trick", TRICKS)
def test_a_zip_file_that_two_programs_may_read_differently_is_refused(verifier: PythonVerifier, trick: str) -> None:
    artefact = a_bag(form="zip")
    assert artefact.bag is not None
    archive = TRICKS[trick](members_of(artefact.bag.files), random.Random(trick))
    answer = verifier.judge(replace(artefact, archive=archive, keys=(true_key(artefact),)))
    assert verdict(answer) == "FAILED"
    assert codes(answer)[0].startswith(("zip.", "layout.", "baginfo.")), codes(answer)


def test_the_zip_writer_of_the_tricks_writes_good_files_too(verifier: PythonVerifier) -> None:
    artefact = a_bag(form="zip")
    assert artefact.bag is not None
    for wide in ("", "well"):
        good = written(members_of(artefact.bag.files), wide=wide)
        assert verdict(verifier.judge(replace(artefact, archive=good, keys=(true_key(artefact),)))) == "VERIFIED"


def test_the_four_verdicts_of_one_bag(verifier: PythonVerifier) -> None:
    bare = a_bag()
    bag = bare.bag
    assert bag is not None
    kept = signed_checkpoint(bag.log, bag.size, bag.signers[:1])
    cases = {"KEY NOT ESTABLISHED": bare, "VERIFIED": replace(bare, keys=(true_key(bare),)),
             "CONSISTENT": replace(bare, checkpoints=(kept,)),
             "FAILED": replace(bare, keys=(str(signer(77).key),))}
    assert {name: verdict(verifier.judge(case)) for name, case in cases.items()} == {name: name for name in cases}
    assert [verifier.judge(case)["exit"] for case in cases.values()] == [4, 0, 3, 1]


def test_it_says_what_it_checked_and_what_it_did_not(verifier: PythonVerifier) -> None:
    artefact = a_bag()
    bag = artefact.bag
    assert bag is not None
    answer = verifier.judge(replace(artefact, keys=(true_key(artefact),)))
    assert codes(answer, "checked") == ["files", "events", "bound", "heads", "timestamps"]
    said = codes(answer, "unchecked")
    assert {"authority", "cosignature.brought", "withheld", "words"} <= set(said)
    assert answer["bag"] == {"identifier": bag.identifier, "origin": ORIGIN, "case": CASE, "size": bag.size,
                             "root": answer["bag"]["root"]}
    assert answer["timestamps"][0]["time"] == "2026-03-14T18:05:09Z"
    assert answer["timestamps"][0]["command"] == ("openssl ts -verify -data 1.note -in 1.tsr -CAfile AUTHORITY.pem "
                                                  "-untrusted 1.pem")
    assert [key["given"] for key in answer["keys"]].count(True) == 1


def test_a_witness_whose_key_was_given_is_checked_and_alone_establishes_nothing(verifier: PythonVerifier) -> None:
    artefact = a_bag()
    assert artefact.bag is not None
    answer = verifier.judge(replace(artefact, keys=(str(artefact.bag.witnesses[0].key),)))
    assert verdict(answer) == "KEY NOT ESTABLISHED"
    assert {"code": "cosignature", "place": artefact.bag.witnesses[0].key.name, "time": 1773511509} in answer["checked"]


def test_a_head_that_the_bag_does_not_know_makes_no_verdict_better(verifier: PythonVerifier) -> None:
    artefact = a_bag()
    bag = artefact.bag
    assert bag is not None
    size = next(size for size in range(bag.size, -1, -1) if size not in (bag.size, *bag.heads))
    answer = verifier.judge(replace(artefact, checkpoints=(signed_checkpoint(bag.log, size, bag.signers[:1]),)))
    assert verdict(answer) == "KEY NOT ESTABLISHED"
    assert "held.size" in codes(answer, "unchecked")


def test_a_receipt_without_a_place_stands_under_no_good_verdict(verifier: PythonVerifier) -> None:
    """Anybody can write one. Where the bag has its entry, it does no harm; where not, no key makes it VERIFIED."""
    artefact = a_bag()
    bag = artefact.bag
    assert bag is not None
    pending = receipt(bag.log, bag.exhibits[0], None, [])
    keyed = replace(artefact, keys=(true_key(artefact),), receipts=(pending,))
    assert verdict(verifier.judge(keyed)) == "VERIFIED"
    other = a_bag(500).bag
    assert other is not None
    foreign = replace(keyed, receipts=(receipt(other.log, other.exhibits[0], None, []),))
    assert verdict(verifier.judge(foreign)) == "KEY NOT ESTABLISHED"
    # Without a place it says nothing about which log the bag is of.
    assert verdict(verifier.judge(replace(keyed, keys=()))) == "KEY NOT ESTABLISHED"


def test_a_bag_made_by_somebody_else_is_seen_by_whoever_holds_anything(verifier: PythonVerifier) -> None:
    bare = a_bag()
    bag = bare.bag
    assert bag is not None
    forged = remade(bare, random.Random(1))
    assert forged is not None
    assert verdict(verifier.judge(forged)) == "KEY NOT ESTABLISHED"
    held = signed_checkpoint(bag.log, bag.size, bag.signers[:1])
    lodged = receipt(bag.log, bag.exhibits[0], bag.size, bag.signers[:1])
    for more in ({"keys": (true_key(bare),)}, {"checkpoints": (held,)}, {"receipts": (lodged,)}):
        assert verdict(verifier.judge(replace(forged, **more))) == "FAILED"


def test_every_fault_code_can_be_reached(verifier: PythonVerifier) -> None:
    """A code that nothing leads to would be a check that nothing proves. Those left out have tests of their own."""
    missing = set(FAULT_TEXTS) - {"timestamp.authority", "layout.link", "layout.folder", "layout.unreadable"}
    mutators = [*SEALED, *FORMS, *KEYS, *OUTSIDE, *RESTORED, *BYTES]
    for seed in range(10_000, 16_000):
        chance = random.Random(seed)
        artefact = mutators[seed % len(mutators)](shapes.make(chance), chance)
        missing -= set(codes(verifier.judge(artefact))) if artefact and "wrong call" not in artefact.expected else set()
        if not missing:
            return
    raise AssertionError(missing)


def on_disk(tmp_path: Path) -> tuple[Artefact, Path]:
    artefact = a_bag()
    assert artefact.files is not None
    for name, data in artefact.files.items():
        path = tmp_path / "bag" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return artefact, tmp_path / "bag"


def judged(verifier: PythonVerifier, artefact: Artefact, folder: Path) -> dict[str, Any]:
    verify = verifier.module
    answer: dict[str, Any] = verify.judge(verify.Given(folder, [verify.read_key(true_key(artefact))]))
    return answer


def test_links_and_empty_folders_do_not_belong_in_a_bag(verifier: PythonVerifier, tmp_path: Path) -> None:
    artefact, folder = on_disk(tmp_path)
    (folder / "data" / "empty").mkdir()
    (folder / "data" / "link").symlink_to("custody.csv")
    (folder / "loop").symlink_to(".")
    answer = judged(verifier, artefact, folder)
    assert [(fault["code"], fault["place"]) for fault in answer["faults"][:3]] == [
        ("layout.folder", "data/empty"), ("layout.link", "data/link"), ("layout.link", "loop")]


def test_a_linked_exhibit_is_not_read(verifier: PythonVerifier, tmp_path: Path) -> None:
    artefact, folder = on_disk(tmp_path)
    path = folder / "data" / "custody.csv"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    answer = judged(verifier, artefact, folder)
    assert {"layout.link", "layout.missing"} <= set(codes(answer))


def test_a_name_that_is_no_text_is_named_without_steering_the_terminal(verifier: PythonVerifier,
                                                                       tmp_path: Path) -> None:
    artefact, folder = on_disk(tmp_path)
    (folder / "data" / "x\u202e\x1b[31m").write_bytes(b"")
    try:
        (Path(str(folder)) / "data").joinpath("\udcff").write_bytes(b"")
    except OSError:
        pytest.skip("this file system takes text alone")
    places = [fault["place"] for fault in judged(verifier, artefact, folder)["faults"]
              if fault["code"] == "layout.name"]
    assert places == ["data/x\\u202e\\u001b[31m", "data/\\udcff"]


def test_the_keys_in_these_tests_are_those_of_the_product() -> None:
    """`cryptography` signs, the product's own parser reads: the verifiers are judged by neither's own code."""
    assert note.parse_key(str(signer(0).key)).kind == note.ED25519


@pytest.mark.parametrize("seed", range(12))
def test_what_a_declared_restore_gave_up_fails_and_is_named_as_given_up(verifier: PythonVerifier, seed: int) -> None:
    chance, made = random.Random(f"restored {seed}"), None
    while made is None:
        made = mutants_restored.declared(shapes.make(chance, "folder"), chance)
    good, lost, log, restored = made
    assert verifier.judge(good)["verdict"] == "VERIFIED", "a bag of a log that went on after a declared restore"
    held = signed_checkpoint(lost.log, len(lost.log.events), lost.signers)
    ahead = len(lost.log.events) > len(log.events) - 1
    given = verifier.judge(replace(good, checkpoints=(held,)))
    if not ahead:
        assert (given["verdict"], codes(given)) == ("FAILED", ["held.lost"])
        assert f"entry {len(log.events) - 1} declares a restore" in given["faults"][0]["detail"]
    early = verifier.judge(replace(good, checkpoints=(signed_checkpoint(lost.log, restored, lost.signers),)))
    assert early["verdict"] == "VERIFIED", "what comes before the loss is of both histories"


def test_a_size_that_the_bag_cannot_tell_by_is_said_to_be_one(verifier: PythonVerifier) -> None:
    chance = random.Random("untold")
    bag = shapes.make_bag(chance)
    log, size = Log(chance, list(bag.log.events)), bag.size
    log.restore(size - 1, size + 5, "")
    other = Log(chance, [*log.events[:-1], (b"{}", bytes(32)), (b"{}", bytes(32)), (b"{}", bytes(32))])
    files = bag.files | {
        "proofs/checkpoint": signed_checkpoint(log, size + 1, bag.signers),
        "proofs/events.jsonl": b"".join(event_line(log, at, size + 1, log.tree()) for at in sorted({*bag.shown, size})),
        "proofs/heads.jsonl": b"".join(head_line(at, size + 1, said, log.tree())
                                       for at, said in sorted({**bag.heads, size: "timestamp"}.items()))}
    made = Artefact(seal(files, bag.signers[0], bag.identifier), keys=(str(bag.signers[0].key),),
                    checkpoints=(signed_checkpoint(other, size + 3, bag.signers),))
    answer = verifier.judge(made)
    assert (answer["verdict"], answer["faults"]) == ("VERIFIED", [])
    assert {"code": "held.restored", "place": "checkpoint 1", "size": size + 3} in answer["unchecked"]
