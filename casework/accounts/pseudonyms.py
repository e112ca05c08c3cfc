"""Pseudonyms for one document: names, handles, phones and addresses become "Account A", "Phone B", "Address C".

Pure. The same thing gets the same label throughout a document. Letters are dealt out in an order that the document's
own random salt decides, so the labels of two documents cannot be matched by their letters. When in doubt this
replaces too much: a sentence that reads oddly is mended by its author, a name that got through is not."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

# What does not show between two letters and would hide a name from a search: joiners, direction marks, soft hyphens.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")
# These four rules look at folded text: no unseen character, one spelling of each letter, lower case.
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S+|(?<!\w)(?:[\w-]+\.)+[a-z]{2,24}/\S*")
_MAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[\w-]{2,}")
_HANDLE = re.compile(r"(?<![\w@])@[\w.]{1,60}(?<!\.)")
_DIGITS = re.compile(r"(?<!\w)[+(]{0,2}\d(?:[\s().\-‐-–/]*\d){8,}(?!\w)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
# Short bare words are too common to be taken for a handle; with its @ even one letter is.
_SHORTEST_BARE = 3


@dataclass(frozen=True)
class Words:
    """The words in which labels are written, in the document's language."""

    account: str = "Account"
    phone: str = "Phone"
    address: str = "Address"


@dataclass(frozen=True)
class Pseudonyms:
    """The labels of one document: `labels` by what was given for each account, `forms` from every folded spelling."""

    words: Words
    labels: Mapping[str, str]
    forms: Mapping[str, str]
    pattern: re.Pattern[str] | None = field(repr=False)


def deal(accounts: Mapping[str, Iterable[str]], texts: Iterable[str], *, salt: bytes,
         words: Words = Words()) -> Pseudonyms:  # noqa: B008 - frozen
    """Labels for a document. `accounts` maps each account's key to everything it is called (handles with or without @,
    display names, stable ids); `texts` is all that the document will say, scanned for phones, addresses and handles
    that belong to no account given. `salt`: at least 16 random bytes, kept with the document and used for no other."""
    if len(salt) < 16:
        raise ValueError("a salt of at least 16 bytes")
    names = {key: sorted({form for name in called for form in _forms(name)}) for key, called in accounts.items()}
    labels = _lettered(words.account, names, salt)
    forms = {form: labels[key] for key, called in names.items() for form in called}
    strangers: dict[str, set[str]] = {"account": set(), "phone": set(), "address": set()}
    pattern = _pattern(forms)
    for text in texts:
        for start, end, kind in _spans(folded := _fold(text), pattern):
            if (found := _key(kind, folded.text[start:end])) not in forms:
                strangers[kind].add(found)
    taken = len(labels)
    forms |= _lettered(words.account, strangers["account"], salt, taken)
    forms |= _lettered(words.phone, strangers["phone"], salt)
    forms |= _lettered(words.address, strangers["address"], salt)
    return Pseudonyms(words, labels, forms, pattern)


def pseudonymise(text: str, pseudonyms: Pseudonyms) -> str:
    """`text` with every name, handle, phone and address replaced by its label in this document.

    What the document was not dealt (a text that `deal` did not see) is replaced by the bare word."""
    words, folded = pseudonyms.words, _fold(text)
    bare = {"account": words.account, "phone": words.phone, "address": words.address}
    result, at = [], 0
    for start, end, kind in _spans(folded, pseudonyms.pattern):
        result += [text[at:folded.origins[start]], pseudonyms.forms.get(_key(kind, folded.text[start:end]), bare[kind])]
        at = folded.origins[end]
    return "".join([*result, text[at:]])


@dataclass(frozen=True)
class _Folded:
    """Text in one spelling, and for each of its positions (and its end) the position in the original."""

    text: str
    origins: list[int]


def _fold(text: str) -> _Folded:
    """Without unseen characters, NFKC, lower case, one space for many: what a search for names must look at."""
    letters: list[str] = []
    origins: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        seen = " " if cluster[0].isspace() else unicodedata.normalize("NFKC", _UNSEEN.sub("", cluster[0])).casefold()
        letters += seen
        origins += [cluster.start()] * len(seen)
    return _Folded("".join(letters), [*origins, len(text)])


# A letter with the marks on it (and unseen characters among them), or a stretch of white space.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_CLUSTER = re.compile(rf"\s+|\S[{_MARKS}{_UNSEEN.pattern[1:-1]}]*")


def _spans(folded: _Folded, pattern: re.Pattern[str] | None) -> list[tuple[int, int, str]]:
    """Where something must go, left to right, without overlap; an address beats a name inside it."""
    found: list[tuple[int, int, str]] = []
    for kind, rule in (("address", _URL), ("address", _MAIL), ("account", pattern), ("account", _HANDLE),
                       ("phone", _DIGITS)):
        for match in rule.finditer(folded.text) if rule else ():
            start, end = match.span()
            if kind == "phone" and _is_date(match[0]):
                continue
            if all(end <= other[0] or start >= other[1] for other in found):
                found.append((start, end, kind))
    return sorted(found)


def _is_date(digits: str) -> bool:
    """A date, or a date and the hour after it, is no phone."""
    return bool(_DATE.match(digits)) and len(re.sub(r"\D", "", digits)) <= 10


def _forms(name: str) -> list[str]:
    """The folded spellings under which a name is looked for."""
    bare = _fold(name).text.strip().removeprefix("@")
    if not bare:
        return []
    digits = _key("phone", bare) if _DIGITS.fullmatch(bare) else ""
    return [f"@{bare}", *([bare] if len(bare) >= _SHORTEST_BARE else []), *([digits, f"+{digits}"] if digits else [])]


def _key(kind: str, found: str) -> str:
    """What two spellings of one thing have in common; for a phone its digits, whatever stands between them."""
    if kind == "phone":
        return "".join(str(unicodedata.digit(letter)) for letter in found if letter.isdigit()).removeprefix("00")
    return found


def _pattern(forms: Iterable[str]) -> re.Pattern[str] | None:
    """All forms at once, the longest first, whole words only."""
    ordered = sorted(forms, key=len, reverse=True)
    if not ordered:
        return None
    return re.compile(r"(?<![\w@])(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")


def _lettered(word: str, keys: Iterable[str], salt: bytes, start: int = 0) -> dict[str, str]:
    shuffled = sorted(keys, key=lambda key: hmac.new(salt, key.encode(), hashlib.sha256).digest())
    return {key: f"{word} {_letters(at)}" for key, at in zip(shuffled, count(start), strict=False)}


def _letters(at: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
