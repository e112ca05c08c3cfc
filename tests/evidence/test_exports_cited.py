"""The bytes that a record cites, taken out again in the jail."""

import pytest

from evidence.jail import services as jail
from tests.evidence.exporting import records, zipped

CHAT = "14/03/2026, 18:05 - Bilal K.: 8 sharp\n14/03/2026, 18:06 - کاشف: ٹھیک ہے\n"


def test_every_record_gives_its_own_bytes_of_a_file_and_of_a_member() -> None:
    data = CHAT.encode()
    for source, member in ((data, ""), (zipped({"a/chat.txt": data, "b.jpg": b"x" * 5000}), "a/chat.txt")):
        found = records(source)
        cited = [jail.cite_export(source, one.member, one.start, one.end) for one in found]
        assert b"".join(piece for piece, _encoding in cited) == data
        assert {one.member for one in found} == {member} and {encoding for _piece, encoding in cited} == {"utf-8"}


@pytest.mark.parametrize(("data", "said", "encoding"), [
    (b"\xff\xfe" + "a".encode("utf-16-le"), "", "utf-16-le"), (b"\xe9a", "cp1252", "cp1252"),
    (b"\xef\xbb\xbfa", "cp1252", "utf-8")])
def test_the_encoding_is_that_of_the_mark_or_the_one_that_was_said(data: bytes, said: str, encoding: str) -> None:
    assert jail.cite_export(data, "", 0, len(data), encoding=said) == (data, encoding)


def test_of_much_the_beginning_is_given() -> None:
    data = b"a" * (jail.MOST_CITED + 10)
    assert jail.cite_export(data, "", 5, len(data))[0] == data[5:5 + jail.MOST_CITED]


@pytest.mark.parametrize(("data", "member", "start", "end"), [
    (b"abc", "", 1, 9), (b"abc", "other", 0, 1), (zipped({"a": b"abc"}), "a", 2, 9),
    (zipped({"a": b"abc"}), "b", 0, 1)])
def test_what_is_not_there_is_said(data: bytes, member: str, start: int, end: int) -> None:
    with pytest.raises(jail.Stopped):
        jail.cite_export(data, member, start, end)


def test_what_takes_too_long_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(jail.TookLong):
        jail.look_at_export(CHAT.encode(), limits=jail.Limits(wall=0.0))
