"""How the log stands now: what waits, what no checkpoint covers yet, and for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from evidence.custody import checkpoints
from evidence.custody.models import Checkpoint


@dataclass(frozen=True)
class Standing:
    """`waiting` events have no index yet; `uncovered_since` is the time of the oldest event under no checkpoint."""

    size: int
    latest: Checkpoint | None
    waiting: int
    waiting_since: datetime | None
    uncovered_since: datetime | None
    asked_at: datetime

    @property
    def backlog(self) -> timedelta:
        """How long the oldest event has waited for its index."""
        return self._since(self.waiting_since)

    @property
    def window(self) -> timedelta:
        """How long the oldest event has been under no checkpoint. Who holds the checkpoints is not known here."""
        return self._since(self.uncovered_since)

    def _since(self, moment: datetime | None) -> timedelta:
        return max(self.asked_at - moment, timedelta()) if moment else timedelta()


def standing() -> Standing:
    latest = checkpoints.latest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(p.at) FROM evidence_pending q "
                       "JOIN evidence_payload p ON p.event_id = q.event_id")
        waiting, waiting_since = cursor.fetchone()
        cursor.execute("SELECT coalesce(p.at, x.at) FROM evidence_leaf l "
                       "LEFT JOIN evidence_payload p ON p.event_id = l.event_id "
                       "LEFT JOIN evidence_erasure x ON x.event_id = l.event_id "
                       "WHERE l.index >= %s ORDER BY l.index LIMIT 1", [latest.size if latest else 0])
        uncovered = cursor.fetchone()
    since = [moment for moment in (waiting_since, uncovered[0] if uncovered else None) if moment]
    return Standing(checkpoints.log_size(), latest, waiting, waiting_since, min(since, default=None), timezone.now())
