"""Rows of the permission table (tests/house/permissions.py): campaigns, causes, and the listings of all cases."""

from tests.house.roles import ADMIN, READERS, SIGNED_IN, WORKERS, Row, both

PAGES: dict[str, Row] = {
    "campaigns:list": {"GET": READERS},
    "campaigns:name": both(WORKERS),
    "campaigns:picture": {"GET": READERS},
    "campaigns:campaign": {"GET": READERS},
    "campaigns:edit": both(WORKERS),
    "campaigns:withdraw": both(WORKERS),
    "campaigns:mark": both(WORKERS),
    "campaigns:withdraw-mark": both(WORKERS),
    "campaigns:attach": both(WORKERS),
    "campaigns:detach": both(WORKERS),
    "campaigns:causes": {"GET": READERS},
    "campaigns:name-cause": both(WORKERS),
    "campaigns:cause": {"GET": READERS},
    "campaigns:edit-cause": both(WORKERS),
    "campaigns:withdraw-cause": both(WORKERS),
    "listings:list": {"GET": SIGNED_IN},
    "listings:add": both(ADMIN),
    "listings:withdraw": both(ADMIN),
}
API: dict[str, Row] = {
    "api:campaigns": both(READERS, WORKERS),
    "api:campaigns-picture": {"GET": READERS},
    "api:campaign": {"GET": READERS, "PUT": WORKERS},
    "api:campaign-withdraw": {"POST": WORKERS},
    "api:campaign-marks": {"POST": WORKERS},
    "api:campaign-mark-withdraw": {"POST": WORKERS},
    "api:campaign-causes": {"POST": WORKERS},
    "api:campaign-cause-withdraw": {"POST": WORKERS},
    "api:causes": both(READERS, WORKERS),
    "api:cause": {"GET": READERS, "PUT": WORKERS},
    "api:cause-withdraw": {"POST": WORKERS},
    "api:listings": both(SIGNED_IN, ADMIN),
    "api:listing-withdraw": {"POST": ADMIN},
}
