"""C2SP tlog-checkpoint: the text of a signed tree head. Origin, size, root, one line each."""

import re
from dataclasses import dataclass

from evidence.tlog import merkle, note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Checkpoint:
    """`extensions` are lines that this log never writes and a reader must keep, because they are signed."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def write(checkpoint: Checkpoint) -> str:
    """The text to sign. Errors: NoteError for what `parse` would not give back."""
    lines = [checkpoint.origin, str(checkpoint.size), note.encode64(checkpoint.root), *checkpoint.extensions]
    text = "".join(f"{line}\n" for line in lines)
    if parse(text) != checkpoint:
        raise note.NoteError("not a checkpoint")
    return text


def parse(text: str) -> Checkpoint:
    """The checkpoint in `text`, in its one spelling."""
    if not text.endswith("\n"):
        raise note.NoteError("a checkpoint ends with a newline")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise note.NoteError("a checkpoint has three lines and no empty one")
    origin, size, root, *extensions = lines
    if not note.is_name(origin):
        raise note.NoteError("the origin is empty or has a space or a plus sign")
    if not _SIZE.fullmatch(size) or int(size) > _LARGEST:
        raise note.NoteError("the size is not a decimal number without leading zeros")
    digest = note.decode64(root)
    if len(digest) != merkle.HASH_BYTES or (size == "0" and digest != merkle.EMPTY_ROOT):
        raise note.NoteError("the root is not a SHA-256 hash of a tree of that size")
    return Checkpoint(origin, int(size), digest, tuple(extensions))
