"""A network as shapes: where everything stands, in pixels, for the page and for the file that is taken out alike."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject
from casework.network import layout
from casework.network.compose import Network
from casework.network.gather import Edge, Node
from casework.network.kinds import Kind, Sort

# Letters of a name; pixels of a letter, of a line of text, and between two edges that join the same two nodes.
NAME, LETTER, LINE, BESIDE = 20, 6.8, 14, 30
SMALLEST, LARGEST = 7, 18
COLUMNS, ROW, ABOVE = 3, 22, 18
# Counts are written beside the edges of a drawing that has no more of them than these.
COUNTED = 90
# Colour by what an edge is about, and a pattern of its line for each kind: neither alone has to be seen.
LINES: dict[str, tuple[str, str]] = {
    Kind.SAME_OPERATOR: ("link", ""), Kind.RENAMED_FROM: ("link", "9 4"), Kind.CONTACT: ("link", "2 4"),
    Kind.ADMINISTERS: ("link", "9 4 2 4"), Kind.ADMIN: ("role", ""), Kind.HANDED_OUT: ("role", "9 4"),
    Kind.POSTED: ("post", ""), Kind.PAID: ("money", ""), Kind.PAID_FOR: ("money", "9 4"),
    Kind.PROMISED: ("money", "2 4"), Kind.RECREATED: ("life", ""), Kind.PUSHED: ("life", "9 4")}
COLOURS = {"link": "#2456c8", "role": "#3d4450", "post": "#0b7a5c", "money": "#9a5b00", "life": "#7a4fb0"}
# Links that are no more likely than not are faint.
FAINT = (Likelihood.ALMOST_NO_CHANCE, Likelihood.VERY_UNLIKELY, Likelihood.UNLIKELY, Likelihood.EVEN)


@dataclass(frozen=True)
class Drawing:
    """`lines` and `keys` are the legend: sentences, and samples with what they mean. `rtl` turns its side alone: places
    have no meaning, and are the same in every language."""

    width: int
    height: int
    rtl: bool
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    keys: list[dict[str, Any]]
    lines: list[dict[str, Any]]


def drawn(found: Network, below: Sequence[str] = ()) -> Drawing:
    """`below` are sentences that the file says and the page says beside it."""
    nodes, edges = found.shown, found.edges[:found.drawn_edges]
    radii = {one.label: _radius(found.neighbours[one.label]) for one in nodes}
    places, width, tall = places_of(found)
    rtl = get_language_bidi()
    middles = {one.label: (places[one.label][0], _middle(one, radii[one.label], places[one.label][1]))
               for one in nodes}
    keys = _keys(nodes, edges)
    column = (layout.WIDTH - 2 * layout.EDGE) / COLUMNS
    for at, key in enumerate(keys):
        across = layout.EDGE + column * (at % COLUMNS)
        key |= {"x": round(width - across - 36 if rtl else across), "y": tall + ABOVE + ROW * (at // COLUMNS),
                "text_x": round(width - across - 44 if rtl else across + 44)}
    y = tall + ABOVE + ROW * -(-len(keys) // COLUMNS) + 8
    lines = [{"text": text, "x": width - layout.EDGE if rtl else layout.EDGE, "y": y + 17 * at}
             for at, text in enumerate([*_sentences(edges), *below])]
    shapes = [_node(one, radii[one.label], *middles[one.label]) for one in nodes]
    return Drawing(width, y + 17 * len(lines), rtl, shapes, _edges(edges, middles, radii), keys, lines)


def places_of(found: Network) -> tuple[dict[str, layout.Place], int, int]:
    """Of what is drawn; the same wherever it is asked for."""
    boxes = {one.label: _box(one, _radius(found.neighbours[one.label])) for one in found.shown}
    return layout.placed(boxes, [(one.start, one.end, one.count) for one in found.edges[:found.drawn_edges]])


def _radius(neighbours: int) -> int:
    return min(SMALLEST + round(2 * math.sqrt(neighbours)), LARGEST)


def _box(one: Node, radius: int) -> layout.Size:
    letters = max(len(one.label), min(len(one.name), NAME))
    return max(2 * radius, letters * LETTER) + 18, 2 * radius + LINE * (2 if one.name else 1) + 16


def _middle(one: Node, radius: int, y: int) -> int:
    """Of the shape: the words stand below it, in the same box."""
    return round(y - _box(one, radius)[1] / 2 + 8 + radius)


def _node(one: Node, radius: int, x: int, y: int) -> dict[str, Any]:
    name = one.name if len(one.name) <= NAME else f"{one.name[:NAME - 1]}…"
    words = [one.label, one.name, str(Subject.Role(one.role).label) if one.role else ""]
    return {"label": one.label, "sort": one.sort, "name": name, "x": x, "y": y, "radius": radius,
            "is_bystander": one.role == Subject.Role.BYSTANDER, "label_y": y + radius + 13, "name_y": y + radius + 27,
            "path": _SHAPES[one.sort](x, y, radius), "words": " · ".join(word for word in words if word)}


_SHAPES: dict[str, Callable[[int, int, int], str]] = {
    Sort.ACCOUNT: lambda x, y, r: f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z",
    Sort.CHANNEL: lambda x, y, r: f"M{x - r} {y - r}h{2 * r}v{2 * r}h-{2 * r}z",
    Sort.CAMPAIGN: lambda x, y, r: f"M{x} {y - r - 2}l{r + 2} {r + 2}-{r + 2} {r + 2}-{r + 2}-{r + 2}z"}


def _edges(edges: Sequence[Edge], middles: dict[str, tuple[int, int]], radii: dict[str, int]) -> list[dict[str, Any]]:
    beside: defaultdict[tuple[str, str], list[Edge]] = defaultdict(list)
    for one in edges:
        beside[min(one.start, one.end), max(one.start, one.end)].append(one)
    result = []
    for (first, _last), group in beside.items():
        for at, one in enumerate(group):
            bend = (at - (len(group) - 1) / 2) * BESIDE
            result.append(_edge(one, middles, radii, bend if one.start == first else -bend, len(edges) <= COUNTED))
    return result


def _edge(one: Edge, middles: dict[str, tuple[int, int]], radii: dict[str, int], bend: float,
          is_counted: bool) -> dict[str, Any]:
    """From rim to rim, bent aside where others join the same two; with a head where it leads one way alone."""
    (x1, y1), (x2, y2) = middles[one.start], middles[one.end]
    far = math.hypot(x2 - x1, y2 - y1) or 1
    turn_x, turn_y = (x1 + x2) / 2 - (y2 - y1) / far * bend * 2, (y1 + y2) / 2 + (x2 - x1) / far * bend * 2
    start_x, start_y = _rim(x1, y1, turn_x, turn_y, radii[one.start] + 3)
    end_x, end_y = _rim(x2, y2, turn_x, turn_y, radii[one.end] + 4)
    family, dashes = LINES[one.kind]
    words = f"{one.start} {'–' if one.is_mutual else '→'} {one.end}: {Kind(one.kind).label}, {one.count}"
    if one.likelihood:
        words = f"{words}, {Likelihood(one.likelihood).label}"
    return {"family": family, "colour": COLOURS[family], "dashes": dashes, "is_faint": one.likelihood in FAINT,
            "width": min(1.25 + math.log2(one.count) * .75, 6), "words": words,
            "path": f"M{start_x:.1f} {start_y:.1f}Q{turn_x:.1f} {turn_y:.1f} {end_x:.1f} {end_y:.1f}",
            "head": "" if one.is_mutual else _head(end_x, end_y, turn_x, turn_y),
            "count": one.count if is_counted and one.count > 1 else 0,
            "x": round(start_x / 4 + turn_x / 2 + end_x / 4), "y": round(start_y / 4 + turn_y / 2 + end_y / 4) + 4}


def _rim(x: float, y: float, to_x: float, to_y: float, radius: float) -> tuple[float, float]:
    far = math.hypot(to_x - x, to_y - y) or 1
    return x + (to_x - x) / far * radius, y + (to_y - y) / far * radius


def _head(x: float, y: float, from_x: float, from_y: float) -> str:
    far = math.hypot(x - from_x, y - from_y) or 1
    along, across = (x - from_x) / far, (y - from_y) / far
    back_x, back_y = x - along * 9, y - across * 9
    return (f"M{x:.1f} {y:.1f}L{back_x - across * 4:.1f} {back_y + along * 4:.1f} "
            f"{back_x + across * 4:.1f} {back_y - along * 4:.1f}z")


def _keys(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[dict[str, Any]]:
    """Of what is drawn alone."""
    sorts = [{"sort": sort, "words": str(Sort(sort).label), "path": _SHAPES[sort](18, 0, 7), "is_bystander": False}
             for sort in Sort if any(one.sort == sort for one in nodes)]
    if any(one.role == Subject.Role.BYSTANDER for one in nodes):
        sorts.insert(1, {"sort": Sort.ACCOUNT, "words": str(Subject.Role.BYSTANDER.label),
                         "path": _SHAPES[Sort.ACCOUNT](18, 0, 7), "is_bystander": True})
    there = {one.kind for one in edges}
    return [*sorts, *({"words": str(kind.label), "family": LINES[kind][0], "colour": COLOURS[LINES[kind][0]],
                       "dashes": LINES[kind][1]} for kind in Kind if kind in there)]


def _sentences(edges: Sequence[Edge]) -> list[str]:
    said = [_("Larger: joined to more others. Thicker: a greater count.")]
    if any(one.likelihood in FAINT for one in edges):
        said.append(_("Faint: a link that is no more likely than not."))
    return [*said, _("Where something stands has no meaning. No cause is drawn, and nobody is named for one.")]
