"""Finding exhibits of a case: text, facets with counts, pages by number. A constant number of queries."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Case as Choice
from django.db.models import CharField, Count, Prefetch, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform

from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from casework.exhibits.parts import WITH_PARTS
from evidence.derivatives.models import Derivative
from evidence.intake.models import Part

PAGE = 60
LARGEST_NUMBER = 2**31 - 1

KINDS: dict[str, Q] = {
    "picture": Q(item__media_type__startswith="image/"),
    "video": Q(item__media_type__startswith="video/"),
    "audio": Q(item__media_type__startswith="audio/"),
    "archive": Q(item__labels__contains=["archive"]),
    "document": Q(item__media_type="application/pdf")
    | Q(item__media_type__startswith="application/vnd.openxmlformats") | Q(item__media_type="application/rtf")
    | Q(item__media_type="application/x-ole-storage"),
    "text": Q(item__media_type__startswith="text/"),
}
OTHER = "other"


@dataclass(frozen=True)
class Query:
    """What was asked for. Empty strings ask for everything; `before` continues below that number."""

    text: str = ""
    platform: str = ""
    kind: str = ""
    before: int = LARGEST_NUMBER

    @classmethod
    def read(cls, given: Any) -> "Query":
        """From the parameters of an address. What makes no sense is left out, never an error."""
        before = given.get("before", "")
        return cls(text=given.get("q", "").replace("\x00", "").strip()[:200],
                   platform=given.get("platform", "").replace("\x00", "")[:12],
                   kind=kind if (kind := given.get("type", "")) in {*KINDS, OTHER} else "",
                   before=int(before) if re.fullmatch(r"[0-9]{1,9}", before) else LARGEST_NUMBER)


@dataclass(frozen=True)
class Page:
    """At most PAGE exhibits, newest first; the facets' counts; where to go on (0: nowhere)."""

    exhibits: list[Exhibit]
    total: int
    platforms: list[tuple[str, int]]
    kinds: list[tuple[str, int]]
    next_before: int


def find(case: Case, query: Query) -> Page:
    """One page of what `query` asks for."""
    matching = _matching(case, query.text)
    by_platform = Q(platform=query.platform) if query.platform else Q()
    by_kind = Q(kind=query.kind) if query.kind else Q()
    chosen = matching.filter(by_platform, by_kind)
    made = [Derivative.Kind.THUMBNAIL, Derivative.Kind.METADATA]
    derivatives = [Prefetch(path, queryset=Derivative.objects.filter(kind__in=made, item__tombstone=None))
                   for path in ("item__derivatives", "item__parts__item__derivatives")]
    rows = list(chosen.filter(number__lt=query.before).order_by("-number").select_related("item__blob", "case")
                .prefetch_related(WITH_PARTS, *derivatives)[:PAGE + 1])
    return Page(
        exhibits=rows[:PAGE], total=chosen.count(), platforms=_counts(matching.filter(by_kind), "platform"),
        kinds=_counts(matching.filter(by_platform), "kind"),
        next_before=rows[PAGE - 1].number if len(rows) > PAGE else 0)


def _matching(case: Case, text: str) -> QuerySet[Any]:
    found = case.exhibits.annotate(
        platform=KeyTextTransform("platform", "item__provenance"),
        kind=Choice(*[When(rule, then=Value(kind)) for kind, rule in KINDS.items()], default=Value(OTHER),
                        output_field=CharField()))
    if not text:
        return found
    wanted = (Q(title__icontains=text) | Q(note__icontains=text) | Q(item__name__icontains=text)
              | Q(item__provenance__handle__icontains=text) | Q(item__provenance__source_url__icontains=text)
              | Q(item__provenance__post_id=text))
    if label := re.fullmatch(r"[Ee]-?([0-9]{1,9})", text):
        wanted |= Q(number=int(label[1]))
    told = Q(item__name__icontains=text)
    if re.fullmatch(r"[0-9a-f]{6,64}", text.lower()):
        wanted |= Q(item__blob__sha256__startswith=text.lower())
        told |= Q(item__blob__sha256__startswith=text.lower())
    # By its own query: a join would count an exhibit once for each of its parts.
    wanted |= Q(item__in=Part.objects.filter(told).values("main"))
    return found.filter(wanted)


def _counts(found: QuerySet[Any], key: str) -> list[tuple[str, int]]:
    known = found.order_by().exclude(**{key: None})
    return list(known.values_list(key).annotate(how_many=Count("pk")).order_by("-how_many", key))
