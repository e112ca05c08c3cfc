"""Zip files that no bag may be: each trick makes one out of a bag's files. `TRICKS` is name → function."""

import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

CENTRAL, LOCAL = struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
END, END64, LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
FULL = 0xFFFFFFFF
FILE = 0o100644 << 16


@dataclass(frozen=True)
class Member:
    """One file, and what its two headers say: `local` and `central` override fields of each, by name."""

    name: bytes
    data: bytes
    gap: bytes = b""
    flags: int = 0
    method: int = 0
    needed: int = 20
    made: int = 0x0314
    outer: int = FILE
    crc: int | None = None
    local_crc: int | None = None
    local_name: bytes | None = None
    local_date: int = 0x5C6E
    size: int | None = None
    extra: bytes = b""
    local_extra: bytes = b""
    comment: bytes = b""
    disk: int = 0
    inner: int = 0
    offset: int | None = None
    absent: bool = False


Trick = Callable[[list[Member], random.Random], bytes]


def members_of(files: dict[str, bytes], root: str = "bag") -> list[Member]:
    return [Member(f"{root}/{path}".encode(), data, flags=0 if path.isascii() else 0x0800)
            for path, data in sorted(files.items())]


def written(members: list[Member], *, before: bytes = b"", after: bytes = b"", comment: bytes = b"",
            count: int | None = None, wide: str = "") -> bytes:
    """The Zip file. `wide` writes Zip64 end records: "well", or with a lie in one of them."""
    out, directory = bytearray(before), bytearray()
    for one in members:
        out += one.gap
        crc = zlib.crc32(one.data) if one.crc is None else one.crc
        size = len(one.data) if one.size is None else one.size
        offset = len(out) if one.offset is None else one.offset
        directory += CENTRAL.pack(b"PK\1\2", one.made, one.needed, one.flags, one.method, 0x9082, 0x5C6E, crc, size,
                                  size, len(one.name), len(one.extra), len(one.comment), one.disk, one.inner,
                                  one.outer, offset)
        directory += one.name + one.extra + one.comment
        if not one.absent:
            local = one.name if one.local_name is None else one.local_name
            out += LOCAL.pack(b"PK\3\4", one.needed, one.flags, one.method, 0x9082, one.local_date,
                              crc if one.local_crc is None else one.local_crc, size, size, len(local),
                              len(one.local_extra))
            out += local + one.local_extra + one.data
    start = len(out)
    out += directory + after
    total = len(members) if count is None else count
    if wide:
        at = len(out)
        out += END64.pack(b"PK\6\6", 44, 45, 45, 0, 0, total, total + (wide == "count"), len(directory), start)
        out += LOCATOR.pack(b"PK\6\7", 0, at + (wide == "locator"), 1)
        shown = (0xFFFF, FULL, FULL) if wide != "differs" else (total + 1, len(directory), start)
        return bytes(out + END.pack(b"PK\5\6", 0, 0, shown[0], shown[0], shown[1], shown[2], 0))
    return bytes(out + END.pack(b"PK\5\6", 0, 0, total, total, len(directory), start, len(comment)) + comment)


def _one(**changed: Any) -> Trick:
    """A trick that changes what is said of one member."""
    def trick(members: list[Member], chance: random.Random) -> bytes:
        at = chance.randrange(len(members))
        return written([replace(one, **changed) if place == at else one for place, one in enumerate(members)])
    return trick


def _renamed(change: Callable[[bytes], bytes]) -> Trick:
    def trick(members: list[Member], chance: random.Random) -> bytes:
        at = chance.randrange(len(members))
        return written([replace(one, name=change(one.name), flags=0x0800) if place == at else one
                        for place, one in enumerate(members)])
    return trick


def _added(name: bytes, data: bytes = b"") -> Trick:
    return lambda members, chance: written([*members, Member(name, data)])


def _duplicate(members: list[Member], chance: random.Random) -> bytes:
    one = chance.choice(members)
    return written([*members, replace(one, data=one.data + b"x")])


def _overlapping(members: list[Member], chance: random.Random) -> bytes:
    """Two names for one member: the directory points twice to the same place."""
    return written([*members, replace(members[0], name=b"bag/data/again", offset=0, absent=True)])


def _deflated(members: list[Member], chance: random.Random) -> bytes:
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    at = chance.randrange(len(members))
    packed = made.compress(members[at].data) + made.flush()
    return written([replace(one, data=packed, method=8, crc=zlib.crc32(one.data)) if place == at else one
                    for place, one in enumerate(members)])


def _unordered(members: list[Member], chance: random.Random) -> bytes:
    """The members lie in another order than the directory names them."""
    offsets, at = {}, 0
    for one in reversed(members):
        offsets[one.name] = at
        at += LOCAL.size + len(one.name) + len(one.data)
    bodies = written(list(reversed(members)))[:at]
    directory = written([replace(one, offset=offsets[one.name], absent=True) for one in members])
    size = len(directory) - END.size
    return bodies + directory[:size] + END.pack(b"PK\5\6", 0, 0, len(members), len(members), size, at, 0)


def _hidden(members: list[Member], chance: random.Random) -> bytes:
    """A whole Zip file before this one: some readers find the one, some the other."""
    return written(members, before=written([Member(b"bag/other", b"x")]))


def _negligent(members: list[Member], chance: random.Random) -> bytes:
    """A member whose local header leaves its sizes and CRC to a descriptor behind it."""
    return written([replace(members[0], flags=8, data=members[0].data), *members[1:]])


TRICKS: dict[str, Trick] = {
    "prefix": lambda members, chance: written(members, before=b"MZ" + bytes(30)),
    "suffix": lambda members, chance: written(members) + b"\n",
    "comment": lambda members, chance: written(members, comment=b"said besides"),
    "hidden file": _hidden,
    "after the directory": lambda members, chance: written(members, after=b"\0"),
    "count too high": lambda members, chance: written(members, count=len(members) + 1),
    "count too low": lambda members, chance: written(members, count=len(members) - 1),
    "gap": _one(gap=b"hidden between"),
    "duplicate": _duplicate,
    "overlapping": _overlapping,
    "order": _unordered,
    "deflated": _deflated,
    "descriptor": _negligent,
    "encrypted": _one(flags=1),
    "other flag": _one(flags=0x0808),
    "version": _one(needed=63),
    "made elsewhere": _one(made=0x0A14),
    "folder": _added(b"bag/data/exhibits/"),
    "second root": _added(b"other/data/x"),
    "no root": _added(b"loose"),
    "dotted": _added(b"bag/../../etc/cron.d/x"),
    "backslash": _added(b"bag/data\\..\\x"),
    "absolute": _added(b"/etc/passwd"),
    "empty part": _added(b"bag//data/x"),
    "drive": _renamed(lambda name: name.replace(b"bag/", b"bag/C:")),
    "control": _renamed(lambda name: name + b"\x07"),
    "not UTF-8": _renamed(lambda name: name + b"\xff"),
    "overlong": _renamed(lambda name: name + b"\xc0\xae"),
    "surrogate": _renamed(lambda name: name + b"\xed\xa0\x80"),
    "NUL": _renamed(lambda name: name + b"\0.txt"),
    "symlink": _one(outer=0o120777 << 16),
    "directory attribute": _one(outer=FILE | 0x10),
    "setuid": _one(outer=0o104755 << 16),
    "comment of a member": _one(comment=b"!"),
    "disk": _one(disk=1),
    "text mark": _one(inner=1),
    "extra": _one(extra=struct.pack("<2HB4s", 0x5455, 5, 1, bytes(4))),
    "local extra": _one(local_extra=struct.pack("<2HB4s", 0x5455, 5, 1, bytes(4))),
    "needless Zip64": _one(extra=struct.pack("<2HQ", 1, 8, 5), needed=45),
    "local name": _one(local_name=b"bag/another"),
    "local CRC": _one(local_crc=7),
    "local date": _one(local_date=0x5C6F),
    "CRC": _one(crc=7),
    "size": _one(size=1 << 20),
    "size of all": _one(size=FULL),
    "offset": _one(offset=0x7FFFFFFF),
    "wide count": lambda members, chance: written(members, wide="count"),
    "wide locator": lambda members, chance: written(members, wide="locator"),
    "wide differs": lambda members, chance: written(members, wide="differs"),
    "flag of UTF-8": lambda members, chance: written([*members, Member("bag/data/ا".encode(), b"")]),
}
