"""docs/exports.md names every format, field, mark, option and bound that there is."""

from dataclasses import fields
from pathlib import Path

from evidence.jail import services as jail
from evidence.jail.exports import columns, formats, records, sheets, sources, tables, times
from evidence.jail.exports.options import Options

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "exports.md").read_text()


def test_the_page_names_all_that_there_is() -> None:
    names = [*formats.FORMATS, *records.KINDS, *records.MARKS, *filter(None, records.ACTS + records.RESOLUTIONS),
             *(one.name for one in fields(records.Record)), *(one.name for one in fields(Options)), *columns.FIELDS,
             *columns.COUNTS, *columns.WAYS, *sources.ENCODINGS]
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_the_page_gives_the_bounds_as_they_are() -> None:
    assert (records.LONGEST_LINE, records.LONGEST_ELEMENT, records.LONGEST_TEXT) == (1 << 20, 1 << 22, 1 << 18)
    assert (records.DEEPEST, tables.MOST_LINES, columns.MOST_COLUMNS) == (64, 500, 2000)
    assert (sheets.MOST_STRINGS, sheets.MOST_TEXT) == (1_000_000, 64 << 20)
    assert (sources.MOST_MEMBERS, sources.DENSEST, sources.UNDOUBTED) == (100_000, 200, 64 << 20)
    assert (jail.READING.memory >> 20, jail.READING.cpu, jail.READING.wall) == (768, 900, 900)
    assert (records.LONGEST_FIELD, records.LONGEST_NAME, times.SPEAKING) == (2048, 1024, 10)
    assert (jail.SWELLING, jail.SWELLING_PACKED, jail.UNNOTICED) == (64, 256, 16 << 20)
    for bound in ("1 MiB", "4 MiB", "256 KiB", "64, 40", "500 lines, 2,000 columns", "a million, 64 Mi characters",
                  "100,000 members", "200 times", "2,048 characters", "1,024 characters", "one in ten",
                  "64 times the bytes of the file", "256 times, and 16 MiB", "768 MiB, 900 s of computing"):
        assert bound in PAGE
