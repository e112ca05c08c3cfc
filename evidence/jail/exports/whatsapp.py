"""WhatsApp's own export of a chat, `.txt` alone or in a `.zip`: Android and iOS, in whatever language and clock.

Two passes, both in constant memory. The first finds the layout, the order of day and month and what is doubtful; the
second gives the records. One layout holds for a file: a line that begins like another one belongs to a body."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evidence.jail.exports import layouts, notices, times
from evidence.jail.exports.records import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Asked,
    Attachment,
    Frame,
    Record,
    Unreadable,
    bad,
)
from evidence.jail.exports.sources import Line, decoded

MOST_SHAPES, MOST_NAMES = 32, 5000
LONGEST_SENDER = 256
_PHONE = re.compile(r"\+\d[\d \u00a0()-]{5,24}")


@dataclass(slots=True)
class Seen:
    """What the first pass found of one layout."""

    shape: layouts.Shape
    orders: times.Orders
    example: str
    line: int
    headers: int = 0
    resolution: str = ""
    # Headers behind a line that ends in CR LF, and behind one that ends in a bare LF.
    after: list[int] = field(default_factory=lambda: [0, 0])
    # On iOS the group itself is printed as the sender of notices: whose notice opened the file, until it speaks.
    group: str = ""
    # First part of a name → how often, and the one second part that always followed, or none.
    colons: dict[str, tuple[int, str]] = field(default_factory=dict)
    # The same without headers behind a bare LF; None as long as there is none of those.
    strict: "Seen | None" = None

    @property
    def keeps_ends(self) -> bool:
        """On iOS messages end in CR LF, and lines of a body in a bare LF. Whether this file does so."""
        return self.shape[0] == "[" and self.after[0] >= self.after[1] > 0

    @property
    def own(self) -> "Seen":
        """What counts: not what was typed into a body, where that can be told apart."""
        return self.strict if self.strict and self.keeps_ends else self


@dataclass(slots=True)
class Survey:
    """What holds for the whole file. `facts` is for people."""

    seen: Seen | None
    facts: dict[str, Any]
    unterminated: bool = False


def survey(lines: Iterator[Line], encoding: str, wanted: str = "") -> Survey:
    """Read the whole file once. `wanted` is the layout that a person chose, as `facts` name it."""
    found: dict[layouts.Shape, Seen] = {}
    count, not_text, began, previous = 0, 0, "", b""
    for line in lines:
        count += 1
        text, is_text = decoded(line.raw, encoding)
        not_text += not is_text
        head = layouts.header(text)
        began = began or (("|".join(head.shape) if head else "none") if text.strip() else "")
        if head and (head.shape in found or len(found) < MOST_SHAPES):
            seen = found.setdefault(head.shape, Seen(head.shape, times.Orders(layouts.candidates(head.shape)),
                                                     text.strip()[:100], line.number))
            _notice(seen, head, text[head.end:], line.number, previous)
        previous = line.raw[-2:] if encoding == "utf-8" else b"\r\n"
    return _chosen(found, {"lines": count, "not_text": not_text, "encoding": encoding}, began, wanted)


def _notice(seen: Seen, head: layouts.Header, rest: str, number: int, previous: bytes) -> None:
    is_bare = bool(previous) and not previous.endswith(b"\r\n")
    if is_bare and seen.strict is None and head.shape[0] == "[":
        seen.strict = deepcopy(seen)
    if seen.strict and not is_bare:
        _note(seen.strict, head, rest, number)
    if _note(seen, head, rest, number) and previous:
        seen.after[is_bare] += 1


def _note(seen: Seen, head: layouts.Header, rest: str, number: int) -> bool:
    """Whether it is a date in any order."""
    if not seen.orders.add(number, head.text, head.parts, head.time):
        seen.headers += not layouts.candidates(head.shape)
        return False
    seen.headers += 1
    seen.resolution = head.resolution
    name, colon, text = rest.partition(": ")
    if not colon or len(name) > LONGEST_SENDER:
        return True
    speaks = not (text.startswith("\u200e") and notices.is_notice(text))
    if seen.headers == 1 and not speaks and notices.opens_a_group(text):
        seen.group = notices.stripped(name)
    elif seen.group and speaks and notices.stripped(name) == seen.group:
        seen.group = ""
    second, colon, _rest = text.partition(": ")
    if name in seen.colons:
        times_seen, before = seen.colons[name]
        seen.colons[name] = (times_seen + 1, before if colon and before == second else "")
    elif len(seen.colons) < MOST_NAMES:
        seen.colons[name] = (1, second if colon and len(second) < 80 else "")
    return True


def _chosen(found: dict[layouts.Shape, Seen], facts: dict[str, Any], began: str, wanted: str) -> Survey:
    """The layout that the file begins with is its own: nobody but WhatsApp writes its first line."""
    unterminated = {"|".join(shape) for shape, seen in found.items() if seen.keeps_ends}
    by_name = {"|".join(shape): seen.own for shape, seen in found.items()}
    facts["layouts"] = [{"layout": name, "example": seen.example, "line": seen.line, "headers": seen.headers}
                        for name, seen in by_name.items()]
    if wanted and wanted not in by_name:
        raise Unreadable(f"no line of the file has the layout {wanted[:80]!r}")
    name = wanted or (began if began in by_name else max(by_name, key=lambda one: by_name[one].headers, default=""))
    if not name:
        return Survey(None, {**facts, "state": "impossible", "why": "no line begins as a message of WhatsApp does"})
    seen = by_name[name]
    most = max(one.headers for one in by_name.values())
    facts |= {"layout": name, "headers": seen.headers, "resolution": seen.resolution, "group": seen.group,
              "names_with_a_colon": [f"{first}: {second}" for first, (times_seen, second) in seen.colons.items()
                                     if second and times_seen > 1][:20], **seen.orders.decide()}
    if not wanted and most > seen.headers:
        # A body may hold more lines of another chat than its own chat has: a person looks.
        facts |= {"state": "ambiguous_layout", "why": "more lines have another layout than the first has"}
    return Survey(seen, facts, name in unterminated)


class Reader:
    """The second pass. `attachment` looks a name up in the archive."""

    def __init__(self, found: Survey, *, order: str, names: list[str], clock: times.Clock, encoding: str,
                 attachment: Callable[[str], Attachment]):
        if found.seen is None or found.facts["state"] == "impossible":
            raise Unreadable(f"impossible layout: {found.facts['why']}")
        if found.facts["state"] == "ambiguous_layout":
            raise Asked("layout", found.facts)
        self._order = order or found.facts["order"]
        if not self._order:
            raise Asked("order", found.facts)
        self._candidates = layouts.candidates(found.seen.shape)
        if self._order not in self._candidates:
            raise Unreadable(f"a layout like {found.seen.example!r} is not in the order {self._order}")
        self._seen, self._clock, self._encoding, self._attachment = found.seen, clock, encoding, attachment
        self._names = sorted((f"{name}: " for name in names), key=len, reverse=True)
        self._only_after_both = found.unterminated
        self._pending: Record | None = None
        self._body: list[str] = []
        self._length = 0
        self._last = datetime(1, 1, 1)  # noqa: DTZ001

    def read(self, lines: Iterator[Line]) -> Iterator[Record | Frame]:
        bare = False
        for line in lines:
            text, is_text = decoded(line.raw, self._encoding)
            head = layouts.header(text)
            if head and head.shape == self._seen.shape:
                if bare and self._only_after_both:
                    self._mark("bare_newline")
                elif date := times.civil(head.parts, self._order):
                    yield from self._finished()
                    self._begin(line, head, date)
                    text = text[head.end:]
                elif any(times.civil(head.parts, order) for order in self._candidates):
                    yield from self._finished()
                    self._pending = bad(line.start, line.end, line.number, f"line {line.number}: its date does not fit "
                                        f"the order {self._order}", at_text=head.text)
            if self._pending is None:
                yield _before(line, text)
            else:
                self._add(line, text, is_text)
            bare = not line.raw.endswith(b"\r\n")
        yield from self._finished()

    def _begin(self, line: Line, head: layouts.Header, date: times.Parts) -> None:
        record = Record("message", line.start, line.end, line.number, at_text=head.text)
        moment = datetime(*date, *head.time)  # noqa: DTZ001
        self._clock.put(record, moment, head.resolution)
        if moment < self._last:
            record.marks.append("back")
        self._pending, self._last = record, moment

    def _add(self, line: Line, text: str, is_text: bool) -> None:
        assert self._pending is not None
        self._pending.end = line.end
        if not is_text:
            self._mark("replaced")
        if not line.whole or self._length + len(text) > LONGEST_TEXT:
            self._mark("cut")
            text = text[:max(0, LONGEST_TEXT - self._length)]
        if text or self._length < LONGEST_TEXT:
            # An empty line counts too: a body of nothing but those must end somewhere.
            self._length += len(text) + 1
            self._body.append(text.removesuffix("\n").removesuffix("\r"))

    def _mark(self, mark: str) -> None:
        if self._pending is not None and mark not in self._pending.marks:
            self._pending.marks.append(mark)

    def _finished(self) -> Iterator[Record]:
        record, text = self._pending, "\n".join(self._body)
        self._pending, self._body, self._length = None, [], 0
        if record is None:
            return
        if record.kind == "bad":
            record.text = text
        else:
            self._understand(record, text)
        yield record

    def _understand(self, record: Record, rest: str) -> None:
        """Who says what: a sender and a body, or a notice of the system's own, which has no sender."""
        first = rest.partition("\n")[0]
        at = first.find(": ")
        if self._names:
            at = next((len(name) - 2 for name in self._names if first.startswith(name)), at)
        if at < 0 and first.endswith(":"):
            at = len(first) - 1
        if not 0 <= at <= LONGEST_SENDER or notices.quotes(first):
            record.kind, record.text, record.system_act = "system", rest, notices.act(rest)
            return
        sender, record.text = notices.stripped(rest[:at]), rest[at + 1:].removeprefix(" ")
        if self._is_of_the_group(sender, record):
            record.kind, record.system_act = "system", notices.act(record.text)
            record.raw["printed_sender"] = sender
            return
        record.sender = sender
        if _PHONE.fullmatch(sender):
            record.sender_id = "+" + "".join(digit for digit in sender if digit.isdigit())
        self._look_into(record)

    def _is_of_the_group(self, sender: str, record: Record) -> bool:
        """On iOS a notice is printed like a message, with a mark before it that anybody can type. It is the system's
        only when its sender is the one that opened the file with a notice and never said anything else."""
        if self._seen.shape[0] != "[" or not record.text.startswith("\u200e") or not notices.is_notice(record.text):
            return False
        if self._seen.group and sender == self._seen.group:
            return True
        if not notices.is_deletion(record.text):
            record.marks.append("like_system")
        return False

    def _look_into(self, record: Record) -> None:
        text = record.text
        name = notices.attached(text)
        if name:
            record.attachments = [self._attachment(name[:LONGEST_NAME])]
        elif (name := notices.maybe_attached(text)) and (held := self._attachment(name)).present:
            record.attachments = [held]
        elif notices.is_omission(text):
            record.marks.append("media_omitted")
        elif notices.is_deletion(text):
            # The words may have been typed: the row stays a message, and this says what its text says.
            record.system_act = "deleted"
        if notices.is_edited(text):
            record.marks.append("edited")


def _before(line: Line, text: str) -> Record | Frame:
    if line.whole and not notices.stripped(text.strip()):
        return Frame("blank line", line.start, line.end)
    return bad(line.start, line.end, line.number, f"line {line.number} stands before the first message",
               text=text[:LONGEST_TEXT])
