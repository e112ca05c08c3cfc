"""Which order of day and month a file is in, where somebody typed lines to decide it, or a year may come first."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.evidence.exporting import look, records, refusal

BEGIN = datetime(2024, 1, 1, 9)  # noqa: DTZ001 - a clock on a wall


def days(count: int, step: timedelta = timedelta(days=1)) -> Iterator[datetime]:
    return (BEGIN + step * at for at in range(count))


def chat(written: str, times: Iterator[datetime], end: str = "\n") -> list[str]:
    return [f"{at.strftime(written)}A: word{end}" for at in times]


# In either order these are dates, and time goes on.
OPEN = [BEGIN.replace(day=day, month=month, hour=hour) for day in range(1, 10) for month in (day + 1, day + 2)
        for hour in (9, 10)]
IOS, ANDROID = "[%d/%m/%y, %H:%M:%S] ", "%d/%m/%Y, %H:%M - "


def test_a_line_of_a_body_says_nothing_of_the_order_where_messages_end_in_cr_lf() -> None:
    lines = chat(IOS, iter(OPEN), "\r\n")
    body = "[02/03/24, 09:30:00] B: see\n" + "[13/01/24, 10:00:00] x: typed\n" * 4 + "end\r\n"
    typed = [*lines[:5], body, *lines[5:]]
    said = refusal("".join(typed).encode())
    assert (said["asked"], said["facts"]["state"], said["facts"]["headers"]) == ("order", "ambiguous", len(lines) + 1)
    assert "13/01/24" not in str(said["facts"]["examples"])
    found = records("".join(typed).encode(), order="mdy")
    assert len(found) == len(lines) + 1
    assert found[5].text.count("typed") == 4


def test_a_line_of_a_body_takes_no_notice_from_the_group_and_makes_no_name() -> None:
    head = "[13/06/24, 01:55:00] "
    data = (f"{head}Trend: \u200eMessages and calls are end-to-end encrypted.\r\n{head}A: see\n{head}Trend: hello\n"
            f"{head}Team: North: x\n{head}Team: North: x\r\n{head}Trend: \u200eAli left\r\n{head}B: x\r\n"
            f"{head}B: y\r\n").encode()
    seen = look(data, "whatsapp")
    assert (seen["group"], seen["names_with_a_colon"]) == ("Trend", [])
    assert [one.kind for one in records(data)] == ["system", "message", "system", "message", "message"]


@pytest.mark.parametrize("typed", ["13/12/2024, 10:00", "01/13/2024, 10:00"])
def test_one_line_among_many_that_fit_both_orders_is_asked_about_and_shown(typed: str) -> None:
    lines = chat(ANDROID, iter(OPEN))
    lines.insert(8, f"{typed} - x: typed\n")
    said = refusal("".join(lines).encode())
    assert (said["asked"], said["facts"]["state"]) == ("order", "doubtful")
    assert said["facts"]["examples"][0]["line"] == 9
    assert said["facts"]["examples"][0]["text"] == typed
    assert "no more than 1 of " in said["facts"]["why"]
    assert {one.kind for one in records("".join(lines).encode(), order="dmy")} <= {"message", "bad"}


def test_one_line_that_makes_time_go_back_in_one_order_is_asked_about_and_shown() -> None:
    lines = chat(ANDROID, iter(OPEN))
    assert refusal("".join(lines).encode())["facts"]["state"] == "ambiguous"
    # As day and month it lies between its neighbours, as month and day in November.
    lines.insert(2, "11/02/2024, 10:00 - x: typed\n")
    said = refusal("".join(lines).encode())["facts"]
    assert said["state"] == "doubtful"
    assert [one["line"] for one in said["examples"]][:2] == [3, 4]


@pytest.mark.parametrize("step", [timedelta(days=1), timedelta(hours=5), timedelta(days=9)])
@pytest.mark.parametrize(("written", "order"), [
    (ANDROID, "dmy"), ("%m/%d/%Y, %H:%M - ", "mdy"), ("%m/%d/%y, %H:%M - ", "mdy"), (IOS, "dmy"),
    ("%d/%m/%y, %H:%M - ", "dmy")])
def test_a_chat_of_some_weeks_decides_by_its_days_above_twelve(step: timedelta, written: str, order: str) -> None:
    times = list(days(200, step))
    # Some came late, as they do.
    for at in range(7, 200, 31):
        times[at], times[at - 1] = times[at - 1], times[at]
    data = "".join(chat(written, iter(times))).encode()
    seen = look(data, "whatsapp")
    assert (seen["state"], seen["order"]) == ("decided", order)
    assert records(data)[5].local[:10] == f"{times[5]:%Y-%m-%d}"


def test_a_single_day_above_twelve_in_a_short_chat_decides() -> None:
    data = "".join(chat(ANDROID, iter([*OPEN[:8], BEGIN.replace(day=13, month=12)]))).encode()
    assert look(data, "whatsapp")["state"] == "decided"


@pytest.mark.parametrize("count", [20, 245])
def test_a_year_of_two_digits_that_comes_first_is_asked_about(count: int) -> None:
    data = "".join(chat("%y/%m/%d, %H:%M - ", days(count))).encode()
    said = refusal(data)
    assert (said["asked"], said["facts"]["state"]) == ("order", "ambiguous")
    assert said["facts"]["examples"][0]["ymd"] == "2024-01-01"
    assert [one.local[:10] for one in records(data, order="ymd")] == [f"{at:%Y-%m-%d}" for at in days(count)]
    table = b"when,what\n" + b"".join(b"%s,x\n" % f"{at:%y/%m/%d %H:%M}".encode() for at in days(count))
    said = refusal(table, "table", columns={"time": "when", "text": "what"})
    assert (said["asked"], said["facts"]["state"]) == ("time", "ambiguous")


def test_one_typed_line_turns_no_chat_to_another_place_of_the_year() -> None:
    lines = chat("%d/%m/%y, %H:%M - ", days(90))
    lines.insert(30, "45/06/18, 10:00 - x: typed\n")
    assert refusal("".join(lines).encode())["facts"]["examples"][0]["line"] == 31
    lines = chat("%y/%m/%d, %H:%M - ", days(90))
    lines.insert(30, "13/06/45, 10:00 - x: typed\n")
    assert refusal("".join(lines).encode())["facts"]["state"] == "ambiguous"
