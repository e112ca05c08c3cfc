"""Put bytes under their hash, once and durably; open them, and prove that they are still the same.

Bytes lie in the storage that a Django alias names: `evidence`, or `archive` for the second copy."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from evidence.store.errors import Damaged, translated
from evidence.store.filesystem import CHUNK, Folder, purge_folder
from evidence.store.incoming import Backend, Incoming, Kept, Refusal, Stored, finish_all
from evidence.store.locks import Archived, Lock, Proof
from evidence.store.once import WriteOnce
from evidence.store.partial import Partial, glimpse
from evidence.store.s3 import Bucket
from evidence.store.spool import SUFFIX

__all__ = ["ARCHIVE", "EVIDENCE", "Incoming", "Kept", "Lock", "Partial", "Refusal", "Stored", "archived",
           "begin", "chunks_verified", "copy", "described", "finish_all", "gather", "held", "kept", "lock", "lock_of",
           "look", "open_blob", "partial", "partial_bytes", "place", "probe", "prove_lock", "purge_stale", "put",
           "read_verified", "remove", "room", "scratch", "set_aside", "size", "verify"]

HEAD, TAIL = 64 * 1024, 4 * 1024
EVIDENCE = "evidence"
ARCHIVE = "archive"
STALE_SECONDS = 24 * 3600


def begin(alias: str = EVIDENCE) -> Incoming:
    """Begin to take bytes. Raises StoreFull, StoreUnavailable."""
    return Incoming(_backend(alias))


def partial(name: str) -> Partial:
    """The file under `name` (32 hex digits, the caller's) that comes in pieces, to be written in a `with`.

    Untouched for a day it goes with what was abandoned. Raises Busy, StoreFull, StoreUnavailable."""
    with translated():
        return Partial(_backend(EVIDENCE).folder(), name)


def partial_bytes(name: str, start: int, length: int) -> bytes:
    """So many bytes of it from `start` on, without holding it. Raises StoreUnavailable."""
    with translated():
        return glimpse(_backend(EVIDENCE).folder(), name, start, length)


def gather(file: Partial, size: int) -> Incoming:
    """All `size` bytes of `file`, read and hashed, on their way into the store; whatever comes of that, the file
    stays until it is removed. Raises Damaged when they are not so many, StoreUnavailable."""
    return Incoming(_backend(EVIDENCE), file.whole(size))


def room() -> int:
    """Bytes that can still be written where uploads arrive. Raises StoreUnavailable."""
    with translated():
        found = os.statvfs(_backend(EVIDENCE).folder())
    return found.f_bavail * found.f_frsize


def put(stream: BinaryIO, declared: str = "", alias: str = EVIDENCE) -> Stored:
    """Keep all that `stream` yields. Errors as Incoming.finish."""
    with begin(alias) as incoming:
        while chunk := stream.read(CHUNK):
            incoming.write(chunk)
        return incoming.finish(declared)


def copy(sha256: str, source: str, version: str, target: str) -> str:
    """Keep in `target` what `source` holds, hashed on the way; the version that was read back there. Raises Damaged,
    StoreFull, StoreUnavailable."""
    with begin(target) as incoming:
        for chunk in chunks_verified(sha256, source, version):
            incoming.write(chunk)
        return incoming.finish(sha256).version


def kept(sha256: str, alias: str = EVIDENCE) -> Kept:
    """Bytes that are held already, to be taken in once more. Raises Damaged when they are gone."""
    with open_blob(sha256, alias) as file:
        head = file.read(HEAD)
        length = file.seek(0, 2)
        file.seek(max(0, length - TAIL))
        return Kept(sha256, length, head, file.read(TAIL))


def size(sha256: str, alias: str = EVIDENCE, version: str = "") -> int | None:
    """Bytes held under this hash (as this version, where one is named), or None."""
    with translated():
        return _backend(alias).size(sha256, version)


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


def chunks_verified(sha256: str, alias: str = EVIDENCE, version: str = "") -> Iterator[bytes]:
    """The bytes in chunks of at most 1 MiB, hashed on the way: the last one is held back until the hash is right.

    Raises Damaged instead of the last chunk, so that a receiver who counts bytes sees an incomplete answer."""
    digest, held = hashlib.sha256(), b""
    with translated():
        for chunk in _backend(alias).stream(sha256, version=version):
            digest.update(chunk)
            if held:
                yield held
            held = chunk
    if digest.hexdigest() != sha256:
        raise Damaged(f"{sha256} now hashes to {digest.hexdigest()}")
    if held:
        yield held


def look(sha256: str, alias: str = EVIDENCE, version: str = "", pace: Callable[[int], None] | None = None,
         ) -> Stored | None:
    """What lies under this hash, read again from the disk and not from what the kernel remembers; None when it is
    gone. `pace` is told how many bytes were read since it was told last, and may take its time."""
    digest, size = hashlib.sha256(), 0
    try:
        with translated():
            for chunk in _backend(alias).stream(sha256, True, version):
                digest.update(chunk)
                size += len(chunk)
                if pace:
                    pace(len(chunk))
    except Damaged:
        return None
    return Stored(digest.hexdigest(), size, version)


def verify(sha256: str, alias: str = EVIDENCE, version: str = "") -> bool:
    """Whether the bytes, read again from the disk, still hash to their name; False also when they are gone."""
    found = look(sha256, alias, version)
    return found is not None and found.sha256 == sha256


def place(sha256: str, alias: str) -> str:
    """Where in the storage of `alias` these bytes lie."""
    with translated():
        return _backend(alias).place(sha256)


def lock(sha256: str, version: str) -> Lock:
    """Lock this version of the archive as the settings ask, unless it is locked so already; what the storage says of
    its lock then. A storage without locks answers with none. Raises StoreUnavailable."""
    with translated():
        return _backend(ARCHIVE).lock(sha256, version, settings.ARCHIVE_LOCK, settings.ARCHIVE_LOCK_DAYS)


def lock_of(sha256: str, version: str) -> Lock:
    """What the archive says now of its lock on this version. Raises StoreUnavailable."""
    with translated():
        return _backend(ARCHIVE).lock_of(sha256, version)


def set_aside(sha256: str, alias: str, version: str, label: str) -> str:
    """Keep damaged bytes where nothing reads them, so that whole ones can take their place; where they lie then, empty
    where there were none. With the same `label` it may be called again after a crash. Raises StoreUnavailable."""
    with translated():
        return _backend(alias).set_aside(sha256, version, label)


def remove(sha256: str, alias: str = EVIDENCE) -> None:
    """Take bytes out, every version of them, for good. Whoever calls this has made sure that no row needs them and
    that nobody is about to name them. Harmless where there are none.

    Raises Locked where the storage keeps them, StoreUnavailable."""
    with translated():
        _backend(alias).remove(sha256)


def prove_lock() -> Proof:
    """Try to break the lock that `lock` would put, on objects of its own; what came of it. Raises nothing."""
    return _backend(ARCHIVE).prove(settings.ARCHIVE_LOCK)


def described(alias: str) -> str:
    """Which storage this is, for people: no credentials."""
    storage: Any = storages[alias]
    if isinstance(storage, FileSystemStorage):
        return f"file://{storage.location}"
    return f"s3://{storage.bucket_name}/{storage.location.strip('/')}"


def held(alias: str = EVIDENCE, older_than: float = STALE_SECONDS) -> Iterator[str]:
    """Every hash under which bytes have lain for `older_than` seconds or more, one after the other."""
    with translated():
        yield from _backend(alias).names(older_than)


def archived(older_than: float = STALE_SECONDS) -> Iterator[Archived]:
    """Everything that has lain in the archive for `older_than` seconds: each version, and markers that hide some."""
    with translated():
        yield from _backend(ARCHIVE).archived(older_than)


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


@contextmanager
def scratch() -> Iterator[Path]:
    """A private folder beside the uploads, gone afterwards. A process that is killed leaves it to `purge_stale`."""
    with tempfile.TemporaryDirectory(prefix="casework-", suffix=SUFFIX, dir=_spool_folder()) as folder:
        yield Path(folder)


def purge_stale() -> int:
    """Remove temporary files and folders and unfinished uploads that were abandoned for a day; how many went."""
    with translated():
        return (purge_folder(_spool_folder(), STALE_SECONDS)
                + sum(_backend(alias).purge(STALE_SECONDS) for alias in (EVIDENCE, ARCHIVE)))


def _backend(alias: str) -> Backend:
    storage = storages[alias]
    if isinstance(storage, FileSystemStorage):
        return Folder(Path(storage.location))
    # django-storages' S3Storage by its attribute: naming the class would load boto3 into every process.
    if hasattr(storage, "bucket_name"):
        return (WriteOnce if alias == ARCHIVE else Bucket)(storage, _spool_folder())
    raise TypeError(f"the store has no durable writer for {type(storage).__name__}")


def _spool_folder() -> Path:
    return Path(settings.FILE_UPLOAD_TEMP_DIR)
