"""One spelling for a text however somebody typed it, so that copies of it are found by an index. Pure.

In this order: Unicode NFKC with folded case; digits of any script as 0 to 9; characters that nobody sees (marks of
direction, zero-width ones, selectors of a variant), tatweel and the marks above and below Arabic letters left out;
letters that two keyboards write differently as one (Arabic yeh and kaf as Farsi yeh and keheh, every heh but the
two-eyed one as heh goal, a hamza's carrier without its hamza); addresses and @mentions taken out; white space squeezed.
Everything else stays: hashtags, punctuation, emoji, alef madda.

VERSION goes up with any change of this, and a migration keys the rows again that are there."""

import hashlib
import re
import unicodedata

VERSION = 1
LENGTH = 17
# What is shorter than both is said by too many people of themselves.
TOKENS, LETTERS = 8, 40

_LETTERS = str.maketrans({
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ڪ": "ک", "ه": "ہ", "ۀ": "ہ", "ۂ": "ہ", "ە": "ہ", "ة": "ۃ", "أ": "ا",
    "إ": "ا", "ٱ": "ا", "ؤ": "و", "ۓ": "ے", "ـ": "",
})
# White space where nothing is seen, and nothing where Unicode says that nothing is to be seen.
_BLANK = "\u2800"
_UNSEEN = set("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_GONE = re.compile(
    # An address with its scheme or www, also a disguised one and right behind a letter; a domain with a path.
    r"(?:h(?:tt|xx)ps?://|www\.)\S+"
    r"|(?<!\S)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}/\S*"
    # A mention, also one of another server or of several in a row; the @ of a mail address follows a letter.
    r"|(?<![\w@])@+\w+(?:[.@]+\w[\w-]*)*")


class _Table(dict[int, str]):
    """What becomes of each character, found out when it comes first."""

    def __missing__(self, code: int) -> str:
        one = chr(code)
        self[code] = found = _LETTERS[code] if code in _LETTERS else _single(one)
        return found


def normalised(text: str) -> str:
    """`text` in that spelling; the same where it has it already."""
    if text.isascii():
        text = text.lower().translate(_TABLE)
    else:
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_TABLE)
        # A letter and its mark meet where something between them is gone.
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_GONE.sub(" ", text).split())


def is_long_enough(spelled: str) -> bool:
    """Whether a normalised text is matched at all: of TOKENS words with a letter or digit, or of LETTERS letters."""
    words = 0
    for word in spelled.split(" "):
        # Nearly every word is one through and through, which is asked at once.
        words += word.isalnum() or any(map(str.isalnum, word))
        if words == TOKENS:
            return True
    return sum(map(str.isalpha, spelled)) >= LETTERS


def key_of(spelled: str) -> bytes | None:
    """LENGTH bytes for a normalised text: VERSION in one, then SHA-256 cut to 16. None where it is too short."""
    if not is_long_enough(spelled):
        return None
    return bytes([VERSION]) + hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).digest()[:LENGTH - 1]


def key(text: str) -> bytes | None:
    """As `key_of`, for a text as somebody typed it."""
    return key_of(normalised(text))


def _single(one: str) -> str:
    kind = unicodedata.category(one)
    if kind == "Nd":
        return str(unicodedata.decimal(one))
    if kind == "Cc" or one == _BLANK:
        return " "
    if kind == "Cf" or one in _UNSEEN or any(ord(one) in selectors for selectors in _SELECTORS):
        return ""
    return "" if kind == "Mn" and unicodedata.name(one, "").startswith("ARABIC ") else one


_TABLE = _Table()
