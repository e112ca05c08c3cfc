"""The lower floors' closed vocabularies in words for people."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.wording import listed
from evidence.derivatives import findings
from evidence.derivatives import services as derivatives
from evidence.disposal.models import Removal
from evidence.intake.labels import Label
from evidence.intake.models import Item, Step
from evidence.intake.roles import ADDRESS, Role

# What a label means for whoever opens the file, and whether it is a warning.
LABELS: dict[str, Any] = {
    Label.EMPTY: _("Empty: the file has 0 bytes"),
    Label.MISMATCH: _("The content is something else than its name or sender says"),
    Label.EXECUTABLE: _("A program: do not open it on your own computer"),
    Label.ACTIVE: _("Active content: it could run scripts when opened"),
    Label.ACTIVE_PDF: _("A PDF with scripts, actions or embedded files"),
    Label.ACTIVE_OFFICE: _("An office file that runs or fetches something when it is opened"),
    Label.POLYGLOT: _("Two things in one: besides what it looks like it is a page, an archive or another document"),
    Label.OTHER_PREVIEW: _("The small preview inside the file shows another picture than the file"),
    Label.UNEXAMINED: _("Not wholly looked through: what stands in the rest of it nobody knows"),
    Label.ARCHIVE: _("An archive; its members are not unpacked"),
    Label.ENCRYPTED: _("Encrypted: it cannot be read without its password"),
    Label.TRUNCATED: _("Truncated: the end of the file is missing"),
    Label.NOT_DECLARED: _("No hash was declared by the sender"),
    Label.REENCODED: _("Clipboard picture: re-encoded by the browser, not the original bytes"),
    Label.HIDDEN_CHARACTERS: _("The file name has hidden or reordering characters"),
}
WARNINGS = {Label.EXECUTABLE, Label.ACTIVE, Label.ACTIVE_PDF, Label.ACTIVE_OFFICE, Label.POLYGLOT, Label.OTHER_PREVIEW,
            Label.UNEXAMINED, Label.MISMATCH, Label.HIDDEN_CHARACTERS}
# What a list says of a file, in a word or two.
BADGES: dict[str, Any] = {
    Label.EXECUTABLE: _("Program"), Label.ACTIVE_OFFICE: _("Active office file"),
    Label.POLYGLOT: _("Two things in one"), Label.OTHER_PREVIEW: _("Preview of another picture"),
}

ACQUISITIONS: dict[str, Any] = {
    Item.Acquisition.FILE: _("File as received"),
    Item.Acquisition.CLIPBOARD: _("Clipboard, re-encoded by the browser"),
    Item.Acquisition.TEXT: _("Typed or pasted text"),
    Item.Acquisition.MADE: _("Made by this system"),
}

STEPS: dict[str, Any] = {
    Step.Name.FIXITY: _("Hashed again from the store"),
    Step.Name.DERIVE: _("Thumbnail and metadata made"),
    Step.Name.ARCHIVE: _("Second copy written and read back"),
    Step.Name.SCREEN: _("Screened for malware"),
}
STEP_STATES: dict[str, Any] = {
    Step.State.PENDING: _("Waiting"),
    Step.State.DONE: _("Done"),
    Step.State.FAILED: _("Failed"),
}
# How what a finished step says of itself begins, in words; what follows it is the reader's own.
_OUTCOMES = {"nothing is made from": _("Nothing is made from such a file"), "unparsed": _("It could not be read"),
             "damaged": _("Made, but the picture is damaged"),
             "the scanner does not answer": _("Waiting: the scanner does not answer"),
             "clean": _("Nothing was found"), "found": _("Malware was found"),
             "too_large": _("Larger than the scanner looks at")}


def step(found: Step) -> tuple[Any, str]:
    """What became of a step of an item, in the reader's language, and what is left to say that has no words of ours."""
    for begins, said in _OUTCOMES.items():
        if found.detail.startswith(begins):
            return said, found.detail.removeprefix(begins).partition(": ")[2]
    return STEP_STATES[found.state], found.detail


# How a file stands with the malware scanner: words, and the shape that the state is shown in.
SCREENED: dict[str, tuple[Any, str]] = {
    "off": (_("Not screened: no scanner is set up"), "none"),
    "made": (_("Not screened: this system made it"), "none"),
    "clean": (_("Nothing was found"), "done"),
    "found": (_("Malware was found"), "failed"),
    "waiting": (_("Not screened yet"), "pending"),
    "too_large": (_("Larger than the scanner looks at"), "restricted"),
    "failed": (_("It could not be screened"), "failed"),
}

PLACES: dict[str, Any] = {Removal.Place.STORE: _("In the store"), Removal.Place.ARCHIVE: _("In the archive")}
REMOVALS: dict[str, Any] = {
    Removal.State.PENDING: _("pending"),
    Removal.State.DONE: _("taken out"),
    Removal.State.KEPT: _("kept: another record needs these bytes"),
    "held": _("waits: a legal hold stands"),
}

BASES: dict[str, Any] = {
    "claimed": _("claimed: by the platform or a person"),
    "observed": _("observed: seen by us"),
    "derived": _("derived: carried by the post's id"),
}

KINDS: dict[str, Any] = {
    "picture": _("Pictures"), "video": _("Videos"), "audio": _("Audio"), "document": _("Documents"),
    "text": _("Texts"), "archive": _("Archives"), "other": _("Other"),
}


ROLES: dict[str, Any] = {
    Role.PICTURE: _("Picture of the page"),
    Role.SOURCE: _("Source of the page"),
    Role.ARCHIVE: _("Web archive"),
    Role.OTHER: _("Other file"),
}
# The minimum for a page in court, and what is wanted besides.
MISSING: dict[str, Any] = {
    ADDRESS: _("The address of the page is missing."),
    Role.PICTURE: _("A full-page picture is missing."),
    Role.SOURCE: _("The HTML source of the page is missing."),
}
COMPLETE = _("Address, HTML source and picture are there: the minimum for a page in court.")
UNSTATED: dict[str, Any] = {
    "collector": _("It is not stated who collected it."),
    "machine_address": _("The address of the machine that collected it is not stated."),
    "captured_at": _("It is not stated when it was captured."),
    "clock": _("It is not stated how the clock was synchronised."),
}


def minimum(missing: Iterable[str]) -> list[Any]:
    """A sentence for each that is missing; where nothing is, the one that says so."""
    return [MISSING[code] for code in missing] or [COMPLETE]


def labelled(item: Item) -> list[tuple[str, Any, bool]]:
    """(label, words, whether it warns) for each label of the item, warnings first; those of what was found in it since
    it came say all that was."""
    there = derivatives.found(item)
    found = [(label, _with(LABELS.get(label, label), label, there), label in WARNINGS)
             for label in findings.labels(item.labels, there)]
    return sorted(found, key=lambda row: not row[2])


def badges(items: Iterable[Item]) -> list[Any]:
    """What a list says of these files of one exhibit, each thing once."""
    labels = {label for item in items for label in findings.labels(item.labels, derivatives.found(item))}
    return [said for label, said in BADGES.items() if label in labels]


def _with(said: Any, label: str, there: Iterable[str]) -> Any:
    what = listed(code for code in there if label in findings.LABELS[code])
    return _("%(label)s. Found in it: %(what)s.") % {"label": said, "what": what} if what else str(said)
