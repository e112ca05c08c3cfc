"""The way through a JSON file that holds records in arrays: each element becomes a record, all between is framing."""

from collections.abc import Callable, Iterator
from typing import Any

from evidence.jail.exports.jsons import Element, Malformed, Scanner, load_any, too_deep
from evidence.jail.exports.records import DEEPEST, LONGEST_ELEMENT, Frame, Record, bad

STRUCTURE = "structure"
Understand = Callable[[Record, dict[str, Any]], None]


class NotUnderstood(Exception):
    """An element is well-formed and is not what it should be; the message says in what."""


class Walk:
    """A scanner and how far what it passed was given out. What is left when the structure breaks is one bad record."""

    def __init__(self, chunks: Iterator[bytes]):
        self.scanner, self.done = Scanner(chunks), 0

    def through(self, steps: Iterator[Record | Frame]) -> Iterator[Record | Frame]:
        """All of `steps`, then the end of the file, or a bad record from where it breaks."""
        try:
            yield from steps
            if self.scanner.peek():
                raise Malformed(self.scanner.at, self.scanner.line, "something stands behind the end")
        except Malformed as error:
            yield from self.frame(error.at)
            end = self.scanner.rest()
            if end > self.done:
                yield bad(self.done, end, error.line, f"{error}; nothing from there on can be read")
            return
        yield from self.frame(self.scanner.at)

    def frame(self, to: int, name: str = STRUCTURE) -> Iterator[Frame]:
        if to > self.done:
            yield Frame(name, self.done, to)
            self.done = to

    def array(self, understand: Understand) -> Iterator[Record | Frame]:
        """The elements of the array that comes next."""
        self.scanner.take(b"[")
        if self.scanner.peek() == b"]":
            self.scanner.take(b"]")
            return
        while True:
            element = self.scanner.element()
            yield from self.frame(element.start)
            self.done = element.end
            yield understood(element, understand)
            if self.scanner.take(b",]") == b"]":
                return


def understood(element: Element, understand: Understand) -> Record:
    """The record of one element; whatever is wrong with it makes it a bad one that says so."""
    start, end, line, raw = element
    where = f"line {line}"
    if raw is None:
        return bad(start, end, line, f"{where}: it is longer than {LONGEST_ELEMENT} bytes")
    if too_deep(raw):
        return bad(start, end, line, f"{where}: it is nested deeper than {DEEPEST}")
    record = Record("post", start, end, line)
    try:
        value, is_text = load_any(raw)
        if not isinstance(value, dict):
            raise NotUnderstood("it is no object")
        understand(record, value)
    except (NotUnderstood, ValueError) as error:
        # What was read before it failed would be half a record.
        return bad(start, end, line, f"{where}: {error}"[:500])
    if not is_text:
        record.marks.append("replaced")
    return record


def text_of(value: dict[str, Any], key: str, default: str | None = "") -> str:
    """A text of an object. Raises NotUnderstood where it is something else, or missing and has no default."""
    found = value.get(key, default)
    if found is None and default is not None:
        return default
    if not isinstance(found, str):
        raise NotUnderstood(f"its {key!r} is {_kind(found)} and no text")
    return found


def id_of(value: dict[str, Any], key: str) -> str:
    """An identifier as text: some write it as a number."""
    found = value.get(key)
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, int | str):
        raise NotUnderstood(f"its {key!r} is {_kind(found)} and no identifier")
    return str(found)


def inside(value: Any, *path: str) -> Any:
    """What lies at the end of a path of keys, or None."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def texts(value: Any) -> str:
    """A text, or nothing where something else stands."""
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def counted(pairs: dict[str, Any]) -> dict[str, int]:
    """Counts under our names; what is no whole number is left out, it stays in the export."""
    counts = {}
    for name, value in pairs.items():
        if isinstance(value, str) and value.isdecimal() and len(value) < 16:
            value = int(value)
        if type(value) is int and abs(value) < 10**15:
            counts[name] = value
    return counts


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", bool: "yes or no", int: "a number", float: "a number",
            str: "a text"}.get(type(value), "missing")
