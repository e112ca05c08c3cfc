"""The demo case shows real matches: what its groups handed out is carried by the posts that are imported there."""

import pytest

from casework.channels import services as channels
from casework.channels import taskings
from casework.channels.tasking_models import Tasking
from casework.coordination import compose, words
from reports.desk.demo import chat, groups, posts
from tests.factories import lodge_png, make_case, make_cast


@pytest.mark.django_db
def test_posts_of_the_demo_carry_what_its_groups_handed_out() -> None:
    cast = make_cast()
    case = make_case(cast)
    shown = lodge_png(case, cast.investigator).exhibit
    channel = channels.name_channel(case, platform="whatsapp", name="Trend Team 7", at="2026-10-03", exhibit=shown,
                                    by=cast.investigator)
    for _key, _channel, message, text, _exhibit, at, _start, _rupees in groups.TASKINGS:
        taskings.note(channel, message=message, post_text=text, at=at, exhibits=[shown], by=cast.investigator)
    chat.import_chat(case, by=cast.investigator)
    assert posts.import_posts(case, by=cast.investigator).state == "read"
    english, urdu, lumo, vesna = (compose.matches_of(one) for one in
                                  Tasking.objects.told().select_related("case").order_by("number"))
    told = [(one.posts.after, one.posts.before, one.messages.total) for one in (english, urdu, lumo, vesna)]
    assert told == [(6, 0, 0), (3, 0, 1), (3, 1, 0), (2, 0, 0)]
    assert words.within(english.posts.middle) == "within minutes", "the group's screenshot shows minutes"
    assert [one.posts.reposts for one in (english, urdu, lumo, vesna)] == [1, 0, 0, 0]
    assert english.first is not None and english.first.lag is not None
    assert english.first.lag.most.microseconds, "the numbers of the posts tell milliseconds"
    near = compose.near_to(english.tasking)
    assert [one.post.sender for one in near.rows] == ["Bilal K.", "MehrunnisaK_q3"]
