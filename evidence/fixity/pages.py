"""Rows in pages by their key: memory stays flat however many there are."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

PAGE = 500


def pages(rows: QuerySet[Any], key: str) -> Iterator[list[Any]]:
    """All of `rows` in the order of `key`, which is unique, PAGE at a time."""
    page = list(rows.order_by(key)[:PAGE])
    while page:
        yield page
        page = list(rows.filter(**{f"{key}__gt": getattr(page[-1], key)}).order_by(key)[:PAGE])


def span(what: str, rows: Sequence[Any]) -> str:
    """The name of a page of rows, by its first and its last key."""
    return f"{what}s {'…'.join(dict.fromkeys(str(row.pk) for row in (*rows[:1], *rows[-1:])))}"
