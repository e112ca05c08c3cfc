"""Whether the archive's lock holds, as it was last tried: what was not proven lately, here and so, is no lock."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from evidence.archive.models import LockTest
from evidence.store import services as store

EVERY = timedelta(hours=24)
# A test that is older says nothing about today.
LASTS = timedelta(hours=49)
_LONGEST = 300


def run() -> LockTest:
    """Try it now, and keep what came of it."""
    proof = store.prove_lock()
    return LockTest.objects.create(at=timezone.now(), storage=store.described(store.ARCHIVE)[:_LONGEST], mode=_mode(),
                                   result=proof.result, detail=proof.detail[:_LONGEST])


def run_if_due() -> LockTest | None:
    """Once a day, and whenever the storage or the settings are others than they were."""
    last = latest()
    return run() if last is None or not timedelta() <= timezone.now() - last.at < EVERY else None


def latest() -> LockTest | None:
    """The last test of this storage in this mode, unless it is too old to count."""
    return LockTest.objects.filter(storage=store.described(store.ARCHIVE)[:_LONGEST], mode=_mode(),
                                   at__gt=timezone.now() - LASTS).order_by("-at").first()


def _mode() -> str:
    return settings.ARCHIVE_LOCK or "auto"
