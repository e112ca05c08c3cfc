"""The life of a finding, as data. Editing always leads back to draft: a review is of the words that were read."""

from casework.access import Action
from casework.lifecycle import Move, Table

FINDING: Table = {
    "edit": Move(origins=("draft", "in_review", "reviewed", "returned"), target="draft", action=Action.FINDING_WRITE),
    "submit": Move(origins=("draft", "returned"), target="in_review", action=Action.FINDING_WRITE),
    "review": Move(origins=("in_review",), target="reviewed", action=Action.FINDING_REVIEW),
    "send_back": Move(origins=("in_review",), target="returned", action=Action.FINDING_REVIEW),
}
