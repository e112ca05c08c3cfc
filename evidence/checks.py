"""What the database must be like before anything may be kept in it. Run by `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connections

# Setting, the values that keep what was committed, and the id of the error.
DURABLE = [
    ("fsync", {"on"}, "evidence.E001"),
    ("full_page_writes", {"on"}, "evidence.E002"),
    ("synchronous_commit", {"on", "remote_write", "remote_apply"}, "evidence.E003"),
    ("data_checksums", {"on"}, "evidence.E004"),
]
_MAY_CHANGE = """
SELECT r.rolname FROM pg_roles r, to_regclass('evidence_leaf') t, to_regclass('evidence_payload') p
WHERE r.rolname IN (%s, current_user) AND t IS NOT NULL AND (
    has_table_privilege(r.oid, t, 'UPDATE') OR has_table_privilege(r.oid, p, 'DELETE') OR EXISTS (
        SELECT FROM pg_roles e WHERE e.rolname = %s AND pg_has_role(r.oid, e.oid, 'MEMBER')))
"""


def durable(databases: Sequence[str] | None = None, **_more: Any) -> list[CheckMessage]:
    """E001–E004: what is committed must survive a power cut and a failing disk must be noticed."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        for setting, good, number in DURABLE:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT current_setting(%s)", [setting])
                value = cursor.fetchone()[0]
            if value not in good:
                found.append(Error(f"PostgreSQL's {setting} is {value}: committed evidence could be lost.",
                                   hint=f"Set {setting} = on" if setting != "data_checksums" else
                                        "Stop the server and run pg_checksums --enable.", id=number))
    return found


def insert_only(databases: Sequence[str] | None = None, **_more: Any) -> list[CheckMessage]:
    """E005: the application's role must not be able to change the log. (That the application is not connected as
    somebody who can, /readyz checks: migrations rightly are.)"""
    role = settings.DATABASE_APP_ROLE
    return [Error(f"The application's role {role} may change leaves, delete payloads, or act as the role that erases.",
                  id="evidence.E005", hint="It must be a plain role that does not own the tables and is a member of "
                                           "neither the owner nor the role that erases. Migrate as the owner.")
            for alias in databases or [] if role in may_change_log(alias)]


def may_change_log(alias: str = "default") -> list[str]:
    """Which of the application's role and the connected role may update leaves, delete payloads or act as the role
    that erases; none before the first migration."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_MAY_CHANGE, [settings.DATABASE_APP_ROLE, settings.DATABASE_ERASER_ROLE])
        return [row[0] for row in cursor.fetchall()]
