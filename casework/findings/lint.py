"""One rule of ICD-203 that a machine can hold: no sentence combines a level of confidence with a likelihood.

Pure, and for English; what it cannot read it lets pass. "We judge with high confidence that it is very likely"
leaves open which of the two doubts is meant."""

import re

_LIKELIHOOD = re.compile(
    r"\b(?:almost no chance|remote chance|(?:highly |very )?(?:improbable|unlikely)|roughly even (?:chance|odds)"
    r"|(?:very |highly )?(?:likely|probable|probably)|almost certain(?:ly)?|nearly certain(?:ly)?)\b", re.IGNORECASE)
_CONFIDENCE = re.compile(
    r"\b(?:(?:very )?(?:high|moderate|medium|low|full|great|little)[ -]+(?:degree of |level of )?confidence"
    r"|confidence (?:level )?(?:is|remains) (?:very )?(?:high|moderate|medium|low)"
    r"|(?:are|am|is) (?:very )?confident)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?۔؟\n]+")


def mixed(text: str) -> list[str]:
    """The sentences of `text` that combine both, as written."""
    sentences = (found[0].strip() for found in _SENTENCE.finditer(text))
    return [one for one in sentences if _LIKELIHOOD.search(one) and _CONFIDENCE.search(one)]
