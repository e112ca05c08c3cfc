"""What a machine can hold of a finding's words, in English and in Urdu. Pure; what it cannot read it lets pass.

ICD-203: no sentence combines a level of confidence with a likelihood. "We judge with high confidence that it is very
likely" leaves open which of the two doubts is meant. And a finding has one kind: words of another kind in its claim
are told to its author, who knows whether they are only mentioned."""

import re
import unicodedata

_ONE_LETTER = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "\u200c": " ", "\u2011": "-", "\u2010": "-"})


def _bare(text: str) -> str:
    """One spelling of each letter, without vowel signs: marks and joiners change no word."""
    apart = unicodedata.normalize("NFKD", text.translate(_ONE_LETTER))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_ONE_LETTER)


def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(_bare(words), re.IGNORECASE)


_LIKELIHOOD = _compiled(
    r"\b(?:almost no chance|remote chance|(?:highly |very )?(?:improbable|unlikely)|roughly even (?:chance|odds)"
    r"|(?:very |highly )?(?:likely|probable|probably)|almost certain(?:ly)?|nearly certain(?:ly)?)\b"
    # What our Urdu says for the seven, and what people write for them.
    r"|(?<!\w)(?:تقریبا (?:ناممکن|یقینی)|قرین قیاس|(?:بہت |انتہائی )?بعید(?: از قیاس)?|غالبا|غالب گمان|ممکنہ طور پر"
    r"|یقینی طور پر|امکان(?:ات)?|اغلب)(?!\w)")
_LEVEL = r"(?:بہت زیادہ|بہت کم|زیادہ|بلند|اعلی|گہرے?|پورے?|مکمل|درمیانہ|درمیانے|درمیانی|متوسط|معتدل|کم|ادنی)"
_CONFIDENCE = _compiled(
    r"\b(?:(?:very )?(?:high|moderate|medium|low|full|great|little)[ -]+(?:degree of |level of )?confidence"
    r"|confidence(?: level| in \w+(?: \w+){0,3})? (?:is|remains|was) (?:very )?(?:high|moderate|medium|low)"
    r"|confidence: (?:high|moderate|medium|low)|(?:are|am|is) (?:very )?confident)\b"
    rf"|(?<!\w){_LEVEL}(?: (?:درجے|درجہ|سطح))?(?: (?:کے|کا|کی))? (?:اعتماد|وثوق|یقین)(?!\w)"
    rf"|(?<!\w)(?:اعتماد|وثوق|یقین)(?: (?:کا درجہ|کی سطح))?(?: \w+){{0,2}} {_LEVEL}(?!\w)"
    r"|(?<!\w)(?:وثوق|یقین|پر اعتماد|پراعتماد) (?:کے ساتھ|سے|ہے|ہیں)(?!\w)")
_SENTENCE = re.compile(r"[^.!?۔؟\n]+")

# Each kind → words that speak of it and hardly of anything else.
_OF_A_KIND = {
    "coordination": r"\b(?:co-?ordinat\w+|synchron\w+|in concert|acted together)\b"
                    r"|باہمی ربط|مل کر|ہم آہنگی|منظم طور پر",
    "inauthenticity": r"\b(?:inauthentic\w*|fake (?:account|profile|persona)s?|sock ?puppets?|impersonat\w+|bots?)\b"
                      r"|جعلی|نقلی اکاؤنٹ|بہروپ",
    "payment": r"\b(?:paid|payments?|pays|rupees|wages?|bribe\w*)\b|ادائیگی|معاوضہ|معاوضے|رقم دی|روپے",
    "direction": r"\b(?:directed by|instructed|on the orders? of|ordered by|controlled by|was told to|were told to)\b"
                 r"|کی ہدایت پر|کے حکم پر|ہدایت دی",
    "harm": r"\b(?:harm(?:ed|ful|s)?|threat\w*|incite\w*|violence|violent|injur\w+)\b|نقصان|دھمکی|تشدد|اکسا",
}
_KINDS = {kind: _compiled(words) for kind, words in _OF_A_KIND.items()}


def mixed(text: str) -> list[str]:
    """The sentences of `text` that combine confidence and likelihood, as written."""
    sentences = (found[0].strip() for found in _SENTENCE.finditer(text))
    return [one for one in sentences if _LIKELIHOOD.search(_plain(one)) and _CONFIDENCE.search(_plain(one))]


def of_other_kinds(kind: str, text: str) -> dict[str, str]:
    """Each other kind that `text` speaks of → the first word that does so."""
    plain = _plain(text)
    found = {other: words.search(plain) for other, words in _KINDS.items() if other != kind}
    return {other: match[0] for other, match in found.items() if match}


def _plain(text: str) -> str:
    """As the rules above are spelled, with one space between words."""
    return " ".join(_bare(text).split())
