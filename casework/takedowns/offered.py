"""What stands beside the composer: for each platform the ways to report to it and its policies, and which of these fit
what was found. Suggested by the kinds of reviewed findings, never by what anybody says; a person chooses."""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.accounts.models import Subject
from casework.exhibits.platforms import Platform
from casework.findings.models import Finding
from casework.takedowns import told
from casework.takedowns.reference_models import Policy, Route

# What somebody needs to know of a route before they take it; the rest is on its own page.
ASKED = ("wants", "most_urls", "used_by", "not_where", "languages", "answer")


@dataclass(frozen=True)
class Offer:
    """One platform. `routes`: each with the facts in `ASKED` of which something is known; `policies`: each with whether
    the findings suggest it, those first."""

    platform: str
    name: str
    chosen: bool
    routes: list[tuple[Route, list[told.Fact]]]
    policies: list[tuple[Policy, bool]]


def offers(platform: str, subjects: Iterable[Subject]) -> list[Offer]:
    """Every platform of which something is written down, the chosen one first. Two questions, and one for findings."""
    kinds = found_of(subjects)
    routes, policies = Route.objects.standing().order_by("name"), Policy.objects.standing().order_by("name")
    made = [Offer(value, str(name), value == platform,
                  [(row, _asked(row)) for row in routes if value in row.platforms],
                  sorted(((row, _fits(row, kinds)) for row in policies if value in row.platforms),
                         key=lambda one: not one[1]))
            for value, name in Platform.choices]
    return sorted((one for one in made if one.routes or one.policies), key=lambda one: not one.chosen)


def suggested(platform: str, subjects: Iterable[Subject]) -> list[str]:
    """The keys of the policies of a platform that fit the kinds of the reviewed findings about these subjects."""
    kinds = found_of(subjects)
    rows = Policy.objects.standing().filter(platforms__contains=[platform], fits__overlap=sorted(kinds))
    return list(rows.order_by("name").values_list("key", flat=True)) if kinds else []


def found_of(subjects: Iterable[Subject]) -> set[str]:
    """The kinds of the reviewed findings that name one of these subjects."""
    return set(Finding.objects.filter(state=Finding.State.REVIEWED, subjects__in=list(subjects))
               .values_list("kind", flat=True))


def _asked(row: Route) -> list[told.Fact]:
    return [fact for fact in told.facts_of(row) if fact.field in ASKED and fact.lines]


def _fits(row: Policy, kinds: set[str]) -> bool:
    return not kinds.isdisjoint(row.fits)
