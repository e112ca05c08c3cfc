"""What else is asked at the doors of tests/house/permissions.py."""

# What asks a session for the password again, page and call alike; a token was made with one.
FRESH = {"people:invite", "leaving:disable", "people:enable", "people:reset", "people:invite-again",
         "people:make-token", "people:end-sessions", "api:people-end-sessions",
         "recovery:propose", "recovery:approve", "cases:members", "cases:end-membership",
         "exhibits:approve-erasure", "exhibits:approve-disposal", "exhibits:approve-healing", "dossiers:seal",
         "dossiers:retry", "releases:download", "releases:bag", "api:people", "api:people-disable",
         "api:people-enable", "api:people-reset", "api:recovery", "api:recovery-approve", "api:members",
         "api:end-membership", "api:erasure-approve", "api:disposal-approve", "api:healing-approve",
         "api:dossier-seal", "api:dossier-retry", "api:dossier-download", "api:bag-download", "audit:stop",
         "audit:lift-stop", "api:export-stops", "api:export-stop-lift", "exhibits:unlock", "exhibits:part_unlock",
         "api:exhibit-unlock", "api:part-unlock", "exchange:take", "api:exchange", "timeline:take", "api:timeline-csv",
         "api:timeline-svg", "coordination:take", "api:tasking-matches-csv", "network:take", "api:network-svg",
         "api:network-graphml", "api:network-nodes", "api:network-edges"}

# These are sent, and read: a closed case can be verified and its receipts sent, and a program be taken out that was
# confirmed; it is recorded, as reads are.
READ_BY_POST = {"exhibits:original", "exhibits:part_original", "exhibits:verify_case", "exhibits:verify",
                "exhibits:send_receipt", "exhibits:receipt", "api:verify-case", "api:verify-exhibit",
                "api:send-receipt", "exchange:take", "api:exchange", "timeline:take", "api:timeline-csv",
                "api:timeline-svg", "coordination:take", "api:tasking-matches-csv", "network:take", "api:network-svg",
                "api:network-graphml", "api:network-nodes", "api:network-edges"}

# A token needs `read` to read and `write` for the rest, but for these.
SCOPES: dict[str, str] = {
    "api:exhibit-original": "export",
    "api:part-original": "export",
    "api:exhibit-unlock": "export",
    "api:exchange": "export",
    "api:timeline-csv": "export",
    "api:timeline-svg": "export",
    "api:tasking-matches-csv": "export",
    "api:network-svg": "export",
    "api:network-graphml": "export",
    "api:network-nodes": "export",
    "api:network-edges": "export",
    "api:part-unlock": "export",
    "api:keep-checkpoint": "read",
    "api:verify-case": "read",
    "api:verify-exhibit": "read",
    "api:send-receipt": "read",
    "api:dossier-download": "export",
    "api:bags": "export",
    "api:bag-download": "export",
    "api:assessment-confirm": "review",
    "api:assessment-send-back": "review",
    "api:disposal-approve": "review",
    "api:disposal-send-back": "review",
    "api:recovery-approve": "review",
    "api:recovery-send-back": "review",
    "api:erasure-approve": "review",
    "api:erasure-send-back": "review",
    "api:healing-approve": "review",
    "api:healing-send-back": "review",
    "api:finding-review": "review",
    "api:finding-send-back": "review",
    "api:notice-approve": "review",
    "api:notice-send-back": "review",
    "api:dossier-approve": "review",
    "api:dossier-send-back": "review",
}

# What is each person's own: for others who might have one like it, it is absent.
OWN: dict[str, str] = {
    "api:upload": "lead investigator takedown",
    "api:upload-finish": "lead investigator takedown",
}
