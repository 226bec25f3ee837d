"""Imprecise dates: drawn within what is known, fitted several times, pooled by Rubin's rules."""

from __future__ import annotations

import numpy as np
import pytest

from tejido.analysis.dates import drawn_days, learn_imprecise, pool
from tejido.analysis.frame_checks import Floats
from tejido.analysis.frames import Incidents
from tejido.analysis.warning_fit import RateFit
from tejido.analysis.warning_model import Learned, features, learn
from tejido.analysis.warning_relations import Nodes, Strikes, everywhere, itself


def fit(theta: float, variance: float) -> RateFit:
    return RateFit(np.array([theta]), np.array([[variance]]), 0.0, 1, True, np.array([False]))


def test_rubins_rules_by_hand() -> None:
    pooled = pool([fit(1.0, 0.2), fit(2.0, 0.4), fit(3.0, 0.6)])
    assert pooled.theta[0] == pytest.approx(2.0)
    assert pooled.covariance[0, 0] == pytest.approx(0.4 + (1 + 1 / 3) * 1.0)
    missing = (4 / 3) / (0.4 + 4 / 3)
    assert pooled.missing[0] == pytest.approx(missing)
    assert pooled.freedom[0] == pytest.approx(2 / missing**2)
    low, high = pooled.interval()
    assert low[0] == 0.0 and high[0] > 4


def test_days_are_drawn_within_what_is_known_and_not_after_the_end() -> None:
    incidents = Incidents.of(["day", "month", "later"], [10.0, 20.0, 95.0], [10.0, 50.0, 120.0])
    days = np.array(drawn_days(incidents, draws=400, seed=1, until=99.0))
    assert set(days[:, 0]) == {10.0}
    assert set(days[:, 1]) == set(np.arange(20.0, 51.0))
    assert days[:, 2].min() == 95.0 and days[:, 2].max() == 99.0
    assert np.array_equal(days, np.array(drawn_days(incidents, draws=400, seed=1, until=99.0)))


def learned_from(days: Floats) -> Learned:
    nodes = Nodes(np.arange(5), np.full(5, -1))
    order = np.argsort(days, kind="stable")
    many = len(days)
    struck = Strikes(days[order], (np.arange(many) % 5)[order], order, np.ones(many))
    return learn(features(nodes, struck, (itself(nodes), everywhere(nodes)), first_day=0, until=299))


def test_what_is_not_known_of_dates_widens_what_is_said() -> None:
    known = np.random.default_rng(5).integers(0, 270, 80).astype(float)
    sure = Incidents.of([str(i) for i in range(80)], known)
    vague = Incidents.of([str(i) for i in range(80)], known, known + 29)
    one, exact = learn_imprecise(sure, learned_from, until=299)
    several, pooled = learn_imprecise(vague, learned_from, until=299, draws=6, seed=2)
    assert exact.missing.max() == 0.0
    assert one.theta == pytest.approx(exact.theta)
    assert pooled.missing.max() > 0.0
    assert several.fit.covariance == pytest.approx(pooled.covariance)
