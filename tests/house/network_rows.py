"""Rows of the permission table (tests/house/permissions.py): the network of a case."""

from tests.house.roles import DOWNLOADERS, READERS, Row

PAGES: dict[str, Row] = {
    "network:network": {"GET": READERS},
    **{f"network:{kind}": {"GET": DOWNLOADERS} for kind in ("svg", "graphml", "nodes", "edges")},
}
API: dict[str, Row] = {
    "api:network": {"GET": READERS},
    **{f"api:network-{kind}": {"GET": DOWNLOADERS} for kind in ("svg", "graphml", "nodes", "edges")},
}
