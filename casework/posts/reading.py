"""The worker's part: read what waits, keep it row by row, and go on where a reading was cut off.

The work waits as a state in a row. One worker at a time holds an import, by a lock of the database that goes with its
connection; each batch is one transaction of rows, chain and counter, so that none comes twice and none is lost. No
transaction is open while the child reads."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from casework.access import require
from casework.cases.models import Case
from casework.exhibits import originals
from casework.exhibits.reading import Disposed
from casework.lifecycle import move
from casework.posts import looking, rows, states
from casework.posts.models import Import
from casework.posts.services import told
from casework.record import Act
from evidence.custody import locks
from evidence.custody.services import LogUnwritable
from evidence.jail import services as jail
from evidence.jail.exports.records import KINDS, MARKS, Record

log = logging.getLogger(__name__)

BATCH = 2000
# Between two attempts on a storage that does not answer; after so many without a row a person must look.
RETRY, MOST_ATTEMPTS = timedelta(minutes=2), 5
LONGEST_PROBLEM = 500
# Marks of a time that no moment, or two, had in the zone that was said.
UNSURE = {"gap", "fold"}


class Ended(Exception):
    """It is to stop, for the reason that the message gives."""


def waiting() -> list[int]:
    """Imports that no living worker reads and that may go on. In a closed case they wait until it is reopened."""
    due = Import.objects.filter(state__in=[states.WAITING, states.READING], withdrawn_at=None,
                                case__state=Case.State.OPEN, due_at__lte=timezone.now())
    return [pk for pk in due.values_list("pk", flat=True) if _is_free(pk)]


def read(pk: int) -> bool:
    """Read one import, or go on with it; whether this call brought it to its end."""
    with locks.tried_for(_lock(pk)) as mine:
        source = _taken(pk) if mine else None
        return source is not None and _read(source)


def _lock(pk: int) -> str:
    return f"casework/import/{pk}"


def _is_free(pk: int) -> bool:
    with locks.tried_for(_lock(pk)) as mine:
        return mine


@transaction.atomic
def _taken(pk: int) -> Import | None:
    """The import, if it may be read now, and one attempt more is counted."""
    source = _locked(pk)
    if source is None or source.due_at > timezone.now() or not source.case.is_open:
        return None
    try:
        _require_wanted(source)
        if source.attempts >= MOST_ATTEMPTS:
            raise Ended(f"no worker came further with it in {MOST_ATTEMPTS} attempts")
    except Ended as error:
        _stop(source, str(error))
        return None
    source.state = move(states.IMPORT, source.state, "take").target
    source.attempts += 1
    source.save(update_fields=["state", "attempts"])
    return source


def _read(source: Import) -> bool:
    try:
        with originals.opened(source.exhibit, proven=True) as file:
            found = jail.read_export(file, source.format, looking.for_reader(source.options), after=source.kept)
            with closing(iter(found)) as given:
                for batch in _batches(_zoned(source, given)):
                    _keep(source, batch)
            _finish(source, found.whole or {})
        return True
    except jail.Asks as error:
        _stopped(source, str(error), {"what": error.what, "facts": looking.facts_of(error)})
    except (jail.Stopped, Ended, Disposed) as error:
        _stopped(source, str(error) or "its bytes were disposed of")
    except (IntegrityError, DataError) as error:
        # Nothing that a reader of ours gives; what a child gives that was taken over.
        _stopped(source, f"the reader gave what is no row: {str(error).splitlines()[0]}")
    except originals.Damaged:
        _stopped(source, "its bytes are damaged: have them healed, and begin again")
    except (*originals.UNANSWERED, LogUnwritable):
        log.warning("import %s cannot be read now", source.pk, exc_info=True)
        Import.objects.filter(pk=source.pk).update(due_at=timezone.now() + RETRY)
    return False


def _zoned(source: Import, found: Iterable[Record]) -> Iterator[Record]:
    """The records. A clock's time of which nobody was asked where it stood is asked about, never kept without."""
    for record in found:
        if record.local and not record.at and not source.zone and not UNSURE & set(record.marks):
            raise jail.Asks("zone", {"line": record.line, "text": record.at_text[:100], "local": record.local})
        yield record


def _batches(found: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(found, BATCH)):
        yield batch


@transaction.atomic
def _keep(source: Import, batch: list[Record]) -> None:
    row = _held(source)
    numbered = list(enumerate(batch, row.kept + 1))
    rows.put(row, numbered)
    row.rows_sha256 = rows.chained(row.rows_sha256, numbered)
    row.kept, row.place, row.attempts = numbered[-1][0], batch[-1].end, 0
    row.save(update_fields=["rows_sha256", "kept", "place", "attempts"])
    source.kept = row.kept


@transaction.atomic
def _finish(source: Import, whole: dict[str, Any]) -> None:
    row = _held(source)
    _require_counts(whole, row.kept)
    row.state = move(states.IMPORT, row.state, "finish").target
    row.whole, row.ended_at = whole, timezone.now()
    row.rows_sha256 = row.rows_sha256 or rows.EMPTY
    row.save(update_fields=["state", "whole", "ended_at", "rows_sha256"])
    told(row, Act.IMPORT_READ, by=None, **rows.totals(row))


def _require_counts(whole: dict[str, Any], kept: int) -> None:
    """What the child says of the whole is as foreign as what it read. Raises jail.Stopped."""
    known = {"kinds": KINDS, "marks": MARKS, "framing": None, "members": None}
    for name, words in known.items():
        counts = whole.get(name)
        if not isinstance(counts, dict) or words is not None and set(counts) - set(words) or not all(
                type(count) is int and count >= 0 for count in counts.values()):
            raise jail.Stopped("the reader gave counts that are none")
    if whole.get("records") != kept or sum(whole["kinds"].values()) != kept:
        raise jail.Stopped(f"the reader counted {str(whole.get('records'))[:40]} records and gave {kept}")


def _held(source: Import) -> Import:
    """It as it stands, locked, and still to be read by us. Raises Ended."""
    row = _locked(source.pk)
    if row is None or row.kept != source.kept:
        raise Ended("another worker read it")
    _require_wanted(row)
    return row


def _require_wanted(source: Import) -> None:
    """Who began it may still do so, and its exhibit is in use. Raises Ended."""
    try:
        require(source.begun_by, move(states.IMPORT, source.state, "take").action, source.case)
    except PermissionDenied:
        raise Ended("who began it may not import here any more") from None
    if source.exhibit.is_disposed:
        raise Ended("its bytes were disposed of")
    if source.withdrawn_at or source.exhibit.withdrawn_at:
        raise Ended("it was withdrawn")


def _locked(pk: int) -> Import | None:
    """It, if it is still to be read, with its row locked."""
    return (Import.objects.select_for_update(of=("self",))
            .select_related("case", "exhibit__item__tombstone", "exhibit__case", "begun_by")
            .filter(pk=pk, state__in=[states.WAITING, states.READING]).first())


@transaction.atomic
def _stopped(source: Import, problem: str, asks: dict[str, Any] | None = None) -> None:
    if (row := _locked(source.pk)) is not None and row.kept == source.kept:
        _stop(row, problem, asks)


def _stop(row: Import, problem: str, asks: dict[str, Any] | None = None) -> None:
    row.state = move(states.IMPORT, row.state, "stop").target
    row.problem, row.asks, row.ended_at = problem[:LONGEST_PROBLEM], asks, timezone.now()
    row.save(update_fields=["state", "problem", "asks", "ended_at"])
    told(row, Act.IMPORT_STOPPED, by=None, **rows.stopped(row))
