"""Posts from archives and captures: X, Zeeschuimer, 4CAT, and tables of any kind."""

import json

import pytest

from evidence.jail.exports.records import Record
from tests.evidence.exporting import look, pieces, records, refusal, workbook, zipped

TWEET = {"id_str": "1790000000000000001", "full_text": "سچ #example", "created_at": "Wed Oct 10 20:19:24 +0000 2018",
         "favorite_count": "7", "retweet_count": "2", "lang": "ur",
         "entities": {"hashtags": [{"text": "example"}], "urls": [], "user_mentions": []}}
CAPTURED = {"rest_id": "1790000000000000001", "legacy": {**TWEET, "user_id_str": "42"}, "views": {"count": "90"},
            "core": {"user_results": {"result": {"legacy": {"name": "N"}, "core": {"screen_name": "made_up"}}}}}
TABLE = {"columns": {"time": "when", "text": "what", "sender": "who", "counts": {"likes": "likes"}}}


def captured(platform: str, data: object) -> bytes:
    return json.dumps({"item_id": "1", "timestamp_collected": 1773000000000, "source_platform": platform,
                       "source_platform_url": "x", "source_url": "y", "data": data}).encode() + b"\n"


def test_an_archive_of_x_gives_its_posts_and_the_deleted_ones_under_the_owners_name() -> None:
    script = b"window.YTD.tweets.part0 = [ %s,\n %s ]" % (
        json.dumps({"tweet": TWEET}).encode(), json.dumps({"tweet": {**TWEET, "id_str": "2"}}).encode())
    data = zipped({"data/account.js": b'window.YTD.account.part0 = [ {"account": {"username": "made_up", '
                                      b'"accountId": "42"}} ]', "data/tweets.js": script,
                   "data/deleted-tweets.js": script.replace(b"tweets.part0", b"deleted_tweets.part0"),
                   "data/like.js": b"window.YTD.like.part0 = [ ]"})
    assert look(data)["suggested"][0] == {"format": "xarchive", "members": ["data/deleted-tweets.js", "data/tweets.js"]}
    found = records(data, "xarchive")
    assert [(one.member, one.post_id) for one in found] == [
        ("data/deleted-tweets.js", TWEET["id_str"]), ("data/deleted-tweets.js", "2"),
        ("data/tweets.js", TWEET["id_str"]), ("data/tweets.js", "2")]
    one = found[2]
    assert (one.kind, one.at, one.local, one.sender, one.sender_id, one.text) == (
        "post", "2018-10-10T20:19:24Z", "", "made_up", "42", "سچ #example")
    assert one.counts == {"likes": 7, "reposts": 2}
    assert one.raw["hashtags"] == ["example"]
    assert script[one.start:one.end] == json.dumps({"tweet": TWEET}).encode()


def test_a_script_that_is_no_archive_is_cited_whole() -> None:
    one, = records(b"window.location = 'x'", "xarchive")
    assert (one.kind, one.start, one.end) == ("bad", 0, 21)
    assert "'window.YTD.… = [' was expected" in one.reason


@pytest.mark.parametrize(("platform", "data", "expected"), [
    ("twitter.com", CAPTURED, ("1790000000000000001", "made_up", "42", "سچ #example", "2018-10-10T20:19:24Z")),
    ("x.com", {"tweet": CAPTURED}, ("1790000000000000001", "made_up", "42", "سچ #example", "2018-10-10T20:19:24Z")),
    ("tiktok.com", {"id": "7", "desc": "d", "createTime": 1773000000, "author": {"uniqueId": "u", "id": "9"},
                    "stats": {"diggCount": 3}}, ("7", "u", "9", "d", "2026-03-08T20:00:00Z")),
    ("tiktok-comments", {"cid": "7", "text": "d", "create_time": 1773000000, "user": {"unique_id": "u", "uid": "9"}},
     ("7", "u", "9", "d", "2026-03-08T20:00:00Z")),
    ("instagram.com", {"pk": "7", "caption": {"text": "d"}, "taken_at": 1773000000, "code": "abc",
                       "user": {"username": "u", "pk": "9"}}, ("7", "u", "9", "d", "2026-03-08T20:00:00Z"))])
@pytest.mark.parametrize("by", ["zeeschuimer", "fourcat"])
def test_a_captured_post_is_read(by: str, platform: str, data: dict[str, object], expected: tuple[str, ...]) -> None:
    line = captured(platform, data)
    if by == "fourcat":
        line = json.dumps({**data, "__import_meta": {"source_platform": platform}}).encode()
    assert look(line)["suggested"][0]["format"] == by
    one, = records(line, by)
    assert (one.post_id, one.sender, one.sender_id, one.text, one.at) == expected
    assert one.raw["platform"] == platform


@pytest.mark.parametrize(("data", "reason"), [
    ({"legacy": "x"}, "it has no 'legacy'"), ({"legacy": {**TWEET, "created_at": "yesterday"}}, "and no time"),
    ({"legacy": {**TWEET, "full_text": 5}}, "its 'full_text' is a number and no text"), ({}, "it has no 'legacy'"),
    ({"legacy": {"full_text": "x"}}, "it has no identifier")])
def test_a_capture_that_is_not_as_it_should_be_is_named_by_its_line(data: dict[str, object], reason: str) -> None:
    good = captured("twitter.com", CAPTURED)
    found = records(good + captured("twitter.com", data) + b"\n" + good, "zeeschuimer")
    assert [one.kind for one in found] == ["post", "bad", "post"]
    assert found[1].reason.startswith("line 2: ")
    assert reason in found[1].reason


def test_a_platform_that_is_not_read_is_named() -> None:
    one, = records(captured("gab.com", {"id": 1}), "zeeschuimer")
    assert one.reason == "line 1: posts of 'gab.com' are not read"


def test_a_table_of_4cat_is_read_without_being_asked() -> None:
    data = (b"id,thread_id,timestamp,unix_timestamp,body,author,author_id,likes,hashtags\n"
            b'5,5,2026-03-08 20:00:00,1773000000,"two\nlines, ""q""",made_up,42,7,"a,b"\n')
    assert look(data)["suggested"][0]["format"] == "fourcat"
    one, = records(data, "fourcat", zone="Asia/Karachi")
    assert (one.at, one.text, one.sender, one.sender_id, one.post_id, one.counts, one.line) == (
        "2026-03-08T20:00:00Z", 'two\nlines, "q"', "made_up", "42", "5", {"likes": 7}, 2)
    assert one.raw["hashtags"] == "a,b"
    lines = json.dumps({"id": "5", "body": "b", "author": "a", "timestamp": "2026-03-08 20:00:00"}).encode()
    assert records(lines, "fourcat", zone="Asia/Karachi")[0].at == "2026-03-08T15:00:00Z"
    assert "no table of 4CAT" in refusal(b"a,b\n1,2\n", "fourcat")["stopped"]


def test_a_table_says_what_it_has_and_is_asked_which_column_is_what() -> None:
    data = b"Date;Author;Message\n13/06/2026 10:00;A;x\n14/06/2026 10:00;B;y\n"
    seen = look(data, "table")
    assert (seen["names"], seen["columns"], seen["rows"], seen["time"]) == (
        ["Date", "Author", "Message"], {"time": "Date", "text": "Message", "sender": "Author"}, 2, "dmy")
    assert refusal(data, "table")["asked"] == "columns"
    found = records(data, "table", columns=seen["columns"], zone="Asia/Karachi")
    assert [(one.sender, one.text, one.at) for one in found] == [
        ("A", "x", "2026-06-13T05:00:00Z"), ("B", "y", "2026-06-14T05:00:00Z")]
    assert "no column 'When'" in refusal(data, "table", columns={"text": "When"})["stopped"]


def test_an_order_of_a_column_that_nothing_decides_is_asked_for() -> None:
    data = b"when,who,what,likes\n3/6/2026 10:00,A,x,1\n4/7/2026 10:00,B,y,2\n"
    said = refusal(data, "table", **TABLE)
    assert (said["asked"], said["facts"]["state"]) == ("time", "ambiguous")
    assert records(data, "table", **TABLE, time="mdy")[0].local == "2026-03-06T10:00:00"
    mixed = b"when,who,what,likes\n2026-06-03,A,x,1\n1773000000,B,y,2\n"
    assert refusal(mixed, "table", **TABLE)["facts"]["ways"] == {"iso": 1, "unix": 1}


@pytest.mark.parametrize(("written", "at", "resolution"), [
    ("2026-03-08T20:00:00Z", "2026-03-08T20:00:00Z", "second"), ("2026-03-08 20:00", "2026-03-08T15:00:00Z", "minute"),
    ("2026-03-08T20:00:00.123+05:00", "2026-03-08T15:00:00Z", "second"),
    ("1773000000", "2026-03-08T20:00:00Z", "second"),
    ("2026-03-08", "2026-03-07T19:00:00Z", "day"), ("1773000000123", "2026-03-08T20:00:00Z", "second"),
    ("Sun Mar 08 20:00:00 +0000 2026", "2026-03-08T20:00:00Z", "second"),
    ("15/03/2026 8:00 PM", "2026-03-15T15:00:00Z", "minute")])
def test_a_time_is_read_as_it_is_written(written: str, at: str, resolution: str) -> None:
    one, = records(f"when,who,what,likes\n{written},A,x,1\n".encode(), "table", **TABLE, zone="Asia/Karachi")
    assert (one.at, one.resolution, one.at_text) == (at, resolution, written)


def test_a_ragged_row_and_a_quote_that_is_not_closed_cost_themselves_alone() -> None:
    data = (b'when,who,what,likes\n2026-06-03,A,"x\n2026-06-03,B,y,1\n2026-06-03,C\n\n2026-06-03,D,"a"b,1\n'
            b'2026-06-03,E,"p\nq",1\nnever,F,x,1\n')
    found = [one for one in pieces(data, "table", **TABLE, time="iso") if isinstance(one, Record)]
    assert [(one.kind, one.line, one.sender) for one in found] == [
        ("bad", 2, ""), ("post", 3, "B"), ("bad", 4, ""), ("bad", 6, ""), ("post", 7, "E"), ("bad", 9, "")]
    assert found[1].raw == {}
    assert found[2].reason == "line 4: it has 2 cells, and the row of names has 4"
    assert found[2].raw["cells"] == ["2026-06-03", "C"]
    assert found[4].text == "p\nq"
    assert "'never' is no time of the kind iso" in found[5].reason


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "2026-13-01", "nan",
                                     "2019-01-01T00:00:00+99:99", "2019-01-01T00:00:00-14:01",
                                     "2019-01-01T00:00:00+05:60", "Wed Oct 10 20:19:24 +9900 2018"])
def test_a_time_that_nobody_lived_in_is_none(written: str) -> None:
    for way in ("iso", "unix", "unix_ms", "serial", "dmy", "x"):
        one, = records(f"when,who,what,likes\n{written},A,x,1\n".encode(), "table", **TABLE, time=way)
        assert (one.kind, one.raw["cells"][0]) == ("bad", written)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_a_table_in_another_encoding_is_read(encoding: str) -> None:
    text = "when\twho\twhat\tlikes\r\n2026-06-03\tعلی\tپیغام\t1\r\n2026-06-04\tثنا\tx\t2\r\n"
    text = text if encoding != "cp1256" else text.replace("ی", "ي")
    said = {"encoding": encoding} if encoding == "cp1256" else {}
    data = text.encode(encoding)
    assert [one.text for one in records(data, "table", **TABLE, **said)] == [
        text.splitlines()[1].split("\t")[2], "x"]
    pieces(data, "table", **TABLE, **said, time="iso")


def test_bytes_that_are_no_text_and_nul_are_replaced_and_marked() -> None:
    data = b"when,who,what,likes\n2026-06-03,A,\xff\x00x,1\n"
    one, = records(data, "table", **TABLE)
    assert (one.text, one.marks) == ("\ufffd\ufffdx", ["replaced"])
    one, = records(b'{"messages":[{"type":"message","date":"2026-06-03T10:00:00","text":"\\ud83d \\u0000 \xff"}]}',
                   "telegram")
    assert (one.text, one.marks) == ("\ufffd \ufffd \ufffd", ["replaced"])


def test_a_sheet_cites_its_rows_and_keeps_formulas_as_text() -> None:
    rows = ('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>who</t></is></c>'
            '<c r="C1" t="str"><v>what</v></c><c r="D1" t="str"><v>likes</v></c></row>\n'
            '<row r="2"><c r="A2"><v>46089.8333333</v></c><c r="B2" t="str"><f>HYPERLINK("http://x","A")</f><v>A</v></c>'
            '<c r="C2" t="s"><v>1</v></c></row>'
            '<row r="5"/><row r="6"><c r="A6"><v>46090</v></c><c r="C6" t="s"><v>9</v></c></row>')
    data = workbook(rows, shared="<si><t>when</t></si><si><r><t>te</t></r><r><t>xt</t></r><rPh><t>no</t></rPh></si>")
    assert look(data)["suggested"][0]["format"] == "sheet"
    seen = look(data, "sheet", columns=TABLE["columns"])
    assert (seen["names"], seen["time"]) == (["when", "who", "what", "likes"], "serial")
    one, empty, wrong = records(data, "sheet", **TABLE, zone="Asia/Karachi")
    assert (one.sender, one.text, one.at, one.line, one.marks) == ("A", "text", "2026-03-08T15:00:00Z", 2, ["formula"])
    assert one.raw["formulas"] == {"who": '=HYPERLINK("http://x","A")'}
    xml = b'<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>' + rows.encode()
    assert one.member == "xl/worksheets/sheet1.xml"
    assert xml[one.start:one.end].startswith(b'<row r="2">')
    assert xml[one.start:one.end].endswith(b"</row>")
    assert (empty.kind, empty.marks, xml[empty.start:empty.end]) == ("post", ["no_time"], b'<row r="5"/>')
    assert wrong.reason == "row 6: a cell refers to a shared text '9', which is not there"


@pytest.mark.parametrize(("number", "local", "resolution"), [
    ("46090", "2026-03-09T00:00:00", "day"), ("46090.0", "2026-03-09T00:00:00", "day"),
    ("46090.753472222219", "2026-03-09T18:05:00", "minute"), ("46090.753530092595", "2026-03-09T18:05:05", "second")])
def test_a_number_of_a_workbook_is_known_no_more_exactly_than_it_is_written(
        number: str, local: str, resolution: str) -> None:
    names = "".join(f'<c t="str"><v>{name}</v></c>' for name in ("when", "who", "what", "likes"))
    data = workbook(f'<row>{names}</row><row><c r="A2"><v>{number}</v></c></row>')
    one, = records(data, "sheet", **TABLE, zone="Asia/Karachi")
    assert (one.at_text, one.local, one.resolution) == (number, local, resolution)
    two, = records(f"when,who,what,likes\n{number},A,x,1\n".encode(), "table", **TABLE, zone="Asia/Karachi")
    assert (two.local, two.at, two.resolution) == (one.local, one.at, resolution)


@pytest.mark.parametrize(("rows", "reason"), [
    ('<row r="2"><c r="A2"><v>1</v></row>', "mismatched tag"), ("<row>" * 70, "nested deeper"), ("<row", "no element")])
def test_a_sheet_that_breaks_is_cited_from_there(rows: str, reason: str) -> None:
    head = '<row r="1"><c t="str"><v>when</v></c><c t="str"><v>who</v></c><c t="str"><v>what</v></c><c t="str"><v>' \
           'likes</v></c></row>'
    *_, one = records(workbook(head + rows), "sheet", **TABLE, time="iso")
    assert one.kind == "bad"
    assert one.reason.startswith("behind row ")


def test_cells_that_are_there_twice_and_a_row_without_a_number_are_said_and_counted() -> None:
    names = "".join(f'<c t="str"><v>{name}</v></c>' for name in ("when", "who", "what", "likes"))
    twice = '<c r="A2" t="str"><v>2026-06-03</v></c><c r="A2" t="str"><v>2026-06-04</v></c>'
    rows = f'<row r="0">{names}</row><row>{twice}</row><row r="x"/>'
    one, two = records(workbook(rows), "sheet", **TABLE, time="iso")
    assert (one.kind, one.reason) == ("bad", "row 2: its cells are not in their order")
    assert (two.kind, two.line) == ("post", 3)


def test_a_workbook_that_declares_entities_is_refused() -> None:
    evil = '<!DOCTYPE a [<!ENTITY b "c">]>'
    spoilt = zipped({"xl/workbook.xml": f"{evil}<workbook/>".encode(), "xl/_rels/workbook.xml.rels": b"<a/>"})
    assert "declares a document type" in refusal(spoilt, "sheet", **TABLE)["stopped"]
    assert "row of names" in refusal(workbook("<row/>"), "sheet", **TABLE)["stopped"]
