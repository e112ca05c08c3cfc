"""What tasks and notes may be about: the things of a case that have a label, and where each is read."""


from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.accounts import labels
from casework.cases.models import Case

# The letter of a label → the case's relation with such rows, and the page of one of them. Whoever may read tasks may
# read all of these. Dossiers are not among them: not everybody may know of each.
THINGS: dict[str, tuple[str, str]] = {
    "E": ("exhibits", "exhibits:exhibit"), "S": ("subjects", "accounts:subject"),
    "C": ("channels", "channels:channel"), "K": ("taskings", "channels:tasking"),
    "M": ("payments", "channels:payment"), "G": ("campaigns", "campaigns:campaign"),
    "U": ("causes", "campaigns:cause"), "I": ("imports", "posts:import"), "F": ("findings", "findings:finding"),
    "T": ("notices", "takedowns:notice"),
}
LONGEST = 14


def named(case: Case, text: str) -> str:
    """The label that somebody typed (`f2`), as it is written (`F-002`); empty for nothing: the case as a whole.

    Raises ValidationError for what has no such label in this case."""
    if not text.strip():
        return ""
    for letter, (relation, _page) in THINGS.items():
        if labels.is_label(letter, text):
            found = labels.rows(letter, [text], getattr(case, relation).all(), case.ref)
            return str(found[0].label)
    raise ValidationError(_("Not in this case: %(labels)s. Write them like %(letter)s-001.")
                          % {"labels": text[:200], "letter": "E"})


def chosen(case: Case, text: str) -> str:
    """As `named`; what it refuses stands on the field `about`."""
    try:
        return named(case, text)
    except ValidationError as refused:
        raise ValidationError({"about": refused.messages}) from None


def url(ref: str, label: str) -> str:
    """The page of what has this label; empty for the case as a whole."""
    return reverse(THINGS[label[0]][1], args=[ref, label]) if label else ""


def asked(case: Case, text: str) -> str:
    """The label in an address; empty where it is none of this case, and then everything is shown."""
    try:
        return named(case, text)
    except ValidationError:
        return ""


def notes_url(ref: str, label: str) -> str:
    """The page of the notes beside what has this label."""
    return reverse("worklist:notes", args=[ref]) + (f"?about={label}" if label else "")
