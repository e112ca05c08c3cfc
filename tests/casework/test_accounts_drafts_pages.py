"""The page on which a list of links is pasted, gone over and confirmed."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.accounts import drafts, services
from casework.accounts.models import Subject
from casework.cases.models import Case
from tests.casework.test_accounts_drafts import MIXED, X_POST
from tests.factories import Cast, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    shown = lodge_png(case, cast.lead, 1).exhibit
    services.name_account(case, platform="x", handle="zara_news_pk", exhibit=shown, by=cast.lead)
    return case


@pytest.fixture
def pages(cast: Cast) -> Client:
    return sign_in(cast.investigator)


def post(pages: Client, case: Case, status: int, **sent: Any) -> str:
    answer = pages.post(f"/cases/{case.ref}/accounts/paste/", sent)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def fields_of(html: str) -> dict[str, str]:
    """What a browser would send of the drafts as they are shown."""
    found = dict(re.findall(r'<input type="(?:text|hidden)" name="((?:line|version)[^"]*)" value="([^"]*)"', html))
    found |= dict.fromkeys(re.findall(r'<input type="checkbox" name="([^"]*)"[^>]* checked', html), "on")
    for name, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', html, re.DOTALL):
        found[name] = (re.findall(r'value="(\w*)" selected', options) or [""])[0]
    return found


def test_a_list_is_read_gone_over_and_confirmed(case: Case, pages: Client) -> None:
    html = post(pages, case, 200, links=MIXED, exhibit="E-001", read="1")
    assert "2024-03-14 17:40:38 UTC" in html and "to the millisecond" in html and "to the second" in html
    assert "who is this?" in html and "The same as line 2." in html and Subject.objects.count() == 1
    assert html.count("/accounts/S-001/") == 3, "known in this case"
    sent = {"links": MIXED, "exhibit": "E-001", "enter": "1", **fields_of(html)}
    refused = post(pages, case, 422, **sent)
    assert "Line 9, Handle: This is needed." in refused and "who is this?" in refused
    assert fields_of(refused) == fields_of(html) and Subject.objects.count() == 1
    post(pages, case, 302, **{**sent, "line-9-handle": "evening_clips"})
    assert sorted(Subject.objects.with_names().values_list("handle", flat=True)) == [
        "100012345678901", "UCabcdefghijklmnopqrstuv", "evening_clips", "lahore.vibes", "zara_news_pk"]
    seen = pages.get(f"/cases/{case.ref}/accounts/S-001/").content.decode()
    assert X_POST in seen and "2024-03-14 17:40:38 UTC" in seen


def test_corrections_of_one_list_are_no_answer_to_another(case: Case, pages: Client) -> None:
    sent = fields_of(post(pages, case, 200, links=MIXED, exhibit="E-001", read="1"))
    html = post(pages, case, 422, links=f"https://x.com/one_more\n{MIXED}", exhibit="E-001", enter="1", **sent)
    assert "The list was changed after it was read" in html and "one_more" in html
    assert Subject.objects.count() == 1


def test_nothing_of_a_list_is_lost_or_runs(case: Case, pages: Client) -> None:
    text = "<script>alert(1)</script>\n\u202ehttps://x.com/zara\njavascript:alert(1)"
    html = post(pages, case, 200, links=text, read="1")
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    many = "https://x.com/a\n" * (drafts.MOST + 1)
    assert "At most 120 lines at once; this has 121" in post(pages, case, 422, links=many, read="1")
    post(pages, case, 422, links="", read="1")
    assert "https://x.com/kept" in post(pages, case, 422, links="https://x.com/kept\n\x00", read="1")


def test_a_long_list_costs_no_more_questions_than_a_short_one(case: Case, pages: Client,
                                                             django_assert_max_num_queries: DjangoAssertNumQueries
                                                             ) -> None:
    links = "\n".join(f"https://x.com/account_{at}/status/176833141502955{at:04}" for at in range(100))
    with django_assert_max_num_queries(25):
        assert post(pages, case, 200, links=links, read="1").count('type="checkbox"') == 100
