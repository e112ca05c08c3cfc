"""Rows of the permission table (tests/house/permissions.py): what leaves as tables and as STIX."""

from tests.house.roles import DOWNLOADERS, Row, both

PAGES: dict[str, Row] = {"exchange:take": both(DOWNLOADERS)}
API: dict[str, Row] = {"api:exchange": {"POST": DOWNLOADERS}}
