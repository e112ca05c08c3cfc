"""Campaigns: what taskings pushed, when it was seen, and what bad input gets."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from casework.campaigns import services
from casework.campaigns.models import Campaign, Mark
from casework.cases import services as cases
from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels import taskings
from casework.channels.tasking_models import Tasking
from casework.editions import Changed
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from evidence.custody import history
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return made(cast)


def made(cast: Cast, title: str = "Paid trend in Lahore") -> Case:
    """A case with a channel and two taskings of it, K-001 with a time."""
    case = make_case(cast, title)
    shown = lodge_png(case, cast.investigator, 1).exhibit
    channel = channels.name_channel(case, platform="whatsapp", name="Evening posts", at="2026-03-14", exhibit=shown,
                                    by=cast.investigator)
    taskings.note(channel, message="8 sharp: #DeltaPortNow", at="2026-03-14 18:05", exhibits=[shown], by=cast.lead)
    taskings.note(channel, message="And this", exhibits=[shown], by=cast.lead)
    return case


def name(case: Case, cast: Cast, **more: Any) -> Campaign:
    words: dict[str, Any] = {"title": "Delta port", "objective": "To make the port look wanted.",
                             "taskings": list(case.taskings.filter(number=1)), "by": cast.investigator}
    return services.name_campaign(case, **words | more)


def mark(campaign: Campaign, cast: Cast, **more: Any) -> Mark:
    words: dict[str, Any] = {"kind": "hashtag", "text": "#DeltaPortNow", "at": "2026-03-15",
                             "exhibit": exhibits_of(campaign.case)[0], "by": cast.investigator}
    return services.mark(campaign, **words | more)


def seen(campaign: Campaign) -> tuple[str, str]:
    """First and last, as days."""
    row = Campaign.objects.with_span().get(pk=campaign.pk)
    return tuple(f"{at:%Y-%m-%d}" if at else "" for at in (row.first, row.last))  # type: ignore[return-value]


def refused(act: Any) -> set[str]:
    with pytest.raises(ValidationError) as found:
        act()
    return set(found.value.message_dict)


def test_a_campaign_stands_on_taskings_and_is_seen_when_they_and_its_marks_are(case: Case, cast: Cast) -> None:
    campaign = name(case, cast, languages="ur, EN ur")
    assert (campaign.label, campaign.languages, campaign.spoken) == ("G-001", ["ur", "en"], ["اردو", "English"])
    assert seen(campaign) == ("2026-03-14", "2026-03-14")
    told = history.entries(subject=campaign.word, limit=1)[0].detail
    assert (told["act"], told["taskings"], told["languages"]) == ("campaign_named", ["K-001"], ["ur", "en"])
    late = mark(campaign, cast, text="deltaportnow", at="2026-03-20 10:00 +05:00")
    mark(campaign, cast, kind="slogan", text="The port is ours", at="2026-03-10")
    assert (late.text, seen(campaign)) == ("#deltaportnow", ("2026-03-10", "2026-03-20"))
    services.withdraw_mark(late, reason="Another trend", by=cast.lead)
    assert seen(campaign) == ("2026-03-10", "2026-03-14")
    exhibits.withdraw(exhibits_of(case)[0], reason="Cropped", by=cast.lead)
    assert seen(campaign) == ("2026-03-14", "2026-03-14"), "a mark on a withdrawn exhibit shows nothing"
    taskings.withdraw(case.taskings.get(number=1), reason="Misread", by=cast.lead)
    assert seen(campaign) == ("", "")


@pytest.mark.parametrize(("bad", "field"), [
    ({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"objective": ""}, "objective"),
    ({"languages": "urdu"}, "languages"), ({"taskings": []}, "taskings")])
def test_what_is_wrong_is_named_and_nothing_is_kept(case: Case, cast: Cast, bad: dict[str, Any], field: str) -> None:
    assert refused(lambda: name(case, cast, **bad)) == {field}
    assert not case.campaigns.exists()


def test_all_that_is_wrong_is_named_at_once(case: Case, cast: Cast) -> None:
    assert refused(lambda: name(case, cast, title="", objective="", taskings=[])) == {"title", "objective", "taskings"}


def test_taskings_of_another_case_and_withdrawn_ones_are_refused(case: Case, cast: Cast) -> None:
    other = made(cast, "Another")
    assert refused(lambda: name(case, cast, taskings=list(other.taskings.all()))) == {"taskings"}
    gone = taskings.withdraw(case.taskings.get(number=2), reason="Misread", by=cast.lead)
    assert refused(lambda: name(case, cast, taskings=[gone])) == {"taskings"}
    campaign = name(case, cast)
    kept = taskings.withdraw(case.taskings.get(number=1), reason="Misread", by=cast.lead)
    edited = services.edit(campaign, title="Port", objective="As before", taskings=[kept], by=cast.lead)
    assert edited.title == "Port", "one that was named before it was withdrawn may stay named"


@pytest.mark.parametrize(("bad", "field"), [
    ({"kind": "song"}, "kind"), ({"kind": ""}, "kind"), ({"text": ""}, "text"), ({"text": "#a #b"}, "text"),
    ({"text": "two words"}, "text"), ({"text": "#123"}, "text"), ({"kind": "slogan", "text": "x" * 501}, "text"),
    ({"at": "soon"}, "at"), ({"at": "2999-01-01"}, "at")])
def test_a_mark_that_is_none_is_refused(case: Case, cast: Cast, bad: dict[str, Any], field: str) -> None:
    campaign = name(case, cast)
    assert refused(lambda: mark(campaign, cast, **bad)) == {field}
    assert not campaign.marks.exists()


def test_an_exhibit_of_another_case_marks_nothing(case: Case, cast: Cast) -> None:
    other = made(cast, "Another")
    assert refused(lambda: mark(name(case, cast), cast, exhibit=exhibits_of(other)[0])) == {"exhibit"}


def test_two_who_edit_at_once_lose_no_word(case: Case, cast: Cast) -> None:
    campaign = name(case, cast)
    first = services.edition(campaign).version
    words: dict[str, Any] = {"objective": "Other", "taskings": list(Tasking.objects.filter(case=case))}
    services.edit(campaign, title="One", made_from=[first], by=cast.lead, **words)
    with pytest.raises(Changed):
        services.edit(campaign, title="Two", made_from=[first], by=cast.investigator, **words)
    campaign.refresh_from_db()
    assert (campaign.title, campaign.taskings.count()) == ("One", 2)


def test_who_may_not_changes_nothing(case: Case, cast: Cast) -> None:
    campaign = name(case, cast)
    with pytest.raises(PermissionDenied):
        name(case, cast, by=cast.reviewer)
    with pytest.raises(PermissionDenied):
        mark(campaign, cast, by=cast.legal)
    with pytest.raises(PermissionDenied):
        services.withdraw(campaign, reason="None", by=cast.auditor)
    cases.close(case, reason="Done", by=cast.lead)
    with pytest.raises(NotAllowed):
        mark(campaign, cast)
    assert (case.campaigns.count(), campaign.marks.count()) == (1, 0)


def test_a_withdrawn_one_stays_and_changes_no_more(case: Case, cast: Cast) -> None:
    campaign = services.withdraw(name(case, cast), reason="Twice", by=cast.lead)
    assert (campaign.withdrawn_reason, case.campaigns.get()) == ("Twice", campaign)
    with pytest.raises(NotAllowed):
        mark(campaign, cast)


def test_the_database_keeps_what_was_written(case: Case, cast: Cast) -> None:
    campaign = name(case, cast)
    mark(campaign, cast)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Mark.objects.update(text="#Other")
    for model in (Mark, Campaign):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model._base_manager.all()._raw_delete(using="default")
