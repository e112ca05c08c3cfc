"""Records of an export as rows: what each one is in one canonical form, the chain of their hashes, and how they go in.

    chain(0) = 32 zero bytes      chain(n) = SHA-256(chain(n-1) + canonical(row n))

It goes on from any row, so a reading that was cut off ends with the same value; and whoever holds the last value, which
the custody log has, sees a row that was changed, left out or put in."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from heapq import merge
from typing import Any

from django.db import connection

from casework.posts import normal
from casework.posts.models import Import, Post, Unread
from evidence.jail.exports.records import Record

EMPTY = bytes(32).hex()
BAD = "bad"
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_SHARED = ("case_id", "source_id", "position", "member", "start", "end", "line", "at_text", "text", "raw")
_POST = (*_SHARED, "kind", "local", "at", "resolution", "sender", "sender_id", "attachments", "system_act", "post_id",
         "url", "counts", "marks", "text_key")
_UNREAD = (*_SHARED, "reason")


def canonical(position: int, record: Record) -> bytes:
    """The one spelling of a row: what it says, as a list in the order of docs/exports.md."""
    if record.kind == BAD:
        record = _unread(record)
    return _JSON([
        position, record.kind, record.member, record.start, record.end, record.line, record.at_text, record.local,
        record.at, record.resolution, record.sender, record.sender_id, record.text, record.attachments,
        record.system_act, record.post_id, record.url, record.counts, _plain(record.raw), record.marks, record.reason,
    ]).encode()


def chained(before: str, numbered: Iterable[tuple[int, Record]]) -> str:
    """The chain behind these rows; `before` is its value in front of them, EMPTY at the beginning."""
    value = bytes.fromhex(before or EMPTY)
    for position, record in numbered:
        value = hashlib.sha256(value + canonical(position, record)).digest()
    return value.hex()


def kept(source: Import) -> Iterator[tuple[int, Record]]:
    """The rows of an import as the database has them, in order, in constant memory."""
    posts = ((row.position, _of_post(row)) for row in
             Post.objects.filter(source=source).order_by("position").iterator(2000))
    unread = ((row.position, _unread(row)) for row in
              Unread.objects.filter(source=source).order_by("position").iterator(2000))
    yield from merge(posts, unread, key=lambda pair: pair[0])


def wrongly_keyed(source: Import) -> Iterator[int]:
    """The positions of posts that are matched by another text than their own: the chain has the text, and the key that
    matching goes by is made of it."""
    columns = Post.objects.filter(source=source).order_by("position").values_list(
        "position", "kind", "text", "text_key")
    for position, kind, text, key in columns.iterator(2000):
        if (None if key is None else bytes(key)) != _key(kind, text):
            yield position


def begun(source: Import) -> dict[str, Any]:
    """What the custody log says of an import that begins, beside its number."""
    return {"sha256": source.sha256, "format": source.format, "members": source.members, "options": source.options}


def stopped(source: Import) -> dict[str, Any]:
    """What it says of one that ended before the whole was read: its rows stay, and are bound to this."""
    return {"sha256": source.sha256, "rows": source.kept, "rows_sha256": source.rows_sha256 or EMPTY,
            "reason": source.problem}


def totals(source: Import) -> dict[str, Any]:
    """What the custody log says of an import that was read to its end, beside its number."""
    whole = source.whole or {}
    return {"sha256": source.sha256, "rows": source.kept, "rows_sha256": source.rows_sha256, "kinds": whole["kinds"],
            "marks": whole["marks"],
            "framing": [{"name": name, "bytes": size} for name, size in sorted(whole["framing"].items())]}


def put(source: Import, numbered: Sequence[tuple[int, Record]]) -> None:
    """Write them in, in the caller's transaction. The database refuses what is no row."""
    posts = [(position, record) for position, record in numbered if record.kind != BAD]
    unread = [(position, record) for position, record in numbered if record.kind == BAD]
    _copy(Post, _POST, ((*_shared(source, *one), *_told(one[1])) for one in posts))
    _copy(Unread, _UNREAD, ((*_shared(source, *one), one[1].reason) for one in unread))


def _copy(model: type[Post | Unread], columns: Sequence[str], values: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(map(connection.ops.quote_name, columns))
    sql = f"COPY {model._meta.db_table} ({names}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in values:
            copy.write_row(row)


def _shared(source: Import, position: int, record: Record) -> tuple[Any, ...]:
    return (source.case_id, source.pk, position, record.member, record.start, record.end, record.line, record.at_text,
            record.text, _JSON(record.raw))


def _told(record: Record) -> tuple[Any, ...]:
    return (record.kind, record.local, record.at or None, record.resolution, record.sender, record.sender_id,
            _JSON(record.attachments), record.system_act, record.post_id, record.url, _JSON(record.counts),
            record.marks, _key(record.kind, record.text))


def _key(kind: str, text: str) -> bytes | None:
    return None if kind == Post.Kind.SYSTEM else normal.key(text)


def _of_post(row: Post) -> Record:
    return Record(
        row.kind, row.start, row.end, row.line, row.member, row.at_text, row.local,
        f"{row.at.replace(tzinfo=None).isoformat()}Z" if row.at else "", row.resolution, row.sender, row.sender_id,
        row.text, row.attachments, row.system_act, row.post_id, row.url, row.counts, row.raw, row.marks)


def _unread(row: Record | Unread) -> Record:
    """What is kept of bytes that were not understood."""
    return Record(BAD, row.start, row.end, row.line, row.member, row.at_text, text=row.text, raw=row.raw,
                  reason=row.reason)


def _plain(value: Any) -> Any:
    """JSON of the database has one kind of number: 1e5 comes back as 100000."""
    if isinstance(value, float):
        exact = Decimal(repr(value))
        return int(exact) if exact == exact.to_integral_value() else value
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
