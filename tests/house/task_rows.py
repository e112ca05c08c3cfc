"""Rows of the permission table (tests/house/permissions.py): tasks and notes."""

from tests.house.roles import HELPERS, READERS, Row, both

PAGES: dict[str, Row] = {
    "worklist:list": {"GET": READERS},
    "worklist:make": both(HELPERS),
    "worklist:task": {"GET": READERS},
    "worklist:edit": both(HELPERS),
    "worklist:finish": both(HELPERS),
    "worklist:drop": both(HELPERS),
    "worklist:reopen": {"POST": HELPERS},
    "worklist:notes": both(READERS, HELPERS),
    "worklist:withdraw-note": both(HELPERS),
    "worklist:note-seen": {"POST": READERS},
}
API: dict[str, Row] = {
    "api:tasks": both(READERS, HELPERS),
    "api:task": {"GET": READERS, "PUT": HELPERS},
    "api:task-finish": {"POST": HELPERS},
    "api:task-drop": {"POST": HELPERS},
    "api:task-reopen": {"POST": HELPERS},
    "api:notes": both(READERS, HELPERS),
    "api:note-withdraw": {"POST": HELPERS},
    "api:note-seen": {"POST": READERS},
}
