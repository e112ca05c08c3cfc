"""What the log says was received, made and copied, beside the rows that say the same. Yields what differs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from evidence.custody.heads import Problem
from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Payload
from evidence.derivatives.models import Derivative
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.tlog import canonical

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
    for item in found:
        subject = intake.subject(item)
        yield from _item(item, subject, accessions[subject], erased[subject])
        told = {(part["kind"], part["sha256"]) for event in made[subject].values() for part in event.get("made", [])}
        for derivative in derivatives[item.pk]:
            # One of the erased events may have said so; nobody can tell any more.
            if (derivative.kind, derivative.blob_id) not in told and not unsaid[subject]:
                yield Problem(f"{derivative.kind} of {subject}", f"{derivative.blob_id} was made by no recorded event")


def missing(accessions: Iterable[tuple[UUID, str]]) -> Iterator[Problem]:
    """Accession events (id, subject) whose item is no more."""
    told = {subject: event for event, subject in accessions}
    there = {f"item/{pk}" for pk in Item.objects.filter(pk__in=ids(told)).values_list("pk", flat=True)}
    for subject in told.keys() - there:
        yield Problem(subject, f"was received (event {told[subject]}) and its row is gone")


def copied(blobs: Sequence[str]) -> set[str]:
    """Those of `blobs` of which some event says, or may have said, that the archive's copy read back the same."""
    of = {f"item/{pk}": blob for pk, blob in Item.objects.filter(blob__in=blobs).values_list("pk", "blob_id")}
    said = {event["sha256"] for told in _events(of, Kind.REPLICATION).values() for event in told.values()
            if event.get("match")}
    # What an erased event said of the copy, nobody can tell; the copy itself is read and hashed all the same.
    return said | {of[subject] for subject in _erased(of, Kind.REPLICATION)}


def _item(item: Item, subject: str, told: dict[UUID, dict[str, Any]], erased: set[UUID]) -> Iterator[Problem]:
    if len(told.keys() | erased) != 1:
        yield Problem(subject, f"has {len(told.keys() | erased)} accession events")
        return
    if not told:
        return
    event = next(iter(told.values()))
    if event.get("sha256") != item.blob_id:
        yield Problem(subject, f"has the bytes {item.blob_id}, received were {event.get('sha256')}")
    for column in _TOLD:
        if event.get(column) != getattr(item, column):
            yield Problem(subject, f"its {column} is not what was recorded at its accession")


def _events(subjects: Iterable[str], kind: Kind) -> dict[str, dict[UUID, dict[str, Any]]]:
    """The details of the events of `kind`, by subject and by event. A payload that does not parse is the log's problem,
    not ours."""
    found: dict[str, dict[UUID, dict[str, Any]]] = defaultdict(dict)
    rows = Payload.objects.filter(subject__in=list(subjects), kind=kind).values_list("subject", "event_id", "content")
    for subject, event_id, content in rows:
        try:
            found[subject][event_id] = canonical.decode(bytes(content))["detail"]
        except (ValueError, LookupError, TypeError):
            continue
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
