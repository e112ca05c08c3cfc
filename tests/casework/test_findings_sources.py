"""What exhibits show that a finding cites, the Admiralty code of them, and the other explanations."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from casework.cases.models import Case
from casework.editions import Changed
from casework.findings import services, sources
from casework.findings.content import sources_edition
from casework.findings.models import Alternative, Citation, Finding
from evidence.custody.models import Payload
from tests.casework.test_findings_services import WORDS
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in
from tests.weighed import judge, others, typed

B2 = {"note": "The text and its minute.", "reliability": "B", "credibility": "2"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    for shade in (1, 2):
        lodge_png(case, cast.investigator, shade)
    return case


@pytest.fixture
def finding(case: Case, cast: Cast) -> Finding:
    one, two = exhibits_of(case)
    return services.write(case, **WORDS, exhibits_for=[one], exhibits_against=[two], by=cast.investigator)


def graded(finding: Finding) -> list[tuple[Any, ...]]:
    return list(finding.citations.order_by("exhibit__number").values_list(
        "bearing", "note", "reliability", "credibility"))


def test_nothing_is_judged_until_somebody_judges_it(finding: Finding, cast: Cast) -> None:
    assert graded(finding) == [("for", "", "", ""), ("against", "", "", "")]
    with pytest.raises(ValidationError, match="E-001, E-002"):
        services.submit(finding, by=cast.investigator)
    assert Finding.objects.get().state == "draft"


@pytest.mark.parametrize("half", [{"reliability": ""}, {"credibility": ""}])
def test_one_half_of_the_code_says_nothing_of_the_other(finding: Finding, cast: Cast, half: dict[str, str]) -> None:
    judge(finding, by=cast.investigator)
    sources.judge(finding, sources={"E-002": {**B2, **half}}, by=cast.investigator)
    with pytest.raises(ValidationError, match=r"not judged yet|Not judged yet.*: E-002\.") as refused:
        services.submit(finding, by=cast.investigator)
    assert "E-001" not in str(refused.value)


def test_that_it_cannot_be_judged_is_a_judgement(finding: Finding, cast: Cast) -> None:
    f6 = {"note": "", "reliability": "F", "credibility": "6"}
    sources.judge(finding, sources={"E-001": f6, "E-002": f6}, by=cast.investigator)
    assert services.submit(finding, by=cast.investigator).state == "in_review"


@pytest.mark.parametrize("bad", [{"reliability": "G"}, {"credibility": "0"}, {"reliability": "2"},
                                 {"note": "With high confidence it is likely."}, {"note": "x" * 20_001}])
def test_no_other_letter_and_no_mixed_note(finding: Finding, cast: Cast, bad: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        sources.judge(finding, sources={"E-001": {**B2, **bad}}, by=cast.investigator)
    assert graded(finding)[0] == ("for", "", "", "")


def test_only_what_is_cited_is_judged_and_only_by_its_author(finding: Finding, case: Case, cast: Cast) -> None:
    lodge_png(case, cast.investigator, 3)
    with pytest.raises(ValidationError, match="Not cited here: E-003"):
        sources.judge(finding, sources={"E-003": B2}, by=cast.investigator)
    with pytest.raises(PermissionDenied):
        sources.judge(finding, sources={"E-001": B2}, by=cast.lead)


def test_what_was_judged_stays_with_an_exhibit_that_stays_cited(finding: Finding, case: Case, cast: Cast) -> None:
    sources.judge(finding, sources={"E-001": B2}, by=cast.investigator)
    third = lodge_png(case, cast.investigator, 3).exhibit
    services.edit(finding, **WORDS, exhibits_for=[third], exhibits_against=exhibits_of(case)[:1],
                  by=cast.investigator)
    assert graded(finding) == [("against", B2["note"], "B", "2"), ("for", "", "", "")]


def test_judging_is_an_edit_and_voids_a_review(finding: Finding, cast: Cast) -> None:
    submitted = services.submit(judge(finding, by=cast.investigator), by=cast.investigator)
    services.review(submitted, by=cast.reviewer)
    before = services.digest(finding)
    judged = sources.judge(finding, sources={"E-001": {**B2, "credibility": "3"}}, by=cast.investigator)
    assert (judged.state, judged.reviewer) == ("draft", None) and services.digest(judged) != before
    said = Payload.objects.filter(subject=finding.word).order_by("-at").first()
    assert said and b'"credibility":"3"' in bytes(said.content)


def test_who_judged_an_older_version_is_told(finding: Finding, cast: Cast) -> None:
    read = sources_edition(finding).version
    sources.judge(finding, sources={"E-001": B2}, by=cast.investigator)
    with pytest.raises(Changed) as refused:
        sources.judge(finding, sources={"E-002": B2}, made_from=[read], by=cast.investigator)
    assert refused.value.stands.words["reliability_1"] == "B"


def test_the_page_shows_what_another_window_saved_beside_what_was_typed(finding: Finding, case: Case,
                                                                        cast: Cast) -> None:
    author, at = sign_in(cast.investigator), f"/cases/{case.ref}/findings/F-001/sources/"
    read = sources_edition(finding).version
    sources.judge(finding, sources={"E-001": B2}, by=cast.investigator)
    late = author.post(at, {"made_from": read, "note_1": "Mine", "reliability_1": "C"})
    html = late.content.decode()
    assert late.status_code == 409 and "B: usually reliable</p>" in html and "\nMine</textarea>" in html
    assert graded(finding)[0] == ("for", *B2.values())


def test_the_page_says_both_halves_in_words_and_takes_no_other(finding: Finding, case: Case, cast: Cast) -> None:
    author, at = sign_in(cast.investigator), f"/cases/{case.ref}/findings/F-001/"
    wrong = author.post(f"{at}sources/", {"note_1": "Typed", "reliability_1": "G"})
    assert wrong.status_code == 422 and "\nTyped</textarea>" in wrong.content.decode()
    sent = {f"{name}_1": text for name, text in B2.items()} | {"reliability_2": "F", "credibility_2": "6"}
    assert author.post(f"{at}sources/", sent).status_code == 302
    html = author.get(at).content.decode()
    for said in ("B: usually reliable", "2: probably true", "F: reliability cannot be judged",
                 "6: truth cannot be judged", B2["note"]):
        assert said in html
    cast.investigator.language = "ur"
    cast.investigator.save()
    assert "عموماً قابلِ اعتبار" in sign_in(cast.investigator).get(at).content.decode()


def test_a_call_judges_each_exhibit_once_and_says_which_version_it_read(finding: Finding, case: Case,
                                                                        cast: Cast) -> None:
    client, at, headers = Client(), f"/api/v1/cases/{case.ref}/findings/F-001/", bearer(cast.investigator)

    def put(*judged: dict[str, str], **more: str) -> Any:
        return client.put(f"{at}sources/", {"sources": judged}, content_type="application/json",
                          headers=headers | more)

    one = {"exhibit": "E-001", **B2}
    assert put(one, one).status_code == 422 and put({**one, "reliability": "Z"}).status_code == 422
    assert put({**one, "exhibit": "E-9"}).status_code == 422
    stray = put({**one, "weight": "heavy"})
    assert stray.status_code == 422 and "There is no such field here." in str(stray.json()["errors"])
    tag = client.get(at, headers=headers)["ETag"]
    saved = put(one, **{"If-Match": tag})
    assert saved.status_code == 200 and saved["ETag"] != tag
    assert saved.json()["exhibits"][0] == {"bearing": "for", **one}
    assert put(one, **{"If-Match": tag}).status_code == 412


def test_other_explanations_are_a_list_each_with_why(case: Case, cast: Cast) -> None:
    author, at = sign_in(cast.investigator), f"/cases/{case.ref}/findings/"
    words = {**WORDS, "alternatives": [*others("Keen followers.", "Within a minute."), *others("A bot.", "Typed.")]}
    sent = typed({**words, "exhibits_for": "E-001"})
    # A row that is left empty between others is no explanation.
    sent |= {"alternatives-5-hypothesis": "A news event.", "alternatives-5-why": "None that day."}
    half = author.post(f"{at}new/", {**sent, "alternatives-1-why": " "})
    assert half.status_code == 422 and "\nA bot.</textarea>" in half.content.decode()
    assert "Say of each explanation why it is less likely" in half.content.decode()
    assert author.post(f"{at}new/", sent).status_code == 302
    assert list(Alternative.objects.values_list("position", "hypothesis", "why")) == [
        (1, "Keen followers.", "Within a minute."), (2, "A bot.", "Typed."), (3, "A news event.", "None that day.")]
    html = author.get(f"{at}F-001/edit/").content.decode()
    assert 'name="alternatives-2-hypothesis"' in html and 'name="alternatives-4-hypothesis"' in html
    told = Client().get(f"/api/v1{at}F-001/", headers=bearer(cast.investigator)).json()
    assert told["alternatives"][2] == {"hypothesis": "A news event.", "why": "None that day."}


def test_what_was_written_before_why_was_asked_does_not_pass(finding: Finding, cast: Cast) -> None:
    judge(finding, by=cast.investigator)
    Alternative.objects.update(why="")
    Finding.objects.update(confidence="")
    with pytest.raises(ValidationError) as refused:
        services.submit(finding, by=cast.investigator)
    assert len(refused.value.messages) == 2
    finding.alternatives.all().delete()
    with pytest.raises(ValidationError, match="each other explanation"):
        services.submit(finding, by=cast.investigator)


@pytest.mark.parametrize("change", [{"reliability": "G"}, {"credibility": "7"}, {"bearing": "beside"}])
def test_the_database_refuses_a_grade_that_is_none(finding: Finding, change: dict[str, str]) -> None:
    with pytest.raises(IntegrityError, match="citation_words_known"), transaction.atomic():
        Citation.objects.update(**change)


@pytest.mark.parametrize("spoil", [
    lambda: Citation.objects.filter(exhibit__number=2).update(credibility=""),
    lambda: Citation.objects.update(bearing="against"), lambda: Alternative.objects.all().delete(),
    lambda: Alternative.objects.update(why=""), lambda: Finding.objects.update(confidence="")])
def test_the_database_lets_nothing_incomplete_into_review(finding: Finding, cast: Cast, spoil: Any) -> None:
    judge(finding, by=cast.investigator)
    spoil()
    with pytest.raises(IntegrityError, match="not complete"), transaction.atomic():
        Finding.objects.update(state="in_review")


def test_the_database_refuses_an_explanation_without_words(finding: Finding) -> None:
    with pytest.raises(IntegrityError, match="alternative_says_what"), transaction.atomic():
        Alternative.objects.update(hypothesis="")
