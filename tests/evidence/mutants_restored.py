"""A log that went on after a declared restore, and what somebody holds of the history that it gave up.

All of it is FAILED: a declaration proves nothing about what was lost. Whether it is named so is another matter."""

import copy
import random
from dataclasses import replace
from typing import Any

from evidence.tlog import merkle
from tests.evidence.bags import Artefact, Bag, Log, event_line, head_line, receipt, seal, signed_checkpoint
from tests.evidence.mutants_keys import KEYS
from tests.evidence.mutants_outside import FAILED, Mutator
from tests.evidence.shapes import lodge

EVENTS, HEADS = "proofs/events.jsonl", "proofs/heads.jsonl"


def declared(artefact: Artefact, chance: random.Random, **other: Any) -> tuple[Artefact, Bag, Log, int] | None:
    """The bag of a log that declares a restore, with a head of each size that was given up and that it has; the history
    that was given up, as a bag of which nothing is packed; and where the two part. `other` changes the declaration."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag or bag.size < 3 or KEYS in bag.files:
        return None
    restored = chance.randint(1, bag.size - 1)
    lost = Bag({}, Log(chance, list(bag.log.events[:restored])), 0, bag.signers, [], bag.identifier)
    lodge(lost, chance, "E-800", "lost.png", chance.randbytes(30))
    size = len(lost.log.events)
    made = copy.copy(bag)
    made.log = Log(chance, list(bag.log.events))
    index = made.log.restore(restored, size, chance.choice(["", merkle.root(size, lost.node()).hex()]), **other)
    made.size, node = index + 1, made.log.tree()
    heads = {**bag.heads, bag.size: "timestamp"} | {
        at: "checkpoint" for at in range(restored + 1, size + 1) if at <= bag.size and at not in bag.heads}
    heads[bag.size] = "timestamp"
    files = bag.files | {
        "proofs/checkpoint": signed_checkpoint(made.log, made.size, bag.signers),
        EVENTS: b"".join(event_line(made.log, at, made.size, node) for at in sorted({*bag.shown, index})),
        HEADS: b"".join(head_line(at, made.size, said, node) for at, said in sorted(heads.items()))}
    good = replace(artefact.with_bag(seal(files, bag.signers[0], bag.identifier)), checkpoints=(), receipts=(),
                   keys=(str(bag.signers[0].key),), expected=frozenset({"VERIFIED"}))
    return good, lost, made.log, restored


def held_of_what_was_lost(artefact: Artefact, chance: random.Random) -> Artefact | None:
    made = declared(artefact, chance)
    if made is None:
        return None
    good, lost, log, restored = made
    at = chance.randint(restored + 1, min(len(lost.log.events), len(log.events) - 1))
    return replace(good, checkpoints=(signed_checkpoint(lost.log, at, lost.signers[:1]),), expected=FAILED)


def receipt_of_what_was_lost(artefact: Artefact, chance: random.Random) -> Artefact | None:
    made = declared(artefact, chance)
    if made is None:
        return None
    good, lost, log, _ = made
    if len(lost.log.events) >= len(log.events):
        return None
    return replace(good, receipts=(receipt(lost.log, lost.exhibits[0], len(lost.log.events), lost.signers[:1]),),
                   expected=FAILED)


def declared_by_nobody(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """What is not made like a declaration explains nothing, and what contradicts the log contradicts it."""
    other: dict[str, Any] = chance.choice([
        {"approver": {}, "restored": []}, {"approver": None}, {"approver": "Sana Tariq"}, {"act": "restore_proposed"},
        {"given_up": {"size": 3}}, {"restored": {"size": -1, "root": ""}}, {"given_up": {"size": True, "root": ""}},
        {"restored": {"size": 10**9, "root": ""}}, {"given_up": {"size": 0, "root": "x"}}])
    made = declared(artefact, chance, **other)
    if made is None:
        return None
    good, lost, log, _ = made
    at = min(len(lost.log.events), len(log.events) - 1)
    return replace(good, checkpoints=(signed_checkpoint(lost.log, at, lost.signers[:1]),), expected=FAILED)


MUTATORS: list[Mutator] = [held_of_what_was_lost, receipt_of_what_was_lost, declared_by_nobody]
