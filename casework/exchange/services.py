"""Take a table of the case, or the case as STIX, out of the house: for a purpose, against the budget, recorded first.

The file is made whole on the disk, row by row, before anything of it leaves: so its hash and size are in the record,
and it never lies in memory."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import cells
from casework.access import Action, require
from casework.accounts.withheld import Names
from casework.cases.models import Case
from casework.exchange import compose, stix
from casework.exports import services as exports
from casework.record import Act, record

STIX = "stix"
CHUNK = 64 * 1024
MEDIA_TYPES = {STIX: "application/stix+json;version=2.1"}


@dataclass(frozen=True)
class Taken:
    """A file that may leave: its name, type, bytes and SHA-256, and its chunks, which can be read once."""

    name: str
    media_type: str
    size: int
    sha256: str
    chunks: "Chunks"


class Chunks(Iterator[bytes]):
    """The chunks of a file, which is gone when they were read, when reading failed, and when nobody reads them."""

    def __init__(self, file: IO[bytes], watch: Callable[[Iterator[bytes]], Iterator[bytes]]):
        file.seek(0)
        self._file, self._chunks = file, watch(iter(partial(file.read, CHUNK), b""))

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._file.close()


def take(case: Case, what: str, *, purpose: str, by: Any) -> Taken:
    """The table `what` of compose.KINDS as CSV, or STIX. It counts as taken out and is recorded with its hash, its
    rows and the purpose, before the first byte leaves.

    Raises PermissionDenied, ValidationError; Stopped, TooSoon (casework.exports)."""
    _require(case, what, by)
    words = exports.purposeful(purpose)
    exports.require_unstopped(case, by)
    exports.require_budget(by)
    name = f"{case.ref}_{what}.{'json' if what == STIX else 'csv'}"
    with ExitStack() as until_read:
        # It has no name: it is gone with its descriptor, whatever becomes of the answer.
        file = until_read.enter_context(tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR))
        rows, digest = _written(file, *_made(case, what))
        size = file.seek(0, 2)
        with transaction.atomic():
            # It may have taken long to make.
            exports.require_still(case, Action.EXHIBIT_DOWNLOAD, by=by)
            _require(case, what, by)
            exports.take_out(case, size=size, subject=f"case/{case.ref}", by=by)
            record(Act.CASE_EXPORTED, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}", file=name,
                   rows=rows, size=size, sha256=digest, **words)
        until_read.pop_all()
    chunks = Chunks(file, partial(exports.watched, case=case, action=Action.EXHIBIT_DOWNLOAD, by=by))
    return Taken(name, MEDIA_TYPES.get(what, "text/csv; charset=utf-8"), size, digest, chunks)


def _require(case: Case, what: str, by: Any) -> None:
    """Whoever takes out originals, and reads what is in it."""
    require(by, Action.EXHIBIT_DOWNLOAD, case)
    if what != STIX and what not in compose.KINDS:
        raise ValidationError({"what": _("Choose one of: %(known)s.") % {"known": ", ".join([*compose.KINDS, STIX])}})
    needed = {Action.ACCOUNT_READ, Action.CAMPAIGN_READ, Action.FINDING_READ} if what == STIX else {
        compose.KINDS[what].action}
    for action in needed:
        require(by, action, case)


def _made(case: Case, what: str) -> tuple[Iterator[bytes], int]:
    """The file piece by piece, and how many of the pieces are no rows."""
    names = Names(case)
    if what != STIX:
        kind = compose.KINDS[what]
        return cells.lines(kind.columns, kind.rows(case, names)), 1
    at = timezone.now()
    return _bundled(stix.bundle_id(case, at), stix.bundle(case, names, at)), 2


def _bundled(key: str, objects: Iterable[stix.Object]) -> Iterator[bytes]:
    yield f'{{"type": "bundle", "id": "{key}", "objects": ['.encode()
    for place, one in enumerate(objects):
        yield ((",\n" if place else "\n") + json.dumps(one, ensure_ascii=False)).encode()
    yield b"\n]}\n"


def _written(file: IO[bytes], pieces: Iterator[bytes], others: int) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    for piece in pieces:
        file.write(piece)
        digest.update(piece)
        count += 1
    file.flush()
    return count - others, digest.hexdigest()
