"""The pages and calls about channels, and that no case tells of another one's."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.cases.models import Case
from casework.channels import services
from casework.channels.models import Channel, ChannelObservation
from casework.people.models import User
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in

LINK = "https://chat.whatsapp.com/H4rbourEveningPosts"
Fact = ChannelObservation.Fact


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    made = make_case(cast)
    lodge_png(made, cast.investigator, 1)
    return made


@pytest.fixture
def pages(cast: Cast) -> Client:
    return sign_in(cast.investigator)


def named(case: Case, cast: Cast, **more: Any) -> Channel:
    words: dict[str, Any] = {"platform": "whatsapp", "name": "Evening posts", "at": "2026-03-14 18:05",
                             "exhibit": exhibits_of(case)[0], "by": cast.lead}
    return services.name_channel(case, **words | more)


def call(case: Case, person: User, method: str, path: str, **body: Any) -> Any:
    return getattr(Client(), method)(f"/api/v1/cases/{case.ref}/{path}", body or None, headers=bearer(person),
                                     content_type="application/json")


def test_a_channel_is_named_on_a_page_and_its_link_says_the_platform(case: Case, pages: Client) -> None:
    answer = pages.post(f"/cases/{case.ref}/channels/new/", {"invite_link": LINK, "exhibit": "e1", "at": "2026-03-14"},
                        follow=True)
    assert answer.redirect_chain == [(f"/cases/{case.ref}/channels/C-001/", 302)]
    html = answer.content.decode()
    assert "WhatsApp" in html and f'<bdi dir="ltr">{LINK}</bdi>' in html and "Not known" in html
    assert '<svg role="img"' in html and "/evidence/E-001/" in html


def test_what_was_typed_stays_when_it_is_refused(case: Case, pages: Client) -> None:
    answer = pages.post(f"/cases/{case.ref}/channels/new/", {"name": "شام کی پوسٹیں", "exhibit": "E-001", "at": "soon",
                                                             "platform": "whatsapp"})
    assert answer.status_code == 422 and "شام کی پوسٹیں" in answer.content.decode()
    assert "Write a day, 2026-03-14" in answer.content.decode()
    empty = pages.post(f"/cases/{case.ref}/channels/new/", {"name": "Posts", "exhibit": "E-001", "at": "2026-03-14"})
    assert '<a href="#id_platform">' in empty.content.decode()


@pytest.mark.parametrize(("fact", "words", "shown"), [
    ("members", {"members": "47"}, ">47<"), ("admin", {"text": "~ Bilal"}, "~ Bilal"), ("deleted", {}, "Deleted"),
    ("recreated", {"became": "C-002"}, "/channels/C-002/"), ("name", {"text": "Night posts"}, "Night posts")])
def test_a_fact_is_added_on_a_page_with_the_fields_that_it_takes(case: Case, cast: Cast, pages: Client, fact: str,
                                                                 words: dict[str, str], shown: str) -> None:
    named(case, cast)
    named(case, cast, name="Evening posts 2")
    at = f"/cases/{case.ref}/channels/C-001/observe/?fact={fact}"
    form = pages.get(at).context["form"]
    assert set(form.fields) == {*words, "exhibit", "at"} | ({"subject"} if fact == "admin" else set())
    html = pages.post(at, {**words, "exhibit": "E-001", "at": "2026-03-15 20:00 +05:00"}, follow=True).content.decode()
    assert shown in html and "2026-03-15 15:00 UTC" in html and "2026-03-15 20:00 +05:00" in html
    assert pages.get(f"/cases/{case.ref}/channels/C-001/observe/?fact=opinion").status_code == 200


def test_what_is_withdrawn_stays_visible_with_its_reason(case: Case, cast: Cast, pages: Client) -> None:
    row = named(case, cast).observations.get()
    at = f"/cases/{case.ref}/channels/C-001/"
    html = pages.post(f"{at}observations/{row.pk}/withdraw/", {"reason": "It was <b>another</b> group"},
                      follow=True).content.decode()
    assert "It was &lt;b&gt;another&lt;/b&gt; group" in html and "Nothing that stands is written down of it." in html
    html = pages.post(f"{at}withdraw/", {"reason": "No group"}, follow=True).content.decode()
    assert "This channel was withdrawn." in html and "No group" in html and "channels/C-001/observe/" not in html
    assert pages.post(f"{at}withdraw/", {"reason": "Again"}).status_code == 422


def test_the_line_is_mirrored_where_text_runs_from_right_to_left(case: Case, cast: Cast) -> None:
    channel = named(case, cast)
    services.observe(channel, fact=Fact.DELETED, at="2026-03-20", exhibit=exhibits_of(case)[0], by=cast.lead)
    at = f"/cases/{case.ref}/channels/C-001/"
    english = sign_in(cast.lead).get(at).content.decode()
    cast.investigator.language = "ur"
    cast.investigator.save()
    urdu = sign_in(cast.investigator).get(at).content.decode()
    assert english.index('x="4.00%"') < english.index('x="96.00%"')
    assert urdu.index('x="96.00%"') < urdu.index('x="4.00%"') and 'dir="rtl"' in urdu
    legend = english.split('aria-label="What the marks mean"')[1].split("</ul>")[0]
    assert "Shown to be there" in legend and "</svg>Deleted</li>" in legend and "</svg>Name</li>" in legend


def test_the_whole_life_goes_by_calls(case: Case, cast: Cast) -> None:
    by = cast.investigator
    made = call(case, by, "post", "channels/", platform="whatsapp", name="Evening posts", exhibit="E-001",
                at="2026-03-14").json()
    assert (made["label"], made["name"], made["life"], made["members"]) == ("C-001", "Evening posts", "there", None)
    call(case, by, "post", "channels/", platform="signal", name="Next", exhibit="E-001", at="2026-03-20")
    for words in ({"fact": "members", "members": 47}, {"fact": "admin", "text": "~ Bilal"}, {"fact": "deleted"},
                  {"fact": "recreated", "became": "C-002"}):
        answer = call(case, by, "post", "channels/C-001/observations/", **words, exhibit="E-001", at="2026-03-19")
        assert answer.status_code == 201 and (answer.json()["at"], answer.json()["at_resolution"]) == (
            "2026-03-19T00:00:00Z", "day")
    told = call(case, by, "get", "channels/C-001/")
    assert (told.json()["life"], told.json()["members"], len(told.json()["observations"])) == ("deleted", 47, 5)
    gone = next(row for row in told.json()["observations"] if row["fact"] == "deleted")
    at = f"channels/C-001/observations/{gone['id']}/withdraw/"
    assert call(case, by, "post", at, reason="").status_code == 422
    assert call(case, by, "post", at, reason="Misread").json()["withdrawn_reason"] == "Misread"
    assert call(case, by, "post", at, reason="Again").status_code == 409
    mended = call(case, by, "put", "channels/C-001/", platform="signal", stable_id="9", note="")
    assert mended.json()["stable_id"] == "9" and mended["ETag"] != told["ETag"]
    assert call(case, by, "post", "channels/C-002/withdraw/", reason="x").status_code == 422
    wrong = call(case, by, "post", "channels/C-001/observations/", fact="members", exhibit="E-001", at="2026-03-19")
    assert wrong.status_code == 422 and "members" in wrong.json()["errors"]
    assert call(case, by, "get", "channels/").json()["count"] == 2


def test_another_case_is_told_by_no_list_no_count_no_refusal_and_no_link(case: Case, cast: Cast) -> None:
    """The outsider leads a case of their own and tries all that the first case knows."""
    first = named(case, cast, invite_link=LINK, stable_id="120363")
    other = make_case(cast, "Another case", by=cast.outsider)
    lodge_png(other, cast.outsider, 2)
    for path in ("", "C-001/", "C-001/observe/", "C-001/edit/"):
        assert sign_in(cast.outsider).get(f"/cases/{case.ref}/channels/{path}").status_code == 404
    assert call(other, cast.outsider, "get", "channels/").json()["count"] == 0
    made = call(other, cast.outsider, "post", "channels/", platform="whatsapp", name="Evening posts", invite_link=LINK,
                stable_id="120363", exhibit="E-001", at="2026-03-14")
    again = call(other, cast.outsider, "get", "channels/C-001/").json()
    assert made.status_code == 201 and made.json()["label"] == "C-001" and len(again["observations"]) == 2
    for body in ({"fact": "recreated", "became": "C-002"}, {"fact": "admin", "subject": "S-001"}):
        named(case, cast, name="Second") if case.channels.count() == 1 else None
        refused = call(other, cast.outsider, "post", "channels/C-001/observations/", **body, exhibit="E-001",
                       at="2026-03-14")
        assert refused.status_code == 422 and "Not in this case" in refused.content.decode()
    foreign = first.observations.all()[0].pk
    assert call(other, cast.outsider, "post", f"channels/C-001/observations/{foreign}/withdraw/",
                reason="x").status_code == 404


@pytest.mark.parametrize("rows", [3, 30])
def test_the_table_takes_as_many_queries_for_30_rows_as_for_3(
        case: Case, cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for at in range(rows):
        named(case, cast, name=f"Posts {at}")
    channel = case.channels.get(number=1)
    for at in range(rows):
        services.observe(channel, fact=Fact.MEMBERS, members=at, at="2026-03-15", exhibit=exhibits_of(case)[0],
                         by=cast.lead)
    pages, calls = sign_in(cast.investigator), bearer(cast.investigator)
    pages.get("/cases/")
    with django_assert_num_queries(7):
        assert f"Posts {rows - 1}" in pages.get(f"/cases/{case.ref}/channels/").content.decode()
    # One of them counts the notes beside it.
    with django_assert_num_queries(10):
        assert f">{rows - 1}</td>" in pages.get(f"/cases/{case.ref}/channels/C-001/").content.decode()
    with django_assert_num_queries(6):
        assert Client().get(f"/api/v1/cases/{case.ref}/channels/", headers=calls).json()["count"] == rows


def test_an_empty_table_says_what_it_is_for(case: Case, cast: Cast, pages: Client) -> None:
    assert "It is named when an exhibit shows it." in pages.get(f"/cases/{case.ref}/channels/").content.decode()
    assert "Name a channel" not in sign_in(cast.auditor).get(f"/cases/{case.ref}/channels/").content.decode()
    named(case, cast)
    assert "channels/C-001/withdraw/" not in sign_in(cast.auditor).get(
        f"/cases/{case.ref}/channels/C-001/").content.decode()
