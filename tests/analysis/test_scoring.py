"""Scores against their definitions, and the comparison of forecasters against simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from tejido.analysis.scoring import (
    calibration,
    diebold_mariano,
    poisson_crps,
    poisson_log_score,
    rescaled_fitness,
    sample_crps,
    wilson,
)  # fmt: skip


@pytest.mark.parametrize(("seen", "mean"), [(0, 0.1), (3, 1.5), (7, 12.0)])
def test_the_crps_of_a_poisson_prediction_is_that_of_its_definition(seen: int, mean: float) -> None:
    steps = np.arange(200)
    wanted = float(((stats.poisson.cdf(steps, mean) - (steps >= seen)) ** 2).sum())
    assert poisson_crps(np.array([seen]), np.array([mean]))[0] == pytest.approx(wanted, rel=1e-9)
    drawn = np.random.default_rng(1).poisson(mean, 200_000).astype(float)
    assert sample_crps(seen, drawn) == pytest.approx(wanted, rel=0.03, abs=0.002)


def test_the_crps_of_a_sample_is_the_mean_distance_less_half_of_that_within_it() -> None:
    drawn = np.array([1.0, 4.0, 4.0, 9.0])
    within = np.abs(drawn[:, None] - drawn[None, :]).mean() / 2
    assert sample_crps(3.0, drawn) == pytest.approx(float(np.abs(drawn - 3).mean() - within))


def test_the_log_score_of_the_impossible_is_minus_infinity() -> None:
    assert poisson_log_score(np.array([1, 0]), np.array([0.0, 0.0])).tolist() == [-math.inf, 0.0]


def test_wilson_agrees_with_its_published_formula_in_scipy() -> None:
    wanted = stats.binomtest(7, 40).proportion_ci(method="wilson")
    assert wilson(7 / 40, 40) == pytest.approx((wanted.low, wanted.high))


def test_calibration_groups_predictions_by_what_they_said() -> None:
    said = np.repeat([0.1, 0.5, 0.9], 100)
    came = np.concatenate([np.arange(100) < 10, np.arange(100) < 50, np.arange(100) < 90])
    told = calibration(said, came, parts=3)
    assert [one.said for one in told] == pytest.approx([0.1, 0.5, 0.9])
    assert all(one.low < one.said < one.high and one.many == 100 for one in told)
    assert calibration(np.empty(0), np.empty(0)) == ()


def test_without_a_difference_few_comparisons_find_one_though_days_resemble_each_other() -> None:
    chance, found = np.random.default_rng(2), 0
    for _ in range(400):
        noise = chance.standard_normal(520)
        moved = np.convolve(noise, np.ones(6), mode="valid")
        found += diebold_mariano(moved, np.zeros(len(moved)), lags=14).p < 0.05
    # About 20 of 400 by chance alone; a test that took days for independent would find some 100.
    assert found <= 40


def test_a_true_gain_is_found() -> None:
    chance = np.random.default_rng(3)
    told = diebold_mariano(chance.standard_normal(1000) + 0.3, chance.standard_normal(1000))
    assert told.p < 0.001 and told.gain == pytest.approx(0.3, abs=0.15)


def test_comparisons_of_nothing_and_of_the_same_say_that_there_is_no_gain() -> None:
    assert diebold_mariano(np.zeros(0), np.zeros(0)).p == 1.0
    assert diebold_mariano(np.ones(50), np.ones(50)).p == 1.0
    assert diebold_mariano(np.full(50, -math.inf), np.zeros(50)).p == 1.0
    assert diebold_mariano(np.zeros(50), np.r_[-math.inf, np.zeros(49)]).p == 0.0


def test_times_by_the_right_clock_pass_and_by_a_wrong_one_fail() -> None:
    gaps = np.random.default_rng(4).exponential(size=500)
    assert rescaled_fitness(gaps).p > 0.01
    assert rescaled_fitness(gaps * 1.5).p < 0.001
    assert rescaled_fitness([]).p == 1.0
