"""How the log stands now: what waits, what no checkpoint covers yet, what nobody outside holds, and for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection
from django.utils import timezone

from evidence.custody import checkpoints, holders
from evidence.custody.models import Checkpoint
from evidence.custody.outside import Holding

# What the promise aims at, and from where on it is not kept.
AIM = timedelta(minutes=5)
LIMIT = timedelta(minutes=60)


class Exposure(StrEnum):
    """How much of the log could be rewritten without anybody outside noticing."""

    NEVER = "never"
    LOST = "lost"
    NONE = "none"
    AIMED = "aimed"
    LATE = "late"
    OVER = "over"


@dataclass(frozen=True)
class Standing:
    """`waiting` events have no index yet; `uncovered_since` is the time of the oldest event under no checkpoint,
    `unheld_since` that of the oldest under none that somebody outside holds; `held` is the largest that they hold."""

    size: int
    latest: Checkpoint | None
    waiting: int
    waiting_since: datetime | None
    uncovered_since: datetime | None
    held: Holding | None
    unheld_since: datetime | None
    asked_at: datetime

    @property
    def backlog(self) -> timedelta:
        """How long the oldest event has waited for its index."""
        return self._since(self.waiting_since)

    @property
    def window(self) -> timedelta:
        """How long the oldest event has been under no checkpoint."""
        return self._since(self.uncovered_since)

    @property
    def exposed(self) -> timedelta:
        """How far back history could be rewritten without trace: the promise's window."""
        return self._since(self.unheld_since)

    @property
    def exposure(self) -> Exposure:
        if self.held is None:
            return Exposure.NEVER
        if self.held.size > self.size:
            return Exposure.LOST
        if self.unheld_since is None:
            return Exposure.NONE
        return Exposure.AIMED if self.exposed <= AIM else Exposure.LATE if self.exposed <= LIMIT else Exposure.OVER

    def _since(self, moment: datetime | None) -> timedelta:
        return max(self.asked_at - moment, timedelta()) if moment else timedelta()


def standing() -> Standing:
    latest, held = checkpoints.latest(), holders.latest()
    # One question, so that an event which gets its place meanwhile is counted once: as waiting or as placed.
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(p.at), (SELECT coalesce(max(index)::numeric + 1, 0) FROM evidence_leaf) "
                       "FROM evidence_pending q JOIN evidence_payload p ON p.event_id = q.event_id")
        waiting, waiting_since, size = cursor.fetchone()
    uncovered = time_of(latest.size if latest else 0)
    unheld = time_of(held.size if held else 0)
    return Standing(int(size), latest, waiting, waiting_since, _earlier(waiting_since, uncovered), held,
                    _earlier(waiting_since, unheld), timezone.now())


def time_of(index: int) -> datetime | None:
    """When the first event from `index` on was recorded; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(p.at, x.at) FROM evidence_leaf l "
                       "LEFT JOIN evidence_payload p ON p.event_id = l.event_id "
                       "LEFT JOIN evidence_erasure x ON x.event_id = l.event_id "
                       "WHERE l.index >= %s ORDER BY l.index LIMIT 1", [index])
        row = cursor.fetchone()
    return row[0] if row else None


def _earlier(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)
