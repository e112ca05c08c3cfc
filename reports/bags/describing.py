"""What a bag says in words and tables: its exhibits, the events for people to read, and how to check it.

Plain values in, files out. A cell that a spreadsheet would run as a formula gets an apostrophe before it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from casework import cells
from casework.exhibits.gate import Screened
from casework.sentences import plain
from evidence.custody.history import Entry
from reports.bags.packing import Member, of_bytes

EXHIBIT_COLUMNS = ("label", "title", "part", "role", "missing", "file", "sha256", "size", "media_type", "name",
                   "acquisition", "declared_sha256", "labels", "screening", "finding", "screened_by", "received_at",
                   "source_url", "platform", "handle", "post_id", "posted_at", "posted_at_given", "posted_at_basis",
                   "captured_at", "captured_at_given", "captured_with", "collector", "machine_address", "clock",
                   "received_from", "note")
EVENT_COLUMNS = ("index", "at", "kind", "subject", "agent", "sentence", "leaf_hash")


def as_json(path: str, value: Any) -> Member:
    return of_bytes(path, (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())


def as_csv(path: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Member:
    return of_bytes(path, cells.written(columns, rows))


def screened(looked: Screened) -> dict[str, str]:
    """What the malware scanner said of an original; `off` where none was asked."""
    return {"screening": looked.state, "finding": looked.finding,
            "screened_by": f"{looked.engine} {looked.signatures}".strip(),
            "screened_at": looked.at.isoformat() if looked.at else ""}


def event(entry: Entry, told: bool) -> dict[str, Any]:
    """An event for people: in a sentence, or only that it stands there."""
    shown: dict[str, Any] = {"index": entry.index, "leaf_hash": entry.leaf_hash.hex(), "told": told}
    if told:
        with translation.override("en"):
            said = plain(entry)
        shown |= {"at": entry.at.isoformat(), "kind": entry.kind, "subject": entry.subject,
                  "agent": entry.agent.get("name", ""), "sentence": said, "detail": entry.detail}
    return shown


def readme(facts: dict[str, Any]) -> Member:
    """How to check the bag, in English and then in Urdu."""
    texts = []
    for language in ("en", "ur"):
        with translation.override(language):
            texts.append(render_to_string(f"reports/bags/readme.{language}.txt", facts).strip())
    return of_bytes("README.txt", ("\n\n" + "-" * 72 + "\n\n").join(texts).encode() + b"\n")
