"""Filters that every page needs; built in, so no template loads them."""

import json
import re
from datetime import UTC, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# Characters that show text in another order than it is written, by the names that people who look for tricks know.
_REORDERING = {ord(mark): f"[{name}]" for mark, name in zip(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"), strict=True)}
_LABEL = re.compile(r"\b[A-Z]-\d{3,}\b", re.ASCII)


@register.filter
def unturned(value: object) -> str:
    """What somebody else wrote, with every character that reorders it written out: ...gpj.exe must not read exe.jpg."""
    return value if isinstance(value, SafeString) else str(value).translate(_REORDERING)


@register.filter
def ltr(value: object) -> SafeString:
    """Isolate an id, hash, date, address, handle, phone or file name: inside Urdu, bidi would reorder it.
    Nothing stays nothing, so that a cell is empty."""
    return format_html("{}" if value is None or value == "" else '<bdi dir="ltr">{}</bdi>',
                       "" if value is None else unturned(value))


@register.filter
def labels_apart(sentence: object) -> str:
    """Isolate the labels in a sentence (S-001), as `ltr` does what stands by itself."""
    return _LABEL.sub("\u2066\\g<0>\u2069", str(sentence))


@register.filter
def handle(value: str) -> SafeString:
    """The name of an account as people write it: a handle behind its @, a telephone number or a title as it is."""
    return ltr(f"@{value}" if re.fullmatch(r"[\w.-]*[^\W\d][\w.-]*", value) else value)


@register.filter
def utc(value: object) -> SafeString:
    """A time with its zone, isolated: 2026-03-14 18:05:09 UTC."""
    if not isinstance(value, datetime):
        return ltr(value)
    return format_html('<time datetime="{}"><bdi dir="ltr">{} UTC</bdi></time>', value.isoformat(),
                       value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"))


@register.filter
def chance(likelihood: object) -> SafeString:
    """The words of a likelihood, with the bounds in brackets kept on one line."""
    words, bracket, bounds = str(likelihood).partition("(")
    return format_html('{}<span class="whole">{}{}</span>', words, bracket, bounds)


@register.filter
def short(digest: str) -> SafeString:
    """The first and last characters of a hash, the whole of it in the title."""
    return format_html('<bdi dir="ltr" class="hash" title="{}">{}…{}</bdi>', digest, digest[:8], digest[-4:])


@register.filter
def as_json(value: object) -> str:
    """A mapping as JSON, for an attribute that a module of ours reads."""
    return json.dumps(dict(value), default=dict)  # type: ignore[call-overload]
