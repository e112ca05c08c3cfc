"""Rows of a CSV file with the bytes that each stands in, quoted newlines and all. `csv` reads, this counts.

A quote that is opened and not closed costs its own line alone: the lines behind it are read again."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from evidence.jail.exports.records import LONGEST_LINE, Frame
from evidence.jail.exports.sources import Line, decoded

DELIMITERS = (",", ";", "\t", "|")
MOST_LINES = 500


class Row(NamedTuple):
    """One row: its bytes and first line, its cells, or the reason why it has none. Of a sheet also the formulas, by
    the place of their cells."""

    start: int
    end: int
    line: int
    cells: list[str]
    reason: str = ""
    is_text: bool = True
    formulas: dict[int, str] = {}


class _TooLong(Exception):
    pass


class _Feed:
    """Hands lines to `csv` and remembers which ones the row in hand took."""

    def __init__(self, lines: Iterator[Line], encoding: str):
        self._lines, self._encoding, self._waiting = lines, encoding, deque[Line]()
        self.taken: list[Line] = []
        self.is_text = True

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        self.taken.append(line)
        if not line.whole:
            raise _TooLong(f"a line is longer than {LONGEST_LINE} bytes")
        if len(self.taken) > MOST_LINES or line.end - self.taken[0].start > LONGEST_LINE:
            raise _TooLong(f"a quote is opened and not closed within {MOST_LINES} lines")
        text, is_text = decoded(line.raw, self._encoding)
        self.is_text = self.is_text and is_text
        return text.removeprefix("\ufeff") if line.start == 0 else text

    def give_back(self) -> Line:
        """All lines of the row but the first one, which is returned."""
        first, *others = self.taken
        self._waiting.extendleft(reversed(others))
        return first


def rows(lines: Iterator[Line], encoding: str, delimiter: str) -> Iterator[Row | Frame]:
    """Every row; one that cannot be read has no cells and a reason."""
    feed = _Feed(lines, encoding)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.taken, feed.is_text = [], True
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            line = feed.give_back()
            yield Row(line.start, line.end, line.number, [], f"line {line.number}: {error}", feed.is_text)
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
            continue
        start, end = feed.taken[0].start, feed.taken[-1].end
        if cells:
            yield Row(start, end, feed.taken[0].number, cells, "", feed.is_text)
        else:
            yield Frame("blank line", start, end)


def delimiter_of(head: bytes, encoding: str) -> str:
    """The sign that parts the first line into the most cells."""
    first = decoded(head, encoding)[0].lstrip("\ufeff").partition("\n")[0][:LONGEST_LINE]
    counts = {sign: _cells(first, sign) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: counts[sign])


def _cells(line: str, sign: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=sign, strict=True), []))
    except csv.Error:
        return 0
