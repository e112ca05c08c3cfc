"""How records go through the pipe: lines of JSON, each a list of records. What comes out is foreign: `read` checks it.

The writer proves on the way that nothing was dropped: each record or framing begins where the one before it ended,
and the last one ends where the member does."""

import json
from collections.abc import Container, Iterator
from dataclasses import fields
from operator import attrgetter
from typing import Any, Protocol

from evidence.jail.exports.records import ACTS, KINDS, LONGEST_FIELD, MARKS, RESOLUTIONS, Attachment, Frame, Record

# A line ends after so many records, or where they cite and take so many bytes.
BATCH, BATCH_BYTES = 200, 256 * 1024
LONGEST_ANSWER = 64 * 1024 * 1024
MOST_FRAMINGS, LONGEST_FRAMING = 100, 100
_FIELDS = [one.name for one in fields(Record)]
_TEXTS = ("member", "at_text", "local", "at", "sender", "sender_id", "text", "post_id", "url", "reason")
# What is a word or a line on every platform. An export that makes a book of it would have it copied into each row.
_BOUNDED = ("at_text", "sender", "sender_id", "post_id", "url")
_VALUES, _SHORT = attrgetter(*_FIELDS), attrgetter(*_BOUNDED)
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Readable(Protocol):
    def members(self) -> list[str]: ...
    def size(self, member: str) -> int: ...
    def steps(self, member: str) -> Iterator[Record | Frame]: ...
    def left_out(self, read: Container[str]) -> dict[str, Any]: ...


class Wrong(Exception):
    """An answer is not what a reader of ours gives."""


def told(facts: dict[str, Any]) -> bytes:
    return _line({"told": facts})


def asked(what: str, facts: dict[str, Any]) -> bytes:
    return _line({"asked": what, "facts": facts})


def cited(data: bytes, encoding: str) -> bytes:
    return _line({"cited": data.hex(), "encoding": encoding})


def stopped(reason: str) -> bytes:
    return _line({"stopped": reason[:500]})


def written(work: Readable, after: int) -> Iterator[bytes]:
    """All records behind the first `after`, in batches, and what the whole holds."""
    count, length = 0, 0
    held: list[Record] = []
    whole: dict[str, Any] = {"records": 0, "kinds": {}, "marks": {}, "framing": {}, "members": {}}
    for member in work.members():
        at = 0
        for step in work.steps(member):
            if step.start != at or step.end < at:
                raise AssertionError(f"{member!r}: bytes {at} to {step.start} belong to nothing")
            at = step.end
            if isinstance(step, Frame):
                _count(whole["framing"], step.name, step.end - step.start)
                continue
            count += 1
            _cut(step)
            _count(whole["kinds"], step.kind, 1)
            for mark in step.marks:
                _count(whole["marks"], mark, 1)
            if count <= after:
                continue
            step.member = member
            held.append(step)
            length += step.end - step.start + _copied(step)
            if len(held) >= BATCH or length >= BATCH_BYTES:
                yield _written(held)
                held, length = [], 0
        if at != work.size(member):
            raise AssertionError(f"{member!r}: bytes {at} to {work.size(member)} belong to nothing")
        whole["members"][member] = at
    whole["records"], whole["left_out"] = count, work.left_out(whole["members"])
    yield _written(held) + _line({"whole": whole})


def _count(counts: dict[str, int], name: str, by: int) -> None:
    name = name[:LONGEST_FRAMING]
    name = name if name in counts or len(counts) < MOST_FRAMINGS else "other"
    counts[name] = counts.get(name, 0) + by


def _cut(record: Record) -> None:
    if max(map(len, _SHORT(record))) > LONGEST_FIELD:
        for name in _BOUNDED:
            setattr(record, name, getattr(record, name)[:LONGEST_FIELD])
        if "cut" not in record.marks:
            record.marks.append("cut")


def _copied(record: Record) -> int:
    """How much of it may be from elsewhere than the bytes that it cites: names of columns, texts that cells share."""
    return len(record.text) + (len(_ENCODE(record.raw)) if record.raw else 0)


def _written(records: list[Record]) -> bytes:
    line = _ENCODE([_VALUES(record) for record in records])
    try:
        data = line.encode()
    except UnicodeEncodeError:
        data = b""
    if data and "\\u0000" not in line:
        return data + b"\n"
    return _line([_storable(record) for record in records])


def _storable(record: Record) -> list[Any]:
    """The record without what no database keeps: NUL, and halves of a pair. They are in the bytes that it cites."""
    values = list(_VALUES(record))
    cleaned = [_clean(value) for value in values]
    if cleaned != [list(value) if isinstance(value, tuple) else value for value in values]:
        cleaned[_FIELDS.index("marks")] = sorted({*record.marks, "replaced"})
    return cleaned


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_clean(key): _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value


def _line(value: Any) -> bytes:
    return _ENCODE(_clean(value)).encode() + b"\n"


def read(line: bytes) -> list[Record] | dict[str, Any]:
    """Records, or the object that says what became of the whole. Raises Wrong."""
    try:
        value = json.loads(line)
        if isinstance(value, dict):
            # Kept and shown as records are, and by a database that keeps no NUL.
            return {str(_clean(name)): _clean(one) for name, one in value.items()}
        records = [_record(values) for values in value]
    except (ValueError, TypeError, RecursionError) as error:
        raise Wrong(f"an answer that is no record: {error}"[:200]) from None
    if not all(map(_holds, records)):
        raise Wrong("an answer with a field that no record has")
    return records


def _record(values: Any) -> Record:
    if not isinstance(values, list) or len(values) != len(_FIELDS):
        raise ValueError("another count of fields")
    record = Record(*values)
    if record.attachments:
        record.attachments = [Attachment(*one) for one in record.attachments]
    return record


def _holds(record: Record) -> bool:
    numbers = (record.start, record.end, record.line)
    return (record.kind in KINDS and record.system_act in ACTS and record.resolution in RESOLUTIONS
            and all(type(number) is int for number in numbers) and 0 <= record.start <= record.end and record.line > 0
            and all(isinstance(getattr(record, name), str) for name in _TEXTS)
            and isinstance(record.raw, dict) and isinstance(record.counts, dict) and isinstance(record.marks, list)
            and all(mark in MARKS for mark in record.marks)
            and all(type(count) is int for count in record.counts.values())
            and all(isinstance(name, str) and type(present) is bool and type(size) is int
                    for name, present, size in record.attachments))
