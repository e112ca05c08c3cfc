"""A person may say that times are known less exactly than they are written, and never that they are known better."""

import json
from typing import Any

import pytest

from tests.evidence.exporting import records, refusal

TABLE = {"columns": {"time": "when", "text": "what"}}
AS_WRITTEN = ("2026-03-14T18:05:09", "2026-03-14T13:05:09Z", "second")


def one(written: str, **said: Any) -> tuple[str, str, str]:
    found, = records(f"when,what\n{written},x\n".encode(), "table", **TABLE, **said)
    assert found.at_text == written and found.kind == "post"
    return found.local, found.at, found.resolution


@pytest.mark.parametrize(("written", "resolution", "expected"), [
    ("2026-03-14T18:05:09", "", AS_WRITTEN),
    ("2026-03-14T18:05:09", "minute", ("2026-03-14T18:05:00", "2026-03-14T13:05:00Z", "minute")),
    ("2026-03-14T18:05:09", "day", ("2026-03-14T00:00:00", "2026-03-13T19:00:00Z", "day")),
    ("2026-03-14 18:05", "minute", ("2026-03-14T18:05:00", "2026-03-14T13:05:00Z", "minute")),
    ("2026-03-14 18:05", "day", ("2026-03-14T00:00:00", "2026-03-13T19:00:00Z", "day")),
    ("2026-03-14", "minute", ("2026-03-14T00:00:00", "2026-03-13T19:00:00Z", "day")),
    ("2026-03-14T18:05:09Z", "minute", ("", "2026-03-14T18:05:00Z", "minute")),
    ("2026-03-14T02:05:09+05:00", "day", ("", "2026-03-13T00:00:00Z", "day")),
    ("1773000009", "minute", ("", "2026-03-08T20:00:00Z", "minute"))])
def test_a_time_is_taken_no_more_exactly_than_a_person_says_and_never_finer_than_it_is_written(
        written: str, resolution: str, expected: tuple[str, str, str]) -> None:
    assert one(written, zone="Asia/Karachi", resolution=resolution) == expected


def test_a_clock_in_no_zone_has_its_minute_and_no_time_in_utc() -> None:
    assert one("2026-03-14T18:05:09", resolution="minute") == ("2026-03-14T18:05:00", "", "minute")
    assert one("2026-03-14T18:05:09", resolution="day") == ("2026-03-14T00:00:00", "", "day")


def test_a_time_that_came_twice_stays_doubtful_to_the_minute_and_is_a_day_without_a_doubt() -> None:
    data = b"when,what\n2026-10-25T02:30:09,x\n"
    minute, = records(data, "table", **TABLE, zone="Europe/Berlin", resolution="minute")
    assert (minute.local, minute.at, minute.marks) == ("2026-10-25T02:30:00", "", ["fold"])
    day, = records(data, "table", **TABLE, zone="Europe/Berlin", resolution="day")
    assert (day.local, day.at, day.marks) == ("2026-10-25T00:00:00", "2026-10-24T22:00:00Z", [])
    # The clock changed between the beginning of the day and the time.
    late, = records(b"when,what\n2026-10-25T18:30:09,x\n", "table", **TABLE, zone="Europe/Berlin", resolution="day")
    assert (late.local, late.at) == ("2026-10-25T00:00:00", "2026-10-24T22:00:00Z")


def test_a_format_that_gives_utc_beside_a_clock_keeps_both_in_step() -> None:
    message = {"type": "message", "date": "2026-03-14T18:05:09", "date_unixtime": "1773493509", "text": "x"}
    data = json.dumps({"messages": [message]}).encode()
    found, = records(data, "telegram", resolution="minute")
    assert (found.local, found.at, found.resolution) == ("2026-03-14T18:05:00", "2026-03-14T13:05:00Z", "minute")
    found, = records(data, "telegram", resolution="day")
    assert (found.local, found.at) == ("2026-03-14T00:00:00", "2026-03-13T19:00:00Z")


def test_every_format_takes_it() -> None:
    chat, = records(b"[13/06/2026, 18:05:09] A: x\n", resolution="minute")
    assert (chat.local, chat.resolution) == ("2026-06-13T18:05:00", "minute")
    tweet = {"id_str": "1", "full_text": "x", "created_at": "Wed Oct 10 20:19:24 +0000 2018"}
    script = b"window.YTD.tweets.part0 = [%s]" % json.dumps({"tweet": tweet}).encode()
    post, = records(script, "xarchive", resolution="minute")
    assert (post.at, post.resolution) == ("2018-10-10T20:19:00Z", "minute")
    line = json.dumps({"id": "5", "body": "b", "author": "a", "unix_timestamp": "1773000009"}).encode()
    post, = records(line, "fourcat", resolution="day")
    assert (post.at, post.resolution) == ("2026-03-08T00:00:00Z", "day")


@pytest.mark.parametrize("said", ["second", "hour", "as written"])
def test_no_other_word_is_taken(said: str) -> None:
    assert "the option resolution is one of" in refusal(b"when,what\n", "table", **TABLE, resolution=said)["stopped"]
