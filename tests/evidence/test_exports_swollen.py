"""Exports that were made to fill what they are kept in, to keep a reader busy, or to be no text."""

import io
import json
import random
import time
from typing import Any

import pytest

from evidence.jail import services as jail
from evidence.jail.exports import notices, task
from evidence.jail.exports.records import LONGEST_FIELD, LONGEST_LINE
from tests.evidence.exporting import act, look, records, refusal, workbook, zipped

TABLE = {"columns": {"time": "when", "text": "what", "sender": "who", "url": "url"}, "time": "iso"}


def archive(name: str, posts: int) -> bytes:
    script = b"window.YTD.tweets.part0 = [%s]" % b",".join(b'{"id_str":"%d"}' % at for at in range(posts))
    account = json.dumps([{"account": {"username": name, "accountId": name}}]).encode()
    return zipped({"data/account.js": b"window.YTD.account.part0 = " + account, "data/tweets.js": script})


def length(data: bytes, kind: str, **options: Any) -> int:
    """How much the child says."""
    said = task.prepare(json.dumps({"act": "read", "format": kind, "options": options, "after": 0}))
    return sum(map(len, said(io.BytesIO(data))))


def test_a_name_as_long_as_a_book_is_cut_in_each_row_and_marked() -> None:
    data = archive("n" * 30_000, 1200)
    assert {(one.sender, one.sender_id, len(one.url), *one.marks) for one in records(data, "xarchive")} == {
        ("n" * LONGEST_FIELD, "n" * LONGEST_FIELD, LONGEST_FIELD, "cut")}
    assert length(data, "xarchive") < 8 * 1024**2
    table = f"when,who,what,url\n2026-06-03,{'w' * 5000},x,{'u' * 5000}\n2026-06-03,A,x,y\n".encode()
    one, two = records(table, "table", **TABLE)
    assert ((len(one.sender), len(one.url), one.marks), two.marks) == ((LONGEST_FIELD, LONGEST_FIELD, ["cut"]), [])
    whole = act(table, "table", TABLE)[-1]["whole"]
    assert whole["marks"] == {"cut": 1}


def test_what_a_chat_is_called_is_copied_into_no_row_where_it_is_no_name() -> None:
    message = {"type": "message", "date_unixtime": "1773000000", "text": "x"}
    data = json.dumps({"name": "n" * 5000, "type": "saved", "messages": [message]}).encode()
    *_, whole = act(data, "telegram", {})
    one, = records(data, "telegram")
    assert one.raw == {"chat_type": "saved"}
    assert whole["whole"]["framing"]["name"] == 5002


def test_a_text_that_many_cells_share_counts_in_each_of_them() -> None:
    cells = "".join(f'<c t="str"><v>{name}</v></c>' for name in ("when", "who", "what", "url"))
    day, shared = '<c t="str"><v>2026-06-03</v></c>', '<c t="s"><v>0</v></c>'
    rows = f"<row>{cells}</row><row>{day}{shared}</row><row>{day}{shared * 3}</row><row>{day}</row>"
    data = workbook(rows, shared=f"<si><t>{'s' * (LONGEST_LINE // 2)}</t></si>")
    one, two, three = records(data, "sheet", **TABLE)
    assert (one.kind, len(one.sender), one.marks, three.kind) == ("post", LONGEST_FIELD, ["cut"], "post")
    assert (two.kind, two.reason, two.raw) == ("bad", "row 3: it is longer than 1048576 characters", {})
    # Longer than an answer may be.
    data = workbook(rows, shared=f"<si><t>{'s' * (63 * 1024**2)}</t></si>")
    assert [one.kind for one in jail.read_export(data, "sheet", TABLE)] == ["bad", "bad", "post"]


def test_rows_that_take_more_than_they_cite_go_in_small_answers() -> None:
    names = [f"{at}{'n' * 190}" for at in range(1000)]
    data = "\n".join([",".join(["when", "what", *names]), *["2026-06-03,x" + ",1" * 1000] * 40]).encode()
    said = task.prepare(json.dumps({"act": "read", "format": "table", "options": {
        "columns": {"time": "when", "text": "what"}, "time": "iso"}, "after": 0}))
    lines = [line for chunk in said(io.BytesIO(data)) for line in chunk.splitlines()]
    assert max(map(len, lines)) < 1024**2


@pytest.mark.parametrize("packed", [True, False])
def test_more_than_a_file_accounts_for_is_not_taken(packed: bool) -> None:
    names = ",".join(f"{at}{'n' * 190}" for at in range(1000))
    table = f"when,what,{names}\n".encode() + (b"2026-06-03,x" + b",1" * 1000 + b"\n") * 500
    said = {"columns": {"time": "when", "text": "what"}, "time": "iso"}
    data = zipped({"a.csv": table}) if packed else table
    kept, most = 0, max(jail.UNNOTICED, len(data) * (jail.SWELLING_PACKED if packed else jail.SWELLING))
    with pytest.raises(jail.Stopped, match=f"more than {most} bytes, of a file of {len(data)}: more is not kept"):
        for record in jail.read_export(data, "table", said | ({"members": ["a.csv"]} if packed else {})):
            kept += len(str(record.raw))
    assert 0 < kept < most * 1.2


def test_messages_of_a_few_letters_are_no_swelling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "UNNOTICED", 1024**2)
    chance = random.Random(14)  # noqa: S311 - the same in every run
    data = "".join(f"1/13/24, {at // 600 % 24}:{at // 10 % 60:02d} - {chance.choice('ABCDEFGH')}: "
                   f"{chance.choice(['ok', 'yes', 'no', 'when', '8 sharp'])}\n" for at in range(12_000)).encode()
    zone = {"zone": "Asia/Karachi"}
    for lodged in (data, zipped({"WhatsApp Chat with a group that has a longer name/_chat.txt": data})):
        assert length(lodged, "whatsapp", **zone) > jail.UNNOTICED
        assert sum(1 for _record in jail.read_export(lodged, "whatsapp", zone)) == 12_000


def test_a_key_that_comes_twice_among_many_is_found_at_once_and_costs_itself_alone() -> None:
    keys = ",".join(f'"k{at}":1' for at in range(20_000))
    good = '{"type":"message","date":"2026-06-03T10:00:00","text":"x"}'
    began = time.perf_counter()
    found = records(f'{{"messages":[{good},{{{keys},"k19999":1}},{good}]}}'.encode(), "telegram")
    assert time.perf_counter() - began < 3
    assert [one.kind for one in found] == ["message", "bad", "message"]
    assert "the key 'k19999' comes twice" in found[1].reason


@pytest.mark.parametrize("text", [
    "<ab:" + " " * 550 + "x", "<" + " " * 550 + "ab: x", "a" + " " * 550 + "(file attached) x", "a. " * 190 + "(b",
    "<a:" + "\u3000" * 550 + "(x"])
def test_blanks_without_end_cost_no_time(text: str) -> None:
    began = time.perf_counter()
    for _time in range(40):
        assert notices.attached(text) == notices.maybe_attached(text) == ""
    assert time.perf_counter() - began < 1


def test_no_answer_holds_what_no_database_keeps() -> None:
    message = '{"type":"message","date":"2026-06-03T10:00:00","text":"x"}'
    data = f'{{"a\\u0000b":"{"y" * 2000}","messages":[{message}]}}'.encode()
    assert act(data, "telegram", {})[-1]["whole"]["framing"]["a\ufffdb"] == 2002
    said = refusal(b"when,who,what,url\n3/6/2026,A,\x00,y\n", "table", columns=TABLE["columns"])
    assert said["facts"]["samples"] == [["3/6/2026", "A", "\ufffd", "y"]]


@pytest.mark.parametrize("name", ["a\x00dir", "a\ndir", "a" * 1100])
def test_a_member_whose_name_is_no_line_is_refused(name: str) -> None:
    placeholder = "a" * len(name)
    data = zipped({f"{placeholder}/tweets.js": b"window.YTD.tweets.part0 = [ ]"}).replace(
        placeholder.encode(), name.encode())
    assert bool(look(data)["suggested"]) is (name != "a\ndir")
    for what in ("look", "read"):
        said, = act(data, "xarchive", {"members": [f"{name}/tweets.js"]}, what=what)
        assert "has a name of more than 1024 characters, or one with characters that no line of text has" in (
            said["stopped"])
