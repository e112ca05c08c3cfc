"""The life of a channel beside the posts that carry the texts of its taskings."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels import taskings
from casework.channels.models import Channel
from casework.exhibits.models import Exhibit
from casework.posts import services as imports
from casework.timeline import carried, compose
from casework.timeline.asking import Query
from casework.timeline.carried import Carried
from tests.casework.test_timeline import TEXT, filled, found, posted
from tests.factories import Cast, bearer, make_case, make_cast, sign_in

SECOND = "Everybody at the harbour of Gwadar says today that the old lighthouse has to be repaired"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    """Two channels, of which each handed out its own text."""
    case = filled(make_case(cast), cast)
    shown = Exhibit.objects.get(case=case, number=1)
    other = channels.name_channel(case, platform="telegram", name="Harbour", at="2026-03-10", exhibit=shown,
                                  by=cast.lead)
    channels.observe(other, fact="created", at="2026-03-01", exhibit=shown, by=cast.lead)
    taskings.note(other, message=SECOND, at="2026-03-11 10:00", exhibits=[shown], by=cast.lead)
    posted(case, [(f"2026-03-12T09:0{at}:00Z", f"boat{at}", "", SECOND) for at in range(3)], cast.lead)
    return case


def beside(case: Case, number: int = 1) -> Carried:
    channel = Channel.objects.get(case=case, number=number)
    return carried.beside(channel, list(channel.observations.standing().in_order()),
                          list(channel.taskings.standing()), [])


def page(case: Case, user: Any, number: int = 1) -> str:
    return str(sign_in(user).get(reverse("channels:channel", args=[case.ref, f"C-{number:03d}"])).content.decode())


def test_a_channel_narrows_posts_and_bursts_to_the_texts_that_it_handed_out(case: Case) -> None:
    assert found(case).total == 12
    first, second = found(case, channel="C-001"), found(case, channel="C-002")
    assert (first.total, second.total) == (6, 3)
    assert {lane.name for lane in second.lanes} == {"boat0", "boat1", "boat2"}
    assert [one.post.label for one in first.bursts] == ["I-002/1"]
    assert [(one.senders, one.post.label) for one in second.bursts] == [(3, "I-003/1")]
    assert [one.label for one in second.rules] == ["K-003"]
    assert compose.timeline(case, Query.read({"channel": "C-009"})) is None
    assert compose.timeline(case, Query.read({"channel": "C-002", "tasking": "K-001"})) is None
    assert found(case, channel="C-001", tasking="K-001").total == 6


def test_the_window_of_a_channel_holds_its_beginning_and_its_end(case: Case) -> None:
    second = found(case, channel="C-002")
    assert [(one.fact, one.shown_at) for one in second.marks] == [("created", "2026-03-01")]
    assert f"{second.scale.start:%Y-%m-%d}" == "2026-03-01"
    assert found(case, channel="C-002", **{"from": "2026-03-12"}).marks == [], "not beyond what was asked"
    assert [one.fact for one in found(case, channel="C-001").marks] == ["deleted"]


def test_what_a_withdrawn_tasking_or_channel_handed_out_is_not_counted(case: Case, cast: Cast) -> None:
    taskings.withdraw(case.taskings.get(number=1), reason="Read wrongly", by=cast.lead)
    assert compose.timeline(case, Query.read({"channel": "C-001"})) is None
    assert beside(case).bars == []
    channels.withdraw(case.channels.get(number=2), reason="There twice", by=cast.lead)
    assert compose.timeline(case, Query.read({"channel": "C-002"})) is None


def test_the_life_line_has_a_lane_of_these_posts_and_names_no_cause(case: Case, cast: Cast) -> None:
    shown = beside(case)
    assert sum(count for _start, _end, count in shown.bars) == 6 and shown.life
    assert shown.life.lanes[-1].label == "Posts that carry the text of its taskings"
    assert len(shown.life.bars) == len(shown.bars)
    assert all(0 <= float(bar.x[:-1]) <= 96 and bar.height > 0 for bar in shown.life.bars)
    html = page(case, cast.auditor)
    assert html.count('<rect class="bar" x=') == len(shown.bars) + 1, "and one in the legend"
    assert "That they carry it does not say why." in html and "caused" not in html
    assert f"/cases/{case.ref}/timeline/?channel=C-001&amp;kind=post" in html
    counted = re.search(r"<details><summary>Posts that carry.*?</details>", html, re.DOTALL)
    assert counted and sum(map(int, re.findall(r'<td class="num">(\d+)</td>', counted[0]))) == 6
    timeline = sign_in(cast.auditor).get(reverse("timeline:timeline", args=[case.ref]), {"channel": "C-001"})
    assert "carry the text of a tasking of C-001" in timeline.content.decode()


def test_the_lane_has_posts_alone_and_says_which_times_are_not_known(case: Case, cast: Cast) -> None:
    posted(case, [("14/03/2026", "day", "", TEXT), ("", "never", "", TEXT)], cast.lead, time="dmy",
           zone="Asia/Karachi")
    imports.withdraw(case.imports.get(number=1), reason="A wrong file", by=cast.lead)
    shown = beside(case)
    assert (sum(count for *_span, count in shown.bars), shown.by_day, shown.untimed) == (6, 1, 1)
    assert "and <bdi dir=\"ltr\">1</bdi> have no time" in page(case, cast.lead)
    imports.withdraw(case.imports.get(number=2), reason="A wrong file", by=cast.lead)
    assert beside(case).bars == [] and '<rect class="bar"' not in page(case, cast.lead)


def test_a_lane_that_is_read_from_the_right_runs_from_there(case: Case, cast: Cast) -> None:
    there = [float(bar.x[:-1]) for bar in (beside(case).life or pytest.fail()).bars]
    cast.lead.language = "ur"
    cast.lead.save()
    turned = [float(one) for one in re.findall(r'<rect class="bar" x="([\d.]+)%', page(case, cast.lead))]
    assert there == sorted(there) and turned == sorted(turned, reverse=True) and len(turned) == len(there)


def test_the_call_tells_what_it_counted(case: Case, cast: Cast) -> None:
    address = reverse("api:timeline", args=[case.ref])
    told = Client().get(address, {"channel": "C-002"}, headers=bearer(cast.auditor)).json()
    assert told["narrowed"] == "Posts and messages that carry the text of a tasking of C-002."
    assert (told["timeline"]["rows"], sum(bar["rows"] for bar in told["timeline"]["bars"])) == (3, 3)
    assert told["timeline"]["channels"] == [{"channel": "C-002", "fact": "created", "at": "2026-03-01"}]
    assert Client().get(address, headers=bearer(cast.auditor)).json()["narrowed"] == ""


def test_questions_do_not_grow_with_the_posts(
        case: Case, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client, address = sign_in(cast.auditor), reverse("channels:channel", args=[case.ref, "C-001"])
    client.get(address)
    with django_assert_max_num_queries(40) as before:
        client.get(address)
    shown = Exhibit.objects.get(case=case, number=1)
    for at in range(5):
        taskings.note(case.channels.get(number=1), message=f"{TEXT} {at}", at="2026-03-14 13:00", exhibits=[shown],
                      by=cast.lead)
    posted(case, [(f"2026-03-14T14:{at:02d}:00Z", f"copy{at}", "", f"{TEXT} {at % 5}") for at in range(40)], cast.lead)
    with django_assert_max_num_queries(len(before)):
        client.get(address)
    assert sum(count for *_span, count in beside(case).bars) == 46
