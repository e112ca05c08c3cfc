"""A network as a file: the picture as SVG, all of it as GraphML, and its two tables as CSV."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import networkx as nx
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from casework import cells
from casework.cases.models import Case
from casework.exhibits import names
from casework.network import drawing, words
from casework.network.compose import Network
from casework.network.kinds import RULES, Kind

NODES = ("label", "sort", "name", "role", "neighbours", "drawn", "x", "y")
EDGES = ("from", "to", "kind", "mutual", "count", "likelihood", "entries", "exhibits", "drawn", "rule")


def svg(case: Case, found: Network, given: Mapping[str, str], at: datetime) -> bytes:
    """What the page shows, with what it says beside the picture."""
    head = _("Network of %(ref)s, made at %(at)s UTC.") % {"ref": case.ref, "at": f"{at:%Y-%m-%d %H:%M:%S}"}
    asked = _("Asked for: %(query)s.") % {"query": spelled(given)} if given else ""
    below = [one for one in (head, asked, *words.left_out(found), *map(str, words.LIMITS)) if one]
    drawn = render_to_string("casework/network/drawing.svg", {"drawn": drawing.drawn(found, below)})
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}'.encode()


def graphml(case: Case, found: Network, given: Mapping[str, str], at: datetime) -> bytes:
    """All that was asked for, also what the drawing has no room for; x and y are those of the drawing."""
    graph = nx.MultiDiGraph(case=case.ref, made=f"{at:%Y-%m-%dT%H:%M:%SZ}", query=spelled(given),
                            limits=" ".join(map(str, [*words.left_out(found), *words.LIMITS])))
    for node in _nodes(found):
        graph.add_node(node["label"], **{name: value for name, value in node.items() if value != ""})
    for edge in _edges(found):
        graph.add_edge(edge.pop("from"), edge.pop("to"), **{
            name: " ".join(value) if isinstance(value, list) else value for name, value in edge.items()})
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out)
    return out.getvalue()


def nodes(_case: Case, found: Network, _given: Mapping[str, str], _at: datetime) -> bytes:
    return cells.written(NODES, _nodes(found))


def edges(_case: Case, found: Network, _given: Mapping[str, str], _at: datetime) -> bytes:
    return cells.written(EDGES, _edges(found))


Maker = Callable[[Case, Network, Mapping[str, str], datetime], bytes]
# By the name of the format: who makes it, the end of the file's name, and its type.
FORMATS: dict[str, tuple[Maker, str, str]] = {
    "svg": (svg, ".svg", "image/svg+xml"), "graphml": (graphml, ".graphml", "application/graphml+xml"),
    "nodes": (nodes, "_nodes.csv", "text/csv; charset=utf-8"),
    "edges": (edges, "_edges.csv", "text/csv; charset=utf-8")}


def answer(case: Case, kind: str, data: bytes) -> HttpResponse:
    """A file of one of FORMATS, to be kept and never shown in place."""
    _make, end, content_type = FORMATS[kind]
    made = HttpResponse(data, content_type=content_type)
    made["Content-Disposition"] = names.attachment(f"{case.ref}_network{end}")
    return made


def _nodes(found: Network) -> list[dict[str, Any]]:
    places = drawing.places_of(found)[0]
    return [{"label": one.label, "sort": str(one.sort), "name": one.name, "role": str(one.role),
             "neighbours": found.neighbours[one.label], "drawn": one.label in found.drawn,
             "x": places[one.label][0] if one.label in places else "",
             "y": places[one.label][1] if one.label in places else ""} for one in found.nodes]


def _edges(found: Network) -> list[dict[str, Any]]:
    return [{"from": one.start, "to": one.end, "kind": str(one.kind), "mutual": one.is_mutual, "count": one.count,
             "likelihood": str(one.likelihood), "entries": sorted(one.entries), "exhibits": sorted(one.exhibits),
             "drawn": at < found.drawn_edges, "rule": str(RULES[Kind(one.kind)].words)}
            for at, one in enumerate(found.edges)]


def spelled(given: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in given.items())
