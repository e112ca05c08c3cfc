"""Pseudonyms for one document: names, handles, phones and addresses become "Account A", "Phone B", "Address C".

Pure. The same thing gets the same label throughout a document. Letters are dealt out in an order that the document's
own random salt decides, so the labels of two documents cannot be matched by their letters. When in doubt this
replaces too much: a sentence that reads oddly is mended by its author, a name that got through is not."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from casework.accounts.spelling import Kind, fold, is_common, phone_key, spans

# Short bare words are too common to be taken for a handle; with its @ even one letter is.
_SHORTEST_BARE = 3
# The same for one word of a name of several.
_SHORTEST_WORD = 4
# Urdu writes these after a name, often without a space.
_AFTER_A_NAME = "نے|کا|کی|کے|کو|سے|میں|پر|تک"
_LETTER = r"[^\W\d_a-z]"


@dataclass(frozen=True)
class Words:
    """The words in which labels are written, in the document's language."""

    account: str = "Account"
    phone: str = "Phone"
    address: str = "Address"


@dataclass(frozen=True)
class Pseudonyms:
    """The labels of one document: `labels` by what was given for each account, `forms` from every folded spelling.

    A form whose label is empty is left as it is. Without `strangers`, what belongs to no account given stays too."""

    words: Words
    labels: Mapping[str, str]
    forms: Mapping[str, str]
    pattern: re.Pattern[str] | None = field(repr=False)
    strangers: bool = True


def deal(accounts: Mapping[str, Iterable[str]], texts: Iterable[str], *, salt: bytes,
         words: Words = Words(), whole: bool = False) -> Pseudonyms:  # noqa: B008 - frozen
    """Labels for a document. `accounts` maps each account's key to everything it is called (handles with or without @,
    display names, stable ids); `texts` is all that the document will say, scanned for phones, addresses and handles
    that belong to no account given. `salt`: at least 16 random bytes, kept with the document and used for no other.
    With `whole`, the words of a name are not looked for by themselves."""
    if len(salt) < 16:
        raise ValueError("a salt of at least 16 bytes")
    labels = _lettered(words.account, accounts, salt)
    forms = _labelled(accounts, labels, words.account, whole)
    pattern = _pattern(forms)
    strangers: dict[Kind, set[str]] = {"account": set(), "phone": set(), "address": set()}
    for text in texts:
        for start, end, kind in spans(folded := fold(text), pattern):
            if (found := _key(kind, folded.text[start:end], forms)) not in forms:
                strangers[kind].add(found)
    forms |= _lettered(words.account, strangers["account"], salt, len(labels))
    forms |= _lettered(words.phone, strangers["phone"], salt)
    forms |= _lettered(words.address, strangers["address"], salt)
    return Pseudonyms(words, labels, forms, pattern)


def label_only(accounts: Mapping[str, Iterable[str]], *, spared: Iterable[str], words: Words) -> Pseudonyms:
    """Each account is called by its key. `spared` are names that stay, and so does what belongs to no account given,
    unless one of the names is in it."""
    kept = {form: "" for name in spared for form in _forms(name)}
    forms = _labelled(accounts, {key: key for key in accounts}, words.account, False) | kept
    return Pseudonyms(words, {key: key for key in accounts}, forms, _pattern(forms), strangers=False)


def pseudonymise(text: str, pseudonyms: Pseudonyms) -> str:
    """`text` with the names, handles, phones and addresses that were recognised replaced by their labels.

    What the document was not dealt (a text that `deal` did not see) is replaced by the bare word."""
    folded = fold(text)
    result, at = [], 0
    for start, end, kind in spans(folded, pseudonyms.pattern):
        label = _label(kind, folded.text[start:end], pseudonyms)
        if label:
            result += [text[at:folded.origins[start]], label]
            at = folded.after(end)
    return "".join([*result, text[at:]])


def mentions(text: str, pseudonyms: Pseudonyms) -> bool:
    """Whether something in `text` gets a label."""
    folded = fold(text)
    return any(_label(kind, folded.text[start:end], pseudonyms)
               for start, end, kind in spans(folded, pseudonyms.pattern))


def _label(kind: Kind, found: str, pseudonyms: Pseudonyms) -> str:
    """Empty: it stays."""
    label = pseudonyms.forms.get(_key(kind, found, pseudonyms.forms))
    if label is not None:
        return label
    bare = {"account": pseudonyms.words.account, "phone": pseudonyms.words.phone, "address": pseudonyms.words.address}
    if pseudonyms.strangers:
        return bare[kind]
    inside = pseudonyms.pattern.finditer(found) if pseudonyms.pattern else ()
    return bare[kind] if any(pseudonyms.forms.get(_key("account", one[0], pseudonyms.forms)) for one in inside) else ""


def _labelled(accounts: Mapping[str, Iterable[str]], labels: Mapping[str, str], word: str,
              whole: bool) -> dict[str, str]:
    """Each spelling with its label; with the bare word where two accounts share it: nobody is taken for another."""
    names = {key: {form for name in called for form in _forms(name)} for key, called in accounts.items()}
    parts = {key: set() if whole else {part for form in called for part in _parts(form)}
             for key, called in names.items()}
    forms: dict[str, str] = {}
    for spellings in (parts, names):
        shared = Counter(form for called in spellings.values() for form in called)
        forms |= {form: labels[key] if shared[form] == 1 else word
                  for key, called in spellings.items() for form in called}
    return forms


def _forms(name: str) -> list[str]:
    """The folded spellings under which a name is looked for."""
    bare = fold(name).text.strip().lstrip("@")
    digits = phone_key(bare)
    return [form for form in (bare, digits) if form]


def _parts(form: str) -> set[str]:
    """Words and runs of words of a name of several that are enough to know it by."""
    words = form.split()
    runs = {" ".join(words[start:end]).strip(".,()") for start in range(len(words)) for end in
            range(start + 1, len(words) + 1)} - {form}
    return {run for run in runs if len(re.sub(r"[\W_]", "", run)) >= _SHORTEST_WORD
            and not all(is_common(word) for word in run.split())}


def _key(kind: Kind, found: str, forms: Mapping[str, str]) -> str:
    """What two spellings of one thing have in common; for a phone its digits, whatever stands between them."""
    if kind == "address":
        return found
    if kind == "phone":
        return phone_key(found)
    bare = found.lstrip("@")
    spaced = re.sub(r"[ _.\-]+", " ", bare)
    return next((one for one in (bare, spaced, bare.strip("_.-")) if one in forms), bare)


def _pattern(forms: Iterable[str]) -> re.Pattern[str] | None:
    """All forms at once, the longest first, each where no letter of its own script touches it."""
    ordered = sorted(forms, key=len, reverse=True)
    if not ordered:
        return None
    grouped: dict[str, list[str]] = {}
    for form in ordered:
        if len(form) >= _SHORTEST_BARE:
            grouped.setdefault(_before(form), []).append(_spaced(form) + _end(form))
    # What stands before a name is asked once for all names that begin alike.
    bare = [f"(?:@+|{before})(?:{'|'.join(names)})" for before, names in grouped.items()]
    return re.compile("|".join([*bare, "@+(?:" + "|".join(_spaced(form) + _end(form) for form in ordered) + ")"]))


def _before(form: str) -> str:
    """What may not stand before a name without its @."""
    return "(?<![a-z0-9])" if _latin(form[0]) else f"(?<!{_LETTER})" if form[0].isalpha() else ""


def _end(form: str) -> str:
    if _latin(form[-1]):
        return "(?![a-z0-9])"
    return rf"(?:(?!{_LETTER})|(?=(?:{_AFTER_A_NAME})(?!{_LETTER})))" if form[-1].isalpha() else ""


def _spaced(form: str) -> str:
    """Words of a name may also be joined by a line, a dot or a hyphen."""
    return r"[ _.\-]+".join(map(re.escape, form.split(" ")))


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


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
