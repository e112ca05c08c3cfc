"""What is held of a finding's words: likelihood and confidence apart, and one kind for each finding."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from casework.accounts.likelihood import Likelihood
from casework.cases.models import Case
from casework.findings import lint, services, warnings
from casework.findings.models import Finding
from tests.casework.test_findings_services import WORDS
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast, sign_in
from tests.weighed import others, typed


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    lodge_png(case, cast.investigator, 1)
    return case


def write(case: Case, cast: Cast, **words: Any) -> Finding:
    whole: dict[str, Any] = {**WORDS, **words}
    return services.write(case, **whole, exhibits_for=exhibits_of(case), by=cast.investigator)


@pytest.mark.parametrize(("text", "mixed"), [
    ("We judge with high confidence that it is very likely.", True),
    ("It is almost certainly paid; our confidence is low.", True),
    ("Low\u2010confidence. Likely.", False),
    ("We have high confidence. It is likely that they were paid.", False),
    ("It is very likely.\nConfidence is moderate", False),
    ("We are confident that this was probably one operator", True),
    ("A likely story, told in confidence.", False),
    ("اعتماد ہے۔ likely", False),
    ("ہم زیادہ اعتماد کے ساتھ کہتے ہیں کہ یہ بہت بعید ہے۔", True),
    ("اعتماد کم ہے اور امکان بھی کم ہے۔", True),
    ("ہمارے اعتماد کا درجہ متوسط ہے۔ یہ قرینِ قیاس ہے۔", False),
    ("پورے وثوق سے کہا جا سکتا ہے کہ غالباً یہی ہوا", True),
    # Letters as an Arabic keyboard types them, with vowel signs and a joiner.
    ("زيادہ اعتماد كے ساتھ، تقريباً\u200cيقينى", True),
    ("With high confidence, غالباً", True),
    ("ان کا ایک دوسرے پر اعتماد ہے، اور یہ ممکن ہے۔", False),
])
def test_confidence_and_likelihood_stand_in_two_sentences(text: str, mixed: bool) -> None:
    assert bool(lint.mixed(text)) is mixed


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("likelihood", Likelihood.values)
def test_each_of_our_own_words_for_a_likelihood_is_known(likelihood: str, language: str) -> None:
    with translation.override(language):
        said = str(dict(Likelihood.choices)[likelihood])
    assert lint.mixed(f"high confidence: {said}") and lint.mixed(f"زیادہ اعتماد کے ساتھ {said}")


@pytest.mark.parametrize("field", ["title", "claim", "method", "against", "alternatives"])
def test_a_mixed_sentence_is_shown_to_its_author_at_its_field(case: Case, cast: Cast, field: str) -> None:
    said = "Nine posted. We judge with high confidence that it is likely paid."
    wrong: dict[str, Any] = {field: others("A fan.", said) if field == "alternatives" else said}
    with pytest.raises(ValidationError, match="with high confidence that it is likely paid") as refused:
        write(case, cast, **wrong)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(("claim", "kinds"), [
    ("Nine accounts posted one text in a minute.", set()),
    ("They acted together and were paid Rs 15 for each.", {"payment"}),
    ("Fake accounts were instructed to threaten her with violence.", {"inauthenticity", "direction", "harm"}),
    ("جعلی اکاؤنٹس کو ادائیگی ہوئی۔", {"inauthenticity", "payment"})])
def test_a_claim_that_speaks_of_another_kind_is_told_gently(case: Case, cast: Cast, claim: str,
                                                             kinds: set[str]) -> None:
    finding = write(case, cast, claim=claim)
    assert set(lint.of_other_kinds("coordination", claim)) == kinds
    assert len(warnings.of(finding)) == len(kinds)
    html = sign_in(cast.reviewer).get(f"/cases/{case.ref}/findings/F-001/").content.decode()
    assert html.count("speak of another kind") == len(kinds)


def test_the_five_kinds_are_apart(case: Case, cast: Cast) -> None:
    author, at = sign_in(cast.investigator), f"/cases/{case.ref}/findings/new/"
    assert Finding.Kind.values == ["coordination", "inauthenticity", "payment", "direction", "harm"]
    sent = typed({**WORDS, "exhibits_for": "E-001"})
    assert author.post(at, {**sent, "kind": "direction"}).status_code == 302
    assert author.post(at, {**sent, "kind": "coordination,payment"}).status_code == 422
    assert case.findings.get().kind == "direction"


def test_no_page_says_both_in_one_sentence(case: Case, cast: Cast) -> None:
    write(case, cast)
    for language, likelihood, confidence in (("en", "very likely", "moderate"), ("ur", "بہت", "متوسط")):
        cast.investigator.language = language
        cast.investigator.save()
        html = sign_in(cast.investigator).get(f"/cases/{case.ref}/findings/F-001/").content.decode()
        said = html.split("<dd>")
        holding = [part for part in said if likelihood in part.split("</dd>")[0]]
        assert holding and not any(confidence in part.split("</dd>")[0] for part in holding)
