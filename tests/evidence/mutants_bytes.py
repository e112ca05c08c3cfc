"""Changes to the bytes of a bag by somebody who has no key: each mutator answers an Artefact, or None where it cannot.

Inside a bag no change of this kind is neutral: every one must be FAILED, with a key and without."""

import random
import unicodedata
from dataclasses import replace

from tests.evidence.bags import Artefact
from tests.evidence.mutants_outside import FAILED, Mutator
from tests.evidence.zip_tricks import TRICKS, members_of

Files = dict[str, bytes]


def _pick(files: Files, chance: random.Random, least: int = 1) -> str | None:
    """A file of at least so many bytes; small and large ones are as likely."""
    found = sorted(path for path, data in files.items() if len(data) >= least)
    return chance.choice(found) if found else None


def _changed(artefact: Artefact, files: Files) -> Artefact | None:
    assert artefact.bag is not None
    return artefact.with_bag(files, expected=FAILED) if files != artefact.bag.files else None


def _in_one_file(artefact: Artefact, chance: random.Random, change: object, least: int = 1) -> Artefact | None:
    if artefact.bag is None or not artefact.has_bag:
        return None
    path = _pick(artefact.bag.files, chance, least)
    if path is None:
        return None
    data = change(bytearray(artefact.bag.files[path]))  # type: ignore[operator]
    return _changed(artefact, artefact.bag.files | {path: bytes(data)})


def flip(artefact: Artefact, chance: random.Random) -> Artefact | None:
    def change(data: bytearray) -> bytearray:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return data
    return _in_one_file(artefact, chance, change)


def insert(artefact: Artefact, chance: random.Random) -> Artefact | None:
    def change(data: bytearray) -> bytearray:
        data.insert(chance.randint(0, len(data)), chance.choice([0, 10, 13, 32, chance.randrange(256)]))
        return data
    return _in_one_file(artefact, chance, change, 0)


def delete(artefact: Artefact, chance: random.Random) -> Artefact | None:
    def change(data: bytearray) -> bytearray:
        del data[chance.randrange(len(data))]
        return data
    return _in_one_file(artefact, chance, change)


def truncate(artefact: Artefact, chance: random.Random) -> Artefact | None:
    return _in_one_file(artefact, chance, lambda data: data[:chance.randrange(len(data))])


def lines(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """Lines exchanged, doubled, dropped, ended otherwise or followed by white space."""
    def change(data: bytearray) -> bytes:
        found = bytes(data).splitlines(keepends=True)
        at = chance.randrange(len(found))
        which = chance.randrange(6)
        if which == 0:
            chance.shuffle(found)
        elif which == 1:
            found.insert(at, found[at])
        elif which == 2:
            del found[at]
        elif which == 3:
            found[at] = found[at].rstrip(b"\n") + b" \n"
        elif which == 4:
            found = [line.replace(b"\n", b"\r\n") for line in found]
        else:
            found.append(b"\n")
        return b"".join(found)
    return _in_one_file(artefact, chance, change)


def swap(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """Two files change places."""
    if artefact.bag is None or not artefact.has_bag:
        return None
    files = artefact.bag.files
    one, two = chance.sample(sorted(files), 2)
    return _changed(artefact, files | {one: files[two], two: files[one]})


def drop(artefact: Artefact, chance: random.Random) -> Artefact | None:
    if artefact.bag is None or not artefact.has_bag:
        return None
    gone = chance.choice(sorted(artefact.bag.files))
    return _changed(artefact, {path: data for path, data in artefact.bag.files.items() if path != gone})


def add(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A file that is in no manifest, where one could stand or where none can."""
    if artefact.bag is None or not artefact.has_bag:
        return None
    path = chance.choice([
        "fetch.txt", "data/x", "data/exhibits/E-001/original/added.png", "data/exhibits/E-900/exhibit.json",
        "manifest-md5.txt",
        "proofs/heads.jsonl", "proofs/timestamps/9.note", "data/dossier/added.pdf", "seal.txt", ".DS_Store",
        "proofs/x/y",
        "data/exhibits/E-001/derivatives/preview.jpg", "tagmanifest-md5.txt", "data/custody.xml", "Seal", "bagit.TXT"])
    if path in artefact.bag.files:
        return None
    return _changed(artefact, artefact.bag.files | {path: chance.randbytes(chance.choice([0, 9]))})


def rename(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """The same bytes under another name: other case, another normal form, a suffix, another folder."""
    if artefact.bag is None or not artefact.has_bag:
        return None
    old = chance.choice(sorted(artefact.bag.files))
    folder, _, name = old.rpartition("/")
    new = chance.choice([name.upper(), name.lower(), unicodedata.normalize("NFD", name), name + ".txt", name + " ",
                         "x" + name])
    path = f"{folder}/{new}" if folder else new
    if path in artefact.bag.files:
        return None
    files = {path if one == old else one: data for one, data in artefact.bag.files.items()}
    if chance.random() < 0.3:
        files[old] = artefact.bag.files[old]
    return _changed(artefact, files)


def of_another_bag(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A proof, a note or the seal, taken from a bag that another log made."""
    if artefact.bag is None or not artefact.has_bag:
        return None
    other = OTHERS[chance.randrange(len(OTHERS))] if OTHERS else None
    OTHERS.append(artefact.bag.files)
    del OTHERS[:-8]
    if other is None:
        return None
    path = chance.choice(["seal", "proofs/checkpoint", "proofs/events.jsonl", "proofs/policy", "bag-info.txt",
                          "manifest-sha256.txt", "tagmanifest-sha512.txt"])
    return _changed(artefact, artefact.bag.files | {path: other[path]})


OTHERS: list[Files] = []


def zip_flip(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """One bit of the Zip file, anywhere: no header has a bit that may be either."""
    if artefact.archive is None:
        return None
    data = bytearray(artefact.archive)
    # Headers are few bytes among many: half of the flips go there.
    at = chance.randrange(len(data)) if chance.random() < 0.5 else _near_header(data, chance)
    data[at] ^= 1 << chance.randrange(8)
    return replace(artefact, archive=bytes(data), expected=FAILED)


def _near_header(data: bytearray, chance: random.Random) -> int:
    mark = chance.choice([b"PK\1\2", b"PK\3\4", b"PK\5\6"])
    start = data.find(mark, chance.randrange(len(data)))
    return min(len(data) - 1, (start if start >= 0 else data.rfind(mark)) + chance.randrange(60))


def zip_bytes(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """Bytes inserted, taken out, doubled or cut off anywhere in the Zip file."""
    if artefact.archive is None:
        return None
    data, at, length = artefact.archive, chance.randrange(len(artefact.archive)), chance.choice([1, 2, 30, 46])
    made = chance.choice([data[:at] + chance.randbytes(length) + data[at:], data[:at] + data[at + length:], data[:at],
                          data[:at] + data[at:at + length] + data[at:], data[at:]])
    return replace(artefact, archive=made, expected=FAILED) if made != data else None


def zip_trick(artefact: Artefact, chance: random.Random) -> Artefact | None:
    if artefact.archive is None or artefact.bag is None:
        return None
    name = chance.choice(sorted(TRICKS))
    made = TRICKS[name](members_of(artefact.bag.files), chance)
    return replace(artefact, archive=made, expected=FAILED, what=f"zip {name}")


MUTATORS: list[Mutator] = [flip, flip, insert, delete, truncate, lines, swap, drop, add, rename, of_another_bag,
                           zip_flip,
                           zip_bytes, zip_trick, zip_trick]
