"""Exports that others made give the rows that others expect."""

import json
from pathlib import Path

import pytest

from evidence.jail.exports import times
from evidence.jail.exports.records import Record
from tests.evidence.exporting import look, pieces, records, refusal

CHATS = Path(__file__).parents[1] / "vectors" / "chats"
MINER, TELEGRAM = CHATS / "chat-miner", CHATS / "telegram-chat-parser"
VECTORS = json.loads((CHATS / "whatsapp-chat-parser" / "vectors.json").read_text())


@pytest.mark.parametrize("name", ["mmddyy_24hrs", "ddmmyy_24hrs", "[mmddyy]_24hrs", "yyyymmdd_24hrs", "mmddyyyy_12hrs"])
def test_five_layouts_of_whatsapp_give_the_same_messages(name: str) -> None:
    found = records((MINER / "whatsapp" / f"test_{name}.txt").read_bytes())
    # Their reader puts the newest first, joins lines by a blank and drops what has no sender; here all is kept.
    assert [{"timestamp": one.local, "author": one.sender, "message": one.text.replace("\n", " ")}
            for one in reversed(found) if one.kind == "message"] == json.loads(
                (MINER / "whatsapp" / "target.json").read_text())
    assert [(one.system_act, one.text) for one in found if one.kind == "system"] == [
        ("other", "John Doe:."), ("created", '+12 345 578 created group "Groupname"'), ("joined", "You were added")]


def test_signal_writes_as_whatsapp_does() -> None:
    found = records((MINER / "signal" / "test_export.txt").read_bytes())
    assert [{"timestamp": one.local, "author": one.sender, "message": one.text.replace("\n", " ")}
            for one in reversed(found)] == json.loads((MINER / "signal" / "target.json").read_text())


@pytest.mark.parametrize("name", ["single", "batch"])
def test_telegram_of_one_chat_and_of_all_gives_the_same_messages(name: str) -> None:
    expected = json.loads((MINER / "telegram" / "target.json").read_text())
    found = records((MINER / "telegram" / f"test_{name}_export.json").read_bytes(), "telegram")
    # Theirs puts a blank between the parts of a text; Telegram itself puts none.
    assert [(one.at, one.sender, one.text.replace(" ", "")) for one in found] == [
        (one["timestamp"] + "Z", one["author"], one["message"].replace(" ", "")) for one in expected]


@pytest.mark.parametrize("vector", VECTORS["lines"], ids=lambda vector: vector["line"])
def test_a_line_gives_its_time_and_sender(vector: dict[str, str]) -> None:
    data = vector["line"].encode()
    if "/2018/" in vector["line"]:
        assert "impossible layout" in refusal(data)["stopped"]
        return
    seen = look(data, "whatsapp")
    one, = records(data, order=seen["order"] or "dmy")
    assert (one.local, one.sender, one.text) == (vector["expect_naive"], vector["author"], vector["message"])


@pytest.mark.parametrize("vector", VECTORS["attachments"], ids=lambda vector: vector["file"])
def test_a_line_names_its_attachment(vector: dict[str, str]) -> None:
    one, = records(vector["line"].encode(), order="dmy")
    assert one.attachments == [(vector["file"], False, 0)]


def test_a_body_has_many_lines_and_a_notice_no_sender() -> None:
    one, = records("\n".join(VECTORS["multiline"]["lines"]).encode())
    assert one.text == VECTORS["multiline"]["body"]
    one, = records(VECTORS["system"]["line"].encode(), order="dmy")
    assert (one.kind, one.sender, one.system_act) == ("system", "", "created")


@pytest.mark.parametrize(("dates", "expected"), VECTORS["day_first"])
def test_the_order_of_day_and_month_is_decided_over_all_dates(
        dates: list[list[int]], expected: bool | None) -> None:
    orders = times.Orders(("dmy", "mdy"))
    for line, (one, two, three) in enumerate(dates, 1):
        orders.add(line, "", (one, two, three), (0, 0, 0))
    assert {"dmy": True, "mdy": False, "": None}[orders.decide()["order"]] is expected


@pytest.mark.parametrize("path", sorted(TELEGRAM.glob("*.json")), ids=lambda path: path.name)
def test_every_kind_of_telegram_chat_is_read_whole(path: Path) -> None:
    data = path.read_bytes()
    assert look(data)["suggested"][0]["format"] == "telegram"
    found = pieces(data, "telegram")
    if "error" not in path.name:
        messages = json.loads(data)["messages"]
        read = [one for one in found if isinstance(one, Record)]
        assert [one.post_id for one in read] == [str(one["id"]) for one in messages]
        assert all(json.loads(data[one.start:one.end]) == said for one, said in zip(read, messages, strict=True))
        assert "bad" not in {one.kind for one in read}


def test_what_is_no_json_is_cited_from_where_it_breaks_with_its_line() -> None:
    data = (TELEGRAM / "error.json").read_bytes()
    one, = records(data, "telegram")
    assert (one.kind, one.line, one.end) == ("bad", 5, len(data))
    assert one.reason == ("line 5, byte 67: ',' or '}' was expected, and there is '\"'; "
                          "nothing from there on can be read")
    assert data[one.start:].startswith(b'"messages"')


def test_wrong_types_are_named_one_by_one_and_the_rest_is_read() -> None:
    found = records((TELEGRAM / "error-unexpected.json").read_bytes(), "telegram")
    assert {one.line: one.reason.partition(": ")[2] for one in found if one.kind == "bad"} == {
        5: "its 'type' is 'ERROR:wrong_type', neither message nor service",
        16: "its 'from_id' is 'ERROR:from is string' and no identifier",
        45: "its 'text' is neither a text nor a list of them",
        86: "its 'text' is neither a text nor a list of them",
        104: "its 'action' is missing and no text"}
    assert len(found) == 16
    assert [one.raw["other_keys"] for one in found if "other_keys" in one.raw] == [
        ["ERROR:saved_from"], ["ERROR:from_id"], ["ERROR:id"]]
