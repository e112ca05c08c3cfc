"""Bytes on their way into a storage, one file or many: nothing is visible before they are kept, whole and durably."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from evidence.store.errors import Damaged, HashMismatch, StoreFull, StoreUnavailable, translate, translated
from evidence.store.keys import is_sha256
from evidence.store.locks import Archived, Lock, Proof
from evidence.store.publishing import Fault
from evidence.store.spool import Spool

# Why a file was not kept.
Refusal = HashMismatch | StoreFull | StoreUnavailable | Damaged | ValueError


@dataclass(frozen=True)
class Stored:
    """What is now held: 64 hex digits, bytes, and in a write-once bucket the version that was read back."""

    sha256: str
    size: int
    version: str = ""


class Backend(Protocol):
    def folder(self) -> Path: ...
    def spool(self) -> Spool: ...
    def keep(self, spools: Sequence[Spool]) -> Sequence[Fault | StoreFull | StoreUnavailable | None]: ...
    def size(self, sha256: str, version: str = "") -> int | None: ...
    def open(self, sha256: str) -> BinaryIO: ...
    def stream(self, sha256: str, fresh: bool = False, version: str = "") -> Iterator[bytes]: ...
    def place(self, sha256: str) -> str: ...
    def lock(self, sha256: str, version: str, mode: str, days: int) -> Lock: ...
    def lock_of(self, sha256: str, version: str) -> Lock: ...
    def prove(self, mode: str) -> Proof: ...
    def set_aside(self, sha256: str, version: str, label: str) -> str: ...
    def remove(self, sha256: str) -> None: ...
    def purge(self, older_than: float) -> int: ...
    def names(self, older_than: float) -> Iterator[str]: ...
    def archived(self, older_than: float) -> Iterator[Archived]: ...
    def exercise(self) -> bool: ...


class Incoming:
    """Bytes on their way in. Nothing is visible before `finish`; leaving the `with` block without it leaves nothing."""

    def __init__(self, backend: Backend, spool: Spool | None = None):
        """`spool` where bytes lie on the disk already."""
        self.backend = backend
        with translated():
            self.spool = spool or backend.spool()
        self.open = True

    @property
    def sha256(self) -> str:
        """64 hex digits over what was written so far."""
        return self.spool.sha256

    @property
    def size(self) -> int:
        return self.spool.size

    @property
    def head(self) -> bytes:
        """The first 64 KiB at most."""
        return self.spool.head

    @property
    def tail(self) -> bytes:
        """The last 4 KiB at most."""
        return self.spool.tail

    def write(self, data: bytes) -> None:
        """Take all of `data`. Raises StoreFull, StoreUnavailable; after either, nothing is kept."""
        if not self.open:
            raise ValueError("finished or abandoned")
        try:
            with translated():
                self.spool.write(data)
        except BaseException:
            self.abandon()
            raise

    def finish(self, declared: str = "") -> Stored:
        """Keep the bytes durably under their hash. `declared` is the sender's SHA-256 in hex, or empty.

        Raises HashMismatch, ValueError (declared is no hash), StoreFull, StoreUnavailable; nothing is visible then.
        Raises Damaged when the store already holds something else under this hash."""
        kept = finish_all([self], [declared])[0]
        if isinstance(kept, Stored):
            return kept
        raise kept

    def abandon(self) -> None:
        """Leave nothing behind. Harmless when finished."""
        if self.open:
            self.open = False
            self.spool.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.abandon()


class Kept(Incoming):
    """Stands where an Incoming stands, for bytes that a storage holds already."""

    def __init__(self, sha256: str, size: int, head: bytes, tail: bytes):
        self._stored, self._head, self._tail = Stored(sha256, size), head, tail
        self.open = False

    @property
    def sha256(self) -> str:
        return self._stored.sha256

    @property
    def size(self) -> int:
        return self._stored.size

    @property
    def head(self) -> bytes:
        return self._head

    @property
    def tail(self) -> bytes:
        return self._tail


def finish_all(arriving: Sequence[Incoming], declared: Sequence[str]) -> list[Stored | Refusal]:
    """`Incoming.finish` for many at once, in the time of a few: for each what is held now, or what `finish` raises.

    All must have begun in the same storage. Whatever is refused is abandoned."""
    found: dict[Incoming, Stored | Refusal] = {}
    try:
        for incoming, hexed in zip(arriving, declared, strict=True):
            if refusal := _undeclared(incoming, hexed):
                found[incoming] = refusal
            elif isinstance(incoming, Kept):
                found[incoming] = Stored(incoming.sha256, incoming.size)
        left = [incoming for incoming in arriving if incoming not in found]
        if left:
            with translated():
                faults = left[0].backend.keep([incoming.spool for incoming in left])
            for incoming, fault in zip(left, faults, strict=True):
                incoming.open = fault is not None
                found[incoming] = translate(fault) if fault else Stored(incoming.sha256, incoming.size,
                                                                        incoming.spool.version)
    finally:
        for incoming in arriving:
            incoming.abandon()
    return [found[incoming] for incoming in arriving]


def _undeclared(incoming: Incoming, declared: str) -> HashMismatch | ValueError | None:
    if not (incoming.open or isinstance(incoming, Kept)):
        return ValueError("finished or abandoned")
    if declared and not is_sha256(declared.lower()):
        return ValueError("a declared SHA-256 is 64 hex digits")
    if declared and declared.lower() != incoming.sha256:
        return HashMismatch(declared.lower(), incoming.sha256)
    return None
