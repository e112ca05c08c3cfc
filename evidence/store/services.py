"""Put bytes under their hash, once and durably; open them, and prove that they are still the same.

Bytes lie in the storage that a Django alias names: `evidence`, or `archive` for the second copy."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from evidence.store.errors import Damaged, translated
from evidence.store.filesystem import CHUNK, Folder, purge_folder
from evidence.store.incoming import Backend, Incoming, Kept, Refusal, Stored, finish_all
from evidence.store.s3 import Bucket

__all__ = ["ARCHIVE", "EVIDENCE", "Incoming", "Kept", "Refusal", "Stored", "begin", "chunks_verified", "finish_all",
           "held", "kept", "open_blob", "place", "probe", "purge_stale", "put", "read_verified", "size", "verify"]

HEAD, TAIL = 64 * 1024, 4 * 1024
EVIDENCE = "evidence"
ARCHIVE = "archive"
STALE_SECONDS = 24 * 3600


def begin(alias: str = EVIDENCE) -> Incoming:
    """Begin to take bytes. Raises StoreFull, StoreUnavailable."""
    return Incoming(_backend(alias))


def put(stream: BinaryIO, declared: str = "", alias: str = EVIDENCE) -> Stored:
    """Keep all that `stream` yields. Errors as Incoming.finish."""
    with begin(alias) as incoming:
        while chunk := stream.read(CHUNK):
            incoming.write(chunk)
        return incoming.finish(declared)


def kept(sha256: str, alias: str = EVIDENCE) -> Kept:
    """Bytes that are held already, to be taken in once more. Raises Damaged when they are gone."""
    with open_blob(sha256, alias) as file:
        head = file.read(HEAD)
        length = file.seek(0, 2)
        file.seek(max(0, length - TAIL))
        return Kept(sha256, length, head, file.read(TAIL))


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
