"""The task `examine`: what in a file one should know of before opening it, and that its first bytes do not tell.

Runs in the jail only. Reads all bytes, a piece at a time."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from evidence.jail import doubles, office

CHUNK = 1024 * 1024
# A multiple of 128, for the directory of a compound file, and more than any sign is long.
OVERLAP = 64 * 1024


def warm_up() -> None:
    """Use every codec once: afterwards nothing can be loaded any more."""
    b"PK".decode("cp437")
    "x".encode("utf-16-le").decode("utf-16", "replace").encode("latin-1")


def work(file: BinaryIO) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The fact `found`: code → where it stands or what it is called there."""
    head = file.read(8)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        found = office.package(file)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        found = office.compound(_pieces(file))
    elif head.startswith(b"{\\rt"):
        found = office.rich_text(_pieces(file))
    else:
        found = _second(file)
    return {"found": found}, {}


def _second(file: BinaryIO) -> office.Found:
    """Whether it is a second thing besides what it begins as."""
    found: office.Found = {}
    at = 0
    for piece in _pieces(file):
        if "markup" not in found and doubles.markup(piece):
            found["markup"] = f"from byte {at}"
        if "archive" not in found and doubles.archive(piece):
            found["archive"] = f"from byte {at}"
        at += len(piece) - OVERLAP
    if "archive" not in found and (where := _directory(file)) is not None:
        found["archive"] = f"directory at byte {where}"
    return found


def _directory(file: BinaryIO) -> int | None:
    """Where the directory of a Zip file at the end of this file begins, if there is one."""
    length = file.seek(0, 2)
    before = max(0, length - doubles.LAST)
    file.seek(before)
    for at in doubles.directories(file.read()):
        where = before + at
        if where >= 0 and file.seek(where) == where and file.read(4) == b"PK\1\2":
            return where
    return None


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """All bytes in pieces that overlap, each beginning at a multiple of 128."""
    file.seek(0)
    held = b""
    while chunk := file.read(CHUNK):
        held += chunk
        yield held
        held = held[-OVERLAP:]
