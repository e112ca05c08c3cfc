"""The task `programs`: whether opening a file runs it, where its first bytes do not tell.

Compares bytes with signatures and parses nothing: an HTML application, a package of Java or Android by the names in
the directory at its end, an installer by the class of its root. Runs in the jail only. Reads all bytes, a piece at a
time, whatever the file begins as: the programs that run these do not look at its beginning either."""

import re
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from evidence.jail import doubles

CHUNK = 1024 * 1024
# A multiple of 128, for the directory of a compound file, and more than any sign is long.
OVERLAP = 64 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The entry of a directory, from its mark to its name, and the names that make the whole a program.
_ENTRY = re.compile(rb"PK\x01\x02.{24}(..).{16}((?i:META-INF/MANIFEST\.MF|AndroidManifest\.xml|classes\.dex))",
                    re.DOTALL)
_JAVA, _ANDROID = {b"META-INF/MANIFEST.MF"}, {b"ANDROIDMANIFEST.XML", b"CLASSES.DEX"}
# Windows Installer's databases and patches: {000C1084-0000-0000-C000-000000000046} and …1086….
_INSTALLERS = [struct.pack("<LHH8s", number, 0, 0, b"\xc0\0\0\0\0\0\0\x46") for number in (0x000C1084, 0x000C1086)]
_TYPE, _CLASS, _ROOT = 66, 80, 5


def warm_up() -> None:
    """Nothing is loaded later."""


def work(file: BinaryIO) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The fact `found`, as `examine` gives it."""
    return {"found": found(file)}, {}


def found(file: BinaryIO) -> dict[str, str]:
    """`program` → which kind of one; nothing where it is none."""
    file.seek(0)
    is_compound = file.read(len(OLE)) == OLE
    for piece in pieces(file):
        if doubles.hta(piece):
            return {"program": "HTML application"}
        if is_compound and _is_installer(piece):
            return {"program": "Windows Installer"}
    return _packaged(file)


def directory(file: BinaryIO) -> int | None:
    """Where the directory of a Zip file at the end of this file begins, if there is one: the last, as readers take."""
    length = file.seek(0, 2)
    before = max(0, length - doubles.LAST)
    file.seek(before)
    for at in reversed(doubles.directories(file.read())):
        where = before + at
        if where >= 0 and file.seek(where) == where and file.read(4) == b"PK\1\2":
            return where
    return None


def pieces(file: BinaryIO, begin: int = 0) -> Iterator[bytes]:
    """All bytes from `begin` on in pieces that overlap, each beginning at a multiple of 128 from there."""
    file.seek(begin)
    held = b""
    while chunk := file.read(CHUNK):
        held += chunk
        yield held
        held = held[-OVERLAP:]


def _packaged(file: BinaryIO) -> dict[str, str]:
    """By the directory at the end; of a Zip file that has none to be found there, by whatever has its shape."""
    where = directory(file)
    if where is None:
        file.seek(0)
        if file.read(2) != b"PK":
            return {}
    names: set[bytes] = set()
    for piece in pieces(file, where or 0):
        names |= {name.upper() for length, name in _ENTRY.findall(piece)
                  if int.from_bytes(length, "little") == len(name)}
        if names >= _ANDROID:
            return {"program": "Android package"}
    return {"program": "Java archive"} if names >= _JAVA else {}


def _is_installer(piece: bytes) -> bool:
    """Whether the root in the directory of a compound file is of an installer's class."""
    for sign in _INSTALLERS:
        at = piece.find(sign)
        while at >= 0:
            if at >= _CLASS and (at - _CLASS) % 128 == 0 and piece[at - _CLASS + _TYPE] == _ROOT:
                return True
            at = piece.find(sign, at + 1)
    return False
