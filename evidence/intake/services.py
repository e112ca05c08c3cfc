"""Take a file in: keep the bytes, describe them, record the accession. The content is never a reason to refuse."""

import base64
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from evidence import wake
from evidence.custody import history, locks
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.intake import labels, names, sniff
from evidence.intake.models import Item, Step
from evidence.machine import services as machine
from evidence.store import services as store
from evidence.store.errors import Damaged
from evidence.store.models import Blob

PROVENANCE = ("source_url", "platform", "handle", "post_id", "posted_at", "posted_at_given", "posted_at_basis",
              "captured_at", "captured_at_given", "captured_with", "collector", "machine_address", "clock",
              "received_from", "note")

TASKS = {Step.Name.FIXITY: "evidence.fixity", Step.Name.DERIVE: "evidence.derive",
         Step.Name.ARCHIVE: "evidence.archive", Step.Name.SCREEN: "evidence.screen"}


@dataclass(frozen=True)
class Accession:
    """The item and the receipt of its accession event."""

    item: Item
    receipt: custody.Receipt


@dataclass(frozen=True)
class Arrival:
    """Bytes on their way in and what their sender says of them: `name` is the sender's, `name_bytes` the same byte for
    byte where it was no text; `provenance` has some of the keys of PROVENANCE; `detail` goes into the event."""

    incoming: store.Incoming
    name: str
    provenance: dict[str, str]
    name_bytes: bytes = b""
    claimed_type: str = ""
    acquisition: str = Item.Acquisition.FILE
    declared_sha256: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def receive(arrival: Arrival, *, context: str, agent: dict[str, Any]) -> Accession:
    """Keep what arrives and make it an item, in the caller's transaction; tasks wake when it commits.

    Raises HashMismatch, StoreFull, StoreUnavailable, Damaged, LogUnwritable; ValueError for a declared hash that is
    none or an unknown key of provenance. Nothing is visible after any of them."""
    taken = receive_all([arrival], context=context, agent=agent)[0]
    if isinstance(taken, Accession):
        return taken
    raise taken


# Without a savepoint of its own: who calls this cannot go on after it failed, and each costs two round trips.
@transaction.atomic(savepoint=False)
def receive_all(arrivals: Sequence[Arrival], *, context: str,
                agent: dict[str, Any]) -> list[Accession | store.Refusal]:
    """As `receive`, for many: for each the accession, or why its bytes were not kept. Raises LogUnwritable for all, and
    Damaged for all when bytes were cleared away between their arrival and their row: send them again."""
    kept = [_provenance(arrival.provenance) for arrival in arrivals]
    stored = store.finish_all([arrival.incoming for arrival in arrivals],
                              [arrival.declared_sha256 for arrival in arrivals])
    items = [_item(arrival, held, known) if isinstance(held, store.Stored) else held
             for arrival, held, known in zip(arrivals, stored, kept, strict=True)]
    made = [item for item in items if isinstance(item, Item)]
    _insert(made)
    system = machine.system()
    receipts = dict(zip(made, custody.record_all([
        custody.Draft(Kind.ACCESSION, subject(item), context, agent,
                      _described(item) | {"system": system} | arrival.detail)
        for item, arrival in zip(items, arrivals, strict=True) if isinstance(item, Item)]), strict=True))
    for name in awaited():
        wake.soon(TASKS[name])
    return [Accession(item, receipts[item]) if isinstance(item, Item) else item for item in items]


def awaited() -> list[Step.Name]:
    """What an item waits for that comes in now: to be screened only where there is a scanner."""
    return [name for name in Step.Name if name != Step.Name.SCREEN or settings.CLAMD_URL is not None]


def receive_bytes(data: bytes, *, name: str, context: str, agent: dict[str, Any], **more: Any) -> Accession:
    """As `receive`, for bytes that are already in memory; `more` are fields of Arrival."""
    with store.begin() as incoming:
        incoming.write(data)
        return receive(Arrival(incoming, name, **more), context=context, agent=agent)


def subject(item: Item) -> str:
    """The word under which custody knows this item."""
    return f"item/{item.id}"


def context_of(item: Item) -> str:
    """The context in which this item came in, such as `case/CW-2026-0014`, as its accession event says."""
    return history.context_of(subject(item), Kind.ACCESSION)


def moment(at: datetime) -> str:
    """A time as events spell it: UTC, six decimals, Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _item(arrival: Arrival, stored: store.Stored, kept: dict[str, str]) -> Item:
    incoming, name = arrival.incoming, arrival.name
    item = Item(id=uuid.uuid4(), blob=Blob(sha256=stored.sha256, size=stored.size),
                acquisition=arrival.acquisition, declared_sha256=arrival.declared_sha256.lower(),
                name=names.display_name(name), name_bytes=arrival.name_bytes or name.encode("utf-8", "surrogatepass"),
                claimed_type=names.visible(arrival.claimed_type)[:200], media_type=sniff.media_type(incoming.head),
                provenance=kept, received_at=timezone.now())
    item.labels = labels.labels(
        size=stored.size, head=incoming.head, tail=incoming.tail, media_type=item.media_type,
        claimed_type=arrival.claimed_type, name=name, declared=bool(arrival.declared_sha256),
        reencoded=arrival.acquisition == Item.Acquisition.CLIPBOARD)
    return item


def _insert(items: Sequence[Item]) -> None:
    """The rows of the blobs (unless they are held), of the items and of their steps, in one round trip.

    It shares the lock of those who clear away what no row names: what is there now stays until the rows are seen."""
    rows = [(item.id, item.blob_id, item.blob.size, str(item.acquisition), item.declared_sha256, item.name,
             bytes(item.name_bytes), item.claimed_type, item.media_type, json.dumps(item.labels),
             json.dumps(item.provenance), item.received_at) for item in items]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [*(list(column) for column in zip(*rows, strict=True)),
                                     [str(name) for name in awaited()], locks.LODGING])
    for item in items:
        if store.size(item.blob_id) != item.blob.size:
            raise Damaged(f"{item.blob_id} is gone")


def _provenance(given: dict[str, str]) -> dict[str, str]:
    if unknown := sorted(set(given) - set(PROVENANCE)):
        raise ValueError(f"unknown in provenance: {', '.join(unknown)}")
    return {key: names.storable(value) for key, value in given.items() if value}


def _described(item: Item) -> dict[str, Any]:
    return {"sha256": item.blob_id, "size": item.blob.size, "name": item.name,
            "name_base64": base64.b64encode(item.name_bytes).decode(), "media_type": item.media_type,
            "claimed_type": item.claimed_type, "acquisition": str(item.acquisition),
            "declared_sha256": item.declared_sha256, "labels": list(item.labels), "provenance": item.provenance,
            "received_at": moment(item.received_at)}


_INSERT = """
WITH given AS (
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bytea[],
                         %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
    AS g (id, sha256, size, acquisition, declared, name, name_bytes, claimed, media, labels, provenance, at)),
b AS (
    INSERT INTO evidence_blob (sha256, size, stored_at)
    SELECT DISTINCT ON (sha256) sha256, size, at FROM given ORDER BY sha256 ON CONFLICT DO NOTHING),
i AS (
    INSERT INTO evidence_item (id, blob_id, acquisition, declared_sha256, name, name_bytes, claimed_type, media_type,
                               labels, provenance, received_at)
    SELECT id, sha256, acquisition, declared, name, name_bytes, claimed, media, labels::jsonb, provenance::jsonb, at
    FROM given)
INSERT INTO evidence_step (item_id, name, state, attempts, detail, changed_at)
SELECT id, step, 'pending', 0, '', at FROM given, unnest(%s::text[]) AS step,
    (SELECT pg_advisory_xact_lock_shared(%s)) AS held
-- What this system made itself holds nothing foreign; a package's originals are screened each by itself.
WHERE step <> 'screen' OR acquisition <> 'made'
"""
