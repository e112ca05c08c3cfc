"""Telegram Desktop's `result.json`: one chat, or all chats of an account.

Its `date` is the clock of the machine that exported; newer ones give `date_unixtime`, which is UTC."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from evidence.jail.exports import times
from evidence.jail.exports.jsons import load
from evidence.jail.exports.records import DEEPEST, LONGEST_NAME, Attachment, Frame, Record
from evidence.jail.exports.walks import NotUnderstood, Walk, counted, id_of, text_of

_ACTS = {"create_group": "created", "create_channel": "created", "invite_members": "joined",
         "join_group_by_link": "joined", "join_group_by_request": "joined", "remove_members": "removed",
         "edit_group_title": "renamed", "delete_group": "deleted", "leave_group": "left"}
_SENDER = re.compile(r"(?:user|channel|chat)?-?\d{1,20}")
_MORE = ("forwarded_from", "forwarded_from_id", "saved_from", "reply_to_message_id", "via_bot", "media_type",
         "mime_type", "edited", "edited_unixtime", "action", "title", "members", "message_id", "author", "inviter")
_KNOWN = {*_MORE, "id", "type", "date", "date_unixtime", "from", "from_id", "actor", "actor_id", "text",
          "text_entities", "photo", "file", "reactions", "width", "height", "thumbnail", "duration_seconds",
          "sticker_emoji", "poll", "file_name", "file_size", "photo_file_size", "thumbnail_file_size",
          "reply_to_peer_id"}
_CHAT = ("name", "type", "id")


class Reader:
    """`attachment` looks a path up in the archive, `clock` is the exporting machine's."""

    def __init__(self, clock: times.Clock, attachment: Callable[[str], Attachment]):
        self._clock, self._attachment, self._chat = clock, attachment, {}  # type: ignore[var-annotated]

    def read(self, chunks: Iterator[bytes]) -> Iterator[Record | Frame]:
        walk = Walk(chunks)
        if walk.scanner.peek() == b"\xef":
            walk.scanner.skip(3)
        return walk.through(self._object(walk, 0))

    def _object(self, walk: Walk, depth: int) -> Iterator[Record | Frame]:
        """One object that may hold messages, or chats that hold them."""
        scanner = walk.scanner
        scanner.take(b"{")
        if depth == 0 or depth > 1:
            self._chat = {}
        if scanner.peek() == b"}":
            scanner.take(b"}")
            return
        while True:
            if scanner.peek() != b'"':
                scanner.take(b'"')
            name = scanner.element(LONGEST_NAME)
            key = _key(name.raw)
            scanner.take(b":")
            first = scanner.peek()
            if key == "messages" and first == b"[":
                yield from walk.array(self._message)
            elif key in ("chats", "left_chats") and first == b"{" and depth == 0:
                yield from self._object(walk, 1)
            elif key == "list" and first == b"[" and depth == 1:
                yield from self._list(walk)
            else:
                yield from self._other(walk, key)
            if scanner.take(b",}") == b"}":
                return

    def _list(self, walk: Walk) -> Iterator[Record | Frame]:
        walk.scanner.take(b"[")
        if walk.scanner.peek() == b"]":
            walk.scanner.take(b"]")
            return
        while True:
            yield from self._object(walk, 2)
            if walk.scanner.take(b",]") == b"]":
                return

    def _other(self, walk: Walk, key: str) -> Iterator[Frame]:
        """Something that holds no messages: framing that bears its name. What a chat is called is kept."""
        element = walk.scanner.element(LONGEST_NAME)
        if element.end - element.start > LONGEST_NAME:
            yield from walk.frame(element.start)
            yield from walk.frame(element.end, key)
        elif key in _CHAT and element.raw is not None and element.raw[:1] not in (b"{", b"["):
            self._chat[key] = _value(element.raw)

    def _message(self, record: Record, value: dict[str, Any]) -> None:
        kind = value.get("type")
        if kind not in ("message", "service"):
            raise NotUnderstood(f"its 'type' is {str(kind)[:80]!r}, neither message nor service")
        record.kind = "message" if kind == "message" else "system"
        record.post_id, record.text = id_of(value, "id"), _text(value)
        who = "from" if kind == "message" else "actor"
        record.sender, record.sender_id = text_of(value, who), id_of(value, f"{who}_id")
        if record.sender_id and not _SENDER.fullmatch(record.sender_id):
            raise NotUnderstood(f"its '{who}_id' is {record.sender_id[:80]!r} and no identifier")
        self._date(record, value)
        if kind == "service":
            self._service(record, value)
        record.raw |= {key: value[key] for key in _MORE if key in value}
        record.raw |= {f"chat_{key}": found for key, found in self._chat.items()}
        if unknown := sorted(set(value) - _KNOWN):
            record.raw["other_keys"] = [key[:80] for key in unknown[:50]]
        record.counts = _reactions(value.get("reactions"))
        if value.get("edited") or value.get("edited_unixtime"):
            record.marks.append("edited")
        for key in ("photo", "file"):
            if path := text_of(value, key):
                self._attach(record, path)
        if isinstance(value.get("poll"), dict):
            record.raw["poll"] = text_of(value["poll"], "question")

    def _service(self, record: Record, value: dict[str, Any]) -> None:
        action = text_of(value, "action", None)
        record.system_act = _ACTS.get(action, "other")
        if action == "remove_members" and value.get("members") == [value.get("actor")]:
            record.system_act = "left"

    def _attach(self, record: Record, path: str) -> None:
        if path.startswith("("):
            # "(File not included. Change data exporting settings to download.)"
            record.marks.append("media_omitted")
            return
        record.attachments.append(self._attachment(path[:LONGEST_NAME]))

    def _date(self, record: Record, value: dict[str, Any]) -> None:
        date, unix = text_of(value, "date"), id_of(value, "date_unixtime")
        record.at_text = date or unix
        if date and not times.put_iso(record, date, self._clock):
            raise NotUnderstood(f"its 'date' is {date[:80]!r} and no time")
        if unix:
            at = times.utc(int(unix)) if unix.isdecimal() and len(unix) < 12 else ""
            if not at:
                raise NotUnderstood(f"its 'date_unixtime' is {unix[:80]!r} and no time")
            # The machine knew its own zone: nothing is doubtful any more.
            record.at, record.resolution = at, "second"
            record.marks = [mark for mark in record.marks if mark not in ("fold", "gap")]
        if not record.at_text:
            raise NotUnderstood("it has neither 'date' nor 'date_unixtime'")


def _text(value: dict[str, Any]) -> str:
    """The words of a text, which is one, or a list of texts and of objects that hold one."""
    found = value.get("text")
    if isinstance(found, str):
        return found
    if not isinstance(found, list):
        raise NotUnderstood("its 'text' is neither a text nor a list of them")
    return "".join(part if isinstance(part, str) else text_of(part, "text", None) if isinstance(part, dict)
                   else _no_text() for part in found)


def _no_text() -> str:
    raise NotUnderstood("a part of its 'text' is no text")


def _reactions(value: Any) -> dict[str, int]:
    if not isinstance(value, list):
        return {}
    return counted({str(one.get("emoji") or one.get("type"))[:40]: one.get("count") for one in value[:DEEPEST]
                    if isinstance(one, dict)})


def _key(raw: bytes | None) -> str:
    found = _value(raw or b'""')
    return found if isinstance(found, str) else ""


def _value(raw: bytes) -> Any:
    try:
        return load(raw)
    except ValueError:
        return ""
