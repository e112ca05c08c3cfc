"""The life of a notice, as data. Editing leads back to draft: an approval is of what was read and nothing else."""

from casework.access import Action
from casework.lifecycle import Move, Table

NOTICE: Table = {
    "edit": Move(origins=("draft", "rights_review", "approved"), target="draft", action=Action.NOTICE_DRAFT),
    "submit": Move(origins=("draft",), target="rights_review", action=Action.NOTICE_DRAFT),
    "send_back": Move(origins=("rights_review",), target="draft", action=Action.NOTICE_REVIEW),
    "approve": Move(origins=("rights_review",), target="approved", action=Action.NOTICE_REVIEW),
    "send": Move(origins=("approved",), target="sent", action=Action.NOTICE_SEND),
    "acknowledge": Move(origins=("sent",), target="acknowledged", action=Action.NOTICE_SEND),
    # Each answer decides one target; the notice moves when none is left without an outcome.
    "decide": Move(origins=("sent", "acknowledged", "decided"), target="decided", action=Action.NOTICE_SEND),
    "close": Move(origins=("decided",), target="closed", action=Action.NOTICE_SEND),
    "withdraw": Move(origins=("draft", "rights_review", "approved", "sent", "acknowledged"), target="withdrawn",
                     action=Action.NOTICE_DRAFT),
}

# What the stepper shows, in order; withdrawn stands at the side.
PATH = ("draft", "rights_review", "approved", "sent", "acknowledged", "decided", "closed")
