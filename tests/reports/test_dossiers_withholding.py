"""What a dossier keeps back of people who are no part of it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from casework.accounts import services as accounts
from casework.exhibits import services as exhibits
from casework.people import services as people
from reports.dossiers import called
from reports.dossiers.making import _events
from reports.dossiers.pages import Pages
from reports.pdf.sign import Certificate
from tests.reports.story import HANDLE, STRANGER, Story, make_story, screenshot, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return make_story(1)


def lodged(story: Story, number: int, **provenance: str) -> dict[str, Any]:
    """The rows of exhibits in a referral that cites one more, by label."""
    row = exhibits.lodge_bytes(
        story.case, data=screenshot(number), name=f"@{STRANGER}-{number}.png", title=f"Post of @{STRANGER}",
        provenance=provenance, by=story.cast.investigator).exhibit
    story.finding.citations.create(exhibit=row, bearing="for")
    work(row)
    frozen = story.compose().frozen
    found = next(one for one in frozen["exhibits"] if one["label"] == row.label)
    return {"frozen": frozen, "row": found}


@pytest.mark.parametrize("handle", [STRANGER, "nobody_of_it"])
def test_a_referral_withholds_where_an_ordinary_user_posted(story: Story, handle: str) -> None:
    post = "1790000000000000001"
    made = lodged(story, 50, source_url=f"https://x.com/{handle}/status/{post}")
    row, frozen = made["row"], made["frozen"]
    assert row["withheld"] == ["handle", "source_url", "post_id"] and row["picture"]
    told = json.dumps(frozen, ensure_ascii=False)
    assert handle not in told and STRANGER not in told and post not in told
    [first] = [one["event_id"] for one in frozen["exhibits"] if one["label"] == "E-001"]
    assert row["event_id"] not in _events(frozen) and first in _events(frozen)
    certificate = Certificate("x", "x", "x", datetime(2027, 1, 1, tzinfo=UTC))
    pages = Pages(frozen, label="D-001", certificate=certificate, pictures={}, openings={}, review={})
    page = pages.chapters(1)[0].html
    assert page.count("withheld: an ordinary user") == 1 and handle not in page and HANDLE in page


def test_a_referral_says_where_those_who_take_part_posted(story: Story) -> None:
    row = lodged(story, 51, source_url=f"https://x.com/{HANDLE}/status/1790000000000000002")["row"]
    assert row["withheld"] == [] and row["provenance"]["handle"] == HANDLE


def test_the_same_handle_on_another_platform_is_another_account(story: Story) -> None:
    row = lodged(story, 53, platform="tiktok", handle=HANDLE)["row"]
    assert row["withheld"] == ["handle"]


def test_a_briefing_names_no_source_no_file_and_nobody_in_a_title(story: Story) -> None:
    person = story.cast.investigator
    exhibits.lodge_bytes(story.case, data=b"x", name="bashir-notes.txt", title="By @kamran_k",
                         provenance={"received_from": "Former member Nadia Qureshi"}, by=person)
    exhibits.lodge_bytes(story.case, data=b"y", name="chat.txt", title="Chat",
                         provenance={"received_from": "former member of the group"}, by=person)
    story.finding.method = ("Nadia and QURESHI, a member, gave bashir-notes and bashir-notes.txt of kamran_k in a chat;"
                            " a former member of the group agreed.")
    story.finding.save()
    method = story.compose("briefing").frozen["findings"][0]["method"]
    for secret in ("nadia", "qureshi", "bashir", "kamran", "former member of the group"):
        assert secret not in method.casefold()
    assert ", a member, gave File " in method and "in a chat; a Person " in method


def test_a_briefing_names_no_subject_in_another_spelling(story: Story) -> None:
    person, exhibit = story.cast.investigator, story.case.exhibits.order_by("number")[0]
    for handle, name in (("lahore_times_24", "Lahore Times"), ("ayesha_k", "Ayesha Khan"), ("amina_writes", "")):
        accounts.name_account(story.case, platform="x", handle=handle, display_name=name, exhibit=exhibit, by=person)
    story.finding.claim = ("The #LahoreTimes network: LahoreTimes and lahoretimes24 posted, then lahore_times24 and "
                           "AminaWrites, #AyeshaKhan and Ayesha_Khan786. Money went to PK36SCBL0000001123456702 and "
                           "to 0300,5550142; see foo.bar.onion, in October 2026.")
    story.finding.save()
    claim = story.compose("briefing").frozen["findings"][0]["claim"]
    for secret in ("lahore", "times", "amina", "writes", "ayesha", "khan", "786", "scbl", "1123", "0300", "onion"):
        assert secret not in claim.casefold(), claim
    assert claim.startswith("The #Account ") and claim.endswith(", in October 2026.")
    assert "Money went to Number A" in claim


def test_a_briefing_names_no_colleague_by_an_earlier_name(story: Story) -> None:
    writer, token = story.cast.investigator, "in a chat"
    people.make_token(writer, name=token, scopes=["read"], days=1)
    for name in ("Sabeen Durrani", "Mehr Kakar"):
        people.change_settings(writer, display_name=name, language="en", theme="auto", single_keys=True)
    story.finding.method = "Sabeen Durrani read it in a chat with Mehr Kakar."
    story.finding.save()
    method = story.compose("briefing").frozen["findings"][0]["method"]
    assert "Sabeen" not in method and "Durrani" not in method and "Kakar" not in method
    assert " read it in a chat with " in method, "the name of a token is nobody's name"


def test_a_month_and_a_plain_word_are_nobodys_name() -> None:
    story = make_story(1)
    for name, came in (("trend.png", "A member of the group, on 9 October 2026"), ("Farid-chat.png", "Asif Jamal")):
        exhibits.lodge_bytes(story.case, data=name.encode(), name=name, provenance={"received_from": came},
                             by=story.cast.investigator)
    words = {word for names in (called.sources(story.case) | called.files(story.case)).values() for word in names}
    assert {"October", "trend"}.isdisjoint(words)
    assert {"trend.png", "Farid-chat", "Asif", "Jamal"} <= words
