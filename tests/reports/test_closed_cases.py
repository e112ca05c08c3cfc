"""What was queued in a case before it was closed waits there, and is taken up when the case is reopened."""

import json
from typing import Any

import pytest

from casework.cases import services as cases
from casework.cases.services import CaseClosed
from evidence.custody.models import Payload
from reports.bags import services as bags
from reports.bags.models import Bag
from reports.dossiers import sealing
from reports.dossiers.making import Unmakeable
from reports.dossiers.models import Dossier
from tests.factories import sign_in
from tests.reports.story import Story, log, make_story


@pytest.fixture
def story(db: None) -> Story:
    return make_story(1)


def last_act() -> str:
    entry = Payload.objects.order_by("-at", "-pk").first()
    return str(json.loads(bytes(entry.content))["detail"]["act"]) if entry else ""


def events() -> int:
    return Payload.objects.count()


def test_a_dossier_is_not_sealed_in_a_closed_case(story: Story) -> None:
    queued = story.queued()
    cases.close(story.case, by=story.cast.lead)
    before = events()
    assert queued.pk not in sealing.waiting() and not sealing.render_and_seal(queued.pk)
    queued.refresh_from_db()
    assert (queued.state, events()) == (Dossier.State.RENDERING, before)
    cases.reopen(story.case, by=story.cast.lead)
    assert queued.pk in sealing.waiting() and sealing.render_and_seal(queued.pk)
    queued.refresh_from_db()
    assert queued.state == Dossier.State.SEALED


@pytest.mark.parametrize("outcome", ["drawn", "unmakeable"])
def test_a_case_that_is_closed_while_a_dossier_is_drawn_stays_as_it_was(
        story: Story, monkeypatch: pytest.MonkeyPatch, outcome: str) -> None:
    queued = story.queued()

    def drawn(*_: Any) -> bytes:
        cases.close(story.case, by=story.cast.lead)
        if outcome == "unmakeable":
            raise Unmakeable("no key")
        return b"%PDF-1.7"

    monkeypatch.setattr(sealing, "document", drawn)
    assert not sealing.render_and_seal(queued.pk)
    queued.refresh_from_db()
    assert (queued.state, queued.item, queued.claimed_until) == (Dossier.State.RENDERING, None, None)
    assert last_act() == "case_closed", "closing it was the last that was recorded"


def test_no_bag_is_asked_for_or_packed_in_a_closed_case(story: Story) -> None:
    dossier = story.sealed()
    bag = bags.ask(dossier, by=dossier.composed_by)
    log()
    cases.close(story.case, by=story.cast.lead)
    before = events()
    with pytest.raises(CaseClosed):
        bags.ask(dossier, by=dossier.composed_by)
    assert str(bag.pk) not in bags.waiting() and not bags.make(str(bag.pk))
    address = f"/api/v1/cases/{story.case.ref}/dossiers/{dossier.label}/bags/"
    assert sign_in(dossier.composed_by).post(address).status_code == 409
    bag.refresh_from_db()
    assert (bag.state, bag.claimed_until, events()) == (Bag.State.WAITING, None, before)
    cases.reopen(story.case, by=story.cast.lead)
    log()
    assert bags.make(str(bag.pk))


def test_a_bag_whose_case_is_closed_while_it_is_packed_waits(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = story.sealed()
    bag = bags.ask(dossier, by=dossier.composed_by)
    log()
    monkeypatch.setattr(bags, "_write", lambda *_: cases.close(story.case, by=story.cast.lead))
    assert not bags.make(str(bag.pk))
    bag.refresh_from_db()
    assert (bag.state, bag.claimed_until) == (Bag.State.WAITING, None)
