"""What the lower floors say of their work, in the reader's language."""

import pytest

from casework.cases.models import Case
from casework.exhibits import services, words
from casework.templatetags.house import ltr
from evidence.derivatives import services as derivatives
from evidence.intake.models import Step
from tests.factories import Cast, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.mark.parametrize(("data", "said", "urdu"), [
    (b"only text", "Nothing is made from such a file", "ایسی فائل سے کچھ نہیں بنایا جاتا"),
    (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "It could not be read", "اسے پڑھا نہیں جا سکا"),
], ids=["text", "no picture"])
def test_what_came_of_a_file_is_said_in_both_languages(cast: Cast, case: Case, data: bytes, said: str,
                                                       urdu: str) -> None:
    exhibit = services.lodge_bytes(case, data=data, name="a.bin", provenance={}, by=cast.lead).exhibit
    derivatives.derive(exhibit.item)
    client, address = sign_in(cast.lead), f"/cases/{case.ref}/evidence/{exhibit.label}/"
    assert said in client.get(address).content.decode()
    cast.lead.language = "ur"
    cast.lead.save()
    page = client.get(address).content.decode()
    assert urdu in page and said not in page and "nothing is made from" not in page


def test_a_step_that_says_nothing_is_named_by_its_state() -> None:
    assert words.step(Step(state=Step.State.DONE)) == (words.STEP_STATES[Step.State.DONE], "")
    assert words.step(Step(state=Step.State.FAILED, detail="no answer")) == (
        words.STEP_STATES[Step.State.FAILED], "no answer")


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_to_isolate_leaves_its_cell_empty(value: str | None) -> None:
    assert ltr(value) == ""
