"""What changed between two texts, word by word. Pure: text → parts of it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["same", "gone", "new"]
# A word and the space behind it: what is shown keeps its lines, and what is compared does not know them.
_WORDS = re.compile(r"\S+\s*|\s+")
# Comparing costs a step for each pair of equal words. A text that repeats one word without end is compared coarsely.
MOST_PAIRS = 1_000_000


@dataclass(frozen=True)
class Part:
    change: Change
    text: str


def between(old: str, new: str) -> list[Part]:
    """The parts of both texts in the order of reading: what is the same, what is gone, what is new in its place."""
    return list(_parts(_WORDS.findall(old), _WORDS.findall(new)))


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    before, after = [word.strip() for word in old], [word.strip() for word in new]
    matched = SequenceMatcher(None, before, after, autojunk=_pairs(before, after) > MOST_PAIRS)
    for what, start, end, begin, stop in matched.get_opcodes():
        if what == "equal":
            yield Part("same", "".join(new[begin:stop]))
            continue
        if start < end:
            yield Part("gone", "".join(old[start:end]))
        if begin < stop:
            yield Part("new", "".join(new[begin:stop]))


def _pairs(before: list[str], after: list[str]) -> int:
    counted = Counter(before)
    return sum(counted[word] * number for word, number in Counter(after).items())
