"""The schedule: everything is read and hashed again within FIXITY_DAYS, oldest first, a little every minute.

The state lies in the rows of Check, so a round may end, die or be left out at any time and the next one goes on. A
file is read outside of any transaction; a large one that was interrupted is begun again. One round runs at a time."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Now
from django.utils import timezone

from evidence.custody import behind, locks
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.fixity import damage, disposed
from evidence.fixity.models import Check, Damage, Place, Routine
from evidence.store import services as store
from evidence.store.errors import StoreFull, StoreUnavailable

ACT = "fixity_routine"
# How often the scheduler wakes a round, and when a round begins no further file.
ROUND_SECONDS = 60
WORK_SECONDS = 10
# A file may be read again when so much of the period has passed: what came in at one time is spread over the rest.
EARLY = 0.8
# So many bytes a round are read in any case, so that a small store is not spread thinner than is of use.
LEAST_BYTES = 64 * 1024 * 1024
# A file that the storage cannot read is tried again, and is damaged after so many times.
MOST_FAILURES = 3
RETRY = timedelta(hours=1)
# The database's clock, by which checks are timed, may run ahead of ours by so much and no more.
AHEAD = timedelta(minutes=5)
# A round that finds so many files gone and nothing whole has lost sight of the storage: the next one looks again.
MOST_GONE = 10
_WATCHED = "evidence.fixity.watched"
_PAGE = 200


@dataclass(frozen=True)
class State:
    """How the schedule stands: files on watch (an hour old at most), those that are later than the period or that claim
    to have been read in the future, the oldest time, open damages."""

    watched: int
    overdue: int
    oldest: datetime | None
    damaged: int


def state() -> State:
    oldest = Check.objects.order_by("checked_at").values_list("checked_at", flat=True).first()
    overdue = Check.objects.filter(Q(checked_at__lt=timezone.now() - _period()) | never_yet()).count()
    return State(_watched()[0], overdue, oldest, damage.open_ones().count())


def run_round() -> int:
    """Read what is due, unless another round is at it; how many files were read."""
    if behind.is_behind():
        return 0
    _tell_of_past_days()
    with locks.tried(locks.FIXITY) as mine:
        return _Round().go() if mine else 0


def never_yet() -> Q:
    """Checks that say what cannot be: read at a time that has not come, or put off for longer than anything is."""
    now = timezone.now()
    return Q(checked_at__gt=now + AHEAD) | Q(retry_at__gt=now + RETRY + AHEAD)


def suspect(sha256: str) -> bool:
    """Read these bytes now, wherever they lie, because somebody found them wanting; whether all are whole."""
    whole = [_Round().read(check) for check in Check.objects.filter(blob=sha256).select_related("blob")]
    return all(whole)


def bytes_a_round(total: int) -> int:
    """What a round must read so that `total` bytes are read in the part of the period that is left for it."""
    return max(LEAST_BYTES, int(total / (_period().total_seconds() * (1 - EARLY)) * ROUND_SECONDS))


class Pace:
    """Takes so much time that no more than `rate` bytes a second go by."""

    def __init__(self, rate: int):
        self._rate, self._began, self.total = rate, time.monotonic(), 0

    def __call__(self, count: int) -> None:
        self.total += count
        ahead = self.total / self._rate - (time.monotonic() - self._began)
        if ahead > 0:
            time.sleep(ahead)


class _Round:
    def __init__(self) -> None:
        self._pace = Pace(settings.FIXITY_RATE)
        self._until = time.monotonic() + WORK_SECONDS
        self._whole = self._gone = 0

    def go(self) -> int:
        budget, done = bytes_a_round(_watched()[1]), 0
        while page := list(_due()[:_PAGE]):
            for check in page:
                if self._pace.total >= budget or time.monotonic() > self._until or self._lost():
                    return done
                self.read(check)
                done += 1
        return done

    def _lost(self) -> bool:
        return self._gone >= MOST_GONE and not self._whole

    def read(self, check: Check) -> bool:
        """Hash the bytes of `check` and note what came of it; whether they are whole. What was disposed of is passed
        over: it goes, or went."""
        if disposed.leaving([check.blob_id]).get((check.blob_id, damage.ALIAS[Place(check.place)])) is not None:
            _note(check, True, lambda: None)
            return True
        version = damage.version_of(check.blob_id, check.place)
        try:
            there = store.look(check.blob_id, damage.ALIAS[Place(check.place)], version, self._pace)
        except StoreUnavailable:
            return self._unread(check)
        whole = damage.sound(check, there)
        self._whole += whole
        self._gone += there is None
        _note(check, whole, lambda: damage.note(check, there))
        return whole

    def _unread(self, check: Check) -> bool:
        """A storage that is down says nothing about a file; one that works and cannot read it does, in the end."""
        try:
            store.probe(damage.ALIAS[Place(check.place)])
        except (StoreUnavailable, StoreFull, OSError):
            Check.objects.filter(pk=check.pk).update(retry_at=Now() + RETRY)
            return False
        if check.failures + 1 >= MOST_FAILURES:
            _note(check, False, lambda: damage.note(check, None, Damage.Problem.UNREADABLE))
        else:
            Check.objects.filter(pk=check.pk).update(failures=F("failures") + 1, retry_at=Now() + RETRY)
        return False


@transaction.atomic
def _note(check: Check, whole: bool, hurt: Any) -> None:
    new = None if whole else hurt()
    Check.objects.filter(pk=check.pk).update(checked_at=Now(), failures=0, retry_at=None)
    day, _made = Routine.objects.get_or_create(day=timezone.now().date())
    Routine.objects.filter(pk=day.pk, told_at=None).update(
        checks=F("checks") + 1, bytes=F("bytes") + check.blob.size, damaged=F("damaged") + (1 if new else 0))


def _due() -> QuerySet[Check]:
    now = timezone.now()
    free = Q(retry_at=None) | Q(retry_at__lte=now) | Q(retry_at__gt=now + RETRY + AHEAD)
    old = Q(checked_at__lte=now - _period() * EARLY) | Q(checked_at__gt=now + AHEAD)
    return Check.objects.filter(free & old).select_related("blob").order_by("checked_at")


@transaction.atomic
def _tell_of_past_days() -> None:
    """One event for each day that is over: an event for each file of each month would drown what people look for."""
    past = Routine.objects.select_for_update(skip_locked=True).filter(told_at=None, day__lt=timezone.now().date())
    for day in past.order_by("day"):
        custody.record(Kind.FIXITY, subject=f"fixity/{day.day.isoformat()}", context="", agent=custody.SYSTEM,
                       detail={"act": ACT, "match": not day.damaged, "checks": day.checks, "bytes": day.bytes,
                               "damaged": day.damaged})
        day.told_at = timezone.now()
        day.save(update_fields=["told_at"])


def _period() -> timedelta:
    return timedelta(days=settings.FIXITY_DAYS)


def _watched() -> tuple[int, int]:
    """Files and bytes on watch. Millions of rows are counted once an hour, not for every page that shows them."""
    found = cache.get(_WATCHED)
    if found is None:
        counted = Check.objects.aggregate(files=Count("pk"), bytes=Sum("blob__size"))
        found = (counted["files"], counted["bytes"] or 0)
        cache.set(_WATCHED, found, 3600)
    return int(found[0]), int(found[1])
