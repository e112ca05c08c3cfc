"""Take a file in: keep the bytes, describe them, record the accession. The content is never a reason to refuse."""

import base64
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from evidence import wake
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.intake import labels, names, sniff
from evidence.intake.models import Item, Step
from evidence.machine import services as machine
from evidence.store import services as store

PROVENANCE = ("source_url", "platform", "handle", "post_id", "posted_at", "posted_at_basis", "captured_at",
              "captured_with", "received_from", "note")

TASKS = {Step.Name.FIXITY: "evidence.fixity", Step.Name.DERIVE: "evidence.derive",
         Step.Name.ARCHIVE: "evidence.archive"}


@dataclass(frozen=True)
class Accession:
    """The item and the receipt of its accession event."""

    item: Item
    receipt: custody.Receipt


# Without a savepoint of its own: who calls this cannot go on after it failed, and each costs two round trips.
@transaction.atomic(savepoint=False)
def receive(incoming: store.Incoming, *, name: str, name_bytes: bytes = b"", claimed_type: str = "",
            acquisition: str = Item.Acquisition.FILE, declared_sha256: str = "", provenance: dict[str, str],
            context: str, agent: dict[str, Any], detail: dict[str, Any] | None = None) -> Accession:
    """Keep `incoming` and make it an item, in the caller's transaction; tasks wake when it commits.

    `name` is the sender's, `name_bytes` the same byte for byte where it was no text; `provenance` has some of the
    keys of PROVENANCE. Raises HashMismatch, StoreFull, StoreUnavailable, LogUnwritable; ValueError for a declared
    hash that is none or an unknown key of provenance. Nothing is visible after any of them."""
    kept = _provenance(provenance)
    stored = incoming.finish(declared_sha256)
    item = Item(id=uuid.uuid4(), blob_id=stored.sha256, acquisition=acquisition,
                declared_sha256=declared_sha256.lower(), name=names.display_name(name),
                name_bytes=name_bytes or name.encode("utf-8", "surrogatepass"),
                claimed_type=names.visible(claimed_type)[:200], media_type=sniff.media_type(incoming.head),
                provenance=kept, received_at=timezone.now())
    item.labels = labels.labels(
        size=stored.size, head=incoming.head, tail=incoming.tail, media_type=item.media_type,
        claimed_type=claimed_type, name=name, declared=bool(declared_sha256),
        reencoded=acquisition == Item.Acquisition.CLIPBOARD)
    _insert(item, stored.size)
    receipt = custody.record(Kind.ACCESSION, subject=subject(item), context=context, agent=agent,
                             detail=_described(item, stored, kept) | {"system": machine.system()} | (detail or {}))
    for task in TASKS.values():
        wake.soon(task)
    return Accession(item, receipt)


def receive_bytes(data: bytes, *, name: str, name_bytes: bytes = b"", claimed_type: str = "",
                  acquisition: str = Item.Acquisition.FILE, declared_sha256: str = "", provenance: dict[str, str],
                  context: str, agent: dict[str, Any], detail: dict[str, Any] | None = None) -> Accession:
    """As `receive`, for bytes that are already in memory."""
    with store.begin() as incoming:
        incoming.write(data)
        return receive(incoming, name=name, name_bytes=name_bytes, claimed_type=claimed_type, acquisition=acquisition,
                       declared_sha256=declared_sha256, provenance=provenance, context=context, agent=agent,
                       detail=detail)


def subject(item: Item) -> str:
    """The word under which custody knows this item."""
    return f"item/{item.id}"


def context_of(item: Item) -> str:
    """The context in which this item came in, such as `case/CW-2026-0014`, as its accession event says."""
    told = Payload.objects.filter(subject=subject(item), kind=Kind.ACCESSION).values_list("context", flat=True)
    return told.first() or ""


def _insert(item: Item, size: int) -> None:
    """The rows of the blob (unless it is held), of the item and of its steps, in one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [
            item.blob_id, size, item.received_at, item.id, item.blob_id, item.acquisition, item.declared_sha256,
            item.name, bytes(item.name_bytes), item.claimed_type, item.media_type, json.dumps(item.labels),
            json.dumps(item.provenance), item.received_at, item.id, [str(name) for name in Step.Name],
            item.received_at])


def _provenance(given: dict[str, str]) -> dict[str, str]:
    if unknown := sorted(set(given) - set(PROVENANCE)):
        raise ValueError(f"unknown in provenance: {', '.join(unknown)}")
    return {key: names.storable(value) for key, value in given.items() if value}


def _described(item: Item, stored: store.Stored, kept: dict[str, str]) -> dict[str, Any]:
    return {"sha256": stored.sha256, "size": stored.size, "name": item.name,
            "name_base64": base64.b64encode(item.name_bytes).decode(), "media_type": item.media_type,
            "claimed_type": item.claimed_type, "acquisition": str(item.acquisition),
            "declared_sha256": item.declared_sha256, "labels": list(item.labels), "provenance": kept}


_INSERT = """
WITH b AS (INSERT INTO evidence_blob (sha256, size, stored_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING),
     i AS (INSERT INTO evidence_item (id, blob_id, acquisition, declared_sha256, name, name_bytes, claimed_type,
                                      media_type, labels, provenance, received_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s))
INSERT INTO evidence_step (item_id, name, state, attempts, detail, changed_at)
SELECT %s, unnest(%s::text[]), 'pending', 0, '', %s
"""
