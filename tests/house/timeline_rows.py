"""Rows of the permission table (tests/house/permissions.py): the timeline of a case."""

from tests.house.roles import DOWNLOADERS, READERS, Row

PAGES: dict[str, Row] = {
    "timeline:timeline": {"GET": READERS},
    "timeline:table": {"GET": DOWNLOADERS},
}
API: dict[str, Row] = {
    "api:timeline": {"GET": READERS},
}
