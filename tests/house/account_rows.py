"""Rows of the permission table (tests/house/permissions.py): accounts, and what is said of them."""

from tests.house.roles import READERS, SECOND, WORKERS, Row, both

PAGES: dict[str, Row] = {
    "accounts:list": {"GET": READERS},
    "accounts:name": both(WORKERS),
    "accounts:subject": {"GET": READERS},
    "accounts:observe": both(WORKERS),
    "accounts:identify": both(WORKERS),
    "accounts:claim": both(WORKERS),
    "accounts:withdraw-claim": both(WORKERS),
    "accounts:persona": both(WORKERS),
    "accounts:location": both(WORKERS),
    "accounts:link": both(WORKERS),
    "accounts:withdraw-link": both(WORKERS),
    "accounts:tags": both(WORKERS),
    "accounts:note": both(WORKERS),
    "accounts:withdraw-note": both(WORKERS),
    "accounts:assess": both(WORKERS),
    "accounts:confirm": both(SECOND),
    "accounts:send-back": both(SECOND),
}
API: dict[str, Row] = {
    "api:subjects": both(READERS, WORKERS),
    "api:subject": {"GET": READERS},
    "api:observations": {"POST": WORKERS},
    "api:account-identify": {"POST": WORKERS},
    "api:account-claims": {"POST": WORKERS},
    "api:account-claim-withdraw": {"POST": WORKERS},
    "api:account-persona": {"GET": READERS, "PUT": WORKERS},
    "api:account-location": {"GET": READERS, "PUT": WORKERS},
    "api:account-links": {"POST": WORKERS},
    "api:account-link-withdraw": {"POST": WORKERS},
    "api:account-tags": {"GET": READERS, "PUT": WORKERS},
    "api:account-notes": {"POST": WORKERS},
    "api:account-note-withdraw": {"POST": WORKERS},
    "api:assessments": {"POST": WORKERS},
    "api:assessment-confirm": {"POST": SECOND},
    "api:assessment-send-back": {"POST": SECOND},
}
