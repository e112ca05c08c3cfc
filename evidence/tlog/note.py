"""C2SP signed-note: a text, an empty line, signatures. Strict parser, canonical printer, keys as text.

Cryptography is passed in: `Verify` answers whether a signature is good, `Sign` makes one. Errors: NoteError."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

# Types of signatures: a log's own, and those of witnesses (tlog-cosignature).
ED25519 = 0x01
COSIGNATURE = 0x04
ML_DSA_44 = 0x06
KEY_ID_BYTES = 4
_DASH = "— "
_PRIVATE = "PRIVATE+KEY+"
_MOST_SIGNATURES = 100
_MOST_BYTES = 1_000_000


class NoteError(ValueError):
    """Not a signed note, not a key, or not signed by whom it had to be."""


@dataclass(frozen=True)
class Key:
    """A public key with the name it signs under. `material` is what follows the type byte."""

    name: str
    kind: int
    material: bytes

    @property
    def id(self) -> bytes:
        head = self.name.encode() + b"\n" + bytes([self.kind])
        return hashlib.sha256(head + self.material).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        """The verifier key: name+hex(id)+base64(type‖key)."""
        return f"{self.name}+{self.id.hex()}+{encode64(bytes([self.kind]) + self.material)}"


@dataclass(frozen=True)
class PrivateKey:
    """A signing key (for Ed25519 the 32-byte seed) beside the public key that belongs to it."""

    public: Key
    secret: bytes

    def text(self) -> str:
        """PRIVATE+KEY+name+hex(id)+base64(type‖secret). Never __str__: a secret must not print by accident."""
        body = encode64(bytes([self.public.kind]) + self.secret)
        return f"{_PRIVATE}{self.public.name}+{self.public.id.hex()}+{body}"

    def __repr__(self) -> str:
        return f"PrivateKey({self.public.name})"


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    blob: bytes


@dataclass(frozen=True)
class Note:
    """`text` ends with a newline and is what was signed."""

    text: str
    signatures: tuple[Signature, ...]


Verify = Callable[[Key, bytes, bytes], bool]
Sign = Callable[[bytes], bytes]


def parse_key(text: str) -> Key:
    """A verifier key in its one spelling."""
    name, key_id, body = _key_parts(text)
    key = Key(name, body[0], body[1:])
    if key.id != key_id:
        raise NoteError("the key id is not that of the key")
    return key


def parse_private_key(text: str, public: Callable[[bytes], bytes]) -> PrivateKey:
    """A signing key; `public` derives the public key from the secret."""
    if not text.startswith(_PRIVATE):
        raise NoteError("not a signing key")
    name, key_id, body = _key_parts(text.removeprefix(_PRIVATE))
    key = Key(name, body[0], public(body[1:]))
    if key.id != key_id:
        raise NoteError("the key id is not that of the key")
    return PrivateKey(key, body[1:])


def parse(data: bytes) -> Note:
    """The note in `data`, its signatures not yet verified."""
    if len(data) > _MOST_BYTES:
        raise NoteError("larger than any note")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NoteError("not UTF-8") from None
    if any(char < " " and char != "\n" for char in whole):
        raise NoteError("a control character")
    # The text may hold empty lines of its own: the last one separates.
    text, separator, tail = whole.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteError("no signatures, or no newline after the last")
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise NoteError("too many signatures")
    return Note(text + "\n", tuple(_signature(line) for line in lines))


def write(note: Note) -> bytes:
    return f"{note.text}\n{''.join(map(signature_line, note.signatures))}".encode()


def signature_line(signature: Signature) -> str:
    """One signature as it stands in a note, with its newline."""
    return f"{_DASH}{signature.name} {encode64(signature.key_id + signature.blob)}\n"


def sign(text: str, signers: Iterable[tuple[Key, Sign]]) -> bytes:
    """`text` (ends with a newline) signed by each signer, as it is published."""
    made = tuple(Signature(key.name, key.id, signer(text.encode())) for key, signer in signers)
    signed = write(Note(text, made))
    if parse(signed) != Note(text, made):
        raise NoteError("this text cannot be told from its signatures")
    return signed


def verify(data: bytes, keys: Sequence[Key], good: Verify) -> Note:
    """The note, signed by at least one of `keys`. A failing signature of a known key refuses the whole note;
    signatures of unknown keys are ignored."""
    note = parse(data)
    known = {(key.name, key.id): key for key in keys}
    signed = False
    for each in note.signatures:
        key = known.get((each.name, each.key_id))
        if key is None:
            continue
        if not good(key, note.text.encode(), each.blob):
            raise NoteError(f"the signature of {each.name} is wrong")
        signed = True
    if not signed:
        raise NoteError("not signed by a known key")
    return note


def is_name(name: str) -> bool:
    """A key name: not empty, no white space of any kind, no plus sign."""
    return bool(name) and "+" not in name and not any(char.isspace() or char < " " for char in name)


def encode64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decode64(text: str) -> bytes:
    """Standard base64 in its one spelling: padded, no stray bits."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("not base64") from None
    if encode64(data) != text:
        raise NoteError("not base64 in its one spelling")
    return data


def _signature(line: str) -> Signature:
    name, separator, body = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not separator or not is_name(name):
        raise NoteError("not a signature line")
    blob = decode64(body)
    if len(blob) <= KEY_ID_BYTES:
        raise NoteError("a signature of no length")
    return Signature(name, blob[:KEY_ID_BYTES], blob[KEY_ID_BYTES:])


def _key_parts(text: str) -> tuple[str, bytes, bytes]:
    # Base64 has plus signs of its own: only the first two separate.
    name, first, rest = text.partition("+")
    key_id, second, body = rest.partition("+")
    if not first or not second or not is_name(name) or len(key_id) != 2 * KEY_ID_BYTES:
        raise NoteError("not a key")
    if any(char not in "0123456789abcdef" for char in key_id):
        raise NoteError("not a key")
    data = decode64(body)
    if len(data) < 2:
        raise NoteError("not a key")
    return name, bytes.fromhex(key_id), data
