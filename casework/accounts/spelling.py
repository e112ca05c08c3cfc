"""One spelling for many: text folded for a search of names, and what looks like a handle, a phone or an address. Pure.

What is recognised is listed here; an address or a number in another disguise is for the second person to see."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Literal

Kind = Literal["account", "phone", "number", "address"]

_ONE_LETTER = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ"})
_TATWEEL = "\u0640"
# All rules look at folded text: no marks, no unseen character, one spelling of each letter, lower case, plain digits.
_TLDS = ("com|org|net|info|biz|edu|gov|mil|int|app|dev|site|online|store|shop|blog|news|live|link|page|club|xyz|top|"
         "space|website|tech|media|social|network|press|today|world|cloud|chat|group|team|tube|video|pro|mobi|name|"
         "onion|i2p|icu|vip|wiki|email|asia")
# Foreign text may be one host of a hundred thousand parts: what fails from its first part is not tried from the next.
_FIRST = r"(?<![\w-])(?<![\w-]\.)"
_HOST = rf"{_FIRST}(?:[\w-]++\.)++[a-z]{{2,24}}"
# A host that is joined to a port goes with it.
_JOINED = r"(?:[\w-]*+(?:\.[\w-]++)++[:/]\S*)?"
_URL = re.compile(
    rf"(?:[a-z][a-z0-9+.-]{{1,20}}://|www\.)\S+|{_HOST}(?::\d{{1,5}})?/\S*|{_HOST}:\d{{2,5}}{_JOINED}"
    rf"|(?<![\w.-])localhost:\d+(?:/\S*|{_JOINED})"
    rf"|(?<![\d.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\d.]*\d)(?::\d+(?:/\S*|{_JOINED})|(?:/\S*)?)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[\w-]{2,}")
# Behind the end of one domain another may begin.
_NEXT = "|".join(rf"(?<=\.(?:{'|'.join(same)})\.)" for _, same in groupby(sorted(_TLDS.split("|"), key=len), len))
_START = rf"(?:{_FIRST}|{_NEXT})"
_DOMAIN = re.compile(rf"{_START}(?:[\w-]++\.)+(?:{_TLDS})(?![\w-])"
                     rf"|{_START}(?:[\w-]++\.)*[a-z0-9-]{{2,}}+\.[a-z]{{2}}(?![\w-])")
_HANDLE = re.compile(r"(?<!@)@++(?:[a-z0-9_][a-z0-9_.\-]*(?<![.\-])|\w[\w.\-]*(?<![.\-]))")
_JOINT = r"().\-‐-–/_*·•~|"
_COMMA = "[,،٬٫]"
# With letters before or after it a number has no space in it.
_DIGITS = re.compile(
    rf"(?<![a-z0-9])[+(]{{0,2}}\d(?:(?:[\s{_JOINT}]*|{_COMMA})\d){{8,}}(?![a-z0-9])"
    rf"|(?<!\d)\d(?:(?:[{_JOINT}]|{_COMMA})?\d){{8,}}(?!\d)")
_SUM = re.compile(rf"[1-9]\d{{0,2}}(?:{_COMMA}\d{{3}})+(?:\.\d+)?|[1-9]\d?(?:{_COMMA}\d\d)+{_COMMA}\d{{3}}"
                  rf"|(?:19|20)\d\d(?:{_COMMA}(?:19|20)\d\d)+")
# The number of a bank account: country, check digits, perhaps a bank, then groups with a digit in each.
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ \-]?[a-z]{4})?(?:[ \-]?(?=[a-z]{0,3}\d)[a-z0-9]{4}){2,7}"
                   r"(?:[ \-]?\d[a-z0-9]{0,2}|[a-z0-9]{1,3})?(?![a-z0-9])")
# The digits in a digest are no telephone.
_DIGEST = re.compile(r"(?<![a-z0-9])(?=\d*[a-f])(?:[0-9a-f]{32}(?:[0-9a-f]{8}|[0-9a-f]{32}|[0-9a-f]{96})?)(?![a-z0-9])")
_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_DOT = re.compile(r"\s*[\[({]\s*(?:\.|dot)\s*[\])}]\s*")
_AT = re.compile(r"\s*[\[({]\s*(?:@|at)\s*[\])}]\s*(?=[\w-]+\.\w)")

_ROUNDS: tuple[tuple[tuple[re.Pattern[str], Kind], ...], ...] = (
    ((_URL, "address"),), ((_MAIL, "address"),), ((_DOMAIN, "address"),),
    ((_HANDLE, "account"), (_DIGITS, "phone"), (_IBAN, "number")))

# Words that are part of many names and say nothing about whose they are.
_COMMON = frozenset([
    "account", "admin", "anonymous", "archive", "audio", "book", "channel", "chat", "citizen", "city",
    "colleague", "contact", "country", "daily", "digital", "document", "export", "facebook", "family", "file",
    "former", "forum", "forwarded", "friend", "from", "global", "group", "image", "images", "instagram",
    "international", "journalist", "lawyer", "list", "live", "local", "media", "member", "message", "messages",
    "network", "news", "note", "official", "online", "original", "page", "pakistan", "people", "person",
    "photo", "picture", "platform", "post", "posts", "press", "public", "quick", "real", "received", "report",
    "reporter", "screen", "screenshot", "shot", "source", "team", "text", "that", "their", "they", "this",
    "tiktok", "times", "today", "trust", "truth", "twitter", "unknown", "update", "updates", "user", "video",
    "voice", "volunteer", "watch", "whatsapp", "with", "witness", "world", "writes", "written", "نیوز",
    "پاکستان", "خبریں", "چینل", "گروپ", "ٹیم"])
# Words that stand with a capital before a name without being part of it: at the head of a sentence, or as a title.
_OPENERS = frozenset([
    "a", "after", "all", "an", "and", "another", "are", "as", "at", "because", "before", "both", "but", "by", "dr",
    "during", "each", "either", "even", "every", "for", "from", "had", "has", "he", "her", "here", "his", "how", "if",
    "in", "into", "is", "it", "its", "just", "later", "miss", "mr", "mrs", "ms", "neither", "no", "nor", "not", "now",
    "of", "on", "once", "only", "or", "our", "she", "since", "so", "some", "soon", "such", "than", "that", "the",
    "their", "then", "there", "these", "they", "this", "those", "though", "through", "to", "under", "until", "was",
    "we", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "with", "without", "yes",
    "yet", "you", "your"])


@dataclass(frozen=True)
class Folded:
    """Text in one spelling, and for each of its positions (and its end) the position in the original."""

    text: str
    origins: list[int]
    original: str

    def is_capital(self, at: int) -> bool:
        return self.original[self.origins[at]].isupper()

    def is_small(self, at: int) -> bool:
        return self.original[self.origins[at]].islower()

    def after(self, end: int) -> int:
        """Where the original goes on after folded position `end`; a letter that became several is not cut."""
        while 0 < end < len(self.text) and self.origins[end] == self.origins[end - 1]:
            end += 1
        return self.origins[end]


def fold(text: str) -> Folded:
    """Without marks, stretched letters and unseen characters, NFKD, lower case, one space for many, `[.]` as a dot."""
    letters: list[str] = []
    origins: list[int] = []
    for at, letter in enumerate(text):
        for seen in _folded(letter):
            if seen != " " or not letters or letters[-1] != " ":
                letters.append(seen)
                origins.append(at)
    folded = Folded("".join(letters), [*origins, len(text)], text)
    return _read(_read(folded, _DOT, "."), _AT, "@")


@lru_cache(maxsize=10_000)
def _folded(letter: str) -> str:
    if letter.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold()).casefold()
    return "".join(_plain(one) for one in plain
                   if one != _TATWEEL and unicodedata.category(one) not in ("Mn", "Me", "Cf"))


def _plain(one: str) -> str:
    if one.isspace():
        return " "
    return str(unicodedata.digit(one)) if unicodedata.category(one) == "Nd" else one.translate(_ONE_LETTER)


def _read(folded: Folded, rule: re.Pattern[str], sign: str) -> Folded:
    """`folded` with what `rule` finds read as `sign`."""
    text, origins, at = [], [], 0
    for match in rule.finditer(folded.text):
        text += [folded.text[at:match.start()], sign]
        origins += [*folded.origins[at:match.start()], folded.origins[match.start()]]
        at = match.end()
    return Folded("".join([*text, folded.text[at:]]), [*origins, *folded.origins[at:]], folded.original)


def spans(folded: Folded, names: Sequence[tuple[int, int]]) -> list[tuple[int, int, Kind]]:
    """Where something may have to go, left to right, without overlap: an address beats a name inside it, and among
    `names` (where those known are), handles and numbers the longest wins."""
    found: list[tuple[int, int, Kind]] = []
    taken = bytearray(len(folded.text))
    digests = [match.span() for match in _DIGEST.finditer(folded.text)]
    for kinds in _ROUNDS:
        hits: list[tuple[int, int, Kind]] = [(*place, "account") for place in names if kinds is _ROUNDS[-1]]
        hits += [(*match.span(), kind) for rule, kind in kinds for match in rule.finditer(folded.text)
                 if _is_meant(kind, match, digests)]
        for start, end, kind in sorted(hits, key=lambda hit: hit[0] - hit[1]):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append((start, end, kind))
    return sorted(found)


def _is_meant(kind: Kind, match: re.Match[str], digests: list[tuple[int, int]]) -> bool:
    """Whether digits are those of a telephone or a bank account, and no date, sum or digest."""
    if kind not in ("phone", "number"):
        return True
    before = bisect_left(digests, (match.end(), 0)) - 1
    if before >= 0 and match.start() < digests[before][1]:
        return False
    if kind == "number":
        return len(re.sub(r"\D", "", match[0])) >= 8
    return not _is_date(match[0]) and not all(map(_SUM.fullmatch, match[0].split()))


def _is_date(digits: str) -> bool:
    """Dates of the calendar, and the hour after one, are no phone."""
    rest = _DATE.sub(lambda match: "" if _of_the_calendar(match[0]) else match[0], digits)
    return rest != digits and len(re.sub(r"\D", "", rest)) <= 2


def _of_the_calendar(text: str) -> bool:
    try:
        return 1900 <= date.fromisoformat(text).year < 2100
    except ValueError:
        return False


def phone_keys(folded: str) -> list[str]:
    """The digits of a phone without the zeros of a call abroad, then as it may be called within its country; none where
    `folded` is no phone."""
    if not _DIGITS.fullmatch(folded):
        return []
    digits = re.sub(r"\D", "", folded).removeprefix("00")
    within = range(1, 4) if 11 <= len(digits) <= 15 and not digits.startswith("0") else ()
    return [digits, *("0" + digits[at:] for at in within)]


def opens(word: str) -> bool:
    """Whether a folded word before a name is no part of it."""
    return word in _OPENERS


def is_common(word: str) -> bool:
    """Whether a folded word says too little to be taken for a name."""
    return word.strip(".,()") in _COMMON
