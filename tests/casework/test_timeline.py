"""The timeline of a case: lanes, bars, bursts and what channels did, no more exactly than times are known."""

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from casework.accounts import services as accounts
from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels import taskings
from casework.exhibits.models import Exhibit
from casework.posts import services as imports
from casework.timeline import compose, drawing, services
from casework.timeline.asking import Query
from casework.timeline.compose import Timeline
from evidence.custody.models import Payload
from tests.casework.exporting import KARACHI, imported
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in

TEXT = "The Delta Port will feed our children. Build it now, not tomorrow! #DeltaPortNow"
COLUMNS = {"time": "when", "sender": "who", "sender_id": "number", "text": "what"}
# when, who, number, what: a burst of four within five minutes, of which one writes twice; the same text the next day.
POSTS = [
    ("2026-03-14T13:06:03Z", "sana", "11", TEXT), ("2026-03-14T13:06:05Z", "=news", "12", f"@sana {TEXT.upper()}"),
    ("2026-03-14T13:08:59Z", "place", "", TEXT), ("2026-03-14T13:10:00Z", "sana_new", "11", TEXT),
    ("2026-03-14T13:11:02Z", "later", "", TEXT), ("2026-03-14T13:12:00Z", "farid", "", "I would like the port"),
    ("2026-03-15T13:06:03Z", "sana", "11", TEXT), ("", "lost", "", "when was it?")]
CHAT = "14/03/2026, 18:04 - Bilal K.: ok all of you\n14/03/2026, 18:06 - Rimsha: done\n"


def table(posts: list[tuple[str, str, str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([("when", "who", "number", "what"), *posts])
    return out.getvalue()


def posted(case: Case, posts: list[tuple[str, str, str, str]], by: Any, **options: Any) -> None:
    imported(case, table(posts), by, "table", columns=COLUMNS, kind="post", **options)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return filled(make_case(cast), cast)


def filled(case: Case, cast: Cast) -> Case:
    by = cast.lead
    shown = lodge_png(case, by, 1).exhibit
    channel = channels.name_channel(case, platform="whatsapp", name="Evening", at="2026-03-14", exhibit=shown, by=by)
    channels.observe(channel, fact="deleted", at="2026-03-15", exhibit=shown, by=by)
    taskings.note(channel, message="8 sharp", post_text=TEXT, at="2026-03-14 13:05:30", exhibits=[shown], by=by)
    taskings.note(channel, message="Once more, and all of you at the same time", at="2026-03-15", exhibits=[shown],
                  by=by)
    imported(case, CHAT, by, **KARACHI)
    posted(case, POSTS, by)
    return case


def found(case: Case, **given: str) -> Timeline:
    made = compose.timeline(case, Query.read(given))
    assert made is not None
    return made


def told(act: str) -> list[dict[str, Any]]:
    said = [json.loads(bytes(row.content))["detail"] for row in Payload.objects.order_by("pk")]
    return [detail for detail in said if detail.get("act") == act]


def page(case: Case, user: Any, status: int = 200, **given: str) -> str:
    answer = sign_in(user).get(reverse("timeline:timeline", args=[case.ref]), given)
    assert answer.status_code == status, answer.content
    return str(answer.content.decode())


def test_lanes_are_senders_by_number_or_name_the_busiest_first(case: Case) -> None:
    shown = found(case)
    assert [(lane.key, lane.count) for lane in shown.lanes] == [
        (("11", ""), 3), (("", "Bilal K."), 1), (("", "Rimsha"), 1), (("", "farid"), 1), (("", "later"), 1),
        (("", "place"), 1), (("12", ""), 1)]
    assert (shown.total, shown.untimed, shown.by_day, shown.senders, shown.undrawn) == (9, 1, 0, 7, 0)
    assert sum(count for _start, _end, count in shown.bars) == 9
    assert {lane.name for lane in found(case, kind="message").lanes} == {"Bilal K.", "Rimsha"}


def test_no_more_lanes_than_are_drawn_and_the_rest_is_said(
        case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "LANES", 2)
    shown = found(case)
    assert len(shown.lanes) == 2 and shown.undrawn == 5
    html = re.sub(r"<[^>]+>", "", page(case, cast.auditor))
    assert "The 2 busiest senders are drawn; 5 more are not." in html and "9 rows by 7 senders." in html


def test_a_day_is_drawn_as_all_of_its_day_and_is_in_no_bar(cast: Cast) -> None:
    case = make_case(cast)
    posted(case, [("2026-03-14T00:00:10Z", "exact", "", TEXT), ("2026-03-16T23:00:00Z", "exact", "", TEXT)], cast.lead)
    posted(case, [("14/03/2026", "day", "", TEXT)], cast.lead, time="dmy", zone="Asia/Karachi")
    shown = found(case)
    lane = next(one for one in shown.lanes if one.name == "day")
    (column, known, count), = lane.marks
    start, end = shown.scale.covers(column, known)
    assert (known, count) == ("day", 1)
    assert (end - start) * shown.scale.width >= 86_400
    assert (shown.by_day, sum(rows for _s, _e, rows in shown.bars)) == (1, 2)
    html = page(case, cast.lead).split("<h2>Senders</h2>")[1].split("</table>")[0]
    assert "2026-03-14</bdi>" in html and "19:00" not in html, "no midnight, in Lahore or in UTC"
    assert shown.bursts == [], "a day says nothing of minutes"


def test_a_minute_is_a_span_where_the_window_is_short(case: Case) -> None:
    shown = found(case, **{"from": "2026-03-14T13:04:00Z", "until": "2026-03-14T13:07:00Z"})
    ends = {lane.name: [shown.scale.covers(column, known) for column, known, _count in lane.marks]
            for lane in shown.lanes}
    assert shown.scale.width == 1
    assert ends["sana"][0][1] - ends["sana"][0][0] == 1
    assert ends["Bilal K."][0][1] - ends["Bilal K."][0][0] >= 60


def test_bursts_count_senders_of_one_text_and_minutes_never_too_few(case: Case, cast: Cast) -> None:
    burst, = found(case).bursts
    assert (burst.senders, burst.rows, burst.minutes, burst.post.label) == (4, 5, 5, "I-002/1")
    assert found(case, kind="message").bursts == []
    assert found(case, until="2026-03-14T13:06:04Z").bursts == []
    html = page(case, cast.auditor)
    assert "4 senders, same text, 5 min" in html and "no proof of deception" in html
    event = told("posts_listed")[-1]
    assert (event["rows"], event["query"]) == (["I-002/1"], {"page": "timeline"})


def test_a_long_silence_parts_two_bursts(cast: Cast) -> None:
    case = make_case(cast)
    posted(case, [(f"2026-03-14T{hour}:0{at}:00Z", f"a{at}", "", TEXT) for hour in (12, 13) for at in range(3)],
           cast.lead)
    assert [(one.senders, one.minutes, f"{one.first:%H}") for one in found(case).bursts] == [
        (3, 3, "12"), (3, 3, "13")]


def test_taskings_and_channels_stand_beside_the_lanes(case: Case, cast: Cast) -> None:
    shown = found(case)
    assert [one.label for one in shown.rules] == ["K-001", "K-002"]
    assert [(one.fact, one.shown_at) for one in shown.marks] == [("deleted", "2026-03-15")]
    html = page(case, cast.lead)
    assert 'class="rule"' in html and 'class="band"' in html, "a moment is a line, a day a band"
    assert 'data-shape="deleted"' in html
    carried = found(case, tasking="K-001")
    assert (carried.total, [one.label for one in carried.rules]) == (6, ["K-001"])
    assert compose.timeline(case, Query.read({"tasking": "K-009"})) is None


def test_labels_at_the_ends_are_whole_and_marks_of_one_moment_stand_apart(case: Case, cast: Cast) -> None:
    channel, shown = case.channels.get(), Exhibit.objects.get(case=case, number=1)
    taskings.note(channel, message="The last of all", at="2026-03-15 13:06:03", exhibits=[shown], by=cast.lead)
    channels.observe(channel, fact="created", at="2026-03-15", exhibit=shown, by=cast.lead)
    drawn = drawing.drawn(found(case))
    assert all(drawing.LABEL <= one["text_x"] <= drawn.width - drawing.LABEL for one in drawn.rules)
    assert drawn.rules[-1]["text_x"] < drawn.rules[-1]["line_x"]
    assert len({(one["x"], one["y"]) for one in drawn.marks}) == len(drawn.marks) == 2


def test_the_window_narrows_and_what_is_no_time_is_said_and_kept(case: Case, cast: Cast) -> None:
    shown = found(case, **{"from": "2026-03-15"})
    assert shown.total == 1 and shown.scale.start.isoformat() >= "2026-03-15"
    html = page(case, cast.lead, 422, **{"from": "yesterday", "until": "2026-03-14"})
    assert 'value="yesterday"' in html and "“yesterday” is not read as a time" in html
    assert "The end lies before the beginning" in page(case, cast.lead, 422, until="2026-03-14",
                                                       **{"from": "2026-03-15"})
    bars = re.findall(r'href="\?from=([^&"]+)&amp;until=([^"]+)"', page(case, cast.lead))
    assert bars, "each bar leads on"
    first = found(case, **{"from": bars[0][0].replace("%3A", ":"), "until": bars[0][1].replace("%3A", ":")})
    assert first.total == found(case).bars[0][2]


def test_a_sender_may_be_a_subject_by_number_or_by_handle(case: Case, cast: Cast) -> None:
    exhibit = Exhibit.objects.get(case=case, number=1)
    for handle, number in (("other", "11"), ("Place", "")):
        accounts.name_account(case, platform="x", handle=handle, stable_id=number, exhibit=exhibit, by=cast.lead)
    lanes = {lane.name: (lane.subject.label if lane.subject else "", lane.how) for lane in found(case).lanes}
    assert [lanes[name] for name in ("sana", "place", "farid")] == [("S-001", "id"), ("S-002", "handle"), ("", "")]
    accounts.name_account(case, platform="facebook", handle="place", stable_id="", exhibit=exhibit, by=cast.lead)
    assert next(one for one in found(case).lanes if one.name == "place").subject is None, "two match: neither is taken"


def test_what_was_withdrawn_is_not_drawn(case: Case, cast: Cast) -> None:
    imports.withdraw(case.imports.get(number=2), reason="A wrong file", by=cast.lead)
    assert found(case).total == 2 and found(case).bursts == []
    imports.withdraw(case.imports.get(number=1), reason="A wrong file", by=cast.lead)
    assert "Who wrote when is drawn here" in page(case, cast.lead)


def test_the_call_tells_the_same(case: Case, cast: Cast) -> None:
    answer = Client().get(reverse("api:timeline", args=[case.ref]), headers=bearer(cast.auditor)).json()
    drawn = answer["timeline"]
    assert answer["problems"] == [] and drawn["rows"] == 9 and len(drawn["lanes"]) == 7
    assert drawn["bursts"][0]["minutes"] == 5 and drawn["bursts"][0]["post"]["position"] == 1
    assert drawn["taskings"][1] == {"tasking": "K-002", "channel": "C-001", "at": "2026-03-15"}
    assert sum(tick["rows"] for lane in drawn["lanes"] for tick in lane["ticks"]) == 9


def test_the_table_has_every_row_and_no_stranger(case: Case, cast: Cast) -> None:
    data = services.take_out(case, Query(), kind="csv", purpose="For the regulator", by=cast.investigator).decode()
    lines = list(csv.DictReader(io.StringIO(data)))
    assert sum(int(line["rows"]) for line in lines) == 9
    assert "=news" not in data and all(line["sender"].startswith("sender-") for line in lines)
    event, = told("timeline_exported")
    assert event["rows"] == len(lines) and len(event["sha256"]) == 64
    assert case.exports.get().subject == f"case/{case.ref}"


def test_another_case_shows_nothing_of_this_one(case: Case, cast: Cast) -> None:
    other = make_case(cast)
    posted(other, [("2026-03-14T13:06:03Z", "sana", "11", TEXT)], cast.lead)
    exhibit = Exhibit.objects.get(case=case, number=1)
    accounts.name_account(case, platform="x", handle="sana", stable_id="11", exhibit=exhibit, by=cast.lead)
    shown = found(other)
    assert (shown.total, shown.bursts, shown.rules, shown.marks) == (1, [], [], [])
    assert shown.lanes[0].subject is None
    assert compose.timeline(other, Query.read({"tasking": "K-001"})) is None


def test_questions_do_not_grow_with_the_rows(
        case: Case, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client, address = sign_in(cast.auditor), reverse("timeline:timeline", args=[case.ref])
    client.get(address)
    with django_assert_max_num_queries(45) as before:
        client.get(address)
    posted(case, [(f"2026-03-14T14:{at:02d}:00Z", f"copy{at}", "", f"{TEXT} {at % 7}") for at in range(60)], cast.lead)
    with django_assert_max_num_queries(len(before)):
        assert "copy39" in client.get(address).content.decode()


def test_the_page_of_the_service_is_recorded_with_what_was_asked(case: Case, cast: Cast) -> None:
    services.show(case, Query.read({"from": "2026-03-14", "tasking": "K-001"}), by=cast.lead)
    assert told("posts_listed")[-1]["query"] == {"page": "timeline", "since": "2026-03-14", "tasking": "K-001"}
