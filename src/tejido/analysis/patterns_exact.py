"""How likely a pattern is by the rates alone, without approximation, and what many tests together may claim.

*Turning*: a stretch of time is closed to a ring and turned to each of its places. Where the rate only changes slowly,
every place is as likely as any other, and so is each place of every other stretch; the distribution of the sum over
stretches is the convolution of theirs. What comes in bursts is turned as a whole, so bursts make no pattern.

*Flipping*: in a stretch where two things happened close to one another, either order is as likely (a sign test by
stretches: Fisher 1935).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tejido.analysis.frame_checks import Floats, Whole


@dataclass(frozen=True, slots=True)
class Tested:
    """What was seen, what was expected, and how likely that much or more is by the rates alone."""

    seen: float
    expected: float
    p: float


def turned(rings: Sequence[ArrayLike]) -> Tested:
    """Test Σ ring[0] over stretches; ``ring[k]`` is the count had the stretch been turned by k places."""
    rows = [np.asarray(ring, dtype=np.int64) for ring in rings]
    seen = sum(int(row[0]) for row in rows)
    chances = np.ones(1)
    for row in rows:
        chances = np.convolve(chances, np.bincount(row) / len(row))
    return Tested(float(seen), float(sum(row.mean() for row in rows)), _tail(chances, seen))


def flipped(surpluses: ArrayLike) -> Tested:
    """Test Σ surpluses, each as likely to have had the other sign; both directions count."""
    rows = np.abs(np.asarray(surpluses, dtype=np.int64))
    seen = int(np.sum(surpluses))
    chances = np.ones(1)
    for row in rows[rows > 0]:
        step = np.zeros(2 * int(row) + 1)
        step[0] = step[-1] = 0.5
        chances = np.convolve(chances, step)
    middle = int(rows.sum())
    return Tested(float(seen), 0.0, min(1.0, 2.0 * _tail(chances, middle + abs(seen))))


def adjusted(p: ArrayLike, *, any_dependence: bool = True) -> Floats:
    """Return for each test the smallest rate of false discoveries at which it is claimed.

    Benjamini and Yekutieli (2001), which holds however the tests hang together; without ``any_dependence``
    Benjamini and Hochberg (1995), for tests that do not, or only hang together positively.
    """
    found = np.asarray(p, dtype=np.float64)
    many = len(found)
    if not many:
        return np.empty(0)
    order: Whole = np.argsort(found, kind="stable")
    factor = float(np.sum(1.0 / np.arange(1, many + 1))) if any_dependence else 1.0
    steps = found[order] * many * factor / np.arange(1, many + 1)
    answer = np.empty(many)
    answer[order] = np.minimum(1.0, np.minimum.accumulate(steps[::-1])[::-1])
    return answer


def _tail(chances: Floats, seen: int) -> float:
    """Return the chance of ``seen`` or more; never 0, as sums of so small parts are rounded."""
    return float(min(1.0, max(chances[max(seen, 0) :].sum(), np.finfo(np.float64).tiny)))
