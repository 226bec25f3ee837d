"""Ties that Hypothesis draws, with everything that is allowed in them, and the plain solution to compare with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from tejido.analysis.diffusion_graph import TieGraph

Drawn = tuple[list[int], list[int], list[float]]


def drawn_ties(actors: int) -> st.SearchStrategy[Drawn]:
    """Draw ties: parallel, in circles, to oneself, of no weight; some actors without any."""
    ends = st.integers(0, actors - 1)
    weights = st.sampled_from([0.0, 0.25, 1.0, 1.0, 3.0])
    rows = st.lists(st.tuples(ends, ends, weights), max_size=3 * actors)
    return rows.map(lambda told: ([one[0] for one in told], [one[1] for one in told], [one[2] for one in told]))


def solved(graph: TieGraph, seeds: Sequence[int], onward: float = 0.85) -> np.ndarray:
    """Solve the equations by elimination, what comes to dangling actors being lost."""
    parts = np.zeros((graph.actors, graph.actors))
    leaving = np.where(graph.leaving > 0, graph.leaving, 1.0)
    np.add.at(parts, (graph.targets, graph.sources), graph.weights / leaving[graph.sources])
    brought = np.zeros(graph.actors)
    np.add.at(brought, list(seeds), (1.0 - onward) / len(seeds))
    return np.linalg.solve(np.eye(graph.actors) - onward * parts, brought)
