"""Rows of the permission table (tests/house/permissions.py): channels, and what is said of them."""

from tests.house.roles import READERS, WORKERS, Row, both

PAGES: dict[str, Row] = {
    "channels:list": {"GET": READERS},
    "channels:name": both(WORKERS),
    "channels:channel": {"GET": READERS},
    "channels:edit": both(WORKERS),
    "channels:observe": both(WORKERS),
    "channels:withdraw": both(WORKERS),
    "channels:withdraw-observation": both(WORKERS),
    "channels:taskings": {"GET": READERS},
    "channels:tasking": {"GET": READERS},
    "channels:note-tasking": both(WORKERS),
    "channels:edit-tasking": both(WORKERS),
    "channels:withdraw-tasking": both(WORKERS),
    "channels:payments": {"GET": READERS},
    "channels:payment": {"GET": READERS},
    "channels:note-payment": both(WORKERS),
    "channels:edit-payment": both(WORKERS),
    "channels:withdraw-payment": both(WORKERS),
}
API: dict[str, Row] = {
    "api:channels": both(READERS, WORKERS),
    "api:channel": {"GET": READERS, "PUT": WORKERS},
    "api:channel-withdraw": {"POST": WORKERS},
    "api:channel-observations": {"POST": WORKERS},
    "api:channel-observation-withdraw": {"POST": WORKERS},
    "api:taskings": both(READERS, WORKERS),
    "api:tasking": {"GET": READERS, "PUT": WORKERS},
    "api:tasking-withdraw": {"POST": WORKERS},
    "api:payments": both(READERS, WORKERS),
    "api:payment-totals": {"GET": READERS},
    "api:payment": {"GET": READERS, "PUT": WORKERS},
    "api:payment-withdraw": {"POST": WORKERS},
}
