"""Bytes on their way in: a private temporary file, hashed while it is written."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

HEAD = 64 * 1024
TAIL = 4 * 1024
SUFFIX = ".part"
# The disk begins to write when so many bytes wait, so that the final fsync of a large file finds little to do.
AHEAD = 64 * 1024 * 1024


class Spool:
    """A new file in `folder` (0600, never followed through a link). Every method may raise OSError."""

    def __init__(self, folder: Path):
        self.path = folder / (secrets.token_hex(16) + SUFFIX)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._fd = os.open(self.path, flags, 0o600)
        self._hash = hashlib.sha256()
        self.size = self._begun = 0
        self.head = b""
        self.tail = b""
        # Set by a bucket that keeps versions, to the one that was read back.
        self.version = ""

    @property
    def sha256(self) -> str:
        """64 hex digits over what was written so far."""
        return self._hash.hexdigest()

    @property
    def fd(self) -> int:
        return self._fd

    def write(self, data: bytes) -> None:
        """Write all of `data`: the kernel may take less than it is given."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._fd, rest):]
        self._take(data)
        if self.size - self._begun >= AHEAD:
            self.begin_writing()

    def _take(self, data: bytes) -> None:
        """Count and hash what is in the file."""
        self._hash.update(data)
        self.size += len(data)
        if len(self.head) < HEAD:
            self.head += data[:HEAD - len(self.head)]
        self.tail = data[-TAIL:] if len(data) >= TAIL else (self.tail + data)[-TAIL:]

    def begin_writing(self) -> None:
        """Let the disk begin with what it has not begun with yet. Whether it went well, `settle` tells."""
        os.posix_fadvise(self._fd, self._begun, self.size - self._begun, os.POSIX_FADV_DONTNEED)
        self._begun = self.size

    def settle(self) -> None:
        """Read-only from here on, closed, and on the disk. A failure is final: no second fsync can be believed."""
        os.fchmod(self._fd, 0o400)
        os.fsync(self._fd)
        self.close()

    def close(self) -> None:
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def discard(self) -> None:
        """Leave nothing behind. What cannot be removed now is purged by the sweep."""
        with suppress(OSError):
            self.close()
        with suppress(OSError):
            os.unlink(self.path)
