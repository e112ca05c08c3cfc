"""JSON as a stream: the elements of arrays by their byte ranges, each small one read by `json`, in constant memory.

A container's own structure is walked byte by byte; what is inside an element is only balanced, then handed over as a
whole. So one broken element costs itself alone, and one of a gigabyte is stepped over."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from evidence.jail.exports.records import DEEPEST, LONGEST_ELEMENT

LONGEST_NUMBER = 40
_BLANK = re.compile(rb"[ \t\r\n]*+")
_BLANKS = b" \t\r\n"
# From anywhere outside of a string to the next bracket outside of one.
_BRACKET = re.compile(rb'[^"{}\[\]]*+(?:"(?:[^"\\]++|\\.)*+"[^"{}\[\]]*+)*+([{}\[\]])', re.DOTALL)
_SCALAR = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^"\s,:{}\[\]]++(?=[\s,:{}\[\]])', re.DOTALL)
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_OUTSIDE = re.compile(rb'["{}\[\]]')


class Malformed(Exception):
    """From `at` on this is no JSON; `line` and the message say where and why."""

    def __init__(self, at: int, line: int, reason: str):
        super().__init__(f"line {line}, byte {at}: {reason}")
        self.at, self.line = at, line


class Element(NamedTuple):
    """One value: its bytes in the file, the line that it begins in, and itself unless it is longer than the bound."""

    start: int
    end: int
    line: int
    raw: bytes | None


def load(raw: bytes) -> Any:
    """The value of one element. Raises ValueError for what has two readings or none: a key that comes twice, a number
    that no number holds, nesting beyond all use."""
    try:
        return _DECODER.decode(raw.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def load_any(raw: bytes) -> tuple[Any, bool]:
    """As `load`; bytes that are no UTF-8 are replaced, and the second value is False then."""
    try:
        return load(raw), True
    except UnicodeDecodeError:
        return load(raw.decode("utf-8", "replace").encode()), False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the key {name[:80]!r} comes twice")
        found[name] = value
    return found


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _real(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError(f"the number {text[:LONGEST_NUMBER]} is too large")
    return value


def _never(text: str) -> float:
    raise ValueError(f"{text} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_int=_whole, parse_float=_real, parse_constant=_never)


class Scanner:
    """A cursor over a stream. `at` is its byte, `line` its line."""

    def __init__(self, chunks: Iterator[bytes]):
        self._chunks, self._data, self._here, self._base, self.line = chunks, b"", 0, 0, 1
        self._ended = False

    @property
    def at(self) -> int:
        return self._base + self._here

    def skip(self, count: int) -> None:
        while len(self._data) - self._here < count and self._more():
            pass
        self._go(min(len(self._data), self._here + count))

    def peek(self) -> bytes:
        """The next byte that is no blank; nothing at the end."""
        while True:
            found = _BLANK.match(self._data, self._here)
            assert found is not None
            self._go(found.end())
            if self._here < len(self._data):
                return self._data[self._here:self._here + 1]
            if not self._more():
                return b""

    def look(self, wanted: re.Pattern[bytes]) -> int:
        """How many of the bytes that come next are this; the data that are held are enough for a short one."""
        found = wanted.match(self._data, self._here)
        return found.end() - self._here if found else 0

    def take(self, wanted: bytes) -> bytes:
        """One of these bytes, blanks before it stepped over. Raises Malformed."""
        found = self.peek()
        if not found or found not in wanted:
            seen = "the end of the file" if not found else repr(found.decode("latin-1"))
            raise Malformed(self.at, self.line, f"{' or '.join(repr(chr(one)) for one in wanted)} was expected, "
                                                f"and there is {seen}")
        self._go(self._here + 1)
        return found

    def element(self, most: int = LONGEST_ELEMENT) -> Element:
        """The value that comes next, balanced. Raises Malformed where it never ends."""
        first = self.peek()
        start, line = self.at, self.line
        if first in (b"{", b"["):
            return self._container(start, line, most)
        return self._scalar(start, line, first, most)

    def rest(self) -> int:
        """Run to the end of the file and say where it is."""
        self._go(len(self._data))
        while self._more():
            self._go(len(self._data))
        return self.at

    def _scalar(self, start: int, line: int, first: bytes, most: int) -> Element:
        while (found := _SCALAR.match(self._data, self._here)) is None:
            if len(self._data) - self._here > most:
                if first != b'"':
                    raise Malformed(start, line, "no value, and no end of it")
                self._go(self._here + 1)
                self._step_out_of_string(start, line)
                return Element(start, self.at, line, None)
            if not self._more():
                if first and first not in b'"{}[],:' and start < self.at + len(self._data) - self._here:
                    return self._last(start, line)
                raise Malformed(start, line, "a value was expected")
        raw = found.group()
        self._go(found.end())
        return Element(start, self.at, line, raw)

    def _last(self, start: int, line: int) -> Element:
        """A number or a word that the file ends with."""
        raw = self._data[self._here:]
        self._go(len(self._data))
        return Element(start, self.at, line, raw.rstrip(_BLANKS))

    def _container(self, start: int, line: int, most: int) -> Element:
        """Everything up to the bracket that closes the first one, kept as long as it is within the bound."""
        depth, place = 0, self._here
        while True:
            found = _BRACKET.match(self._data, place)
            if found is None:
                if len(self._data) - self._here > most:
                    return self._long(start, line, depth, place)
                behind = place - self._here
                if not self._more():
                    raise Malformed(start, line, "what begins here does not end")
                place = self._here + behind
                continue
            place = found.end()
            depth += 1 if found[1] in b"{[" else -1
            if depth == 0:
                raw = self._data[self._here:place]
                self._go(place)
                return Element(start, self.at, line, raw if len(raw) <= most else None)

    def _long(self, start: int, line: int, depth: int, place: int) -> Element:
        """Step over what is beyond the bound; nothing of it is kept."""
        self._go(place)
        while depth or self.at == start:
            found = _OUTSIDE.search(self._data, self._here)
            if found is None:
                self._go(len(self._data))
                if not self._more():
                    raise Malformed(start, line, "what begins here does not end")
                continue
            self._go(found.end())
            if found.group() == b'"':
                self._step_out_of_string(start, line)
            else:
                depth += 1 if found.group() in b"{[" else -1
        return Element(start, self.at, line, None)

    def _step_out_of_string(self, start: int, line: int) -> None:
        while True:
            found = _IN_STRING.match(self._data, self._here)
            assert found is not None
            self._go(found.end())
            if self._data[self._here:self._here + 1] == b'"':
                self._go(self._here + 1)
                return
            # What is left is nothing, or the first byte of an escape: the second one is in the next chunk.
            if not self._more():
                raise Malformed(start, line, "the text that begins here does not end")

    def _go(self, place: int) -> None:
        self.line += self._data.count(b"\n", self._here, place)
        self._here = place

    def _more(self) -> bool:
        if self._ended:
            return False
        chunk = next(self._chunks, b"")
        self._ended = not chunk
        self._base += self._here
        self._data, self._here = self._data[self._here:] + chunk, 0
        return bool(chunk)


def too_deep(raw: bytes) -> bool:
    """Whether brackets lie deeper in each other than the bound."""
    if raw.count(b"{") + raw.count(b"[") <= DEEPEST:
        return False
    depth, place = 0, 0
    while found := _BRACKET.match(raw, place):
        place = found.end()
        depth += 1 if found[1] in b"{[" else -1
        if depth > DEEPEST:
            return True
    return False
