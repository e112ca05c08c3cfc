"""The life of an import, as data. What was asked for is never changed: one that stopped is begun again as a new one."""

from casework.access import Action
from casework.lifecycle import Move, Table

WAITING, READING, READ, STOPPED = "waiting", "reading", "read", "stopped"

IMPORT: Table = {
    "take": Move(origins=(WAITING, READING), target=READING, action=Action.POST_IMPORT),
    "finish": Move(origins=(READING,), target=READ, action=Action.POST_IMPORT),
    "stop": Move(origins=(WAITING, READING), target=STOPPED, action=Action.POST_IMPORT),
}
