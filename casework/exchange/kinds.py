"""What every table has in common: its name, who may read it, its columns, its rows, and how times are written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.access import Action
from casework.accounts.withheld import Names
from casework.cases.models import Case

AT_ONCE = 2000
DATED = ("at", "at_resolution", "at_given")
Row = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One table: what it is called, who may read what is in it, its columns and how its rows are made."""

    title: Any
    action: Action
    columns: tuple[str, ...]
    rows: Callable[[Case, Names], Iterator[Row]]


def moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def dated(row: Any) -> Row:
    return {"at": moment(row.at), "at_resolution": row.at_resolution, "at_given": row.at_given}


def labels(rows: Iterable[Any]) -> list[str]:
    """The labels of prefetched rows, in their order."""
    return [row.label for row in sorted(rows, key=lambda row: row.number)]


def standing(rows: Iterable[Any]) -> list[str]:
    """Of prefetched exhibits the labels of those that nobody withdrew."""
    return labels(row for row in rows if row.withdrawn_at is None)
