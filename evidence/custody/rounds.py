"""One round to everybody outside: witnesses first, because they answer at once, then time, then mail.

One at a time in the whole system: a party that is slow holds up the others outside, and never a worker more."""

import logging
from collections.abc import Callable

from django.db import DatabaseError

from evidence.custody import locks, mailing, timestamps, witnesses
from evidence.custody.tree import LogDamaged

log = logging.getLogger(__name__)

WAYS: tuple[Callable[[], int], ...] = (witnesses.submit_due, timestamps.stamp_due, mailing.mail_due)


def go() -> int:
    """Do whatever is due; how many cosignatures, tokens and mails came of it. Nothing while another is at it."""
    with locks.tried(locks.OUTSIDE) as free:
        return sum(_go(way) for way in WAYS) if free else 0


def _go(way: Callable[[], int]) -> int:
    try:
        return way()
    except (LogDamaged, DatabaseError):
        log.exception("%s.%s failed", way.__module__, way.__name__)
        return 0
