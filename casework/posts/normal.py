"""One spelling for a text however somebody typed it, so that copies of it are found by an index. Pure.

In this order: Unicode NFKC with folded case; digits of any script as 0 to 9; characters that nobody sees (marks of
direction, zero-width ones, selectors of a variant), tatweel and the marks above and below Arabic letters left out;
letters that two keyboards write differently as one (Arabic yeh and kaf as Farsi yeh and keheh, every heh but the
two-eyed one as heh goal, a hamza's carrier without its hamza); addresses and @mentions taken out; white space squeezed.
Everything else stays: hashtags, punctuation, emoji, alef madda.

What is compared is the same without what people and programs add around a text that they carry (`bare`): in front
mentions, RT and via with a mention, and the colon behind; behind it hashtags, counters like 1/2 or (3), punctuation,
emoji, and via with a mention. Words of one's own, in front or behind, make another text of it.

VERSION goes up with any change of this, and a migration keys the rows again that are there."""

import hashlib
import re
import sys
import unicodedata
from functools import cache

VERSION = 2
LENGTH = 17
# What is shorter than both is said by too many people of themselves: its key has this bit in its first byte, and is one
# of its own that nothing long can have.
WEAK = 0x80
TOKENS, LETTERS = 8, 40
# Beyond so many characters a text is freed of heaps of marks first.
LONG = 2000
# Where keys of other versions lie: each from its first on, and below its second.
FOREIGN = ((b"", bytes([VERSION])), (bytes([VERSION + 1]), bytes([VERSION | WEAK])),
           (bytes([(VERSION | WEAK) + 1]), b"\xff"))

_LETTERS = str.maketrans({
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ڪ": "ک", "ه": "ہ", "ۀ": "ہ", "ۂ": "ہ", "ە": "ہ", "ة": "ۃ", "أ": "ا",
    "إ": "ا", "ٱ": "ا", "ؤ": "و", "ۓ": "ے", "ـ": "",
})
# White space where nothing is seen, and nothing where Unicode says that nothing is to be seen.
_BLANK = "\u2800"
_UNSEEN = set("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
# A mention, also one of another server or of several in a row; the @ of a mail address follows a letter.
_MENTION = r"@+\w+(?:[.@]+\w[\w-]*)*"
_GONE = re.compile(
    # An address with its scheme or www, also a disguised one and right behind a letter; a domain with a path.
    r"(?:h(?:tt|xx)ps?://|www\.)\S+"
    r"|(?<!\S)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}/\S*"
    rf"|(?<![\w@]){_MENTION}")
# The same as a database has it, of a text as it was typed.
REPOST = r"^\W*rt[\s:]+[@＠]"
_REPOST = re.compile(REPOST, re.IGNORECASE)
_FRONT = re.compile(rf"\s*(?:(?:(?:rt|via)[\s:]+)?{_MENTION}\s*:?\s*)+")
# Behind it come mentions, addresses, hashtags and signs at most.
_VIA = re.compile(rf"via(?<!\Svia)\s+{_MENTION}(?=[^\w\s]*+(?:\s+(?:[^\w\s]|https?://|www\.)\S*+)*+\s*\Z)")
# In shapes: a for letters and their marks, . for signs, digits and brackets as they are.
_SIGN = r"[.()\[\]/]"
_TAGS = re.compile(rf"{_SIGN}*+(?:#[0-9]*+a[a0-9]*+{_SIGN}*+)++|{_SIGN}+")
_COUNTER = re.compile(rf"\.*(?:([1-9])/([1-9])|[(\[]([0-9]{{1,2}})(?:/([0-9]{{1,2}}))?[)\]]){_SIGN}*")
# A sum in euros, or of per cent, is no sign.
_PERCENT = set("%‰٪")


class _Table(dict[int, str]):
    """What becomes of each character, found out when it comes first."""

    def __missing__(self, code: int) -> str:
        one = chr(code)
        self[code] = found = _LETTERS[code] if code in _LETTERS else _single(one)
        return found


class _Shapes(dict[int, str]):
    """What kind of sign each character of a normalised text is, for the patterns of what is added."""

    def __missing__(self, code: int) -> str:
        one = chr(code)
        kind = unicodedata.category(one)
        if one in "#/()[]0123456789":
            found = one
        elif kind[0] in "LMN" or one == "_":
            found = "a"
        else:
            found = "." if kind[0] in "PS" and kind != "Sc" and one not in _PERCENT else one
        self[code] = found
        return found


def normalised(text: str) -> str:
    """`text` in that spelling; the same where it has it already."""
    return _squeezed(_folded(text))


def bare(text: str) -> str:
    """`text` in that spelling without what is added around it. Of hashtags, counters and signs behind it nothing is
    taken off where what is left would be too short to be compared by itself."""
    return _bare(text)[0]


def is_repost(text: str) -> bool:
    """Whether a text as somebody typed it begins as a repost does: RT @somebody."""
    return _REPOST.match(text) is not None


def is_long_enough(spelled: str) -> bool:
    """Whether a normalised text is matched wherever it stands: of TOKENS words with a letter or digit, or of LETTERS
    letters."""
    words = 0
    for word in spelled.split(" "):
        # Nearly every word is one through and through, which is asked at once.
        words += word.isalnum() or any(map(str.isalnum, word))
        if words == TOKENS:
            return True
    return sum(map(str.isalpha, spelled)) >= LETTERS


def key(text: str) -> bytes | None:
    """LENGTH bytes for a text as somebody typed it: VERSION in one, with WEAK where the text is short, then SHA-256 of
    what is bare, cut to 16. None where nothing is left of it."""
    spelled, is_long = _bare(text)
    if not spelled:
        return None
    first = VERSION if is_long else VERSION | WEAK
    return bytes([first]) + hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).digest()[:LENGTH - 1]


def is_weak(of_text: bytes) -> bool:
    return bool(of_text[0] & WEAK)


def _bare(text: str) -> tuple[str, bool]:
    """What is bare, and whether it is long enough."""
    folded = _folded(text)
    if front := _FRONT.match(folded):
        folded = folded[front.end():]
    spelled = _squeezed(_VIA.sub(" ", folded))
    shorter = _without_end(spelled)
    if is_long_enough(shorter):
        return shorter, True
    return spelled, len(shorter) < len(spelled) and is_long_enough(spelled)


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_TABLE)
    if len(text) > LONG:
        text = _heaps().sub(r"\1", text)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_TABLE)
    # A letter and its mark meet where something between them is gone.
    return unicodedata.normalize("NFKC", text)


@cache
def _heaps() -> re.Pattern[str]:
    """More marks on one letter than any script puts there (30, as Unicode's stream-safe text has it). To sort them
    takes the square of their number; in a short text that is nothing, and it is left as it is."""
    marks = "".join(one for one in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(one))
    return re.compile(f"([{marks}]{{30}})[{marks}]+")


def _squeezed(folded: str) -> str:
    return " ".join(_GONE.sub(" ", folded).split())


def _without_end(spelled: str) -> str:
    """Without hashtags, counters and signs behind it, in whatever order they come."""
    end = len(spelled)
    while end > 0:
        start = spelled.rfind(" ", 0, end) + 1
        shape = spelled[start:end].translate(_SHAPES)
        if not _TAGS.fullmatch(shape) and not _counts(shape):
            return spelled[:end - len(shape) + len(shape.rstrip(".()[]/"))]
        end = start - 1
    return ""


def _counts(shape: str) -> bool:
    """1/2 of single digits, or (3), (3/12), [3/12]: the first no larger than the second. 24/7 is none, nor is 3/14."""
    found = _COUNTER.fullmatch(shape)
    if found is None:
        return False
    one, of = found[1] or found[3], found[2] or found[4]
    return of is None or 1 <= int(one) <= int(of)


def _single(one: str) -> str:
    kind = unicodedata.category(one)
    if kind == "Nd":
        return str(unicodedata.decimal(one))
    if kind == "Cc" or one == _BLANK:
        return " "
    if kind == "Cf" or one in _UNSEEN or any(ord(one) in selectors for selectors in _SELECTORS):
        return ""
    return "" if kind == "Mn" and unicodedata.name(one, "").startswith("ARABIC ") else one


_TABLE, _SHAPES = _Table(), _Shapes()
