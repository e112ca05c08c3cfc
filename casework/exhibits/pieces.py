"""Files that come in pieces (tus 1.0): begin, take what arrives, lodge the whole once, give up, sweep.

What is said to be stored is on the disk before it is said. Nothing of an upload is evidence, and nobody but its sender
sees it, until it is lodged; what is lodged takes the same way as any other file."""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.http import UnreadablePostError
from django.utils import timezone

from casework.access import Action, require
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import metadata, once
from casework.exhibits.models import Upload
from casework.exhibits.services import Lodged
from casework.people.models import User
from evidence.intake.models import Item
from evidence.intake.services import Arrival
from evidence.store import services as store
from evidence.store.errors import Busy, HashMismatch, StoreFull

# After the last piece. Shorter than the day after which the store purges a file that nobody touched.
LIFETIME = timedelta(hours=20)
MOST_OPEN = 20
CHUNK = 1024 * 1024
# So much of a long piece may have to come again when it is cut off; and so often it is asked whether one still may.
SETTLE_EVERY = 64 * 1024 * 1024
# Seconds after which a slow piece is settled and asked about too.
LOOK_SECONDS = 10.0
# So many of the last stored bytes are hashed for a sender who wants to know whether this is still the same file.
LAST = 4 * 1024 * 1024


class WrongOffset(Exception):
    """The piece does not begin where the stored bytes end."""


class Beyond(Exception):
    """The piece would be more than was announced."""


class CutOff(Exception):
    """The piece ended before its announced length. What arrived is stored, unless it had a checksum."""


class OtherChecksum(Exception):
    """The piece has another SHA-256 than was declared. Nothing of it is stored."""


class Incomplete(Exception):
    """Bytes are still to come."""


class TooLarge(Exception):
    """This deployment takes no file of this size."""


class TooMany(Exception):
    """This person has as many unfinished uploads as one may have."""


class TooMuch(Exception):
    """This person has announced as many bytes as one may."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@transaction.atomic
def begin(case: Case, *, size: int, said_of_it: str = "", said: dict[str, str] | None = None, by: Any) -> Upload:
    """A place for `size` bytes; `said_of_it` is Upload-Metadata. Raises CaseClosed, PermissionDenied, TooLarge,
    TooMany, TooMuch, StoreFull when there is no room for them now, metadata.Malformed."""
    require(by, Action.EXHIBIT_LODGE, case)
    if size > settings.MAX_UPLOAD_BYTES:
        raise TooLarge
    cases.require_open(case)
    metadata.read(said_of_it)
    # One after the other, so that what a person has open is counted truly.
    User.objects.select_for_update().get(pk=by.pk)
    mine = Upload.objects.alive().unfinished().filter(person=by)
    if mine.count() >= MOST_OPEN:
        raise TooMany
    if (mine.aggregate(size=Sum("size"))["size"] or 0) + size > settings.UPLOAD_BYTES_OPEN:
        raise TooMuch
    if size > store.room():
        raise StoreFull("no room for so many bytes")
    return Upload.objects.create(case=case, person=by, size=size, metadata=said_of_it, said=said or {},
                                 expires_at=timezone.now() + LIFETIME)


def take(upload: Upload, body: Readable, *, offset: int, length: int, sha256: bytes | None = None, by: Any,
         coming: Callable[[], None] = lambda: None, still: Callable[[], None] = lambda: None) -> Upload:
    """Store the `length` bytes of `body` that follow the first `offset`, and say how many are stored then.

    With `sha256` (its digest) the piece counts as a whole or not at all; without, what arrived of it counts also when
    the rest does not come. `coming` is called for each chunk; `still` now and then, and raises where what let the
    sender in lets nobody in any more. Raises WrongOffset, Beyond, Busy before anything is read; CutOff, OtherChecksum,
    PermissionDenied for whoever may no more, CaseClosed, what `still` raises; StoreFull, StoreUnavailable."""
    _permitted(upload, by)
    _fits(upload, offset, length)
    if not length:
        return upload
    with store.partial(upload.pk.hex) as file:
        upload.refresh_from_db()
        _fits(upload, offset, length)
        file.go_on(offset)
        digest, arrived, asked, asked_at = hashlib.sha256(), 0, 0, time.monotonic()
        while arrived < length and (piece := _piece(body, length - arrived)):
            file.write(piece)
            digest.update(piece)
            arrived += len(piece)
            coming()
            if arrived - asked >= SETTLE_EVERY or time.monotonic() - asked_at >= LOOK_SECONDS:
                asked, asked_at = arrived, time.monotonic()
                if sha256 is None:
                    _stored(upload, file.settle())
                _permitted(upload, by)
                still()
        _permitted(upload, by)
        still()
        if sha256 is None or (arrived == length and digest.digest() == sha256):
            _stored(upload, file.settle())
    if arrived < length:
        raise CutOff
    if sha256 is not None and digest.digest() != sha256:
        raise OtherChecksum
    return upload


def lodge(upload: Upload, *, provenance: dict[str, str], acquisition: str = Item.Acquisition.FILE, title: str = "",
          declared_sha256: str = "", by: Any) -> tuple[Lodged, bool]:
    """Lodge the whole; and whether it was before: asked again, the answer is the same exhibit and receipt.

    Reads and hashes all of it the first time (a second for each gigabyte, about). Raises Incomplete, Busy while another
    call does that, and what once.lodge raises; whatever it is, what was stored stays, and may be lodged later."""
    _permitted(upload, by)
    if upload.offset < upload.size:
        raise Incomplete
    if not _is_held(upload):
        _gather(upload, declared_sha256)
    if declared_sha256 and declared_sha256.lower() != upload.sha256:
        raise HashMismatch(declared_sha256.lower(), upload.sha256)
    name, name_bytes, claimed_type = metadata.described(upload.metadata)
    arrival = Arrival(store.kept(upload.sha256), name, provenance, name_bytes=name_bytes, claimed_type=claimed_type,
                      acquisition=acquisition, declared_sha256=declared_sha256)
    lodged = once.lodge(upload.case, arrival, key=upload.key, title=title, by=by)
    # Not before: until an exhibit names them the store may lose these bytes to a disposal of the same ones.
    with suppress(Busy), store.partial(upload.pk.hex) as file:
        file.remove()
    return lodged


def give_up(upload: Upload) -> None:
    """Remove what is stored of it, and then its row. Raises Busy while a piece of it arrives. An exhibit that it became
    stays as it is."""
    with store.partial(upload.pk.hex) as file:
        _remove(upload, file)


def sweep() -> int:
    """Give up what is over; how many those were."""
    over = Upload.objects.filter(expires_at__lte=timezone.now())
    return sum(_given_up(upload) for upload in over)


def last_bytes(upload: Upload) -> tuple[int, str] | None:
    """Where the last stored bytes begin, and their SHA-256: the sender's file must have the same there. None where
    nothing is stored, or all of it is in the store."""
    start = max(0, upload.offset - LAST)
    found = store.partial_bytes(upload.pk.hex, start, upload.offset - start)
    return (start, hashlib.sha256(found).hexdigest()) if found else None


def _permitted(upload: Upload, by: Any) -> None:
    """Asked anew within a long piece, too: who was shut out meanwhile stores no more of it."""
    by.refresh_from_db(fields=["is_active"])
    require(by, Action.EXHIBIT_LODGE, upload.case)
    if not Case.objects.filter(pk=upload.case_id, state=Case.State.OPEN).exists():
        raise cases.CaseClosed


def _fits(upload: Upload, offset: int, length: int) -> None:
    if offset != upload.offset:
        raise WrongOffset
    if length > upload.size - offset:
        raise Beyond


def _piece(body: Readable, left: int) -> bytes:
    """The next bytes; none where the connection broke."""
    try:
        return body.read(min(CHUNK, left))
    except UnreadablePostError:
        return b""


def _stored(upload: Upload, offset: int) -> None:
    upload.offset, upload.expires_at = offset, timezone.now() + LIFETIME
    upload.save(update_fields=["offset", "expires_at"])


def _gather(upload: Upload, declared: str) -> None:
    """All of it into the store, under its hash: nothing names it there before it is lodged."""
    with store.partial(upload.pk.hex) as file:
        upload.refresh_from_db()
        if _is_held(upload):
            return
        with store.gather(file, upload.size) as incoming:
            upload.sha256 = incoming.finish(declared).sha256
        upload.save(update_fields=["sha256"])


def _is_held(upload: Upload) -> bool:
    return bool(upload.sha256) and store.size(upload.sha256) is not None


def _given_up(upload: Upload) -> bool:
    try:
        with store.partial(upload.pk.hex) as file:
            # A piece that began in time may have given it more of that.
            if Upload.objects.alive().filter(pk=upload.pk).exists():
                return False
            _remove(upload, file)
    except Busy:
        return False
    return True


def _remove(upload: Upload, file: store.Partial) -> None:
    file.remove()
    upload.delete()
