"""Techniques of DISARM Red: the list, the search, and tags of findings."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.cases.models import Case
from casework.editions import Changed
from casework.findings import services, tags, techniques
from casework.findings.content import tags_edition
from casework.findings.models import Finding, Tag
from tests.casework.test_findings_services import WORDS
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in
from tests.weighed import submit

SWARMING, HASHTAG, CONTRACTORS = "T0049.005", "T0049.002", "T0091.001"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    lodge_png(case, cast.investigator, 1)
    return case


@pytest.fixture
def finding(case: Case, cast: Cast) -> Finding:
    return services.write(case, **WORDS, exhibits_for=exhibits_of(case), by=cast.investigator)


def tagged(finding: Finding) -> list[str]:
    return list(finding.tags.values_list("technique", flat=True))


def test_the_list_is_whole_and_says_whose_it_is() -> None:
    assert len(techniques.ALL) == 391
    assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", number) for number in techniques.ALL)
    assert all(number[:5] in techniques.ALL for number in techniques.ALL)
    assert techniques.named(HASHTAG).name == "Flood Existing Hashtag"
    notice = techniques._FILE.with_name("README.md").read_text()
    for said in ("DISARM Foundation", "by-sa/4.0", "49df5f649e16dfbf11e3859913c256c875c02692", "Changes"):
        assert said in notice


@pytest.mark.parametrize(("asked", "found"), [
    ("T0049.005", [SWARMING]), ("t0049.005", [SWARMING]), ("49.5", []), ("49.005", [SWARMING]),
    *((number, ["T0091", CONTRACTORS, "T0091.002", "T0091.003"]) for number in ("91", "0091", "T0091")),
    ("flood hashtag", [HASHTAG]), ("HASHTAG flood", [HASHTAG]), (" recruit contract ", [CONTRACTORS]),
    ("hashtag flood nothing", []), ("", []), ("   ", []), ("ہیش ٹیگ", []), ("T9999", []), ("(", []), ("x" * 9999, [])])
def test_a_search_goes_by_number_or_by_words(asked: str, found: list[str]) -> None:
    assert [one.number for one in techniques.search(asked)] == found


def test_a_number_may_be_typed_from_its_beginning() -> None:
    assert {one.number[:4] for one in techniques.search("T004")} == {"T004"} and len(techniques.search("T0049.")) == 8


def test_a_finding_is_tagged_with_exactly_these(finding: Finding, cast: Cast) -> None:
    first = tags.tag(finding, techniques=[SWARMING, CONTRACTORS, SWARMING], by=cast.investigator)
    assert tagged(first) == [SWARMING, CONTRACTORS] and first.revision == 2
    assert tagged(tags.tag(finding, techniques=[HASHTAG], by=cast.investigator)) == [HASHTAG]
    assert tagged(tags.tag(finding, techniques=[], by=cast.investigator)) == []


def test_no_other_number_is_a_tag_and_only_the_author_tags(finding: Finding, cast: Cast) -> None:
    for wrong in (["T9999"], ["T0049", "T0049.5"], [""], list(techniques.ALL)[:31]):
        with pytest.raises(ValidationError) as refused:
            tags.tag(finding, techniques=wrong, by=cast.investigator)
        assert list(refused.value.message_dict) == ["techniques"]
    with pytest.raises(PermissionDenied):
        tags.tag(finding, techniques=[HASHTAG], by=cast.lead)
    assert tagged(finding) == []


def test_a_tag_is_an_edit_that_voids_a_review_and_is_bound_by_the_next(finding: Finding, cast: Cast) -> None:
    services.review(submit(finding, by=cast.investigator), by=cast.reviewer)
    before = services.digest(Finding.objects.get())
    done = tags.tag(finding, techniques=[HASHTAG], by=cast.investigator)
    assert (done.state, done.reviewer) == ("draft", None) and services.digest(done) != before
    with pytest.raises(Changed):
        tags.tag(finding, techniques=[], made_from=[before], by=cast.investigator)


def test_editing_the_words_keeps_the_tags(finding: Finding, case: Case, cast: Cast) -> None:
    tags.tag(finding, techniques=[HASHTAG], by=cast.investigator)
    services.edit(finding, **WORDS, exhibits_for=exhibits_of(case), by=cast.investigator)
    assert tagged(finding) == [HASHTAG]


def test_one_searches_and_chooses_without_a_script_and_loses_nothing(finding: Finding, case: Case, cast: Cast) -> None:
    author, at = sign_in(cast.investigator), f"/cases/{case.ref}/findings/F-001/techniques/"
    html = author.get(f"{at}?q=flood+hashtag").content.decode()
    assert '<span dir="ltr" lang="en">Flood Existing Hashtag</span>' in html
    chosen = re.search(r'href="(\?q=flood[^"]*T0049\.002)"', html)
    assert chosen
    # What was chosen stays while one searches on.
    html = author.get(at + unescape(chosen[1]) + "&q=contractors").content.decode()
    assert f'name="techniques" value="{HASHTAG}"' in html and "Recruit Contractors" in html and not tagged(finding)
    taken_out = author.get(f"{at}?made_from=x&q=flood").content.decode()
    assert 'name="techniques"' not in taken_out
    version = tags_edition(finding).version
    assert author.post(at, {"techniques": [HASHTAG, CONTRACTORS], "made_from": version}).status_code == 302
    assert tagged(finding) == [HASHTAG, CONTRACTORS]
    late = author.post(at, {"techniques": [SWARMING], "made_from": version})
    said = late.content.decode()
    assert late.status_code == 409 and f"{HASHTAG}, {CONTRACTORS}" in said
    assert f'name="techniques" value="{SWARMING}"' in said
    wrong = author.post(at, {"techniques": [SWARMING, "T9999"]})
    assert wrong.status_code == 422 and "No technique of DISARM Red: T9999." in wrong.content.decode()
    html = author.get(f"/cases/{case.ref}/findings/F-001/").content.decode()
    assert "Recruit Contractors" in html


def test_names_stay_english_on_an_urdu_page(finding: Finding, case: Case, cast: Cast) -> None:
    cast.investigator.language = "ur"
    cast.investigator.save()
    html = sign_in(cast.investigator).get(f"/cases/{case.ref}/findings/F-001/techniques/?q=zzz").content.decode()
    assert 'lang="ur"' in html and "کسی تکنیک کا یہ نمبر نہیں" in html and "CC BY-SA 4.0" in html
    html = sign_in(cast.investigator).get(f"/cases/{case.ref}/findings/F-001/techniques/?q=91").content.decode()
    assert '<span dir="ltr" lang="en">Recruit Contractors</span>' in html


def test_calls_search_and_tag(finding: Finding, case: Case, cast: Cast) -> None:
    client, headers = Client(), bearer(cast.investigator)
    found = client.get("/api/v1/techniques/?q=flood hashtag", headers=headers).json()
    assert found["results"] == [{"number": HASHTAG, "name": "Flood Existing Hashtag"}]
    assert client.get("/api/v1/techniques/?limit=500", headers=headers).json()["count"] == 391
    at = f"/api/v1/cases/{case.ref}/findings/F-001/"
    tag = client.get(at, headers=headers)["ETag"]

    def put(*numbers: str, **more: str) -> Any:
        return client.put(f"{at}techniques/", {"techniques": numbers}, content_type="application/json",
                          headers=headers | more)

    assert put("T9999").status_code == 422
    assert put(SWARMING, **{"If-Match": tag}).json()["techniques"] == [SWARMING]
    assert put(**{"If-Match": tag}).status_code == 412
    assert client.get("/api/v1/techniques/").status_code == 401


def test_the_table_is_narrowed_by_kind_state_and_technique(case: Case, cast: Cast) -> None:
    for kind, numbers in (("coordination", [HASHTAG]), ("payment", [HASHTAG, CONTRACTORS]), ("payment", [])):
        words: dict[str, Any] = {**WORDS, "kind": kind}
        made = services.write(case, **words, exhibits_for=exhibits_of(case), by=cast.investigator)
        tags.tag(made, techniques=numbers, by=cast.investigator)
    browser, at = sign_in(cast.reviewer), f"/cases/{case.ref}/findings/"

    def shown(query: str) -> list[str]:
        return re.findall(r"findings/(F-\d+)/\"", browser.get(f"{at}?{query}").content.decode())

    assert shown("") == ["F-001", "F-002", "F-003"] == shown("kind=treason&state=x&technique=T0001")
    assert shown("kind=payment") == ["F-002", "F-003"] and shown(f"technique={HASHTAG}") == ["F-001", "F-002"]
    assert shown(f"kind=payment&technique={HASHTAG}&state=draft") == ["F-002"]
    assert shown(f"state=reviewed&technique={HASHTAG}") == []
    html = browser.get(f"{at}?state=reviewed").content.decode()
    assert "No finding has all of this." in html and "Payment (2)" in html and "Draft (3)" in html
    assert f"{HASHTAG} Flood Existing Hashtag (2)" in html and f"{CONTRACTORS} Recruit Contractors (1)" in html
    called = Client().get(f"/api/v1{at}?kind=payment&technique={HASHTAG}", headers=bearer(cast.reviewer)).json()
    assert [one["label"] for one in called["results"]] == ["F-002"]


@pytest.mark.parametrize("rows", [2, 12])
def test_the_table_counts_techniques_without_a_query_for_each(
        case: Case, cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(rows):
        made = services.write(case, **WORDS, exhibits_for=exhibits_of(case), by=cast.investigator)
        tags.tag(made, techniques=[f"T0097.10{number % 10}"], by=cast.investigator)
    browser = sign_in(cast.investigator)
    browser.get("/cases/")
    with django_assert_num_queries(7):
        assert "T0097.100" in browser.get(f"/cases/{case.ref}/findings/").content.decode()


@pytest.mark.parametrize("number", ["49", "T49", "T0049.5", "T0049;--", "t0049"])
def test_the_database_refuses_a_tag_that_is_no_number(finding: Finding, number: str) -> None:
    with pytest.raises(IntegrityError, match="tag_is_a_number"), transaction.atomic():
        Tag.objects.create(finding=finding, technique=number)


def test_the_database_refuses_a_tag_twice(finding: Finding) -> None:
    Tag.objects.create(finding=finding, technique=HASHTAG)
    with pytest.raises(IntegrityError, match="technique_tagged_once"), transaction.atomic():
        Tag.objects.create(finding=finding, technique=HASHTAG)
