"""Checkpoints on watch while the tree is rebuilt: each is compared when the tree has just its size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evidence.custody import given_up, memory, signer
from evidence.custody.models import Checkpoint
from evidence.custody.problem import Problem
from evidence.custody.tree import LogDamaged
from evidence.tlog import checkpoint, note, ring
from evidence.tlog.ring import Ring

PAGE = 1000


@dataclass(frozen=True)
class Head:
    """What somebody signed: the stored checkpoints, what the signer remembers, and those held outside.

    `root` is what the row says besides. `ours` is known to be ours without its signature: from before a key was
    revoked such a head may have no other, and must only agree with the tree."""

    name: str
    note: str
    size: int
    root: bytes | None
    ours: bool


class Watch:
    """Our own checkpoints in the order of their size, merged with the `held` ones.

    Made before the log's size is read: what is signed later is not looked at."""

    def __init__(self, held: Sequence[str]):
        self.seen = self.doubted = 0
        self._problems: list[Problem] = []
        self._ring: Ring = ()
        try:
            self._ring = signer.public_keys()
        except signer.SignerMissing as error:
            self._problems.append(Problem("signing key", str(error)))
        self._held = sorted([*self._parsed(held), *self._remembered()], key=lambda head: head.size)
        last = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
        self._stored = _stored(-1 if last is None else last)
        self._next_stored = next(self._stored, None)

    def problems(self) -> list[Problem]:
        """What was wrong before the first leaf was read."""
        return self._problems

    @property
    def next_size(self) -> int:
        """The size at which `reached` has something to say; -1 when there is nothing left."""
        sizes = [head.size for head in (self._next_stored, *self._held[:1]) if head]
        return min(sizes, default=-1)

    def reached(self, size: int, root: bytes) -> Iterator[Problem]:
        """The tree has `size` leaves and this root: compare whoever signed that size."""
        while self.next_size == size:
            head = self._take()
            self.seen += 1
            if problem := self._fault(head, root):
                yield Problem(head.name, problem)

    def unreached(self, size: int) -> Iterator[Problem]:
        """Heads beyond the end: the log was cut off or an old copy of it was put back."""
        while self.next_size >= 0:
            head = self._take()
            self.seen += 1
            signed, fault = _read(head, self._ring)
            why = given_up.words(head.size, signed.head.root.hex()) if signed else f"; {fault}"
            yield Problem(head.name, f"is for {head.size} entries, the log has only {size}{why}")

    def _take(self) -> Head:
        if self._held and self._held[0].size == self.next_size:
            return self._held.pop(0)
        head = self._next_stored
        assert head is not None
        self._next_stored = next(self._stored, None)
        return head

    def _fault(self, head: Head, root: bytes) -> str:
        signed, fault = _read(head, self._ring)
        if signed is None:
            return fault
        if signed.doubt:
            self.doubted += 1
        if signed.head.root != root:
            declared = given_up.words(head.size, signed.head.root.hex())
            return f"the log has another root at this size{declared or ': history was changed'}"
        if not head.ours and not Checkpoint.objects.filter(size=head.size).exists():
            return "is not among the checkpoints kept here: its row was taken away"
        return ""

    def _parsed(self, held: Sequence[str]) -> Iterator[Head]:
        for number, text in enumerate(held, start=1):
            name = f"checkpoint {number} held outside"
            try:
                size = checkpoint.parse(note.parse(text.encode()).text).size
            except note.NoteError as error:
                self._problems.append(Problem(name, f"is no checkpoint: {error}"))
            else:
                yield Head(name, text, size, None, ours=False)

    def _remembered(self) -> Iterator[Head]:
        try:
            if remembered := memory.head():
                yield Head("checkpoint that the signer remembers", memory.text(), remembered.size, None, ours=True)
        except (LogDamaged, OSError) as error:
            self._problems.append(Problem("checkpoint that the signer remembers", str(error)))


def latest() -> tuple[checkpoint.Checkpoint | None, list[Problem]]:
    """What the latest stored checkpoint signs, or None with the problem (with none if there is no checkpoint yet)."""
    row = Checkpoint.objects.order_by("-size").first()
    if row is None:
        return None, []
    try:
        keys = signer.public_keys()
    except signer.SignerMissing as error:
        return None, [Problem("signing key", str(error))]
    head = Head(f"checkpoint {row.size}", row.note, row.size, bytes(row.root), ours=True)
    signed, fault = _read(head, keys)
    return signed.head if signed else None, [Problem(head.name, fault)] if fault else []


def _read(head: Head, keys: Ring) -> tuple[ring.Reading | None, str]:
    """What `head` signs, or None and why not."""
    if not keys:
        return None, "no public key is known to verify it with"
    try:
        signed = ring.read(head.note.encode(), keys, signer.verifies)
    except note.NoteError as error:
        return None, f"its note does not verify: {error}"
    if signed.head.size != head.size or head.root not in (None, signed.head.root):
        return None, "its row does not say what its note says"
    if signed.doubt and not head.ours:
        return None, signed.doubt
    return signed, ""


def _stored(last: int) -> Iterator[Head]:
    after = -1
    while True:
        page = list(Checkpoint.objects.filter(size__gt=after, size__lte=last).order_by("size")[:PAGE])
        if not page:
            return
        for row in page:
            yield Head(f"checkpoint {row.size}", row.note, row.size, bytes(row.root), ours=True)
        after = page[-1].size
