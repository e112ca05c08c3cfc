"""Two who edit the same thing: the second one is told, and neither loses a word."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.accounts import services as accounts
from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels import taskings
from casework.editions import Changed
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.findings import services as findings
from casework.findings.models import Finding
from casework.people.models import User
from tests.casework import notices
from tests.casework.test_findings_services import WORDS
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in
from tests.weighed import typed

CALLED = {**WORDS, "exhibits_for": ["E-001"]}
TYPED = typed({**WORDS, "exhibits_for": "E-001", "exhibits_against": "", "subjects": ""})
NOTICE = {**notices.WORDS, **notices.WEIGHED}


@dataclass(frozen=True)
class Kind:
    """One kind of thing that people edit: where it is read and edited, by two people or by one with two pages open."""

    read: str
    call: str
    method: str
    page: str
    first: str
    second: str
    sent: Callable[[str], dict[str, Any]]
    typed: Callable[[str], dict[str, Any]]
    kept: Callable[[Case], str]


KINDS = {
    "a finding": Kind(
        "findings/F-001/", "findings/F-001/", "put", "findings/F-001/edit/", "investigator", "investigator",
        lambda text: {**CALLED, "claim": text}, lambda text: {**TYPED, "claim": text},
        lambda case: case.findings.get().claim),
    "a notice": Kind(
        "takedowns/T-001/", "takedowns/T-001/", "put", "takedowns/T-001/edit/", "takedown", "takedown",
        lambda text: {**NOTICE, "text": text}, lambda text: {**NOTICE, "text": text},
        lambda case: case.notices.get().text),
    "an exhibit": Kind(
        "exhibits/E-001/", "exhibits/E-001/", "patch", "evidence/E-001/edit", "lead", "investigator",
        lambda text: {"note": text}, lambda text: {"title": "", "note": text},
        lambda case: exhibits_of(case)[0].note),
    "a persona": Kind(
        "accounts/S-001/persona/", "accounts/S-001/persona/", "put", "accounts/S-001/persona/", "lead", "investigator",
        lambda text: {"persona": "woman", "basis": text, "exhibits": ["E-001"]},
        lambda text: {"persona": "woman", "basis": text, "exhibits": "E-001"},
        lambda case: case.subjects.get().personas.latest("pk").basis),
    "a location": Kind(
        "accounts/S-001/location/", "accounts/S-001/location/", "put", "accounts/S-001/location/", "lead",
        "investigator", lambda text: {"basis": text}, lambda text: {"basis": text, "likelihood": ""},
        lambda case: case.subjects.get().locations.latest("pk").basis),
    "a channel": Kind(
        "channels/C-001/", "channels/C-001/", "put", "channels/C-001/edit/", "lead", "investigator",
        lambda text: {"platform": "whatsapp", "stable_id": "", "note": text},
        lambda text: {"platform": "whatsapp", "stable_id": "", "note": text},
        lambda case: case.channels.get().note),
    "a tasking": Kind(
        "taskings/K-001/", "taskings/K-001/", "put", "channels/taskings/K-001/edit/", "lead", "investigator",
        lambda text: {"message": text, "exhibits": ["E-001"]}, lambda text: {
            "message": text, "exhibits": "E-001", "pay_currency": "", "pay_per": ""},
        lambda case: case.taskings.get().message),
    "how long a case is kept": Kind(
        "retention/", "retention/", "put", "keep/retention/", "lead", "legal",
        lambda text: {"days": 30, "basis": text}, lambda text: {"days": "30", "basis": text},
        lambda case: Case.objects.get(pk=case.pk).retention_basis),
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    """With one of everything."""
    case = make_case(cast)
    shown = lodge_png(case, cast.investigator, 1).exhibit
    accounts.name_account(case, platform="x", handle="saba_writes", exhibit=shown, by=cast.lead)
    channel = channels.name_channel(case, platform="whatsapp", name="Evening posts", exhibit=shown, at="2026-03-14",
                                    by=cast.lead)
    taskings.note(channel, message="Post at eight", exhibits=[shown], by=cast.lead)
    findings.write(case, **cited(shown), by=cast.investigator)
    notices.draft(case, cast)
    return case


@pytest.fixture(params=KINDS.values(), ids=list(KINDS))
def kind(request: Any) -> Any:
    return request.param


def call(case: Case, person: User, method: str, path: str, body: Any = None, **headers: str) -> Any:
    sent = {} if body is None else {"data": body, "content_type": "application/json"}
    return getattr(Client(), method)(f"/api/v1/cases/{case.ref}/{path}", headers=bearer(person) | headers, **sent)


def cited(*shown: Exhibit, **more: Any) -> dict[str, Any]:
    return {**WORDS, "exhibits_for": shown, **more}


def opened(browser: Client, at: str) -> str:
    found = re.search(r'name="made_from" value="([0-9a-f]{64})"', browser.get(at).content.decode())
    assert found, "the page does not say which version it was opened with"
    return found[1]


def test_a_call_says_which_version_it_read_and_is_refused_when_another_one_stands(case: Case, cast: Cast,
                                                                                  kind: Kind) -> None:
    people = cast.everybody()
    first, second = people[kind.first], people[kind.second]
    tag = call(case, second, "get", kind.read)["ETag"]
    assert re.fullmatch('"[0-9a-f]{64}"', tag) and call(case, second, "get", kind.read)["ETag"] == tag
    saved = call(case, first, kind.method, kind.call, kind.sent("What the first wrote"), **{"If-Match": tag})
    assert saved.status_code == 200 and saved["ETag"] == call(case, second, "get", kind.read)["ETag"] != tag
    for stale in (tag, f"W/{saved['ETag']}", "nothing", ""):
        late = call(case, second, kind.method, kind.call, kind.sent("What the second wrote"), **{"If-Match": stale})
        assert late.status_code == 412 and late["Content-Type"] == "application/problem+json"
        told = late.json()
        assert told["code"] == "changed" and first.display_name in told["detail"]
        assert (f'"{told["now"]["version"]}"', told["now"]["by"]) == (saved["ETag"], first.display_name)
        assert "What the first wrote" in told["now"]["content"].values() and told["now"]["at"].startswith("20")
        assert kind.kept(case) == "What the first wrote"
    for good in (f'"{"0" * 64}", {saved["ETag"]}', "*"):
        again = call(case, second, kind.method, kind.call, kind.sent("What the second wrote"), **{"If-Match": good})
        assert again.status_code == 200
    assert kind.kept(case) == "What the second wrote"
    assert call(case, first, kind.method, kind.call, kind.sent("Whoever does not say")).status_code == 200
    assert kind.kept(case) == "Whoever does not say"


def test_a_page_shows_what_the_other_wrote_beside_what_was_typed(case: Case, cast: Cast, kind: Kind) -> None:
    people, at = cast.everybody(), f"/cases/{case.ref}/{kind.page}"
    first, second = sign_in(people[kind.first]), sign_in(people[kind.second])
    version = opened(second, at)
    assert first.post(at, kind.typed("What the first wrote") | {"made_from": opened(first, at)}).status_code == 302
    late = second.post(at, kind.typed("What the <second> wrote") | {"made_from": version})
    html = late.content.decode()
    assert late.status_code == 409 and "\nWhat the &lt;second&gt; wrote</textarea>" in html
    assert html.count("What the first wrote") == 1 and html.count("What is there now") == 1
    assert f"\u2068{people[kind.first].display_name}\u2069 saved other words at" in unescape(html)
    assert kind.kept(case) == "What the first wrote"
    shown = re.search(r'name="made_from" value="([0-9a-f]{64})"', html)
    assert shown and shown[1] != version
    mended = second.post(at, kind.typed("Both together") | {"made_from": shown[1]})
    assert mended.status_code == 302 and kind.kept(case) == "Both together"


def test_what_is_mended_for_another_reason_still_comes_from_the_page_that_was_opened(case: Case, cast: Cast) -> None:
    author, at = sign_in(cast.investigator), f"/cases/{case.ref}/findings/F-001/edit/"
    version = opened(author, at)
    assert author.post(at, {**TYPED, "title": "In another window"}).status_code == 302
    empty = author.post(at, {**TYPED, "claim": " ", "made_from": version})
    assert empty.status_code == 422 and f'value="{version}"' in empty.content.decode()
    assert author.post(at, {**TYPED, "made_from": version}).status_code == 409


def test_the_page_is_in_the_language_of_whoever_reads_it(case: Case, cast: Cast) -> None:
    cast.investigator.language = "ur"
    cast.investigator.save()
    second, at = sign_in(cast.investigator), f"/cases/{case.ref}/evidence/E-001/edit"
    version = opened(second, at)
    exhibits.edit(exhibits_of(case)[0], title="Another", sensitive=True, by=cast.lead)
    html = second.post(at, {"title": "Mine", "note": "", "made_from": version}).content.decode()
    assert "اب وہاں یہ درج ہے" in html and "saved other words" not in html and ">ہاں</p>" in html


def test_what_differs_by_the_ends_of_lines_alone_is_not_shown_as_different(case: Case, cast: Cast) -> None:
    second, at = sign_in(cast.investigator), f"/cases/{case.ref}/evidence/E-001/edit"
    version = opened(second, at)
    exhibits.edit(exhibits_of(case)[0], title="Another", note="one\ntwo", by=cast.lead)
    html = second.post(at, {"title": "Mine", "note": "one\r\ntwo", "made_from": version}).content.decode()
    assert html.count("What is there now") == 1


def test_citations_are_part_of_the_version(case: Case, cast: Cast) -> None:
    finding = Finding.objects.get()
    before, second = findings.edition(finding).version, lodge_png(case, cast.investigator, 2).exhibit
    shown = exhibits_of(case)[0]
    findings.edit(finding, **cited(shown, exhibits_against=[second]), by=cast.investigator)
    with pytest.raises(Changed) as refused:
        findings.edit(finding, **cited(shown), made_from=[before], by=cast.investigator)
    assert refused.value.stands.words["exhibits_against"] == ["E-002"]
    assert finding.citations.count() == 2


def test_an_edit_of_one_thing_leaves_the_other_as_it_is_by_then(case: Case, cast: Cast) -> None:
    read = exhibits_of(case)[0]
    exhibits.edit(read, note="By the lead, meanwhile", by=cast.lead)
    edited = exhibits.edit(read, title="By the investigator", by=cast.investigator)
    assert (edited.title, edited.note) == ("By the investigator", "By the lead, meanwhile")


def test_where_the_log_no_longer_says_who_it_was_the_refusal_stands(case: Case, cast: Cast) -> None:
    case.findings.update(claim="As no event says")
    Finding.objects.update(number=9)
    with pytest.raises(Changed, match="saved with other words"):
        findings.edit(Finding.objects.get(), **cited(*exhibits_of(case)), made_from=["0" * 64],
                      by=cast.investigator)


def test_the_version_costs_no_question_of_its_own(case: Case, cast: Cast,
                                                  django_assert_num_queries: DjangoAssertNumQueries) -> None:
    exhibit, channel = exhibits_of(case)[0], case.channels.select_related("case").get()
    with django_assert_num_queries(0):
        assert exhibits.edition(exhibit).version and channels.edition(channel).version
