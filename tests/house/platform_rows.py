"""Rows of the permission table (tests/house/permissions.py): what is known of platforms, outside every case."""

from tests.house.roles import ADMIN, SIGNED_IN, Row, both

PAGES: dict[str, Row] = {
    "platforms:list": {"GET": SIGNED_IN},
    "platforms:route": {"GET": SIGNED_IN},
    "platforms:policy": {"GET": SIGNED_IN},
    "platforms:add-route": both(ADMIN),
    "platforms:add-policy": both(ADMIN),
    "platforms:edit-route": both(ADMIN),
    "platforms:edit-policy": both(ADMIN),
    "platforms:end-route": both(ADMIN),
    "platforms:end-policy": both(ADMIN),
}
API: dict[str, Row] = {
    "api:platforms": {"GET": SIGNED_IN},
    "api:platform-routes": both(SIGNED_IN, ADMIN),
    "api:platform-policies": both(SIGNED_IN, ADMIN),
    "api:platform-route": {"GET": SIGNED_IN, "PUT": ADMIN},
    "api:platform-policy": {"GET": SIGNED_IN, "PUT": ADMIN},
    "api:platform-route-end": {"POST": ADMIN},
    "api:platform-policy-end": {"POST": ADMIN},
}
