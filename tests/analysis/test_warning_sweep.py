"""The walk through time equals the sum over all pairs, written out slowly, on both grains."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.warning_sweep import Deposits, Grain, Readers, readers, sweep

NODES, HUBS = 3, 4


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Floats, Whole, Deposits, Readers]:
    """Observations, deposits and dated memberships, with many at the same time."""
    days = st.integers(0, 12).map(float)
    seen = sorted(draw(st.lists(st.tuples(days, st.integers(0, NODES - 1)), max_size=8)))
    put = sorted(draw(st.lists(st.tuples(days, st.integers(0, 2), st.floats(0.1, 3)), max_size=8)))
    open_ = st.one_of(st.just(-math.inf), days)
    belong = draw(
        st.lists(
            st.tuples(
                st.integers(0, NODES - 1), st.integers(0, HUBS - 1), st.floats(0.1, 2), open_, st.integers(0, 12)
            ),
            max_size=8,
        )
    )
    time, node = np.array([t for t, _ in seen]), np.array([u for _, u in seen], dtype=np.int64)
    rows = draw(
        st.lists(st.lists(st.tuples(st.integers(0, HUBS - 1), st.floats(0.1, 3)), max_size=3), min_size=3, max_size=3)
    )
    deposits = Deposits(
        np.array([t for t, _, _ in put]), np.array([w for _, _, w in put]),
        np.array([r for _, r, _ in put], dtype=np.int64), np.cumsum([0, *map(len, rows)]),
        np.array([hub for row in rows for hub, _ in row], dtype=np.int64),
        np.array([share for row in rows for _, share in row]),
    )  # fmt: skip
    start = np.array([row[3] for row in belong])
    end = np.array([max(row[3], 0.0) + row[4] if row[4] < 12 else math.inf for row in belong])
    read = readers(
        np.array([row[0] for row in belong], dtype=np.int64), np.array([row[1] for row in belong], dtype=np.int64),
        nodes=NODES, share=np.array([row[2] for row in belong]), start=start, end=end,
    )  # fmt: skip
    return time, node, deposits, read


def into_one_hub(times: list[float], weights: list[float]) -> Deposits:
    row = np.zeros(len(times), dtype=np.int64)
    return Deposits(np.array(times), np.array(weights), row, np.arange(2), np.zeros(1, dtype=np.int64), np.ones(1))


def kernel(lag: float, rate: float, grain: Grain) -> float:
    """What is left of a strike after ``lag`` days, from its definition."""
    if grain == "continuous":
        return rate * math.exp(-rate * lag)
    fade = math.exp(-rate)
    return float((1 - fade) * fade ** (lag - 1))


def slowly(node: int, day: float, rate: float, put: Deposits, read: Readers, grain: Grain) -> float:
    terms = []
    for j in range(int(read.first[node]), int(read.first[node + 1])):
        if read.start[j] <= day <= read.end[j]:
            terms += [
                read.share[j] * weight * put.share[at] * kernel(day - time, rate, grain)
                for time, weight, row in zip(put.time, put.weight, put.which, strict=True)
                for at in range(put.first[row], put.first[row + 1])
                if put.hub[at] == read.hub[j] and time < day
            ]
    return math.fsum(terms)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.floats(0.01, 60.0))
def test_what_is_felt_is_the_sum_over_all_that_came_before(
    world: tuple[Floats, Whole, Deposits, Readers], rate: float
) -> None:
    time, node, put, read = world
    rates, grid = np.array([rate, 0.3]), np.arange(-1.0, 16.0)
    for grain in ("daily", "continuous"):
        walked = sweep(time, node, put=put, read=read, hubs=HUBS, rates=rates, grid=grid, grain=grain)
        for row, (day, who) in enumerate(zip(time, node, strict=True)):
            for k, one in enumerate(rates):
                wanted = slowly(int(who), day, float(one), put, read, grain)
                assert walked.felt[row, k] == pytest.approx(wanted, rel=1e-10, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(worlds(), st.floats(0.05, 3.0))
def test_totals_are_the_sum_over_all_nodes_and_days(
    world: tuple[Floats, Whole, Deposits, Readers], rate: float
) -> None:
    time, node, put, read = world
    grid = np.arange(-1.0, 16.0)
    walked = sweep(time, node, put=put, read=read, hubs=HUBS, rates=np.array([rate]), grid=grid, grain="daily")
    daily = [math.fsum(slowly(u, day, rate, put, read, "daily") for u in range(NODES)) for day in grid]
    assert walked.total[:, 0] == pytest.approx(np.cumsum(daily), rel=1e-9, abs=1e-10)


def test_the_integral_in_continuous_time_is_that_of_the_kernel() -> None:
    put = into_one_hub([0.5, 2.0], [1.0, 2.0])
    read = readers(np.array([0]), np.array([0]), nodes=1, start=np.array([1.0]), end=np.array([3.0]))
    walked = sweep(
        np.empty(0), np.empty(0, dtype=np.int64), put=put, read=read, hubs=1, rates=np.array([0.7]),
        grid=np.array([5.0]), grain="continuous",
    )  # fmt: skip
    wanted = math.exp(-0.7 * 0.5) - math.exp(-0.7 * 2.5) + 2 * (1 - math.exp(-0.7))
    assert walked.total[0, 0] == pytest.approx(wanted, rel=1e-12)


def test_the_state_left_over_is_what_is_felt_later() -> None:
    put = into_one_hub([0.0, 400.0, 900.0], [1.0, 1.0, 1.0])
    read = readers(np.array([0]), np.array([0]), nodes=1)
    at, who, rates = np.array([1010.0]), np.array([0]), np.array([1.0, 0.01])
    long = sweep(at, who, put=put, read=read, hubs=1, rates=rates, grid=np.array([1010.0]), grain="daily")
    short = sweep(at[:0], who[:0], put=put, read=read, hubs=1, rates=rates, grid=np.array([1000.0]), grain="daily")
    assert long.felt[0] == pytest.approx(short.hubs[0] * np.exp(-rates * 10), rel=1e-10)
