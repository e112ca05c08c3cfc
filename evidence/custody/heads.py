"""Checkpoints on watch while the tree is rebuilt: each is compared when the tree has just its size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Max

from evidence.custody import signer
from evidence.custody.models import Checkpoint
from evidence.tlog import checkpoint, note

PAGE = 1000


@dataclass(frozen=True)
class Problem:
    """`object` names what fails, `problem` says how."""

    object: str
    problem: str


@dataclass(frozen=True)
class Head:
    """What somebody signed: the stored checkpoints, and those held outside. `root` is what the row says besides."""

    name: str
    note: str
    size: int
    root: bytes | None


class Watch:
    """Our own checkpoints in the order of their size, merged with the `held` ones."""

    def __init__(self, held: Sequence[str]):
        self.seen = 0
        self._problems: list[Problem] = []
        self._keys: list[note.Key] = []
        try:
            self._keys.append(signer.public_key())
        except signer.SignerMissing as error:
            self._problems.append(Problem("signing key", str(error)))
        self._held = self._parsed(held)
        self._stored = _stored()
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
            yield Problem(head.name, f"is for {head.size} entries, the log has only {size}")

    def _take(self) -> Head:
        if self._held and self._held[0].size == self.next_size:
            return self._held.pop(0)
        head = self._next_stored
        assert head is not None
        self._next_stored = next(self._stored, None)
        return head

    def _fault(self, head: Head, root: bytes) -> str:
        signed, fault = _read(head, self._keys)
        if signed is None:
            return fault
        if signed.root != root:
            return "the log has another root at this size: history was changed"
        if head.root is None and not Checkpoint.objects.filter(size=head.size).exists():
            return "is not among the checkpoints kept here: its row was taken away"
        return ""

    def _parsed(self, held: Sequence[str]) -> list[Head]:
        found = []
        for number, text in enumerate(held, start=1):
            name = f"checkpoint {number} held outside"
            try:
                found.append(Head(name, text, checkpoint.parse(note.parse(text.encode()).text).size, None))
            except note.NoteError as error:
                self._problems.append(Problem(name, f"is no checkpoint: {error}"))
        return sorted(found, key=lambda head: head.size)


def latest() -> tuple[checkpoint.Checkpoint | None, list[Problem]]:
    """What the latest stored checkpoint signs, or None with the problem (with none if there is no checkpoint yet)."""
    row = Checkpoint.objects.order_by("-size").first()
    if row is None:
        return None, []
    try:
        keys = [signer.public_key()]
    except signer.SignerMissing as error:
        return None, [Problem("signing key", str(error))]
    head = Head(f"checkpoint {row.size}", row.note, row.size, bytes(row.root))
    signed, fault = _read(head, keys)
    return signed, [Problem(head.name, fault)] if fault else []


def _read(head: Head, keys: Sequence[note.Key]) -> tuple[checkpoint.Checkpoint | None, str]:
    """What `head` signs, or None and why not."""
    try:
        signed = checkpoint.parse(note.verify(head.note.encode(), keys, signer.verifies).text)
    except note.NoteError as error:
        return None, f"its note does not verify: {error}"
    if signed.origin not in {key.name for key in keys}:
        return None, "is of another log"
    if signed.size != head.size or head.root not in (None, signed.root):
        return None, "its row does not say what its note says"
    return signed, ""


def _stored() -> Iterator[Head]:
    """Those that are there when the first is asked for: what is signed while the log is read lies beyond its end."""
    newest = Checkpoint.objects.aggregate(size=Max("size"))["size"] or 0
    after = -1
    while True:
        page = list(Checkpoint.objects.filter(size__gt=after, size__lte=newest).order_by("size")[:PAGE])
        if not page:
            return
        for row in page:
            yield Head(f"checkpoint {row.size}", row.note, row.size, bytes(row.root))
        after = page[-1].size
