"""What the person who lodged an exhibit takes away: enough to prove, without us, that the log holds it.

docs/custody-log.md says how to check one: HMAC the content under the salt, hash the leaf, walk the path to the
checkpoint's root, check the checkpoint's signature."""

from typing import Any
from uuid import UUID

from casework.cases.models import Case
from casework.exhibits.models import Exhibit, Sighting
from evidence.custody import checkpoints, history, proofs
from evidence.custody.history import Entry
from evidence.custody.models import Payload
from evidence.intake import services as intake

FORMAT = "casework-receipt/1"
RECENT = 200
CASE_PAGE = 100


def receipt(exhibit: Exhibit) -> dict[str, Any]:
    """Plain data. `log` is None until the event has its place below a signed checkpoint; `event` once erased."""
    item, payload = exhibit.item, Payload.objects.filter(event_id=exhibit.event_id).first()
    checkpoint = checkpoints.latest()
    proof = proofs.inclusion(exhibit.event_id, checkpoint.size) if checkpoint else None
    return {
        "format": FORMAT, "case": exhibit.case.ref, "exhibit": exhibit.label, "item": str(item.id),
        "name": item.name, "size": item.blob.size, "sha256": item.blob_id, "declared_sha256": item.declared_sha256,
        "received_at": item.received_at.isoformat(), "leaf_hash": exhibit.leaf_hash,
        "event": payload and {"id": str(exhibit.event_id), "salt": bytes(payload.salt).hex(),
                              "content": bytes(payload.content).decode()},
        "log": proof and {"index": proof.index, "size": proof.size, "path": [node.hex() for node in proof.path]},
        "checkpoint": checkpoint.note if checkpoint and proof else None,
    }


def custody(exhibit: Exhibit, limit: int = RECENT) -> list[Entry]:
    """What happened to the exhibit, its item and the items of its sightings, newest first."""
    items = [exhibit.item, *(sighting.item for sighting in exhibit.sightings.select_related("item"))]
    subjects = [f"exhibit/{exhibit}", *(intake.subject(item) for item in items)]
    found = [entry for subject in subjects for entry in history.entries(subject=subject, limit=limit)]
    return sorted(found, key=lambda entry: (entry.at, entry.event_id), reverse=True)[:limit]


def case_custody(case: Case, before: str) -> list[Entry]:
    """At most CASE_PAGE events of the case, newest first, below the event with the id `before` (else from the top)."""
    try:
        start = UUID(before)
    except ValueError:
        start = None
    return history.entries(context=f"case/{case.ref}", limit=CASE_PAGE, before=start)


def labels(case: Case, entries: list[Entry]) -> dict[str, str]:
    """subject of an entry → label of the exhibit that it is about, for exhibits and for their items and sightings."""
    items = [UUID(entry.subject.removeprefix("item/")) for entry in entries if entry.subject.startswith("item/")]
    about = {entry.subject: entry.subject.rpartition("/")[2] for entry in entries
             if entry.subject.startswith("exhibit/")}
    for exhibit in case.exhibits.filter(item__in=items):
        about[f"item/{exhibit.item_id}"] = exhibit.label
    for sighting in Sighting.objects.filter(exhibit__case=case, item__in=items).select_related("exhibit"):
        about[f"item/{sighting.item_id}"] = sighting.exhibit.label
    return about
