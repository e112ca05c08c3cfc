"""HALL: tables as CSV that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def written(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """UTF-8 with CRLF, as RFC 4180 has it; of each row what stands under the names of `columns`."""
    return b"".join(lines(columns, rows))


def lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """As `written`, a line at a time."""
    yield _line(columns)
    for row in rows:
        yield _line([cell(row.get(column, "")) for column in columns])


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    # Half a character that a file of others brought in is none in UTF-8.
    return out.getvalue().encode("utf-8", "replace")


def cell(value: Any) -> str:
    """A list with blanks between its parts. What a spreadsheet would run as a formula gets an apostrophe before it."""
    text = " ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
