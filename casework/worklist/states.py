"""The life of a task, as data."""

from casework.access import Action
from casework.lifecycle import Move, Table

TASK: Table = {
    "edit": Move(origins=("open",), target="open", action=Action.TASK_EDIT),
    "finish": Move(origins=("open",), target="done", action=Action.TASK_EDIT),
    "drop": Move(origins=("open",), target="dropped", action=Action.TASK_EDIT),
    "reopen": Move(origins=("done", "dropped"), target="open", action=Action.TASK_EDIT),
}
