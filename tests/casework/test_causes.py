"""Causes, the listings behind them, and the picture: nothing leads from a cause to an account."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from casework.campaigns import causes, compose, listings, services
from casework.campaigns.models import Campaign, Cause, Listing, Push
from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels import taskings
from casework.lifecycle import NotAllowed
from evidence.custody import history
from tests.casework.test_campaigns import made, name, refused
from tests.factories import Cast, exhibits_of, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return made(cast)


def listed(cast: Cast, **more: Any) -> Listing:
    words: dict[str, Any] = {
        "authority": "Council of Examples", "list_name": "Example list", "organisation": "Front for Nothing",
        "reference": "EX-14", "listed_on": date(2025, 2, 1), "source_url": "https://list.example/ex-14",
        "read_on": date(2026, 3, 1), "by": cast.admin}
    return listings.add(**words | more)


def cause(case: Case, cast: Cast, **more: Any) -> Cause:
    words: dict[str, Any] = {"title": "A port in the delta", "by": cast.investigator}
    return causes.name_cause(case, **words | more)


def attach(campaign: Campaign, of: Cause, cast: Cast, **more: Any) -> Push:
    words: dict[str, Any] = {"cause": of, "basis": "The tasking asks for it.",
                             "exhibits": exhibits_of(campaign.case)[:1], "by": cast.investigator}
    return causes.attach(campaign, **words | more)


def test_a_cause_hangs_on_a_campaign_and_may_cite_a_listing(case: Case, cast: Cast) -> None:
    one = cause(case, cast, listing=listed(cast), listing_basis="The front signs the posts.")
    push = attach(name(case, cast), one, cast)
    assert (one.label, push.cause, [each.label for each in push.exhibits.all()]) == ("U-001", one, ["E-001"])
    told = history.entries(subject=push.campaign.word, limit=1)[0].detail
    assert (told["act"], told["cause"], told["exhibits"]) == ("cause_attached", "U-001", ["E-001"])
    assert refused(lambda: attach(push.campaign, one, cast)) == {"cause"}
    with pytest.raises(ValidationError, match="G-001"):
        causes.withdraw(one, reason="Wrong", by=cast.lead)
    causes.detach(push, reason="Misread", by=cast.lead)
    assert causes.withdraw(one, reason="Wrong", by=cast.lead).withdrawn_reason == "Wrong"
    assert refused(lambda: attach(push.campaign, one, cast)) == {"cause"}


@pytest.mark.parametrize("word", ["@lahore_news_10", "+92 300 1234567", "اکاؤنٹ @lahore_news_10"])
def test_no_account_is_named_beside_a_cause(case: Case, cast: Cast, word: str) -> None:
    assert refused(lambda: cause(case, cast, title=word)) == {"title"}
    assert refused(lambda: cause(case, cast, description=f"Pushed by {word}")) == {"description"}
    one, campaign = cause(case, cast), name(case, cast)
    assert refused(lambda: attach(campaign, one, cast, basis=f"{word} posts it")) == {"basis"}
    assert not campaign.pushes.exists()


def test_no_row_of_a_cause_leads_to_an_account() -> None:
    """Of the models between a cause and a campaign none points at an account or a subject, and none of theirs at it."""
    account, subject = apps.get_model("casework", "Account"), apps.get_model("casework", "Subject")
    ours: set[Any] = {Cause, Push, Listing, Campaign}
    for model in ours:
        assert not {account, subject} & {field.related_model for field in model._meta.get_fields()}
    for other in (account, subject):
        assert not ours & {field.related_model for field in other._meta.get_fields()}


def test_what_is_wrong_with_a_cause_is_named(case: Case, cast: Cast) -> None:
    listing, gone = listed(cast), listed(cast, reference="EX-15")
    listings.withdraw(gone, reason="Taken back", by=cast.admin)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"title": ""}, "title"), ({"listing": listing}, "listing_basis"), ({"listing_basis": "So"}, "listing_basis"),
        ({"listing": gone, "listing_basis": "So"}, "listing")]
    for bad, field in wrong:
        assert refused(partial(cause, case, cast, **bad)) == {field}
    cause(case, cast)
    assert refused(lambda: cause(case, cast, title="a PORT in the delta")) == {"title"}
    other = made(cast, "Another")
    campaign = name(case, cast)
    assert refused(lambda: attach(campaign, cause(other, cast), cast)) == {"cause"}
    assert refused(lambda: attach(campaign, case.causes.get(), cast, exhibits=exhibits_of(other))) == {"exhibits"}
    assert refused(lambda: attach(campaign, case.causes.get(), cast, exhibits=[])) == {"exhibits"}


def test_a_cause_goes_on_to_cite_a_listing_that_ended(case: Case, cast: Cast) -> None:
    listing = listed(cast)
    one = cause(case, cast, listing=listing, listing_basis="It signs.")
    listings.withdraw(listing, reason="Taken back", by=cast.admin)
    kept = causes.edit(one, title="A port", listing=listing, listing_basis="It signed.", by=cast.lead)
    assert (kept.listing, kept.title) == (listing, "A port")


def test_listings_are_for_administrators_and_written_once(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        listed(cast, by=cast.lead)
    one = listed(cast)
    assert refused(lambda: listed(cast)) == {"reference"}
    with pytest.raises(PermissionDenied):
        listings.withdraw(one, reason="Mine", by=cast.lead)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Listing.objects.update(reference="EX-99")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Listing.objects.all()._raw_delete(using="default")
    listings.withdraw(one, reason="Taken back", by=cast.admin)
    with pytest.raises(NotAllowed):
        listings.withdraw(one, reason="Again", by=cast.admin)
    assert listed(cast).pk != one.pk, "after that it may be written down anew"
    told = history.entries(subject=one.word, limit=1)[0].detail
    assert (told["act"], told["reason"]) == ("listing_withdrawn", "Taken back")


@pytest.mark.parametrize(("bad", "field"), [
    ({"authority": ""}, "authority"), ({"reference": "x" * 121}, "reference"), ({"source_url": ""}, "source_url"),
    ({"source_url": "list.example"}, "source_url"), ({"source_url": "javascript:alert(1)"}, "source_url"),
    ({"source_url": "https://me:secret@list.example/"}, "source_url"), ({"source_url": "http://[::1"}, "source_url"),
    ({"listed_on": date(2999, 1, 1)}, "listed_on"), ({"read_on": date(2024, 1, 1)}, "read_on")])
def test_a_listing_without_its_source_is_refused(cast: Cast, bad: dict[str, Any], field: str) -> None:
    assert refused(lambda: listed(cast, **bad)) == {field}
    assert not Listing.objects.exists()


def test_the_picture_is_drawn_from_campaigns(case: Case, cast: Cast) -> None:
    assert compose.picture([], {}) is None
    second = channels.name_channel(case, platform="telegram", name="Morning", at="2026-03-14",
                                   exhibit=exhibits_of(case)[0], by=cast.lead)
    more = taskings.note(second, message="Also", exhibits=exhibits_of(case)[:1], by=cast.lead)
    port, vote, idle = cause(case, cast), cause(case, cast, title="A vote abroad"), cause(case, cast, title="Idle")
    one = name(case, cast, taskings=list(case.taskings.all()))
    two = name(case, cast, title="Vote", taskings=[more])
    attach(one, port, cast)
    attach(two, vote, cast)
    causes.detach(attach(two, idle, cast), reason="Misread", by=cast.lead)
    drawn = compose.picture(list(case.campaigns.standing().told()), {second.pk: "Morning"})
    assert drawn is not None
    assert [each.label for each in drawn.causes] == ["U-001", "U-002"]
    assert [(row.channel.label, row.name, row.counts) for row in drawn.rows] == [
        ("C-001", "", [2, 0]), ("C-002", "Morning", [1, 1])]
    assert sorted(line.count for line in drawn.lines) == [1, 1, 1, 1, 2]
    assert len({(box.x, box.y) for box in drawn.boxes}) == 6
    assert drawn == compose.picture(list(case.campaigns.standing().told()), {second.pk: "Morning"})
    services.withdraw(one, reason="None", by=cast.lead)
    taskings.withdraw(more, reason="None", by=cast.lead)
    assert compose.picture(list(case.campaigns.standing().told()), {}) is None
