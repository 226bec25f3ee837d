"""Diffusion kept up to date equals diffusion from the start, within its certificate, whatever is changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.analysis.diffusion import Diffusion, NoSeeds
from tejido.analysis.diffusion_graph import TieGraph
from tejido.analysis.diffusion_push import LiveSpread
from tejido.analysis.frames import FrameError
from tests.analysis.ties_drawn import Drawn, drawn_ties, solved

ACTORS = 9
changes = st.lists(
    st.tuples(st.integers(0, ACTORS - 1), st.integers(0, ACTORS - 1), st.sampled_from([0.0, 0.0, 0.5, 1.0, 7.0])),
    max_size=12,
)


def as_it_is(live: LiveSpread) -> TieGraph:
    """The graph that the live spread stands for, read from its rows."""
    rows = [slice(first, first + many) for first, many in zip(live.starts, live.counts, strict=True)]
    ends = np.concatenate([live.ends[row] for row in rows])
    weights = np.concatenate([live.weights[row] for row in rows])
    return TieGraph.of(np.repeat(np.arange(len(rows)), live.counts), ends, weights, actors=len(rows))


@settings(max_examples=150, deadline=None)
@given(drawn_ties(ACTORS), st.integers(0, ACTORS - 1), changes, st.sampled_from([1e-2, 1e-5, 1e-11]))
def test_after_each_change_the_error_is_at_most_what_is_said(
    drawn: Drawn, seed: int, told: list[tuple[int, int, float]], tolerance: float
) -> None:
    live = LiveSpread.of(TieGraph.of(*drawn, actors=ACTORS), [seed], tolerance=tolerance)
    ties = {(one, other): 0.0 for one, other, _ in zip(*drawn, strict=True)}
    for one, other, weight in zip(*drawn, strict=True):
        ties[one, other] += weight
    for change in [None, *told]:
        if change is not None:
            live.set_tie(*change)
            ties[change[0], change[1]] = change[2]
        ends = list(ties)
        graph = TieGraph.of([one for one, _ in ends], [other for _, other in ends], list(ties.values()), actors=ACTORS)
        exact = solved(graph, [seed])
        lost, back = live.spread(dangling="lost"), live.spread()
        assert np.abs(lost.shares - exact).sum() <= lost.error <= tolerance
        assert np.abs(back.shares - exact / exact.sum()).sum() <= back.error


def test_thousands_of_sequences_of_changes_stay_within_their_certificates() -> None:
    chance = np.random.default_rng(11)
    for _ in range(2_000):
        many = int(chance.integers(2, 14))
        source, target = chance.integers(0, many, (2, int(chance.integers(0, 4 * many))))
        live = LiveSpread.of(
            TieGraph.of(source, target, chance.choice([0.0, 1.0, 2.5], len(source)), actors=many),
            [int(chance.integers(0, many))], tolerance=float(chance.choice([1e-1, 1e-4, 1e-9])),
        )  # fmt: skip
        for one, other, weight in zip(
            *chance.integers(0, many, (2, 6)), chance.choice([0.0, 1.0, 9.0], 6), strict=True
        ):
            live.set_tie(int(one), int(other), float(weight))
            assert live.error <= live.tolerance
        assert _off(live) <= live.error


def _off(live: LiveSpread) -> float:
    """How far the amounts are from the solution of the equations for what set out, which the identity gives back."""
    graph = as_it_is(live)
    parts = np.zeros((graph.actors, graph.actors))
    leaving = np.where(graph.leaving > 0, graph.leaving, 1.0)
    parts[graph.targets, graph.sources] = graph.weights / leaving[graph.sources]
    brought = live.r + live.x - live.onward * parts @ live.x
    assert brought.sum() == pytest.approx(0.15)
    assert (np.abs(brought) > 1e-12).sum() == 1
    exact = np.linalg.solve(np.eye(graph.actors) - live.onward * parts, brought.round(12))
    return float(np.abs(live.x - exact).sum())


def test_many_changes_on_a_large_graph_equal_a_new_start() -> None:
    chance = np.random.default_rng(5)
    graph = TieGraph.of(chance.integers(0, 3_000, 20_000), chance.integers(0, 3_000, 20_000), actors=3_000)
    live = LiveSpread.of(graph, [1, 2], tolerance=1e-6)
    for one, other in chance.integers(0, 3_000, (400, 2)).tolist():
        live.set_tie(one, other, float(chance.choice([0.0, 1.0, 3.0])))
    exact = Diffusion.of(as_it_is(live)).spread([1, 2], tolerance=1e-12)
    found = live.spread()
    assert live.error <= 1e-6
    assert np.abs(found.shares - exact.shares).sum() <= found.error + exact.error


def test_a_change_and_its_undoing_leave_what_was() -> None:
    live = LiveSpread.of(TieGraph.of([0, 1, 2], [1, 2, 0], actors=3), [0], tolerance=1e-9)
    before = live.spread().shares
    for weight in (5.0, 0.0):
        live.set_tie(0, 2, weight)
    assert np.abs(live.spread().shares - before).sum() <= 4e-9 / 0.15


def test_a_row_finds_room_however_many_ties_come() -> None:
    live = LiveSpread.of(TieGraph.of([], [], actors=500), [0], tolerance=1e-8)
    for other in range(500):
        live.set_tie(0, other, 1.0)
        live.set_tie(other, 0, 2.0)
    assert as_it_is(live).ties == 999
    exact = solved(as_it_is(live), [0])
    assert np.abs(live.spread(dangling="lost").shares - exact).sum() <= live.error <= 1e-8


def test_rows_that_grow_by_turns_never_share_their_room() -> None:
    live = LiveSpread.of(TieGraph.of([], [], actors=40), [0], tolerance=1e-8)
    for row in (0, 1, 0, 2):
        for other in range(13 + 9 * row):
            live.set_tie(row, (other + int(live.counts[row])) % 40, 1.0 + row)
    known = as_it_is(live)
    assert known.ties == int(live.counts.sum())
    assert set(known.weights.tolist()) == {1.0, 2.0, 3.0}
    assert np.abs(live.spread(dangling="lost").shares - solved(known, [0])).sum() <= live.error


def test_a_change_of_a_tie_to_nobody_is_said_and_changes_nothing() -> None:
    live = LiveSpread.of(TieGraph.of([0], [1], actors=2), [0])
    before = live.spread().shares
    with pytest.raises(FrameError, match="column target"):
        live.set_tie(0, 2, 1.0)
    with pytest.raises(FrameError, match="column source"):
        live.set_tie(-1, 0, 1.0)
    assert np.array_equal(live.spread().shares, before)
    with pytest.raises(NoSeeds):
        LiveSpread.of(TieGraph.of([0], [1], actors=2), [])
