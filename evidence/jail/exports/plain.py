"""A small table as it stands, for who reads no posts in it: its names, and its rows with the line of each."""

from collections.abc import Iterator
from typing import Any

from evidence.jail.exports.records import Frame, Unreadable
from evidence.jail.exports.tables import Row

MOST_ROWS, MOST_CELLS, LONGEST_CELL = 1000, 40, 2000


def told(rows: Iterator[Row | Frame]) -> dict[str, Any]:
    """`names` of the first row and `names_line`; `rows` behind it: `line`, `cells` (cut at LONGEST_CELL), `reason`
    where there are none, whether all of it `is_text`, and `formula` where a cell is one. Raises Unreadable."""
    found = (row for row in rows if isinstance(row, Row) and (row.reason or any(cell.strip() for cell in row.cells)))
    head = next(found, None)
    if head is None:
        raise Unreadable("there is nothing in it")
    if head.reason or not head.is_text:
        raise Unreadable(head.reason or f"line {head.line} is no text in this encoding")
    if len(head.cells) > MOST_CELLS:
        raise Unreadable(f"the first line has {len(head.cells)} columns, and at most {MOST_CELLS} are read")
    result: list[dict[str, Any]] = []
    for row in found:
        if len(result) == MOST_ROWS:
            raise Unreadable(f"it has more than {MOST_ROWS} rows")
        result.append({"line": row.line, "cells": [cell[:LONGEST_CELL] for cell in row.cells[:MOST_CELLS + 1]],
                       "reason": row.reason[:200], "is_text": row.is_text,
                       "formula": next(iter(row.formulas.values()), "")[:LONGEST_CELL]})
    return {"names": [cell[:LONGEST_CELL] for cell in head.cells], "names_line": head.line, "rows": result}
