"""One JSON object a line: what Zeeschuimer captured, and what 4CAT made of it.

Zeeschuimer keeps what a platform sent under `data`; 4CAT keeps the same, and what Zeeschuimer knew under
`__import_meta`, or writes its own columns."""

from collections.abc import Iterator
from typing import Any

from evidence.jail.exports import posts, times
from evidence.jail.exports.jsons import Element
from evidence.jail.exports.records import Frame, Record
from evidence.jail.exports.sources import Line
from evidence.jail.exports.walks import NotUnderstood, counted, id_of, text_of, texts, understood

_BLANKS = b" \t\r\n\xef\xbb\xbf"


class Reader:
    def __init__(self, clock: times.Clock):
        self._clock = clock

    def read(self, lines: Iterator[Line]) -> Iterator[Record | Frame]:
        for line in lines:
            if line.whole and not line.raw.strip(_BLANKS):
                yield Frame("blank line", line.start, line.end)
                continue
            raw = line.raw.removeprefix(b"\xef\xbb\xbf") if line.start == 0 else line.raw
            yield understood(Element(line.start, line.end, line.number, raw if line.whole else None), self._line)

    def _line(self, record: Record, value: dict[str, Any]) -> None:
        meta = value.get("__import_meta")
        if isinstance(value.get("data"), dict) and "source_platform" in value:
            self._captured(record, value, value["data"])
        elif isinstance(meta, dict):
            self._captured(record, meta, value)
        elif "body" in value and "author" in value:
            self._columns(record, value)
        else:
            raise NotUnderstood("it is neither of Zeeschuimer nor of 4CAT")

    def _captured(self, record: Record, about: dict[str, Any], data: dict[str, Any]) -> None:
        platform = text_of(about, "source_platform", None)
        fill = posts.PLATFORMS.get(platform)
        if fill is None:
            raise NotUnderstood(f"posts of {platform[:80]!r} are not read")
        fill(record, data)
        record.raw |= {"platform": platform, "source_url": texts(about.get("source_url"))}
        collected = about.get("timestamp_collected")
        if isinstance(collected, int | float) and not isinstance(collected, bool):
            record.raw["captured"] = times.utc(collected / 1000)

    def _columns(self, record: Record, value: dict[str, Any]) -> None:
        record.post_id, record.text = id_of(value, "id"), text_of(value, "body")
        record.sender, record.sender_id = text_of(value, "author"), id_of(value, "author_id")
        record.url = text_of(value, "url")
        unix, stamp = id_of(value, "unix_timestamp"), id_of(value, "timestamp")
        record.at_text = unix or stamp
        if unix.isdecimal() and len(unix) < 12 and (at := times.utc(int(unix))):
            record.at, record.resolution = at, "second"
        elif not times.put_iso(record, stamp, self._clock):
            raise NotUnderstood(f"its time is {record.at_text[:80]!r}, and none that is known")
        record.counts = counted({name: value.get(key) for key, name in FOURCAT_COUNTS.items()})
        record.raw |= {key: value[key] for key in FOURCAT_MORE if isinstance(value.get(key), str | int)}


FOURCAT_COUNTS = {"likes": "likes", "like_count": "likes", "retweet_count": "reposts", "reply_count": "replies",
                  "quote_count": "quotes", "comments": "replies", "shares": "shares", "plays": "views",
                  "views": "views", "impression_count": "views"}
FOURCAT_MORE = ("thread_id", "author_fullname", "is_retweet", "retweeted_user", "is_quote_tweet", "quote_tweet_id",
                "is_reply", "replied_author", "hashtags", "urls", "mentions", "images", "videos")
