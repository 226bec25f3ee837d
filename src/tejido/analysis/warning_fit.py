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

from tejido.analysis.frame_checks import Floats, Whole, Yes
from tejido.analysis.warning_climb import Ground, Summit, climb, likelihood
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

#: With more rows than this, the first steps are taken on every tenth of them, or on so many.
_MANY = 2_000
#: So many of them stand in a row.
_TOGETHER = 16

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
    begin: Floats | None = None, rows: slice = slice(None), columns: Whole | None = None, sure: bool = True,
) -> RateFit:  # fmt: skip
    """Return the most likely weights.

    ``felt``: incidents × influences, at each incident (fastest if laid out influence by influence) · ``total``: each
    influence summed over all nodes and time · ``weight``: of each incident, 1 if left out · ``rows``, ``columns``:
    the incidents in a row and the influences that count, all if left out; the others are not copied away. Not
    ``sure``: nobody asks for the covariance, and it may be a little off. Raises ``BadInput`` where an incident feels
    nothing at all.
    """
    which = np.arange(felt.shape[1]) if columns is None else columns
    asked = prior or Prior.none(len(which))
    first, last, _ = rows.indices(len(felt))
    many = np.ones(last - first) if weight is None else weight
    laid = np.ascontiguousarray(felt.T)
    theta = _beginning(total, many, asked) if begin is None else np.maximum(begin, 1e-9)
    if begin is None and len(many) > _MANY:
        part = _some(len(many))
        scale = float(many.sum() / max(many[part].sum(), 1e-300))
        some, every = laid[which[:, None], first + part], np.arange(len(which))
        few = Ground(some, every, 0, total, many[part] * scale, asked.counts, asked.rates)
        theta = climb(few, theta, False).theta
        # What was nothing in the part may be something in the whole, and the slope shows it.
    whole = Ground(laid, which, first, total, many, asked.counts, asked.rates)
    summit = climb(whole, theta, sure)
    if not np.isfinite(summit.log_likelihood):
        summit = climb(whole, _beginning(total, many, asked), sure)
    if not np.isfinite(summit.log_likelihood):
        raise BadInput(UNREACHABLE)
    return _told(summit)


def _some(many: int) -> Whole:
    """Return every tenth incident or fewer, in short rows spread over all of them: rows are read at once."""
    apart = _TOGETHER * max(10, many // _MANY)
    return (np.arange(0, many - _TOGETHER, apart)[:, None] + np.arange(_TOGETHER)).reshape(-1)


def log_likelihood(felt: Floats, total: Floats, theta: Floats, weight: Floats | None = None) -> float:
    """Return the log-likelihood (nats) of weights: minus infinity where something impossible happened."""
    many, none = np.ones(len(felt)) if weight is None else weight, np.zeros(len(total))
    ground = Ground(np.ascontiguousarray(felt.T), np.arange(len(total)), 0, total, many, none, none)
    return float(likelihood(ground, theta, np.empty(len(total)), np.empty((1, 1)), False))


def _beginning(total: Floats, weight: Floats, prior: Prior) -> Floats:
    """Return weights, all the same or as the prior has them, that expect as many incidents as there were."""
    before = np.divide(prior.counts, prior.rates, out=np.zeros_like(prior.counts), where=prior.rates > 0)
    shape = np.where(before > 0, before, 1.0 / len(total))
    expected = float(total @ shape)
    return shape * (float(weight.sum()) / expected if expected > 0 and weight.sum() > 0 else 1.0)


def _told(summit: Summit) -> RateFit:
    held = summit.theta <= 0
    covariance = np.zeros_like(summit.curve)
    free = np.flatnonzero(~held)
    if len(free):
        covariance[np.ix_(free, free)] = _inverse(summit.curve[np.ix_(free, free)])
    alone = np.diag(summit.curve)[held]
    covariance[held, held] = np.divide(1.0, alone, out=np.zeros_like(alone), where=alone > 0)
    return RateFit(summit.theta, covariance, summit.log_likelihood, summit.steps, summit.settled, held)


def _inverse(curve: Floats) -> Floats:
    """Return the inverse; where weights cannot be told apart at all, that of what can."""
    try:
        found = np.linalg.inv(curve)
    except np.linalg.LinAlgError:
        found = np.full_like(curve, np.nan)
    sound = bool(np.isfinite(found).all() and (np.diag(found) > 0).all())
    return np.asarray(found if sound else linalg.pinvh(curve), dtype=np.float64)
