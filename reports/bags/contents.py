"""What goes into the bag of a dossier: files with their exhibits, and the events that stand behind them.

A referral takes along the originals of every exhibit that it shows, but for those in which malware was found: these
stay here and are named, and by their hash everything about them can still be proven. A briefing takes its own document
and nothing else, and of its events only those that bind that document to the log: the others name people."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation

from casework.exhibits import gate, parts
from casework.exhibits.gate import Screened
from casework.exhibits.models import Exhibit
from casework.exhibits.names import harmless
from casework.exhibits.parts import Capture
from casework.record import Act
from evidence.custody import history, recovery
from evidence.custody.history import Entry
from evidence.custody.kinds import Kind
from evidence.derivatives.models import Derivative
from evidence.intake import captures
from evidence.intake.models import Item, Part
from evidence.store import services as store
from evidence.tlog.offline.unassigned import is_assigned
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
    """The payload in the order in which it is packed, every event, the ids of those whose words go along, and the
    labels of the originals that stay here because malware was found in them (`E-003`, of a part `E-003/2`)."""

    payload: list[Member] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    told: set[UUID] = field(default_factory=set)
    withheld: list[str] = field(default_factory=list)


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


def screened(dossier: Dossier) -> dict[str, Screened]:
    """How the originals that a package of `dossier` may hold stand with the malware scanner now, by their labels."""
    return {label: gate.of(row, part) for row in _rows(dossier) for label, part in _originals(row)}


def _originals(row: Exhibit) -> list[tuple[str, Part | None]]:
    capture = parts.of(row)
    return [(f"{row.label}/{part.position}", part) for part in capture.parts] if capture else [(row.label, None)]


def _rows(dossier: Dossier) -> QuerySet[Exhibit]:
    """The exhibits that a referral shows; of a briefing none travel."""
    shown = dossier.frozen["exhibits"] if dossier.kind == Dossier.Kind.REFERRAL else []
    numbers = [int(row["label"].removeprefix("E-")) for row in shown]
    return (Exhibit.objects.filter(case=dossier.case, number__in=numbers).order_by("number")
            .select_related("case", "item__blob", "item__tombstone")
            .prefetch_related("item__derivatives__blob", "item__parts__item__derivatives__blob", parts.WITH_PARTS,
                              "item__parts__event"))


def _exhibits(found: Contents, dossier: Dossier) -> None:
    described, table = [], []
    for row in _rows(dossier):
        if row.is_disposed:
            raise Unpackable(f"{row.label} was disposed of: its original cannot travel with this dossier")
        folder, capture = f"data/exhibits/{row.label}", parts.of(row)
        items = [part.item for part in capture.parts] if capture else [row.item]
        items += [sighting.item for sighting in row.sightings.all()]
        entries = _entries([*(f"item/{item.pk}" for item in items), f"exhibit/{row}"])
        provable = _provable(entries)
        looked = {part: (label, gate.of(row, part)) for label, part in _originals(row)}
        if capture is None:
            described.append(_described(row, _file(found, folder, "", row.item, provable, *looked[None]))
                             | describing.screened(looked[None][1]))
            table.append({**described[-1], **described[-1]["provenance"]})
        else:
            files = [_part(part, _file(found, folder, f"{part.position}_", part.item, provable, *looked[part]))
                     | describing.screened(looked[part][1]) for part in capture.parts]
            described.append(_described(row, files[0]["file"]) | _captured(capture, files))
            table += [{**described[-1], **described[-1]["provenance"], **one} for one in files]
        found.payload.append(describing.as_json(f"{folder}/exhibit.json", described[-1]))
        found.entries += entries
    found.payload.append(describing.as_csv("data/exhibits.csv", describing.EXHIBIT_COLUMNS, table))


def _provable(entries: list[Entry]) -> set[str]:
    """The SHA-256 of what the events of one exhibit bind to the log. Bytes whose accession was lawfully erased are
    bound by nothing any more: they cannot travel under a seal that says that everything here is proven."""
    said = [entry for entry in entries if "erased" not in entry.detail]
    tied = {f"item/{entry.detail.get('item')}" for entry in said
            if entry.detail.get("act") in (Act.EXHIBIT_LODGED, Act.EXHIBIT_SIGHTED)}
    of_tied = [entry for entry in said if entry.subject in tied or tied and entry.subject.startswith("exhibit/")]
    bound = [entry.detail for entry in of_tied if entry.kind == Kind.ACCESSION]
    for entry in of_tied:
        if entry.kind in (Kind.DERIVATION, Kind.REDACTION) and isinstance(made := entry.detail.get("made"), list):
            bound += [one for one in made if isinstance(one, dict)]
    return {sha256 for one in bound if isinstance(sha256 := one.get("sha256"), str)}


def packable(name: str) -> str:
    """`name` as a file of a bag may be called: what no bag may hold of it is `_` here, and stays in the metadata."""
    plain = "".join(sign if is_assigned(sign) else "_" for sign in harmless(name))
    return unicodedata.normalize("NFC", plain) or "unnamed"


def _file(found: Contents, folder: str, prefix: str, item: Item, provable: set[str], label: str,
          looked: Screened) -> str:
    """Take along an original and what was made from it, as far as they are `provable`; the path of the original, empty
    where it is not, or where malware was found in it. Two parts of a capture may be called alike, so each has its
    position before its name."""
    if looked.is_found:
        found.withheld.append(label)
    travels = item.blob_id in provable and not looked.is_found
    path = f"{folder}/original/{prefix}{packable(item.name)}" if travels else ""
    if path:
        found.payload.append(_blob(path, item.blob_id, item.blob.size))
    found.payload += [one for one in _derivatives(folder, prefix, item) if one.sha256 in provable]
    return path


def _captured(capture: Capture, files: list[dict[str, Any]]) -> dict[str, Any]:
    """The files of a captured page, and what it lacks: in codes for programs and in sentences for people."""
    told = {}
    for language in ("en", "ur"):
        with translation.override(language):
            told[language] = [str(sentence) for sentence in (*capture.sentences, *capture.wanted)]
    return {"parts": files, "missing": capture.missing, "unstated": capture.unstated, "sentences": told}


def _part(part: Part, file: str) -> dict[str, Any]:
    item = part.item
    return {"part": part.position, "role": part.role, "file": file, "item": str(item.pk), "sha256": item.blob_id,
            "size": item.blob.size, "media_type": item.media_type, "name": item.name,
            "name_hex": bytes(item.name_bytes).hex(), "labels": list(item.labels),
            "declared_sha256": item.declared_sha256, "received_at": item.received_at.isoformat(),
            "leaf_hash": captures.leaf_hash(part)}


def _derivatives(folder: str, prefix: str, item: Item) -> Iterable[Member]:
    """The newest of each kind."""
    newest: dict[str, Derivative] = {}
    for one in sorted(item.derivatives.all(), key=lambda one: one.made_at):
        newest[one.kind] = one
    for kind, one in sorted(newest.items()):
        ending = _ENDINGS.get(one.media_type, "bin")
        yield _blob(f"{folder}/derivatives/{prefix}{kind}.{ending}", one.blob_id, one.blob.size)


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
