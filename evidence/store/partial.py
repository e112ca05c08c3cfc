"""A file that comes in pieces, over hours perhaps: what was said to be stored is on the disk, and one writes at a time.

It lies beside the spools of other uploads, under a name that its owner remembers, and is nothing but bytes until it is
taken in as a whole."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from evidence.store.errors import Busy, Damaged, translated
from evidence.store.spool import AHEAD, SUFFIX, Spool

CHUNK = 1024 * 1024
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


class Partial:
    """The file of `name` (hex digits) in `folder`, 0600, made where there is none. In a `with` nobody else
    holds it; the lock goes with the process that has it. Raises Busy, StoreFull, StoreUnavailable."""

    def __init__(self, folder: Path, name: str):
        self.path = folder / (name + SUFFIX)
        with translated():
            self._fd = _opened(self.path)
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Who held it before may have taken the name away meanwhile: this would be a file of no name.
                gone = os.fstat(self._fd).st_nlink == 0
            except BlockingIOError:
                gone = True
            except BaseException:
                os.close(self._fd)
                raise
        if gone:
            os.close(self._fd)
            raise Busy(f"{name} is held by somebody else")
        self._at = self._begun = self._settled = 0

    def go_on(self, offset: int) -> None:
        """Write from `offset` on: what lies behind it was never said to be stored. Damaged when there is less."""
        with translated():
            if os.fstat(self._fd).st_size < offset:
                raise Damaged(f"{self.path.name} is shorter than the {offset} bytes that were stored")
            os.ftruncate(self._fd, offset)
        self._at = self._begun = self._settled = offset

    def write(self, data: bytes) -> None:
        """Write all of `data`: the kernel may take less than it is given."""
        rest = memoryview(data)
        with translated():
            while rest:
                taken = os.pwrite(self._fd, rest, self._at)
                rest, self._at = rest[taken:], self._at + taken
            if self._at - self._begun >= AHEAD:
                os.posix_fadvise(self._fd, self._begun, self._at - self._begun, os.POSIX_FADV_DONTNEED)
                self._begun = self._at

    def settle(self) -> int:
        """Put everything on the disk, and the file's name too; how much that is. After a failure nothing counts that
        was written since the last time: no second fsync can be believed, so it has to come again."""
        with translated():
            os.fsync(self._fd)
            if not self._settled:
                folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        self._settled = self._at
        return self._at

    def whole(self, size: int) -> "Gathered":
        """All `size` bytes, read and hashed, as a spool. Damaged when the file is not of this size."""
        with translated():
            return Gathered(os.dup(self._fd), self.path, size)

    def remove(self) -> None:
        """Take the file away. Harmless where it went already. The store may have its bytes under their hash: there they
        stay read-only."""
        with translated(), suppress(FileNotFoundError):
            os.fchmod(self._fd, 0o400)
            os.unlink(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        os.close(self._fd)


class Gathered(Spool):
    """A spool over the bytes of a Partial, under a second name of its own: what becomes of it takes nothing from the
    first, whose bytes were said to be stored."""

    def __init__(self, fd: int, path: Path, size: int):
        self.path = path.with_name(secrets.token_hex(16) + SUFFIX)
        self._fd, self._hash, self.version = fd, hashlib.sha256(), ""
        self.size = self._begun = 0
        self.head = self.tail = b""
        try:
            os.link(path, self.path, follow_symlinks=False)
            for piece in _pieces(fd):
                self._take(piece)
            if self.size != size:
                raise Damaged(f"{path.name} has {self.size} bytes, and {size} were stored")
        except BaseException:
            self.discard()
            raise


def glimpse(folder: Path, name: str, start: int, length: int) -> bytes:
    """So many bytes of what lies under `name` from `start` on, fewer or none where there are not so many."""
    with translated(), suppress(FileNotFoundError), open(folder / (name + SUFFIX), "rb", buffering=0) as file:
        return os.pread(file.fileno(), length, start)
    return b""


def _opened(path: Path) -> int:
    try:
        return os.open(path, _FLAGS, 0o600)
    except PermissionError:
        # It was taken in, which made it read-only; only its name is left, or whoever did that was cut off.
        os.chmod(path, 0o600, follow_symlinks=False)
        return os.open(path, _FLAGS, 0o600)


def _pieces(fd: int) -> Iterator[bytes]:
    at = 0
    while piece := os.pread(fd, CHUNK, at):
        at += len(piece)
        yield piece
