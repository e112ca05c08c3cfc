"""Rows of the permission table (tests/house/permissions.py): accounts, and what is said of them."""

from tests.house.roles import READERS, SECOND, WORKERS, Row, both

PAGES: dict[str, Row] = {
    "accounts:list": {"GET": READERS},
    "accounts:name": both(WORKERS),
    "accounts:subject": {"GET": READERS},
    "accounts:observe": both(WORKERS),
    "accounts:claim": both(WORKERS),
    "accounts:withdraw-claim": both(WORKERS),
    "accounts:exculpatory": both(WORKERS),
    "accounts:assess": both(WORKERS),
    "accounts:confirm": both(SECOND),
    "accounts:send-back": both(SECOND),
}
API: dict[str, Row] = {
    "api:subjects": both(READERS, WORKERS),
    "api:subject": {"GET": READERS},
    "api:observations": {"POST": WORKERS},
    "api:account-claims": {"POST": WORKERS},
    "api:account-claim-withdraw": {"POST": WORKERS},
    "api:exculpatory": {"PUT": WORKERS},
    "api:assessments": {"POST": WORKERS},
    "api:assessment-confirm": {"POST": SECOND},
    "api:assessment-send-back": {"POST": SECOND},
}
