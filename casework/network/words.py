"""What a network says in words: what it does not show, and what was left out of it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject
from casework.network.compose import Network
from casework.network.gather import Edge
from casework.network.kinds import RULES, Kind

# Beside every network.
LIMITS: list[Any] = [
    gettext_lazy("It shows what was written down in this case and read from its imports. What is not drawn may be "
                 "there all the same."),
    gettext_lazy("That two are joined is no proof of an agreement: a text that was published, a share button or a "
                 "contact by chance joins people as well."),
    gettext_lazy("Many edges make nobody guilty, and there is no score of persons. Each edge is as good as what it "
                 "stands on."),
]


def left_out(found: Network) -> list[str]:
    """Everything that is not in the drawing, in counts; nothing is left out in silence."""
    said = [_("%(nodes)d of %(all_nodes)d with edges are drawn, and %(edges)d of %(all_edges)d edges.") % {
        "nodes": len(found.drawn), "all_nodes": len(found.nodes), "edges": found.drawn_edges,
        "all_edges": len(found.edges)}]
    if found.more_nodes or found.more_edges:
        said.append(_("Left out of the picture are those that are joined to the fewest others, and edges with the "
                      "smallest counts: narrow it to see them. The tables that are taken out have all."))
    if found.alone:
        said.append(_("Accounts, channels and campaigns of the case without an edge that was asked for: %(count)d.") % {
            "count": found.alone})
    if found.strangers:
        said.append(_("Senders of texts of taskings who match no account of the case, and are in none of these "
                      "counts: %(count)d.") % {"count": found.strangers})
    return said


def edge(one: Edge) -> dict[str, Any]:
    return {"edge": one, "kind": Kind(one.kind).label,
            "likelihood": Likelihood(one.likelihood).label if one.likelihood else "",
            "entries": sorted(one.entries), "exhibits": sorted(one.exhibits)}


def rules(found: Network) -> list[dict[str, Any]]:
    """Of the kinds that are there."""
    there = {one.kind for one in found.edges}
    return [{"kind": kind.value, "label": kind.label, "rule": RULES[kind].words,
             "edges": sum(one.kind == kind for one in found.edges)} for kind in Kind if kind in there]


def role(value: str) -> str:
    return str(Subject.Role(value).label) if value else ""
