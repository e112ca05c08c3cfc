"""What migrations tell the database to refuse: words for the triggers and rights that tables share.

Triggers are ENABLE ALWAYS: they refuse the owner too, in replica mode as well. They are a guard rail: the promise rests
on checkpoints held outside."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

WITHDRAWAL = ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason")


def apply(schema_editor: Any, statements: Iterable[str]) -> None:
    """Run them in their order; each may hold several."""
    for statement in statements:
        schema_editor.execute(statement, params=None)


def read(path: Path) -> str:
    """The statements of a file that lies beside a migration."""
    return path.read_text("utf-8")


def trigger(table: str, name: str, moment: str, *, when: str = "", function: str = "evidence_refuse", new: str = "",
            old: str = "", each: str = "ROW") -> list[str]:
    """Before or after `moment` the function is asked, which by default refuses whatever it is asked. With the name of a
    table for the `new` rows or the `old` ones it is asked once for all of them."""
    rows = f" REFERENCING {'NEW' if new else 'OLD'} TABLE AS {new or old}" if new or old else ""
    asked = f" WHEN ({when})" if when else ""
    return [f"CREATE TRIGGER {name} {moment} ON {table}{rows} FOR EACH {'STATEMENT' if rows else each}{asked} "
            f"EXECUTE FUNCTION {function}()", f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"]


def no_truncate(table: str, name: str = "refuse_truncate") -> list[str]:
    return trigger(table, name, "BEFORE TRUNCATE", each="STATEMENT")


def never_deleted(table: str) -> list[str]:
    """Rows change and stay."""
    return [f"REVOKE DELETE, TRUNCATE ON {table} FROM {settings.DATABASE_APP_ROLE}",
            *trigger(table, "refuse_delete", "BEFORE DELETE")]


def insert_only(table: str, function: str = "evidence_refuse") -> list[str]:
    """Rows are written once, and stay."""
    return [f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {settings.DATABASE_APP_ROLE}",
            *trigger(table, "refuse_change", "BEFORE UPDATE OR DELETE", function=function)]


def written_once(table: str, columns: Sequence[str], later: Sequence[str] = WITHDRAWAL) -> list[str]:
    """Rows stay, `columns` as they were written; the application's role may write nothing later but `later`."""
    return [f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {settings.DATABASE_APP_ROLE}",
            f"GRANT UPDATE ({', '.join(later)}) ON {table} TO {settings.DATABASE_APP_ROLE}",
            *trigger(table, "written_once", "BEFORE UPDATE", when=changed(columns)),
            *trigger(table, "refuse_delete", "BEFORE DELETE")]


def changed(columns: Sequence[str]) -> str:
    """The condition under which an update changes one of these."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"({new}) IS DISTINCT FROM ({old})"
