"""The fonts of every document, from the tree: the same page on every machine. And what they cannot write, spelled out.

PDF/A forbids a missing glyph. A character that no font here or on the system has is printed as its code and name."""

import re
import shutil
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont

from reports.pdf import children

_VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
_ARABIC = _VENDOR / "@fontsource" / "noto-sans-arabic" / "5.3.0"
_INTER = _VENDOR / "@fontsource-variable" / "inter" / "5.3.0"

# Nastaliq is beautiful and its text cannot be copied out of a PDF: evidence is set in Noto Sans Arabic.
FONTS = {
    "inter.woff2": _INTER / "inter-latin-wght-normal.woff2",
    "inter-ext.woff2": _INTER / "inter-latin-ext-wght-normal.woff2",
    "arabic.woff2": _ARABIC / "noto-sans-arabic-arabic-400-normal.woff2",
    "arabic-bold.woff2": _ARABIC / "noto-sans-arabic-arabic-700-normal.woff2",
}
# Joiners, marks of direction and white space have no glyph and need none.
_UNSEEN = re.compile("[\t\n\r \u00a0\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
_PICTOGRAPHS = 0x1F000


@cache
def unpacked(path: str) -> bytes:
    """The font in the WOFF2 file `path` as plain OpenType: a tenth of a second that not every part need spend."""
    with TTFont(path) as font:
        font.flavor = None
        data = BytesIO()
        font.save(data, reorderTables=False)
        return data.getvalue()


def spelled(html: str) -> str:
    """`html` with every character that cannot be drawn as `[U+1F602 face with tears of joy]`."""
    strange = {char for char in set(html) if not _drawn(char)}
    if not strange:
        return html
    return html.translate({ord(char): _name(char) for char in strange})


def _name(char: str) -> str:
    name = unicodedata.name(char, "").lower()
    return f"[U+{ord(char):04X}{' ' if name else ''}{name}]"


@cache
def _drawn(char: str) -> bool:
    if unicodedata.category(char) == "Cc":
        return bool(_UNSEEN.match(char))
    return bool(_UNSEEN.match(char)) or ord(char) in _covered() or _on_the_system(char)


@cache
def _covered() -> frozenset[int]:
    points: set[int] = set()
    for path in FONTS.values():
        with TTFont(path, lazy=True) as font:
            points |= set(font.getBestCmap())
    return frozenset(points)


def _on_the_system(char: str) -> bool:
    """Whether fontconfig knows a font. Pictographs never: their fonts are bitmaps that PDF/A does not take."""
    if ord(char) >= _PICTOGRAPHS or unicodedata.category(char)[0] == "C" or not (asker := shutil.which("fc-list")):
        return False
    return bool(children.ask([asker, f":charset={ord(char):x}", "family"]).strip())
