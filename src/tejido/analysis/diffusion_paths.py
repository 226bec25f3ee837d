"""By which ways a spread comes to somebody: the ways along ties that bring most, each with what it brings.

What reaches an actor is a sum over all walks that end there, a walk of k ties bringing (1 - onward) · onward**k times
the product of the parts along it (Jeh and Widom 2003). Told are the largest walks that meet nobody twice; the rest
of what comes, by longer ways and by going in circles, is told as a sum.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from tejido.analysis.diffusion import ONWARD, Seeds, Spread, seeds_of
from tejido.analysis.diffusion_graph import TieGraph

#: How many ties a told way may have, and how many beginnings are looked at before it is enough.
HOPS = 4
PATIENCE = 20_000


@dataclass(frozen=True, slots=True)
class Way:
    """One way: ``actors`` from a seed to the one it reaches; ``brings`` this part of all that set out."""

    actors: tuple[int, ...]
    brings: float


@dataclass(frozen=True, slots=True)
class Ways:
    """The largest ways to one actor, most first, and ``rest``: what comes to it by all others, at least 0.

    ``complete`` is false where the search was given up before it was sure that no larger way was left out.
    """

    ways: tuple[Way, ...]
    rest: float
    complete: bool


def ways_to(
    actor: int,
    graph: TieGraph,
    seeds: Seeds,
    spread: Spread,
    *,
    onward: float = ONWARD,
    most: int = 5,
    hops: int = HOPS,
) -> Ways:
    """Return the ``most`` largest ways by which ``spread`` (rule ``lost``) comes to ``actor``.

    Found from the end: the amount at the beginning of an unfinished way bounds all that can come through it, so the
    best are found first (A*: Hart, Nilsson and Raphael 1968). Exact as far as the spread is.
    """
    rows, parts = seeds_of(seeds, graph.actors)
    sets_out = {int(row): (1.0 - onward) * float(part) for row, part in zip(rows, parts, strict=True)}
    inward, leaving, amounts = graph.inward, graph.leaving, spread.shares
    found: list[Way] = []
    heap: list[tuple[float, int, bool, tuple[int, ...], float]] = [(-float(amounts[actor]), 0, False, (actor,), 1.0)]
    looked = 0
    while heap and len(found) < most and looked < PATIENCE:
        bound, _, whole, way, part = heapq.heappop(heap)
        if whole:
            found.append(Way(way, -bound))
            continue
        looked += 1
        head = way[0]
        if head in sets_out:
            heapq.heappush(heap, (-part * sets_out[head], len(way), True, way, part))
        if len(way) > hops:
            continue
        row = slice(int(inward.starts[head]), int(inward.starts[head + 1]))
        before = inward.targets[row]
        carried = part * onward * inward.weights[row] / np.maximum(leaving[before], 1e-300)
        for source, onwards in zip(before.tolist(), carried.tolist(), strict=True):
            come = onwards * float(amounts[source])
            if come > 0.0 and source not in way:
                heapq.heappush(heap, (-come, len(way), False, (source, *way), onwards))
    rest = max(0.0, float(amounts[actor]) - sum(way.brings for way in found))
    return Ways(tuple(found), rest, len(found) == most or not heap)
