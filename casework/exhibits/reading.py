"""Looking at exhibits and taking them out: each view of a page or picture and each download is recorded first.

When the record cannot be written, nothing is shown. A list records one event with its question and what it showed,
and that covers the thumbnails in it; those of sensitive exhibits, which no list shows, are recorded one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.core import signing
from django.db import transaction

from casework.access import Action
from casework.cases.models import Case
from casework.doors import fetch
from casework.exhibits import gate, listing
from casework.exhibits.models import Exhibit
from casework.exports import services as exports
from casework.lifecycle import NotAllowed
from casework.record import Act, record
from evidence import wake
from evidence.derivatives import services as derivatives
from evidence.derivatives.models import Derivative
from evidence.intake.models import Item, Part
from evidence.store import services as store
from evidence.store.errors import Damaged

# A page and the picture that it asks for by itself are one look. A picture that is opened later is another.
LOOK, LOOK_SECONDS = "casework.exhibits.look", 60
LARGEST_PICTURE = 32 * 1024 * 1024
# What a browser may be given to show: rasters that our own process made, and nothing else.
RASTERS = {"image/jpeg": "jpg", "image/png": "png"}


class Disposed(Exception):
    """Two people disposed of these bytes; their hash and their history stay (410)."""


class NoPackage(NotAllowed):
    """It is withdrawn, or no check found it to be a valid package (409)."""


@dataclass(frozen=True)
class Picture:
    """A raster made from an exhibit, its bytes verified."""

    data: bytes
    media_type: str
    ending: str


def exhibit_of(user: Any, ref: str, number: int, action: Action) -> Exhibit:
    """The exhibit as `user` sees it, with its case, item and blob, or 404; PermissionDenied without `action`."""
    rows = Exhibit.objects.select_related("case", "item__blob", "item__tombstone", "lodged_by")
    exhibit: Exhibit = fetch(rows, user, action, case__ref=ref, number=number)
    return exhibit


@transaction.atomic
def listed(case: Case, query: listing.Query, *, by: Any) -> listing.Page:
    """One page of the case's exhibits; one event with the question and the exhibits shown."""
    page = listing.find(case, query)
    asked = {"text": query.text, "platform": query.platform, "type": query.kind}
    record(Act.EXHIBITS_LISTED, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}",
           query={key: value for key, value in asked.items() if value},
           exhibits=[exhibit.label for exhibit in page.exhibits])
    return page


@transaction.atomic
def view(exhibit: Exhibit, *, by: Any, what: str = "page") -> None:
    """Record that somebody looks: at the `page`, its `receipt`, or the `data` by the API."""
    _record(Act.EXHIBIT_VIEWED, exhibit, by, what=what)


def open_page(exhibit: Exhibit, *, by: Any) -> str:
    """Record one look at page and picture. What is answered lets the page ask for its picture within it."""
    view(exhibit, by=by)
    return signing.dumps([exhibit.pk, by.pk], salt=LOOK)


@transaction.atomic
def preview(exhibit: Exhibit, *, by: Any, look: str = "") -> Picture | None:
    """The picture at reading size, recorded unless it is part of a `look` that was; None while or where there is none.
    Raises Damaged."""
    picture = _picture(exhibit.item, Derivative.Kind.PREVIEW)
    if picture is not None and not _is_recorded(look, exhibit, by):
        _record(Act.EXHIBIT_VIEWED, exhibit, by, what="picture")
    return picture


@transaction.atomic
def thumbnail(exhibit: Exhibit, *, by: Any, item: Item | None = None) -> Picture | None:
    """The small picture of the lists, or of one part on the exhibit's page, covered by the record of these; None where
    there is none. Raises Damaged.

    The lists show none of a sensitive exhibit: who asks for it is recorded as for the large one."""
    picture = _picture(item or exhibit.item, Derivative.Kind.THUMBNAIL)
    if picture is not None and exhibit.sensitive:
        _record(Act.EXHIBIT_VIEWED, exhibit, by, what="thumbnail")
    return picture


@transaction.atomic
def custody_viewed(exhibit: Exhibit, *, by: Any) -> None:
    """What was recorded of an exhibit says its name and where it came from: of a sensitive one that is a look at it."""
    if exhibit.sensitive:
        _record(Act.EXHIBIT_VIEWED, exhibit, by, what="custody")


@transaction.atomic
def custody_listed(case: Case, labels: Iterable[str], *, by: Any) -> None:
    """The same for the custody of a case that names these exhibits: one event with those that are sensitive."""
    named = set(labels)
    shown = [exhibit.label for exhibit in case.exhibits.filter(sensitive=True) if exhibit.label in named]
    if shown:
        record(Act.EXHIBITS_LISTED, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}",
               query={"page": "custody"}, exhibits=shown)


@transaction.atomic
def download(exhibit: Exhibit, *, by: Any, part: Part | None = None, confirmed: str = "") -> Iterator[bytes]:
    """The original, or that of one part; verified while it is read, recorded before the first byte leaves. A program
    goes to those who `confirmed` (a word of gate.CONFIRM) that they want it, and so does what may be one.

    Raises Disposed; Locked (exhibits.gate); Stopped, TooSoon (casework.exports); Damaged at once when the first part
    shows it, and otherwise instead of the last part."""
    if exhibit.is_disposed:
        raise Disposed
    found, said = gate.require(exhibit, part, by=by, confirmed=confirmed)
    item, which = (part.item, {"part": part.position}) if part else (exhibit.item, {})
    exports.take_out(exhibit.case, size=item.blob.size, subject=f"exhibit/{exhibit}", by=by)
    _record(Act.EXHIBIT_DOWNLOADED, exhibit, by, sha256=item.blob_id, size=item.blob.size, **which,
            **({"screening": found.state, "finding": found.finding} if found.is_locked else {}),
            **({"confirmed": said} if said else {}))
    chunks = _watched(store.chunks_verified(item.blob_id))
    # The first part is read at once, so that what is damaged is refused instead of begun.
    whole = chain([next(chunks, b"")], chunks)
    return exports.watched(whole, exhibit.case, Action.EXHIBIT_DOWNLOAD, by=by)


def _is_recorded(look: str, exhibit: Exhibit, by: Any) -> bool:
    try:
        return bool(signing.loads(look, salt=LOOK, max_age=LOOK_SECONDS) == [exhibit.pk, by.pk])
    except signing.BadSignature:
        return False


def _watched(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What proves damaged while it is given out is looked at by the worker at once: no answer can say so any more."""
    try:
        yield from chunks
    except Damaged as error:
        wake.after_commit("evidence.fixity.suspect", error.sha256)
        raise


def _picture(item: Item, kind: str) -> Picture | None:
    derivative = derivatives.find(item, kind)
    if derivative is None or derivative.media_type not in RASTERS:
        return None
    data = store.read_verified(derivative.blob_id, LARGEST_PICTURE)
    return Picture(data, derivative.media_type, RASTERS[derivative.media_type])


def _record(act: Act, exhibit: Exhibit, by: Any, **detail: Any) -> None:
    record(act, by=by, subject=f"exhibit/{exhibit}", context=f"case/{exhibit.case.ref}", **detail)
