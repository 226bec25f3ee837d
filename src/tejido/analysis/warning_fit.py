"""The most likely weights of a rate that is a sum of known influences, by projected Newton steps.

A node is struck at the rate ``x · theta``, with x what is felt of each influence and theta >= 0. The log-likelihood
of a Poisson process with that rate, plus a gamma prior on each weight,

    sum_i w_i log(x_i · theta) - c · theta + sum_j [a_j log(theta_j) - b_j theta_j],   a_j, b_j >= 0,

is concave in theta (Ogata 1978 for the likelihood), so there is one summit. Bertsekas (1982) for projected Newton.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats

from tejido.analysis.frame_checks import Floats, Yes
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

#: Rows that are looked at together: they stay in the cache.
_BLOCK = 4096
#: With more rows than this, the first steps are taken on a part of them.
_MANY = 40_000
_SETTLED = 1e-9
_STEPS = 100

UNREACHABLE = N_(
    "The model cannot be fitted: something happened where none of its parts allows anything. "
    "Nothing was reckoned; give it a background."
)


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """Gamma priors: ``counts`` a and ``rates`` b; the most likely value beforehand is a / b, both zero for none.

    ``b`` counts in incidents: a weight of 10 is outweighed once about ten incidents had their say.
    """

    counts: Floats
    rates: Floats

    @classmethod
    def none(cls, many: int) -> Prior:
        """Return no prior at all."""
        return cls(np.zeros(many), np.zeros(many))


@dataclass(frozen=True, slots=True, eq=False)
class RateFit:
    """Weights with their uncertainty. ``covariance`` is the inverse curvature among the weights off the bound."""

    theta: Floats
    covariance: Floats
    log_likelihood: float
    steps: int
    converged: bool
    at_bound: Yes

    @property
    def errors(self) -> Floats:
        """Standard errors; for a weight held at zero, the one it would have alone."""
        return np.sqrt(np.diag(self.covariance))

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the two ends of an interval for each weight, never below zero."""
        wide = stats.norm.ppf(0.5 + level / 2) * self.errors
        return np.maximum(self.theta - wide, 0.0), self.theta + wide


def fit_rate(
    felt: Floats, total: Floats, *, weight: Floats | None = None, prior: Prior | None = None,
    begin: Floats | None = None,
) -> RateFit:  # fmt: skip
    """Return the most likely weights.

    ``felt``: incidents × influences, at each incident · ``total``: each influence summed over all nodes and time ·
    ``weight``: of each incident, 1 if left out. Raises ``BadInput`` where an incident feels nothing at all.
    """
    asked = prior or Prior.none(felt.shape[1])
    many = np.ones(len(felt)) if weight is None else weight
    if len(felt) and not (felt.max(axis=1) > 0).all():
        raise BadInput(UNREACHABLE)
    theta = _beginning(felt, total, many, asked) if begin is None else np.maximum(begin, 1e-12)
    if len(felt) > _MANY:
        part = slice(None, None, max(2, len(felt) // (_MANY // 2)))
        scale = float(many.sum() / max(many[part].sum(), 1e-300))
        theta = _climb(np.ascontiguousarray(felt[part]), total, many[part] * scale, asked, theta).theta
        theta = np.maximum(theta, 1e-9 * theta.max())
    return _climb(felt, total, many, asked, theta)


def log_likelihood(felt: Floats, total: Floats, theta: Floats, weight: Floats | None = None) -> float:
    """Return the log-likelihood (nats) of weights: minus infinity where something impossible happened."""
    value, _ = _slope(felt, total, np.ones(len(felt)) if weight is None else weight, theta)
    return value


def _beginning(felt: Floats, total: Floats, weight: Floats, prior: Prior) -> Floats:
    """Return weights, all the same or as the prior has them, that expect as many incidents as there were."""
    before = np.divide(prior.counts, prior.rates, out=np.zeros_like(prior.counts), where=prior.rates > 0)
    shape = np.where(before > 0, before, 1.0 / felt.shape[1])
    expected = float(total @ shape)
    return shape * (float(weight.sum()) / expected if expected > 0 and weight.sum() > 0 else 1.0)


def _climb(felt: Floats, total: Floats, weight: Floats, prior: Prior, theta: Floats) -> RateFit:
    value, slope = _height(felt, total, weight, prior, theta)
    curve, before, step, settled = None, np.inf, 0, False
    for step in range(1, _STEPS + 1):
        fresh = curve is None
        if curve is None:
            curve = _bend(felt, weight, prior, theta)
        free = (theta > 0) | (slope > 0)
        move = _direction(curve, slope, free)
        promised = float(slope @ move)
        settled = promised < _SETTLED
        reached = _search(felt, total, weight, prior, (theta, value, slope), move)
        if reached is None:
            settled = settled or fresh
            if fresh:
                break
            curve = None
            continue
        theta, value, slope = reached
        if settled:
            break
        # The curvature is kept while steps shrink fast: a slope costs a fraction of it.
        curve = curve if promised < before / 10 and np.isfinite(before) else None
        before = promised
    return _told(felt, total, weight, prior, theta, step, settled)


def _told(
    felt: Floats, total: Floats, weight: Floats, prior: Prior, theta: Floats, step: int, settled: bool
) -> RateFit:
    value, _ = _slope(felt, total, weight, theta)
    curve = _bend(felt, weight, prior, theta)
    held = theta <= 0
    covariance = np.zeros_like(curve)
    free = np.flatnonzero(~held)
    if len(free):
        covariance[np.ix_(free, free)] = linalg.pinvh(curve[np.ix_(free, free)])
    alone = np.diag(curve)[held]
    covariance[held, held] = np.divide(1.0, alone, out=np.zeros_like(alone), where=alone > 0)
    return RateFit(theta, covariance, value, step, bool(settled), held)


def _direction(curve: Floats, slope: Floats, free: Yes) -> Floats:
    move = np.zeros_like(slope)
    inside = curve[np.ix_(free, free)]
    lift = 1e-12 * max(float(np.trace(inside)), 1e-300)
    move[free] = linalg.solve(inside + lift * np.eye(len(inside)), slope[free], assume_a="pos")
    return move


def _search(
    felt: Floats, total: Floats, weight: Floats, prior: Prior, here: tuple[Floats, float, Floats], move: Floats
) -> tuple[Floats, float, Floats] | None:
    """Go along ``move``, bent at the bound, as far as it leads up; None when it does not."""
    theta, value, slope = here
    length = 1.0
    while length > 1e-8:
        target = np.maximum(theta + length * move, 0.0)
        target = np.where((prior.counts > 0) & (target <= 0), theta / 10, target)
        there, tilt = _height(felt, total, weight, prior, target)
        wanted = 1e-4 * max(float(slope @ (target - theta)), 0.0) - 1e-12 * abs(value)
        if there >= value + wanted:
            return target, there, tilt
        length /= 2
    return None


def _height(felt: Floats, total: Floats, weight: Floats, prior: Prior, theta: Floats) -> tuple[float, Floats]:
    value, slope = _slope(felt, total, weight, theta)
    if not np.isfinite(value):
        return value, slope
    shaped = prior.counts > 0
    value += float(prior.counts[shaped] @ np.log(theta[shaped]) - prior.rates @ theta)
    slope = slope - prior.rates
    slope[shaped] += prior.counts[shaped] / theta[shaped]
    return value, slope


def _slope(felt: Floats, total: Floats, weight: Floats, theta: Floats) -> tuple[float, Floats]:
    """Return log-likelihood and gradient, block by block."""
    value, slope = -float(total @ theta), -total.copy()
    for at in range(0, len(felt), _BLOCK):
        rows, often = felt[at : at + _BLOCK], weight[at : at + _BLOCK]
        rate = rows @ theta
        if rate.min() <= 0:
            return -np.inf, slope
        value += float(often @ np.log(rate))
        slope += (often / rate) @ rows
    return value, slope


def _bend(felt: Floats, weight: Floats, prior: Prior, theta: Floats) -> Floats:
    """Return minus the Hessian, block by block."""
    curve = np.zeros((len(theta), len(theta)))
    for at in range(0, len(felt), _BLOCK):
        rows = felt[at : at + _BLOCK]
        scaled = rows * (np.sqrt(weight[at : at + _BLOCK]) / (rows @ theta))[:, None]
        curve += scaled.T @ scaled
    shaped = prior.counts > 0
    curve[shaped, shaped] += prior.counts[shaped] / theta[shaped] ** 2
    return curve
