"""A dossier after an erasure: the exhibit stays, its proof holds, and the document says what was erased and why."""

import base64

import pytest

from casework.exhibits import erasures
from evidence.tlog import merkle
from reports.dossiers import making
from reports.dossiers.words import in_words
from tests.reports.story import log, make_story

pytestmark = pytest.mark.django_db


def test_a_dossier_tells_of_an_erased_accession_and_still_proves_its_place() -> None:
    story = make_story(1)
    exhibit = story.exhibits[0]
    asked = erasures.propose(story.case, events=[exhibit.event_id], reason="A source asked for it", basis="Section 7",
                             by=story.cast.legal)
    erasures.approve(story.case, asked.id, by=story.cast.lead)
    log()
    dossier = story.compose()
    row = next(one for one in in_words(dossier.frozen)["exhibits"] if one["label"] == exhibit.label)
    told = next(one for one in row["custody"] if one["index"] == row["leaf_index"])
    assert "was erased on" in told["what"]
    assert "A source asked for it" in told["what"]
    merkle.check_inclusion(bytes.fromhex(row["leaf_hash"]), row["leaf_index"], dossier.frozen["log"]["size"],
                           [base64.b64decode(node) for node in row["proof"]],
                           bytes.fromhex(dossier.frozen["log"]["root"]))
    assert str(exhibit.event_id) not in making._events(dossier.frozen), "there is no salt and no event to hand out"
    assert str(story.exhibits[1].event_id) in making._events(dossier.frozen)
