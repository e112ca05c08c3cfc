"""The hashtags in a text, by one plain rule. Pure.

A # (or its full-width twin) that follows no letter, digit, & or /, and then letters, their marks, digits and lines
below, of which at least one is a letter. Half-spaces inside belong to it, as in Urdu."""

import re
import unicodedata

_SIGN = re.compile(r"(?<![\w&/#＃])[#＃]")
_HALF_SPACE = "\u200c"


def found_in(*texts: str) -> list[str]:
    """Each once, whatever its case, in the spelling and order of its first coming, with the plain #."""
    found: dict[str, str] = {}
    for text in texts:
        for sign in _SIGN.finditer(text):
            end = sign.end()
            while end < len(text) and _belongs(text[end]):
                end += 1
            tag = text[sign.end():end].strip(_HALF_SPACE)
            if any(letter.isalpha() for letter in tag):
                found.setdefault(unicodedata.normalize("NFC", tag).casefold(), f"#{tag}")
    return list(found.values())


def _belongs(letter: str) -> bool:
    return letter in f"_{_HALF_SPACE}" or unicodedata.category(letter)[0] in "LNM"
