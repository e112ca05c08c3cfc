"""Rows of the permission table (tests/house/permissions.py): the timeline of a case."""

from tests.house.roles import DOWNLOADERS, READERS, Row, both

PAGES: dict[str, Row] = {
    "timeline:timeline": {"GET": READERS},
    "timeline:take": both(DOWNLOADERS),
}
API: dict[str, Row] = {
    "api:timeline": {"GET": READERS},
    **{f"api:timeline-{kind}": {"POST": DOWNLOADERS} for kind in ("csv", "svg")},
}
