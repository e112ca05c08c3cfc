"""Lodge, edit and withdraw exhibits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import editions
from casework.access import Action, require
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import provenance as provenances
from casework.exhibits.models import Exhibit, Sighting
from casework.record import Act, record, record_all
from evidence.custody.services import Receipt
from evidence.intake import captures
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.intake.services import Arrival
from evidence.store import services as store

TITLE_LENGTH = 200


@dataclass(frozen=True)
class Lodged:
    """What became of bytes: the exhibit, this accession's item and receipt, and whether the case held them before.
    Of a capture also the accession of every part, in their order; the first is this one."""

    exhibit: Exhibit
    item: Item
    receipt: Receipt
    already_held: bool
    parts: Sequence[intake.Accession] = ()


def lodge(case: Case, arrival: Arrival, *, title: str = "", by: Any) -> Lodged:
    """Take bytes into the case: as its next exhibit, or as a sighting of the exhibit that holds the same bytes.

    What other cases hold makes no difference at all. Raises CaseClosed, PermissionDenied, HashMismatch, StoreFull,
    StoreUnavailable, Damaged, LogUnwritable; ValueError for a declared hash that is none. Nothing is visible after."""
    lodged = lodge_all(case, [arrival], title=title, by=by)[0]
    if isinstance(lodged, Lodged):
        return lodged
    raise lodged


@transaction.atomic
def lodge_all(case: Case, arrivals: Sequence[Arrival], *, title: str = "", sensitive: bool = False,
              by: Any) -> list[Lodged | store.Refusal]:
    """As `lodge`, for many at once: for each what became of it, or why its bytes were not kept; that takes nothing
    from the others. What concerns the case or the log is raised and takes all of them."""
    require(by, Action.EXHIBIT_LODGE, case)
    # The bytes become durable before the case's row is locked: a large file holds up nobody else.
    taken = intake.receive_all(
        [replace(arrival, provenance=provenances.complete(arrival.provenance)) for arrival in arrivals],
        context=f"case/{case.ref}", agent=by.as_agent())
    case = cases.require_open(case)
    accessions = [one for one in taken if isinstance(one, intake.Accession)]
    made = iter(_enter(case, accessions, _text(title), sensitive, by))
    return [next(made) if isinstance(one, intake.Accession) else one for one in taken]


@transaction.atomic
def lodge_capture(case: Case, arrivals: Sequence[Arrival], roles: Sequence[str], *, title: str = "",
                  by: Any) -> Lodged:
    """Take the files of one captured page into the case, as one exhibit of its own: all of them, or nothing.

    `roles` has for each file a Role, or the empty string where its content shall say. A capture is always a new
    exhibit, whatever of its bytes the case held before: it was made at its own time, and says by itself what it lacks.
    Raises what `lodge` raises."""
    require(by, Action.EXHIBIT_LODGE, case)
    taken = captures.receive(
        [replace(arrival, provenance=provenances.complete(arrival.provenance)) for arrival in arrivals], roles,
        context=f"case/{case.ref}", agent=by.as_agent())
    case, main = cases.require_open(case), taken[0]
    exhibit = Exhibit.objects.create(
        case=case, number=_last_number(case) + 1, item=main.item, title=_text(title)[:TITLE_LENGTH], lodged_by=by,
        lodged_at=timezone.now(), event_id=main.receipt.event_id, leaf_hash=main.receipt.leaf_hash)
    record_all([(Act.EXHIBIT_LODGED, f"exhibit/{exhibit}",
                 {"item": str(one.item.pk), "sha256": one.item.blob_id,
                  "part": {"role": one.item.part.role, "position": one.item.part.position, "of": len(taken)}})
                for one in taken], by=by, context=f"case/{case.ref}")
    return Lodged(exhibit, main.item, main.receipt, already_held=False, parts=taken)


def lodge_bytes(case: Case, *, data: bytes, name: str, title: str = "", by: Any, **more: Any) -> Lodged:
    """As `lodge`, for bytes that are already in memory; `more` are fields of Arrival."""
    with store.begin() as incoming:
        incoming.write(data)
        return lodge(case, Arrival(incoming, name, **more), title=title, by=by)


def lodge_made(case: Case, *, data: bytes, name: str, claimed_type: str, provenance: dict[str, str], title: str,
               by: Any) -> Lodged:
    """As `lodge_bytes`, for what this system made itself, such as the text of a notice: it shows nothing by itself."""
    return lodge_bytes(case, data=data, name=name, claimed_type=claimed_type, acquisition=Item.Acquisition.MADE,
                       provenance=provenance, title=title, by=by)


@transaction.atomic
def edit(exhibit: Exhibit, *, title: str | None = None, note: str | None = None, sensitive: bool | None = None,
         made_from: Collection[str] | None = None, by: Any) -> Exhibit:
    """Change what people say about an exhibit; None leaves a thing as it is. What it is and how it came stays as it
    was lodged."""
    exhibit = _locked(exhibit, by)
    editions.require(made_from, partial(edition, exhibit))
    said = {"title": title if title is None else _text(title)[:TITLE_LENGTH],
            "note": note if note is None else _text(note), "sensitive": sensitive}
    changed = {key: value for key, value in said.items() if value not in (None, getattr(exhibit, key))}
    for key, value in changed.items():
        setattr(exhibit, key, value)
    if changed:
        exhibit.save(update_fields=list(changed))
        _record(Act.EXHIBIT_EDITED, exhibit, by, changed=changed)
    return exhibit


def edition(exhibit: Exhibit) -> editions.Edition:
    """What people say about it, as it stands."""
    words = {"title": exhibit.title, "note": exhibit.note, "sensitive": exhibit.sensitive}
    return editions.Edition(words, f"exhibit/{exhibit}", (Act.EXHIBIT_EDITED, Act.EXHIBIT_LODGED))


@transaction.atomic
def withdraw(exhibit: Exhibit, *, reason: str, by: Any) -> Exhibit:
    """Take an exhibit out of use. It keeps its number, its bytes and its history. ValidationError without a reason."""
    exhibit = _locked(exhibit, by)
    reason = _text(reason)
    if not reason:
        raise ValidationError({"reason": _("Say why it is withdrawn.")})
    if exhibit.withdrawn_at is not None:
        raise ValidationError(_("This exhibit is withdrawn already."))
    exhibit.withdrawn_at, exhibit.withdrawn_reason = timezone.now(), reason
    exhibit.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _record(Act.EXHIBIT_WITHDRAWN, exhibit, by, reason=reason)
    return exhibit


def _locked(exhibit: Exhibit, by: Any) -> Exhibit:
    case = cases.require_open(exhibit.case)
    require(by, Action.EXHIBIT_EDIT, case)
    locked: Exhibit = case.exhibits.select_for_update(of=("self",)).select_related("case", "item").get(pk=exhibit.pk)
    return locked


def _enter(case: Case, accessions: list[intake.Accession], title: str, sensitive: bool,
           by: Any) -> list[Lodged]:
    """The exhibits and sightings for `accessions`. The case's row is locked, so no two exhibits race for one number."""
    known = case.exhibits.filter(item__blob_id__in={one.item.blob_id for one in accessions}, withdrawn_at=None)
    held = {exhibit.item.blob_id: exhibit for exhibit in known.select_related("item").order_by("-number")}
    last, found, now = _last_number(case), [], timezone.now()
    for one in accessions:
        exhibit, again = held.get(one.item.blob_id), True
        if exhibit is None:
            last, again = last + 1, False
            exhibit = held[one.item.blob_id] = Exhibit(
                case=case, number=last, item=one.item, title=title[:TITLE_LENGTH], sensitive=sensitive,
                lodged_by=by, lodged_at=now, event_id=one.receipt.event_id, leaf_hash=one.receipt.leaf_hash)
        found.append(Lodged(exhibit, one.item, one.receipt, already_held=again))
    Exhibit.objects.bulk_create([one.exhibit for one in found if not one.already_held])
    Sighting.objects.bulk_create([Sighting(exhibit=one.exhibit, item=one.item, seen_by=by, seen_at=now)
                                  for one in found if one.already_held])
    record_all([(Act.EXHIBIT_SIGHTED if one.already_held else Act.EXHIBIT_LODGED, f"exhibit/{one.exhibit}",
                 {"item": str(one.item.id), "sha256": one.item.blob_id}
                 | ({"sensitive": True} if sensitive and not one.already_held else {})) for one in found],
               by=by, context=f"case/{case.ref}")
    return found


def _last_number(case: Case) -> int:
    return case.exhibits.order_by("-number").values_list("number", flat=True).first() or 0


def _text(text: str) -> str:
    return text.replace("\x00", "").strip()


def _record(act: Act, exhibit: Exhibit, by: Any, **detail: Any) -> None:
    record(act, by=by, subject=f"exhibit/{exhibit}", context=f"case/{exhibit.case.ref}", **detail)
