"""Findings that are complete enough for a second person: sources judged, other explanations answered."""

from typing import Any

from casework.findings import services, sources
from casework.findings.models import Finding
from casework.people.models import User

JUDGED = {"note": "", "reliability": "B", "credibility": "2"}


def others(hypothesis: str, why: str = "The exhibits do not fit it.") -> list[dict[str, str]]:
    """One other explanation, as a service takes them."""
    return [{"hypothesis": hypothesis, "why": why}]


def judge(finding: Finding, *, by: User) -> Finding:
    """Every exhibit that it cites is judged B2."""
    cited = finding.citations.select_related("exhibit")
    return sources.judge(finding, sources={row.exhibit.label: JUDGED for row in cited}, by=by)


def submit(finding: Finding, *, by: User) -> Finding:
    return services.submit(judge(finding, by=by), by=by)


def typed(words: dict[str, Any]) -> dict[str, Any]:
    """What a browser sends of these words."""
    rows = {f"alternatives-{at}-{part}": text for at, pair in enumerate(words["alternatives"])
            for part, text in pair.items()}
    return {name: value for name, value in words.items() if name != "alternatives"} | rows
