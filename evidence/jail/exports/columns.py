"""Rows of any table as records: a person says which column is what. Guesses are offered by the columns' names."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from evidence.jail.exports import times
from evidence.jail.exports.ndjsons import FOURCAT_COUNTS
from evidence.jail.exports.records import Asked, Frame, Record, Unreadable, bad
from evidence.jail.exports.tables import Row
from evidence.jail.exports.walks import counted

FIELDS = ("time", "text", "sender", "sender_id", "post_id", "url")
COUNTS = ("likes", "replies", "reposts", "quotes", "shares", "views")
WAYS = ("iso", "unix", "unix_ms", "x", "serial", *times.ORDERS)
SAMPLES, MOST_COLUMNS = 5, 2000
_HINTS = {
    "time": ("unix_timestamp", "created_at", "timestamp", "tweet_time", "post created", "publishedat", "create_time",
             "date", "time", "datetime", "posted", "تاریخ", "وقت"),
    "text": ("body", "text", "message", "full_text", "tweet_text", "content", "caption", "video_description", "پیغام",
             "متن"),
    "sender": ("author", "username", "user_screen_name", "screen_name", "from", "sender", "handle", "user name",
               "authorname", "page name", "نام"),
    "sender_id": ("author_id", "userid", "user_id", "from_id", "authorchannelid", "facebook id"),
    "post_id": ("id", "tweetid", "tweet_id", "post_id", "message_id"),
    "url": ("url", "link", "permalink", "post url", "لنک")}
FOURCAT = {"time": ("unix_timestamp", "timestamp"), "text": ("body",), "sender": ("author",),
           "sender_id": ("author_id",), "post_id": ("id",), "url": ("url", "tweet_url", "post_url")}
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001


def hints(names: list[str], known: dict[str, tuple[str, ...]] = _HINTS) -> dict[str, str]:
    """Field → the column that its name speaks for."""
    spelt = {name.strip().lower(): name for name in reversed(names)}
    found = {field: next((spelt[word] for word in words if word in spelt), "") for field, words in known.items()}
    return {field: name for field, name in found.items() if name}


def fourcat(names: list[str]) -> dict[str, Any]:
    """The columns of a table that 4CAT wrote. Raises Unreadable where it is none."""
    found: dict[str, Any] = hints(names, FOURCAT)
    if not {"time", "text", "sender"} <= set(found):
        raise Unreadable("this is no table of 4CAT: it has no columns 'body', 'author' and 'timestamp'")
    found["counts"] = {ours: name for name, ours in FOURCAT_COUNTS.items() if name in names}
    return found


class Way:
    """How the times of a column are written, over the whole file."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._orders: dict[bool, times.Orders] = {
            True: times.Orders(("ymd",)), False: times.Orders(("dmy", "mdy", "ymd"))}
        self._unread: list[dict[str, Any]] = []

    def add(self, line: int, text: str) -> None:
        text = text.strip()
        if not text:
            return
        if (name := way_of(text)) == "loose" and (found := times.loose(text)):
            name = "first" if found[0][0] > 31 else "loose"
            if not self._orders[name == "first"].add(line, text, found[0], found[1]):
                name = ""
        if not name and len(self._unread) < times.EXAMPLES:
            self._unread.append({"line": line, "text": text[:100]})
        self._counts[name] = self._counts.get(name, 0) + 1

    def decide(self) -> dict[str, Any]:
        """As times.Orders.decide; `time` is one of WAYS where it is decided."""
        kinds = [name for name in self._counts if name]
        facts = {"time": "", "ways": {name: self._counts[name] for name in kinds}, "unread": self._unread,
                 "not_read": self._counts.get("", 0)}
        if len(kinds) != 1:
            return {**facts, "state": "contradictory" if kinds else "impossible",
                    "why": "times are written in several ways" if kinds else "no time in the column can be read"}
        if kinds[0] in ("loose", "first"):
            decided = self._orders[kinds[0] == "first"].decide()
            return {**facts, **decided, "time": decided["order"]}
        return {**facts, "state": "decided", "time": kinds[0], "why": "only one way of writing times fits"}


def way_of(text: str) -> str:
    """In which way a time is written, as far as its form says."""
    record = Record("post", 0, 0, 0)
    if times.put_x(record, text):
        return "x"
    if times.put_iso(record, text, times.Clock(None)):
        return "iso"
    if re.fullmatch(r"[1-9]\d{8,9}(?:\.\d{1,9})?", text):
        return "unix"
    if re.fullmatch(r"[1-9]\d{11,12}", text):
        return "unix_ms"
    if re.fullmatch(r"[1-9]\d{4}(?:\.\d{1,17})?", text):
        return "serial"
    return "loose" if times.loose(text) else ""


def look(rows: Iterator[Row | Frame], chosen: dict[str, Any]) -> dict[str, Any]:
    """What a person must see to say which column is what, and how the column of times is written in the whole file."""
    rows, names = _with_names(rows)
    guessed = hints(names)
    time = chosen.get("time") or guessed.get("time", "")
    way, count, place = Way(), 0, names.index(time) if time in names else -1
    samples: list[list[str]] = []
    for row in rows:
        if isinstance(row, Row):
            count += 1
            if len(samples) < SAMPLES:
                samples.append([cell[:200] for cell in row.cells[:MOST_COLUMNS]])
            if 0 <= place < len(row.cells):
                way.add(row.line, row.cells[place])
    return {"names": names, "columns": guessed, "rows": count, "samples": samples, "time_column": time,
            **(way.decide() if place >= 0 else {"state": "impossible", "why": "no column of times", "time": ""})}


def _with_names(rows: Iterator[Row | Frame]) -> tuple[Iterator[Row | Frame], list[str]]:
    first = next((row for row in rows if isinstance(row, Row)), None)
    if first is None or not first.cells:
        raise Unreadable(f"it has no row of names{': ' + first.reason if first and first.reason else ''}")
    return rows, named(first.cells)


def named(cells: list[str]) -> list[str]:
    """The names of the columns; one that has none or comes twice is told apart by its place."""
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(f"it has {len(cells)} columns, and at most {MOST_COLUMNS} are read")
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = cell.strip()[:200]
        names.append(name if name and name not in names else f"{name}#{place}")
    return names


class Reader:
    """`columns` says field → name of its column, and under `counts` the same; `way` how times are written."""

    def __init__(self, columns: dict[str, Any], way: str, clock: times.Clock, kind: str = "post", *,
                 since_1904: bool = False, padded: bool = False):
        if not columns:
            raise Asked("columns", {})
        if way not in WAYS and columns.get("time"):
            raise Asked("time", {})
        self._columns, self._way, self._clock, self._kind = columns, way, clock, kind
        # A sheet does not keep the empty cells at a row's end.
        self._epoch, self._padded = _EPOCHS[since_1904], padded
        self._places: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._names: list[str] = []

    def read(self, rows: Iterator[Row | Frame]) -> Iterator[Record | Frame]:
        for row in rows:
            if isinstance(row, Frame):
                yield row
            elif not self._names:
                yield self._head(row)
            else:
                yield self._record(row)
        if not self._names:
            raise Unreadable("it has no row of names")

    def _head(self, row: Row) -> Frame:
        self._names = _with_names(iter([row]))[1]
        self._places = {field: self._place(self._columns[field]) for field in FIELDS if self._columns.get(field)}
        self._counts = {ours: self._place(name) for ours, name in (self._columns.get("counts") or {}).items()}
        return Frame("row of names", row.start, row.end)

    def _place(self, name: str) -> int:
        if name not in self._names:
            raise Unreadable(f"there is no column {name[:80]!r}")
        return self._names.index(name)

    def _record(self, row: Row) -> Record:
        where = f"line {row.line}"
        if row.reason:
            return bad(row.start, row.end, row.line, row.reason)
        cells = row.cells
        if self._padded:
            cells = cells + [""] * (len(self._names) - len(cells))
        if len(cells) != len(self._names):
            return bad(row.start, row.end, row.line, f"{where}: it has {len(cells)} cells, and the row of names has "
                       f"{len(self._names)}", raw={"cells": cells[:MOST_COLUMNS]})
        record = Record(self._kind, row.start, row.end, row.line)
        values = {field: cells[place] for field, place in self._places.items()}
        record.at_text = values.pop("time", "").strip()
        for field, value in values.items():
            setattr(record, field, value)
        if not record.at_text:
            record.marks.append("no_time")
        elif not self._put(record):
            return bad(row.start, row.end, row.line, f"{where}: {record.at_text[:80]!r} is no time of the kind "
                       f"{self._way}", raw={"cells": cells})
        record.counts = counted({ours: cells[place] for ours, place in self._counts.items()})
        used = {*self._places.values(), *self._counts.values()}
        record.raw = {name: cell for place, (name, cell) in enumerate(zip(self._names, cells, strict=True))
                      if cell and place not in used}
        formulas = {self._names[place]: text for place, text in row.formulas.items() if place < len(self._names)}
        if formulas or any(cell[:1] == "=" for cell in cells):
            record.marks.append("formula")
        if formulas:
            record.raw["formulas"] = formulas
        if not row.is_text:
            record.marks.append("replaced")
        return record

    def _put(self, record: Record) -> bool:
        text = record.at_text
        if self._way == "iso":
            return times.put_iso(record, text, self._clock)
        if self._way == "x":
            return times.put_x(record, text)
        if self._way in times.ORDERS:
            return times.put_loose(record, text, self._way, self._clock)
        try:
            number = float(text) if len(text) < 40 else -1.0
        except ValueError:
            return False
        if self._way == "serial":
            return self._put_serial(record, number)
        record.at = times.utc(number / 1000 if self._way == "unix_ms" else number)
        record.resolution = "second" if record.at else ""
        return bool(record.at)

    def _put_serial(self, record: Record, days: float) -> bool:
        """A workbook keeps a day, a minute and a second as the same kind of number. What is a whole number of days or
        of minutes is known no more exactly, whatever the cell would show."""
        if not 1 <= days < 150_000:
            return False
        seconds = round(days * 86_400)
        resolution = "second" if seconds % 60 else "minute" if seconds % 86_400 else "day"
        self._clock.put(record, self._epoch + timedelta(seconds=seconds), resolution)
        return True


def first_names(rows: Iterator[Row | Frame]) -> list[str]:
    """The names of the columns alone."""
    return _with_names(islice(rows, 100))[1]
