"""Rows in pages by their key: memory stays flat however many there are."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

PAGE = 500


def pages(rows: QuerySet[Any], key: str) -> Iterator[list[Any]]:
    """All of `rows` in the order of `key`, which is unique, PAGE at a time."""
    page = list(rows.order_by(key)[:PAGE])
    while page:
        yield page
        page = list(rows.filter(**{f"{key}__gt": getattr(page[-1], key)}).order_by(key)[:PAGE])
