"""C2SP signed notes, verifier keys, checkpoints and cosignatures, read strictly. ValueError says what is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from evidence.tlog.offline.edwards import ed25519_verifies, is_public_key
from evidence.tlog.offline.plain import LARGEST, is_key_name, number, unbase64, utf8
from evidence.tlog.offline.trees import EMPTY_ROOT, HASH

LOG_KEY, WITNESS_KEY = 0x01, 0x04
_DASH = "\u2014 "
_MOST_BYTES, _MOST_SIGNATURES = 1_000_000, 100
_KEY_ID = re.compile("[0-9a-f]{8}")


@dataclass(frozen=True)
class Term:
    """The sizes of checkpoints that a key signs, both ends included; from `revoked` on its signature counts for
    nothing."""

    since: int = 0
    until: int | None = None
    revoked: int | None = None

    def spent(self, size: int) -> bool:
        """Whether the key was retired or revoked before a checkpoint of `size` entries."""
        return (self.until is not None and size > self.until) or (self.revoked is not None and size >= self.revoked)


@dataclass(frozen=True)
class VerifierKey:
    """Name, type and public key; `text` is the vkey that it was read from, in its one spelling. `term` is what the list
    that it stands in says of its sizes."""

    text: str
    name: str
    kind: int
    material: bytes
    term: Term = field(default=Term(), compare=False)

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.material).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the verifier key as text: what people read to each other."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def usable(self) -> bool:
        """Whether this program can check what the key signs."""
        return self.kind in (LOG_KEY, WITNESS_KEY) and is_public_key(self.material)


@dataclass(frozen=True)
class SignedNote:
    """`text` is what was signed, `signatures` are (name, key id, signature)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


@dataclass(frozen=True)
class TreeHead:
    """A checkpoint: so many leaves, this root."""

    origin: str
    size: int
    root: bytes


def read_key(text: str) -> VerifierKey:
    """A verifier key: name+id+base64(type ‖ key)."""
    name, _, rest = text.partition("+")
    key_id, _, body = rest.partition("+")
    if not is_key_name(name) or not _KEY_ID.fullmatch(key_id):
        raise ValueError("not a verifier key")
    data = unbase64(body)
    if len(data) < 2:
        raise ValueError("a verifier key without a key")
    key = VerifierKey(text, name, data[0], data[1:])
    if key.id.hex() != key_id:
        raise ValueError("the key's id is not that of the key")
    return key


def read_note(data: bytes) -> SignedNote:
    """A signed note. Its signatures are not verified yet."""
    if len(data) > _MOST_BYTES:
        raise ValueError("larger than any note")
    whole = utf8(data)
    if any(char < " " and char != "\n" for char in whole):
        raise ValueError("a control character")
    text, separator, tail = whole.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise ValueError("no signatures, or the last is not ended by LF")
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise ValueError("too many signatures")
    return SignedNote(text + "\n", tuple(_signature(line) for line in lines))


def read_head(note: SignedNote) -> TreeHead:
    """What a checkpoint says. Further lines are allowed and mean nothing here."""
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise ValueError("a checkpoint has three lines and no empty one")
    if not is_key_name(lines[0]):
        raise ValueError("the origin is not a key's name")
    size, root = number(lines[1]), unbase64(lines[2])
    if len(root) != HASH or (size == 0 and root != EMPTY_ROOT):
        raise ValueError("the root is not that of a tree of this size")
    return TreeHead(lines[0], size, root)


def signers(note: SignedNote, keys: Iterable[VerifierKey]) -> set[str]:
    """Which of the log's keys signed, by their text. ValueError where the signature of one of them is wrong."""
    known = {(key.name, key.id): key for key in keys if key.kind == LOG_KEY}
    found = set()
    for name, key_id, signature in note.signatures:
        key = known.get((name, key_id))
        if key is not None:
            if not ed25519_verifies(key.material, note.text.encode(), signature):
                raise ValueError(f"the signature of {name} is wrong")
            found.add(key.text)
    return found


def cosigners(note: SignedNote, keys: Iterable[VerifierKey]) -> dict[str, int]:
    """Which witnesses cosigned, by their key's text, and when (seconds since 1970). ValueError for a wrong one."""
    known = {(key.name, key.id): key for key in keys if key.kind == WITNESS_KEY}
    found = {}
    for name, key_id, blob in note.signatures:
        key = known.get((name, key_id))
        if key is not None:
            at = int.from_bytes(blob[:8], "big")
            message = f"cosignature/v1\ntime {at}\n{note.text}".encode()
            if len(blob) != 72 or at > LARGEST or not ed25519_verifies(key.material, message, blob[8:]):
                raise ValueError(f"the cosignature of {name} is wrong")
            found[key.text] = at
    return found


def strangers(note: SignedNote, keys: Iterable[VerifierKey]) -> list[str]:
    """Whose signatures stand there without a key to check them: name and key id."""
    known = {(key.name, key.id) for key in keys if key.usable}
    return [f"{name} {key_id.hex()}" for name, key_id, _ in note.signatures if (name, key_id) not in known]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, body = line[len(_DASH):].partition(" ")
    if not line.startswith(_DASH) or not is_key_name(name):
        raise ValueError("not a signature line")
    blob = unbase64(body)
    if len(blob) <= 4:
        raise ValueError("a signature of no length")
    return name, blob[:4], blob[4:]
