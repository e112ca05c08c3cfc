"""The parts of a captured page that came together as one exhibit, and what it lacks of the minimum for a court."""

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404

from casework.exhibits import words
from casework.exhibits.models import Exhibit
from evidence.intake import roles
from evidence.intake.models import Part

# Prefetched for many exhibits at once, `of` costs a constant number of queries.
WITH_PARTS = "item__parts__item__blob"


@dataclass(frozen=True)
class Capture:
    """The parts in their order, and the codes of what is missing and of what was not stated (evidence.intake.roles)."""

    parts: list[Part]
    missing: list[str]
    unstated: list[str]

    @property
    def sentences(self) -> list[Any]:
        """What is missing, in the reader's language; or that nothing of the minimum is."""
        return words.minimum(self.missing)

    @property
    def wanted(self) -> list[Any]:
        """What was not stated, in the reader's language."""
        return [words.UNSTATED[code] for code in self.unstated]


def of(exhibit: Exhibit) -> Capture | None:
    """None for an exhibit that came as one file."""
    prefetch_related_objects([exhibit], WITH_PARTS)
    found, came = list(exhibit.item.parts.all()), exhibit.item.provenance
    if not found:
        return None
    return Capture(found, roles.missing([part.role for part in found], came), roles.unstated(came))


def one(exhibit: Exhibit, position: int) -> Part:
    """The part at this position, or 404."""
    part = exhibit.item.parts.select_related("item__blob", "item__tombstone", "event").filter(position=position).first()
    if part is None:
        raise Http404
    return part
