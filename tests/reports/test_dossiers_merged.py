"""A dossier has an account once, whichever of its numbers findings and notices name, with both histories."""

import json

import pytest

from casework.accounts import merging, notes
from casework.accounts import services as accounts
from casework.accounts.models import Subject
from tests.reports.story import HANDLE, STRANGER, Story, make_story

pytestmark = pytest.mark.django_db
OLD = "daily_of_lahore"


@pytest.fixture
def story() -> Story:
    return make_story(1)


def duplicate(story: Story, handle: str) -> Subject:
    return accounts.name_account(story.case, platform="x", handle=handle, exhibit=story.exhibits[0],
                                 by=story.cast.investigator)


def raised(story: Story, subject: Subject) -> None:
    accounts.assess(subject, to_role="participant", indicators=["coordination"], exhibits=story.exhibits[:1],
                    reason="Posts within seconds.", against="May be a fan.", by=story.cast.investigator)


def test_a_referral_has_it_once_with_both_histories_and_what_speaks_for_either(story: Story) -> None:
    again = duplicate(story, OLD)
    notes.add(again, bearing="for", text="It reports of floods, too.", by=story.cast.investigator)
    raised(story, again)
    story.finding.subjects.add(again)
    merging.merge(story.subject, other=again, reason="One account", by=story.cast.investigator)
    frozen = story.compose().frozen
    first = frozen["subjects"][0]
    assert [row["label"] for row in frozen["subjects"]] == frozen["findings"][0]["subjects"] == ["S-001", "S-002"]
    assert {one["handle"] for one in first["handles"]} == {HANDLE, OLD}
    assert "It reports of floods, too." in first["exculpatory"]


def test_a_finding_that_names_the_duplicate_speaks_of_the_one_kept(story: Story) -> None:
    again = duplicate(story, OLD)
    raised(story, again)
    story.finding.subjects.set([again])
    merging.merge(story.subject, other=again, reason="One account", by=story.cast.investigator)
    for kind in ("referral", "briefing"):
        frozen = story.compose(kind).frozen
        assert [row["label"] for row in frozen["subjects"]] == frozen["findings"][0]["subjects"], kind
        assert len(frozen["subjects"]) == 1
    assert OLD not in json.dumps(frozen, ensure_ascii=False), "a briefing names nobody"


def test_an_ordinary_user_is_withheld_under_both_handles_and_named_under_both_once_assessed(story: Story) -> None:
    kept = story.case.subjects.get(number=2)
    merging.merge(kept, other=duplicate(story, OLD), reason="One account", by=story.cast.investigator)
    story.finding.title = f"@{OLD} is @{STRANGER}"
    story.finding.save(update_fields=["title"])
    told = json.dumps(story.compose().frozen, ensure_ascii=False)
    assert OLD not in told and STRANGER not in told and "S-003" not in told
    raised(story, kept)
    told = json.dumps(story.compose().frozen, ensure_ascii=False)
    assert OLD in told and STRANGER in told
