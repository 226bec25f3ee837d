"""An order of actors in which those tied to one another stand close: what a sweep needs next is then near by.

Communities by label propagation of limited size (Raghavan, Albert and Kumara 2007), then communities of communities,
until few are left; the order walks down that tree. Where there are no communities, as in a graph tied by chance,
those with most ties stand together at the front, so that what is asked for most often lies close.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tejido.analysis.diffusion_graph import TieGraph
from tejido.analysis.frame_checks import Whole

#: How many rounds labels wander, how many members a community may have, and when to stop gathering.
ROUNDS = 4
LARGEST = 1024
FEWEST = 64
#: Communities that keep a smaller share of the weight inside than this are not worth following.
KEPT_INSIDE = 0.2


@njit(cache=True, nogil=True)
def _wander(starts, ends, weights, labels, sizes, largest, rounds):  # type: ignore[no-untyped-def]
    """Let each actor take the label that weighs most among its neighbours, in place, while there is room there."""
    weight = np.zeros(len(labels))
    seen = np.empty(len(labels), np.int64)
    for _ in range(rounds):
        moved = 0
        for actor in range(len(labels)):
            many = 0
            for at in range(starts[actor], starts[actor + 1]):
                if weights[at] > 0.0 and ends[at] != actor:
                    label = labels[ends[at]]
                    if weight[label] == 0.0:
                        seen[many] = label
                        many += 1
                    weight[label] += weights[at]
            own = labels[actor]
            best, most = own, weight[own]
            for place in range(many):
                label = seen[place]
                if weight[label] > most and sizes[label] < largest:
                    best, most = label, weight[label]
            for place in range(many):
                weight[seen[place]] = 0.0
            if best != own:
                sizes[own] -= 1
                sizes[best] += 1
                labels[actor] = best
                moved += 1
        if moved * 50 < len(labels):
            break


def communities(graph: TieGraph, *, largest: int = LARGEST, rounds: int = ROUNDS) -> Whole:
    """Return a number for each actor, the same for those of one community, from 0 without gaps.

    Ties count both ways. Found step by step in the order of the rows, so the answer is always the same.
    """
    both = graph.undirected
    labels = np.arange(graph.actors)
    _wander(both.starts, both.targets, both.weights, labels, np.ones(graph.actors, np.int64), largest, rounds)
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def near_order(graph: TieGraph) -> Whole:
    """Return the actors in an order that keeps those tied to one another close; every actor once."""
    first = communities(graph)
    inside = first[graph.sources] == first[graph.targets]
    total = graph.weights.sum()
    if not total or graph.weights[inside].sum() < KEPT_INSIDE * total:
        return busiest_first(graph)
    levels, level = [first], first
    parts = _gathered(graph, first)
    while parts.actors > FEWEST:
        above = communities(parts)
        if above.max(initial=-1) + 1 > 0.9 * parts.actors:
            break
        level = above[level]
        levels.append(level)
        parts = _gathered(parts, above)
    return np.lexsort(levels)


def busiest_first(graph: TieGraph) -> Whole:
    """Return the actors by how many they reach, most first: what is asked for most often stands together."""
    return np.argsort(-np.diff(graph.starts), kind="stable")


def _gathered(graph: TieGraph, labels: Whole) -> TieGraph:
    """Return the graph of communities, their ties added, without those inside one."""
    source, target = labels[graph.sources], labels[graph.targets]
    across = source != target
    many = int(labels.max(initial=-1)) + 1
    return TieGraph.of(source[across], target[across], graph.weights[across], actors=many)
