"""The task `examine`: what in a file one should know of before opening it, and that its first bytes do not tell.

Runs in the jail only. Reads all bytes, a piece at a time."""

from typing import Any, BinaryIO

from evidence.jail import doubles, office, programs


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
        found = office.compound(programs.pieces(file))
    elif head.startswith(b"{\\rt"):
        found = office.rich_text(programs.pieces(file))
    else:
        found = _second(file)
    return {"found": found | programs.found(file)}, {}


def _second(file: BinaryIO) -> office.Found:
    """Whether it is a second thing besides what it begins as."""
    found: office.Found = {}
    at = 0
    for piece in programs.pieces(file):
        if "markup" not in found and doubles.markup(piece):
            found["markup"] = f"from byte {at}"
        if "archive" not in found and doubles.archive(piece):
            found["archive"] = f"from byte {at}"
        at += len(piece) - programs.OVERLAP
    if "archive" not in found and (where := programs.directory(file)) is not None:
        found["archive"] = f"directory at byte {where}"
    return found
