"""Names that a case knows, found in folded text however their words are joined, shaped or followed. Pure.

A text is read as atoms: letters of one script, digits or a sign, cut also where a capital begins a word inside a word
("LahoreTimes24" is lahore, times, 24). A name is its atoms without what stands between them, so one form finds
"Lahore Times", "lahore_times" and "#LahoreTimes"."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from casework.accounts.spelling import Folded, fold, is_common, opens

# Short bare words are too common to be taken for a handle; with its @ even one letter is.
_SHORTEST_BARE = 3
# The same for one word of a name of several.
_SHORTEST_WORD = 4
# From this length a name is also looked for in its plural, and within the letters of a hashtag, handle or address.
_SHORTEST_WITHIN = 8
# More than this between two words, or the sign of a new name, and they are not one.
_GAP = re.compile(r"[^@#]{0,3}")
_SIGN = r"\u2190-\u2bff\U0001f000-\U0001faff"
_ATOM = re.compile(rf"[a-z]+|\d+|[^\W\d_a-z]+|[{_SIGN}]")
_BETWEEN = re.compile(rf"(?:[^\w{_SIGN}]|_)+")
# What a name is joined to, before and after it; letters of another script only beyond one of these.
_JOINED_BEFORE = re.compile(r"[a-z0-9_]\.?$")
_JOINED_AFTER = re.compile(r"[a-z0-9_]|\.(?=\w)")
# With a digit or a letter next, it is the name of another.
_OF_ANOTHER = re.compile(r"[a-z0-9]|[_.]+\d")
# Words in Latin letters beside a part of a name, over an initial too, and how many on each side may belong to it.
_WORD_BEFORE = re.compile(r"(?<!\w)([a-z][a-z'’]+)(?: [a-z]\.)?[ -]$")
_WORD_AFTER = re.compile(r"(?: [a-z]\.)?[ -]([a-z][a-z'’]*[a-z])(?!\w)")
_BESIDE = 3
_FARTHEST = 40
# Urdu writes these after a name, often without a space.
_AFTER_A_NAME = ("نے", "کا", "کی", "کے", "کو", "سے", "میں", "پر", "تک")


@dataclass(frozen=True)
class Form:
    """How a name is looked for. An empty label: it stays where it is found."""

    label: str
    # Its words may stand apart in small letters.
    apart: bool = True
    # A space may stand where the name has none, between words with a capital.
    parted: bool = False
    # It may begin or end at a capital inside a word.
    inner: bool = False
    # It is not all of a name: with other words in capitals beside it, it may be the name of another.
    part: bool = False


@dataclass(frozen=True)
class Known:
    """A name in a text, at [start, end). `key` is its form, or where it is part of a longer word, that word."""

    start: int
    end: int
    label: str
    key: str


@dataclass(frozen=True)
class _Atom:
    start: int
    end: int
    text: str
    # A capital inside a word begins it, or the next one.
    cut_before: bool
    cut_after: bool
    # It begins with a capital, or has none to begin with.
    tall: bool


class Forms(dict[str, Form]):
    """What is looked for, by spelling, with what is worked out of it once for all texts. It does not change."""

    @cached_property
    def within(self) -> list[str]:
        """Those that are also looked for within the letters of a longer word."""
        return [key for key, one in self.items() if one.label and one.inner and len(key) >= _SHORTEST_WITHIN]

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self)

    def begins(self, key: str) -> bool:
        """Whether some spelling begins so."""
        at = bisect_left(self._ordered, key)
        return at < len(self._ordered) and self._ordered[at].startswith(key)


class _Runs:
    """The runs of some letters in a text, found in one pass: foreign text may be one word without end, and may not be
    gone through again for each name in it."""

    def __init__(self, rule: re.Pattern[str], text: str):
        edges = [run.span() for run in rule.finditer(text)]
        self._starts = [start for start, _end in edges]
        self._ends = [end for _start, end in edges]

    def start(self, at: int) -> int:
        """Where the run begins that holds the letter before `at`; `at` where none does."""
        before = bisect_left(self._starts, at) - 1
        return self._starts[before] if before >= 0 and self._ends[before] >= at else at

    def end(self, at: int) -> int:
        """Where the run ends that holds the letter at `at`."""
        return self._ends[bisect_left(self._starts, at + 1) - 1]

    def has(self, start: int, end: int) -> bool:
        """Whether a letter of a run is at [start, end)."""
        before = bisect_left(self._starts, end) - 1
        return start < end and before >= 0 and self._ends[before] > start


class _Words:
    """The words of a text by what may join them."""

    def __init__(self, text: str):
        self.text = text
        self.tags = _Runs(re.compile(r"[\w.\-]+"), text)
        self.dotted = _Runs(re.compile(r"[\w.]+"), text)
        self.chains = _Runs(re.compile(r"\w+(?:\.\w+)*"), text)
        self.letters = _Runs(re.compile(r"[^\W_]+"), text)
        self.ats = _Runs(re.compile("@+"), text)


def squash(folded: str) -> str:
    """What the spellings of one name have in common: its letters, digits and signs."""
    return _BETWEEN.sub("", folded)


def without_signs(name: str) -> str:
    return re.sub(f"[{_SIGN}]", " ", name).strip()


def form(name: str, label: str, *, whole: bool) -> Form:
    """How all of `name` is looked for. With `whole` its words may only be joined otherwise."""
    words = [atom.text for atom in _atoms(fold(name))]
    telling = any(map(_is_telling, words)) and not whole
    return Form(label, apart=" " in name.strip() or (telling and len(words) > 1), parted=not whole, inner=telling)


def parts(name: str, label: str, *, whole: bool = False) -> dict[str, Form]:
    """What is enough to know a name of several words by: words and runs of words, and of a handle that ends in digits
    what stands before them."""
    folded = fold(name)
    words = folded.text.split()
    runs = {" ".join(words[start:end]).strip(".,()") for start in range(len(words))
            for end in range(start + 1, len(words) + 1)}
    found = {squash(run): Form(label, inner=" " in run, part=True) for run in runs
             if len(re.sub(r"[\W_]", "", run)) >= _SHORTEST_WORD and not all(map(is_common, run.split()))}
    atoms = [atom.text for atom in _atoms(folded)]
    while atoms and atoms[-1].isdigit():
        atoms.pop()
    if len(atoms) > 1 and any(map(_is_telling, atoms)):
        found["".join(atoms)] = Form(label, inner=True, part=True)
    return {key: one for key, one in found.items() if key != squash(folded.text)}


def find(folded: Folded, forms: Forms) -> list[Known]:
    """Every place where a name is, left to right, without overlap: the longest wins. What it is joined to by a line, a
    dot, a digit or a capital goes with it, and unless that is but a word after a line or a dot, it is a name by itself:
    nobody is taken for another. Nor by one word of a name: the words in capitals beside it are that name too."""
    atoms = _atoms(folded)
    words = _Words(folded.text)
    hits = [one for at in range(len(atoms)) for one in _from(words, atoms, at, forms)]
    chosen, taken = [], bytearray(len(folded.text))
    for one in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if not any(taken[one.start:one.end]):
            taken[one.start:one.end] = b"\1" * (one.end - one.start)
            chosen.append(one)
    return _merged(folded.text, (_grown(words, _with_capitals(folded, one, forms)) if one.label else one
                                 for one in chosen))


def _merged(text: str, grown: Iterable[Known]) -> list[Known]:
    """Left to right, with those that overlap as one. An empty key becomes all that stands there."""
    found: list[Known] = []
    for one in sorted(grown, key=lambda hit: hit.start):
        if found and one.start < found[-1].end:
            before = found.pop()
            one = Known(before.start, max(before.end, one.end), before.label or one.label, "")
        found.append(one)
    return [one if one.key else replace(one, key=squash(text[one.start:one.end])) for one in found]


def _from(words: _Words, atoms: list[_Atom], at: int, forms: Forms) -> Iterator[Known]:
    """The names that begin with the atom `at`, and those within it."""
    text = words.text
    start, key, gaps, tall = atoms[at].start, "", "", True
    for last in range(at, len(atoms)):
        atom = atoms[last]
        gap = text[atoms[last - 1].end:atom.start] if last > at else ""
        if not _GAP.fullmatch(gap):
            break
        key, gaps, tall = key + atom.text, gaps + gap, tall and atom.tall
        for spelling, end in _endings(key, atom):
            one = forms.get(spelling)
            if one and end - start >= _SHORTEST_BARE and _fits(one, spelling, gaps, tall) \
                    and (one.inner or not (atoms[at].cut_before or atom.cut_after)) \
                    and not _is_in_a_number(text, start, end, spelling):
                yield Known(start, end, one.label, spelling)
        # What grammar adds is in the last atom: with another one after this, all of this is the name's.
        if not forms.begins(key):
            break
    if len(atoms[at].text) >= _SHORTEST_WITHIN and _in_a_tag(words, start):
        yield from (Known(start, atoms[at].end, forms[within].label, atoms[at].text) for within in forms.within
                    if within in atoms[at].text)


def _fits(one: Form, spelling: str, gaps: str, tall: bool) -> bool:
    return " " not in gaps or one.apart or (one.parted and tall and len(spelling) >= _SHORTEST_WORD)


def _is_in_a_number(text: str, start: int, end: int, spelling: str) -> bool:
    """Whether it is digits, and part of something else."""
    around = text[max(start - 1, 0):start] + text[end:end + 1]
    return spelling.isdigit() and any(one.isalnum() for one in around)


def _endings(key: str, last: _Atom) -> Iterator[tuple[str, int]]:
    """What the name may be, and where it ends: with all of the last atom, or without what grammar adds to it."""
    yield key, last.end
    if key.isascii():
        if key.endswith("s") and last.text != "s" and len(key) > _SHORTEST_WITHIN:
            yield key[:-1], last.end
        return
    for word in _AFTER_A_NAME:
        if last.text.endswith(word) and last.text != word:
            yield key.removesuffix(word), last.end - len(word)


def _in_a_tag(words: _Words, start: int) -> bool:
    """Whether the word that `start` is in follows # or @ or stands in an address."""
    return (before := words.tags.start(start)) > 0 and words.text[before - 1] in "#@/"


def _with_capitals(folded: Folded, one: Known, forms: Mapping[str, Form]) -> Known:
    """A name only a part of which is known, as "Lahore" in "Lahore Media Trust", with its other words."""
    known = forms.get(one.key)
    if known is None or not known.part or not folded.is_capital(one.start):
        return one
    start, end = one.start, one.end
    for _ in range(_BESIDE):
        before = _WORD_BEFORE.search(folded.text, max(start - _FARTHEST, 0), start)
        if before and folded.is_capital(before.start(1)) and not (is_common(before[1]) or opens(before[1])):
            start = before.start(1)
        after = _WORD_AFTER.match(folded.text, end)
        if after and folded.is_capital(after.start(1)):
            end = after.end(1)
    if (start, end) == (one.start, one.end):
        return one
    return Known(start, end, one.label, squash(folded.text[start:end]))


def _grown(words: _Words, one: Known) -> Known:
    """The name with what it is joined to. Letters of another script are joined only beyond one of ours."""
    text, head = words.text, one.start
    if _JOINED_BEFORE.search(text[max(head - 2, 0):head]):
        head = words.dotted.start(head)
    start = words.ats.start(head)
    after = _JOINED_AFTER.match(text, one.end)
    end = words.chains.end(after.end() if after[0] == "." else one.end) if after else one.end
    own = words.letters.has(head, one.start) or (after and (start < head or _OF_ANOTHER.match(text, one.end, end)))
    return replace(one, start=start, end=end, key="" if own else one.key)


def _is_telling(word: str) -> bool:
    return len(word) >= _SHORTEST_WORD and not word.isdigit() and not is_common(word)


def _atoms(folded: Folded) -> list[_Atom]:
    found = []
    for run in _ATOM.finditer(folded.text):
        cuts = [at for at in range(run.start() + 1, run.end()) if folded.is_capital(at) and (
            not folded.is_capital(at - 1) or (at + 1 < run.end() and not folded.is_capital(at + 1)))]
        edges = [run.start(), *cuts, run.end()]
        found += [_Atom(start, end, folded.text[start:end], start > run.start(), end < run.end(),
                        not folded.is_small(start))
                  for start, end in zip(edges, edges[1:], strict=False)]
    return found
