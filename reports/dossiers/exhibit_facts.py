"""What a dossier says about one exhibit: its bytes, how they came, its place in the log, what happened to it."""

import base64
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from casework.exhibits import parts
from casework.exhibits.models import Exhibit
from evidence.custody import history, proofs
from evidence.custody.history import Entry
from evidence.custody.kinds import Kind
from evidence.derivatives.models import Derivative
from evidence.intake import captures
from reports.dossiers.facts import instant

# Views and downloads are counted, not listed: a printed table of who looked when would drown what happened.
COUNTED = {Kind.ACCESS: "views", Kind.EXPORT: "downloads"}
LISTED_AT_MOST = 40
# The place in the log is proven once: nothing that happens later changes it.
PLACE = ("leaf_index", "proof")
_WITH_PARTS = (parts.WITH_PARTS, "item__parts__event")


def exhibits(rows: list[Exhibit], size: int) -> list[dict[str, Any]]:
    """The facts of `rows` in a dossier that stands on the first `size` entries of the log."""
    prefetch_related_objects(rows, *_WITH_PARTS)
    pictures, custody = previews(rows), _custody(rows, size)
    return [_described(row, pictures) | _place(row.event_id, size) | custody[row.label]
            | {"capture": _capture(row, {part.position: _place(part.event_id, size) for part in row.item.parts.all()})}
            for row in rows]


def exhibits_now(rows: list[Exhibit], size: int, frozen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same for those of `rows` that are frozen already, each with the place that it has there. Asks the database
    a constant number of questions."""
    before = {one["label"]: {key: one[key] for key in PLACE} for one in frozen}
    places = {one["label"]: {part["position"]: {key: part[key] for key in PLACE} for part in one["capture"]["parts"]}
              for one in frozen if one.get("capture")}
    rows = [row for row in rows if row.label in before]
    prefetch_related_objects(rows, *_WITH_PARTS)
    pictures, custody = previews(rows), _custody(rows, size)
    return [_described(row, pictures) | before[row.label] | custody[row.label]
            | {"capture": _capture(row, places.get(row.label, {}))} for row in rows]


def previews(exhibits: list[Exhibit]) -> dict[str, Derivative]:
    """The newest preview of each exhibit's item, by the item's id."""
    made = Derivative.objects.filter(item_id__in=[row.item_id for row in exhibits], kind=Derivative.Kind.PREVIEW)
    return {str(row.item_id): row for row in made.order_by("made_at")}


def _described(row: Exhibit, pictures: dict[str, Derivative]) -> dict[str, Any]:
    """What it is and how it came. `pictures` is item id → preview."""
    item, picture = row.item, pictures.get(str(row.item_id))
    return {
        "label": row.label, "title": row.title, "sensitive": row.sensitive, "sha256": item.blob.sha256,
        "size": item.blob.size, "media_type": item.media_type, "name": item.name, "acquisition": item.acquisition,
        "declared": bool(item.declared_sha256), "labels": list(item.labels), "received_at": instant(item.received_at),
        "lodged_by": str(row.lodged_by), "provenance": {key: str(value) for key, value in item.provenance.items()},
        "picture": {"sha256": picture.blob_id, "media_type": picture.media_type, "process": picture.process}
        if picture else None,
        "event_id": str(row.event_id), "leaf_hash": row.leaf_hash}


def _came(entries: list[Entry]) -> dict[str, Any]:
    """Of what came out of a package, as its accession says: which, from where in it, and what its sender declared."""
    for entry in entries:
        if entry.kind == Kind.ACCESSION and isinstance(told := entry.detail.get("package"), dict) and told:
            return {"package": {"exhibit": str(told.get("exhibit")).rpartition("/")[2], "path": str(told.get("path")),
                                "declared": _digests(told.get("declared"))}}
    return {}


def _digests(declared: Any) -> dict[str, str]:
    """Algorithm → digest. An entry that this program did not write may say anything; `verify` names it."""
    return {name: str(digest) for name, digest in declared.items()} if isinstance(declared, dict) else {}


def _capture(row: Exhibit, places: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
    """The files of a captured page and what it lacks; None for what came as one file. `places` is by position."""
    found = parts.of(row)
    if found is None:
        return None
    return {"missing": found.missing, "unstated": found.unstated, "parts": [
        {"position": part.position, "role": part.role, "name": part.item.name, "sha256": part.item.blob_id,
         "size": part.item.blob.size, "media_type": part.item.media_type, "labels": list(part.item.labels),
         "declared": bool(part.item.declared_sha256), "event_id": str(part.event_id),
         "leaf_hash": captures.leaf_hash(part)} | places.get(part.position, {}) for part in found.parts]}


def _place(event_id: UUID, size: int) -> dict[str, Any]:
    proof = proofs.inclusion(event_id, size)
    return {"leaf_index": proof.index if proof else None,
            "proof": [base64.b64encode(node).decode() for node in proof.path] if proof else []}


def _custody(rows: list[Exhibit], size: int) -> dict[str, dict[str, Any]]:
    """By label: the events up to log entry `size`, oldest first; the first 40 in full, all in numbers."""
    about = {subject: row.label for row in rows for subject in (
        f"item/{row.item_id}", f"exhibit/{row}", *(f"item/{part.pk}" for part in row.item.parts.all()))}
    listed: dict[str, list[Entry]] = {row.label: [] for row in rows}
    for entry in history.within(size, subjects=about, without=COUNTED):
        listed[about[entry.subject]].append(entry)
    counted = history.tally(size, subjects=about, kinds=COUNTED)
    return {row.label: {
        **_came(listed[row.label]),
        **{name: counted.get((f"exhibit/{row}", kind), 0) for kind, name in COUNTED.items()},
        "unlisted": max(0, len(listed[row.label]) - LISTED_AT_MOST),
        "custody": [_printed(entry) for entry in listed[row.label][:LISTED_AT_MOST]]} for row in rows}


def _printed(entry: Entry) -> dict[str, Any]:
    return {"index": entry.index, "at": instant(entry.at), "kind": entry.kind, "subject": entry.subject,
            "agent": entry.agent, "detail": entry.detail, "leaf_hash": entry.leaf_hash.hex()}
