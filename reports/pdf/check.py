"""What every document must have before it is signed: the marks of PDF/A-3u, its attachments, no way out of the file.

This is a check of our own assembly, not a validator; docs name one that is."""

from io import BytesIO
from typing import Any

import pikepdf

_LEAVES = {"/URI", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/JavaScript", "/Rendition"}


def problems(pdf: bytes, *, attachments: tuple[str, ...], pages_at_least: int = 1) -> list[str]:
    """What is wrong with `pdf`, in English for the log; an empty list when nothing is."""
    found: list[str] = []
    with pikepdf.open(BytesIO(pdf)) as document:
        with document.open_metadata() as metadata:
            if (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) != ("3", "U"):
                found.append("the metadata do not say PDF/A-3u")
        intents: Any = document.Root.get("/OutputIntents", [])
        if not any(one.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in one for one in intents):
            found.append("there is no output intent")
        if "/Lang" not in document.Root:
            found.append("there is no language")
        if "/ID" not in document.trailer:
            found.append("there is no identifier")
        for name in attachments:
            if name not in document.attachments:
                found.append(f"{name} is not attached")
        if len(document.Root.get("/AF", [])) < len(attachments):
            found.append("attachments are not associated with the document")
        if len(document.pages) < pages_at_least:
            found.append(f"{len(document.pages)} pages instead of {pages_at_least} or more")
        found += [f"page {number} leads out of the document: {way}"
                  for number, page in enumerate(document.pages, 1) for way in _ways_out(page)]
    return found


def _ways_out(page: pikepdf.Page) -> list[str]:
    notes: Any = page.get("/Annots", [])
    actions = [str(note.A.get("/S", "")) for note in notes if "/A" in note]
    return [action for action in actions if action in _LEAVES]
