"""Statements whose parameters and rows go to and from the server as they are, and not as text.

Django's own cursor writes parameters into the statement and reads rows as text, bytes as hexadecimal: a third of the
cost of a record, and more of that of reading the log. Errors and transactions are Django's all the same."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


def call(statement: str, parameters: Sequence[Any]) -> None:
    """Run what answers nothing of use; the server keeps its plan as long as the connection lives."""
    with connection.wrap_database_errors, _cursor(statement) as cursor:
        cursor.execute(statement, parameters, prepare=True)


def rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Every row of the answer: bytes as bytes, ids as UUID, times with their zone."""
    with connection.wrap_database_errors, _cursor(statement) as cursor:
        return cursor.execute(statement, parameters, binary=True).fetchall()


def _cursor(statement: str) -> psycopg.Cursor[tuple[Any, ...]]:
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    # Whoever counts questions counts these too.
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": "0.000"})
    return psycopg.Cursor(connection.connection)
