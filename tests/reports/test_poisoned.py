"""Entries that this program did not write, about exhibits of a dossier: it is sealed and packed all the same."""

from typing import Any

import pytest

from evidence.custody.kinds import Kind
from reports.bags import services as bags
from reports.bags.models import Bag
from tests.casework.test_custody_poisoned import VALUES
from tests.evidence import poison
from tests.reports.story import Story, log, make_story


@pytest.fixture
def story(db: None) -> Story:
    return make_story(2)


def test_a_dossier_and_its_package_are_made_whatever_entries_say(story: Story) -> None:
    exhibit, context = story.exhibits[0], f"case/{story.case.ref}"
    for value in VALUES:
        said: list[dict[str, Any]] = [
            {"act": "exhibit_lodged", "item": value}, {"package": value, "sha256": value}, {"made": value},
            {"package": {"exhibit": value, "path": value, "declared": value}}, {"made": [{"sha256": value}]}]
        for subject in (f"item/{exhibit.item_id}", f"exhibit/{exhibit}"):
            for kind, detail in zip((Kind.DECISION, Kind.ACCESSION, Kind.DERIVATION, Kind.ACCESSION, Kind.REDACTION),
                                    said, strict=True):
                poison.put(poison.event(kind, subject, context, detail))
        poison.put(poison.event(Kind.DECISION, f"exhibit/{exhibit}", context, {"act": "exhibit_lodged"}))
    poison.settle()
    bag = bags.ask(story.sealed(), by=story.cast.legal)
    log()
    assert bags.make(str(bag.pk))
    bag.refresh_from_db()
    assert bag.state == Bag.State.MADE, bag.problem
