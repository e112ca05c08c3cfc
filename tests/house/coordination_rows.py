"""Rows of the permission table (tests/house/permissions.py): what posts and taskings have in common."""

from tests.house.roles import DOWNLOADERS, READERS, WORKERS, Row, both

PAGES: dict[str, Row] = {
    "coordination:matches": {"GET": READERS},
    "coordination:near": {"GET": READERS},
    "coordination:take": both(DOWNLOADERS),
    "coordination:propose": both(WORKERS),
}
API: dict[str, Row] = {
    "api:tasking-matches": {"GET": READERS},
    "api:tasking-matches-csv": {"POST": DOWNLOADERS},
    "api:tasking-near": {"GET": READERS},
    "api:tasking-proposal": {"GET": WORKERS},
}
