"""What goes into the bag of a dossier: files with their exhibits, and the events that stand behind them.

A referral takes along the originals of every exhibit that it shows. A briefing takes its own document and nothing
else, and of its events only those that bind that document to the log: the others name people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from casework.exhibits.models import Exhibit
from casework.exhibits.names import harmless
from casework.record import Act
from evidence.custody import history, recovery
from evidence.custody.history import Entry
from evidence.custody.kinds import Kind
from evidence.derivatives.models import Derivative
from evidence.intake.models import Item
from evidence.store import services as store
from reports.bags import describing
from reports.bags.packing import Member, Unpackable
from reports.dossiers.models import Dossier

# What is held back of every bag: who looked at what, and who took it out.
HELD_BACK = frozenset({Kind.ACCESS, Kind.EXPORT})
# Recorded by the system itself, so they name nobody.
BINDING = frozenset({Kind.ACCESSION, Kind.SEALING})
_MOST_EVENTS = 100_000
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "application/json": "json"}


@dataclass
class Contents:
    """The payload in the order in which it is packed, every event, and the ids of those whose words go along."""

    payload: list[Member] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    told: set[UUID] = field(default_factory=set)


def of(dossier: Dossier) -> Contents:
    """`dossier` is sealed. The bytes are read only when they are packed."""
    assert dossier.item is not None
    found = Contents(entries=_entries([f"dossier/{dossier.case.ref}/{dossier.label}", f"item/{dossier.item_id}"]))
    if dossier.kind == Dossier.Kind.BRIEFING:
        found.payload.append(describing.as_csv("data/exhibits.csv", describing.EXHIBIT_COLUMNS, []))
        found.told = {entry.event_id for entry in found.entries if entry.kind in BINDING}
    else:
        _exhibits(found, dossier)
        found.entries += _restores()
        found.told = {entry.event_id for entry in found.entries if entry.kind not in HELD_BACK}
    found.payload.append(_blob(f"data/dossier/{dossier.item.name}", dossier.item.blob_id, dossier.item.blob.size))
    _events(found)
    return found


def _exhibits(found: Contents, dossier: Dossier) -> None:
    numbers = [int(row["label"].removeprefix("E-")) for row in dossier.frozen["exhibits"]]
    rows = (Exhibit.objects.filter(case=dossier.case, number__in=numbers).order_by("number")
            .select_related("case", "item__blob", "item__tombstone")
            .prefetch_related("item__derivatives__blob", "sightings__item__blob"))
    described = []
    for row in rows:
        if row.is_disposed:
            raise Unpackable(f"{row.label} was disposed of: its original cannot travel with this dossier")
        folder = f"data/exhibits/{row.label}"
        sighted = [f"item/{sighting.item_id}" for sighting in row.sightings.all()]
        entries = _entries([f"item/{row.item_id}", *sighted, f"exhibit/{row}"])
        provable = _provable(entries)
        original = f"{folder}/original/{harmless(row.item.name) or 'unnamed'}" if row.item.blob_id in provable else ""
        if original:
            found.payload.append(_blob(original, row.item.blob_id, row.item.blob.size))
        found.payload += [one for one in _derivatives(folder, row.item) if one.sha256 in provable]
        described.append(_described(row, original))
        found.payload.append(describing.as_json(f"{folder}/exhibit.json", described[-1]))
        found.entries += entries
    found.payload.append(describing.as_csv("data/exhibits.csv", describing.EXHIBIT_COLUMNS,
                                           ({**one, **one["provenance"]} for one in described)))


def _provable(entries: list[Entry]) -> set[str]:
    """The SHA-256 of what the events of one exhibit bind to the log. Bytes whose accession was lawfully erased are
    bound by nothing any more: they cannot travel under a seal that says that everything here is proven."""
    said = [entry for entry in entries if "erased" not in entry.detail]
    tied = {f"item/{entry.detail['item']}" for entry in said
            if entry.detail.get("act") in (Act.EXHIBIT_LODGED, Act.EXHIBIT_SIGHTED)}
    of_tied = [entry for entry in said if entry.subject in tied or tied and entry.subject.startswith("exhibit/")]
    return {entry.detail["sha256"] for entry in of_tied if entry.kind == Kind.ACCESSION} | {
        made["sha256"] for entry in of_tied if entry.kind in (Kind.DERIVATION, Kind.REDACTION)
        for made in entry.detail.get("made", [])}


def _derivatives(folder: str, item: Item) -> Iterable[Member]:
    """The newest of each kind."""
    newest: dict[str, Derivative] = {}
    for one in sorted(item.derivatives.all(), key=lambda one: one.made_at):
        newest[one.kind] = one
    for kind, one in sorted(newest.items()):
        ending = _ENDINGS.get(one.media_type, "bin")
        yield _blob(f"{folder}/derivatives/{kind}.{ending}", one.blob_id, one.blob.size)


def _described(row: Exhibit, file: str) -> dict[str, Any]:
    """With its sightings: the same bytes that came again, each with a provenance and an accession of its own. `file` is
    empty where the bytes do not travel."""
    sightings = sorted(row.sightings.all(), key=lambda sighting: (sighting.seen_at, sighting.pk))
    return {"case": row.case.ref, "label": row.label, "title": row.title, "file": file, "leaf_hash": row.leaf_hash,
            **_accession(row.item), "sightings": [_accession(sighting.item) for sighting in sightings]}


def _accession(item: Item) -> dict[str, Any]:
    return {"item": str(item.pk), "sha256": item.blob_id, "size": item.blob.size, "media_type": item.media_type,
            "name": item.name, "name_hex": bytes(item.name_bytes).hex(), "acquisition": item.acquisition,
            "labels": list(item.labels), "declared_sha256": item.declared_sha256,
            "received_at": item.received_at.isoformat(), "provenance": dict(item.provenance)}


def _events(found: Contents) -> None:
    shown = [describing.event(entry, entry.event_id in found.told)
             for entry in sorted(found.entries, key=lambda entry: -1 if entry.index is None else entry.index)]
    found.payload.append(describing.as_json("data/custody.json", shown))
    found.payload.append(describing.as_csv("data/custody.csv", describing.EVENT_COLUMNS, shown))


def _restores() -> list[Entry]:
    """Where the log went on after a loss: without these nobody could tell a declared loss from a secret one."""
    said = history.entries(subject_prefix=recovery.PREFIX, context=recovery.CONTEXT, limit=_MOST_EVENTS)
    return [entry for entry in said if entry.detail.get("act") == recovery.ACT]


def _entries(subjects: Iterable[str]) -> list[Entry]:
    return [entry for subject in subjects for entry in history.entries(subject=subject, limit=_MOST_EVENTS)]


def _blob(path: str, sha256: str, size: int) -> Member:
    return Member(path, size, lambda: store.chunks_verified(sha256), sha256)
