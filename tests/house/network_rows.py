"""Rows of the permission table (tests/house/permissions.py): the network of a case."""

from tests.house.roles import DOWNLOADERS, READERS, Row, both

PAGES: dict[str, Row] = {
    "network:network": {"GET": READERS},
    "network:take": both(DOWNLOADERS),
}
API: dict[str, Row] = {
    "api:network": {"GET": READERS},
    **{f"api:network-{kind}": {"POST": DOWNLOADERS} for kind in ("svg", "graphml", "nodes", "edges")},
}
