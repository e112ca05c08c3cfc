"""What a dossier says of a finding: likelihood and confidence apart, judged sources, other explanations, techniques."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.html import strip_tags

from casework.findings import lint, services, sources, tags
from casework.findings.models import Finding
from reports.dossiers.changes import changes
from reports.dossiers.models import Dossier
from reports.dossiers.pages import Pages
from reports.dossiers.replaced import replacements
from reports.pdf.sign import Certificate
from tests.factories import sign_in
from tests.reports.story import HANDLE, NAME, PHONE, Story, make_story
from tests.weighed import others

SWARMING = {"number": "T0049.005", "name": "Conduct Swarming"}


@pytest.fixture
def story(db: None) -> Story:
    """Whose finding names people in what its exhibits show and in why another explanation does not hold."""
    story = make_story(1)
    finding, by = story.finding, story.cast.investigator
    whole: dict[str, Any] = {name: getattr(finding, name) for name in ("kind", "likelihood", *services.TEXTS)}
    services.edit(finding, **whole, confidence="moderate", exhibits_for=story.exhibits,
                  alternatives=others("A public call.", f"None reached {NAME}."), by=by)
    judged = {"note": f"@{HANDLE} and {PHONE}.", "reliability": "B", "credibility": "2"}
    sources.judge(finding, sources={row.label: judged for row in story.exhibits}, by=by)
    tags.tag(finding, techniques=[SWARMING["number"]], by=by)
    services.review(services.submit(finding, by=by), by=story.cast.reviewer)
    return story


def printed(dossier: Dossier) -> str:
    certificate = Certificate("x", "x", "x", datetime(2027, 1, 1, tzinfo=UTC))
    pages = Pages(dossier.frozen, label="D-001", certificate=certificate, pictures={}, openings={}, review={})
    return pages.front(dict.fromkeys((mark.anchor for one in pages.marks() for mark in (one, *one.inner)), 1))


def test_a_referral_freezes_all_of_it(story: Story) -> None:
    row = story.compose().frozen["findings"][0]
    assert (row["likelihood"], row["confidence"], row["techniques"]) == ("very_likely", "moderate", [SWARMING])
    assert row["alternatives"] == [{"hypothesis": "A public call.", "why": f"None reached {NAME}."}]
    assert [(one["exhibit"], one["reliability"], one["credibility"]) for one in row["citations"]] == [
        ("E-001", "B", "2"), ("E-002", "B", "2")]
    assert row["exhibits_for"] == ["E-001", "E-002"]


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["very likely", "moderate", "B: usually reliable", "2: probably true", "A public call."]),
    ("ur", ["متوسط", "عموماً قابلِ اعتبار", "غالباً درست", "A public call."])])
def test_it_is_printed_in_the_language_of_the_dossier(story: Story, language: str, words: list[str]) -> None:
    html = printed(story.compose(language=language))
    assert all(word in html for word in words)
    assert re.search(r'<bdi dir="ltr" lang="en">Conduct Swarming</bdi>', html)
    # No cell and no paragraph has a likelihood and a confidence in one sentence.
    for part in re.split(r"</(?:td|th|p|h\d|li)>", html):
        assert not lint.mixed(strip_tags(part)), part


def test_a_briefing_names_nobody_in_any_of_it(story: Story) -> None:
    dossier = story.compose("briefing")
    row = dossier.frozen["findings"][0]
    for text in (row["alternatives"][0]["why"], *(one["note"] for one in row["citations"])):
        assert not any(name in text for name in (HANDLE, NAME, PHONE)), text
    assert row["techniques"] == [SWARMING] and row["citations"][0]["reliability"] == "B"
    written = [written for written, _printed in replacements(dossier)]
    assert f"{NAME}." in written and any(HANDLE in text for text in written)
    assert changes(dossier) == []


def test_what_is_judged_otherwise_stops_what_was_composed_before(story: Story) -> None:
    dossier = story.compose()
    assert changes(dossier) == []
    story.finding.citations.update(credibility="3")
    assert [text[:5] for text in changes(dossier)] == ["F-001"]


def older(dossier: Dossier) -> None:
    """As it was frozen before any of this was asked."""
    for row in dossier.frozen["findings"]:
        row["alternatives"] = "A public call that we did not see."
        for name in ("confidence", "citations", "techniques"):
            del row[name]
    dossier.frozen["v"] = 1
    dossier.save()


@pytest.mark.parametrize("kind", ["referral", "briefing"])
def test_one_that_was_frozen_before_is_shown_and_printed(story: Story, kind: str) -> None:
    dossier = story.compose(kind)
    older(dossier)
    assert "A public call that we did not see." in printed(dossier)
    person = story.cast.legal if kind == "referral" else story.cast.media
    page = sign_in(person).get(f"/cases/{story.case.ref}/reports/D-001/")
    html = page.content.decode()
    assert page.status_code == 200 and "A public call that we did not see." in html
    assert "Not judged yet" not in html and "Confidence in this judgement" not in html
    replacements(dossier)


def test_a_finding_that_was_reviewed_before_says_that_nothing_is_stated(story: Story) -> None:
    Finding.objects.update(confidence="")
    story.finding.citations.update(reliability="", credibility="")
    html = printed(story.compose())
    assert "Confidence in this judgement" not in html and html.count("Not judged yet") == 4
