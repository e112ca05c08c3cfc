"""A network as it is asked for, and as much of it as a drawing holds. Reads, and records nothing."""

from collections import defaultdict
from dataclasses import dataclass, replace

from casework.cases.models import Case
from casework.network import gather
from casework.network.asking import HANDLES, Query
from casework.network.gather import Edge, May, Node
from casework.network.kinds import Sort

# What a drawing holds that one can still read.
NODES, EDGES = 100, 250


@dataclass(frozen=True)
class Network:
    """All that was asked for, in the order of what is drawn first. `drawn` are the labels of the nodes in the drawing,
    and the first `drawn_edges` of `edges` are in it; `alone` of the case's accounts, channels and campaigns have no
    edge that was asked for. `neighbours` counts to how many others each is joined."""

    nodes: list[Node]
    edges: list[Edge]
    drawn: frozenset[str]
    drawn_edges: int
    neighbours: dict[str, int]
    alone: int
    strangers: int
    problems: list[str]

    @property
    def shown(self) -> list[Node]:
        return [node for node in self.nodes if node.label in self.drawn]

    @property
    def more_nodes(self) -> int:
        return len(self.nodes) - len(self.drawn)

    @property
    def more_edges(self) -> int:
        return len(self.edges) - self.drawn_edges


def network(case: Case, query: Query, may: May) -> Network:
    found = gather.everything(case, may)
    asked = [edge for edge in found.edges.values()
             if edge.count >= query.least and (not query.kinds or edge.kind in query.kinds)]
    if query.around in found.nodes:
        near = _near(asked, query.around)
        asked = [edge for edge in asked if edge.start in near and edge.end in near]
    neighbours = _neighbours(asked)
    joined = sorted((found.nodes[label] for label in neighbours),
                    key=lambda one: (one.label != query.around, -neighbours[one.label], one.label))
    kept = {one.label for one in joined[:NODES]}
    edges = sorted(asked, key=lambda one: (not kept.issuperset((one.start, one.end)), -one.count, one.kind, one.start,
                                           one.end))
    drawn = [one for one in edges if kept.issuperset((one.start, one.end))][:EDGES]
    if query.names != HANDLES:
        joined = [replace(one, name="") if one.sort == Sort.ACCOUNT else one for one in joined]
    return Network(joined, edges, frozenset(label for one in drawn for label in (one.start, one.end)), len(drawn),
                   neighbours, len(found.nodes) - len(joined), found.strangers,
                   query.problems_with(found.nodes.keys()))


def _near(edges: list[Edge], label: str) -> set[str]:
    """A node and what is joined to it."""
    return {label} | {end for edge in edges if label in (edge.start, edge.end) for end in (edge.start, edge.end)}


def _neighbours(edges: list[Edge]) -> dict[str, int]:
    joined: defaultdict[str, set[str]] = defaultdict(set)
    for edge in edges:
        joined[edge.start].add(edge.end)
        joined[edge.end].add(edge.start)
    return {label: len(others) for label, others in joined.items()}
