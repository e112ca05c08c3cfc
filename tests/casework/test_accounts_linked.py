"""Links between the accounts of a case, and the tags of a closed table: bad input, both directions, and leaks."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from casework.accounts import linking, notes, services, statements, tagging
from casework.accounts.link_models import AccountLink
from casework.accounts.models import Subject
from casework.accounts.tags import Tag
from casework.cases import services as cases
from casework.cases.models import Case
from casework.editions import Changed
from casework.lifecycle import NotAllowed
from evidence.custody import history
from tests.casework.test_accounts_observed import named, refused
from tests.casework.test_accounts_stated import call
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def two(case: Case, cast: Cast) -> tuple[Subject, Subject]:
    return named(case, cast), named(case, cast, handle="zara_news", shade=2)


def link(subject: Subject, other: Subject, by: Any, **more: Any) -> AccountLink:
    words: dict[str, Any] = {"kind": "renamed_from", "likelihood": "likely", "basis": "The same picture and id",
                             "exhibits": exhibits_of(subject.case)[:1], "by": by}
    return linking.link(subject, other=other, **words | more)


def test_a_link_says_how_likely_and_why_and_reads_from_both_ends(two: tuple[Subject, Subject], cast: Cast) -> None:
    made = link(*two, cast.investigator)
    told = history.entries(subject=two[0].word, limit=1)[0].detail
    assert told == {"act": "accounts_linked", "other": "S-002", "kind": "renamed_from", "likelihood": "likely",
                    "basis": "The same picture and id", "exhibits": ["E-001"]}
    assert [(str(words), other) for words, other in map(made.seen_from, two)] == [
        ("Renamed from", two[1]), ("Renamed to", two[0])]
    assert {one.role for one in Subject.objects.all()} == {"bystander"}, "a link is no step on the ladder"


def test_what_is_mutual_is_written_down_once_whoever_is_named_first(two: tuple[Subject, Subject], cast: Cast) -> None:
    made = link(two[1], two[0], cast.lead, kind="same_operator")
    assert (made.subject, made.other) == two
    assert refused(lambda: link(*two, cast.lead, kind="same_operator")) == {"other"}
    link(*two, cast.lead)
    link(two[1], two[0], cast.lead)
    linking.withdraw(made, reason="Two people", by=cast.lead)
    link(*two, cast.lead, kind="same_operator")


@pytest.mark.parametrize(("bad", "fields"), [
    ({"kind": "friend"}, {"kind"}), ({"likelihood": "sure"}, {"likelihood"}), ({"basis": " "}, {"basis"}),
    ({"basis": "Both give +92 300 5550101"}, {"basis"}), ({"exhibits": []}, {"exhibits"}),
    ({"basis": "x" * 4001}, {"basis"}),
    ({"kind": "", "likelihood": "", "basis": "", "exhibits": []}, {"kind", "likelihood", "basis", "exhibits"})])
def test_a_link_without_its_reasons_is_refused(two: tuple[Subject, Subject], cast: Cast, bad: dict[str, Any],
                                               fields: set[str]) -> None:
    assert refused(lambda: link(*two, cast.lead, **bad)) == fields
    assert not AccountLink.objects.exists()


def test_an_account_is_linked_to_another_one_of_its_case_alone(two: tuple[Subject, Subject], cast: Cast) -> None:
    elsewhere = make_case(cast, "Another")
    stranger = named(elsewhere, cast, handle="stranger", shade=9)
    assert refused(lambda: link(two[0], two[0], cast.lead)) == {"other"}
    assert refused(lambda: link(two[0], stranger, cast.lead)) == {"other"}
    assert refused(lambda: link(*two, cast.lead, exhibits=exhibits_of(elsewhere))) == {"exhibits"}


def test_a_withdrawn_link_stays_with_its_reason(two: tuple[Subject, Subject], cast: Cast) -> None:
    made = link(*two, cast.lead)
    assert refused(lambda: linking.withdraw(made, reason="", by=cast.lead)) == {"reason"}
    linking.withdraw(made, reason="Another account", by=cast.investigator)
    assert AccountLink.objects.get().withdrawn_by == cast.investigator
    with pytest.raises(NotAllowed):
        linking.withdraw(made, reason="Again", by=cast.lead)


def test_the_database_refuses_what_no_link_is(two: tuple[Subject, Subject], cast: Cast) -> None:
    stranger = named(make_case(cast, "Another"), cast, handle="stranger", shade=9)
    row: dict[str, Any] = {"case": two[0].case, "subject": two[0], "other": two[1], "kind": "contact", "basis": "x",
                           "likelihood": "likely", "recorded_by": cast.lead, "recorded_at": timezone.now()}
    for constraint, bad in (("link_is_between_two", {"other": two[0]}), ("link_says_why", {"basis": ""}),
                            ("link_says_why", {"kind": "friend"}), ("link_says_why", {"likelihood": "sure"}),
                            ("link_other_of_its_case", {"other": stranger}),
                            ("link_subject_of_its_case", {"case": stranger.case, "other": stranger})):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
            AccountLink.objects.create(**row | bad)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    made = link(*two, cast.lead)
    with pytest.raises(IntegrityError, match="one_link_of_each_kind"), transaction.atomic():
        AccountLink.objects.create(**row | {"kind": "renamed_from"})
    for act in (lambda: AccountLink.objects.update(basis="y"), AccountLink.objects.all().delete, made.exhibits.clear):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_tags_are_behaviour_of_a_closed_table_in_both_languages(case: Case, two: tuple[Subject, Subject],
                                                                cast: Cast) -> None:
    before = tagging.edition(two[0]).version
    tagged = tagging.tag(two[0], tags=["same_text", "together", "same_text"], by=cast.investigator)
    assert tagged.tags == ["together", "same_text"]
    assert history.entries(subject=two[0].word, limit=1)[0].detail == {
        "act": "subject_tagged", "tags": ["together", "same_text"]}
    with pytest.raises(Changed):
        tagging.tag(two[0], tags=[], made_from=[before], by=cast.lead)
    assert refused(lambda: tagging.tag(two[0], tags=["party"], by=cast.lead)) == {"tags"}
    with pytest.raises(IntegrityError, match="subject_tags_known"), transaction.atomic():
        case.subjects.update(tags=["party"])
    assert tagging.tag(two[0], tags=[], by=cast.lead).tags == []
    with translation.override("ur"):
        assert not any(str(label).isascii() for label in Tag.labels)


def test_who_may_not_edit_and_a_closed_case_link_and_tag_nothing(case: Case, two: tuple[Subject, Subject],
                                                                 cast: Cast) -> None:
    made = link(*two, cast.lead)
    acts: list[Any] = [partial(link, *two, kind="contact"), partial(linking.withdraw, made, reason="No"),
                       partial(tagging.tag, two[0], tags=["new"])]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act(by=cast.reviewer)
    cases.close(case, by=cast.lead)
    for act in acts:
        with pytest.raises(NotAllowed):
            act(by=cast.lead)


def test_accounts_are_linked_and_tagged_on_pages(case: Case, two: tuple[Subject, Subject], cast: Cast) -> None:
    pages, at = sign_in(cast.investigator), f"/cases/{case.ref}/accounts/S-001/"
    words = {"kind": "administers", "other": "s2", "likelihood": "likely", "basis": "ایک ہی تصویر", "exhibits": "E-001"}
    wrong = pages.post(f"{at}links/new/", words | {"other": "S-001"})
    assert wrong.status_code == 422 and "ایک ہی تصویر" in wrong.content.decode()
    assert "not linked to itself" in wrong.content.decode()
    assert pages.post(f"{at}links/new/", words).status_code == 302
    assert pages.post(f"{at}tags/", {"tags": ["together", "new"]}).status_code == 302
    assert pages.post(f"{at}tags/", {"tags": ["party"]}).status_code == 422
    html = pages.get(at).content.decode()
    for said in ("Administers", "zara_news", "ایک ہی تصویر", 'likely <span class="whole">(55',
                 "Posts within seconds of others"):
        assert said in html, said
    assert "Administered by" in pages.get(f"/cases/{case.ref}/accounts/S-002/").content.decode()
    chosen = pages.get(f"{at}tags/").content.decode()
    assert chosen.count("checked") == 2
    row = AccountLink.objects.get()
    assert "ایک ہی تصویر" in pages.get(f"{at}links/{row.pk}/withdraw/").content.decode()
    from_there = at.replace("S-001", "S-002")
    assert pages.post(f"{from_there}links/{row.pk}/withdraw/", {"reason": "Misread"}).status_code == 302
    assert "Misread" in pages.get(at).content.decode()


def test_two_who_choose_tags_are_told_of_each_other_in_words(case: Case, two: tuple[Subject, Subject],
                                                             cast: Cast) -> None:
    pages, at = sign_in(cast.investigator), f"/cases/{case.ref}/accounts/S-001/tags/"
    version = tagging.edition(two[0]).version
    tagging.tag(two[0], tags=["new", "bursts"], by=cast.lead)
    late = pages.post(at, {"tags": ["together"], "made_from": version})
    assert late.status_code == 409 and "Posts in bursts, Created shortly before it posted" in late.content.decode()


def test_accounts_are_linked_and_tagged_by_calls(case: Case, two: tuple[Subject, Subject], cast: Cast) -> None:
    by = cast.investigator
    words: dict[str, Any] = {"kind": "contact", "likelihood": "even", "basis": "One address", "exhibits": ["E-001"]}
    made = call(case, by, "post", "S-002/links/", 201, other="S-001", **words)
    assert (made["subject"], made["other"]) == ("S-001", "S-002")
    for bad in ({"other": "S-002"}, {"other": "S-009"}, {"other": "S-001", "kind": "friend"},
                {"other": "S-001", "exhibits": []}):
        call(case, by, "post", "S-002/links/", 422, **words | bad)
    assert call(case, by, "put", "S-001/tags/", 200, tags=["new"]) == {"label": "S-001", "tags": ["new"]}
    call(case, by, "put", "S-001/tags/", 422, tags=["party"])
    call(case, by, "post", f"S-001/links/{made['id']}/withdraw/", 200, reason="Misread")
    told = call(case, cast.auditor, "get", "S-001/", 200)
    assert (told["tags"], told["links"][0]["withdrawn_reason"]) == (["new"], "Misread")
    assert call(case, by, "get", "", 200)["results"][0]["tags"] == ["new"]


def test_another_case_hears_nothing_of_links_and_tags(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another", by=cast.outsider)
    other.memberships.exclude(user=cast.outsider).update(ended_at=other.opened_at)
    shown = lodge_png(other, cast.outsider, 4).exhibit
    there = [services.name_account(other, platform="x", handle=f"there_{number}", stable_id=number, exhibit=shown,
                                   by=cast.outsider) for number in ("77", "78")]
    secret = link(there[0], there[1], cast.outsider, basis="Basis of theirs")
    tagging.tag(there[0], tags=["woken"], by=cast.outsider)
    ours = [named(case, cast, shade=int(number), stable_id=number) for number in ("77", "78")]
    assert [one.account for one in ours] == [one.account for one in there]
    pages, at = sign_in(cast.lead), f"/cases/{case.ref}/accounts/"
    for path in ("", "S-001/", "S-001/tags/"):
        html, told = pages.get(at + path).content.decode(), str(call(case, cast.lead, "get", path, 200))
        assert "theirs" not in html + told and "woken" not in told and "there_" not in html + told
    assert pages.post(f"{at}S-001/links/{secret.pk}/withdraw/", {"reason": "x"}).status_code == 404
    call(case, cast.lead, "post", f"S-001/links/{secret.pk}/withdraw/", 404, reason="x")
    assert not AccountLink.objects.visible_to(cast.lead).exists()
    assert Client().get(f"{at}S-001/").status_code == 302


@pytest.mark.parametrize("rows", [2, 12])
def test_the_page_asks_as_often_for_12_links_notes_and_statements_as_for_2(
        case: Case, cast: Cast, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    subject, shown = named(case, cast), exhibits_of(case)
    for at in range(rows):
        other = named(case, cast, handle=f"other_{at}", shade=at + 2)
        link(subject, other, cast.lead, kind="contact")
        notes.add(subject, bearing="against", text=f"It did {at}", exhibits=shown, by=cast.lead)
        statements.state_persona(subject, persona="woman", basis=f"A name {at}", exhibits=shown, by=cast.lead)
        statements.assess_location(subject, place="Daryapur", likelihood="even", basis=f"A clock {at}",
                                   exhibits=shown, by=cast.lead)
    pages, calls = sign_in(cast.lead), bearer(cast.lead)
    pages.get(f"/cases/{case.ref}/accounts/S-001/")
    with django_assert_max_num_queries(24):
        assert f"other_{rows - 1}" in pages.get(f"/cases/{case.ref}/accounts/S-001/").content.decode()
    with django_assert_max_num_queries(20):
        told = Client().get(f"/api/v1/cases/{case.ref}/accounts/S-001/", headers=calls).json()
    assert len(told["links"]) == len(told["notes"]) == len(told["personas"]) == rows
