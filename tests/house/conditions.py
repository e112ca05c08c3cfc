"""What else is asked at the doors of tests/house/permissions.py."""

# What asks a session for the password again, page and call alike; a token was made with one.
FRESH = {"people:invite", "leaving:disable", "people:enable", "people:reset", "people:invite-again",
         "people:make-token", "people:end-sessions", "api:people-end-sessions",
         "recovery:propose", "recovery:approve", "cases:members", "cases:end-membership",
         "exhibits:approve-erasure", "exhibits:approve-disposal", "exhibits:approve-healing", "dossiers:seal",
         "dossiers:retry", "releases:download", "releases:bag", "api:people", "api:people-disable",
         "api:people-enable", "api:people-reset", "api:recovery", "api:recovery-approve", "api:members",
         "api:end-membership", "api:erasure-approve", "api:disposal-approve", "api:healing-approve",
         "api:dossier-seal", "api:dossier-retry", "api:dossier-download", "api:bag-download"}

# These are sent, and read: a closed case can be verified and its receipts sent; it is recorded, as reads are.
READ_BY_POST = {"exhibits:verify_case", "exhibits:verify", "exhibits:send_receipt", "exhibits:receipt",
                "api:verify-case", "api:verify-exhibit", "api:send-receipt"}
