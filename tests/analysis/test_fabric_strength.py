"""The fabric of a collective: equal to what networkx finds on small graphs, and right where one can count by hand."""

from __future__ import annotations

import igraph as ig
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.analysis.fabric_sampled import whole_fabric
from tejido.analysis.fabric_strength import Allies, FabricStrength, strength_of
from tejido.analysis.fabric_view import WITHIN, Layout
from tejido.analysis.frames import Actors, Fabric, FrameError, Ties
from tejido.analysis.separate_ways import connectivity, ways_to

DAY = 20_000.0
#: Row 0 is the collective, 1 to 5 may be members, 6 to 9 are others.
MANY = 10


def woven(*told: tuple[int, int, str], actors: int = MANY) -> Fabric:
    people = Actors.of([f"a{row}" for row in range(actors)])
    ties = Ties.of([one[0] for one in told], [one[1] for one in told], actors=actors, kind=[one[2] for one in told])
    return Fabric.of(people, ties)


def members(*rows: int) -> list[tuple[int, int, str]]:
    return [(row, 0, "member_of") for row in rows]


bonds = st.lists(
    st.tuples(st.integers(1, MANY - 1), st.integers(1, MANY - 1), st.sampled_from(["works_with", "contact_of"])),
    max_size=24,
)


def plain(fabric: Fabric) -> nx.Graph[object]:
    graph: nx.Graph[object] = nx.Graph()
    graph.add_nodes_from(range(len(fabric.actors)))
    pairs = zip(fabric.ties.source.tolist(), fabric.ties.target.tolist(), strict=True)
    graph.add_edges_from((one, other) for one, other in pairs if one != other)
    return graph


def from_group(graph: nx.Graph[object], insiders: set[int]) -> nx.Graph[object]:
    """The group as one vertex ``g``, whose insiders are reached at once."""
    near: set[object] = set(insiders)
    for _ in range(WITHIN):
        near |= {other for one in near for other in graph.neighbors(one)}
    seen: nx.Graph[object] = graph.subgraph(near).copy()
    seen.remove_edges_from([(one, other) for one, other in seen.edges if {one, other} <= insiders])
    seen.add_edges_from(("g", one) for one in insiders)
    return seen


@settings(max_examples=150, deadline=None)
@given(bonds, st.sets(st.integers(1, 5), min_size=1))
def test_cohesion_and_concentration_equal_networkx(told: list[tuple[int, int, str]], inside: set[int]) -> None:
    fabric = woven(*members(*sorted(inside)), *told)
    found = strength_of(fabric, 0, day=DAY)
    graph = plain(fabric).subgraph(inside)
    assert found.cohesion.members == len(inside)
    assert found.cohesion.density == pytest.approx(nx.density(graph))
    assert found.cohesion.parts == nx.number_connected_components(graph)
    assert found.cohesion.triangles == pytest.approx(nx.transitivity(graph))
    assert found.cohesion.connectivity == (nx.node_connectivity(graph) if len(inside) > 1 else 0)
    cores = nx.core_number(graph)
    assert found.cohesion.core == max(cores.values())
    assert found.cohesion.in_core == list(cores.values()).count(max(cores.values()))
    if len(inside) > 2:
        between = nx.betweenness_centrality(graph)
        expected = sum(max(between.values()) - one for one in between.values()) / (len(inside) - 1)
        assert found.concentration.centralisation == pytest.approx(expected, abs=1e-12)


@settings(max_examples=150, deadline=None)
@given(bonds, st.sets(st.integers(1, 5), min_size=1), st.sets(st.integers(6, 9), min_size=1))
def test_ways_to_allies_and_what_they_hang_on_equal_networkx(
    told: list[tuple[int, int, str]], inside: set[int], counted: set[int]
) -> None:
    fabric = woven(*members(*sorted(inside)), *told)
    allies = Allies.of(sorted(counted), "national", actors=MANY)
    found = strength_of(fabric, 0, day=DAY, allies=allies)
    graph = from_group(plain(fabric), {0, *inside})
    reached = []
    for one in found.reach:
        if one.ally not in graph or not nx.has_path(graph, "g", one.ally):
            assert (one.hops, one.ways, one.hangs_on) == (-1, 0, ())
            continue
        reached.append(one.ally)
        assert one.hops == nx.shortest_path_length(graph, "g", one.ally) - 1
        assert one.ways == len(list(nx.node_disjoint_paths(graph, "g", one.ally)))
        cuts = set()
        for other in set(graph) - {"g", 0, one.ally}:
            without = graph.subgraph(set(graph) - {other})
            if not nx.has_path(without, "g", one.ally):
                cuts.add(other)
        assert set(one.hangs_on) == cuts
    if reached:
        graph.add_edges_from(("allies", one) for one in reached)
        assert found.cut_from_all == nx.node_connectivity(graph, "g", "allies")
    else:
        assert found.cut_from_all == -1


@settings(max_examples=60, deadline=None)
@given(bonds)
def test_the_whole_fabric_is_exact_once_everybody_is_drawn(told: list[tuple[int, int, str]]) -> None:
    fabric = woven(*told)
    found, graph = whole_fabric(fabric, day=DAY, draws=MANY), plain(fabric)
    between = nx.betweenness_centrality(graph, normalized=False)
    assert found.between == pytest.approx([between[row] for row in range(MANY)], abs=1e-9)
    assert not found.between_error.any()
    assert found.parts == nx.number_connected_components(graph)
    assert set(found.single_bridges.tolist()) == set(nx.articulation_points(graph))
    away = [far for _, row in nx.all_pairs_shortest_path_length(graph) for far in row.values() if far]
    assert found.hops == pytest.approx(np.mean(away) if away else 0.0)


def test_what_is_drawn_by_chance_says_how_wrong_it_may_be() -> None:
    chance = np.random.default_rng(5)
    fabric = Fabric.of(
        Actors.of([f"a{row}" for row in range(400)]),
        Ties.of(chance.integers(0, 400, 1200), chance.integers(0, 400, 1200), actors=400),
    )
    exact = whole_fabric(fabric, day=DAY, draws=400)
    sampled = [whole_fabric(fabric, day=DAY, draws=96, seed=seed) for seed in range(6)]
    off = np.array([one.between - exact.between for one in sampled])
    errors = np.array([one.between_error for one in sampled])
    inside = np.abs(off) <= 2.4 * errors
    assert inside[:, exact.between > np.quantile(exact.between, 0.75)].mean() > 0.85
    assert off.mean() == pytest.approx(0.0, abs=0.02 * exact.between.mean())
    assert all(abs(one.hops - exact.hops) <= 4 * one.hops_error for one in sampled)


def test_a_star_hangs_on_its_middle() -> None:
    fabric = woven(*members(1, 2, 3, 4), (1, 2, "works_with"), (1, 3, "works_with"), (1, 4, "works_with"),
                   (1, 6, "contact_of"), (1, 7, "allied_with"), (6, 8, "works_with"))  # fmt: skip
    found = strength_of(fabric, 0, day=DAY, allies=Allies.of([8, 9], ["international", "local"], actors=MANY))
    assert found.concentration.centralisation == pytest.approx(1.0)
    assert found.concentration.alone == {1: (6, 7)}
    assert found.concentration.largest_share == 1.0
    assert found.critical == {1: (8,), 6: (8,)}
    assert [one.hops for one in found.reach] == [2, -1]
    assert found.cut_from_all == 1
    first = found.remaining[0]
    assert (first.lost, first.contacts, first.allies) == ((1,), 0.0, 0.0)
    assert first.together == pytest.approx(1 / 3)


def test_a_contact_of_the_collective_itself_hangs_on_nobody() -> None:
    found = strength_of(woven(*members(1, 2), (0, 6, "allied_with"), (1, 6, "contact_of")), 0, day=DAY,
                        allies=Allies.of([6], "local", actors=MANY), tested=[False, False, True, False])  # fmt: skip
    assert found.concentration.alone == {}
    assert (found.reach[0].ways, found.reach[0].tested, found.reach[0].hangs_on) == (2, 1, ())
    assert [one.allies for one in found.remaining] == [1.0, 1.0]


def test_enmity_duty_and_what_is_over_bind_nobody() -> None:
    fabric = woven(*members(1, 2), (1, 2, "threatens"), (1, 6, "duty_towards"))
    assert strength_of(fabric, 0, day=DAY).cohesion.ties == 0
    over = Ties.of([1, 2, 1], [0, 0, 2], actors=MANY, kind=["member_of", "member_of", "works_with"], end=DAY - 1)
    assert not strength_of(Fabric.of(fabric.actors, over), 0, day=DAY).named


def test_one_actor_alone_or_nobody_named_has_a_defined_answer() -> None:
    alone = strength_of(Fabric.of(Actors.of(["a"])), 0, day=DAY)
    assert (alone.named, alone.cohesion.members, alone.cut_from_all, alone.remaining) == (False, 0, -1, ())
    one = strength_of(woven(*members(1)), 0, day=DAY)
    assert (one.cohesion.connectivity, one.concentration.centralisation) == (0, 0.0)
    assert one.remaining[0].together == 0.0
    nobody = whole_fabric(Fabric.of(Actors.of([])), day=DAY)
    assert (nobody.actors, nobody.hops, nobody.largest_part) == (0, 0.0, 0)


def test_circles_parallel_ties_and_ties_to_oneself_change_nothing() -> None:
    once = [*members(1, 2, 3), (1, 2, "works_with"), (2, 3, "works_with"), (3, 1, "works_with"), (1, 6, "contact_of")]
    twice = [*once, *once, (1, 1, "works_with"), (0, 0, "member_of"), (2, 1, "family_of")]
    allies = Allies.of([6], "local", actors=MANY)
    found: list[FabricStrength] = [strength_of(woven(*told), 0, day=DAY, allies=allies) for told in (once, twice)]
    assert found[0] == found[1]


def test_a_collective_or_an_ally_that_is_not_there_is_said() -> None:
    with pytest.raises(FrameError, match="row 0, column collective"):
        strength_of(woven(), 77, day=DAY)
    with pytest.raises(FrameError, match="row 1, column actor"):
        Allies.of([1, 99], "local", actors=MANY)
    with pytest.raises(FrameError, match="earlier row"):
        Allies.of([1, 1], "local", actors=MANY)


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 9).flatmap(lambda many: st.tuples(st.just(many), st.lists(
    st.tuples(st.integers(0, many - 1), st.integers(0, many - 1)), max_size=4 * many))))  # fmt: skip
def test_the_fewest_whose_loss_parts_a_group_equal_networkx(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    many, pairs = drawn
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(many))
    graph.add_edges_from(pair for pair in pairs if pair[0] != pair[1])
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    laid = Layout.of(ends[:, 0], ends[:, 1], actors=many)
    assert sorted(laid.pairs) == sorted(tuple(sorted(edge)) for edge in graph.edges)
    assert connectivity(laid.starts, laid.ends) == nx.node_connectivity(graph)
    sizes = laid.part_sizes(np.ones(many, dtype=np.bool_))
    assert sorted(sizes) == sorted(len(part) for part in nx.connected_components(graph))


def test_ways_and_fewest_equal_igraph_where_ways_must_give_each_other_up() -> None:
    chance = np.random.default_rng(11)
    for _ in range(60):
        many = int(chance.integers(20, 60))
        ends = chance.integers(0, many, (int(chance.integers(many, 4 * many)), 2))
        laid = Layout.of(ends[:, 0], ends[:, 1], actors=many)
        graph = ig.Graph(n=many, edges=laid.pairs)
        assert connectivity(laid.starts, laid.ends) == graph.vertex_connectivity()
        inside = np.zeros(many, dtype=np.bool_)
        inside[chance.choice(many, 5, replace=False)] = True
        outside = np.flatnonzero(~inside)
        ways, on_all, begin = ways_to(laid.starts, laid.ends, outside, inside, np.zeros(many, dtype=np.bool_))
        graph.add_vertices(1)
        graph.add_edges([(many, one) for one in np.flatnonzero(inside)])
        above = graph.as_directed().dominator(many)
        for place, one in enumerate(outside.tolist()):
            # ties among insiders make no way more: each is reached at once
            assert ways[place] == graph.vertex_connectivity(source=many, target=one, neighbors="ignore")
            chain, step = [], above[one]
            while step >= 0 and step != many:
                chain.append(step)
                step = above[step]
            assert on_all[begin[place] : begin[place + 1]].tolist() == chain
