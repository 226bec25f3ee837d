"""What hangs on one actor or one tie, compared with taking each away and counting what is left (networkx)."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.analysis.frame_checks import FrameError
from tejido.analysis.hanging import Hanging, what_hangs

MANY = 9
_ties = st.lists(st.tuples(st.integers(0, MANY - 1), st.integers(0, MANY - 1)), max_size=14)
_counted = st.lists(st.booleans(), min_size=MANY, max_size=MANY)


def _hangs(ties: list[tuple[int, int]], counted: list[bool]) -> Hanging:
    ends = np.array(ties, dtype=np.int64).reshape(-1, 2)
    return what_hangs(ends[:, 0], ends[:, 1], np.array(counted))


def _sides(graph: nx.Graph[int], within: set[int], counted: list[bool]) -> tuple[int, ...]:
    parts = (sum(counted[one] for one in part & within) for part in nx.connected_components(graph))
    return tuple(sorted((many for many in parts if many), reverse=True))


@given(_ties, _counted)
def test_it_is_what_taking_each_away_leaves(ties: list[tuple[int, int]], counted: list[bool]) -> None:
    found = _hangs(ties, counted)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(MANY))
    graph.add_edges_from((one, other) for one, other in ties if one != other)
    actors, bridges = {}, {}
    for actor in range(MANY):
        part = nx.node_connected_component(graph, actor) - {actor}
        left = graph.copy()
        left.remove_node(actor)
        sides = _sides(left, part, counted)
        if len(sides) > 1:
            actors[actor] = sides
    for one, other in graph.edges:
        part = nx.node_connected_component(graph, one)
        left = graph.copy()
        left.remove_edge(one, other)
        sides = _sides(left, part, counted)
        if len(sides) > 1:
            bridges[frozenset((one, other))] = sides
    assert {one.actor: one.sides for one in found.holders} == actors
    assert {frozenset((one.actor, one.other)): one.sides for one in found.bridges} == bridges
    same = {(a, b) for a in range(MANY) for b in range(MANY) if found.part[a] == found.part[b]}
    assert same == {(a, b) for part in nx.connected_components(graph) for a in part for b in part}


def test_nothing_hangs_in_nothing_and_a_wrong_end_is_named() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert _hangs([], [False] * MANY).holders == ()
    assert len(what_hangs(nobody, nobody, np.zeros(0, dtype=np.bool_)).part) == 0
    with pytest.raises(FrameError):
        _hangs([(0, MANY)], [True] * MANY)


def test_a_star_and_a_long_thread_are_no_trouble() -> None:
    many = 20_000
    star = what_hangs(np.zeros(many - 1, dtype=np.int64), np.arange(1, many), np.ones(many, dtype=np.bool_))
    assert [one.actor for one in star.holders] == [0] and star.holders[0].apart == many - 2
    found = what_hangs(np.arange(many - 1), np.arange(1, many), np.ones(many, dtype=np.bool_))
    assert len(found.holders) == many - 2 and found.holders[0].apart == many // 2 - 1
    assert len(found.bridges) == many - 1
