"""Imports and their rows beside the events that tell how they were begun and ended, in both directions. Yields what
differs.

Every verification asks here (`ROWS_VERIFIED_BY`). Rows come in order from the database's own cursor, so memory stays
flat however many an import has. What an erased event said nobody can tell any more: so many of the imports of an
exhibit may be told of by none, and their rows are held against the import's own chain."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Func, IntegerField, QuerySet, Value

from casework.exhibits import witnessed as exhibits
from casework.posts import rows, states
from casework.posts.models import Import, Post, Unread
from casework.record import KIND_OF, Act
from evidence.custody import details
from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Payload
from evidence.custody.problem import Problem, attempted
from evidence.fixity.besides import Scope
from evidence.fixity.pages import pages, span

# Subject, context and number, as the event of an import says them.
Named = tuple[str, str, str]


@dataclass(frozen=True)
class Tale:
    """An event tells of each import in `state` (of every one, where that is empty) how it came to be `how`: `when` is
    the same in short, `says` what it tells."""

    act: Act
    state: str
    how: str
    when: str
    says: Callable[[Import], dict[str, Any]]

    @property
    def kind(self) -> str:
        return KIND_OF.get(self.act, Kind.DECISION)

    def is_of(self, source: Import) -> bool:
        return self.state in ("", source.state)


TALES = {tale.act: tale for tale in (
    Tale(Act.IMPORT_BEGUN, "", "begun", "begun", lambda source: rows.begun(source) | {"zone": source.zone}),
    Tale(Act.IMPORT_READ, states.READ, "read to its end", "read", rows.totals),
    Tale(Act.IMPORT_STOPPED, states.STOPPED, "stopped", "stopped", rows.stopped))}
# Events of earlier versions do not say it.
LATER = {(Act.IMPORT_STOPPED, "rows_sha256")}


def problems(scope: Scope, checked: Counter[str]) -> Iterator[Problem]:
    """What does not hold of the imports in `scope`, withdrawn ones too, and of the rows of those that ended."""
    for page in pages(_imports(scope), "pk"):
        checked["imports"] += len(page)
        yield from attempted(span("import", page), _told, page)
        for source in page:
            yield from attempted(source.word, _kept, source, checked)
    for events in pages(_events(scope), "event_id"):
        yield from attempted(span("event", events), _missing, events)


def _imports(scope: Scope) -> QuerySet[Import]:
    return (Import.objects.filter(exhibit__in=exhibits.in_scope(scope))
            .select_related("case", "exhibit__case", "exhibit__item__tombstone"))


def _events(scope: Scope) -> QuerySet[Payload]:
    """Those that may tell of an import: of the many events of exhibits the database gives those with the word alone."""
    word = Func(F("content"), Value(b'"import_'), function='pg_catalog."position"', output_field=IntegerField())
    kinds = {tale.kind for tale in TALES.values()}
    events = Payload.objects.alias(word=word).filter(
        kind__in=kinds, subject__startswith="exhibit/", word__gt=0).only("kind", "subject", "context", "content")
    if scope.context:
        return events.filter(context=scope.context)
    return events.filter(subject__in=scope.subjects) if scope.subjects else events


def _told(page: Sequence[Import]) -> Iterator[Problem]:
    """Each import against what its events say. Rows are read before events, and payloads before erasures: what ends or
    is erased meanwhile is in both, or in the later of the two."""
    subjects = {_named(source)[0] for source in page}
    told: defaultdict[tuple[Act, Named], list[dict[str, Any]]] = defaultdict(list)
    for event in _events(Scope(subjects=tuple(subjects))).iterator():
        if (found := _detail(event)) is not None:
            act, detail = found
            told[act, (event.subject, event.context, str(detail.get("number")))].append(detail)
    erased = Counter(Erasure.objects.filter(subject__in=subjects).values_list("subject", "kind"))
    for tale in TALES.values():
        sources = [source for source in page if tale.is_of(source)]
        unsaid = Counter(_named(source)[0] for source in sources if not told[tale.act, _named(source)])
        for source in sources:
            said, subject = told[tale.act, _named(source)], _named(source)[0]
            if not said and unsaid[subject] > erased[subject, tale.kind]:
                yield Problem(source.word, f"no recorded event says that it was {tale.how}")
            yield from attempted(source.word, _said, source, tale, said)


def _said(source: Import, tale: Tale, told: Sequence[dict[str, Any]]) -> Iterator[Problem]:
    for said in told:
        for word, value in tale.says(source).items():
            if said.get(word) != value and not (word not in said and (tale.act, word) in LATER):
                yield Problem(source.word, f"its {word} is not what was recorded when it was {tale.when}")


def _kept(source: Import, checked: Counter[str]) -> Iterator[Problem]:
    """Its rows, each of them, against the end of their chain."""
    if not source.ended:
        return
    if source.cleared_at is not None:
        if not source.exhibit.is_disposed:
            yield Problem(source.word, "its rows were cleared away and nobody disposed of its exhibit")
        return
    checked["rows of imports"] += source.kept
    # In a transaction the cursor gives rows as they are wanted; without, the server would write all of them out first.
    with transaction.atomic():
        whole = rows.chained("", rows.kept(source)) == (source.rows_sha256 or rows.EMPTY)
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
    """What events say was begun, read or stopped and no row says. The rows are read after the events."""
    said = {event: found for event in events if (found := _detail(event)) is not None}
    refs = {event.context.removeprefix("case/") for event in said}
    there = {(tale.act, _named(source)) for source in Import.objects.filter(case__ref__in=refs)
             .select_related("case", "exhibit__case") for tale in TALES.values() if tale.is_of(source)}
    for event, (act, detail) in said.items():
        number = str(detail.get("number"))
        if (act, (event.subject, event.context, number)) not in there:
            yield Problem(event.subject,
                          f"was {TALES[act].when} as import {number} (event {event.pk}) and no row says so")


def _named(source: Import) -> Named:
    return f"exhibit/{source.exhibit}", f"case/{source.case.ref}", source.label


def _detail(event: Payload) -> tuple[Act, dict[str, Any]] | None:
    """None for an event that says nothing of the kind. A payload that is none is the log's problem, not ours."""
    detail = details.sound(bytes(event.content), kind=event.kind, subject=event.subject)
    tale = next((tale for tale in TALES.values() if detail and detail.get("act") == tale.act), None)
    if detail is None or tale is None or tale.kind != event.kind:
        return None
    options = detail.get("options")
    # The zone stands among what a person said.
    zone = {"zone": options.get("zone", "")} if tale.act == Act.IMPORT_BEGUN and isinstance(options, dict) else {}
    return tale.act, detail | zone
