"""Taskings: the messages that are handed out in channels."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.accounts import services as accounts
from casework.cases import services as cases
from casework.cases.models import Case
from casework.channels import compose, hashtags, services, taskings
from casework.channels.models import Channel
from casework.channels.tasking_models import Tasking
from casework.editions import Changed
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from evidence.custody import history
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in

PAID: dict[str, Any] = {"pay_amount": "15", "pay_currency": "PKR", "pay_per": "post"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return made(cast)


def made(cast: Cast, title: str = "Paid trend in Lahore") -> Case:
    """A case with one exhibit and the channel that it shows."""
    case = make_case(cast, title)
    shown = lodge_png(case, cast.investigator, 1).exhibit
    services.name_channel(case, platform="whatsapp", name="Evening posts", at="2026-03-14", exhibit=shown,
                          by=cast.investigator)
    return case


def note(case: Case, cast: Cast, **more: Any) -> Tasking:
    words: dict[str, Any] = {"message": "8 sharp: #DeltaPortNow", "exhibits": exhibits_of(case)[:1],
                             "by": cast.investigator}
    return taskings.note(case.channels.get(number=1), **words | more)


def refused(act: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as found:
        act()
    return dict(found.value.message_dict)


def test_a_tasking_says_what_to_post_when_and_for_what_pay(case: Case, cast: Cast) -> None:
    admin = accounts.name_account(case, platform="whatsapp", handle="bilal", exhibit=exhibits_of(case)[0], by=cast.lead)
    attached = lodge_png(case, cast.lead, 2).exhibit
    made = note(case, cast, post_text="Build it! #BuildIt", attached=[attached], at="2026-03-14 19:41 +05:00",
                window_from="2026-03-14 15:00", window_until="2999-03-14 15:05:09", handed_out_by=admin, **PAID)
    assert (made.label, made.pay, made.shown_at) == ("K-001", "PKR 15.00", "2026-03-14 14:41 UTC")
    assert made.hashtags == ["#DeltaPortNow", "#BuildIt"] and made.channel.label == "C-001"
    admin.refresh_from_db()
    assert admin.role == "bystander", "who handed it out is nobody assessed"
    told = history.entries(subject=made.word, limit=1)[0].detail
    assert (told["act"], told["pay_amount"], told["exhibits"], told["attached"], told["handed_out_by"]) == (
        "tasking_noted", "15.00", ["E-001"], ["E-002"], "S-001")
    assert note(case, cast).label == "K-002" and note(case, cast).pay == ""


@pytest.mark.parametrize(("bad", "field"), [
    ({"message": " "}, "message"), ({"message": "x" * 20_001}, "message"), ({"exhibits": []}, "exhibits"),
    ({"at": "at eight"}, "at"), ({"at": "2999-01-01"}, "at"), ({"window_from": "soon"}, "window_from"),
    ({"window_from": "2026-03-14 16:00", "window_until": "2026-03-14 15:00"}, "window_until"),
    ({**PAID, "pay_amount": "15,00"}, "pay_amount"), ({**PAID, "pay_amount": "0.00"}, "pay_amount"),
    ({**PAID, "pay_amount": "15.005"}, "pay_amount"), ({**PAID, "pay_amount": "١٥"}, "pay_amount"),
    ({**PAID, "pay_amount": "1e3"}, "pay_amount"), ({**PAID, "pay_amount": ""}, "pay_amount"),
    ({**PAID, "pay_currency": "RS"}, "pay_currency"), ({**PAID, "pay_currency": ""}, "pay_currency"),
    ({**PAID, "pay_per": ""}, "pay_per"), ({**PAID, "pay_per": "like"}, "pay_per"),
    ({**PAID, "pay_per": "other"}, "pay_per_text"), ({**PAID, "pay_per_text": "a like"}, "pay_per_text")])
def test_what_is_missing_or_is_no_amount_is_said(case: Case, cast: Cast, bad: dict[str, Any], field: str) -> None:
    assert list(refused(lambda: note(case, cast, **bad))) == [field]
    assert not Tasking.objects.exists()


def test_all_that_is_wrong_is_said_at_once_and_nothing_foreign_is_cited(case: Case, cast: Cast) -> None:
    other = made(cast, "Another case")
    foreign = exhibits_of(other)
    assert set(refused(lambda: note(case, cast, message="", exhibits=foreign, attached=foreign))) == {
        "message", "exhibits", "attached"}
    stranger = accounts.name_account(other, platform="x", handle="zara", exhibit=foreign[0], by=cast.lead)
    assert list(refused(lambda: note(case, cast, handed_out_by=stranger))) == ["handed_out_by"]
    exhibits.withdraw(exhibits_of(case)[0], reason="wrong file", by=cast.lead)
    assert list(refused(lambda: note(case, cast))) == ["exhibits"]


def test_an_edit_replaces_all_and_a_withdrawn_one_stays_and_changes_no_more(case: Case, cast: Cast) -> None:
    tasking = note(case, cast, **PAID)
    version = taskings.edition(tasking).version
    second = lodge_png(case, cast.lead, 2).exhibit
    edited = taskings.edit(tasking, message="9 sharp", exhibits=[second], made_from=[version], by=cast.lead)
    assert (edited.pay, edited.exhibits.get(), edited.hashtags) == ("", second, [])
    with pytest.raises(Changed):
        taskings.edit(tasking, message="x", exhibits=[second], made_from=[version], by=cast.lead)
    assert list(refused(lambda: taskings.withdraw(tasking, reason="", by=cast.lead))) == ["reason"]
    taskings.withdraw(tasking, reason="Another group's", by=cast.lead)
    with pytest.raises(NotAllowed):
        taskings.withdraw(tasking, reason="x", by=cast.lead)
    with pytest.raises(NotAllowed):
        taskings.edit(tasking, message="x", exhibits=[second], by=cast.lead)
    assert Tasking.objects.get().withdrawn_reason == "Another group's"


def test_who_may_not_edit_cannot_and_neither_channel_nor_case_takes_more_once_it_is_over(case: Case,
                                                                                         cast: Cast) -> None:
    for person in (cast.reviewer, cast.takedown, cast.legal, cast.auditor, cast.media, cast.outsider):
        with pytest.raises(PermissionDenied):
            note(case, cast, by=person)
    services.withdraw(case.channels.get(), reason="None", by=cast.lead)
    with pytest.raises(NotAllowed):
        note(case, cast)
    cases.close(case, by=cast.lead)
    with pytest.raises(NotAllowed):
        note(case, cast)


@pytest.mark.parametrize(("texts", "tags"), [
    (("#Port and #port, #PORT2",), ["#Port", "#PORT2"]), (("＃بندرگاہ #ڈیلٹا_پورٹ!",), ["#بندرگاہ", "#ڈیلٹا_پورٹ"]),
    (("a#b https://x.com/#top &#39; #1 #", "#2026now"), ["#2026now"]), (("(#one)#two #می\u200cخواہم",), ["#one", "#two",
                                                                                        "#می\u200cخواہم"])])
def test_hashtags_are_found_by_one_plain_rule(texts: tuple[str, ...], tags: list[str]) -> None:
    assert hashtags.found_in(*texts) == tags


def test_taskings_stand_in_the_life_line_where_they_have_a_time(case: Case, cast: Cast) -> None:
    channel: Channel = case.channels.get()
    note(case, cast, at="2026-03-16")
    note(case, cast)
    life = compose.life(list(channel.observations.in_order()), list(channel.taskings.all()))
    assert life and [(mark.shape, mark.x) for mark in life.marks] == [("name", "4.00%"), ("tasking", "96.00%")]
    assert life.legend == [("tasking", "Tasking"), ("seen", "Name")], "what is drawn, and nothing else"


BAD_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("tasking_has_its_message", {"message": ""}), ("pay_says_what_for", {"pay_amount": 1}),
    ("pay_says_what_for", {"pay_amount": -1, "pay_currency": "PKR", "pay_per": "post"}),
    ("pay_says_what_for", {"pay_amount": 1, "pay_currency": "PKR", "pay_per": "other"}),
    ("opens_before_it_closes", {"window_from": "2026-03-14T16:00Z", "window_until": "2026-03-14T15:00Z"})]


@pytest.mark.parametrize(("constraint", "change"), BAD_ROWS)
def test_the_database_refuses_a_bad_tasking_and_its_deletion(case: Case, cast: Cast, constraint: str,
                                                             change: dict[str, Any]) -> None:
    note(case, cast)
    rows: Any = Tasking.objects.all()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Tasking.objects.update(**change)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows._raw_delete("default")


def test_a_tasking_is_noted_edited_and_withdrawn_on_pages(case: Case, cast: Cast) -> None:
    pages, at = sign_in(cast.investigator), f"/cases/{case.ref}/channels/"
    typed = {"message": "آٹھ بجے #ڈیلٹا", "exhibits": "E-001", "at": "2026-03-14", **PAID}
    wrong = pages.post(f"{at}C-001/taskings/new/", typed | {"pay_amount": "15,5"})
    assert wrong.status_code == 422 and "آٹھ بجے" in wrong.content.decode() and "1180.50" in wrong.content.decode()
    html = pages.post(f"{at}C-001/taskings/new/", typed, follow=True).content.decode()
    assert "PKR 15.00" in html and "for each post" in html and "#ڈیلٹا" in html and "/evidence/E-001/" in html
    html = pages.post(f"{at}taskings/K-001/edit/", typed | {"message": "<b>9</b>"}, follow=True).content.decode()
    assert "&lt;b&gt;9&lt;/b&gt;" in html
    assert 'data-shape="tasking"' in pages.get(f"{at}C-001/").content.decode()
    html = pages.post(f"{at}taskings/K-001/withdraw/", {"reason": "Twice"}, follow=True).content.decode()
    assert "This was withdrawn." in html and "K-001/edit/" not in html
    assert 'data-state="withdrawn"' in pages.get(f"{at}taskings/").content.decode()
    assert 'data-shape="tasking"' not in pages.get(f"{at}C-001/").content.decode()


def test_taskings_go_by_calls_and_an_amount_is_text(case: Case, cast: Cast) -> None:
    client, headers = Client(), bearer(cast.investigator)

    def call(method: str, path: str, **body: Any) -> Any:
        return getattr(client, method)(f"/api/v1/cases/{case.ref}/{path}", body or None, headers=headers,
                                       content_type="application/json")

    body: dict[str, Any] = {"message": "8 sharp #Port", "exhibits": ["E-001"], **PAID}
    assert "pay_amount" in call("post", "taskings/", channel="C-001", **body | {"pay_amount": 0.1}).json()["errors"]
    told = call("post", "taskings/", channel="C-001", **body)
    assert told.status_code == 201 and (told.json()["pay_amount"], told.json()["hashtags"]) == ("15.00", ["#Port"])
    assert call("put", "taskings/K-001/", **body | {"message": "9 sharp"}).json()["message"] == "9 sharp"
    assert call("post", "taskings/K-001/withdraw/", reason="Twice").json()["withdrawn_reason"] == "Twice"
    assert call("get", "taskings/K-001/").json()["withdrawn_at"] and call("get", "taskings/").json()["count"] == 1
    other = made(cast, "Another case")
    stray = client.post(f"/api/v1/cases/{other.ref}/taskings/", body | {"channel": "C-002"},
                        content_type="application/json", headers=headers)
    assert stray.status_code == 422 and "Not in this case: C-002" in stray.content.decode()
    assert client.get(f"/api/v1/cases/{other.ref}/taskings/", headers=headers).json()["count"] == 0
    assert Client().get(f"/api/v1/cases/{case.ref}/taskings/K-001/", headers=bearer(cast.outsider)).status_code == 404


@pytest.mark.parametrize("rows", [3, 30])
def test_the_table_takes_as_many_queries_for_30_rows_as_for_3(
        case: Case, cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for at in range(rows):
        note(case, cast, message=f"Text {at}.")
    pages, calls = sign_in(cast.investigator), bearer(cast.investigator)
    pages.get("/cases/")
    with django_assert_num_queries(9):
        assert f"Text {rows - 1}." in pages.get(f"/cases/{case.ref}/channels/taskings/").content.decode()
    with django_assert_num_queries(8):
        assert Client().get(f"/api/v1/cases/{case.ref}/taskings/", headers=calls).json()["count"] == rows
