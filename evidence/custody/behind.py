"""Whether the log is behind what was witnessed of it, and nothing may change: one question to the database.

Knows no model, so that also what starts before them may ask."""

from django.db import connection

# The database answers so when something is to be recorded that must wait (migrations/record.sql).
SQLSTATE = "CW001"


def is_behind() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT evidence_is_behind()")
        return bool(cursor.fetchone()[0])
