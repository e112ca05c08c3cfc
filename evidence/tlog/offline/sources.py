"""Where the files of a bag are read from: what a source is, and a folder as one. The other form is a Zip file."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from pathlib import Path
from typing import BinaryIO

from evidence.tlog.offline.unassigned import is_assigned

_DRIVE = re.compile("[A-Za-z]:")


class Span:
    """A part of a file, read from its beginning to its end. Closes the file afterwards where it is its `own`."""

    def __init__(self, file: BinaryIO, start: int, size: int, own: bool):
        self._file, self._at, self._left, self._own = file, start, size, own

    def __enter__(self) -> Span:
        return self

    def __exit__(self, *error: object) -> None:
        if self._own:
            self._file.close()

    def read(self, count: int) -> bytes:
        self._file.seek(self._at)
        data = self._file.read(min(count, self._left))
        self._at, self._left = self._at + len(data), self._left - len(data)
        return data


class Source:
    """The files of a bag. `oddities` are what no bag may hold, as (fault code, path)."""

    def __init__(self) -> None:
        self.oddities: list[tuple[str, str]] = []

    def names(self) -> list[str]:
        """The paths of all files, sorted by code points."""
        raise NotImplementedError

    def has(self, name: str) -> bool:
        raise NotImplementedError

    def size(self, name: str) -> int:
        raise NotImplementedError

    def open(self, name: str) -> Span:
        raise NotImplementedError

    def crc(self, name: str) -> int | None:
        """The CRC-32 that the container says, where it says one."""
        return None

    def read(self, name: str, most: int) -> bytes:
        """All of a small file. ValueError beyond `most` bytes, and where it cannot be read."""
        if self.size(name) > most:
            raise ValueError(f"larger than {most} bytes")
        try:
            with self.open(name) as span:
                data = span.read(most)
        except OSError as error:
            raise ValueError(f"cannot be read: {error.strerror}") from None
        if len(data) != self.size(name):
            raise ValueError("cut off")
        return data


class Folder(Source):
    """The files below a folder. Links are never followed."""

    def __init__(self, root: Path):
        super().__init__()
        self._root = root
        self._sizes: dict[str, int] = {}
        self._walk()

    def names(self) -> list[str]:
        return sorted(self._sizes)

    def has(self, name: str) -> bool:
        return name in self._sizes

    def size(self, name: str) -> int:
        return self._sizes[name]

    def open(self, name: str) -> Span:
        return Span((self._root / name).open("rb"), 0, self._sizes[name], own=True)

    def _walk(self) -> None:
        # A list and no recursion: a hostile folder may be deeper than Python's stack.
        folders = [""]
        while folders:
            below = folders.pop()
            found = list(os.scandir(self._root / below))
            if below and not found:
                self.oddities.append(("layout.folder", below))
            for entry in found:
                path = f"{below}/{entry.name}" if below else entry.name
                known = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(known.st_mode):
                    folders.append(path)
                elif stat.S_ISREG(known.st_mode):
                    self._sizes[path] = known.st_size
                else:
                    self.oddities.append(("layout.link", path))
        self.oddities.sort()


def is_path(path: str) -> bool:
    """Whether it may name a file of a bag: NFC, relative, without empty or dotted parts, `\\`, control characters or
    what Unicode 13.0 does not assign."""
    if any(ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F or 0xD800 <= ord(char) <= 0xDFFF or char == "\\"
           for char in path):
        return False
    # First, so that the normal form is asked of that alone on which hosts of any age agree.
    if not all(map(is_assigned, path)):
        return False
    if _DRIVE.match(path) or unicodedata.normalize("NFC", path) != path:
        return False
    return all(part not in ("", ".", "..") for part in path.split("/"))


def without_case(path: str) -> str:
    """What is the same for two names that differ only by case."""
    return path.upper().lower()
