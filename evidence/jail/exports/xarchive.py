"""The archive that X gives an account's owner: `data/tweets.js`, its parts, and `deleted-tweets.js`.

Each is a script that sets one array. Times are UTC. Whose archive it is stands in `account.js`."""

import re
from collections.abc import Iterator
from typing import Any

from evidence.jail.exports import posts
from evidence.jail.exports.jsons import Malformed, load
from evidence.jail.exports.records import Frame, Record
from evidence.jail.exports.walks import NotUnderstood, Walk, inside, texts

MEMBERS = re.compile(r"(?:.*/)?(?:tweets?|deleted-tweets?)(?:-part\d+)?\.js")
ACCOUNT = re.compile(r"(?:.*/)?account\.js")
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}window\.YTD\.[A-Za-z0-9_]{1,60}\.part\d{1,4}\s{0,9}=\s{0,9}(?=\[)")
_DELETED = "deleted_at"


def account(head: bytes) -> dict[str, str]:
    """Handle and number of the account, of the first bytes of `account.js`; empty where they are not told."""
    found = _BEGINNING.match(head)
    try:
        first = load(head[found.end():])[0] if found else {}
    except (ValueError, LookupError, TypeError):
        first = {}
    return {"screen_name": texts(inside(first, "account", "username")),
            "id_str": texts(inside(first, "account", "accountId"))}


class Reader:
    """`owner` is what `account` gives: the archive's own posts do not repeat it."""

    def __init__(self, owner: dict[str, str]):
        self._owner = owner

    def read(self, chunks: Iterator[bytes]) -> Iterator[Record | Frame]:
        walk = Walk(chunks)
        return walk.through(self._steps(walk))

    def _steps(self, walk: Walk) -> Iterator[Record | Frame]:
        walk.scanner.peek()
        if not (beginning := walk.scanner.look(_BEGINNING)):
            raise Malformed(walk.scanner.at, walk.scanner.line, "'window.YTD.… = [' was expected")
        walk.scanner.skip(beginning)
        yield from walk.frame(walk.scanner.at)
        yield from walk.array(self._post)
        if walk.scanner.peek() == b";":
            walk.scanner.take(b";")

    def _post(self, record: Record, value: dict[str, Any]) -> None:
        tweet = value.get("tweet", value)
        if not isinstance(tweet, dict):
            raise NotUnderstood("its 'tweet' is no object")
        posts.x(record, tweet, self._owner if self._owner["screen_name"] else None)
        record.sender_id = record.sender_id or self._owner["id_str"]
        if isinstance(tweet.get(_DELETED), str):
            record.raw[_DELETED] = tweet[_DELETED]
