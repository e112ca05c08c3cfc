"""What a briefing says in place of what its authors wrote: for the second person, who reads for names that got through.

The frozen facts keep no list of names, so each text is compared, word by word, with what it was made from. That is the
text of the case as it is now; where it was changed since, the dossier is composed again anyway."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from casework.findings.models import Finding
from casework.findings.services import TEXTS
from reports.dossiers.models import Dossier

_WORDS = re.compile(r"\S+")


def replacements(dossier: Dossier) -> list[tuple[str, str]]:
    """(what was written, what is printed), each once and in the order of the document; empty for a referral."""
    if dossier.kind != Dossier.Kind.BRIEFING:
        return []
    return list(dict.fromkeys(pair for written, printed in _texts(dossier) for pair in _changed(written, printed)))


def _texts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    frozen: dict[str, Any] = dossier.frozen
    for key in ("title", "mandate_basis", "mandate_purpose", "mandate_scope"):
        yield getattr(dossier.case, key), frozen["case"][key]
    for key, printed in frozen["weighed"].items():
        yield getattr(dossier, key), printed
    found = dossier.case.findings.prefetch_related("citations__exhibit").told()
    written = {row.label: row for row in found}
    for row in frozen["findings"]:
        yield from _finding(written[row["label"]], row)


def _finding(written: Finding, printed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in TEXTS:
        yield getattr(written, key), printed[key]
    notes = {row.exhibit.label: row.note for row in written.citations.all()}
    yield from ((notes.get(one["exhibit"], ""), one["note"]) for one in printed.get("citations", []))
    others = [one for one in printed["alternatives"] if isinstance(one, dict)]
    for was, one in zip(written.others, others, strict=False):
        yield from ((was[key], one[key]) for key in ("hypothesis", "why"))


def _changed(written: str, printed: str) -> Iterator[tuple[str, str]]:
    old, new = _WORDS.findall(written), _WORDS.findall(printed)
    for what, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            yield " ".join(old[start:end]), " ".join(new[begin:stop])
