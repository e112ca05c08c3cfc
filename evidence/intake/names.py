"""A sender's file name as people may see it: nothing hidden, nothing that a path could mean. Pure."""

import unicodedata

LONGEST = 1000
UNNAMED = "unnamed"

# Characters that reorder or hide text, by the names that people who look for tricks know.
_MARKS = {
    "\u061c": "ALM", "\u200b": "ZWSP", "\u200e": "LRM", "\u200f": "RLM", "\u2028": "LS", "\u2029": "PS",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2060": "WJ",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM", "\x00": "NUL",
}


def display_name(name: str) -> str:
    """The last part of `name`, hidden characters written out as `[RLO]`, in NFC, at most 1000 characters.

    A longer one keeps its beginning and its end, because the end holds the extension."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = unicodedata.normalize("NFC", visible(last)).strip()
    if shown in {"", ".", ".."}:
        return UNNAMED
    if len(shown) > LONGEST:
        shown = shown[:LONGEST - 100] + "…" + shown[-99:]
    return shown


def visible(text: str) -> str:
    """`text` with every control, reordering and invisible character written out; joiners that Urdu needs stay."""
    return "".join(_shown(character) for character in text)


def has_hidden(name: str) -> bool:
    return visible(name) != name


def storable(text: str) -> str:
    """`text` as a database can hold it: NUL written out, lone surrogates replaced; everything else as it was."""
    return text.replace("\x00", "[NUL]").encode("utf-8", "replace").decode("utf-8")


def _shown(character: str) -> str:
    if mark := _MARKS.get(character):
        return f"[{mark}]"
    category = unicodedata.category(character)
    if category == "Cc":
        return f"[U+{ord(character):04X}]"
    if category == "Cs":
        return "\ufffd"
    return character
