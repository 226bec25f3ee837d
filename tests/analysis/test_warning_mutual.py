"""Streams that excite each other: against sums written out, against numbers of another program, on known data."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from tejido.analysis.frame_checks import Floats, FrameError
from tejido.analysis.warning_fit import fit_rate
from tejido.analysis.warning_mutual import felt_of, fit_mutual, mutual_log_likelihood
from tejido.domain.errors import BadInput

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def stream(number: int, many: int, end: float) -> Floats:
    """Times that any program can make again: a linear congruential generator in whole numbers."""
    state, found = 12345 + 1000 * number, []
    for _ in range(many):
        state = (1103515245 * state + 12345) % 2**31
        found.append(end * state / 2**31)
    return np.array(sorted(found))


def case(streams: int, many: int, end: float) -> tuple[list[Floats], Floats, Floats]:
    times = [stream(i, many + 7 * i, end) for i in range(streams)]
    alpha = np.array([[((3 * i + 5 * j) % 7) / 20 for j in range(streams)] for i in range(streams)])
    return times, np.array([0.2 + 0.05 * i for i in range(streams)]), alpha


# From the C++ likelihood of tick 0.8.0.2 (ModelHawkesExpKernLogLik), turned from its mean over strikes of
# the integral of (rate - 1) less the log rate.
TICK = [
    (1, 40, 50.0, 0.7, -74.37751649736401),
    (3, 50, 100.0, 1.3, -271.1654753810426),
    (5, 200, 80.0, 4.0, -128.1349701080976),
]


@pytest.mark.parametrize(("streams", "many", "end", "beta", "wanted"), TICK)
def test_the_log_likelihood_is_that_of_tick(streams: int, many: int, end: float, beta: float, wanted: float) -> None:
    times, mu, alpha = case(streams, many, end)
    found = mutual_log_likelihood(times, mu=mu, alpha=alpha, beta=beta, end=end)
    assert abs(found - wanted) / sum(map(len, times)) < 1e-10


@pytest.mark.parametrize(("streams", "many", "end", "beta"), [one[:4] for one in TICK])
def test_the_log_likelihood_is_the_sum_over_all_pairs(streams: int, many: int, end: float, beta: float) -> None:
    times, mu, alpha = case(streams, many, end)
    terms = []
    for i in range(streams):
        terms.append(-mu[i] * end)
        for time in times[i]:
            before = [
                alpha[i, j] * beta * math.exp(-beta * (time - other))
                for j in range(streams)
                for other in times[j][times[j] < time]
            ]
            terms.append(math.log(mu[i] + math.fsum(before)))
        for j in range(streams):
            terms += [alpha[i, j] * math.expm1(-beta * (end - other)) for other in times[j]]
    found = mutual_log_likelihood(times, mu=mu, alpha=alpha, beta=beta, end=end)
    assert abs(found - math.fsum(terms)) / sum(map(len, times)) < 1e-12


def test_the_fit_is_the_summit_that_another_search_finds() -> None:
    times, _, _ = case(3, 150, 100.0)
    felt = felt_of(times, beta=2.0, end=100.0)
    rows, total = felt.rows[1], felt.total

    def minus(theta: Floats) -> float:
        return float(total @ theta - np.log(rows @ theta).sum())

    fit = fit_rate(rows, total)
    other = optimize.minimize(minus, np.full(4, 0.3), bounds=[(1e-9, None)] * 4, method="L-BFGS-B", tol=1e-14)
    assert fit.converged
    assert fit.log_likelihood >= -other.fun - 1e-6
    slope = (1 / (rows @ fit.theta)) @ rows - total
    assert np.all(np.abs(slope[~fit.at_bound]) < 1e-3) and np.all(slope[fit.at_bound] <= 1e-6)


def test_what_happens_at_one_time_is_one_batch() -> None:
    felt = felt_of([np.array([1.0, 1.0, 2.0]), np.array([1.0])], beta=1.0, end=3.0)
    assert felt.rows[0][:2, 1:].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert felt.rows[0][2, 1:] == pytest.approx([2 * math.exp(-1), math.exp(-1)])


def test_times_that_are_no_times_are_refused() -> None:
    with pytest.raises(FrameError, match="row 1"):
        felt_of([np.array([1.0, np.nan])], beta=1.0, end=3.0)
    with pytest.raises(BadInput, match="after the end"):
        felt_of([np.array([1.0, 4.0])], beta=1.0, end=3.0)


def test_streams_may_be_empty() -> None:
    fitted = fit_mutual([np.empty(0), np.array([1.0, 2.0])], end=10.0, beta=1.0)
    assert fitted.mu[0] == pytest.approx(0.0, abs=1e-6)
    assert np.isfinite(fitted.log_likelihood)


@pytest.mark.shared
def test_the_published_fit_of_the_retweets_is_found_again() -> None:
    with (SHARED / "hawkes_retweets" / "retweets_niwa.csv").open(encoding="utf-8", newline="") as lines:
        seconds = np.array(sorted({int(row["unix_time_utc"]) for row in csv.DictReader(lines)}))
    minutes = (seconds - seconds[0]) / 60
    assert len(minutes) == 4772
    fitted = fit_mutual([minutes], end=float(minutes[-1]))
    found = [fitted.mu[0], fitted.alpha[0, 0] * fitted.beta, fitted.beta]
    assert found == pytest.approx([0.06328, 0.07597, 0.07911], rel=0.01)
    assert -fitted.log_likelihood == pytest.approx(1114.364, abs=0.01)
