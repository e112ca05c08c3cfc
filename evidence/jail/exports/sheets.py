"""Rows of an Excel workbook (`.xlsx`). In a Zip file a row has no bytes of its own, so what is cited is the member and
the range of its `<row>` element in the member unpacked.

Nothing is computed: a cell with a formula gives the value that was saved with it, and the formula beside it."""

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from evidence.jail.exports.columns import MOST_COLUMNS
from evidence.jail.exports.records import DEEPEST, LONGEST_ELEMENT, LONGEST_LINE, Frame, Unreadable
from evidence.jail.exports.sources import Source
from evidence.jail.exports.tables import Row

WORKBOOK, RELATIONS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
# What is read of a workbook beside a sheet.
PARTS = (WORKBOOK, RELATIONS, STRINGS)
MOST_STRINGS, MOST_TEXT, MOST_SHEETS = 1_000_000, 64 * 1024**2, 1000
MARKUP = "sheet markup"
Start = Callable[[str, dict[str, str]], None]


class _Xml:
    """expat without what XML has beyond elements: no document type, so no entity and nothing from elsewhere."""

    def __init__(self, start: Start, end: Callable[[str], None], text: Callable[[str], None]):
        self._depth, self._start, self._end, self._fed = 0, start, end, 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._down
        self.parser.EndElementHandler = self._up
        self.parser.CharacterDataHandler = text

    def feed(self, chunk: bytes, last: bool = False) -> None:
        self.parser.Parse(chunk, last)
        self._fed += len(chunk)
        # The parser holds what it cannot tell apart yet; of the text between tags it holds nothing.
        if self._fed - max(0, self.parser.CurrentByteIndex) > LONGEST_ELEMENT:
            raise Unreadable(f"a tag of its XML is longer than {LONGEST_ELEMENT} bytes")

    def _down(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable(f"its XML is nested deeper than {DEEPEST}")
        self._start(name.rpartition(":")[2], attributes)

    def _up(self, name: str) -> None:
        self._depth -= 1
        self._end(name.rpartition(":")[2])

    def _refuse(self, *_what: Any) -> None:
        raise Unreadable("its XML declares a document type, which no workbook does")


def _read(source: Source, member: str, start: Start, end: Callable[[str], None], text: Callable[[str], None]) -> None:
    """One small part of a workbook. Raises Unreadable."""
    xml = _Xml(start, end, text)
    try:
        for chunk in source.chunks(member):
            xml.feed(chunk)
        xml.feed(b"", True)
    except expat.ExpatError as error:
        raise Unreadable(f"{member}: {error}") from None


@dataclass
class Book:
    """Its sheets: name → member, in order; whether its days count from 1904."""

    sheets: dict[str, str] = field(default_factory=dict)
    since_1904: bool = False


def book(source: Source) -> Book:
    targets: dict[str, str] = {}
    places: dict[str, str] = {}
    found = Book()

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and len(targets) < MOST_SHEETS:
            path = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(
                path.lstrip("/") if path.startswith("/") else f"xl/{path}")

    def part(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and len(places) < MOST_SHEETS:
            key = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            places[attributes.get("name", "")] = key
        elif name == "workbookPr":
            found.since_1904 = attributes.get("date1904") in ("1", "true")

    _read(source, RELATIONS, relation, _nothing, _nothing)
    _read(source, WORKBOOK, part, _nothing, _nothing)
    found.sheets = {name: targets[key] for name, key in places.items() if targets.get(key) in source.members}
    if not found.sheets:
        raise Unreadable("the workbook has no sheet")
    return found


def strings(source: Source) -> list[str]:
    """The texts that cells refer to by number. Raises Unreadable where they are more than are held."""
    if STRINGS not in source.members:
        return []
    found: list[str] = []
    open_: list[str] = []
    state = {"text": False, "spoken": 0, "length": 0}

    def start(name: str, _attributes: dict[str, str]) -> None:
        state["text"] = name == "t"
        state["spoken"] += name == "rPh"

    def end(name: str) -> None:
        state["text"] = False
        state["spoken"] -= name == "rPh"
        if name == "si":
            found.append("".join(open_))
            open_.clear()
            if len(found) > MOST_STRINGS:
                raise Unreadable(f"the workbook has more than {MOST_STRINGS} shared texts")

    def text(data: str) -> None:
        # How a text is spoken stands beside it and is no part of it.
        if state["text"] and not state["spoken"]:
            state["length"] += len(data)
            if state["length"] > MOST_TEXT:
                raise Unreadable(f"the workbook's shared texts are longer than {MOST_TEXT} characters")
            open_.append(data)

    _read(source, STRINGS, start, end, text)
    return found


class Sheet:
    """The rows of one sheet as they come."""

    def __init__(self, source: Source, member: str, shared: list[str]):
        self._source, self._member, self._shared = source, member, shared
        self._ready: list[Row | Frame] = []
        self._done = 0
        # Where the row in hand begins, and its number; `_closed` when its end tag is read and its end is not known yet.
        self._begin, self._number, self._closed = -1, 0, False
        self._clear()

    def _clear(self) -> None:
        self._cells: list[str] = []
        self._formulas: dict[int, str] = {}
        self._place, self._kind, self._inside = -1, "", ""
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._length, self._reason = 0, ""

    def rows(self) -> Iterator[Row | Frame]:
        xml = _Xml(self._start, self._end, self._text)
        self._parser = xml.parser
        xml.parser.DefaultHandlerExpand = lambda _data: self._settle()
        chunks = self._source.chunks(self._member)
        try:
            for chunk in chunks:
                for at in range(0, len(chunk), 32 * 1024):
                    xml.feed(chunk[at:at + 32 * 1024])
                    yield from self._ready
                    self._ready.clear()
            xml.feed(b"", True)
        except (expat.ExpatError, Unreadable) as error:
            self._settle()
            yield from self._ready
            for _chunk in chunks:
                pass
            size = self._source.size(self._member)
            yield Row(self._done, size, self._number + 1, [], f"behind row {self._number}: {error}; nothing from there "
                                                              "on can be read")
            return
        self._settle(self._source.size(self._member) if self._closed else None)
        yield from self._ready
        if self._done < (size := self._source.size(self._member)):
            yield Frame(MARKUP, self._done, size)

    def _settle(self, at: int | None = None) -> None:
        """Whatever comes after a row's end tag tells where it ended."""
        if not self._closed:
            return
        end = self._parser.CurrentByteIndex if at is None else at
        if self._begin > self._done:
            self._ready.append(Frame(MARKUP, self._done, self._begin))
        self._ready.append(Row(self._begin, end, self._number, self._cells, self._reason, True, self._formulas))
        self._done, self._closed = end, False
        self._clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._settle()
        if name == "row":
            said = attributes.get("r", "")
            number = int(said) if said.isdecimal() and len(said) < 9 else 0
            self._begin, self._number = self._parser.CurrentByteIndex, number or self._number + 1
        elif name == "c":
            place = _column(attributes.get("r", ""), self._place + 1)
            if place <= self._place:
                self._reason = f"row {self._number}: its cells are not in their order"
            self._place = place
            self._kind, self._value, self._formula = attributes.get("t", "n"), [], None
        elif name == "f":
            self._formula = []
            if attributes.get("t") == "shared":
                self._formula.append(f"shared {attributes.get('si', '')[:20]}: ")
        self._inside = name

    def _end(self, name: str) -> None:
        self._settle()
        self._inside = ""
        if name == "row":
            self._closed = True
        elif name == "c":
            self._cell()

    def _text(self, data: str) -> None:
        self._settle()
        if self._inside in ("v", "t", "f"):
            self._length += len(data)
            if self._length > LONGEST_LINE:
                self._reason = f"row {self._number}: it is longer than {LONGEST_LINE} characters"
            elif self._inside == "f" and self._formula is not None:
                self._formula.append(data)
            else:
                self._value.append(data)

    def _cell(self) -> None:
        value, place = "".join(self._value), self._place
        if place >= MOST_COLUMNS:
            self._reason = f"row {self._number}: it has more than {MOST_COLUMNS} columns"
            return
        if self._kind == "s" and value:
            number = int(value) if value.isdecimal() and len(value) < 9 else -1
            if not 0 <= number < len(self._shared):
                self._reason = f"row {self._number}: a cell refers to a shared text {value[:20]!r}, which is not there"
                return
            value = self._shared[number]
            self._length += len(value)
            if self._length > LONGEST_LINE:
                self._reason = f"row {self._number}: it is longer than {LONGEST_LINE} characters"
                return
        elif self._kind == "b":
            value = "TRUE" if value == "1" else "FALSE"
        while len(self._cells) <= place:
            self._cells.append("")
        self._cells[place] = value
        if self._formula is not None:
            self._formulas[place] = "=" + "".join(self._formula)


def _column(reference: str, otherwise: int) -> int:
    """The place of a cell from its name: B2 is 1."""
    letters = reference.rstrip("0123456789")
    if not letters or len(letters) > 3 or not letters.isalpha() or not letters.isascii():
        return otherwise
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _nothing(*_what: Any) -> None:
    pass
