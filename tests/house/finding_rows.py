"""Rows of the permission table (tests/house/permissions.py): findings, their revisions, and techniques."""

from tests.house.roles import AUTHOR, READERS, SECOND, SIGNED_IN, WORKERS, Row, both

PAGES: dict[str, Row] = {
    "findings:list": {"GET": READERS},
    "findings:new": both(WORKERS),
    "findings:finding": {"GET": READERS},
    "findings:edit": both(WORKERS),
    "findings:sources": both(WORKERS, AUTHOR),
    "findings:techniques": both(WORKERS, AUTHOR),
    "findings:revisions": {"GET": READERS},
    "findings:revision": {"GET": READERS},
    "findings:submit": both(WORKERS, AUTHOR),
    "findings:review": both(SECOND),
    "findings:send-back": both(SECOND),
}
API: dict[str, Row] = {
    "api:findings": both(READERS, WORKERS),
    "api:finding": {"GET": READERS, "PUT": WORKERS},
    "api:finding-sources": {"PUT": WORKERS},
    "api:finding-techniques": {"PUT": WORKERS},
    "api:techniques": {"GET": SIGNED_IN},
    "api:finding-revisions": {"GET": READERS},
    "api:finding-revision": {"GET": READERS},
    "api:finding-submit": {"POST": AUTHOR},
    "api:finding-review": {"POST": SECOND},
    "api:finding-send-back": {"POST": SECOND},
}
