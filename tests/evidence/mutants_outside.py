"""What may be wrong with keys, kept checkpoints and receipts: each mutator makes an Artefact, or None if it cannot."""

import base64
import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from evidence.tlog import note
from tests.evidence.bags import Artefact, Log, receipt, signed_checkpoint, signer

Mutator = Callable[[Artefact, random.Random], Artefact | None]
FAILED, WRONG_CALL = frozenset({"FAILED"}), frozenset({"wrong call"})
SMALL_ORDER = (bytes(32), b"\1" + bytes(31), bytes.fromhex("ec" + "ff" * 30 + "7f"),
               bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
               bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"))
NOT_CANONICAL = (bytes.fromhex("ed" + "ff" * 30 + "7f"), bytes.fromhex("f0" + "ff" * 31))


def true_key(artefact: Artefact) -> str:
    assert artefact.bag is not None
    return str(artefact.bag.signers[0].key)


def another_key(artefact: Artefact, chance: random.Random) -> Artefact:
    return replace(artefact, keys=(str(signer(chance.randrange(90, 95)).key),), expected=FAILED)


def one_key_more(artefact: Artefact, chance: random.Random) -> Artefact:
    other = signer(97, chance.choice(["casework.example/log", "elsewhere.example/log"]), chance.choice([1, 4]))
    return replace(artefact, keys=(true_key(artefact), str(other.key)), expected=FAILED)


def key_of_another_name(artefact: Artefact, chance: random.Random) -> Artefact:
    assert artefact.bag is not None
    key = note.Key("elsewhere.example/log", 1, artefact.bag.signers[0].key.material)
    return replace(artefact, keys=(str(key),), expected=FAILED)


def no_key_at_all(artefact: Artefact, chance: random.Random) -> Artefact:
    """Not a key in its one spelling, or one that no strict verifier takes."""
    key = true_key(artefact)
    name, key_id, body = key.split("+", 2)
    weak = note.Key(name, 1, chance.choice([*SMALL_ORDER, *NOT_CANONICAL, bytes(31), b"\2" + bytes(31)]))
    wrong = [key[:-1], key + "=", key.upper(), name, f"{name}+{key_id}+", f"{name}+{key_id.upper()}x+{body}", str(weak),
             f"{name} x+{key_id}+{body}", f"{name}+00000000+{body}", "", "é+00000000+AQ==",
             str(note.Key(name, 2, bytes(32))), f"{name}+{key_id}+{body[:-2]}B="]
    return replace(artefact, keys=(chance.choice(wrong),), expected=WRONG_CALL)


def held_flipped(artefact: Artefact, chance: random.Random) -> Artefact:
    """One bit of a kept checkpoint, in its text or in the signature of the log."""
    assert artefact.bag is not None
    bag = artefact.bag
    data = bytearray(signed_checkpoint(bag.log, bag.size, bag.signers[:1]))
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    return replace(artefact, checkpoints=(*artefact.checkpoints, bytes(data)), keys=(true_key(artefact),),
                   expected=FAILED)


def held_of_another_key(artefact: Artefact, chance: random.Random) -> Artefact:
    assert artefact.bag is not None
    data = signed_checkpoint(artefact.bag.log, artefact.bag.size, [signer(91)])
    keys = chance.choice([(), (true_key(artefact),)]) if artefact.has_bag else (true_key(artefact),)
    return replace(artefact, checkpoints=(data,), keys=keys, expected=FAILED)


def held_of_another_history(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """The same key signed another root at a size that the bag has a head of: the history was rewritten."""
    if artefact.bag is None or not artefact.has_bag or not artefact.bag.size:
        return None
    bag = artefact.bag
    size = chance.choice([bag.size, *bag.heads])
    other = Log(chance, [*bag.log.events[:size - 1], (b"{}", bytes(32))])
    return replace(artefact, checkpoints=(signed_checkpoint(other, size, bag.signers[:1]),), expected=FAILED)


def held_twice_differently(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """Two kept checkpoints of one size and two roots, of a size that a bag need not know."""
    if artefact.bag is None or artefact.bag.size < 2:
        return None
    bag = artefact.bag
    size = chance.randint(1, bag.size)
    other = Log(chance, [*bag.log.events[:size - 1], (b"{}", bytes(32))])
    two = [signed_checkpoint(log, size, bag.signers[:1]) for log in (bag.log, other)]
    chance.shuffle(two)
    return replace(artefact, checkpoints=tuple(two), keys=(true_key(artefact),), expected=FAILED)


def not_a_checkpoint(artefact: Artefact, chance: random.Random) -> Artefact:
    assert artefact.bag is not None
    good = signed_checkpoint(artefact.bag.log, artefact.bag.size, artefact.bag.signers[:1])
    text = good.decode()
    wrong = [b"", b"\n\n", good[:-1], good + b"\n", good + good, b"\xef\xbb\xbf" + good, good.replace(b"\n", b"\r\n"),
             text.replace("— ", "- ").encode(), text.replace("\n\n", "\n").encode(), b"\xff" + good, good * 5000,
             text.replace(f"\n{artefact.bag.size}\n", f"\n0{artefact.bag.size}\n").encode(),
             text.replace("=\n\n", "\n\n").encode(), good.split(b"\n\n")[0] + b"\n\n"]
    return replace(artefact, checkpoints=(chance.choice(wrong),), keys=(true_key(artefact),), expected=FAILED)


def _receipt(artefact: Artefact, chance: random.Random) -> dict[str, Any] | None:
    bag = artefact.bag
    if bag is None or not bag.exhibits:
        return None
    exhibit = chance.choice(bag.exhibits)
    whole: dict[str, Any] = json.loads(receipt(bag.log, exhibit, bag.size, bag.signers[:1]))
    return whole


def _with(artefact: Artefact, whole: Any, expected: frozenset[str] = FAILED) -> Artefact:
    data = whole if isinstance(whole, bytes) else json.dumps(whole).encode()
    return replace(artefact, receipts=(data,), keys=(true_key(artefact),), expected=expected)


def receipt_field(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """One thing that a receipt says, replaced by another of its kind."""
    whole = _receipt(artefact, chance)
    if whole is None:
        return None
    field = chance.choice(["format", "origin", "case", "item", "name", "size", "sha256", "declared_sha256",
                           "leaf_hash"])
    if field == "size":
        whole[field] += chance.choice([1, 256])
    else:
        old = whole[field] or "0" * 64
        whole[field] = ("1" if old[0] != "1" else "2") + old[1:]
    return _with(artefact, whole)


def receipt_types(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """Something of another type, too much or too little."""
    whole = _receipt(artefact, chance)
    if whole is None:
        return None
    field = chance.choice(sorted(whole))
    if chance.random() < 0.3:
        del whole[field]
    elif chance.random() < 0.3:
        whole["verified"] = True
    else:
        other: Any = chance.choice([[], {}, True, False, 7, -1, "", None])
        # 0 and "" may be what stands there already, and an unbound word may be any.
        if other == whole[field] or (field in ("exhibit", "received_at") and isinstance(other, str)):
            return None
        whole[field] = other
    return _with(artefact, whole)


def receipt_event(artefact: Artefact, chance: random.Random) -> Artefact | None:
    whole = _receipt(artefact, chance)
    if whole is None:
        return None
    event = whole["event"]
    which = chance.choice(["salt", "content", "id", "missing", "erased", "more"])
    if which in ("salt", "id"):
        event[which] = ("1" if event[which][0] != "1" else "2") + event[which][1:]
    elif which == "content":
        at = chance.randrange(len(event["content"]))
        event["content"] = event["content"][:at] + chance.choice("\x00\x7fÿ") + event["content"][at + chance.choice([0,
                                                                                                                     1]):]
    elif which == "missing":
        del event[chance.choice(sorted(event))]
    elif which == "more":
        event["more"] = ""
    else:
        whole["event"] = None
    return _with(artefact, whole)


def receipt_place(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """Its place in the log, its proof, or the checkpoint that it stands under."""
    whole, bag = _receipt(artefact, chance), artefact.bag
    if whole is None or bag is None:
        return None
    log, before = whole["log"], json.dumps(whole)
    which = chance.choice(["index", "size", "path", "flip", "swap", "more", "signature", "key", "torn"])
    if which in ("index", "size"):
        log[which] = max(0, log[which] + chance.choice([-1, 1]))
    elif which == "path" and log["path"]:
        log["path"].pop(chance.randrange(len(log["path"])))
    elif which == "flip" and log["path"]:
        at = chance.randrange(len(log["path"]))
        log["path"][at] = f"{int(log['path'][at], 16) ^ 1 << chance.randrange(256):064x}"
    elif which == "swap" and len(log["path"]) > 1:
        log["path"] = log["path"][1:] + log["path"][:1]
    elif which == "more":
        log["path"].append("0" * 64)
    elif which == "signature":
        head, _, tail = whole["checkpoint"].rpartition(" ")
        blob = bytearray(base64.b64decode(tail))
        blob[chance.randrange(len(blob))] ^= 1 << chance.randrange(8)
        whole["checkpoint"] = f"{head} {base64.b64encode(blob).decode()}\n"
    elif which == "key":
        whole["checkpoint"] = signed_checkpoint(bag.log, bag.size, [signer(92)]).decode()
    elif which == "torn":
        whole[chance.choice(["log", "checkpoint"])] = None
    return _with(artefact, whole) if json.dumps(whole) != before else None


def receipt_text(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """JSON that is none, or that two programs read differently."""
    whole = _receipt(artefact, chance)
    if whole is None:
        return None
    text = json.dumps(whole)
    size = f'"size": {whole["size"]}'
    wrong = [text + "x", text[:-1], text[:-1] + "," + text[1:], "\ufeff" + text, "[]", "", "null",
             text.replace('"', "'"),
             text.replace(size, f'"size": {whole["size"]}.0', 1), text.replace(size, '"size": NaN', 1),
             text.replace(size, '"size": -0', 1), text.replace(size, f'"size": 0{whole["size"]}', 1),
             text.replace(size, '"size": 1e1', 1), text.replace(size, '"size": 9007199254740993', 1),
             text.replace('"format"', '"format": "", "format"'), text.replace('": "', '": "\\ud800', 1),
             text.replace('": "', '": "\t', 1), "[" * 500 + text + "]" * 500, "[" * 100000, text.replace(",", ",,", 1),
             text[:-1] + ",}", text.replace("casework", "c\\u0061sework").replace("\\u0061", "\\x61", 1)]
    return _with(artefact, chance.choice(wrong).encode())


def receipt_of_another_log(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A good receipt of the same key, out of a history in which other things stand."""
    bag = artefact.bag
    if bag is None or not bag.exhibits or not artefact.has_bag:
        return None
    exhibit = chance.choice(bag.exhibits)
    other = Log(chance, [(content, bytes(32)) for content, _ in bag.log.events])
    return _with(artefact, receipt(other, exhibit, bag.size, bag.signers[:1]))


def receipt_of_another_exhibit(artefact: Artefact, chance: random.Random) -> Artefact | None:
    whole = _receipt(artefact, chance)
    if whole is None or not artefact.has_bag:
        return None
    return _with(artefact, whole | {"exhibit": "E-999"})


MUTATORS: list[Mutator] = [
    another_key, one_key_more, key_of_another_name, no_key_at_all, held_flipped, held_of_another_key,
    held_of_another_history,
    held_twice_differently, not_a_checkpoint, receipt_field, receipt_types, receipt_event, receipt_place, receipt_text,
    receipt_of_another_log, receipt_of_another_exhibit]
