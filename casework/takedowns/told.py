"""What is known of platforms as people read it: each fact with its label, its lines and where it was read."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casework.campaigns.languages import NAMES
from casework.takedowns.reference_models import Policy, Reference, Route

LABELS = {
    "name": gettext_lazy("Name"), "address": gettext_lazy("Address"), "kind": gettext_lazy("Kind"),
    "wants": gettext_lazy("Fields of the form"), "most_urls": gettext_lazy("Addresses in one notice, at most"),
    "used_by": gettext_lazy("Who may use it"), "not_where": gettext_lazy("Where it may not be used"),
    "languages": gettext_lazy("Languages"), "answer": gettext_lazy("It says that it answers within"),
    "wording": gettext_lazy("The platform's own words"), "fits": gettext_lazy("Findings that it fits"),
}


@dataclass(frozen=True)
class Fact:
    """`source` is None for what nobody has verified; without `lines` nothing is known."""

    field: str
    label: Any
    lines: list[str]
    source: dict[str, str] | None

    @property
    def is_page(self) -> bool:
        return self.field == "address" and any(line.startswith("http") for line in self.lines)


def facts_of(row: Reference) -> list[Fact]:
    """The facts of a row, in their order."""
    return [Fact(field, LABELS[field], [line for line in _lines(row, field) if line], row.source_of(field))
            for field in row.SOURCED]


def answer_of(route: Route) -> str:
    """When the platform says that it answers; empty where nobody knows."""
    within = route.answer_within
    if within is None:
        return str(route.get_answer_unit_display()) if route.answer_unit else ""
    if route.answer_unit == Route.Unit.WORKING_DAYS:
        return ngettext("%(count)d working day", "%(count)d working days", within) % {"count": within}
    return ngettext("%(count)d day", "%(count)d days", within) % {"count": within}


def _lines(row: Reference, field: str) -> list[str]:
    if isinstance(row, Route):
        if field == "kind":
            return [str(row.get_kind_display())]
        if field == "wants":
            return [_wanted(one) for one in row.wants]
        if field == "languages":
            return [NAMES[code] for code in row.languages]
        if field == "answer":
            return [answer_of(row)]
    if isinstance(row, Policy) and field == "fits":
        return row.suited
    value = getattr(row, field)
    return [] if value is None else [str(value)]


def _wanted(one: dict[str, Any]) -> str:
    said = [one["name"]]
    if one["most"]:
        said.append(ngettext("at most %(count)d character", "at most %(count)d characters", one["most"])
                    % {"count": one["most"]})
    if one["required"] is not None:
        said.append(_("required") if one["required"] else _("optional"))
    return " · ".join(said)
