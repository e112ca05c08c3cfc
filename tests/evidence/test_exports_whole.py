"""Exports made up by the thousand: what was written is read, and every byte belongs to a record or to a framing."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.jail.exports import sources, telegram
from evidence.jail.exports.jsons import Malformed, Scanner
from evidence.jail.exports.records import Attachment, Frame, Record, Unreadable
from evidence.jail.exports.times import Clock
from tests.evidence.exporting import pieces, records

TABLE = {"columns": {"time": "when", "text": "what", "sender": "who"}, "time": "iso"}
WIDE = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
HALVES = ("قبل دوپہر", "بعد دوپہر")
FIRST, LAST = datetime(2015, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001
Layout = Callable[[datetime], str]

LAYOUTS: dict[str, tuple[str, Layout]] = {
    "android 24": ("dmy", lambda at: f"{at:%d/%m/%Y, %H:%M} - "),
    "android 12": ("mdy", lambda at: f"{at.month}/{at.day}/{at:%y, %I:%M}\u202f{at:%p} - "),
    "ios": ("dmy", lambda at: f"[{at:%d/%m/%y, %H:%M:%S}] "),
    "ios marked": ("dmy", lambda at: f"\u200e[{at:%d.%m.%y, %H:%M:%S}] "),
    "year first": ("ymd", lambda at: f"[{at:%Y-%m-%d, %H:%M:%S}] "),
    "urdu": ("dmy", lambda at: f"{at:%d/%m/%Y، %I:%M} {HALVES[at.hour > 11]} - ".translate(WIDE)),
    "arabic": ("dmy", lambda at: f"{at:%d\u200f/%m\u200f/%Y، %I:%M} {'صم'[at.hour > 11]} - ".translate(INDIC)),
    "indonesian": ("dmy", lambda at: f"{at:%d/%m/%Y %H.%M} - "),
    "finnish": ("dmy", lambda at: f"{at.day}.{at.month}.{at:%Y klo %H.%M.%S} - "),
}
NAMES = st.sampled_from(["Sana", "علی", "+92 300 5550100", "A-B: ", "~ Bilal", "🤓", "Team (north)"]).map(
    lambda name: name.removesuffix(": "))
LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\x00"), max_size=40).map(
    # A line that is a header of the very layout is one: nothing in the bytes tells it apart.
    lambda text: "x" + text)
MESSAGES = st.lists(st.tuples(st.datetimes(FIRST, LAST), NAMES, st.lists(LINES, min_size=1, max_size=3)),
                    min_size=1, max_size=8)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(messages=MESSAGES, end=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=40, deadline=None)
def test_a_chat_is_read_as_it_was_written(
        layout: str, messages: list[tuple[datetime, str, list[str]]], end: str) -> None:
    order, head = LAYOUTS[layout]
    written = "".join(f"{head(at)}{name}: {end.join(body)}{end}" for at, name, body in messages)
    data = written.encode()
    found = [one for one in pieces(data, "whatsapp", order=order) if isinstance(one, Record)]
    assert [(one.kind, one.sender, one.text) for one in found] == [
        ("message", name, "\n".join(body)) for _at, name, body in messages]
    seconds = found[0].resolution == "second"
    assert [one.local for one in found] == [
        at.replace(second=at.second if seconds else 0).isoformat(timespec="seconds") for at, _name, _body in messages]
    # What a record cites gives the same record, read alone.
    for one in found:
        alone, = records(data[one.start:one.end], order=order)
        assert (alone.sender, alone.text, alone.local) == (one.sender, one.text, one.local)


@given(rows=st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
                               st.text(st.characters(exclude_categories=["Cs"]), max_size=60)), max_size=8),
       sign=st.sampled_from([",", ";", "\t", "|"]))
@settings(max_examples=150, deadline=None)
def test_a_table_is_read_as_it_was_written(rows: list[tuple[str, str]], sign: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=sign, quoting=csv.QUOTE_ALL)
    writer.writerows([("when", "who", "what"), *(("2026-06-03", *row) for row in rows)])
    found = [one for one in pieces(text.getvalue().encode(), "table", **TABLE) if isinstance(one, Record)]
    assert [(one.sender, one.text) for one in found] == rows


@given(texts=st.lists(st.text(max_size=40), max_size=8), indent=st.sampled_from([None, 1, 4]), ascii_=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_telegram_chat_is_read_as_it_was_written(texts: list[str], indent: int | None, ascii_: bool) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    said = {"name": "{[", "messages": [{"type": "message", "id": place, "date": "2026-06-03T10:00:00", "text": text}
                                      for place, text in enumerate(texts)], "type": "}]\""}
    data = json.dumps(said, indent=indent, ensure_ascii=ascii_).encode()
    found = [one for one in pieces(data, "telegram") if isinstance(one, Record)]
    assert [(one.kind, one.text) for one in found] == [("message", text) for text in texts]
    assert [json.loads(data[one.start:one.end]) for one in found] == said["messages"]


HOSTILE = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([
        b'{"messages":[', b'{"chats":{"list":[', b'{"type":"message"', b',"text":"', b"]}", b"}", b"{", b'"', b"\\",
        b"\n", b"\r\n", b"13/6/18, 1:55 - ", b"[6/13/18, 01:55:00] ", b"A: ", b"when,who,what\n", b"2026-06-03,",
        b"\x00", b",", b"\xff\xfe", b"\xef\xbb\xbf", b"window.YTD.tweets.part0 = [",
        b'{"source_platform":"x.com","data":{}}\n', b'"id":1', b"1e999", b"\xd9\xa1",
        b"\xe2\x80\x8e", b'""']), max_size=30).map(b"".join))


@pytest.mark.parametrize("kind", ["whatsapp", "telegram", "xarchive", "zeeschuimer", "fourcat", "table"])
@given(data=HOSTILE)
@settings(max_examples=150, deadline=None)
def test_whatever_the_bytes_are_none_is_lost(kind: str, data: bytes) -> None:
    said = {"order": "dmy"} if kind == "whatsapp" else TABLE if kind == "table" else {}
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return
    try:
        found = pieces(data, kind, **said)
    except Unreadable:
        # A whole file that is not what it was said to be, refused by name.
        return
    for one in found:
        assert isinstance(one, Frame) or one.kind != "bad" or one.reason


def _cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at:at + size] for at in range(0, len(data), size))


@given(data=st.binary(max_size=200), size=st.integers(1, 9), most=st.sampled_from([2, 6, 1000]),
       encoding=st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
@settings(max_examples=300, deadline=None)
def test_lines_do_not_depend_on_how_the_bytes_arrive(data: bytes, size: int, most: int, encoding: str) -> None:
    found = list(sources.lines(_cut(data, size), encoding, most))
    assert found == list(sources.lines(iter([data]) if data else iter([]), encoding, most))
    assert [data[one.start:one.end][:most] for one in found] == [one.raw for one in found]
    assert b"".join(data[one.start:one.end] for one in found) == data
    if encoding == "utf-8":
        assert [one.number for one in found] == [data[:one.start].count(b"\n") + 1 for one in found]


@given(data=HOSTILE, size=st.integers(1, 20))
@settings(max_examples=200, deadline=None)
def test_json_does_not_depend_on_how_the_bytes_arrive(data: bytes, size: int) -> None:
    def read(chunks: Iterator[bytes]) -> list[Record | Frame]:
        return list(telegram.Reader(Clock(None), lambda name: Attachment(name, False, 0)).read(chunks))
    assert read(_cut(data, size)) == read(iter([data]))


@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=10),
                          lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner,
                                                                                      max_size=4), max_leaves=20),
       size=st.integers(1, 30), most=st.sampled_from([1, 4, 10_000]))
@settings(max_examples=300, deadline=None)
def test_a_value_is_stepped_over_at_its_end_however_long_it_is(value: object, size: int, most: int) -> None:
    # A bare word has no end that could be found beyond the bound, so it is one inside of something here.
    data = json.dumps([value]).encode()
    scanner = Scanner(_cut(data + b" ,", size))
    element = scanner.element(most)
    assert (element.start, element.end) == (0, len(data))
    assert element.raw in (data, None)
    assert element.raw == data or len(data) > most
    assert scanner.take(b",") == b","
    with pytest.raises(Malformed):
        scanner.take(b",")
