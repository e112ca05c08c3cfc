"""A Zip file of somebody else's, member by member and never a member whole in memory. Standard library only; runs in
the jail.

Takes what common programs write: stored and deflated members, data descriptors, extra fields, folders, Zip64. Every
member must lie in a place of its own and give just the bytes that the directory says."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

STORED, DEFLATED = 0, 8
CHUNK = 256 * 1024
_CENTRAL, _LOCAL = struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
_END, _END64, _LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ENCRYPTED, _DESCRIBED, _UTF8, _UNIX = 0x2041, 0x8, 0x800, 3
# How long what follows a member may be: CRC and sizes, with a mark and in Zip64 or without. Some leave it out.
_DESCRIPTORS = (0, 12, 16, 20, 24)


class Broken(Exception):
    """This is no Zip file that has one reading; the message says what is wrong."""


class TooMany(Exception):
    """It has more members than anybody will read; the argument is how many."""


@dataclass(frozen=True)
class Member:
    """What the directory says of one member. `end` is where the next one, or the directory, begins."""

    raw: bytes
    name: str
    size: int
    packed: int
    crc: int
    method: int
    flags: int
    offset: int
    end: int
    mode: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def is_encrypted(self) -> bool:
        return bool(self.flags & _ENCRYPTED)

    @property
    def is_special(self) -> bool:
        """A link, a device: anything else than a file or a folder."""
        return (self.mode >> 12) not in (0, 4, 8)


def members(file: BinaryIO, most: int) -> list[Member]:
    """The directory, in its order. Raises Broken, TooMany."""
    try:
        return _members(file, most)
    except struct.error as error:
        raise Broken(f"it ends too early: {error}") from None


def chunks(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """The bytes of one member, at most CHUNK at a time; the last ones only when size and CRC are right. Raises
    Broken."""
    file.seek(_start(file, member))
    crc, size, held = 0, 0, b""
    for chunk in _inflated(file, member) if member.method == DEFLATED else _read(file, member.packed):
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        if size > member.size:
            raise Broken(f"it has more than the {member.size} bytes that it says")
        if held:
            yield held
        held = chunk
    if (crc, size) != (member.crc, member.size):
        raise Broken(f"it says {member.size} bytes with CRC {member.crc:08x} and has {size} with {crc:08x}")
    if held:
        yield held


def fault(file: BinaryIO, member: Member) -> str:
    """In what the member's own header contradicts the directory, or nothing."""
    try:
        _start(file, member)
    except Broken as error:
        return str(error)
    return ""


def _start(file: BinaryIO, member: Member) -> int:
    """Where its bytes begin. Raises Broken."""
    if member.offset >= member.end:
        raise Broken("it lies behind the directory")
    file.seek(member.offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
        raise Broken("there is no member where the directory says")
    _mark, _needed, flags, method, _time, _date, *said, name_length, extra_length = _LOCAL.unpack(head)
    if file.read(name_length) != member.raw:
        raise Broken("the directory and the member itself name it differently")
    if method != member.method or (flags ^ member.flags) & (_ENCRYPTED | _DESCRIBED):
        raise Broken("the directory and the member itself say differently how it is packed")
    # Who reads from the front goes by these; where a descriptor follows, or they are too large, they stand elsewhere.
    if not flags & _DESCRIBED and any(one not in (told, _FULL32) for one, told in zip(
            said, (member.crc, member.packed, member.size), strict=True)):
        raise Broken("the directory and the member itself have another size or CRC of it")
    start = member.offset + _LOCAL.size + int(name_length) + int(extra_length)
    if start + member.packed > member.end:
        raise Broken("it overlaps what comes after it")
    if member.end - start - member.packed not in (_DESCRIPTORS if flags & _DESCRIBED else (0,)):
        raise Broken("something stands between it and what comes after it")
    return start


def _read(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise Broken("it ends too early")
        left -= len(chunk)
        yield chunk


def _inflated(file: BinaryIO, member: Member) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-15)
    try:
        for packed in _read(file, member.packed):
            if inflate.eof:
                raise Broken("what is compressed ends before the directory says")
            while packed and not inflate.eof:
                if chunk := inflate.decompress(packed, CHUNK):
                    yield chunk
                packed = inflate.unconsumed_tail
        # What is left inside comes out in small pieces too.
        while not inflate.eof and (chunk := inflate.decompress(inflate.unconsumed_tail, CHUNK)):
            yield chunk
    except zlib.error as error:
        raise Broken(f"it cannot be decompressed: {error}") from None
    if not inflate.eof or inflate.unused_data:
        raise Broken("what is compressed does not end where the directory says")


def _members(file: BinaryIO, most: int) -> list[Member]:
    count, size, start = _end(file)
    if count > most:
        raise TooMany(count)
    file.seek(start)
    rows, left = [], size
    for _number in range(count):
        head = file.read(_CENTRAL.size)
        row = _CENTRAL.unpack(head)
        if row[0] != b"PK\1\2":
            raise Broken("its directory is not one")
        if row[13]:
            raise Broken("it is one of several volumes")
        raw, extra = file.read(row[10]), file.read(row[11])
        file.seek(row[12], 1)
        left -= _CENTRAL.size + row[10] + row[11] + row[12]
        rows.append((raw, row, _wide(row, extra)))
    if left:
        raise Broken("its directory has another size than it says")
    ends = sorted({offset for _raw, _row, (_packed, _size, offset) in rows} | {start})
    after = dict(zip(ends, ends[1:], strict=False))
    offsets = [place[2] for _raw, _row, place in rows]
    if len(set(offsets)) != len(offsets):
        raise Broken("two of its members lie in the same place")
    if min(offsets, default=0) > 0:
        raise Broken("something stands before its first member")
    return [_member(raw, row, place, after.get(place[2], 0)) for raw, row, place in rows]


def _member(raw: bytes, row: tuple[Any, ...], place: tuple[int, int, int], end: int) -> Member:
    packed, size, offset = place
    mode = row[15] >> 16 if row[1] >> 8 == _UNIX else 0
    return Member(raw, _name(raw, bool(row[3] & _UTF8)), size, packed, row[7], row[4], row[3], offset, end, mode)


def _name(raw: bytes, is_utf8: bool) -> str:
    """Many programs write UTF-8 and do not say so; what is none is read as Zip files were of old."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if is_utf8 else raw.decode("cp437")


def _wide(row: tuple[Any, ...], extra: bytes) -> tuple[int, int, int]:
    """Packed size, size and offset: where a field is full its value stands in the Zip64 field."""
    packed, size, offset = row[8], row[9], row[16]
    wide, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            if wide:
                raise Broken("a member has its Zip64 sizes twice")
            wide = extra[at + 4:at + 4 + length]
        at += 4 + length
    values = iter(struct.unpack(f"<{len(wide) // 8}Q", wide[:len(wide) // 8 * 8]))
    try:
        size = next(values) if size == _FULL32 else size
        packed = next(values) if packed == _FULL32 else packed
        offset = next(values) if offset == _FULL32 else offset
    except StopIteration:
        raise Broken("a member lacks its Zip64 sizes") from None
    return packed, size, offset


def _end(file: BinaryIO) -> tuple[int, int, int]:
    """How many members, and size and place of the directory."""
    length = file.seek(0, 2)
    file.seek(max(0, length - _END.size - _FULL16))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise Broken("it has no end record")
    _mark, disk, first, here, count, size, start, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        raise Broken("something stands behind its end record")
    end = length - len(tail) + at
    file.seek(max(0, end - _LOCATOR.size))
    locator = file.read(min(end, _LOCATOR.size))
    # Some programs look for it always, others only where a field is full: all must find the same.
    if locator[:4] == b"PK\6\7":
        _mark, _disk, where, _disks = _LOCATOR.unpack(locator)
        file.seek(min(where, length))
        narrow = (disk, first, here, count, size, start)
        mark, more, _made, _needed, *wide = _END64.unpack(file.read(_END64.size))
        if mark != b"PK\6\6" or where + 12 + more + _LOCATOR.size != end:
            raise Broken("it has no Zip64 end record where it says")
        if any(one not in (said, _FULL16 if place < 4 else _FULL32)
               for place, (one, said) in enumerate(zip(narrow, wide, strict=True))):
            raise Broken("its two end records say different things")
        (disk, first, here, count, size, start), end = wide, where
    if disk or first or here != count:
        raise Broken("it is one of several volumes")
    # What stands between directory and end would be read by some programs and not by others.
    if start + size != end:
        raise Broken("its directory does not lie where it says")
    return count, size, start
