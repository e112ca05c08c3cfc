"""Lodge, edit and withdraw exhibits."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action, require
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import provenance as provenances
from casework.exhibits.models import Exhibit, Sighting
from casework.record import Act, record
from evidence.custody.services import Receipt
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.store import services as store

TITLE_LENGTH = 200


@dataclass(frozen=True)
class Lodged:
    """What became of bytes: the exhibit, this accession's item and receipt, and whether the case held them before."""

    exhibit: Exhibit
    item: Item
    receipt: Receipt
    already_held: bool


@transaction.atomic
def lodge(case: Case, *, incoming: store.Incoming, name: str, name_bytes: bytes = b"", claimed_type: str = "",
          acquisition: str = Item.Acquisition.FILE, declared_sha256: str = "", provenance: dict[str, str],
          title: str = "", by: Any) -> Lodged:
    """Take bytes into the case: as its next exhibit, or as a sighting of the exhibit that holds the same bytes.

    What other cases hold makes no difference at all. Keys of `provenance`: evidence.intake.services.PROVENANCE.
    Raises CaseClosed, PermissionDenied, HashMismatch, StoreFull, StoreUnavailable, LogUnwritable; ValueError for a
    declared hash that is none. Nothing is visible after any of them."""
    require(by, Action.EXHIBIT_LODGE, case)
    # The bytes become durable before the case's row is locked: a large file holds up nobody else.
    accession = intake.receive(
        incoming, name=name, name_bytes=name_bytes, claimed_type=claimed_type, acquisition=acquisition,
        declared_sha256=declared_sha256, provenance=provenances.complete(provenance), context=f"case/{case.ref}",
        agent=by.as_agent())
    case = cases.require_open(case)
    item, receipt = accession.item, accession.receipt
    held = case.exhibits.filter(item__blob_id=item.blob_id, withdrawn_at=None).order_by("number").first()
    if held is not None:
        Sighting.objects.create(exhibit=held, item=item, seen_by=by, seen_at=timezone.now())
        _record(Act.EXHIBIT_SIGHTED, held, by, item=str(item.id), sha256=item.blob_id)
        return Lodged(held, item, receipt, already_held=True)
    exhibit = Exhibit.objects.create(
        case=case, number=_next_number(case), item=item, title=_text(title)[:TITLE_LENGTH], lodged_by=by,
        lodged_at=timezone.now(), event_id=receipt.event_id, leaf_hash=receipt.leaf_hash)
    _record(Act.EXHIBIT_LODGED, exhibit, by, item=str(item.id), sha256=item.blob_id)
    return Lodged(exhibit, item, receipt, already_held=False)


def lodge_bytes(case: Case, *, data: bytes, name: str, name_bytes: bytes = b"", claimed_type: str = "",
                acquisition: str = Item.Acquisition.FILE, declared_sha256: str = "", provenance: dict[str, str],
                title: str = "", by: Any) -> Lodged:
    """As `lodge`, for bytes that are already in memory."""
    with store.begin() as incoming:
        incoming.write(data)
        return lodge(case, incoming=incoming, name=name, name_bytes=name_bytes, claimed_type=claimed_type,
                     acquisition=acquisition, declared_sha256=declared_sha256, provenance=provenance, title=title,
                     by=by)


def lodge_made(case: Case, *, data: bytes, name: str, claimed_type: str, provenance: dict[str, str], title: str,
               by: Any) -> Lodged:
    """As `lodge_bytes`, for what this system made itself, such as the text of a notice: it shows nothing by itself."""
    return lodge_bytes(case, data=data, name=name, claimed_type=claimed_type, acquisition=Item.Acquisition.MADE,
                       provenance=provenance, title=title, by=by)


@transaction.atomic
def edit(exhibit: Exhibit, *, title: str, note: str, sensitive: bool, by: Any) -> Exhibit:
    """Change what people say about an exhibit. What it is and how it came stays as it was lodged."""
    exhibit = _locked(exhibit, by)
    before = {"title": exhibit.title, "note": exhibit.note, "sensitive": exhibit.sensitive}
    exhibit.title, exhibit.note, exhibit.sensitive = _text(title)[:TITLE_LENGTH], _text(note), sensitive
    changed = {key: getattr(exhibit, key) for key, value in before.items() if getattr(exhibit, key) != value}
    if changed:
        exhibit.save(update_fields=list(changed))
        _record(Act.EXHIBIT_EDITED, exhibit, by, changed=changed)
    return exhibit


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


def _next_number(case: Case) -> int:
    """The case's row is locked, so no two exhibits race for one number."""
    last = case.exhibits.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _text(text: str) -> str:
    return text.replace("\x00", "").strip()


def _record(act: Act, exhibit: Exhibit, by: Any, **detail: Any) -> None:
    record(act, by=by, subject=f"exhibit/{exhibit}", context=f"case/{exhibit.case.ref}", **detail)
