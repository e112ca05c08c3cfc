"""DISARM Red techniques: numbers and names, and the search over them. Pure; the data and its licence are in `disarm/`.

Names stay in English in every language: they are names."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

LONGEST = 200
_FILE = Path(__file__).parent / "disarm" / "techniques.csv"
_NUMBER = re.compile(r"(T?)([0-9]{1,4})((?:\.[0-9]{0,3})?)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Technique:
    number: str
    name: str


def _read() -> dict[str, Technique]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return {row["number"]: Technique(**row) for row in csv.DictReader(lines)}


ALL = _read()


def named(number: str) -> Technique:
    """The technique of this number; one that the list no longer has is called by its number alone."""
    return ALL.get(number, Technique(number, ""))


def search(asked: str) -> list[Technique]:
    """Those whose number begins as `asked` does (`T0049`, `49.5`), else those whose names have all its words, or words
    that begin so. In the order of their numbers; nothing asked is nothing found."""
    asked = asked.strip()[:LONGEST]
    if found := _NUMBER.fullmatch(asked):
        letter, whole, part = found.groups()
        # Without its letter a number stands for itself, however many noughts go before it.
        begins = f"T{whole if letter and not part else whole.zfill(4)}{part}"
        return [one for one in ALL.values() if one.number.startswith(begins)]
    words = _words(asked)
    return [one for one in ALL.values() if words and _has(_words(one.name), words)]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold())


def _has(words: list[str], asked: list[str]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in asked)
