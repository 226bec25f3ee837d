"""Diffusion is exact: igraph, networkx and a plain solution of the equations agree, and the error is never more."""

from __future__ import annotations

import igraph as ig
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.analysis import diffusion, diffusion_many
from tejido.analysis.diffusion import BadOnward, Diffusion, NoSeeds
from tejido.analysis.diffusion_graph import TieGraph
from tejido.analysis.diffusion_paths import ways_to
from tejido.analysis.diffusion_push import LiveSpread
from tejido.analysis.frames import Actors, Fabric, FrameError, Ties
from tejido.analysis.ordering import busiest_first, communities, near_order
from tests.analysis.ties_drawn import Drawn, drawn_ties, solved

ACTORS = 12


def prpack(graph: TieGraph, seeds: list[int]) -> np.ndarray:
    pairs = zip(graph.sources.tolist(), graph.targets.tolist(), strict=True)
    found = ig.Graph(n=graph.actors, edges=list(pairs), directed=True)
    weights = graph.weights.tolist() or None
    return np.array(
        found.personalized_pagerank(reset_vertices=seeds, damping=0.85, weights=weights, implementation="prpack")
    )


@settings(max_examples=200, deadline=None)
@given(drawn_ties(ACTORS), st.lists(st.integers(0, ACTORS - 1), min_size=1, max_size=3, unique=True))
def test_the_shares_are_those_of_igraph(drawn: Drawn, seeds: list[int]) -> None:
    graph = TieGraph.of(*drawn, actors=ACTORS)
    found = Diffusion.of(graph).spread(seeds, tolerance=1e-11)
    assert np.abs(found.shares - prpack(graph, seeds)).sum() <= 1e-10
    assert found.error <= 1e-11
    assert found.shares.sum() == pytest.approx(1.0)


@settings(max_examples=200, deadline=None)
@given(drawn_ties(ACTORS), st.integers(0, ACTORS - 1), st.sampled_from([1e-2, 1e-6, 1e-12]), st.floats(0.0, 0.97))
def test_the_error_is_never_larger_than_said(drawn: Drawn, seed: int, tolerance: float, onward: float) -> None:
    graph = TieGraph.of(*drawn, actors=ACTORS)
    ready = Diffusion.of(graph, onward=onward)
    exact = solved(graph, [seed], onward)
    lost = ready.spread([seed], tolerance=tolerance, dangling="lost")
    assert np.abs(lost.shares - exact).sum() <= lost.error <= tolerance
    back = ready.spread([seed], tolerance=tolerance)
    assert np.abs(back.shares - exact / exact.sum()).sum() <= back.error <= tolerance


@pytest.mark.parametrize("name", ["karate_club", "les_miserables", "florentine_families"])
def test_real_graphs_agree_with_igraph_and_networkx(name: str) -> None:
    known = nx.convert_node_labels_to_integers(getattr(nx, f"{name}_graph")())
    edges = [(one, other, part.get("weight", 1.0)) for one, other, part in known.to_directed().edges(data=True)]
    graph = TieGraph.of(*zip(*edges, strict=True), actors=len(known))
    found = Diffusion.of(graph).spread([0, 3], tolerance=1e-11)
    assert np.abs(found.shares - prpack(graph, [0, 3])).sum() <= 1e-10
    theirs = nx.pagerank(known, personalization={0: 0.5, 3: 0.5}, tol=1e-14, max_iter=1000)
    assert found.shares == pytest.approx([theirs[row] for row in range(len(known))], abs=1e-11)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("tolerance", [1e-5, 1e-11])
def test_many_seeds_at_once_are_what_each_is_alone(weighted: bool, tolerance: float) -> None:
    chance = np.random.default_rng(3)
    weight = chance.choice([0.0, 0.5, 2.0], 2_000) if weighted else np.ones(2_000)
    graph = TieGraph.of(chance.integers(0, 400, 2_000), chance.integers(0, 400, 2_000), weight, actors=400)
    ready, seeds = Diffusion.of(graph), [[row, row + 7] for row in range(19)]
    for asked, found in zip(seeds, ready.spread_many(seeds, tolerance=tolerance), strict=True):
        alone = ready.spread(asked, tolerance=1e-12)
        assert np.abs(found.shares - alone.shares).sum() <= found.error + alone.error
        assert found.error <= tolerance


def test_two_threads_find_what_one_finds_and_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(4)
    graph = TieGraph.of(chance.zipf(1.6, 9_000) % 900, chance.integers(0, 900, 9_000), actors=900)
    ready = Diffusion.of(graph)
    alone = ready.spread([5], tolerance=1e-12)
    many = next(iter(ready.spread_many([[5]], tolerance=1e-12)))
    monkeypatch.setattr(diffusion, "ALONE", 0)
    monkeypatch.setattr(diffusion_many, "ALONE", 0)
    twice = [ready.spread([5], tolerance=1e-12) for _ in range(2)]
    assert np.abs(twice[0].shares - alone.shares).sum() <= 2e-12
    assert np.array_equal(twice[0].shares, twice[1].shares)
    both = [next(iter(ready.spread_many([[5]], tolerance=1e-12))) for _ in range(2)]
    assert np.abs(both[0].shares - many.shares).sum() <= 2e-12
    assert np.array_equal(both[0].shares, both[1].shares)


@pytest.mark.parametrize("order", ["near", "busiest", "given"])
def test_the_order_in_memory_changes_no_answer(order: str) -> None:
    chance = np.random.default_rng(8)
    graph = TieGraph.of(chance.integers(0, 300, 2_500), chance.zipf(1.5, 2_500) % 300, actors=300)
    orders = {"near": near_order(graph), "busiest": busiest_first(graph), "given": chance.permutation(300)}
    found = Diffusion.of(graph, order=orders[order]).spread([1], tolerance=1e-12)
    assert np.abs(found.shares - solved(graph, [1]) / solved(graph, [1]).sum()).sum() <= 2e-12


def test_those_of_one_community_come_to_stand_together() -> None:
    chance = np.random.default_rng(1)
    source = np.repeat(np.arange(1_000), 8)
    target = np.where(
        chance.random(8_000) < 0.9, source // 50 * 50 + chance.integers(0, 50, 8_000), chance.integers(0, 1_000, 8_000)
    )
    hidden = chance.permutation(1_000)
    graph = TieGraph.of(hidden[source], hidden[target], actors=1_000)
    order = near_order(graph)
    assert sorted(order.tolist()) == list(range(1_000))
    back = np.empty(1_000, dtype=np.int64)
    back[hidden] = np.arange(1_000)
    truth = back[order] // 50
    assert (truth[1:] == truth[:-1]).mean() > 0.9
    assert len(np.unique(communities(graph))) == pytest.approx(20, abs=8)


def test_parallel_ties_add_up_and_seeds_given_twice_count_once_each() -> None:
    twice = TieGraph.of([0, 0, 0], [1, 1, 2], [1.0, 2.0, 3.0], actors=3)
    once = TieGraph.of([0, 0], [1, 2], [3.0, 3.0], actors=3)
    shares = Diffusion.of(twice).spread({0: 1.0}).shares
    assert np.array_equal(Diffusion.of(once).spread({0: 1.0}).shares, shares)
    assert Diffusion.of(once).spread([0, 0]).shares == pytest.approx(shares)
    assert Diffusion.of(once).spread({0: 1e300, 1: 1e-300}).shares == pytest.approx(shares)


def test_one_actor_and_seeds_without_a_tie_keep_what_they_have() -> None:
    assert Diffusion.of(TieGraph.of([], [], actors=1)).spread([0]).shares.tolist() == [1.0]
    assert Diffusion.of(TieGraph.of([0], [0], actors=1)).spread([0]).shares == pytest.approx([1.0])
    apart = Diffusion.of(TieGraph.of([0, 1], [1, 0], actors=4))
    assert apart.spread([3]).shares.tolist() == [0.0, 0.0, 0.0, 1.0]
    assert apart.spread([3], dangling="lost").shares == pytest.approx([0.0, 0.0, 0.0, 0.15])


@pytest.mark.parametrize("weight", [1.0, 2.5])
def test_an_actor_tied_to_itself_alone_slows_nothing(weight: float) -> None:
    chance = np.random.default_rng(4)
    source, target = chance.integers(0, 199, 2000), chance.integers(0, 200, 2000)
    kept = source != target
    without = TieGraph.of(source[kept], target[kept], actors=200)
    closed = TieGraph.of([*source[kept], 199], [*target[kept], 199], [*[1.0] * kept.sum(), weight], actors=200)
    usual = Diffusion.of(without).spread([0, 1])
    found = Diffusion.of(closed).spread([0, 1])
    # What lies there goes on to itself at every step: added up, not waited for.
    assert found.sweeps <= usual.sweeps + 5
    assert np.abs(found.shares - prpack(closed, [0, 1])).sum() <= 1e-10
    (many,) = Diffusion.of(closed).spread_many([[0, 1]], tolerance=1e-9)
    assert np.abs(many.shares - found.shares).sum() <= 2e-9


def test_nobody_to_begin_with_is_said() -> None:
    nobody = Diffusion.of(TieGraph.of([], [], actors=0))
    with pytest.raises(NoSeeds, match="nobody to begin with"):
        nobody.spread([])
    some = Diffusion.of(TieGraph.of([0], [1], actors=2))
    with pytest.raises(NoSeeds):
        some.spread({0: 0.0})
    with pytest.raises(FrameError, match="row 0, column actor"):
        some.spread([2])
    with pytest.raises(FrameError, match="row 0, column part"):
        some.spread({0: float("nan")})
    with pytest.raises(BadOnward):
        Diffusion.of(some.graph, onward=1.0)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0])
def test_a_weight_that_is_none_is_said_with_its_row(bad: float) -> None:
    with pytest.raises(FrameError, match="row 1, column weight"):
        TieGraph.of([0, 1], [1, 0], [1.0, bad], actors=2)
    with pytest.raises(FrameError, match="row 0, column target"):
        TieGraph.of([0], [5], actors=2)
    with pytest.raises(FrameError, match="row 0, column weight"):
        LiveSpread.of(TieGraph.of([0], [1], actors=2), [0]).set_tie(0, 1, bad)


def test_only_ties_that_held_carry_and_both_ways_if_wanted() -> None:
    fabric = Fabric.of(
        Actors.of(list("abc")), Ties.of([0, 1], [1, 2], actors=3, strength=[0.5, 1.0], end=[9.0, np.inf])
    )
    assert TieGraph.of_fabric(fabric, day=10.0).targets.tolist() == [2, 1]
    assert TieGraph.of_fabric(fabric, both_ways=False).weights.tolist() == [0.5, 1.0]


@settings(max_examples=60, deadline=None)
@given(drawn_ties(7), st.integers(0, 6), st.integers(0, 6))
def test_the_ways_told_are_the_largest_there_are(drawn: Drawn, seed: int, actor: int) -> None:
    graph = TieGraph.of(*drawn, actors=7)
    spread = Diffusion.of(graph).spread([seed], tolerance=1e-13, dangling="lost")
    found = ways_to(actor, graph, [seed], spread, most=3, hops=3)
    told = sorted((brings for brings in _walked(graph, seed, actor, 3) if brings > 0), reverse=True)[:3]
    assert [way.brings for way in found.ways] == pytest.approx(told)
    assert sum(way.brings for way in found.ways) + found.rest == pytest.approx(spread.shares[actor], abs=1e-12)
    assert all((way.actors[0], way.actors[-1]) == (seed, actor) for way in found.ways)


def _walked(graph: TieGraph, seed: int, actor: int, hops: int) -> list[float]:
    """What every way that meets nobody twice brings, by trying them all."""
    parts = np.zeros((graph.actors, graph.actors))
    leaving = np.where(graph.leaving > 0, graph.leaving, 1.0)
    parts[graph.sources, graph.targets] = graph.weights / leaving[graph.sources]
    found: list[float] = []
    open_ways: list[tuple[tuple[int, ...], float]] = [((seed,), 0.15)]
    while open_ways:
        way, brings = open_ways.pop()
        if way[-1] == actor:
            found.append(brings)
            continue
        if len(way) <= hops:
            open_ways += [
                ((*way, other), brings * 0.85 * parts[way[-1], other])
                for other in range(graph.actors)
                if other not in way
            ]
    return found


def test_everything_is_compiled_ahead() -> None:
    diffusion.warm()
