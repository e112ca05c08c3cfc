"""The direction of what people wrote. A browser finds it out for a <bdi>; WeasyPrint does not, so it is said here."""

import re
import unicodedata

_ISOLATE = re.compile(r"<bdi>([^<]*)</bdi>")
_RIGHT_TO_LEFT = {"R", "AL"}


def directed(html: str) -> str:
    """`html` in which each <bdi> of plain text carries the direction of its first letter (HTML's `dir="auto"`)."""
    return _ISOLATE.sub(lambda found: f'<bdi dir="{_direction(found[1])}">{found[1]}</bdi>', html)


def _direction(text: str) -> str:
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind == "L":
            return "ltr"
        if kind in _RIGHT_TO_LEFT:
            return "rtl"
    return "ltr"
