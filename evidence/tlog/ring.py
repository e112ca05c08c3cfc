"""The keys that a log has signed with, and for which sizes each counts: how a reader follows a log that changes keys.

One line for each key, the newest first: `vkey[ from N][ until N][ revoked N]`. Sizes are those of checkpoints: `from`
is the first that the key may sign (0 where it is not said), `until` the last, and from `revoked` on its signature
counts for nothing. The first key is the one that signs now. Lines that begin with # are for people.
Errors: NoteError."""

import re
from dataclasses import dataclass

from evidence.tlog import checkpoint, note
from evidence.tlog.checkpoint import Checkpoint
from evidence.tlog.note import Key, NoteError, Verify

_WORDS = re.compile(r"(?: from (?P<since>[1-9][0-9]{0,18}))?(?: until (?P<until>0|[1-9][0-9]{0,18}))?"
                    r"(?: revoked (?P<revoked>0|[1-9][0-9]{0,18}))?")


@dataclass(frozen=True)
class Term:
    """One key and the sizes that it counts for."""

    key: Key
    since: int = 0
    until: int | None = None
    revoked: int | None = None

    @property
    def signs(self) -> bool:
        """Whether the log signs with it now."""
        return self.until is None and self.revoked is None

    def __str__(self) -> str:
        said = [("from", self.since or None), ("until", self.until), ("revoked", self.revoked)]
        return " ".join([str(self.key), *(f"{word} {size}" for word, size in said if size is not None)])


Ring = tuple[Term, ...]


@dataclass(frozen=True)
class Reading:
    """What a checkpoint says. `doubt` is why no signature on it counts, where it was signed by a revoked key alone."""

    head: Checkpoint
    doubt: str


def parse(text: str) -> Ring:
    """The ring in `text`, each line in its one spelling."""
    if not text.endswith("\n"):
        raise NoteError("a list of keys ends with a newline")
    ring = tuple(_term(line) for line in text[:-1].split("\n") if not line.startswith("#"))
    if not ring or not ring[0].signs:
        raise NoteError("the first key is not one that signs")
    if len({term.key.name for term in ring}) > 1 or len({term.key.id for term in ring}) < len(ring):
        raise NoteError("the keys of a log have one name, and each has an id of its own")
    return ring


def write(ring: Ring) -> str:
    """Errors: NoteError for what `parse` would not give back."""
    text = "".join(f"{term}\n" for term in ring)
    if parse(text) != ring:
        raise NoteError("not a list of keys")
    return text


def read(data: bytes, ring: Ring, good: Verify) -> Reading:
    """The checkpoint in `data`, signed by a key of `ring` that counts at its size.

    A wrong signature of any of these keys refuses it, and so does one of a key that was not made yet or was retired;
    one of a revoked key is passed over. Signatures of unknown keys are ignored."""
    signed = note.parse(data)
    head, counts, doubt = checkpoint.parse(signed.text), False, ""
    known = {(term.key.name, term.key.id): term for term in ring}
    for each in signed.signatures:
        term = known.get((each.name, each.key_id))
        if term is None:
            continue
        if not good(term.key, signed.text.encode(), each.blob):
            raise NoteError(f"the signature of {each.name} is wrong")
        if term.revoked is not None and head.size >= term.revoked:
            doubt = f"signed only with a key revoked from size {term.revoked} on"
        elif head.size < term.since:
            raise NoteError(f"signed with a key that signs from size {term.since} on")
        elif term.until is not None and head.size > term.until:
            raise NoteError(f"signed with a key retired at size {term.until}")
        else:
            counts = True
    if not counts and not doubt:
        raise NoteError("not signed by a known key")
    if head.origin != ring[0].key.name:
        raise NoteError("is of another log")
    return Reading(head, "" if counts else doubt)


def _term(line: str) -> Term:
    vkey, space, rest = line.partition(" ")
    found = _WORDS.fullmatch(space + rest)
    if found is None:
        raise NoteError("not a line of a list of keys")
    sizes = {word: None if size is None else int(size) for word, size in found.groupdict().items()}
    term = Term(note.parse_key(vkey), sizes["since"] or 0, sizes["until"], sizes["revoked"])
    if str(term) != line:
        raise NoteError("not a line of a list of keys in its one spelling")
    return term
