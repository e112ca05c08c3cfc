"""Artefacts of many shapes, each with the verdict that it must come to: `make(random)`."""

import hashlib
import random
import uuid

from evidence.tlog import note
from tests.evidence import stamps
from tests.evidence.bags import (
    CASE,
    DECLARATION,
    NAMES,
    NOISE,
    ORIGIN,
    Artefact,
    Bag,
    Exhibit,
    Log,
    Signer,
    Zeros,
    event_line,
    head_line,
    hexdigest,
    receipt,
    signed_checkpoint,
    signer,
    token,
    zipped,
)

WITNESS = 0x04
FORMS = ("folder", "folder", "zip", "zip", "wide zip")


def make(chance: random.Random, form: str = "") -> Artefact:
    """A valid artefact: a bag with what may be held beside it, or receipts and checkpoints alone."""
    bag = make_bag(chance)
    if not form and bag.exhibits and chance.random() < 0.15:
        return _alone(bag, chance)
    form = form or chance.choice(FORMS)
    archive = zipped(bag.files, chance.choice(["bag", "CW-2026-0014 پیکیج", "b%ag"]), form == "wide zip")
    keys = _keys(bag, chance)
    held, agreeing = _held(bag, chance)
    lodged = chance.sample(bag.exhibits, min(len(bag.exhibits), chance.choice([0, 0, 0, 1, 2])))
    # A receipt that waits for its place says nothing about which log it is.
    sizes = {one: None if chance.random() < 0.1 else chance.randint(one.accession + 1, bag.size) for one in lodged}
    agreeing += sum(size is not None for size in sizes.values())
    receipts = tuple(receipt(bag.log, one, size, [chance.choice(bag.signers)], chance.choice([None, 2]))
                     for one, size in sizes.items())
    logs = any(note.parse_key(key.partition(" ")[0]).kind == note.ED25519 for key in keys)
    expected = "VERIFIED" if logs else "CONSISTENT" if agreeing else "KEY NOT ESTABLISHED"
    return Artefact(bag.files if form == "folder" else None, None if form == "folder" else archive, keys, held,
                    receipts, frozenset({expected}), "valid", bag)


def make_bag(chance: random.Random, large: Zeros | None = None) -> Bag:
    """A sealed bag, with one `large` file where one is given. One in forty has an empty log."""
    signers = [signer(chance.randrange(4) * 2), signer(chance.randrange(4) * 2 + 1)][:chance.choice([1, 1, 2])]
    witnesses = [signer(number, f"witness.example/w{number}", WITNESS)
                 for number in chance.sample(range(1, 4), chance.choice([0, 0, 1, 2]))]
    log = Log(chance)
    bag = Bag({}, log, 0, signers, witnesses, f"bag/{uuid.UUID(int=chance.getrandbits(128))}")
    if large or chance.random() > 0.025:
        _fill(bag, chance)
    if large:
        lodge(bag, chance, "E-900", "recording.mp4", large)
        bag.files["data/exhibits/E-900/exhibit.json"] = b"{}\n"
    bag.size = len(log.events)
    _prove(bag, chance)
    _describe(bag)
    bag.files = bag.sealed()
    return bag


def _fill(bag: Bag, chance: random.Random) -> None:
    _noise(bag, chance, chance.randint(1, 12))
    for number in range(1, chance.choice([1, 1, 2, 2, 3, 5])):
        _noise(bag, chance, chance.randint(0, 3))
        label = f"E-{number:03}"
        for name in chance.sample(NAMES, chance.choice([1, 1, 1, 2, 3])):
            _original(bag, chance, label, name)
        for count in range(chance.choice([0, 0, 1, 2])):
            _derivative(bag, chance, label, f"derived-{count}.json")
        bag.files[f"data/exhibits/{label}/exhibit.json"] = b'{"title": "Screenshot"}\n'
    if chance.random() < 0.4:
        _dossier(bag, chance)
    if chance.random() < 0.2:
        restored = chance.randint(0, len(bag.log.events))
        bag.shown.add(bag.log.restore(restored, restored + chance.choice([-1, 1, 5]) if restored else 3,
                                      chance.choice(["", chance.randbytes(32).hex()])))
    _noise(bag, chance, chance.choice([0, 0, 2, 20]))


def _noise(bag: Bag, chance: random.Random, count: int) -> None:
    for _ in range(count):
        index = bag.log.tell(chance.choice(NOISE), f"case/{CASE}",
                             {"note": chance.choice(NAMES), "number": chance.randrange(9)})
        if chance.random() < 0.4:
            bag.shown.add(index)


def _accession(bag: Bag, chance: random.Random, data: bytes | Zeros, name: str) -> tuple[str, int]:
    item = str(uuid.UUID(int=chance.getrandbits(128)))
    sha256 = hexdigest(data, "sha256")
    index = bag.log.tell("accession", f"item/{item}", {
        "sha256": sha256, "size": len(data), "name": name, "declared_sha256": chance.choice(["", sha256])})
    bag.shown.add(index)
    return item, index


def _original(bag: Bag, chance: random.Random, label: str, name: str) -> None:
    lodge(bag, chance, label, name, chance.randbytes(chance.choice([0, 1, 55, 56, 64, 111, 112, 300])))


def lodge(bag: Bag, chance: random.Random, label: str, name: str, data: bytes | Zeros) -> None:
    """One file of an exhibit, with the two events that bind it."""
    item, accession = _accession(bag, chance, data, name)
    tie = bag.log.tell("decision", f"exhibit/{CASE}/{label}", {
        "act": chance.choice(["exhibit_lodged", "exhibit_sighted"]), "item": item, "sha256": hexdigest(data, "sha256")})
    bag.shown.add(tie)
    bag.files[f"data/exhibits/{label}/original/{name}"] = data
    bag.exhibits.append(Exhibit(label, item, accession, tie, f"data/exhibits/{label}/original/{name}"))


def _derivative(bag: Bag, chance: random.Random, label: str, name: str) -> None:
    data = chance.randbytes(40)
    item = chance.choice([one.item for one in bag.exhibits if one.label == label])
    kind, subject = chance.choice([("derivation", f"item/{item}"), ("redaction", f"exhibit/{CASE}/{label}")])
    made = {"kind": "preview", "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    bag.shown.add(bag.log.tell(kind, subject, {"process": "preview/1", "made": [made]}))
    bag.files[f"data/exhibits/{label}/derivatives/{name}"] = data


def _dossier(bag: Bag, chance: random.Random) -> None:
    data = b"%PDF-1.7\n" + chance.randbytes(60)
    size = chance.randint(1, len(bag.log.events))
    item, _ = _accession(bag, chance, data, "CW-2026-0014-D-001-referral.pdf")
    bag.shown.add(bag.log.tell("sealing", f"dossier/{CASE}/D-001", {
        "act": "dossier_sealed", "sha256": hashlib.sha256(data).hexdigest(), "item": item, "log_size": size}))
    bag.files["data/dossier/CW-2026-0014-D-001-referral.pdf"] = data
    bag.heads[size] = "dossier"


def _prove(bag: Bag, chance: random.Random) -> None:
    """Checkpoint, policy, keys, events, heads and timestamps."""
    log, size, node = bag.log, bag.size, bag.node()
    known = _ring(bag, chance) if chance.random() < 0.5 else []
    bag.files["proofs/checkpoint"] = signed_checkpoint(log, size, bag.signers, bag.witnesses)
    for number in range(1, chance.choice([1, 1, 1, 2, 3]) if size else 1):
        stamped = chance.randint(1, size)
        data = signed_checkpoint(log, stamped, [chance.choice(known)] if known else bag.signers[:1], bag.witnesses[:1])
        bag.files |= {f"proofs/timestamps/{number}.note": data, f"proofs/timestamps/{number}.tsr": token(data, chance),
                      f"proofs/timestamps/{number}.pem": stamps.certificate() * chance.choice([1, 2])}
        if stamped < size or chance.random() < 0.5:
            bag.heads.setdefault(stamped, "timestamp")
    for _ in range(chance.choice([0, 0, 1, 3]) if size else 0):
        bag.heads.setdefault(chance.randint(1, size), "checkpoint")
    if bag.heads or chance.random() < 0.2:
        bag.files["proofs/heads.jsonl"] = b"".join(
            head_line(old, size, said, node) for old, said in sorted(bag.heads.items()))
    bag.files["proofs/events.jsonl"] = b"".join(
        event_line(log, index, size, node) if index in bag.shown else event_line(log, index, size, node, withheld=True)
        for index in range(size) if index in bag.shown or chance.random() < 0.3)
    bag.files["proofs/policy"] = _policy(bag, chance, known or bag.signers)


def _ring(bag: Bag, chance: random.Random) -> list[Signer]:
    """The list of keys: those that signed the checkpoint, and sometimes one that was retired since."""
    retired = [signer(71)] if chance.random() < 0.5 else []
    lines = ["# جدید ترین پہلے", str(bag.signers[0].key)]
    lines += [f"{one.key}{chance.choice(['', f' until {bag.size}', f' revoked {bag.size + 1}'])}"
              for one in bag.signers[1:]]
    lines += [f"{one.key} until {bag.size}" for one in retired]
    bag.files["proofs/keys"] = "".join(f"{line}\n" for line in lines).encode()
    return [*bag.signers, *retired]


def _policy(bag: Bag, chance: random.Random, known: list[Signer]) -> bytes:
    lines = ["# کون ضامن ہے", *(f"log {one.key}{chance.choice(['', ' https://casework.example/log'])}"
                                for one in known)]
    names = [f"w{number}" for number, _ in enumerate(bag.witnesses)]
    lines += [f" witness\t{name}  {one.key}" for name, one in zip(names, bag.witnesses, strict=True)]
    if names:
        lines += ["", f"group all-of-them {chance.choice(['all', 'any', '1'])} {' '.join(names)}"]
    return "".join(f"{line}\n" for line in [*lines, f"quorum {'all-of-them' if names else 'none'}"]).encode()


def _describe(bag: Bag) -> None:
    info = {"Payload-Oxum": "0.0", "Bagging-Date": "2026-03-15", "External-Identifier": bag.identifier,
            "Bag-Software-Agent": "Casework 0.1.0", "Casework-Origin": ORIGIN, "Casework-Case": CASE,
            "Source-Organization": "ادارہ"}
    bag.files |= {
        "bagit.txt": DECLARATION, "bag-info.txt": "".join(f"{label}: {text}\n" for label,
                                                          text in info.items()).encode(),
        "README.txt": b"What this is.\n", "verify.py": b"# stands in\n", "verify.html": b"<p>\n",
        "data/exhibits.csv": b"label\r\n", "data/custody.json": b"[]\n", "data/custody.csv": b"index\r\n"}


def _keys(bag: Bag, chance: random.Random) -> tuple[str, ...]:
    """None, a witness's alone, the first of the log's, or all that signed the checkpoint."""
    which = chance.random()
    chosen: list[Signer] = [] if which < 0.3 else bag.witnesses[:1] if which < 0.4 else bag.signers[:1]
    if which > 0.8:
        chosen = [*bag.signers, *bag.witnesses]
    keys = [str(one.key) for one in chosen]
    if bag.signers[0] in chosen and chance.random() < 0.3:
        # As they stand in the log's own list: how long the first signs, and one that signs from later on.
        keys[0] += f" until {bag.size + 1}"
        keys.append(f"{signer(73).key} from {bag.size + 1}")
    return tuple(keys)


def _held(bag: Bag, chance: random.Random) -> tuple[tuple[bytes, ...], int]:
    """Checkpoints that were kept, and how many of them are of a size that the bag has a head of."""
    sizes = [chance.choice([bag.size, *bag.heads, chance.randint(0, bag.size)])
             for _ in range(chance.choice([0, 0, 1, 2]))]
    signed = tuple(signed_checkpoint(bag.log, size, [chance.choice(bag.signers)], bag.witnesses[:1]) for size in sizes)
    return signed, sum(size in (bag.size, *bag.heads) for size in sizes)


def _alone(bag: Bag, chance: random.Random) -> Artefact:
    """Receipts and checkpoints without a bag."""
    sizes = {one: chance.randint(one.accession + 1, bag.size) for one in bag.exhibits[:2]}
    receipts = [receipt(bag.log, one, size, bag.signers[:1]) for one, size in sizes.items()]
    pending = chance.random() < 0.2
    if pending:
        receipts.append(receipt(bag.log, bag.exhibits[0], None, []))
    held = (signed_checkpoint(bag.log, bag.size, bag.signers[:1]),) if chance.random() < 0.5 else ()
    keys = (str(bag.signers[0].key),) if chance.random() < 0.7 else ()
    expected = "VERIFIED" if keys and not pending else "KEY NOT ESTABLISHED"
    return Artefact(None, None, keys, held, tuple(receipts), frozenset({expected}), "valid", bag)
