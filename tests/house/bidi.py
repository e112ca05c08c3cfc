"""What bidi would garble: dates, hashes, addresses and our own numbers in an Urdu page, outside any isolation."""

import re
from html.parser import HTMLParser

FRAGILE = re.compile(r"\d{4}-\d{2}-\d{2}|\b[0-9a-f]{40,64}\b|https?://\S+|\b[\w.]+@[\w.]+\.\w+"
                     r"|\d{2}:\d{2}:\d{2}|\d[\d.]*\s[KMGT]B\b|\bCW-\d{4}-\d{4}\b|\b[A-Z]-\d{3}\b|\+\d{2}[\d ]{6,}")
# Where a text can hold no markup (a help text, an option) the isolating characters do the same.
ISOLATED = re.compile("\u2066[^\u2069]*\u2069")
# Their text is not laid out as part of a sentence, or cannot hold markup.
SILENT = {"script", "style", "title", "textarea", "option", "template"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.root: dict[str, str | None] = {}
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.root = dict(attributes)
        if tag not in VOID:
            isolates = tag == "bdi" or (tag not in {"html", "body"} and "dir" in dict(attributes))
            self.open.append((tag, isolates))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text: str) -> None:
        if any(isolates or tag in SILENT for tag, isolates in self.open):
            return
        self.found += FRAGILE.findall(ISOLATED.sub("", text))


def bare(html: str) -> list[str]:
    """The fragile pieces of text of a page that nothing isolates."""
    page = _Page()
    page.feed(html)
    return page.found


def is_urdu(html: str) -> bool:
    page = _Page()
    page.feed(html)
    return page.root.get("lang") == "ur" and page.root.get("dir") == "rtl"
