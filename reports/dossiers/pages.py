"""Frozen facts → the HTML of each part of the document, in its language and direction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reports.dossiers.words import in_words
from reports.pdf.assemble import Mark
from reports.pdf.bidi import directed
from reports.pdf.book import Chapter
from reports.pdf.fonts import spelled
from reports.pdf.sign import Certificate

FOLDER = "reports/dossiers/pdf"
# Memory and time of one WeasyPrint call grow with its pages.
CHAPTER_AT_MOST = 25


@dataclass(frozen=True)
class Picture:
    """The name of a picture in the manifest, and whether it is taller than wide: then its facts stand beside it."""

    name: str
    tall: bool


class Pages:
    """The parts of one dossier. `pictures` is exhibit label → what is shown of it, `openings` label → first text;
    `review` says who approved it and when, and is empty in a briefing."""

    def __init__(self, frozen: dict[str, Any], *, label: str, certificate: Certificate,
                 pictures: Mapping[str, Picture], openings: Mapping[str, str], review: dict[str, str]):
        self._language = frozen["language"]
        with translation.override(self._language):
            facts = in_words(frozen)
        self._facts = facts | {"exhibits": [
            row | {"shown": pictures.get(row["label"]), "opening": openings.get(row["label"], ""), "first": not number,
                   "cited_by": [one["label"] for one in facts["findings"]
                                if row["label"] in (*one["exhibits_for"], *one["exhibits_against"])]}
            for number, row in enumerate(facts["exhibits"])]}
        self._context = {
            "facts": self._facts, "label": label, "certificate": certificate, "review": review,
            "language": self._language, "direction": "rtl" if self._language == "ur" else "ltr",
            "printed": {row["label"] for row in self._printed()}}

    def front(self, numbers: Mapping[str, int]) -> str:
        """Cover, contents, findings, accounts, takedowns, limits."""
        return self._html("front.html", contents=self._contents(numbers))

    def chapters(self, workers: int) -> list[Chapter]:
        """One page or more for each exhibit, then how to check all of it."""
        rows = self._printed()
        size = min(CHAPTER_AT_MOST, -(-len(rows) // workers)) or 1
        parts = [rows[at:at + size] for at in range(0, len(rows), size)]
        return [*(Chapter(self._html("exhibits.html", exhibits=part),
                          tuple(row["shown"].name for row in part if row["shown"]), len(part))
                  for part in parts), Chapter(self._html("check.html"))]

    def numbers(self, pages: int) -> str:
        """The number of each page, drawn over the assembled document."""
        return self._html("numbers.html", pages=range(1, pages + 1), total=pages)

    def marks(self) -> list[Mark]:
        inner: dict[str, tuple[Mark, ...]] = {
            "findings": tuple(Mark(f"{row['label']} {row['title']}", row["label"]) for row in self._facts["findings"]),
            "exhibits": tuple(Mark(f"{row['label']} {row['title']}".strip(), row["label"]) for row in self._printed())}
        return [Mark(title, anchor, inner.get(anchor, ())) for anchor, title in self._sections()]

    def _printed(self) -> list[dict[str, Any]]:
        """Exhibits that have pages of their own; a briefing has none."""
        return self._facts["exhibits"] if self._facts["kind"] == "referral" else []

    def _sections(self) -> list[tuple[str, str]]:
        with translation.override(self._language):
            sections = [("about", _("About this document")), ("findings", _("Findings")), ("accounts", _("Accounts")),
                        ("takedowns", _("Takedown history")), ("limits", _("Limits of this document")),
                        ("exhibits", _("Exhibits")), ("check", _("How to check this document"))]
        return [(anchor, title) for anchor, title in sections if anchor != "exhibits" or self._facts["exhibits"]]

    def _contents(self, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        for mark in self.marks():
            lines.append({"title": mark.title, "anchor": mark.anchor, "page": numbers[mark.anchor], "level": 1})
            # What lies inside is named by its label, which keeps its own direction.
            lines += [{"label": one.anchor, "title": one.title.removeprefix(one.anchor).strip(), "anchor": one.anchor,
                       "page": numbers[one.anchor], "level": 2} for one in mark.inner]
        return lines

    def _html(self, template: str, **more: Any) -> str:
        with translation.override(self._language):
            return directed(spelled(render_to_string(f"{FOLDER}/{template}", self._context | more)))


def manifest(frozen: dict[str, Any], *, label: str, digest: str, events: Mapping[str, dict[str, str]]) -> bytes:
    """The same facts for programs. `events` is id of an accession → its salt and content, base64."""

    def told(row: dict[str, Any]) -> dict[str, Any]:
        return row | ({"accession": events[row["event_id"]]} if row.get("event_id") in events else {})

    exhibits = [told(row) | ({"capture": row["capture"] | {"parts": [told(one) for one in row["capture"]["parts"]]}}
                             if row.get("capture") else {}) for row in frozen["exhibits"]]
    whole = {"format": "casework-dossier-manifest/1", "dossier": f"{frozen['case']['ref']}/{label}",
             "digest_of_facts": digest, "facts": frozen | {"exhibits": exhibits}}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode()
