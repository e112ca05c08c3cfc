"""What a dossier says about one exhibit: its bytes, how they came, its place in the log, what happened to it."""

import base64
from collections import Counter
from typing import Any

from casework.exhibits.models import Exhibit
from casework.record import Act
from evidence.custody import history, proofs
from evidence.derivatives.models import Derivative
from reports.dossiers.facts import instant

# Views and downloads are counted, not listed: a printed table of who looked when would drown what happened.
COUNTED = {Act.EXHIBIT_VIEWED: "views", Act.EXHIBIT_DOWNLOADED: "downloads"}
LISTED_AT_MOST = 40
_READ_AT_MOST = 100_000


def exhibit(row: Exhibit, pictures: dict[str, Derivative], size: int) -> dict[str, Any]:
    """`pictures` is item id → preview; `size` the number of log entries that the dossier stands on."""
    item, picture = row.item, pictures.get(str(row.item_id))
    proof = proofs.inclusion(row.event_id, size)
    return {
        "label": row.label, "title": row.title, "sha256": item.blob.sha256, "size": item.blob.size,
        "media_type": item.media_type, "name": item.name, "acquisition": item.acquisition,
        "declared": bool(item.declared_sha256), "labels": list(item.labels), "received_at": instant(item.received_at),
        "lodged_by": str(row.lodged_by), "provenance": {key: str(value) for key, value in item.provenance.items()},
        "picture": {"sha256": picture.blob_id, "media_type": picture.media_type, "process": picture.process}
        if picture else None,
        "event_id": str(row.event_id), "leaf_hash": row.leaf_hash, "leaf_index": proof.index if proof else None,
        "proof": [base64.b64encode(node).decode() for node in proof.path] if proof else [],
        **_custody(row, size)}


def previews(exhibits: list[Exhibit]) -> dict[str, Derivative]:
    """The newest preview of each exhibit's item, by the item's id."""
    made = Derivative.objects.filter(item_id__in=[row.item_id for row in exhibits], kind=Derivative.Kind.PREVIEW)
    return {str(row.item_id): row for row in made.order_by("made_at")}


def _custody(row: Exhibit, size: int) -> dict[str, Any]:
    """The events up to log entry `size`, oldest first; the first 40 in full, all in numbers."""
    happened = [entry for subject in (f"item/{row.item_id}", f"exhibit/{row.case.ref}/{row.label}")
                for entry in history.entries(subject=subject, limit=_READ_AT_MOST)
                if entry.index is not None and entry.index < size]
    happened.sort(key=lambda entry: entry.index or 0)
    counts = Counter(COUNTED.get(entry.detail.get("act", "")) for entry in happened)
    listed = [entry for entry in happened if entry.detail.get("act") not in COUNTED]
    return {"views": counts["views"], "downloads": counts["downloads"],
            "unlisted": max(0, len(listed) - LISTED_AT_MOST),
            "custody": [{"index": entry.index, "at": instant(entry.at), "kind": entry.kind, "subject": entry.subject,
                         "agent": entry.agent, "detail": entry.detail, "leaf_hash": entry.leaf_hash.hex()}
                        for entry in listed[:LISTED_AT_MOST]]}
