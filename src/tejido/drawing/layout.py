"""Where the nodes of a network stand: Kamada and Kawai's springs, then room for names.

The start is a circle in the given order and the method has no chance in it, so the same network always looks
the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import igraph

Point = tuple[float, float]

#: The room, in units, that two neighbours need so that a name fits beside each.
_APART_ACROSS, _APART_DOWN = 96.0, 34.0
_MARGIN_ACROSS, _MARGIN_DOWN = 62.0, 28.0


def arrange(
    ids: Sequence[str], ties: Sequence[tuple[str, str, int]], width: float, height: float, centre: str | None
) -> Mapping[str, Point]:
    """Return a place, in whole units, for each id within ``width`` × ``height``."""
    if len(ids) == 1:
        return {ids[0]: (width / 2, round(height / 2))}
    raw = _springs(ids, ties)
    points = _fitted(raw, width, height)
    points = _spread(points, width, height, ids.index(centre) if centre in ids else None)
    return {name: (float(round(x)), float(round(y))) for name, (x, y) in zip(ids, points, strict=True)}


def _springs(ids: Sequence[str], ties: Sequence[tuple[str, str, int]]) -> list[Point]:
    position = {name: index for index, name in enumerate(ids)}
    pairs = sorted({(min(a, b), max(a, b)) for a, b in ((position[x], position[y]) for x, y, _ in ties)})
    start = [(math.cos(2 * math.pi * i / len(ids)), math.sin(2 * math.pi * i / len(ids))) for i in range(len(ids))]
    graph = igraph.Graph(n=len(ids), edges=pairs)
    laid = graph.layout_kamada_kawai(seed=start, maxiter=40 * len(ids))
    return [(float(x), float(y)) for x, y in laid.coords]


def _fitted(points: Sequence[Point], width: float, height: float) -> list[Point]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if (max(ys) - min(ys)) * width < (max(xs) - min(xs)) * height and height > width:
        xs, ys = ys, xs  # the longer side of the network goes along the longer side of the paper
    across, down = _scaled(xs, _MARGIN_ACROSS, width), _scaled(ys, _MARGIN_DOWN, height)
    return list(zip(across, down, strict=True))


def _scaled(values: Sequence[float], margin: float, length: float) -> list[float]:
    low, span = min(values), max(values) - min(values)
    if span < 1e-6:
        return [length / 2] * len(values)
    return [margin + (value - low) / span * (length - 2 * margin) for value in values]


def _spread(points: Sequence[Point], width: float, height: float, fixed: int | None) -> list[Point]:
    """Push apart neighbours until a name fits beside each, as far as the paper allows."""
    at = [list(point) for point in points]
    for _ in range(40):
        moved = False
        for i in range(len(at)):
            for j in range(i + 1, len(at)):
                moved |= _push(at, i, j, fixed)
        for point in at:
            point[0] = min(max(point[0], 20.0), width - 20.0)
            point[1] = min(max(point[1], 20.0), height - 24.0)
        if not moved:
            break
    return [(x, y) for x, y in at]


def _push(at: list[list[float]], i: int, j: int, fixed: int | None) -> bool:
    dx, dy = at[j][0] - at[i][0], at[j][1] - at[i][1]
    lack_across, lack_down = _APART_ACROSS - abs(dx), _APART_DOWN - abs(dy)
    if lack_across <= 0 or lack_down <= 0:
        return False
    axis, lack, way = (0, lack_across, dx) if lack_across < lack_down else (1, lack_down, dy)
    step = math.copysign(lack / 2, way) if way else lack / 2
    at[i][axis] -= 0.0 if i == fixed else step
    at[j][axis] += 0.0 if j == fixed else step
    return True
