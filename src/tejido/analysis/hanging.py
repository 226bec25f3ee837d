"""What hangs on one: actors and ties whose loss would part a graph, and how many of those that count on each side.

Linear in the size of the graph: the graph is cut into its blocks, in which no single loss parts anything; blocks and
the actors between them make a forest, along which those that count are summed (Hopcroft and Tarjan 1973).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import igraph as ig
import numpy as np

from tejido.analysis import frame_checks as check
from tejido.analysis.frame_checks import Whole, Yes


@dataclass(frozen=True, slots=True)
class Holder:
    """An actor (``actor``) or a tie between two (``actor``, ``other``) whose loss parts those that count.

    ``sides``: how many of them would stand in each part then, the largest first; the actor itself not counted.
    """

    actor: int
    other: int
    sides: tuple[int, ...]

    @property
    def apart(self) -> int:
        """How many would be cut off from the largest part."""
        return sum(self.sides[1:])


@dataclass(frozen=True, slots=True, eq=False)
class Hanging:
    """``part``: the number of the part each actor stands in · ``holders``, ``bridges``: those that hold most first."""

    part: Whole
    holders: tuple[Holder, ...]
    bridges: tuple[Holder, ...]


def what_hangs(source: Whole, target: Whole, counted: Yes) -> Hanging:
    """Return what hangs on one actor or one tie; ``counted`` says, by row, which actors count.

    Ties have no direction here; parallel ones count as one, ties to oneself as none. Raises ``FrameError`` for an end
    that is not there.
    """
    many = len(counted)
    for name, ends in (("source", source), ("target", target)):
        check.positions(ends, frame="ties", column=name, many=many)
    low, high = np.minimum(source, target), np.maximum(source, target)
    once = np.unique((low * many + high)[low != high])  # as one number each: rows of two would be slow to sort
    graph = ig.Graph(n=many, edges=np.stack([once // max(many, 1), once % max(many, 1)], axis=1))
    part = np.array(graph.connected_components().membership, dtype=np.int64)
    whole = np.bincount(part, weights=counted).astype(np.int64) if many else np.zeros(0, dtype=np.int64)
    blocks = [block for block in graph.biconnected_components() if len(block) > 1]
    below, order, above = _forest(blocks, counted)
    holders, bridges = [], []
    for actor, mine in order.items():
        total = int(whole[part[actor]])
        sides = [below[block] for block in mine if above.get(block) == actor]
        rest = total - int(counted[actor]) - sum(sides)
        told = _told(actor, -1, [*sides, rest])
        if told is not None:
            holders.append(told)
    for block, ends in enumerate(blocks):
        if len(ends) == 2:
            top = above.get(block, ends[0])
            far = below[block] if block in above else below[block] - _hung(ends[0], order, below, above, counted)
            other = ends[1] if ends[0] == top else ends[0]
            told = _told(top, other, [far, int(whole[part[top]]) - far])
            if told is not None:
                bridges.append(told)
    return Hanging(part, _ranked(holders), _ranked(bridges))


def _forest(blocks: list[list[int]], counted: Yes) -> tuple[list[int], dict[int, list[int]], dict[int, int]]:
    """Return how many count below each block, the blocks of each actor in several, and the actor above each block.

    Below a block are those that hang on it and are not above it; the first block of each part has nobody above.
    """
    of: defaultdict[int, list[int]] = defaultdict(list)
    for block, ends in enumerate(blocks):
        for end in ends:
            of[end].append(block)
    above: dict[int, int] = {}
    walked: list[int] = []
    seen = [False] * len(blocks)
    for first in range(len(blocks)):
        waiting = [] if seen[first] else [first]
        while waiting:
            block = waiting.pop()
            if seen[block]:
                continue
            seen[block] = True
            walked.append(block)
            for end in blocks[block]:
                if end == above.get(block):
                    continue  # what hangs beside it there is known, however many that are
                for other in of[end]:
                    if not seen[other] and other not in above:
                        above[other] = end
                        waiting.append(other)
    below = [0] * len(blocks)
    for block in reversed(walked):
        ends = [end for end in blocks[block] if end != above.get(block)]
        hung = (below[other] for end in ends for other in of[end] if above.get(other) == end)
        below[block] = sum(int(counted[end]) for end in ends) + sum(hung)
    return below, {actor: mine for actor, mine in of.items() if len(mine) > 1}, above


def _hung(actor: int, order: dict[int, list[int]], below: list[int], above: dict[int, int], counted: Yes) -> int:
    """Return how many count at an actor and below it."""
    return int(counted[actor]) + sum(below[one] for one in order.get(actor, ()) if above.get(one) == actor)


def _told(actor: int, other: int, sides: list[int]) -> Holder | None:
    """Return it if at least two parts would hold some that count."""
    found = tuple(sorted((side for side in sides if side > 0), reverse=True))
    return Holder(actor, other, found) if len(found) > 1 else None


def _ranked(found: list[Holder]) -> tuple[Holder, ...]:
    return tuple(sorted(found, key=lambda one: (-one.apart, one.actor, one.other)))
