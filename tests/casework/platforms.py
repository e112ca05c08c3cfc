"""Routes and policies for the tests. The platforms are real names, everything said of them is invented."""

from typing import Any

from casework.takedowns import references
from casework.takedowns.reference_models import Policy, Route
from tests.factories import Cast

READ = {"url": "https://rules.example/report", "read_on": "2026-03-01"}
ROUTE: dict[str, Any] = {
    "platforms": ["mastodon"], "name": "Report form", "kind": "form", "address": "https://mastodon.example/report",
    "wants": [{"name": "Why", "most": 500, "required": True}], "most_urls": 10, "used_by": "Anybody",
    "not_where": "Not outside the EU", "languages": "en, ur", "answer_unit": "working_days", "answer_within": 3,
    "note": "", "sources": [{"field": "address", **READ}]}
POLICY: dict[str, Any] = {
    "platforms": ["x"], "name": "Authenticity", "address": "https://rules.example/authenticity",
    "wording": "Be who you are.", "fits": ["inauthenticity"], "note": "", "sources": [{"field": "name", **READ}]}


def route(cast: Cast, **more: Any) -> Route:
    return references.add(Route, **ROUTE | {"by": cast.admin} | more)


def policy(cast: Cast, **more: Any) -> Policy:
    return references.add(Policy, **POLICY | {"by": cast.admin} | more)


def reword(row: Any, cast: Cast, **more: Any) -> Any:
    """A new wording of `row`, whose words stay but for `more`."""
    words = ROUTE if isinstance(row, Route) else POLICY
    return references.change(row, **words | {"reason": "It changed.", "by": cast.admin} | more)
