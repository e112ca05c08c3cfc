"""Exhibits and sightings beside the events that tell of them, in both directions. Yields what differs.

Every verification asks here (`ROWS_VERIFIED_BY`), because the vault knows no exhibits. What is said in events that were
lawfully erased nobody can tell any more: so many of the rows of an exhibit may be told of by no event."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from casework.exhibits.models import Exhibit, Sighting
from casework.record import Act
from evidence.custody import details, proofs
from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Event, Payload
from evidence.custody.problem import Problem
from evidence.fixity.besides import Scope
from evidence.fixity.pages import pages
from evidence.intake.models import Part
from evidence.tlog import canonical

_PREFIX = "exhibit/"


@dataclass(frozen=True)
class Told:
    """An event says that `item` was lodged as the exhibit `subject`, or came again for it. `position` is that of a part
    of a captured page, else 1."""

    subject: str
    act: Act
    item: str
    position: int


@dataclass
class Known:
    """What there is beside one page of exhibits, by their subjects."""

    told: defaultdict[str, set[Told]] = field(default_factory=lambda: defaultdict(set))
    erased: Counter[str] = field(default_factory=Counter)
    # Event → its commitment, and kind, subject and context of what it says or said.
    accessions: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)


def problems(scope: Scope, checked: Counter[str]) -> Iterator[Problem]:
    """What does not hold of the exhibits and sightings in `scope`."""
    for rows in pages(_rows(scope), "pk"):
        checked["exhibits"] += len(rows)
        yield from _exhibits(rows)
    for events in pages(_events(scope), "event_id"):
        yield from _missing(events)


def _rows(scope: Scope) -> QuerySet[Exhibit]:
    rows = Exhibit.objects.select_related("case").only("number", "item", "event_id", "leaf_hash", "case__ref")
    if scope.context:
        return rows.filter(case__ref=scope.context.removeprefix("case/"))
    if not scope.subjects:
        return rows
    named = Q(pk=None)
    for subject in scope.subjects:
        ref, _, label = subject.removeprefix(_PREFIX).partition("/E-")
        if subject.startswith(_PREFIX) and label.isdecimal():
            named |= Q(case__ref=ref, number=int(label))
    return rows.filter(named)


def _events(scope: Scope) -> QuerySet[Payload]:
    rows = Payload.objects.filter(kind=Kind.DECISION, subject__startswith=_PREFIX).only("subject", "content")
    if scope.context:
        return rows.filter(context=scope.context)
    return rows.filter(subject__in=scope.subjects) if scope.subjects else rows


def _exhibits(rows: Sequence[Exhibit]) -> Iterator[Problem]:
    """Each row against what events say of its label, its item and its receipt. Rows are read before events: whoever
    lodges meanwhile is in both or in the events alone, and those are looked for the other way round."""
    parts, sightings = _parts(rows), _sightings(rows)
    known = _known(rows)
    for row in rows:
        subject = f"{_PREFIX}{row}"
        own = {(str(row.item_id), 1)} | parts[row.item_id]
        lodged = {(one.item, one.position) for one in known.told[subject] if one.act == Act.EXHIBIT_LODGED}
        again = {one.item for one in known.told[subject] if one.act == Act.EXHIBIT_SIGHTED}
        for item, _position in sorted(lodged - own):
            yield Problem(subject, f"was lodged as item/{item} and its row is of item/{row.item_id}")
        unsaid = {item for item, _position in own - lodged} | (sightings[row.pk] - again)
        if len(unsaid) > known.erased[subject]:
            for item in sorted(unsaid):
                yield Problem(subject, f"no recorded event says that item/{item} was lodged under this label")
        yield from _receipt(row, subject, known.accessions.get(row.event_id))


def _receipt(row: Exhibit, subject: str, accession: tuple[Any, ...] | None) -> Iterator[Problem]:
    """Whether what receipts are made of is the accession of its item, told or erased."""
    wanted = (Kind.ACCESSION, f"item/{row.item_id}", f"case/{row.case.ref}")
    if accession is None or accession[1:] != wanted:
        yield Problem(subject, "the event that its row names is not the accession of its item")
    elif proofs.leaf_hash(bytes(accession[0])) != row.leaf_hash:
        yield Problem(subject, "its leaf hash is not that of the accession of its item")


def _missing(events: Iterable[Payload]) -> Iterator[Problem]:
    """What events say was lodged or came again and what no row says. The rows are read after the events."""
    said = {row.event_id: told for row in events if (told := _told(row.subject, bytes(row.content)))}
    items = [UUID(told.item) for told in said.values() if details.is_uuid(told.item)]
    whole = Exhibit.objects.filter(item__in=items).values_list("case__ref", "number", "item")
    part = (Part.objects.filter(item__in=items, main__exhibits__isnull=False)
            .values_list("main__exhibits__case__ref", "main__exhibits__number", "item"))
    again = Sighting.objects.filter(item__in=items).values_list("exhibit__case__ref", "exhibit__number", "item")
    there = {(Act.EXHIBIT_LODGED, *one) for one in (*_labelled(whole), *_labelled(part))}
    there |= {(Act.EXHIBIT_SIGHTED, *one) for one in _labelled(again)}
    for event, told in sorted(said.items()):
        if (told.act, told.subject, told.item) not in there:
            how = "was lodged" if told.act == Act.EXHIBIT_LODGED else "came again"
            yield Problem(told.subject, f"{how} as item/{told.item} (event {event}) and no row says so")


def _labelled(rows: Iterable[tuple[str, int, UUID]]) -> Iterator[tuple[str, str]]:
    for ref, number, item in rows:
        yield f"{_PREFIX}{ref}/E-{number:03d}", str(item)


def _parts(rows: Sequence[Exhibit]) -> defaultdict[UUID, set[tuple[str, int]]]:
    found: defaultdict[UUID, set[tuple[str, int]]] = defaultdict(set)
    mains = [row.item_id for row in rows]
    for main, item, position in Part.objects.filter(main__in=mains).values_list("main", "item", "position"):
        found[main].add((str(item), position))
    return found


def _sightings(rows: Sequence[Exhibit]) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for exhibit, item in Sighting.objects.filter(exhibit__in=rows).values_list("exhibit", "item"):
        found[exhibit].add(str(item))
    return found


def _known(rows: Sequence[Exhibit]) -> Known:
    """Payloads are read before erasures: what is erased meanwhile is in both, never in neither."""
    subjects, known = [f"{_PREFIX}{row}" for row in rows], Known()
    about: dict[str, Collection[str] | Kind] = {"subject__in": subjects, "kind": Kind.DECISION}
    for subject, content in Payload.objects.filter(**about).values_list("subject", "content").iterator():
        if told := _told(subject, bytes(content)):
            known.told[subject].add(told)
    known.erased.update(Erasure.objects.filter(**about).values_list("subject", flat=True))
    accessions = Event.objects.filter(pk__in=[row.event_id for row in rows]).values_list(
        "pk", "commitment", "payload__kind", "payload__subject", "payload__context")
    known.accessions = {pk: tuple(columns) for pk, *columns in accessions}
    gone = [pk for pk, columns in known.accessions.items() if columns[1] is None]
    erased = Erasure.objects.filter(pk__in=gone).annotate(commitment=F("event__commitment"))
    known.accessions |= {pk: tuple(columns) for pk, *columns in erased.values_list(
        "pk", "commitment", "kind", "subject", "context")}
    return known


def _told(subject: str, content: bytes) -> Told | None:
    """None for an event that says nothing of the kind. A payload that is none is the log's problem, not ours."""
    try:
        detail = canonical.decode(content)["detail"]
        act = Act(detail["act"])
    except (ValueError, LookupError, TypeError):
        return None
    if act not in (Act.EXHIBIT_LODGED, Act.EXHIBIT_SIGHTED):
        return None
    part = detail.get("part", {"position": 1})
    position = part.get("position") if isinstance(part, dict) else None
    return Told(subject, act, str(detail.get("item")), position if isinstance(position, int) else 0)
