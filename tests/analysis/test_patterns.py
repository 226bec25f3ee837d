"""What recurs: exact tests, the promised rate of false discoveries, and what is planted is found."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.analysis.frames import Acts, FrameError, History, Incidents, Involvements
from tejido.analysis.patterns import Patterns, find_patterns
from tejido.analysis.patterns_exact import adjusted, flipped, turned
from tejido.analysis.synthetic import FIRST_DAY, Happened, Planted, Rates, happen, weave

DAYS = 2_200.0
UNTIL = FIRST_DAY + DAYS
WOVEN = weave(300, seed=2)
HEARINGS = FIRST_DAY + np.arange(60.0, DAYS, 110.0)

rings = st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=5), min_size=1, max_size=4)


def looked_for(happened: Happened, *, any_dependence: bool = True, level: float = 0.1) -> Patterns:
    busiest = np.argsort(-np.bincount(happened.struck), kind="stable")[:3]
    return find_patterns(
        happened.history, until=UNTIL, subjects=busiest, occasions={"hearing": HEARINGS}, level=level,
        any_dependence=any_dependence,
    )  # fmt: skip


@given(rings)
def test_turning_counts_every_way_the_stretches_could_lie(told: list[list[int]]) -> None:
    sums = [sum(chosen) for chosen in product(*told)]
    found = turned(told)
    assert found.seen == sum(ring[0] for ring in told)
    assert found.expected == pytest.approx(np.mean(sums))
    assert found.p == pytest.approx(np.mean([one >= found.seen for one in sums]))


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=8))
def test_flipping_counts_every_order_the_stretches_could_have(surpluses: list[int]) -> None:
    sums = [sum(sign * one for sign, one in zip(signs, surpluses, strict=True))
            for signs in product((-1, 1), repeat=len(surpluses))]  # fmt: skip
    assert flipped(surpluses).p == pytest.approx(np.mean([abs(one) >= abs(sum(surpluses)) for one in sums]))


def test_adjusted_rates_are_those_of_the_published_rule() -> None:
    p = [0.01, 0.04, 0.03, 0.005]
    assert adjusted(p, any_dependence=False) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert adjusted(p) == pytest.approx(np.array([0.02, 0.04, 0.04, 0.02]) * (1 + 1 / 2 + 1 / 3 + 1 / 4))
    assert len(adjusted([])) == 0


@pytest.mark.parametrize("rates", [Rates(0, 0, 0), Rates(0, 0, 0, wave=0.9), Rates(0.3, 0.3, 0.1, delay=8.0)])
def test_where_there_is_nothing_something_is_claimed_no_oftener_than_promised(rates: Rates) -> None:
    """With nothing to find, every claim is false, so some claim may come in at most a tenth of the histories."""
    claimed = [
        bool(looked_for(happen(WOVEN, background=120, days=DAYS, seed=seed, rates=rates)).found) for seed in range(8)
    ]
    assert sum(claimed) <= 2
    p = looked_for(happen(WOVEN, background=400, days=DAYS, seed=99, rates=rates)).all_tested
    assert np.mean([one.p <= 0.1 for one in p]) <= 0.2


@pytest.mark.parametrize(
    ("planted", "kind", "what"),
    [
        (Planted(weekday=(1, 0.4)), "weekday", ("1",)),
        (Planted(month=(3, 0.4)), "month", ("3",)),
        (Planted(before=(HEARINGS, 0.5)), "before", ("hearing",)),
        (Planted(sequence=("smear", "detention", 0.9)), "sequence", ("smear", "detention")),
    ],
)
def test_a_pattern_that_was_planted_is_found_with_its_incidents(
    planted: Planted, kind: str, what: tuple[str, ...]
) -> None:
    happened = happen(WOVEN, background=300, days=DAYS, seed=5, rates=Rates(0.1, 0.1, 0.0), planted=planted)
    (one,) = (one for one in looked_for(happened).found if (one.kind, one.subject, one.what) == (kind, -1, what))
    assert one.seen > one.expected
    assert one.incidents
    assert max(one.incidents) < len(happened.history.incidents)


def test_an_aggressor_that_goes_from_one_collective_to_the_next_is_found() -> None:
    woven = weave(1_000, seed=2)
    rates, planted = Rates(0.1, 0.1, 0.0), Planted(rounds=(0, 12))
    happened = happen(woven, background=300, days=DAYS, seed=5, rates=rates, planted=planted)
    (one,) = looked_for(happened).found
    assert (one.kind, one.what) == ("aggressor", (str(woven.aggressors[0]),))
    assert set(happened.by[list(one.incidents)]) == {woven.aggressors[0]}


def test_no_claim_says_more_than_its_incidents() -> None:
    happened = happen(WOVEN, background=300, days=DAYS, seed=5, planted=Planted(weekday=(1, 0.4)))
    day = happened.history.incidents.earliest
    for one in looked_for(happened).all_tested:
        if one.kind == "weekday":
            assert len(one.incidents) == one.seen
            assert {str(int((day[row] + 3) % 7)) for row in one.incidents} <= {one.what[0]}
        if one.kind in ("before", "after"):
            assert len(one.incidents) == one.seen


def history(earliest: list[float], latest: list[float] | None = None, *, ours: bool = False) -> History:
    many = len(earliest)
    rows = np.arange(many)
    incidents = Incidents.of([f"i{row}" for row in rows], earliest, latest, from_warning=ours)
    involved = Involvements.of(rows, np.zeros(many, dtype=np.int64), incidents=many, actors=1)
    return History.of(incidents, involved, Acts.of(rows, "threat", incidents=many))


def test_no_incident_and_one_alone_show_nothing() -> None:
    assert find_patterns(history([]), until=UNTIL, subjects=[0]).all_tested == ()
    assert find_patterns(history([FIRST_DAY]), until=UNTIL, subjects=[0]).all_tested == ()


def test_all_on_one_day_is_no_weekly_pattern() -> None:
    found = find_patterns(history([FIRST_DAY] * 50), until=UNTIL, occasions={"hearing": [FIRST_DAY]})
    assert found.found == ()
    assert min(one.p for one in found.all_tested) == pytest.approx(1 / 7)


def test_unknown_days_our_own_warnings_and_the_future_are_left_out() -> None:
    mondays = [FIRST_DAY + 4 + 7 * week for week in range(60)]
    assert find_patterns(history(mondays), until=UNTIL).found[0].what == ("0",)
    assert find_patterns(history(mondays, [day + 3 for day in mondays]), until=UNTIL).tested == 0
    assert find_patterns(history(mondays, ours=True), until=UNTIL).tested == 0
    assert find_patterns(history(mondays), until=FIRST_DAY).tested == 0


def test_occasions_without_an_end_are_refused() -> None:
    with pytest.raises(FrameError, match="row 1, column hearing"):
        find_patterns(history([FIRST_DAY]), until=UNTIL, occasions={"hearing": [1.0, float("nan")]})


def test_the_answer_is_the_same_each_time() -> None:
    happened = happen(WOVEN, background=200, days=DAYS, seed=5, planted=Planted(rounds=(0, 6)))
    assert looked_for(happened) == looked_for(happened)
