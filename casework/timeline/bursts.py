"""Bursts: one text, in one spelling, written by several senders with little time between each and the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from casework.cases.models import Case
from casework.posts import normal
from casework.posts.models import Post
from casework.timeline.asking import Query

# As many senders as a burst has at least, and as long as nobody of them may be silent.
LEAST, GAP = 3, timedelta(minutes=10)
MOST = 50
# Times that are known as a day only say nothing of minutes. The kind `system` has no key of a text, and a short text
# has a weak one.
_FOUND = """
WITH timed AS (
    SELECT id, text_key, at, resolution, COALESCE(NULLIF(sender_id, ''), sender) AS sender,
           at - LAG(at) OVER (PARTITION BY text_key ORDER BY at, id) > %(gap)s AS begins
    FROM casework_post
    WHERE case_id = %(case)s AND source_id = ANY(%(sources)s) AND text_key < %(weak)s AND at IS NOT NULL
      AND resolution <> 'day' AND (%(kind)s = '' OR kind = %(kind)s)
      AND (%(keys)s::bytea[] IS NULL OR text_key = ANY(%(keys)s::bytea[]))
      AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
), parted AS (
    SELECT *, COUNT(*) FILTER (WHERE begins) OVER (PARTITION BY text_key ORDER BY at, id) AS part FROM timed
)
SELECT (ARRAY_AGG(id ORDER BY at, id))[1], COUNT(DISTINCT sender) FILTER (WHERE sender <> '') AS senders, COUNT(*),
       MIN(at), MAX(at), BOOL_OR(resolution = 'minute')
FROM parted GROUP BY text_key, part
HAVING COUNT(DISTINCT sender) FILTER (WHERE sender <> '') >= %(least)s
ORDER BY senders DESC, MIN(at), MIN(id) LIMIT %(most)s
"""


@dataclass(frozen=True)
class Burst:
    """`rows` rows by `senders` senders from `first` to `last`, of which `post` is the first. `minutes` is never too
    few: where a time is known to the minute, all of the minute counts."""

    post: Post
    senders: int
    rows: int
    first: datetime
    last: datetime
    by_minute: bool

    @property
    def minutes(self) -> int:
        seconds = int((self.last - self.first).total_seconds()) + (60 if self.by_minute else 1)
        return -(-seconds // 60)

    @property
    def resolution(self) -> str:
        return "minute" if self.by_minute else "second"


def found(case: Case, query: Query, sources: Sequence[int], keys: list[bytes] | None) -> list[Burst]:
    """At most MOST, those with most senders first; of the texts with one of `keys` alone, where these are given."""
    asked: dict[str, Any] = {
        "case": case.pk, "sources": list(sources), "kind": query.kind, "keys": keys, "since": query.since,
        "until": query.until, "gap": GAP, "weak": bytes([normal.WEAK]), "least": LEAST, "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, asked)
        rows = cursor.fetchall()
    posts = Post.objects.select_related("source__exhibit").in_bulk([row[0] for row in rows])
    return [Burst(posts[pk], *rest) for pk, *rest in rows]
