"""Put bytes under their hash, once and durably; open them, and prove that they are still the same.

Bytes lie in the storage that a Django alias names: `evidence`, or `archive` for the second copy."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from evidence.store.errors import Damaged, HashMismatch, translated
from evidence.store.filesystem import CHUNK, Folder, purge_folder
from evidence.store.keys import is_sha256
from evidence.store.s3 import Bucket
from evidence.store.spool import Spool

EVIDENCE = "evidence"
ARCHIVE = "archive"
STALE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Stored:
    """What is now held: 64 hex digits, and bytes."""

    sha256: str
    size: int


class Backend(Protocol):
    def spool(self) -> Spool: ...
    def keep(self, spool: Spool) -> None: ...
    def size(self, sha256: str) -> int | None: ...
    def open(self, sha256: str) -> BinaryIO: ...
    def stream(self, sha256: str, fresh: bool = False) -> Iterator[bytes]: ...
    def place(self, sha256: str) -> tuple[str, str]: ...
    def purge(self, older_than: float) -> int: ...
    def names(self, older_than: float) -> Iterator[str]: ...
    def exercise(self) -> bool: ...


class Incoming:
    """Bytes on their way in. Nothing is visible before `finish`; leaving the `with` block without it leaves nothing."""

    def __init__(self, backend: Backend):
        self._backend = backend
        with translated():
            self._spool = backend.spool()
        self._open = True

    @property
    def sha256(self) -> str:
        """64 hex digits over what was written so far."""
        return self._spool.sha256

    @property
    def size(self) -> int:
        return self._spool.size

    @property
    def head(self) -> bytes:
        """The first 64 KiB at most."""
        return self._spool.head

    @property
    def tail(self) -> bytes:
        """The last 4 KiB at most."""
        return self._spool.tail

    def write(self, data: bytes) -> None:
        """Take all of `data`. Raises StoreFull, StoreUnavailable; after either, nothing is kept."""
        if not self._open:
            raise ValueError("finished or abandoned")
        try:
            with translated():
                self._spool.write(data)
        except BaseException:
            self.abandon()
            raise

    def finish(self, declared: str = "") -> Stored:
        """Keep the bytes durably under their hash. `declared` is the sender's SHA-256 in hex, or empty.

        Raises HashMismatch, ValueError (declared is no hash), StoreFull, StoreUnavailable; nothing is visible then.
        Raises Damaged when the store already holds something else under this hash."""
        if not self._open:
            raise ValueError("finished or abandoned")
        try:
            check_declared(declared, self.sha256)
            with translated():
                self._backend.keep(self._spool)
        except BaseException:
            self.abandon()
            raise
        self._open = False
        return Stored(self._spool.sha256, self._spool.size)

    def abandon(self) -> None:
        """Leave nothing behind. Harmless when finished."""
        if self._open:
            self._open = False
            self._spool.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.abandon()


def check_declared(declared: str, received: str) -> None:
    """ValueError unless `declared` is empty or a SHA-256 in hex, HashMismatch unless it is `received`."""
    if not declared:
        return
    if not is_sha256(declared.lower()):
        raise ValueError("a declared SHA-256 is 64 hex digits")
    if declared.lower() != received:
        raise HashMismatch(declared.lower(), received)


def begin(alias: str = EVIDENCE) -> Incoming:
    """Begin to take bytes. Raises StoreFull, StoreUnavailable."""
    return Incoming(_backend(alias))


def put(stream: BinaryIO, declared: str = "", alias: str = EVIDENCE) -> Stored:
    """Keep all that `stream` yields. Errors as Incoming.finish."""
    with begin(alias) as incoming:
        while chunk := stream.read(CHUNK):
            incoming.write(chunk)
        return incoming.finish(declared)


def size(sha256: str, alias: str = EVIDENCE) -> int | None:
    """Bytes held under this hash, or None."""
    with translated():
        return _backend(alias).size(sha256)


def open_blob(sha256: str, alias: str = EVIDENCE) -> BinaryIO:
    """A seekable file with a descriptor, its bytes not verified. Raises Damaged when they are gone."""
    with translated():
        return _backend(alias).open(sha256)


def read_verified(sha256: str, limit: int, alias: str = EVIDENCE) -> bytes:
    """All bytes, hashed. Raises Damaged, and ValueError when there are more than `limit`."""
    held = size(sha256, alias)
    if held is not None and held > limit:
        raise ValueError(f"{held} bytes are more than {limit}")
    return b"".join(chunks_verified(sha256, alias))


def chunks_verified(sha256: str, alias: str = EVIDENCE, fresh: bool = False) -> Iterator[bytes]:
    """The bytes in chunks of at most 1 MiB, hashed on the way: the last one is held back until the hash is right.

    Raises Damaged instead of the last chunk, so that a receiver who counts bytes sees an incomplete answer.
    `fresh` reads from the disk, not from what the kernel remembers."""
    digest, held = hashlib.sha256(), b""
    with translated():
        for chunk in _backend(alias).stream(sha256, fresh):
            digest.update(chunk)
            if held:
                yield held
            held = chunk
    if digest.hexdigest() != sha256:
        raise Damaged(f"{sha256} now hashes to {digest.hexdigest()}")
    if held:
        yield held


def verify(sha256: str, alias: str = EVIDENCE) -> bool:
    """Whether the bytes, read again from the disk, still hash to their name; False also when they are gone."""
    try:
        for _chunk in chunks_verified(sha256, alias, fresh=True):
            pass
    except Damaged:
        return False
    return True


def place(sha256: str, alias: str) -> tuple[str, str]:
    """Where in the storage of `alias` these bytes lie, and the version it gave them (or empty)."""
    with translated():
        return _backend(alias).place(sha256)


def held(alias: str = EVIDENCE, older_than: float = STALE_SECONDS) -> Iterator[str]:
    """Every hash under which bytes have lain for `older_than` seconds or more, one after the other."""
    with translated():
        yield from _backend(alias).names(older_than)


def probe(alias: str = EVIDENCE) -> None:
    """Write and discard a few bytes, and ask the storage for a name it cannot hold. Raises as `begin` does."""
    with begin(alias) as incoming:
        incoming.write(b"probe")
    size("0" * 64, alias)


def exercise(alias: str = EVIDENCE) -> bool:
    """Write a few bytes, read them back from where they lie, discard them; whether they came back the same.

    Raises as `begin` does."""
    with translated():
        return _backend(alias).exercise()


def purge_stale() -> int:
    """Remove temporary files and unfinished uploads that were abandoned for a day; how many went."""
    with translated():
        return (purge_folder(_spool_folder(), STALE_SECONDS)
                + sum(_backend(alias).purge(STALE_SECONDS) for alias in (EVIDENCE, ARCHIVE)))


def _backend(alias: str) -> Backend:
    storage = storages[alias]
    if isinstance(storage, FileSystemStorage):
        return Folder(Path(storage.location))
    # django-storages' S3Storage by its attribute: naming the class would load boto3 into every process.
    if hasattr(storage, "bucket_name"):
        return Bucket(storage, _spool_folder())
    raise TypeError(f"the store has no durable writer for {type(storage).__name__}")


def _spool_folder() -> Path:
    return Path(settings.FILE_UPLOAD_TEMP_DIR)
