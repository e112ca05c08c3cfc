"""What somebody would do who has a key of the log, or makes a bag of their own: the manifests and the seal are right.

Only the deeper checks can see these. Each mutator answers an Artefact, or None where it cannot."""

import copy
import hashlib
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace

from evidence.tlog import canonical, checkpoint, merkle, note
from tests.evidence.bags import (
    CASE,
    ORIGIN,
    Artefact,
    Bag,
    event_line,
    head_line,
    seal,
    signed_checkpoint,
    signer,
)
from tests.evidence.mutants_outside import FAILED, Mutator

Files = dict[str, bytes]
EVENTS, HEADS = "proofs/events.jsonl", "proofs/heads.jsonl"


def resealed(artefact: Artefact, changed: Files, gone: tuple[str, ...] = ()) -> Artefact | None:
    """The bag with `changed` files and without the `gone` ones, sealed anew by the log's own key."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag:
        return None
    files = {path: data for path, data in bag.files.items() if path not in gone} | changed
    if files == bag.files:
        return None
    return artefact.with_bag(seal(files, bag.signers[0], bag.identifier), expected=FAILED)


def _payload(bag: Bag, folder: str) -> list[str]:
    return sorted(path for path in bag.files if path.startswith("data/") and f"/{folder}/" in path)


def exchanged_bytes(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """An exhibit, a derivative or a dossier with other bytes."""
    bag = artefact.bag
    found = [path for folder in ("original", "derivatives", "dossier") for path in _payload(bag, folder)] if bag else []
    if bag is None or not found:
        return None
    path = chance.choice(found)
    # Bytes of the same exhibit are bound to it under any name.
    others = [bag.files[one] for one in found if one.split("/")[:3] != path.split("/")[:3]]
    other = chance.choice([*others, bag.files[path] + b"\0", b"forged"])
    return resealed(artefact, {path: other}) if other else None


def moved_file(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """An exhibit's file in the folder of an exhibit that it does not belong to."""
    bag = artefact.bag
    found = _payload(bag, "original") + _payload(bag, "derivatives") if bag else []
    if bag is None or not found:
        return None
    path = chance.choice(found)
    if not bag.files[path]:
        return None
    _, _, label, folder, name = path.split("/")
    other = f"data/exhibits/E-{chance.randint(20, 99):03}"
    return resealed(artefact, {f"{other}/{folder}/{name}": bag.files[path], f"{other}/exhibit.json": b"{}"},
                     chance.choice([(), (path,)]))


def added_file(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A file more, in every manifest and under the seal."""
    path = chance.choice([
        "fetch.txt", "data/x.txt", "proofs/more", "data/exhibits/E-777/original/x.png",
        "data/exhibits/E-001/derivatives/y.jpg",
        "data/dossier/forged.pdf", "md5.txt", "data/exhibits/E-001/original/deep/er.png", "DATA/x",
        "data/exhibits/E-001/other/x", "Bag-Info.txt", "data/Exhibits.csv", "data/exhibits/e\u0301/exhibit.json",
        "data/exhibits/E-001/original/a\u202f\\b", "proofs/timestamps/01.note"])
    return resealed(artefact, {path: chance.randbytes(12)})


def missing_file(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A file that every bag has, out of it and out of its manifests."""
    gone = chance.choice(["bagit.txt", "bag-info.txt", "README.txt", "verify.py", "verify.html", "proofs/policy",
                          "proofs/checkpoint", EVENTS, "data/exhibits.csv", "data/custody.json", "data/custody.csv"])
    return resealed(artefact, {}, (gone,))


def event_field(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """One value of one event's line."""
    return _with_entry(artefact, chance, _change_entry)


def _with_entry(artefact: Artefact, chance: random.Random, change: Callable[[dict[str, object], random.Random], None]
                ) -> Artefact | None:
    found = artefact.bag.files[EVENTS].splitlines() if artefact.bag else []
    if not found:
        return None
    at = chance.randrange(len(found))
    entry = json.loads(found[at])
    change(entry, chance)
    found[at] = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
    return resealed(artefact, {EVENTS: b"".join(line + b"\n" for line in found)})


def _change_entry(entry: dict[str, object], chance: random.Random) -> None:
    which = chance.choice(["index", "commitment", "salt", "content", "half", "type", "more", "less"])
    value = entry.get(which)
    if which == "index":
        entry["index"] = chance.choice([entry["index"] + 1, 10 ** 6, 2 ** 53 - 1, -1, True])  # type: ignore[operator]
    elif which in ("commitment", "salt") and isinstance(value, str):
        entry[which] = chance.choice([("1" if value[0] != "1" else "2") + value[1:], value.upper() + "F", value[:-2]])
    elif which == "content" and isinstance(value, str):
        entry[which] = chance.choice([value + " ", value.replace(CASE, "CW-2026-0015"), value[:-1], "{}", ""])
    elif which == "half":
        entry[chance.choice(["salt", "content"])] = None if value is None and entry["salt"] is not None else "00" * 32
    elif which == "type":
        entry[chance.choice(sorted(entry))] = chance.choice([[], {}, 1.5, "x", 7])
    elif which == "more":
        entry["said"] = None
    elif which == "less":
        del entry[chance.choice(sorted(entry))]


def event_lines(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """Lines in another order, twice, in another spelling, with white space, or not ended."""
    data = artefact.bag.files[EVENTS] if artefact.bag else b""
    if not data:
        return None
    found = data.splitlines()
    at = chance.randrange(len(found))
    spelled = [found[at].replace(b'","', b'", "', 1), b" " + found[at], found[at] + b"\r", b"", b"\xff",
               b"\xef\xbb\xbf" + found[at],
               found[at].replace(b'"index":', b'"index":0,"index":', 1), found[at].replace(b'"path"', b'"p\\u0061th"',
                                                                                           1),
               json.dumps(json.loads(found[at]), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(),
               re.sub(rb'"index":(\d+)', rb'"index":\1.0', found[at]), re.sub(rb'"index":(\d+)', rb'"index":0\1',
                                                                              found[at])]
    other = [found[:at] + [line] + found[at + 1:] for line in spelled]
    other += [found[:at] + [found[at]] + found[at:], found[::-1]]
    return resealed(artefact, {EVENTS: chance.choice([*(b"".join(line + b"\n" for line in lines) for lines in other),
                                                      data[:-1]])})


def needed_event(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """An event that binds an exhibit is left out, or what it says is held back."""
    bag = artefact.bag
    if bag is None or not [one for one in bag.exhibits if bag.files[one.name]]:
        return None
    exhibit = chance.choice([one for one in bag.exhibits if bag.files[one.name]])
    index = chance.choice([exhibit.accession, exhibit.tie])
    node, blank = bag.node(), event_line(bag.log, index, bag.size, bag.node(), withheld=True)
    whole = event_line(bag.log, index, bag.size, node)
    return resealed(artefact, {EVENTS: bag.files[EVENTS].replace(whole, chance.choice([b"", blank]))})


def proof_path(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A proof with steps exchanged, missing, added or changed by a bit: of an event, or of an earlier head."""
    name = chance.choice([EVENTS, HEADS])
    found = (artefact.bag.files.get(name, b"") if artefact.bag else b"").splitlines()
    if not found:
        return None
    at = chance.randrange(len(found))
    entry = json.loads(found[at])
    path = entry["path"]
    which = chance.randrange(5)
    if which == 0:
        path.append(chance.choice(path) if path else "0" * 64)
    elif not path:
        return None
    elif which == 1:
        del path[chance.randrange(len(path))]
    elif which == 2:
        path.reverse()
    elif which == 3:
        path[chance.randrange(len(path))] = hashlib.sha256(chance.randbytes(4)).hexdigest()
    else:
        path.insert(0, path[-1])
    found[at] = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
    return resealed(artefact, {name: b"".join(line + b"\n" for line in found)})


def head_value(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """An earlier head of another size, root or occasion; in another order; twice; or a needed one left out."""
    bag = artefact.bag
    if bag is None or HEADS not in bag.files or not bag.heads:
        return None
    node = bag.node()
    heads = sorted(bag.heads.items())
    at = chance.randrange(len(heads))
    size, said = heads[at]
    line = head_line(size, bag.size, said, node)
    root = merkle.root(size, node).hex().encode()
    data = bag.files[HEADS]
    changed = [data.replace(line, line.replace(root, hashlib.sha256(root).hexdigest().encode())),
               data.replace(line, line.replace(b'"size":%d,' % size, b'"size":%d,' % (size + bag.size))),
               data.replace(line, line.replace(said.encode(), b"elsewhere")), data.replace(line, line + line),
               data.replace(line, line.replace(b'"size":%d,' % size, b'"size":0,')), data + line.replace(b"{", b"{ ")]
    if len(heads) > 1:
        changed.append(b"".join(reversed(data.splitlines(keepends=True))))
    needed = said in ("dossier", "timestamp") and size != bag.size
    return resealed(artefact, {HEADS: chance.choice([*changed, *([data.replace(line, b"")] if needed else [])])})


def other_checkpoint(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """The checkpoint of another history, size, log or key; or none."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag or not bag.size:
        return None
    path, true = "proofs/checkpoint", bag.files["proofs/checkpoint"]
    root = hashlib.sha256(chance.randbytes(4)).digest()

    def signed(head: checkpoint.Checkpoint, by: int | None = None) -> bytes:
        one = signer(by, head.origin) if by else replace(bag.signers[0], key=note.Key(
            head.origin, 1, bag.signers[0].key.material))
        return note.sign(checkpoint.write(head), [(one.key, one.sign)])

    other = [signed(checkpoint.Checkpoint(ORIGIN, bag.size, root)),
             signed(checkpoint.Checkpoint("elsewhere.example/log", bag.size, merkle.root(bag.size, bag.node()))),
             signed(checkpoint.Checkpoint(ORIGIN, bag.size, merkle.root(bag.size, bag.node())), by=93),
             true.split(b"\n\n")[0] + b"\n\n", true + b"\n", true.replace(b"\n", b"\r\n"), b"", true[:-1],
             true.replace(b"\n%d\n" % bag.size, b"\n%d\n" % (bag.size + 1))]
    if not bag.files[EVENTS]:
        # Nothing is proven under this checkpoint: another root by the same key contradicts nothing.
        del other[0]
    return resealed(artefact, {path: chance.choice(other)})


def wrong_event(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """The log itself holds something that is no event, or not in its one spelling; all proofs are right."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag or len(bag.log.events) < 2:
        return None
    good = canonical.decode(bag.log.events[0][0])
    text = bag.log.events[0][0].decode()
    wrong = [text.replace(":", ": ", 1), text + "\n", text.replace('"v":1', '"v":2'), text.replace('"v":1', '"v":true'),
             text.replace('"v":1', '"v":1.0'), text.replace('"kind":"', '"kind":"un'), "{}", "[]", "", "null", '"x"',
             json.dumps({**good, "more": 1}, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
             json.dumps({key: value for key, value in good.items() if key != "agent"}, separators=(",", ":"),
                        sort_keys=True),
             json.dumps(good, ensure_ascii=False, separators=(",", ":")), text.replace("2026-03-", "2026-13-"),
             text.replace("T18:05:09.", "T24:05:09."), text.replace('"context":"', '"context":"1'),
             text.replace('"subject":"case/', '"subject":"'), text.replace('"agent":{', '"agent":{"a":"",'),
             text.replace('"note"', '"Note"'), text.replace('"note"', '"__proto__"'), text.replace("CW", "C\\u0057"),
             text.replace('"number":', '"number":-0,"number":'), text.replace('"number":', '"number":9007199254740992'),
             text.replace('"detail":{', '"detail":{"a":' + "[" * 16 + "]" * 16 + ","),
             text.replace('"number":', '"number":0.')]
    chosen = chance.choice([one for one in wrong if one != text])
    made = copy.copy(bag)
    made.log = copy.copy(bag.log)
    made.log.events = [*bag.log.events, (chosen.encode(), bytes(32))]
    made.size = len(made.log.events)
    node = made.node()
    files = {"proofs/checkpoint": signed_checkpoint(made.log, made.size, bag.signers),
             EVENTS: b"".join(event_line(made.log, index, made.size, node)
                              for index in sorted({*bag.shown, made.size - 1}))}
    files |= {HEADS: b"".join(head_line(size, made.size, said, node) for size, said in sorted(
        {bag.size: "timestamp", **bag.heads}.items()))}
    return replace(resealed(artefact, files) or artefact, checkpoints=(), receipts=(), expected=FAILED)


MUTATORS: list[Mutator] = [exchanged_bytes, moved_file, added_file, missing_file, event_field, event_lines,
                           needed_event,
                           proof_path, head_value, other_checkpoint, wrong_event]
