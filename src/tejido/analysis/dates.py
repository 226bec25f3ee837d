"""Dates known only as a stretch of days: the model is fitted for several draws of them, and the fits are pooled.

A day is drawn evenly between the earliest and the latest (assumed, not learned). Rubin (1987) for the pooling: the
uncertainty of a weight is the mean of that within the fits plus what differs between them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from tejido.analysis.frame_checks import Floats
from tejido.analysis.frames import Incidents
from tejido.analysis.warning_fit import RateFit
from tejido.analysis.warning_model import Learned


def drawn_days(incidents: Incidents, *, draws: int, seed: int, until: float = np.inf) -> list[Floats]:
    """Return whole days for every incident, ``draws`` times; a stretch that began by ``until`` is cut there."""
    chance = np.random.default_rng(seed)
    first = np.floor(incidents.earliest)
    last = np.floor(np.where(first <= until, np.minimum(incidents.latest, until), incidents.latest))
    return [first + np.floor(chance.random(len(first)) * (last - first + 1)) for _ in range(draws)]


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Weights from several draws: ``theta``, ``covariance``, degrees of ``freedom`` and the share of uncertainty

    that comes from not knowing the dates (``missing``), one for each weight."""

    theta: Floats
    covariance: Floats
    freedom: Floats
    missing: Floats

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the two ends of an interval for each weight, never below zero."""
        wide = stats.t.ppf(0.5 + level / 2, self.freedom) * np.sqrt(np.diag(self.covariance))
        return np.maximum(self.theta - wide, 0.0), self.theta + wide


def pool(fits: Sequence[RateFit]) -> Pooled:
    """Pool fits by Rubin's rules."""
    many = len(fits)
    thetas = np.array([fit.theta for fit in fits])
    within = np.mean([fit.covariance for fit in fits], axis=0)
    off = thetas - thetas.mean(axis=0)
    between = off.T @ off / max(many - 1, 1)
    whole = within + (1 + 1 / many) * between
    extra = (1 + 1 / many) * np.diag(between)
    missing = np.divide(extra, np.diag(whole), out=np.zeros(len(extra)), where=np.diag(whole) > 0)
    freedom = np.divide(many - 1.0, missing**2, out=np.full(len(missing), np.inf), where=missing > 1e-9)
    return Pooled(thetas.mean(axis=0), whole, np.maximum(freedom, 1.0), missing)


def learn_imprecise(
    incidents: Incidents, fit: Callable[[Floats], Learned], *, until: float, draws: int = 10, seed: int = 1
) -> tuple[Learned, Pooled]:
    """Fit for several draws of the dates; return the model of the first draw with the pooled weights, and the pool.

    ``fit``: from days, one for each incident, to a fitted model. Where all dates are known there is one fit.
    """
    known = bool(np.all(np.floor(incidents.earliest) == np.floor(incidents.latest)))
    days = drawn_days(incidents, draws=1 if known else draws, seed=seed, until=until)
    models = [fit(one) for one in days]
    pooled = pool([model.fit for model in models])
    best = replace(models[0].fit, theta=pooled.theta, covariance=pooled.covariance, at_bound=pooled.theta <= 0)
    return replace(models[0], fit=best), pooled
