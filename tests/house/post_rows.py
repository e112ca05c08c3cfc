"""Rows of the permission table (tests/house/permissions.py): imports, messages and posts."""

from tests.house.roles import READERS, WORKERS, Row, both

PAGES: dict[str, Row] = {
    "posts:list": {"GET": READERS},
    "posts:imports": {"GET": READERS},
    "posts:begin": both(WORKERS),
    "posts:import": {"GET": READERS},
    "posts:progress": {"GET": READERS},
    "posts:withdraw": both(WORKERS),
    "posts:post": {"GET": READERS},
}
API: dict[str, Row] = {
    "api:imports": both(READERS, WORKERS),
    "api:import-look": {"POST": WORKERS},
    "api:import": {"GET": READERS},
    "api:import-withdraw": {"POST": WORKERS},
    "api:import-unread": {"GET": READERS},
    "api:posts": {"GET": READERS},
    "api:post": {"GET": READERS},
}
