"""A Zip file in the one form that docs/bag.md allows: stored, without gap or overlap, said twice alike."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from evidence.tlog.offline.plain import utf8
from evidence.tlog.offline.sources import Source, Span, is_path

_END, _END64, _LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_CENTRAL, _LOCAL = struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_UTF8_NAME = 0x0800
_NEEDED, _NEEDED64 = 20, 45
# Made by: any system or Unix, with the version that is needed. Attributes: none, or an ordinary file's.
_MADE_BY = {_NEEDED, _NEEDED64, 0x0300 | _NEEDED, 0x0300 | _NEEDED64}
_ATTRIBUTES = {0, 0o100600 << 16, 0o100644 << 16}
_MOST_DIRECTORY = 2**28


class ZipFlaw(Exception):
    """`code` says what about the Zip file is not allowed, `place` at which member."""

    def __init__(self, code: str, place: str, detail: str):
        super().__init__(code, place, detail)
        self.code, self.place, self.detail = code, place, detail


@dataclass(frozen=True)
class _Header:
    """What both headers of a member say."""

    name: bytes
    flags: int
    method: int
    stamp: tuple[int, int]
    crc: int
    packed: int
    size: int


class Zipped(Source):
    """The files of a bag in a Zip file, by their path below the one folder. Raises ZipFlaw."""

    def __init__(self, file: BinaryIO):
        super().__init__()
        self._file = file
        self._members: dict[str, tuple[int, int, int]] = {}
        self._root = ""
        count, start, end = self._ends()
        self._limit = start
        directory, at, expected = self._read(start, end - start), 0, 0
        for position in range(1, count + 1):
            at, expected = self._member(directory, at, expected, f"member {position}")
        if at != len(directory) or expected != start:
            raise ZipFlaw("zip.span", "", "something lies between the members and the directory, or after it")

    def names(self) -> list[str]:
        return sorted(self._members)

    def has(self, name: str) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        return self._members[name][1]

    def open(self, name: str) -> Span:
        start, size, _ = self._members[name]
        return Span(self._file, start, size, own=False)

    def crc(self, name: str) -> int | None:
        return self._members[name][2]

    def _ends(self) -> tuple[int, int, int]:
        """How many members there are, and where the directory begins and ends."""
        length = self._file.seek(0, 2)
        at = length - _END.size
        magic, disk, first, here, count, size, start, comment = _END.unpack(self._read(at, _END.size))
        if magic != b"PK\5\6" or disk or first or here != count or comment:
            raise ZipFlaw("zip.end", "", "the file does not end with a plain end record")
        locator = self._read(at - _LOCATOR.size, _LOCATOR.size) if at >= _LOCATOR.size else b""
        if locator[:4] == b"PK\6\7":
            short = (count, size, start)
            at, count, size, start = self._end64(at, locator)
            for said, true, full in zip(short, (count, size, start), (_FULL16, _FULL32, _FULL32)):
                if said not in (true, full):
                    raise ZipFlaw("zip.end", "", "the two end records differ")
        elif count == _FULL16 or _FULL32 in (size, start):
            raise ZipFlaw("zip.end", "", "a Zip64 end record is missing")
        if start + size != at or size > _MOST_DIRECTORY:
            raise ZipFlaw("zip.end", "", "the directory does not end where the end record begins")
        return count, start, at

    def _end64(self, at: int, locator: bytes) -> tuple[int, int, int, int]:
        _, disk, offset, disks = _LOCATOR.unpack(locator)
        if disk or disks != 1 or offset != at - _LOCATOR.size - _END64.size or offset < 0:
            raise ZipFlaw("zip.end", "", "the Zip64 locator points elsewhere")
        magic, length, made, needed, disk, first, here, count, size, start = _END64.unpack(
            self._read(offset, _END64.size))
        if (magic, length, disk, first, here) != (b"PK\6\6", 44, 0, 0, count):
            raise ZipFlaw("zip.end", "", "the Zip64 end record is not as it must be")
        if made not in _MADE_BY or needed != _NEEDED64:
            raise ZipFlaw("zip.end", "", "the Zip64 end record is of another version")
        return offset, count, size, start

    def _member(self, directory: bytes, at: int, expected: int, place: str) -> tuple[int, int]:
        """Read the member whose central header begins `at` and whose local one must begin at `expected`."""
        header, offset, after = self._central(directory, at, place)
        if offset != expected:
            raise ZipFlaw("zip.span", place, "a gap or an overlap before it, or another order")
        local, start = self._local(offset, place)
        if start + header.size > self._limit:
            raise ZipFlaw("zip.span", place, "it reaches into the directory")
        if local != header:
            raise ZipFlaw("zip.local", place, "its local header says something else than the directory")
        if header.method or header.packed != header.size:
            raise ZipFlaw("zip.header", place, "it is compressed")
        self._keep(header, start, place)
        return after, start + header.size

    def _central(self, directory: bytes, at: int, place: str) -> tuple[_Header, int, int]:
        raw = directory[at:at + _CENTRAL.size]
        if len(raw) < _CENTRAL.size or raw[:4] != b"PK\1\2":
            raise ZipFlaw("zip.directory", place, "no header where there must be one")
        (_, made, needed, flags, method, time, date, crc, packed, size, names, extras, comment, disk, inner, outer,
         offset) = _CENTRAL.unpack(raw)
        body = directory[at + _CENTRAL.size:at + _CENTRAL.size + names + extras]
        name, extra = body[:names], body[names:]
        if len(body) != names + extras or comment or disk or inner:
            raise ZipFlaw("zip.header", place, "it is cut off, or has a comment, another disk or a mark")
        if made not in _MADE_BY or outer not in _ATTRIBUTES:
            raise ZipFlaw("zip.header", place, "it was made by another system, or is no ordinary file")
        numbers = [size, packed, offset]
        wide = _wide(extra, numbers, place)
        _versions(needed, flags, extra, place)
        size, packed, offset = wide
        return _Header(name, flags, method, (time, date), crc, packed, size), offset, at + _CENTRAL.size + len(body)

    def _local(self, offset: int, place: str) -> tuple[_Header, int]:
        magic, needed, flags, method, time, date, crc, packed, size, names, extras = _LOCAL.unpack(
            self._read(offset, _LOCAL.size, place))
        if magic != b"PK\3\4":
            raise ZipFlaw("zip.local", place, "no local header where there must be one")
        body = self._read(offset + _LOCAL.size, names + extras, place)
        extra = body[names:]
        if extra and (size, packed) != (_FULL32, _FULL32):
            raise ZipFlaw("zip.header", place, "an extra field that is not needed")
        size, packed = _wide(extra, [size, packed], place)
        _versions(needed, flags, extra, place)
        header = _Header(body[:names], flags, method, (time, date), crc, packed, size)
        return header, offset + _LOCAL.size + len(body)

    def _keep(self, header: _Header, start: int, place: str) -> None:
        try:
            name = utf8(header.name)
        except ValueError:
            raise ZipFlaw("zip.name", place, "its name is not UTF-8") from None
        root, _, path = name.partition("/")
        if not header.flags and not name.isascii():
            raise ZipFlaw("zip.name", place, "its name is not ASCII, and no flag says UTF-8")
        if not path or name.endswith("/") or not is_path(root) or self._root not in ("", root):
            raise ZipFlaw("zip.name", place, "it is a folder, or not below the one folder")
        if path in self._members:
            raise ZipFlaw("zip.duplicate", place, path)
        self._root = root
        self._members[path] = (start, header.size, header.crc)

    def _read(self, at: int, count: int, place: str = "") -> bytes:
        if at >= 0:
            self._file.seek(at)
        data = self._file.read(count) if at >= 0 else b""
        if len(data) != count:
            raise ZipFlaw("zip.end" if not place else "zip.local", place, "cut off")
        return data


def _wide(extra: bytes, numbers: list[int], place: str) -> list[int]:
    """The numbers, those that are full taken from the Zip64 field, which holds them and nothing else."""
    full = [position for position, value in enumerate(numbers) if value == _FULL32]
    if not full and not extra:
        return numbers
    if not full or len(extra) != 4 + 8 * len(full) or extra[:4] != struct.pack("<2H", 1, 8 * len(full)):
        raise ZipFlaw("zip.header", place, "an extra field that is not Zip64's, or not as it must be")
    found = list(numbers)
    for count, position in enumerate(full):
        found[position] = int.from_bytes(extra[4 + 8 * count:12 + 8 * count], "little")
    return found


def _versions(needed: int, flags: int, extra: bytes, place: str) -> None:
    if needed not in (_NEEDED, _NEEDED64) or (extra and needed != _NEEDED64) or flags not in (0, _UTF8_NAME):
        raise ZipFlaw("zip.header", place, "a version or a flag that is not allowed")
