"""Blobs in folders: written aside, synced, then renamed to their hash, and the folders synced too."""

import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from evidence.store.errors import Damaged
from evidence.store.keys import is_sha256, key
from evidence.store.locks import Archived, Lock, Proof, Result
from evidence.store.publishing import Fault, locked, make, publish, sync_parents
from evidence.store.spool import Spool

CHUNK = 1024 * 1024
# Where damaged bytes are kept when whole ones take their place.
ASIDE = "quarantine"

_TEMPORARY = re.compile(r"([0-9a-f]{32}|casework-[^/]*)\.part|tmp[^/]*\.upload(\.[^/]*)?")


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
            return Spool(self.folder())

    def folder(self) -> Path:
        """Where bytes on their way in lie."""
        sync_parents(make(self._incoming))
        return self._incoming

    def keep(self, spools: Sequence[Spool]) -> list[Fault | None]:
        """Publish each of `spools` under its hash, durably: None for it, or why not, and then nothing is visible."""
        return publish([(spool, self._root / key(spool.sha256)) for spool in spools])

    def size(self, sha256: str, version: str = "") -> int | None:
        """Bytes, or None where there is no such blob. A folder has no versions."""
        try:
            return os.stat(self._root / key(sha256)).st_size
        except FileNotFoundError:
            return None

    def open(self, sha256: str) -> BinaryIO:
        try:
            return open(self._root / key(sha256), "rb", buffering=0)  # noqa: SIM115
        except FileNotFoundError:
            raise Damaged(f"{sha256} is gone") from None

    def stream(self, sha256: str, fresh: bool = False, version: str = "") -> Iterator[bytes]:
        """The bytes in chunks; `fresh` asks the kernel to fetch them from the disk again."""
        with self.open(sha256) as file:
            if fresh:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while chunk := file.read(CHUNK):
                yield chunk

    def place(self, sha256: str) -> str:
        """The path under the root."""
        return key(sha256)

    def lock(self, sha256: str, version: str, mode: str, days: int) -> Lock:
        """None: files are read-only, and whoever owns the folder can change that."""
        return Lock()

    def lock_of(self, sha256: str, version: str) -> Lock:
        return Lock()

    def prove(self, mode: str) -> Proof:
        return Proof(Result.NO_LOCK, "a folder is not write-once: who owns it can change what lies there")

    def set_aside(self, sha256: str, version: str, label: str) -> str:
        """Move what lies under this hash to `quarantine/`, durably; where it lies then, empty where there was nothing.
        Called again with the same label it finds what it moved."""
        blob, aside = self._root / key(sha256), self._root / ASIDE / f"{sha256}.{label}"
        sync_parents(make(aside.parent))
        with suppress(FileNotFoundError), locked({blob.parent, aside.parent}) as folders:
            if not aside.exists():
                os.rename(blob, aside)
            for handle in folders.values():
                os.fsync(handle)
        return f"{ASIDE}/{aside.name}" if aside.exists() else ""

    def remove(self, sha256: str) -> None:
        """Take the bytes away, durably. Harmless where there are none."""
        blob = self._root / key(sha256)
        with suppress(FileNotFoundError), locked({blob.parent}) as folders:
            os.unlink(blob)
            os.fsync(folders[blob.parent])

    def purge(self, older_than: float) -> int:
        """Remove what was abandoned more than `older_than` seconds ago; how many files went."""
        return purge_folder(self._incoming, older_than)

    def names(self, older_than: float) -> Iterator[str]:
        """The hash of every blob that has lain here for `older_than` seconds or more, folder by folder."""
        limit = time.time() - older_than
        for folder in _folders(self._root):
            # Closed also where the caller stops half way.
            with os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):
                        if is_sha256(entry.name) and entry.stat(follow_symlinks=False).st_mtime <= limit:
                            yield entry.name

    def archived(self, older_than: float) -> Iterator[Archived]:
        yield from (Archived(name, "") for name in self.names(older_than))

    def exercise(self) -> bool:
        """Whether bytes that are written and synced come back the same."""
        spool = self.spool()
        try:
            data = os.urandom(CHUNK // 16)
            spool.write(data)
            spool.settle()
            with open(spool.path, "rb", buffering=0) as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                return os.pread(file.fileno(), len(data), 0) == data
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
    """Remove our own and Django's temporary files and folders from `folder`, nothing else: it may be shared."""
    limit, gone = time.time() - older_than, 0
    with suppress(FileNotFoundError):
        for entry in os.scandir(folder):
            # Another process may finish or purge the same file meanwhile.
            with suppress(FileNotFoundError):
                if _TEMPORARY.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_mtime < limit:
                    (shutil.rmtree if entry.is_dir(follow_symlinks=False) else os.unlink)(entry.path)
                    gone += 1
    return gone
