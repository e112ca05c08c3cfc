"""Bags whose forms are wrong though a key of the log sealed them: timestamps, policy, bag-info, manifests, the seal.

And whole bags made by somebody else. Each mutator answers an Artefact, or None if it cannot."""

import base64
import hashlib
import json
import random
import re

from evidence.tlog import checkpoint, note
from tests.evidence import stamps
from tests.evidence.bags import (
    CASE,
    ORIGIN,
    Artefact,
    Bag,
    manifest,
    seal,
    sign_seal,
    signed_checkpoint,
    signer,
    tag,
    token,
)
from tests.evidence.mutants_outside import FAILED, Mutator
from tests.evidence.mutants_sealed import Files, resealed


def timestamps(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A timestamp of something else, of another log, not granted, not readable, misnumbered or in part."""
    bag = artefact.bag
    if bag is None or "proofs/timestamps/1.note" not in bag.files:
        return None
    at = "proofs/timestamps/1"
    data, answer, chain = (bag.files[f"{at}.{part}"] for part in ("note", "tsr", "pem"))
    digest = hashlib.sha256(data).digest()
    foreign = signed_checkpoint(bag.log, bag.size, [signer(94)])
    rewritten = note.sign(checkpoint.write(checkpoint.Checkpoint(ORIGIN, bag.size, hashlib.sha256(b"x").digest())),
                          [(bag.signers[0].key, bag.signers[0].sign)])
    pieces: list[Files] = [
        {f"{at}.tsr": token(data + b"x", chance)}, {f"{at}.tsr": stamps.response(digest, status="rejection")},
        {f"{at}.tsr": stamps.response(digest, status="granted_with_mods")}, {f"{at}.tsr": b""},
        {f"{at}.tsr": answer[:-1]},
        {f"{at}.tsr": answer + b"\0"}, {f"{at}.tsr": stamps.response(hashlib.sha512(data).digest(),
                                                                     algorithm="sha512")},
        {f"{at}.tsr": stamps.response(digest[:20], algorithm="sha1")}, {f"{at}.tsr": stamps.response(digest + b"\0")},
        {f"{at}.tsr": stamps.response(digest, content_type="data")}, {f"{at}.pem": b""}, {f"{at}.pem": chain[:-5]},
        {f"{at}.pem": b"x" + chain}, {f"{at}.pem": chain.replace(b"CERTIFICATE", b"PRIVATE KEY")},
        {f"{at}.pem": chain.replace(b"\n", b"\r\n")},
        {f"{at}.note": foreign, f"{at}.tsr": token(foreign, chance)},
        {f"{at}.note": rewritten, f"{at}.tsr": token(rewritten, chance)},
        {f"{at}.note": b"not a note", f"{at}.tsr": token(b"not a note", chance)},
        {f"proofs/timestamps/9.{part}": bag.files[f"{at}.{part}"] for part in ("note", "tsr", "pem")},
        {f"{at}.tsr": _reencoded(answer, chance)}]
    if chance.random() < 0.1:
        return resealed(artefact, {}, (f"{at}.{chance.choice(['note', 'tsr', 'pem'])}",))
    return resealed(artefact, chance.choice(pieces))


def _reencoded(answer: bytes, chance: random.Random) -> bytes:
    """The outermost length in a longer form, or indefinite: BER that is no DER."""
    # The length stands in one or in two bytes behind 0x81 or 0x82.
    body = answer[2 + (answer[1] & 0x7F):]
    length = len(body).to_bytes(3, "big")
    return chance.choice([b"\x30\x83" + length + body, b"\x30\x84\0" + length + body, b"\x30\x80" + body + b"\0\0",
                          b"\x31" + answer[1:], b"\x3f" + answer[1:], answer[:2] + b"\xff" + answer[3:]])


def policy(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A list of keys that is none, or that does not have the log's."""
    bag = artefact.bag
    if bag is None:
        return None
    data, key = bag.files["proofs/policy"], str(bag.signers[0].key).encode()
    witness = str(signer(1, "w.example/w", 4).key).encode()
    wrong = [b"", data[:-1], data + data, data.replace(b"quorum", b"quorums"), data + b"quorum none\n", b"\xff" + data,
             data.replace(b"log ", b"log\x00", 1), data.replace(key, key[:-1], 1),
             data.replace(key, str(signer(95).key).encode()),
             data + b"log " + key + b"\n", data + b"witness none " + witness + b"\n", data + b"group g 2 nobody\n",
             data + b"witness a " + witness + b"\nwitness a " + witness + b"\n", data.replace(b"log " + key, b"# log"),
             data + b"witness a " + witness + b"\ngroup g 2 a\n", data + b"witness a " + witness + b"\ngroup g 01 a\n",
             data + b"witness a " + witness + b"\ngroup g any a a\n", data.replace(b"quorum ", b"quorum nobody "),
             data + b"log " + str(signer(96, "elsewhere.example/log").key).encode() + b"\n", data + b"\x0b\n",
             data + b"witness a " + key + b"\n", data + b"witness a " + witness + b"\ngroup g constructor a\n",
             data + b"witness a " + witness + b"\ngroup b any a\ngroup c any a\n",
             data + b"witness g0 " + witness + b"\n" + b"".join(
                 b"group g%d any g%d\n" % (level + 1, level) for level in range(chance.choice([17, 18, 900])))]
    return resealed(artefact, {"proofs/policy": chance.choice(wrong)})


def bag_info(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """bag-info.txt or bagit.txt in a way that BagIt or this format does not have."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag:
        return None
    if chance.random() < 0.2:
        good = bag.files["bagit.txt"]
        return resealed(artefact, {"bagit.txt": chance.choice([
            good.replace(b"1.0", b"0.97"), good.replace(b": ", b":"), good[:-1], good.replace(b"\n", b"\r\n"),
            good + b"\n",
            b"\xef\xbb\xbf" + good, good.replace(b"UTF-8", b"utf-8"), b"", good.replace(b"Version:", b"Version :")])})
    data = bag.files["bag-info.txt"]
    oxum = re.search(rb"Payload-Oxum: (\S+)\n", data)
    assert oxum is not None
    wrong = [data + b"Bagging-Date: 2026-03-15\n", data.replace(b"Bagging-Date", b"Date"),
             data.replace(b"03-15", b"02-30"),
             data.replace(b"2026-03-15", b"0000-01-01"), data.replace(b"2026-03-15", b"15.3.2026"),
             data + b" folded\n", data[:-1],
             data.replace(b"bag/", b"urn:uuid:"), data.replace(b"log\n", b"log \n"),
             data.replace(CASE.encode(), b"a/b"),
             data.replace(CASE.encode(), b""), data.replace(b": ", b":\t", 1), data.replace(b"\n", b"\r\n"),
             data + b"\n", b"\xff" + data,
             re.sub(rb"bag/.", b"bag/g", data), data.replace(b"Casework-Origin", b"casework-origin"),
             data + b"no colon\n"]
    files = seal(bag.files | {"bag-info.txt": chance.choice(wrong)}, bag.signers[0], bag.identifier)
    if chance.random() < 0.15:
        # The oxum is set by `seal`, so it is made wrong after it.
        files = _with_tags(bag, bag.files | {"bag-info.txt": data.replace(oxum[1], chance.choice(
            [b"1" + oxum[1], oxum[1] + b"1", b"1.", b"-1.2", oxum[1].replace(b".", b",")]))})
    return artefact.with_bag(files, expected=FAILED)


def _with_tags(bag: Bag, files: Files) -> Files:
    return sign_seal(tag(files), bag.signers[0], bag.identifier)


def manifests(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A manifest in another spelling or order, or with a file too much or too little; what is over it fits."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag:
        return None
    name, digits = chance.choice([("manifest-sha256.txt", 64), ("manifest-sha512.txt", 128)])
    data = bag.files[name]
    found = data.splitlines(keepends=True)
    at = chance.randrange(len(found))
    line = found[at]
    other = [line[:digits].upper() + line[digits:], line.replace(b"  ", b" ", 1), line.replace(b"  ", b" *", 1),
             b"#" + line,
             line.replace(b"  data", b"  ./data"), line.replace(b"\n", b"\r\n"), line.replace(b"data", b"d%61ta"),
             b"\n", b"",
             line[:digits] + b"  \n", b"0" + line, line.replace(b"data/", b"data/../data/"), line + line,
             line.replace(b"\n", b"%0a\n"),
             line.replace(b"\n", b"%\n"), b"\xff" + line, line[:-1] + b" \n",
             (b"1" if line[:1] != b"1" else b"2") + line[1:]]
    spelled = [data.replace(line, one, 1) for one in other] + [b"".join(reversed(found)), data[:-1], data + data]
    spelled += [data + b"0" * digits + b"  data/zz-nowhere\n", b"0" * digits + b"  bagit.txt\n" + data]
    chosen = chance.choice([one for one in spelled if one != data])
    return artefact.with_bag(_with_tags(bag, bag.files | {name: chosen}), expected=FAILED)


def tag_manifests(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A tag manifest that lists too little, too much, or the seal; the seal is over it."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag:
        return None
    name = chance.choice(["sha256", "sha512"])
    path = f"tagmanifest-{name}.txt"
    tags = [one for one in bag.files if not one.startswith(("data/", "tagmanifest-")) and one != "seal"]
    chosen = chance.choice([tags[1:], [*tags, "seal"], [*tags, "data/exhibits.csv"], [], tags[:-1]])
    return artefact.with_bag(sign_seal(bag.files | {path: manifest(bag.files, chosen, name)}, bag.signers[0],
                                       bag.identifier),
                             expected=FAILED)


def other_seal(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A seal by another key, over other digests, of another bag or log, or of two signatures."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag:
        return None
    one, true = bag.signers[0], bag.files["seal"]
    text = true.split(b"\n\n")[0].decode() + "\n"
    wrong = [sign_seal(bag.files, signer(98), bag.identifier)["seal"],
             sign_seal(bag.files, one, "bag/7c9e6679-7425-40de-944b-e07fc1f90ae7")["seal"],
             sign_seal(bag.files, one, bag.identifier, "elsewhere.example/log")["seal"],
             true + true.splitlines(keepends=True)[-1],
             note.sign(text + "more\n", [(one.key, one.sign)]), note.sign(text.replace("bag/1", "bag/2"),
                                                                          [(one.key, one.sign)]),
             note.sign(text.replace("sha256 ", "sha256  "), [(one.key, one.sign)]), bag.files["proofs/checkpoint"],
             note.sign("".join(sorted(text.splitlines(keepends=True))), [(one.key, one.sign)]), b"", true[:-1],
             re.sub(rb" (\S{20})\S(\S+)\n$", rb" \1A\2\n", true), base64.b64encode(true)]
    chosen = chance.choice([data for data in wrong if data != true])
    return artefact.with_bag(bag.files | {"seal": chosen}, expected=FAILED)


def remade(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """The whole bag made anew by somebody with a key of their own: consistent in itself, and not from this log."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag:
        return None
    mine = signer(99)
    files = bag.files | {"proofs/checkpoint": signed_checkpoint(bag.log, bag.size, [mine]),
                         "proofs/policy": f"log {mine.key}\nquorum none\n".encode()}
    if "proofs/keys" in files:
        files["proofs/keys"] = f"{mine.key}\n".encode()
    for number in range(1, 4):
        if f"proofs/timestamps/{number}.note" in files:
            size = checkpoint.parse(note.parse(files[f"proofs/timestamps/{number}.note"]).text).size
            data = signed_checkpoint(bag.log, size, [mine])
            files |= {f"proofs/timestamps/{number}.note": data, f"proofs/timestamps/{number}.tsr": token(data, chance)}
    # Without anything from outside nobody can tell; with a key, or with something under the true key, everybody can.
    tells = bool(artefact.keys or artefact.checkpoints
                 or any(json.loads(one)["checkpoint"] for one in artefact.receipts))
    return artefact.with_bag(seal(files, mine, bag.identifier),
                             expected=FAILED if tells else frozenset({"KEY NOT ESTABLISHED"}))


MUTATORS: list[Mutator] = [timestamps, policy, bag_info, manifests, tag_manifests, other_seal, remade]
