"""What a spreadsheet would run, in any cell that any spreadsheet would make of it."""

import csv
import io

import pytest

from casework import cells

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def read(text: str, delimiter: str) -> list[str]:
    """The cells that a program makes of a row with `text` in its second column, which separates so."""
    data = cells.written(["a", "b", "c"], [{"a": "x", "b": text, "c": "y"}]).decode()
    return [cell for row in csv.reader(io.StringIO(data, newline=""), delimiter=delimiter) for cell in row]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("text", [
    "=1+1", " =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "\x00=1+1", "\u2066=1+1", "hi;=1+1", "hi; =1+1",
    "hi;\u200b@SUM(1)", "hi\t=1+1", "hi\n=1+1", "hi\r\n+1", 'hi;"=1+1"', "hi;-2+3", "＝1+1", "hi;＝1+1"])
def test_no_cell_begins_with_what_would_be_run(text: str, delimiter: str) -> None:
    for cell in read(text, delimiter):
        bare = cell.lstrip(" \x00\u00a0\u200b\ufeff\u2066\"\n")
        assert not bare.startswith(STARTS), (cell, delimiter)


@pytest.mark.parametrize("text", ["hi", "a-b", "a = b", "2026-03-14", "سلام", "a; b", "a@b.example", "1 + 1"])
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert read(text, ",")[4] == text
