"""C2SP tlog-cosignature: a witness's signature on a checkpoint, with the time at which it was made.

Cryptography is passed in, as in `note`. Errors: NoteError."""

from dataclasses import dataclass

from evidence.tlog import checkpoint, note

_TIME_BYTES = 8
_LATEST = 2**63 - 1


@dataclass(frozen=True)
class Cosignature:
    """`time` is the witness's, in seconds since 1970. `signature` is as it stands in the note."""

    time: int
    signature: note.Signature

    @property
    def line(self) -> str:
        return note.signature_line(self.signature)


def message(key: note.Key, text: str, time: int) -> bytes:
    """What `key` signs when it cosigns the checkpoint `text` (with its last newline) at `time`."""
    if key.kind == note.COSIGNATURE:
        return f"cosignature/v1\ntime {time}\n{text}".encode()
    if key.kind == note.ML_DSA_44:
        head = checkpoint.parse(text)
        return (b"subtree/v1\n\0" + _short(key.name) + time.to_bytes(8, "big") + _short(head.origin)
                + (0).to_bytes(8, "big") + head.size.to_bytes(8, "big") + head.root)
    raise note.NoteError(f"a key of type {key.kind} does not cosign")


def make(key: note.Key, text: str, time: int, sign: note.Sign) -> Cosignature:
    return Cosignature(time, note.Signature(
        key.name, key.id, time.to_bytes(_TIME_BYTES, "big") + sign(message(key, text, time))))


def find(lines: bytes, text: str, key: note.Key, good: note.Verify) -> Cosignature:
    """The verified cosignature of `key` on `text` among the signature `lines` of an answer; others are ignored."""
    answered = note.parse(text.encode() + b"\n" + lines)
    if answered.text != text:
        raise note.NoteError("more than signature lines")
    ours = [each for each in answered.signatures if (each.name, each.key_id) == (key.name, key.id)]
    if not ours:
        raise note.NoteError("no signature of the key that was asked")
    if len(ours) > 1:
        raise note.NoteError("two signatures of one key")
    return check(ours[0], text, key, good)


def check(signature: note.Signature, text: str, key: note.Key, good: note.Verify) -> Cosignature:
    """`signature` as a cosignature of `key` on `text`."""
    time = int.from_bytes(signature.blob[:_TIME_BYTES], "big")
    if len(signature.blob) <= _TIME_BYTES or time > _LATEST:
        raise note.NoteError("no timestamped signature")
    if not good(key, message(key, text, time), signature.blob[_TIME_BYTES:]):
        raise note.NoteError(f"the cosignature of {key.name} is wrong")
    return Cosignature(time, signature)


def _short(text: str) -> bytes:
    """A text of 1 to 255 bytes after its length."""
    data = text.encode()
    if not 1 <= len(data) <= 255:
        raise note.NoteError("a name that no cosignature can hold")
    return bytes([len(data)]) + data
