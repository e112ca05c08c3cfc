"""What kind of picture bytes are, and how large, from their headers alone. Pure: nothing is decoded."""

import struct

# By the first bytes, never by a name: an SVG can fetch and run, so no picture in a document may be one.
_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_FRAMES = {0xC0, 0xC1, 0xC2}


def picture_type(data: bytes) -> str | None:
    """`image/png`, `image/jpeg`, or None for anything that a page may not show."""
    return next((kind for magic, kind in _KINDS.items() if data.startswith(magic)), None)


def dimensions(data: bytes) -> tuple[int, int]:
    """(width, height) in pixels; (0, 0) when the header does not say."""
    if picture_type(data) == "image/png" and len(data) >= 24:
        width, height = struct.unpack_from(">II", data, 16)
        return width, height
    at = 2
    while picture_type(data) == "image/jpeg" and at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return 0, 0
