"""What the log says was received, made and copied, beside the rows that say the same. Yields what differs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from evidence.custody.heads import Problem
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.derivatives.models import Derivative
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.tlog import canonical

# Columns of Item that its accession event repeats word for word.
_TOLD = ("name", "acquisition", "declared_sha256", "claimed_type", "media_type", "labels", "provenance")


def items(found: Sequence[Item]) -> Iterator[Problem]:
    """Items against their accession events, and their derivatives against the events that made them."""
    accessions = _events(map(intake.subject, found), Kind.ACCESSION)
    made = _events(map(intake.subject, found), Kind.DERIVATION)
    derivatives: dict[UUID, list[Derivative]] = defaultdict(list)
    for derivative in Derivative.objects.filter(item__in=found):
        derivatives[derivative.item_id].append(derivative)
    for item in found:
        subject = intake.subject(item)
        yield from _item(item, subject, accessions[subject])
        told = {(part["kind"], part["sha256"]) for event in made[subject] for part in event.get("made", [])}
        for derivative in derivatives[item.pk]:
            if (derivative.kind, derivative.blob_id) not in told:
                yield Problem(f"{derivative.kind} of {subject}", f"{derivative.blob_id} was made by no recorded event")


def missing(accessions: Iterable[tuple[UUID, str]]) -> Iterator[Problem]:
    """Accession events (id, subject) whose item is no more."""
    told = {subject: event for event, subject in accessions}
    there = {f"item/{pk}" for pk in Item.objects.filter(pk__in=ids(told)).values_list("pk", flat=True)}
    for subject in told.keys() - there:
        yield Problem(subject, f"was received (event {told[subject]}) and its row is gone")


def copied(blobs: Sequence[str]) -> set[str]:
    """Those of `blobs` of which some event says that the archive's copy read back the same."""
    subjects = {f"item/{pk}" for pk in Item.objects.filter(blob__in=blobs).values_list("pk", flat=True)}
    return {event["sha256"] for told in _events(subjects, Kind.REPLICATION).values() for event in told
            if event.get("match")}




def _item(item: Item, subject: str, told: list[dict[str, Any]]) -> Iterator[Problem]:
    if len(told) != 1:
        yield Problem(subject, f"has {len(told)} accession events")
        return
    event = told[0]
    if event.get("sha256") != item.blob_id:
        yield Problem(subject, f"has the bytes {item.blob_id}, received were {event.get('sha256')}")
    for column in _TOLD:
        if event.get(column) != getattr(item, column):
            yield Problem(subject, f"its {column} is not what was recorded at its accession")


def _events(subjects: Iterable[str], kind: Kind) -> dict[str, list[dict[str, Any]]]:
    """The details of the events of `kind` by subject. A payload that does not parse is the log's problem, not ours."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = Payload.objects.filter(subject__in=list(subjects), kind=kind).values_list("subject", "content")
    for subject, content in rows:
        try:
            found[subject].append(canonical.decode(bytes(content))["detail"])
        except (ValueError, LookupError, TypeError):
            continue
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
