"""The life of a case, as data."""

from casework.access import Action
from casework.lifecycle import Move, Table

CASE: Table = {
    "close": Move(origins=("open",), target="closed", action=Action.CASE_CLOSE),
    "reopen": Move(origins=("closed",), target="open", action=Action.CASE_CLOSE),
}
