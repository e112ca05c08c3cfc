"""Where the nodes of a drawing stand. Pure: the same nodes and edges always get the same places, so that the screen and
what is taken out agree. A place has no meaning of its own.

Each part that hangs together is laid out by itself (Fruchterman and Reingold, as networkx has it, from a fixed seed),
then stretched until no two boxes touch, and the parts are set in rows, the largest first."""

import math
from collections.abc import Iterable, Mapping

import networkx as nx

SEED, ROUNDS = 15, 120
# Pixels: the drawing, between two parts, and around all.
WIDTH, APART, EDGE = 960, 36, 24
# As many nodes are few.
FEW = 30
# How often boxes are pushed apart at most. It ends long before; what is left would touch and never hide.
PUSHES = 400
Size = tuple[float, float]
Place = tuple[int, int]


def placed(boxes: Mapping[str, Size], edges: Iterable[tuple[str, str, int]]) -> tuple[dict[str, Place], int, int]:
    """The middle of each box in whole pixels, and the width and height of the drawing. `edges` are (one, other,
    count): what is joined by more stands nearer."""
    graph = nx.Graph()
    graph.add_nodes_from(sorted(boxes))
    for one, other, count in sorted(edges):
        graph.add_edge(one, other, total=graph.get_edge_data(one, other, {"total": 0})["total"] + count)
    for _one, _other, joined in graph.edges(data=True):
        # Little: those that have most to do with each other would hide what is between them.
        joined["weight"] = 1 + math.log2(joined["total"]) / 4
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    return _in_rows([_part(graph, part, boxes) for part in parts], boxes)


def _part(graph: nx.Graph, part: list[str], boxes: Mapping[str, Size]) -> dict[str, Size]:
    """Of one part, from 0 0 on."""
    inside = nx.Graph()
    inside.add_nodes_from(part)
    inside.add_edges_from(sorted(graph.subgraph(part).edges(data=True)))
    # Few have more room for the lines between them than many, whose picture would grow beyond any screen.
    fill, room = (.1, 48) if len(part) <= FEW else (.22, 6)
    roomy = {one: (boxes[one][0] + room, boxes[one][1] + room) for one in part}
    area = sum(wide * tall for wide, tall in (boxes[one] for one in part)) / fill
    # Wider than tall, as screens and pages of text are.
    across = math.sqrt(area * 1.6)
    spring = nx.spring_layout(inside, seed=SEED, iterations=ROUNDS)
    found = {one: [float(spring[one][0]) * across / 2, float(spring[one][1]) * across / 3.2] for one in part}
    _push_apart(found, roomy)
    start, top = _corner(found, boxes)
    return {one: (x - start, y - top) for one, (x, y) in found.items()}


def _push_apart(found: dict[str, list[float]], boxes: Mapping[str, Size]) -> None:
    """Two boxes that touch each give way by half, on the way that is shorter."""
    names = list(found)
    for _push in range(PUSHES):
        touched = False
        for at, one in enumerate(names):
            for other in names[at + 1:]:
                touched |= _part_two(found[one], found[other], boxes[one], boxes[other])
        if not touched:
            return


def _part_two(one: list[float], other: list[float], its: Size, others: Size) -> bool:
    across = (its[0] + others[0]) / 2 - abs(one[0] - other[0])
    down = (its[1] + others[1]) / 2 - abs(one[1] - other[1])
    if across <= 0.5 or down <= 0.5:
        return False
    axis, way = (0, across) if across < down else (1, down)
    step = way / 2 if one[axis] <= other[axis] else -way / 2
    one[axis] -= step
    other[axis] += step
    return True


def _corner(found: Mapping[str, list[float]], boxes: Mapping[str, Size]) -> Size:
    return (min(x - boxes[one][0] / 2 for one, (x, _y) in found.items()),
            min(y - boxes[one][1] / 2 for one, (_x, y) in found.items()))


def _in_rows(parts: list[dict[str, Size]], boxes: Mapping[str, Size]) -> tuple[dict[str, Place], int, int]:
    sizes = [(max(x + boxes[one][0] / 2 for one, (x, _y) in part.items()),
              max(y + boxes[one][1] / 2 for one, (_x, y) in part.items())) for part in parts]
    most = max([WIDTH - 2 * EDGE, *(wide for wide, _tall in sizes)])
    places: dict[str, Place] = {}
    x, y, row = 0.0, 0.0, 0.0
    for part, (wide, tall) in zip(parts, sizes, strict=True):
        if x and x + wide > most:
            x, y, row = 0.0, y + row + APART, 0.0
        places |= {one: (round(EDGE + x + at), round(EDGE + y + down)) for one, (at, down) in part.items()}
        x, row = x + wide + APART, max(row, tall)
    return places, round(most + 2 * EDGE), round(y + row + 2 * EDGE)
