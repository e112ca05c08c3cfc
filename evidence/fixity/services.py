"""Hash stored bytes again by an independent read, and take up whatever work was missed."""

from collections.abc import Callable
from functools import partial

from django.core.cache import cache

from evidence import wake
from evidence.archive import services as archive
from evidence.derivatives import services as derivatives
from evidence.intake import services as intake
from evidence.intake import steps
from evidence.intake.models import Item, Step
from evidence.packages import services as packages
from evidence.screening import services as screening
from evidence.store import services as store

# How often abandoned temporary files are looked for.
PURGE_SECONDS = 3600


def rehash(item: Item) -> bool:
    """Read `item`'s bytes from the disk again and compare; True when this call found them unchanged.

    A mismatch is an event and a failed step, both of which stay until a person deals with them."""
    return steps.run(item, Step.Name.FIXITY, _rehash)


def rehash_waiting() -> int:
    """The same for every item that waits for it; how many were done well."""
    return steps.run_waiting(Step.Name.FIXITY, _rehash)


def sweep() -> int:
    """Do the steps that nobody did, and clear away what crashes left; how many steps were done."""
    done = rehash_waiting() + archive.archive_waiting()
    # These may take long, so each gets a task of its own.
    if derivatives.are_waiting():
        wake.soon(intake.TASKS[Step.Name.DERIVE])
    for package in packages.waiting():
        wake.after_commit(packages.TASK, package)
    if screening.is_on():
        wake.soon(screening.TASK)
    if cache.add("evidence.purge", True, PURGE_SECONDS):
        store.purge_stale()
    return done


def _rehash(item: Item) -> Callable[[], steps.Outcome]:
    return partial(_told, item, store.verify(item.blob_id))


def _told(item: Item, same: bool) -> steps.Outcome:
    if not same:
        wake.after_commit("evidence.fixity.suspect", item.blob_id)
    told = {"sha256": item.blob_id, "size": item.blob.size, "match": same}
    return steps.Outcome(same, "" if same else "ALARM: the stored bytes no longer hash to their name", told)

