"""Every event that can be recorded is told in a sentence, and nothing in it is taken for markup."""

from datetime import UTC, datetime
from string import Formatter
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from casework import sentences, wording
from casework.exhibits import words
from casework.record import KIND_OF, Act
from evidence.custody.history import Entry
from evidence.custody.kinds import Kind
from evidence.intake.labels import Label
from evidence.intake.models import Item, Step

PERSON = {"type": "person", "id": "user/1", "name": "<b>Zainab</b>"}


def entry(kind: str, agent: dict[str, Any] | None = None, **detail: Any) -> Entry:
    return Entry(UUID(int=1), datetime(2026, 11, 23, tzinfo=UTC), kind, "exhibit/CW-2026-0001/E-007",
                 "case/CW-2026-0001", PERSON if agent is None else agent, detail, b"\x00" * 32, None)


def test_every_act_and_every_kind_has_its_sentence() -> None:
    assert set(wording.ACTS) == set(Act.values)
    assert set(wording.KINDS) == set(Kind)


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("act", Act.values)
def test_every_act_is_told_with_its_agent_and_escaped(act: str, language: str) -> None:
    with translation.override(language):
        said = sentences.sentence(entry(str(KIND_OF.get(act, Kind.DECISION)), act=act))
    assert "&lt;b&gt;Zainab&lt;/b&gt;" in said
    assert "<b>" not in said
    assert "{" not in said


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_told_also_when_the_system_did_it(kind: str) -> None:
    assert "The system" in sentences.sentence(entry(kind, {"type": "software", "name": "casework"}))


def test_an_unknown_act_is_told_by_its_kind() -> None:
    assert "decided about" in sentences.sentence(entry("decision", act="invented"))


def test_words_of_ours_are_said_in_words_and_data_stays_left_to_right() -> None:
    said = sentences.sentence(entry("decision", act="role_assessed", to_role="knowing"))
    assert "knowing participant" in said
    said = sentences.sentence(entry("decision", act="exhibit_lodged", sha256="ab12"))
    assert '<bdi dir="ltr">E-007</bdi>' in said
    assert '<bdi dir="ltr">ab12</bdi>' in said


def test_sentences_use_names_for_their_parts() -> None:
    for text in (*wording.ACTS.values(), *wording.KINDS.values()):
        assert all(name for _text, name, _spec, _conversion in Formatter().parse(str(text)) if name is not None)
        assert "{who}" in str(text)


def test_the_lower_floors_vocabularies_have_their_words() -> None:
    assert set(words.LABELS) == set(Label)
    assert set(words.ACQUISITIONS) == set(Item.Acquisition)
    assert set(words.STEPS) == set(Step.Name)
    assert set(words.STEP_STATES) == set(Step.State)
