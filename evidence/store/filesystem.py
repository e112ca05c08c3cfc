"""Blobs in folders: written aside, synced, then renamed to their hash, and the folders synced too."""

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from evidence.store.errors import Damaged
from evidence.store.keys import is_sha256, key
from evidence.store.spool import Spool

CHUNK = 1024 * 1024

_TEMPORARY = re.compile(r"[0-9a-f]{32}\.part|tmp[^/]*\.upload(\.[^/]*)?")

# Folders whose own entry this process has seen synced. A folder that merely exists may be the work of a process
# that died before its fsync, so the first use in each process syncs the parent once.
_settled: set[Path] = set()


class Folder:
    """A blob storage under `root`. Every method may raise OSError; Damaged where stored bytes are not as named."""

    def __init__(self, root: Path):
        self._root = root
        self._incoming = root / "incoming"

    def spool(self) -> Spool:
        """A temporary file in the same filesystem, so that the rename is one step."""
        try:
            return Spool(self._incoming)
        except FileNotFoundError:
            _sync_parents(_make(self._incoming))
            return Spool(self._incoming)

    def keep(self, spool: Spool) -> None:
        """Publish `spool` under its hash, durably, or raise and leave nothing visible."""
        sha256, size = spool.sha256, spool.size
        target = self._root / key(sha256)
        made = _make(target.parent)
        # After the folders are made and before they are synced: a journal then takes both in one commit.
        spool.settle()
        spool.close()
        _sync_parents(made)
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            # One writer per folder: nobody may build on a name that is withdrawn again when its fsync fails.
            fcntl.flock(folder, fcntl.LOCK_EX)
            _publish(spool.path, target, size, folder)
        finally:
            os.close(folder)

    def size(self, sha256: str) -> int | None:
        """Bytes, or None where there is no such blob."""
        try:
            return os.stat(self._root / key(sha256)).st_size
        except FileNotFoundError:
            return None

    def open(self, sha256: str) -> BinaryIO:
        try:
            return open(self._root / key(sha256), "rb", buffering=0)  # noqa: SIM115
        except FileNotFoundError:
            raise Damaged(f"{sha256} is gone") from None

    def stream(self, sha256: str, fresh: bool = False) -> Iterator[bytes]:
        """The bytes in chunks; `fresh` asks the kernel to fetch them from the disk again."""
        with self.open(sha256) as file:
            if fresh:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while chunk := file.read(CHUNK):
                yield chunk

    def place(self, sha256: str) -> tuple[str, str]:
        """The path under the root, and no version: a folder has none."""
        return key(sha256), ""

    def purge(self, older_than: float) -> int:
        """Remove what was abandoned more than `older_than` seconds ago; how many files went."""
        return purge_folder(self._incoming, older_than)

    def names(self, older_than: float) -> Iterator[str]:
        """The hash of every blob that has lain here for `older_than` seconds or more, folder by folder."""
        limit = time.time() - older_than
        for folder in _folders(self._root):
            for entry in os.scandir(folder):
                with suppress(FileNotFoundError):
                    if is_sha256(entry.name) and entry.stat(follow_symlinks=False).st_mtime <= limit:
                        yield entry.name

    def exercise(self) -> bool:
        """Whether bytes that are written and synced come back the same."""
        spool = self.spool()
        try:
            data = os.urandom(CHUNK // 16)
            spool.write(data)
            spool.settle()
            os.posix_fadvise(spool.fd, 0, 0, os.POSIX_FADV_DONTNEED)
            return os.pread(spool.fd, len(data), 0) == data
        finally:
            spool.discard()


def _folders(parent: Path) -> list[Path]:
    """The folders of two hex digits in `parent`; there are 256 at most."""
    try:
        names = os.listdir(parent)
    except FileNotFoundError:
        return []
    return sorted(parent / name for name in names if len(name) == 2)


def purge_folder(folder: Path, older_than: float) -> int:
    """Remove our own and Django's temporary files from `folder`, nothing else: it may be shared."""
    limit, gone = time.time() - older_than, 0
    with suppress(FileNotFoundError):
        for entry in os.scandir(folder):
            # Another process may finish or purge the same file meanwhile.
            with suppress(FileNotFoundError):
                if _TEMPORARY.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_mtime < limit:
                    os.unlink(entry.path)
                    gone += 1
    return gone


def _publish(temporary: Path, target: Path, size: int, folder: int) -> None:
    try:
        held = os.stat(target).st_size
    except FileNotFoundError:
        os.rename(temporary, target)
        try:
            os.fsync(folder)
        except OSError:
            os.unlink(target)
            raise
        return
    if held != size or not _hashes_to_its_name(target):
        # The good bytes are refused rather than dropped behind a receipt: their sender still has them.
        raise Damaged(f"{target.name} is held, and what is held is damaged")
    os.unlink(temporary)
    # Its first writer may have died between rename and fsync.
    os.fsync(folder)


def _hashes_to_its_name(blob: Path) -> bool:
    with blob.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == blob.name


def _make(folder: Path) -> list[Path]:
    """Make `folder` and its parents exist; those of them whose entry may not be on the disk yet."""
    try:
        os.mkdir(folder, 0o700)
    except FileNotFoundError:
        return _make(folder.parent) + _make(folder)
    except FileExistsError:
        return [] if folder in _settled else [folder]
    return [folder]


def _sync_parents(folders: list[Path]) -> None:
    for folder in folders:
        parent = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
        _settled.add(folder)
