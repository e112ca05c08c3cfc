"""Pseudonyms for one document: names, handles, phones and addresses become "Account A", "Phone B", "Address C".

Pure. The same thing gets the same label throughout a document. Letters are dealt out in an order that the document's
own random salt decides, so the labels of two documents cannot be matched by their letters. When in doubt this
replaces too much: a sentence that reads oddly is mended by its author, a name that got through is not."""

import hashlib
import hmac
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from casework.accounts.naming import Form, Forms, Known, find, form, parts, squash, without_signs
from casework.accounts.spelling import Folded, Kind, fold, phone_keys, spans


@dataclass(frozen=True)
class Words:
    """The words in which labels are written, in the document's language."""

    account: str = "Account"
    phone: str = "Phone"
    number: str = "Number"
    address: str = "Address"


@dataclass(frozen=True)
class Pseudonyms:
    """The labels of one document: `labels` by what was given for each account, `forms` by every spelling of theirs,
    `dealt` of what belongs to no account given. Without `strangers`, the latter stays."""

    words: Words
    labels: Mapping[str, str]
    forms: Forms
    dealt: Mapping[str, str]
    strangers: bool = True


def deal(accounts: Mapping[str, Iterable[str]], texts: Iterable[str], *, salt: bytes,
         words: Words = Words(), whole: bool = False) -> Pseudonyms:  # noqa: B008 - frozen
    """Labels for a document. `accounts` maps each account's key to everything it is called (handles with or without @,
    display names, stable ids); `texts` is all that the document will say, scanned for phones, addresses and handles
    that belong to no account given. `salt`: at least 16 random bytes, kept with the document and used for no other.
    With `whole`, a name is looked for as it is written: neither its words by themselves, nor where a space parts
    them, nor within a longer word."""
    if len(salt) < 16:
        raise ValueError("a salt of at least 16 bytes")
    labels = _lettered(words.account, accounts, salt)
    forms = Forms(_labelled(accounts, labels, words.account, whole))
    strangers: dict[Kind, set[str]] = {"account": set(), "phone": set(), "number": set(), "address": set()}
    for text in texts:
        for _start, _end, kind, keys in _found(fold(text), forms)[0]:
            if forms.keys().isdisjoint(keys):
                strangers[kind].add(keys[0])
    dealt = _lettered(words.account, strangers["account"], salt, len(labels))
    for kind, word in (("phone", words.phone), ("number", words.number), ("address", words.address)):
        dealt |= _lettered(word, strangers[kind], salt)
    return Pseudonyms(words, labels, forms, dealt)


def label_only(accounts: Mapping[str, Iterable[str]], *, spared: Iterable[str], words: Words) -> Pseudonyms:
    """Each account is called by its key. `spared` are names that stay, and so does what belongs to no account given,
    unless one of the names is in it."""
    kept = {key: one for name in spared for key, one in _forms(name, "", whole=False).items()}
    forms = _labelled(accounts, {key: key for key in accounts}, words.account, False) | kept
    return Pseudonyms(words, {key: key for key in accounts}, Forms(forms), {}, strangers=False)


def pseudonymise(text: str, pseudonyms: Pseudonyms) -> str:
    """`text` with the names, handles, numbers and addresses that were recognised replaced by their labels.

    What the document was not dealt (a text that `deal` did not see) is replaced by the bare word."""
    folded = fold(text)
    result, at = [], 0
    for start, end, label in _replaced(folded, pseudonyms):
        result += [text[at:folded.origins[start]], label]
        at = folded.after(end)
    return "".join([*result, text[at:]])


def mentions(text: str, pseudonyms: Pseudonyms) -> bool:
    """Whether something in `text` gets a label."""
    return bool(_replaced(fold(text), pseudonyms))


def _replaced(folded: Folded, pseudonyms: Pseudonyms) -> list[tuple[int, int, str]]:
    """Each place that gets a label, with it."""
    places, names = _found(folded, pseudonyms.forms)
    starts, ends = [one.start for one in names], [one.end for one in names]
    labelled = ((start, end, _label(kind, keys, pseudonyms, names[bisect_right(ends, start):bisect_left(starts, end)]))
                for start, end, kind, keys in places)
    return [(start, end, label) for start, end, label in labelled if label]


def _label(kind: Kind, keys: list[str], pseudonyms: Pseudonyms, inside: list[Known]) -> str:
    """Empty: it stays."""
    for key in keys:
        if key in pseudonyms.forms:
            return pseudonyms.forms[key].label
    if keys[0] in pseudonyms.dealt:
        return pseudonyms.dealt[keys[0]]
    bare: str = getattr(pseudonyms.words, kind)
    return bare if pseudonyms.strangers or any(one.label for one in inside) else ""


def _found(folded: Folded, forms: Forms) -> tuple[list[tuple[int, int, Kind, list[str]]], list[Known]]:
    """What may get a label, with what its spellings have in common; and the names known, wherever they are."""
    names = find(folded, forms)
    known = {(one.start, one.end): one.key for one in names}
    places = spans(folded, list(known))
    return [(start, end, kind, _keys(kind, folded.text[start:end], known.get((start, end), "")))
            for start, end, kind in places], names


def _keys(kind: Kind, found: str, known: str) -> list[str]:
    if kind == "address":
        return [found]
    if kind == "phone":
        return phone_keys(found)
    return [known or squash(found)]


def _labelled(accounts: Mapping[str, Iterable[str]], labels: Mapping[str, str], word: str,
              whole: bool) -> dict[str, Form]:
    """Each spelling with its label; with the bare word where two accounts share it: nobody is taken for another."""
    forms: dict[str, Form] = {}
    for spell in (_forms,) if whole else (parts, _forms):
        spelt = {key: _together(spell(name, labels[key], whole=whole) for name in called)
                 for key, called in accounts.items()}
        shared = Counter(spelling for mine in spelt.values() for spelling in mine)
        forms |= {spelling: one if shared[spelling] == 1 else replace(one, label=word)
                  for mine in spelt.values() for spelling, one in mine.items()}
    return forms


def _forms(name: str, label: str, *, whole: bool) -> dict[str, Form]:
    """The spellings under which all of a name is looked for."""
    bare = name.strip().lstrip("@")
    found = {squash(fold(spelt).text): form(spelt, label, whole=whole) for spelt in (bare, without_signs(bare))}
    return {key: one for key, one in (dict.fromkeys(phone_keys(fold(bare).text), Form(label)) | found).items() if key}


def _together(spelt: Iterable[Mapping[str, Form]]) -> dict[str, Form]:
    """A name that is given in several spellings is looked for as each of them allows."""
    found: dict[str, Form] = {}
    for forms in spelt:
        for key, one in forms.items():
            other = found.get(key, one)
            found[key] = replace(one, apart=one.apart or other.apart, parted=one.parted or other.parted,
                                 inner=one.inner or other.inner)
    return found


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
