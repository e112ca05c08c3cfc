"""What the log says was received, made and copied, beside the rows that say the same. Yields what differs."""

import base64
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from evidence.archive.models import ArchiveCopy
from evidence.custody import details
from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Payload
from evidence.custody.problem import Problem, attempted
from evidence.derivatives.models import Derivative
from evidence.fixity import screened
from evidence.intake import services as intake
from evidence.intake.models import Item, Part
from evidence.packages import answers
from evidence.packages import services as packages
from evidence.packages.models import Origin, Package
from evidence.screening.models import Screening
from evidence.store.models import Blob

# Columns of Item that its accession event repeats word for word.
_TOLD = ("name", "acquisition", "declared_sha256", "claimed_type", "media_type", "labels", "provenance")


def items(found: Sequence[Item]) -> Iterator[Problem]:
    """Items against their accession events, and their derivatives against the events that made them."""
    subjects = list(map(intake.subject, found))
    accessions, made = _events(subjects, Kind.ACCESSION), _events(subjects, Kind.DERIVATION)
    erased, unsaid = _erased(subjects, Kind.ACCESSION), _erased(subjects, Kind.DERIVATION)
    derivatives: dict[UUID, list[Derivative]] = defaultdict(list)
    for derivative in Derivative.objects.filter(item__in=found):
        derivatives[derivative.item_id].append(derivative)
    named = {item.blob_id for item in found} | {row.blob_id for rows in derivatives.values() for row in rows}
    sizes = dict(Blob.objects.filter(pk__in=named).values_list("pk", "size"))
    parts = {part.pk: part for part in Part.objects.filter(item__in=found)}
    origins = {row.pk: row for row in Origin.objects.filter(item__in=found).select_related("file__package")}
    # What is no Zip file by its first bytes, which its accession repeats, was never checked as a package.
    zips = [item for item in found if packages.may_be_one(item)]
    named_zips = list(map(intake.subject, zips))
    checks, unsaid_checks = _events(named_zips, Kind.FIXITY), _erased(named_zips, Kind.FIXITY)
    rows = Package.objects.filter(item__in=zips, state__in=Package.CHECKED)
    kept = {row.item_id: row for row in rows}
    screenings: dict[UUID, list[Screening]] = defaultdict(list)
    for screening in Screening.objects.filter(item__in=found).order_by("pk"):
        screenings[screening.item_id].append(screening)
    screened_so, unsaid_screenings = _events(subjects, Kind.VIRUS_CHECK), _erased(subjects, Kind.VIRUS_CHECK)
    mains = _events({f"item/{part.main_id}" for part in parts.values()}, Kind.ACCESSION)
    for item in found:
        subject = intake.subject(item)
        yield from attempted(subject, _part, subject, parts.get(item.pk), accessions[subject], mains)
        yield from attempted(subject, _origin, subject, origins.get(item.pk), accessions[subject])
        if packages.may_be_one(item) and not unsaid_checks[subject]:
            yield from attempted(subject, _checked, subject, kept.get(item.pk), checks[subject])
        yield from attempted(subject, screened.problems, subject, screenings[item.pk], screened_so[subject],
                             unsaid_screenings[subject])
        yield from attempted(subject, _item, item, subject, accessions[subject], erased[subject],
                             sizes.get(item.blob_id))
        yield from attempted(subject, _derived, subject, list(made[subject].values()), derivatives[item.pk],
                             bool(unsaid[subject]))
    for blob in sorted(named - set(sizes)):
        yield Problem(f"blob {blob}", "its row is gone")


def missing(accessions: Iterable[tuple[UUID, str]]) -> Iterator[Problem]:
    """Accession events (id, subject) whose item is no more."""
    told = {subject: event for event, subject in accessions}
    there = {f"item/{pk}" for pk in Item.objects.filter(pk__in=ids(told)).values_list("pk", flat=True)}
    for subject in told.keys() - there:
        yield Problem(subject, f"was received (event {told[subject]}) and its row is gone")


# Where a copy lies, and what the storage said of its lock: location, version, mode, end, legal hold.
Told = tuple[str, str, str, str, bool]


def copied(blobs: Sequence[str]) -> defaultdict[str, set[Told]]:
    """What events say of the copies of `blobs` that read back the same."""
    subjects = {f"item/{pk}" for pk in Item.objects.filter(blob__in=blobs).values_list("pk", flat=True)}
    found: defaultdict[str, set[Told]] = defaultdict(set)
    for told in _events(subjects, Kind.REPLICATION).values():
        for event in told.values():
            if event.get("match") and event.get("place") != "store":
                # The copies of earlier versions had no lock, and their events say nothing of one.
                lock = event.get("lock", {"mode": "", "until": "", "legal_hold": False})
                found[event["sha256"]].add(
                    (event["location"], event["version"], lock["mode"], lock["until"], lock["legal_hold"]))
    return found


def is_told(copy: ArchiveCopy, told: set[Told]) -> bool:
    """Whether one of these events says what the row of `copy` says."""
    until = copy.locked_until.isoformat() if copy.locked_until else ""
    return (copy.location, copy.version, copy.lock_mode, until, copy.legal_hold) in told


def unsaid_copies(blobs: Sequence[str]) -> set[str]:
    """Those of `blobs` of whose copy an erased event may have told; the copy itself is read and hashed all the same."""
    of = {f"item/{pk}": blob for pk, blob in Item.objects.filter(blob__in=blobs).values_list("pk", "blob_id")}
    return {of[subject] for subject, events in _erased(of, Kind.REPLICATION).items() if events}


def _origin(subject: str, row: Origin | None, told: dict[UUID, dict[str, Any]]) -> Iterator[Problem]:
    """Whether it came out of the package, and from the place there, that its accession says."""
    for event in told.values():
        said = event.get("package")
        if row is None and said is not None:
            yield Problem(subject, "was received out of a package and that row is gone")
        if row is not None:
            file = row.file
            ours = {"item": str(file.package.item_id), "path": file.path, "declared": file.declared}
            if said is None or {key: said.get(key) for key in ours} != ours or event.get("sha256") != file.sha256:
                yield Problem(subject, "its row says that it came out of a package, and its accession says otherwise")


def _checked(subject: str, row: Package | None, told: dict[UUID, dict[str, Any]]) -> Iterator[Problem]:
    """Whether what is kept of its check as a package is what the event of the check binds."""
    said = {(event.get("outcome"), event.get("report_sha256")) for event in told.values()
            if event.get("act") == packages.ACT and "report_sha256" in event}
    if row is None and said:
        yield Problem(subject, "was checked as a package and what was found is gone")
    if row is not None and said != {(row.state, answers.digest(row, row.files.all()))}:
        yield Problem(subject, "what was found in it as a package is not what was recorded of the check")


def _part(subject: str, row: Part | None, told: dict[UUID, dict[str, Any]],
          mains: dict[str, dict[UUID, dict[str, Any]]]) -> Iterator[Problem]:
    """Whether it came as the part of a capture that its accession says, with the main part that the row names."""
    for event in told.values():
        said = event.get("capture")
        if row is None and said is not None:
            yield Problem(subject, f"was received as part {said.get('position')} of {said.get('of')} and that row is "
                                   "gone")
        if row is not None:
            sets = {(one.get("capture") or {}).get("set") for one in mains[f"item/{row.main_id}"].values()}
            if said is None or (said.get("role"), said.get("position")) != (row.role, row.position):
                yield Problem(subject, "its part of a capture is not what was recorded at its accession")
            elif sets and said.get("set") not in sets:
                yield Problem(subject, "belongs to another capture than was recorded at its accession")


def _derived(subject: str, events: list[dict[str, Any]], rows: list[Derivative], unsaid: bool) -> Iterator[Problem]:
    """Each derivative is one that an event says was made, and each that was made is there. `unsaid`: one of the erased
    events may have said so, nobody can tell any more."""
    told = {(part["kind"], part["sha256"], part["media_type"], event["process"], *part.get("found", []))
            for event in events for part in event.get("made", [])}
    there = set()
    for row in rows:
        if not isinstance(row.found, list) or not all(isinstance(code, str) for code in row.found):
            yield Problem(f"{row.kind} of {subject}", "its row does not say in codes what was found in the file")
        else:
            there.add((row.kind, row.blob_id, row.media_type, row.process, *row.found))
    for kind, blob, *_more in sorted(there - told if not unsaid else ()):
        yield Problem(f"{kind} of {subject}", f"{blob} was made by no recorded event")
    for kind, blob in sorted({one[:2] for one in told} - {(row.kind, row.blob_id) for row in rows}):
        yield Problem(f"{kind} of {subject}", f"{blob} was made and its row is gone")


def _item(item: Item, subject: str, told: dict[UUID, dict[str, Any]], erased: set[UUID],
          size: int | None) -> Iterator[Problem]:
    if len(told.keys() | erased) != 1:
        yield Problem(subject, f"has {len(told.keys() | erased)} accession events")
        return
    if not told:
        return
    event = next(iter(told.values()))
    if event.get("sha256") != item.blob_id:
        yield Problem(subject, f"has the bytes {item.blob_id}, received were {event.get('sha256')}")
    # Also of bytes that were disposed of, which nobody can measure any more.
    if size is not None and event.get("size") != size:
        yield Problem(f"blob {item.blob_id}", f"has {size} bytes in its row, received were {event.get('size')}")
    for column in _TOLD:
        if event.get(column) != getattr(item, column):
            yield Problem(subject, f"its {column} is not what was recorded at its accession")
    if event.get("name_base64") != base64.b64encode(bytes(item.name_bytes)).decode():
        yield Problem(subject, "its name_bytes are not what was recorded at its accession")
    # The accessions of earlier versions do not tell it.
    if event.get("received_at", intake.moment(item.received_at)) != intake.moment(item.received_at):
        yield Problem(subject, "its received_at is not what was recorded at its accession")


def _events(subjects: Iterable[str], kind: Kind) -> dict[str, dict[UUID, dict[str, Any]]]:
    """The details of the sound events of `kind`, by subject and by event. What is wrong with another one, the log's
    own check names."""
    found: dict[str, dict[UUID, dict[str, Any]]] = defaultdict(dict)
    rows = Payload.objects.filter(subject__in=list(subjects), kind=kind).values_list("subject", "event_id", "content")
    for subject, event_id, content in rows:
        if (said := details.sound(bytes(content), kind=kind, subject=subject)) is not None:
            found[subject][event_id] = said
    return found


def _erased(subjects: Iterable[str], kind: Kind) -> dict[str, set[UUID]]:
    """The erased events of `kind` about each subject. That it was lawful, the log's own check sees to."""
    found: dict[str, set[UUID]] = defaultdict(set)
    rows = Erasure.objects.filter(subject__in=list(subjects), kind=kind).values_list("subject", "event_id")
    for subject, event_id in rows:
        found[subject].add(event_id)
    return found


def ids(subjects: Iterable[str]) -> list[UUID]:
    """The items that these subjects name; other words are left out."""
    found = []
    for subject in subjects:
        try:
            found.append(UUID(subject.removeprefix("item/")))
        except ValueError:
            continue
    return found
