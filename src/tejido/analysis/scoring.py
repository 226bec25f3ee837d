"""How good predictions were: log score, CRPS, calibration, and whether one forecaster is truly better than another.

All scores are computed on what came after the prediction was made. Log scores: higher is better. CRPS: lower is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from tejido.analysis.frame_checks import Floats, Whole


def poisson_log_score(seen: Whole, expected: Floats) -> Floats:
    """Return the log-probability (nats) of each count under a Poisson distribution; -inf for the impossible."""
    return np.asarray(stats.poisson.logpmf(seen, expected), dtype=np.float64)


def poisson_crps(seen: Whole, expected: Floats) -> Floats:
    """Return the continuous ranked probability score of Poisson predictions, in counts.

    Closed form (Wei and Held 2014): (y - m)(2F(y) - 1) + 2m f(floor y) - m exp(-2m)[I0(2m) + I1(2m)].
    """
    y, m = np.asarray(seen, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    spread = m * (special.ive(0, 2 * m) + special.ive(1, 2 * m))
    both = (y - m) * (2 * stats.poisson.cdf(y, m) - 1) + 2 * m * stats.poisson.pmf(y, m)
    return np.asarray(both - spread, dtype=np.float64)


def sample_crps(seen: float, drawn: Floats) -> float:
    """Return the CRPS of a prediction given as a sample: E|X - y| - E|X - X'| / 2 (Gneiting and Raftery 2007)."""
    sample = np.sort(np.asarray(drawn, dtype=np.float64))
    many = len(sample)
    among = 2.0 / many**2 * float(np.sum((2 * np.arange(1, many + 1) - many - 1) * sample))
    return float(np.abs(sample - seen).mean()) - among / 2


@dataclass(frozen=True, slots=True)
class Calibration:
    """Of ``many`` predictions that said about ``said`` (a probability), the share ``came`` true, with an interval."""

    said: float
    came: float
    many: int
    low: float
    high: float


def calibration(said: Floats, came: Floats, *, parts: int = 10) -> tuple[Calibration, ...]:
    """Group predicted probabilities by size, about equally many in each group; Wilson intervals (95 in 100)."""
    order = np.argsort(said, kind="stable")
    told = []
    for rows in np.array_split(order, max(1, min(parts, len(order)))):
        if len(rows):
            share, many = float(came[rows].mean()), len(rows)
            low, high = wilson(share, many)
            told.append(Calibration(float(said[rows].mean()), share, many, low, high))
    return tuple(told)


def wilson(share: float, many: int, level: float = 0.95) -> tuple[float, float]:
    """Return the two ends of Wilson's interval for a share seen in so many trials."""
    z = float(stats.norm.ppf(0.5 + level / 2))
    middle = (share + z * z / (2 * many)) / (1 + z * z / many)
    wide = z / (1 + z * z / many) * float(np.sqrt(share * (1 - share) / many + z * z / (4 * many * many)))
    return max(middle - wide, 0.0), min(middle + wide, 1.0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The mean gain of one forecaster over another, per day, and how sure it is: ``p`` that there is none."""

    gain: float
    error: float
    statistic: float
    p: float
    days: int


def diebold_mariano(one: Floats, other: Floats, *, lags: int | None = None) -> Comparison:
    """Compare daily scores (higher is better), one-sided: is ``one`` better than ``other``?

    Diebold and Mariano (1995) with the long-run variance of Newey and West (1987), so that days that resemble their
    neighbours do not count as independent evidence, and the small-sample factor of Harvey, Leybourne and Newbold
    (1997). ``lags``: how many days may resemble each other; left out, 4 (n / 100)^(2/9), and at least 7.
    """
    gain = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    many = len(gain)
    mean = float(gain.mean()) if many else 0.0
    if many < 2 or not np.isfinite(gain).all():
        sign = np.sign(mean) if many >= 2 and not np.isnan(mean) else 0.0
        return Comparison(mean, np.inf, float(sign * np.inf) if sign else 0.0, 0.0 if sign > 0 else 1.0, many)
    reach = max(7, int(4 * (many / 100) ** (2 / 9))) if lags is None else lags
    reach = min(reach, many - 1)
    off = gain - mean
    variance = float(off @ off) / many
    for lag in range(1, reach + 1):
        variance += 2 * (1 - lag / (reach + 1)) * float(off[lag:] @ off[:-lag]) / many
    if variance <= 0:
        return Comparison(mean, 0.0, 0.0, 1.0 if mean <= 0 else 0.0, many)
    ahead = reach + 1
    shrink = max((many + 1 - 2 * ahead + ahead * (ahead - 1) / many) / many, 1.0 / many)
    statistic = mean / float(np.sqrt(variance / many)) * float(np.sqrt(shrink))
    return Comparison(
        mean, float(np.sqrt(variance / many / shrink)), statistic, float(stats.t.sf(statistic, many - 1)), many
    )


@dataclass(frozen=True, slots=True)
class Fitness:
    """Whether waiting times, measured by the model's own clock, are as a Poisson process has them."""

    statistic: float
    p: float
    many: int


def rescaled_fitness(elapsed: Sequence[float] | Floats) -> Fitness:
    """Test the model's clock times between strikes against a unit exponential (Brown and others 2002), by KS."""
    gaps = np.asarray(elapsed, dtype=np.float64)
    if len(gaps) < 2:
        return Fitness(0.0, 1.0, len(gaps))
    # The exact distribution of so many takes long and says the same.
    found = stats.kstest(gaps, "expon", method="asymp" if len(gaps) > 10_000 else "exact")
    return Fitness(float(found.statistic), float(found.pvalue), len(gaps))
