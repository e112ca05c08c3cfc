"""How long after a tasking a post came: never more than both times allow."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.coordination import lag, near, words

NIGHT = datetime(2026, 10, 3, 15, 0, 4, tzinfo=UTC)


def number_at(at: datetime) -> str:
    """A number of a post on X that was made at this moment."""
    return str((round(at.timestamp() * 1000) - 1288834974657) << 22)


def found(tasking: tuple[datetime, str], post: tuple[datetime, str], number: str = "") -> lag.Lag:
    return lag.between(lag.of_tasking(*tasking), lag.of_post(*post, number))


@pytest.mark.parametrize(("tasking", "post", "least", "most", "order", "within"), [
    ((NIGHT, "second"), (NIGHT + timedelta(seconds=5), "second"), 4, 6, "after", "seconds"),
    ((NIGHT, "second"), (NIGHT + timedelta(seconds=1), "second"), 0, 2, "after", "seconds"),
    ((NIGHT, "second"), (NIGHT, "second"), -1, 1, "unsure", "seconds"),
    ((NIGHT, "second"), (NIGHT - timedelta(seconds=9), "second"), -10, -8, "before", "seconds"),
    ((NIGHT, "second"), (NIGHT + timedelta(minutes=5), "second"), 299, 301, "after", "minutes"),
    ((NIGHT, "second"), (NIGHT + timedelta(hours=5), "second"), 17999, 18001, "after", "hours"),
    ((NIGHT, "second"), (NIGHT + timedelta(days=5), "second"), 431999, 432001, "after", "days"),
    ((NIGHT.replace(second=0), "minute"), (NIGHT + timedelta(seconds=2), "second"), -54, 7, "unsure", "minutes"),
    ((NIGHT.replace(second=0), "minute"), (NIGHT + timedelta(seconds=56), "second"), 0, 61, "after", "minutes"),
    ((NIGHT.replace(second=0), "minute"), (NIGHT.replace(second=0), "minute"), -60, 60, "unsure", "minutes"),
    ((NIGHT, "second"), (NIGHT.replace(second=0) + timedelta(minutes=1), "minute"), 55, 116, "after", "minutes"),
    ((NIGHT.replace(hour=0, minute=0, second=0), "day"), (NIGHT, "second"), -75596, 104405, "unsure", "days"),
])
def test_a_lag_lies_between_what_the_two_times_allow(
        tasking: tuple[datetime, str], post: tuple[datetime, str], least: int, most: int, order: str,
        within: str) -> None:
    one = found(tasking, post)
    assert (one.least.total_seconds(), one.most.total_seconds()) == (least, most)
    assert (one.order, one.within) == (order, within)


def test_the_number_of_a_post_on_x_tells_the_millisecond_where_it_agrees_with_the_time() -> None:
    exact = NIGHT + timedelta(seconds=3, milliseconds=311)
    post = (NIGHT + timedelta(seconds=3), "second")
    finer = found((NIGHT, "second"), post, number_at(exact))
    assert (finer.least, finer.most) == (timedelta(milliseconds=2311), timedelta(milliseconds=3312))
    for wrong in (number_at(exact + timedelta(seconds=1)), "", "17", "1" * 40, "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧", "abc"):
        assert found((NIGHT, "second"), post, wrong).least == timedelta(seconds=2)
    minute = (NIGHT.replace(second=0), "minute")
    assert found((NIGHT, "second"), minute, number_at(NIGHT)).coarsest == "minute", "a time that somebody coarsened"


def test_a_day_whose_zone_nobody_said_may_have_begun_and_ended_elsewhere() -> None:
    day = datetime(2026, 10, 3, tzinfo=UTC)
    span = lag.of_tasking(day, "day")
    assert span.start == day - timedelta(hours=14) and span.end == day + timedelta(hours=36)
    assert found((day, "day"), (day + timedelta(hours=36), "second")).order == "after"
    assert found((day, "day"), (day - timedelta(hours=14, seconds=1), "second")).order == "before"


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made UTC
CUT = {"second": {"microsecond": 0}, "minute": {"second": 0, "microsecond": 0}}


KNOWN = st.sampled_from(list(CUT))


@given(MOMENTS, st.timedeltas(timedelta(days=-3), timedelta(days=3)), KNOWN, KNOWN)
def test_whatever_the_true_times_were_nothing_wrong_is_said(
        handed_out: datetime, later: timedelta, tasking: str, post: str) -> None:
    posted = handed_out + later
    one = found((handed_out.replace(**CUT[tasking]), tasking),  # type: ignore[arg-type]
                (posted.replace(**CUT[post]), post))  # type: ignore[arg-type]
    assert one.least < later < one.most
    assert one.order == "unsure" or (one.order == "after") == (later > timedelta())
    least, most = one.apart
    assert least <= abs(later) <= most
    if "minute" in (tasking, post):
        assert one.within != "seconds" and words.within(one) != "within seconds"


@pytest.mark.parametrize(("span", "up", "shown"), [
    (timedelta(), False, "0 s"), (timedelta(milliseconds=2311), False, "2.311 s"),
    (timedelta(seconds=59), True, "59 s"),
    (timedelta(seconds=61), False, "1 min 1 s"), (timedelta(seconds=120), True, "2 min"),
    (timedelta(minutes=90, seconds=1), False, "1 h 30 min"), (timedelta(minutes=90, seconds=1), True, "1 h 31 min"),
    (timedelta(hours=23, minutes=59, seconds=30), True, "1 d"), (timedelta(days=7, minutes=1), False, "7 d"),
    (timedelta(days=7, minutes=1), True, "7 d 1 h"), (timedelta(seconds=59, microseconds=999_500), True, "1 min")])
def test_a_duration_is_cut_off_or_counted_up(span: timedelta, up: bool, shown: str) -> None:
    assert words.duration(span, up=up) == shown


@pytest.mark.parametrize(("post", "said"), [
    ((NIGHT + timedelta(seconds=5), "second"), "4 s to 6 s after"), ((NIGHT, "second"), "at most 1 s apart"),
    ((NIGHT + timedelta(seconds=1), "second"), "up to 2 s after"),
    ((NIGHT - timedelta(seconds=1), "second"), "up to 2 s before"),
    ((NIGHT - timedelta(hours=2), "second"), "1 h 59 min to 2 h 1 min before")])
def test_a_lag_is_said_in_words(post: tuple[datetime, str], said: str) -> None:
    assert words.apart(found((NIGHT, "second"), post)).startswith(said)
    assert words.apart(None) == "not known: a time is missing" and words.within(None) == ""


@pytest.mark.parametrize(("other", "share"), [
    ("build the harbour now, not tomorrow", 1.0), ("yes! build the harbour now, not tomorrow. more", 1.0),
    ("build a harbour now, not tomorrow", 0.0), ("something else altogether", 0.0), ("", 0.0)])
def test_a_near_text_holds_nine_of_ten_runs_of_letters(other: str, share: float) -> None:
    assert near.share(near.runs("build the harbour now, not tomorrow"), other) == share


def test_a_long_text_bears_a_changed_word() -> None:
    text = " ".join(f"word{at}" for at in range(60))
    assert 0.9 <= near.share(near.runs(text), text.replace("word30", "other")) < 1
    assert near.runs("short") == ["short"]
