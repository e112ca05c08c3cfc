"""Exports through the jail: in constant memory, resumed, stopped by name, and whatever the child says is checked."""

import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from evidence.jail import services as jail
from evidence.jail.exports.records import LONGEST_ELEMENT, LONGEST_LINE, LONGEST_TEXT
from tests.evidence.exporting import records, workbook, zipped

CHAT = b"".join(b"13/6/18, 1:%02d - A: message %d\n" % (number % 60, number) for number in range(1000))
TELEGRAM = b'{"messages":[%s]}'
MESSAGE = b'{"type":"message","date":"2026-06-03T10:00:00","text":"%s"}'
# Little more than Python itself takes: what would be held of a large file does not fit.
SMALL = jail.Limits(memory=160 * 1024**2, cpu=120, wall=300.0, output=1024**3)
TABLE = {"columns": {"time": "when", "text": "what"}, "time": "iso"}


FOURCAT = b'{"id":"2","body":"x","author":"b","unix_timestamp":"1773000000"}'
SHEET = b'<c t="str"><v>%s</v></c><c t="str"><v>%s</v></c>'


@contextmanager
def written(path: Path, kind: str) -> Iterator[IO[bytes]]:
    """A file to write to; of a workbook its sheet, which is packed without being made smaller: what swells is refused
    before it is read."""
    if kind != "sheet":
        with open(path, "wb") as file:
            yield file
        return
    with zipfile.ZipFile(io.BytesIO(workbook(""))) as book, zipfile.ZipFile(path, "w") as packed:
        *others, sheet = book.namelist()
        for name in others:
            packed.writestr(name, book.read(name))
        with packed.open(sheet, "w", force_zip64=True) as file:
            file.write(b"<worksheet><sheetData>")
            yield file
            file.write(b"</sheetData></worksheet>")


@pytest.fixture
def attacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jail.TASKS, "exports", "tests.evidence.export_attacks")


def test_an_export_comes_out_as_it_is_read_and_says_when_it_is_whole() -> None:
    reading = jail.read_export(CHAT, "whatsapp", {"zone": "Asia/Karachi"})
    assert list(reading) == records(CHAT, zone="Asia/Karachi")
    assert reading.whole == {"records": 1000, "kinds": {"message": 1000}, "marks": {"back": 16}, "framing": {},
                             "members": {"": len(CHAT)}, "left_out": {"count": 0, "first": []}}


def test_a_reading_goes_on_where_it_stopped() -> None:
    first = []
    reading = jail.read_export(CHAT, "whatsapp", {})
    for record in reading:
        first.append(record)
        if len(first) == 337:
            break
    assert reading.whole is None
    rest = jail.read_export(CHAT, "whatsapp", {}, after=337)
    assert [*first, *rest] == records(CHAT)
    assert rest.whole is not None
    assert rest.whole["records"] == 1000
    assert list(jail.read_export(CHAT, "whatsapp", {}, after=5000)) == []


def test_looking_suggests_a_format_and_says_what_is_to_be_asked(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"_chat.txt": CHAT}))
    with open(tmp_path / "a.zip", "rb") as file:
        assert jail.look_at_export(file)["suggested"][0] == {"format": "whatsapp", "members": ["_chat.txt"]}
        assert jail.look_at_export(file, format="whatsapp")["order"] == "dmy"
    assert jail.look_at_export(b"\x00\x01")["suggested"] == []
    with pytest.raises(jail.Asks) as asked:
        list(jail.read_export(b"3/6/18, 1:55 - A: x\n", "whatsapp", {}))
    assert asked.value.what == "order"
    assert asked.value.facts["examples"][0]["dmy"] == "2018-06-03"


@pytest.mark.parametrize(("data", "kind", "options", "reason"), [
    (CHAT, "signal", {}, "no format 'signal'"), (CHAT, "whatsapp", {"colour": 1}, "no option colour"),
    (CHAT, "whatsapp", {"order": "dym"}, "the option order is one of"), (b"hello\n", "whatsapp", {}, "no line begins"),
    (CHAT, "whatsapp", {"zone": "../../etc/passwd"}, "no time zone"), (CHAT, "sheet", {}, "no Zip file"),
    (CHAT, "whatsapp", {"names": 5}, "the option names is no list"), (b"PK\3\4", "whatsapp", {}, "no end record"),
    (CHAT, "table", {"columns": {"time": ["x"]}}, "names columns by text"), (b"", "whatsapp", {}, "no line begins"),
    (b"", "table", TABLE, "no row of names"), (zipped({"a.txt": CHAT, "b.txt": CHAT}), "telegram", {}, "looks like"),
    (CHAT, "whatsapp", {"members": ["x"]}, "no member 'x'")])
def test_what_cannot_be_read_is_refused_with_a_reason(data: bytes, kind: str, options: dict[str, Any],
                                                      reason: str) -> None:
    with pytest.raises(jail.Stopped, match=reason):
        list(jail.read_export(data, kind, options))


def test_a_zip_file_that_swells_or_has_two_readings_is_refused() -> None:
    with pytest.raises(jail.Stopped, match="would swell to"):
        list(jail.read_export(zipped({"_chat.txt": CHAT + b"A" * 70 * 1024**2}), "whatsapp",
                              {"members": ["_chat.txt"]}))
    data = zipped({"_chat.txt": CHAT})
    with pytest.raises(jail.Stopped, match="no archive that has one reading"):
        list(jail.read_export(data + b"x", "whatsapp", {}))
    with pytest.raises(jail.Stopped, match=r"'_chat.txt'"):
        list(jail.read_export(data[:60] + bytes([data[60] ^ 1]) + data[61:], "whatsapp", {"members": ["_chat.txt"]}))


@pytest.mark.parametrize(("kind", "options", "before", "filler", "after", "expected"), [
    ("whatsapp", {}, b"13/6/18, 1:55 - A: x", b"y", b"\n13/6/18, 1:56 - B: z\n", ["message", "message"]),
    ("zeeschuimer", {}, b'{"a":"', b"y", b'"}\n\n{}\n', ["bad", "bad"]),
    ("telegram", {}, b'{"messages":[{"text":"', b"\\n", b'"},' + MESSAGE % b"x" + b"]}", ["bad", "message"]),
    ("telegram", {}, b'{"contacts":"', b"y", b'","messages":[' + MESSAGE % b"x" + b"]}", ["message"]),
    ("table", TABLE, b"when,what\n2026-06-03,", b"y", b"\n2026-06-03,x\n", ["bad", "post"]),
    ("table", TABLE, b'when,what\n2026-06-03,"', b"y\n", b"\n2026-06-03,x\n", ["bad", None, "post"]),
    ("xarchive", {}, b'window.YTD.tweets.part0 = [{"id_str":"1","full_text":"', b"y", b'"},{"id_str":"2"}]',
     ["bad", "post"]),
    ("fourcat", {}, b'{"id":"1","body":"', b"y", b'","author":"a"}\n%s\n' % FOURCAT, ["bad", "post"]),
    ("fourcat", {}, b"id,thread_id,timestamp,unix_timestamp,author,body\n1,1,,1773000000,a,", b"y",
     b"\n2,2,,1773000000,b,x\n", ["bad", "post"]),
    ("sheet", TABLE, b"<row>%s</row><row>%s<c><v>" % (SHEET % (b"when", b"what"), SHEET % (b"2026-06-03", b"x")), b"y",
     b"</v></c></row><row>%s</row>" % SHEET % (b"2026-06-03", b"x"), ["bad", "post"]),
    ("sheet", TABLE, b"<row>%s</row><row " % SHEET % (b"when", b"what"), b"y", b"/>", ["bad"])])
def test_what_is_long_without_end_is_stepped_over_in_constant_memory(
        tmp_path: Path, kind: str, options: dict[str, Any], before: bytes, filler: bytes, after: bytes,
        expected: list[str | None]) -> None:
    with written(tmp_path / "long", kind) as file:
        file.write(before)
        # A quote that nothing closes is tried for every line behind it, so there are fewer of those.
        for _megabyte in range(200 if filler != b"y\n" else 1):
            file.write(filler * (1024 * (1024 if filler != b"y\n" else 1) // len(filler)))
        file.write(after)
    with open(tmp_path / "long", "rb") as opened:
        found = list(jail.read_export(opened, kind, options, limits=SMALL))
    kinds = [one.kind for one in found]
    if None in expected:
        assert (kinds[0], kinds[-1]) == (expected[0], expected[-1])
    else:
        assert kinds == expected
    for one in found:
        assert one.kind != "bad" or one.reason.startswith((f"line {one.line}: ", f"row {one.line}: ", "behind row 1: "))
        assert one.kind != "message" or len(one.text) <= LONGEST_TEXT
    if kind == "whatsapp":
        assert found[0].marks == ["cut"]
        assert found[0].end - found[0].start > 200 * LONGEST_LINE > LONGEST_ELEMENT


@pytest.mark.parametrize(("message", "reason"), [
    (b'{"a":' * 70 + b"1" + b"}" * 70, "nested deeper than 64"), (b'{"a":1,"a":2}', "the key 'a' comes twice"),
    (b'{"id":' + b"9" * 5000 + b"}", "a number of 5000 digits"), (b'{"id":1e999}', "is too large"),
    (b'{"id":NaN}', "NaN is no number"), (b'{"a":[1 2]}', "line 1: "), (b"7", "it is no object"),
    (b"null", "it is no object"),
    (b'{"type":"message","date":5,"text":""}', "its 'date' is a number and no text"),
    (b'{"type":"message","date":"31.06.2026","text":""}', "and no time"),
    (b'{"type":"message","date_unixtime":"99999999999999999999","text":""}', "and no time"),
    (b'{"type":"message","text":""}', "neither 'date' nor 'date_unixtime'"),
    (b'{"type":"message","date":"2026-06-03T10:00:00","text":[[]]}', "is no text")])
def test_an_element_that_is_wrong_costs_itself_alone(message: bytes, reason: str) -> None:
    good = MESSAGE % b"x"
    found = records(TELEGRAM % b",".join([good, message, good]), "telegram")
    assert [one.kind for one in found] == ["message", "bad", "message"]
    assert reason in found[1].reason
    assert found[1].end - found[1].start == len(message)


@pytest.mark.parametrize("cut", [14, 40, 80, 120])
def test_a_file_that_is_cut_off_says_where(cut: int) -> None:
    data = (TELEGRAM % b",".join([MESSAGE % b"x"] * 2))[:cut]
    *read, last = records(data, "telegram")
    assert {one.kind for one in read} <= {"message"}
    assert (last.kind, last.end) == ("bad", cut)
    assert "nothing from there on can be read" in last.reason


@pytest.mark.parametrize(("attack", "reason"), [
    ("nothing more", "before the whole was read"), ("half a line", "in the midst of an answer"),
    ("no record", "no record"), ("no list", "no record"), ("kind", "a field that no record has"),
    ("range", "a field that no record has"),
    ("text", "a field that no record has"), ("nested", "no record"), ("after the whole", "an answer that is none"),
    ("endless line", "at once"), ("memory", "more memory than it may have"), ("files", "PermissionError"),
    ("network", "PermissionError"), ("end", "ended with 3"), ("compute", "took longer|SIG")])
def test_a_reader_that_lies_or_breaks_out_is_stopped_by_name(attacks: None, attack: str, reason: str) -> None:
    limits = jail.Limits(memory=512 * 1024**2, cpu=1 if attack == "compute" else 60, wall=60,
                         output=1024**3)
    reading, found = jail.read_export(b"x", attack, {}, limits=limits), []
    with pytest.raises(jail.Stopped, match=reason):
        found += [record.kind for record in reading]


def test_who_takes_the_records_slowly_does_not_use_up_the_readers_time() -> None:
    count = 0
    for _record in jail.read_export(CHAT * 20, "whatsapp", {}, limits=jail.Limits(wall=15.0)):
        count += 1
        if count == 1:
            time.sleep(16)
    assert count == 20_000
