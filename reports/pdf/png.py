"""PNG pictures go into the PDF as they are.

WeasyPrint decodes and encodes every PNG again, four tenths of a second for a phone screenshot. PDF can hold the
compressed rows of a plain PNG byte for byte (FlateDecode with PNG predictors), as it holds a JPEG."""

import struct
from typing import Any

import pydyf
from weasyprint.images import RasterImage

_ORDINARY = RasterImage.get_x_object
_HEADER = struct.Struct(">IIBBBBB")
# PNG colour type → (WeasyPrint's mode, PDF colour space, components); both without alpha and palette.
_PLAIN = {0: ("L", "/DeviceGray", 1), 2: ("RGB", "/DeviceRGB", 3)}


def rows_of(data: bytes) -> tuple[int, int, str, str, int, bytes] | None:
    """(width, height, mode, colour space, components, compressed rows) of an 8-bit, not interlaced, opaque PNG."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR":
        return None
    width, height, depth, colour, _compression, _filter, interlace = _HEADER.unpack_from(data, 16)
    if depth != 8 or interlace or colour not in _PLAIN:
        return None
    rows, at = [], 33
    while at + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name = data[at + 4:at + 8]
        if name == b"tRNS":
            return None
        if name == b"IDAT":
            rows.append(data[at + 8:at + 8 + length])
        at += 12 + length
    return (width, height, *_PLAIN[colour], b"".join(rows))


def _get_x_object(self: Any, interpolate: bool, dpi_ratio: float) -> pydyf.Stream:
    plain = rows_of(self.image_data.data) if self.format == "PNG" and dpi_ratio == 1 else None
    if plain is None or plain[:3] != (self.width, self.height, self.mode):
        return _ORDINARY(self, interpolate, dpi_ratio)
    width, height, _mode, space, components, rows = plain
    return pydyf.Stream([rows], pydyf.Dictionary({
        "Type": "/XObject", "Subtype": "/Image", "Width": width, "Height": height, "ColorSpace": space,
        "BitsPerComponent": 8, "Interpolate": "true" if interpolate else "false", "Filter": "/FlateDecode",
        "DecodeParms": pydyf.Dictionary({"Predictor": 15, "Columns": width, "Colors": components})}))


def install() -> None:
    """Make WeasyPrint use it, in this process."""
    RasterImage.get_x_object = _get_x_object
