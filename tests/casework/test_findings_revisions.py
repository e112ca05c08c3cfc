"""Each wording of a finding is kept, shown with what changed in it word by word, and bound by what is recorded."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.approvals import Approval
from casework.cases.models import Case
from casework.exhibits import erasures
from casework.findings import differences, revisions, services, sources
from casework.findings.differences import Part
from casework.findings.models import Finding, Revision
from casework.record import Act
from evidence.custody import history
from evidence.custody.sequencer import sequence
from tests.casework.test_findings_services import WORDS
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in
from tests.weighed import judge, others, submit


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


def edit(finding: Finding, cast: Cast, **words: Any) -> Finding:
    whole: dict[str, Any] = {**WORDS, **words}
    return services.edit(finding, **whole, exhibits_for=exhibits_of(finding.case), by=cast.investigator)


def events(finding: Finding) -> list[dict[str, Any]]:
    return [entry.detail for entry in history.about([finding.word])]


def test_every_edit_keeps_the_wording_before_it(finding: Finding, cast: Cast) -> None:
    edit(finding, cast, claim="Ten accounts.")
    edit(finding, cast, claim="Eleven accounts.")
    kept = list(revisions.of(finding))
    assert [(one.number, one.editor) for one in kept] == [(number, cast.investigator) for number in (3, 2, 1)]
    said = revisions.words(*kept)
    assert [one["claim"] for one in said if one] == ["Eleven accounts.", "Ten accounts.", WORDS["claim"]]
    assert Finding.objects.get().revision == 3 and len({one.digest for one in kept}) == 3


def test_what_is_recorded_binds_the_digest_of_the_revision(finding: Finding, cast: Cast) -> None:
    submitted = submit(finding, by=cast.investigator)
    services.review(submitted, by=cast.reviewer)
    written, judged = list(Revision.objects.order_by("number"))
    told = {one["act"]: (one["revision"], one["digest"]) for one in events(finding)
            if one["act"] in (Act.FINDING_WRITTEN, Act.FINDING_EDITED, Act.FINDING_SUBMITTED, Act.FINDING_REVIEWED)}
    assert told == {"finding_written": (1, written.digest), "finding_edited": (2, judged.digest),
                    "finding_submitted": (2, judged.digest), "finding_reviewed": (2, judged.digest)}
    assert Approval.objects.get().digest == judged.digest == services.digest(Finding.objects.get())


def test_words_that_come_back_are_another_revision_that_nobody_has_reviewed(finding: Finding, cast: Cast) -> None:
    reviewed = services.digest(services.review(submit(finding, by=cast.investigator), by=cast.reviewer))
    edit(finding, cast, claim="Ten accounts.")
    again = edit(finding, cast)
    assert again.state == "draft" and services.digest(again) != reviewed
    assert [one.decision for one in revisions.of(finding)] == [None, None, "used", None]


def test_the_list_says_what_a_second_person_made_of_each(finding: Finding, case: Case, cast: Cast) -> None:
    services.send_back(submit(finding, by=cast.investigator), reason="Which nine?", by=cast.reviewer)
    edit(finding, cast, claim="These nine accounts.")
    submitted = services.submit(finding, by=cast.investigator)
    at = f"/cases/{case.ref}/findings/F-001/"
    decided = sign_in(cast.reviewer).get(f"{at}review/").content.decode()
    assert "You decide on revision 3." in decided and f"{at}revisions/3/" in decided
    services.review(submitted, by=cast.reviewer)
    html = sign_in(cast.auditor).get(f"{at}revisions/").content.decode()
    assert html.index("Revision 3") < html.index("Revision 2") < html.index("Revision 1")
    assert html.count("Rida Malik") == 2 and "Which nine?" in html and "Not given to review" in html


def test_a_page_shows_what_changed_word_by_word(finding: Finding, case: Case, cast: Cast) -> None:
    edit(finding, cast, claim="Nine <b>accounts</b> posted one text in an hour.", confidence="low",
         alternatives=others("Keen followers of one page.", "They do not know each other."))
    browser, at = sign_in(cast.reviewer), f"/cases/{case.ref}/findings/F-001/revisions/"
    html = browser.get(f"{at}2/").content.decode()
    assert "<ins>&lt;b&gt;accounts&lt;/b&gt; </ins>" in html and "<del>accounts </del>" in html
    assert "<del>a minute.</del><ins>an hour.</ins>" in html and "<del>moderate</del><ins>low</ins>" in html
    assert "<ins>know each other.</ins>" in html and "Method</h2>" not in html
    assert "This is the first wording." in browser.get(f"{at}1/").content.decode()
    edit(finding, cast, claim="Nine <b>accounts</b> posted one text in an hour.", confidence="low",
         alternatives=others("Keen followers of one page.", "They do not know each other."))
    assert "No word of it was changed." in browser.get(f"{at}3/").content.decode()
    assert browser.get(f"{at}4/").status_code == 404


def test_a_judgement_of_a_source_is_in_the_difference(finding: Finding, case: Case, cast: Cast) -> None:
    judge(finding, by=cast.investigator)
    sources.judge(finding, sources={"E-001": {"note": "The minute.", "reliability": "C", "credibility": "2"}},
                  by=cast.investigator)
    html = sign_in(cast.reviewer).get(f"/cases/{case.ref}/findings/F-001/revisions/3/").content.decode()
    assert "<del>B: usually </del><ins>C: fairly </ins>" in html and "The minute." in html


def test_a_call_lists_the_revisions_and_tells_one(finding: Finding, case: Case, cast: Cast) -> None:
    edit(finding, cast, claim="Ten accounts posted one text in a minute.")
    client, headers, at = Client(), bearer(cast.auditor), f"/api/v1/cases/{case.ref}/findings/F-001/revisions/"
    listed = client.get(at, headers=headers).json()
    assert [(one["number"], one["editor"], one["decision"]) for one in listed["results"]] == [
        (2, "Imran Sethi", None), (1, "Imran Sethi", None)]
    told = client.get(f"{at}2/", headers=headers).json()
    assert told["words"]["claim"].startswith("Ten") and [one["field"] for one in told["changes"]] == ["claim"]
    assert {"change": "new", "text": "Ten "} in told["changes"][0]["parts"]
    assert client.get(f"{at}3/", headers=headers).status_code == 404
    assert client.get(f"{at}1/", headers=bearer(cast.outsider)).status_code == 404


def test_what_two_people_erased_is_gone_from_the_revision_too(finding: Finding, case: Case, cast: Cast) -> None:
    edit(finding, cast, claim="Ten accounts.")
    while sequence():
        pass
    first = finding.revisions.get(number=1)
    asked = erasures.propose(case, events=[first.event_id], reason="It named a source", basis="Section 7",
                             by=cast.legal)
    erasures.approve(case, asked.id, by=cast.lead)
    browser, at = sign_in(cast.reviewer), f"/cases/{case.ref}/findings/F-001/revisions/"
    html = browser.get(f"{at}1/").content.decode()
    assert "was erased from the custody log" in html and WORDS["claim"] not in html
    assert "nothing can be compared" in browser.get(f"{at}2/").content.decode()
    assert Client().get(f"/api/v1{at}1/", headers=bearer(cast.lead)).json()["words"] is None


@pytest.mark.parametrize("sql", ["UPDATE casework_revision SET number = 9", "DELETE FROM casework_revision",
                                 "TRUNCATE casework_revision"])
def test_a_revision_is_written_once(finding: Finding, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(("change", "constraint"), [
    ({}, "one_revision_per_number"), ({"number": 2, "digest": "x" * 64}, "revision_is_bound"),
    ({"number": 0}, "revision_is_bound"), ({"number": 2, "event_id": "the same"}, "event_id_key")])
def test_the_database_refuses_a_revision_that_is_none(finding: Finding, change: dict[str, Any],
                                                      constraint: str) -> None:
    kept = Revision.objects.values("finding_id", "number", "editor_id", "at", "digest", "event_id").get()
    change = change | {"event_id": kept["event_id"] if "event_id" in change else uuid4()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Revision.objects.create(**kept | change)


@pytest.mark.parametrize("many", [2, 20])
def test_the_list_takes_as_many_queries_for_20_as_for_2(finding: Finding, case: Case, cast: Cast, many: int,
                                                        django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(many - 1):
        edit(finding, cast, claim=f"Wording {number}.")
    browser, at = sign_in(cast.reviewer), f"/cases/{case.ref}/findings/F-001/revisions/"
    browser.get("/cases/")
    with django_assert_num_queries(7):
        assert f"Revision {many}" in browser.get(at).content.decode()


@pytest.mark.parametrize(("old", "new", "parts"), [
    ("", "", []), ("one two", "one two", [("same", "one two")]), ("", "new", [("new", "new")]),
    ("gone", "", [("gone", "gone")]), ("one two", "one three", [("same", "one "), ("gone", "two"), ("new", "three")]),
    ("one two\nthree", "one\ntwo three", [("same", "one\ntwo three")]),
    ("نو اکاؤنٹ", "دس اکاؤنٹ", [("gone", "نو "), ("new", "دس "), ("same", "اکاؤنٹ")])])
def test_two_texts_are_compared_word_by_word(old: str, new: str, parts: list[tuple[Any, str]]) -> None:
    assert differences.between(old, new) == [Part(*part) for part in parts]


def test_a_text_of_one_word_over_and_over_keeps_nobody_waiting() -> None:
    old, new = "a " * 10_000, "a " * 9_999 + "b"
    found = differences.between(old, new)
    assert "".join(part.text for part in found if part.change != "new") == old
    assert "".join(part.text for part in found if part.change != "gone") == new
