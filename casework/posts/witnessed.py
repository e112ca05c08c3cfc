"""Imports and their rows beside the events that tell how they were read, in both directions. Yields what differs.

Every verification asks here (`ROWS_VERIFIED_BY`). Rows come in order from the database's own cursor, so memory stays
flat however many an import has. What an erased event said nobody can tell any more: so many of the imports of an
exhibit may be told of by none, and their rows are held against the import's own chain."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from casework.exhibits import witnessed as exhibits
from casework.posts import rows, states
from casework.posts.models import Import, Post, Unread
from casework.record import Act
from evidence.custody import details
from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Payload
from evidence.custody.problem import Problem, attempted
from evidence.fixity.besides import Scope
from evidence.fixity.pages import pages, span

# Subject, context and number, as the event of an import says them.
Named = tuple[str, str, str]


def problems(scope: Scope, checked: Counter[str]) -> Iterator[Problem]:
    """What does not hold of the imports in `scope` that were read to their end, withdrawn ones too."""
    for page in pages(_imports(scope), "pk"):
        checked["imports"] += len(page)
        yield from attempted(span("import", page), _told, page)
        for source in page:
            yield from attempted(source.word, _kept, source, checked)
    for events in pages(_events(scope), "event_id"):
        yield from attempted(span("event", events), _missing, events)


def _imports(scope: Scope) -> QuerySet[Import]:
    return (Import.objects.filter(state=states.READ, exhibit__in=exhibits.in_scope(scope))
            .select_related("case", "exhibit__case", "exhibit__item__tombstone"))


def _events(scope: Scope) -> QuerySet[Payload]:
    events = Payload.objects.filter(kind=Kind.DERIVATION, subject__startswith="exhibit/").only(
        "subject", "context", "content")
    if scope.context:
        return events.filter(context=scope.context)
    return events.filter(subject__in=scope.subjects) if scope.subjects else events


def _told(page: Sequence[Import]) -> Iterator[Problem]:
    """Each import against what its event says. Rows are read before events, and payloads before erasures: what is read
    to its end or erased meanwhile is in both, or in the later of the two."""
    subjects = {_named(source)[0] for source in page}
    told: defaultdict[Named, list[dict[str, Any]]] = defaultdict(list)
    for event in _events(Scope(subjects=tuple(subjects))).iterator():
        if (detail := _detail(event)) is not None:
            told[event.subject, event.context, str(detail.get("number"))].append(detail)
    erased = Counter(Erasure.objects.filter(subject__in=subjects, kind=Kind.DERIVATION)
                     .values_list("subject", flat=True))
    unsaid = Counter(_named(source)[0] for source in page if not told[_named(source)])
    for source in page:
        name = _named(source)
        if not told[name] and unsaid[name[0]] > erased[name[0]]:
            yield Problem(source.word, "no recorded event says that it was read to its end")
        yield from attempted(source.word, _said, source, told[name])


def _said(source: Import, told: Sequence[dict[str, Any]]) -> Iterator[Problem]:
    for said in told:
        for word, value in rows.totals(source).items():
            if said.get(word) != value:
                yield Problem(source.word, f"its {word} is not what was recorded when it was read")


def _kept(source: Import, checked: Counter[str]) -> Iterator[Problem]:
    """Its rows, each of them, against the end of their chain."""
    if source.cleared_at is not None:
        if not source.exhibit.is_disposed:
            yield Problem(source.word, "its rows were cleared away and nobody disposed of its exhibit")
        return
    checked["rows of imports"] += source.kept
    # In a transaction the cursor gives rows as they are wanted; without, the server would write all of them out first.
    with transaction.atomic():
        whole = rows.chained("", rows.kept(source)) == source.rows_sha256
        wrong = next(rows.wrongly_keyed(source), None) if whole else None
    # A sweep that has cleared them away since is no loss.
    if not whole and Import.objects.filter(pk=source.pk, cleared_at=None).exists():
        yield Problem(source.word, "its rows are not those that were read")
    if wrong is not None:
        yield Problem(f"{source.word} row {wrong}", "posts are matched by another text than its own")
    for model in (Post, Unread):
        if model.objects.filter(source=source).exclude(case=source.case_id).exists():
            yield Problem(source.word, "a row of it stands in another case")


def _missing(events: Sequence[Payload]) -> Iterator[Problem]:
    """What events say was read to its end and no row says. The rows are read after the events."""
    said = {event: str(detail.get("number")) for event in events if (detail := _detail(event)) is not None}
    refs = {event.context.removeprefix("case/") for event in said}
    there = {_named(source) for source in Import.objects.filter(state=states.READ, case__ref__in=refs)
             .select_related("case", "exhibit__case")}
    for event, number in said.items():
        if (event.subject, event.context, number) not in there:
            yield Problem(event.subject, f"was read as import {number} (event {event.pk}) and no row says so")


def _named(source: Import) -> Named:
    return f"exhibit/{source.exhibit}", f"case/{source.case.ref}", source.label


def _detail(event: Payload) -> dict[str, Any] | None:
    """None for an event that says nothing of the kind. A payload that is none is the log's problem, not ours."""
    detail = details.sound(bytes(event.content), kind=Kind.DERIVATION, subject=event.subject)
    return detail if detail is not None and detail.get("act") == Act.IMPORT_READ else None
