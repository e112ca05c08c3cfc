"""The closed vocabulary of what the jail finds in a file after intake, and under which label it falls. Pure.

The labels of an item are what its first and last bytes told when it came, and its accession says them for ever. These
stand beside them, in the event of the derivation and in the row of the metadata that it made."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from evidence.intake.labels import Label


class Finding(StrEnum):
    MARKUP = "markup"
    ARCHIVE = "archive"
    MACROS = "macros"
    TEMPLATE = "template"
    REMOTE = "remote"
    DDE = "dde"
    OBJECT = "object"
    FORMULA = "formula"
    PREVIEW = "preview"
    PROGRAM = "program"
    UNEXAMINED = "unexamined"


_OFFICE = {Label.ACTIVE_OFFICE}
LABELS: dict[str, set[Label]] = {
    Finding.MARKUP: {Label.ACTIVE, Label.POLYGLOT}, Finding.ARCHIVE: {Label.POLYGLOT}, Finding.MACROS: _OFFICE,
    Finding.TEMPLATE: _OFFICE, Finding.REMOTE: _OFFICE, Finding.DDE: _OFFICE, Finding.OBJECT: _OFFICE,
    Finding.FORMULA: _OFFICE, Finding.PREVIEW: {Label.OTHER_PREVIEW},
    Finding.PROGRAM: {Label.EXECUTABLE}, Finding.UNEXAMINED: {Label.UNEXAMINED},
}
LONGEST_PLACE = 200


def read(facts: dict[str, Any]) -> dict[str, str]:
    """Finding → where, of what a child of the jail answered. A child that was taken over answers what it likes: what is
    not in the vocabulary is left out, and what it calls a place is cut."""
    said = facts.get("found")
    said = said if isinstance(said, dict) else {}
    return {str(code): str(said[code]).encode("utf-8", "replace").decode().replace("\x00", "")[:LONGEST_PLACE]
            for code in Finding if code in said}


def labels(intake: Iterable[str], found: Iterable[str]) -> list[str]:
    """All labels of an item, in the order of the vocabulary: those of its accession, and those of what was found."""
    both = {*intake, *(label for code in found for label in LABELS.get(code, ()))}
    return [str(label) for label in Label if label in both]
