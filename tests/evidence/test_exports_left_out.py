"""What of an archive is not read is said: sheets by their names, direct messages, pictures; and what is read is not."""

import json
from typing import Any

from evidence.jail.exports.records import LONGEST_LEFT_OUT, MOST_LEFT_OUT
from tests.evidence.exporting import act, look, workbook, zipped

TABLE = {"columns": {"time": "when", "text": "what"}, "time": "iso"}
NAMES = '<row><c t="str"><v>when</v></c><c t="str"><v>what</v></c></row>'
TWEETS = b"window.YTD.tweets.part0 = [ ]"


def left_out(data: bytes, kind: str, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = act(data, kind, options)[-1]["whole"]["left_out"]
    return found


def test_another_sheet_is_named_and_can_be_read_instead() -> None:
    data = workbook(NAMES, others={"Second": NAMES, "تیسری": NAMES})
    assert look(data, "sheet", **TABLE)["sheets"] == {
        "One": "xl/worksheets/sheet1.xml", "Second": "xl/worksheets/sheet2.xml", "تیسری": "xl/worksheets/sheet3.xml"}
    first, second = left_out(data, "sheet", **TABLE), left_out(
        data, "sheet", **TABLE, members=["xl/worksheets/sheet2.xml"])
    assert [(one["sheet"], one["name"]) for one in first["first"]] == [
        ("Second", "xl/worksheets/sheet2.xml"), ("تیسری", "xl/worksheets/sheet3.xml")]
    assert [one["sheet"] for one in second["first"]] == ["One", "تیسری"]
    assert second["count"] == 2 and second["first"][0]["bytes"] > len(NAMES)
    assert left_out(workbook(NAMES), "sheet", **TABLE) == {"count": 0, "first": []}


def test_of_an_account_what_is_no_post_is_named() -> None:
    account = b"window.YTD.account.part0 = " + json.dumps([{"account": {"username": "made_up"}}]).encode()
    data = zipped({"data/account.js": account, "data/tweets.js": TWEETS, "data/direct-messages.js": b"window.YTD",
                   "data/tweets_media/1.jpg": b"x"})
    assert left_out(data, "xarchive") == {"count": 2, "first": [
        {"name": "data/direct-messages.js", "sheet": "", "bytes": 10},
        {"name": "data/tweets_media/1.jpg", "sheet": "", "bytes": 1}]}


def test_of_a_chat_its_pictures_and_another_chat_are_named() -> None:
    chat = b"13/06/2026, 18:05 - A: x\n"
    said = left_out(zipped({"a.txt": chat, "b.txt": chat, "IMG-1.jpg": b"x"}), "whatsapp")
    assert [one["name"] for one in said["first"]] == ["IMG-1.jpg", "b.txt"]
    assert left_out(chat, "whatsapp") == {"count": 0, "first": []}


def test_of_many_the_first_are_named_and_all_are_counted() -> None:
    data = zipped({"data/tweets.js": TWEETS, **{f"data/{at:03d}{'n' * 500}.jpg": b"" for at in range(300)}})
    said = left_out(data, "xarchive")
    assert (said["count"], len(said["first"])) == (300, MOST_LEFT_OUT)
    assert {len(one["name"]) for one in said["first"]} == {LONGEST_LEFT_OUT}
    assert said["first"][0]["name"].startswith("data/000")
