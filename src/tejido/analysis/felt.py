"""What part of a blow comes to each actor along ties without direction, for a few thousand of them asked about once.

The same equations as ``diffusion``, where what comes to somebody tied to nobody is lost; laying out a large graph to
ask it often would take longer here than the asking.
"""

from __future__ import annotations

import numpy as np

from tejido.analysis.compiling import compiled
from tejido.analysis.frame_checks import Floats, Whole

_MOST_SWEEPS = 10_000
_UNIT = 2.0**-53


def felt(
    source: Whole, target: Whole, weight: Floats, seeds: Whole, *, actors: int, onward: float, tolerance: float = 1e-10
) -> tuple[Floats, float]:
    """Return the shares of 1 that come to each actor from ``seeds``, and a bound on Σ|their errors|.

    ``weight``: above 0; parallel ties count as often as they are. ``onward``: the part that goes on, from 0, below 1.
    """
    brought: Floats = np.bincount(seeds, minlength=actors).astype(np.float64)
    brought *= (1.0 - onward) / len(seeds)
    ends_of, weights = np.append(source, target), np.append(weight, weight)
    leaving = np.bincount(ends_of, weights=weights, minlength=actors).astype(np.float64)
    starts, ends, parts = _laid_out(source, target, weight, leaving)
    amounts = brought.copy()
    aim = tolerance * (1.0 - onward) * 0.5
    for _ in range(_MOST_SWEEPS):
        if _swept(starts, ends, parts, brought, onward, amounts) <= aim:
            break
    change = _missing(starts, ends, parts, brought, onward, amounts)
    rounding = _UNIT * float(np.dot(np.diff(starts) + 8.0, amounts))
    return amounts, (change + 2.0 * rounding) / (1.0 - onward)


@compiled
def _laid_out(source: Whole, target: Whole, weight: Floats, leaving: Floats) -> tuple[Whole, Whole, Floats]:
    """Return by row of who receives: where its ties begin, from whom they come, what part of theirs they carry."""
    many = len(leaving)
    starts = np.zeros(many + 1, np.int64)
    for row in range(len(source)):
        starts[source[row] + 1] += 1
        starts[target[row] + 1] += 1
    starts[:] = np.cumsum(starts)
    filled, ends, parts = starts.copy(), np.empty(2 * len(source), np.int64), np.empty(2 * len(source))
    for row in range(len(source)):
        for one, other in ((source[row], target[row]), (target[row], source[row])):
            ends[filled[one]], parts[filled[one]] = other, weight[row] / leaving[other]
            filled[one] += 1
    return starts, ends, parts


@compiled
def _swept(starts: Whole, ends: Whole, parts: Floats, brought: Floats, onward: float, amounts: Floats) -> float:
    """Renew every amount in place from those of its neighbours; return Σ|change|."""
    change = 0.0
    for one in range(len(brought)):
        into = 0.0
        for at in range(starts[one], starts[one + 1]):
            into += parts[at] * amounts[ends[at]]
        new = brought[one] + onward * into
        change += abs(new - amounts[one])
        amounts[one] = new
    return change


@compiled
def _missing(starts: Whole, ends: Whole, parts: Floats, brought: Floats, onward: float, amounts: Floats) -> float:
    """Return Σ|what the equations still leave open|."""
    missing = 0.0
    for one in range(len(brought)):
        into = 0.0
        for at in range(starts[one], starts[one + 1]):
            into += parts[at] * amounts[ends[at]]
        missing += abs(brought[one] + onward * into - amounts[one])
    return missing


def warm() -> None:
    """Compile the loops, or load them from where they were kept."""
    ends = np.array([0, 1], dtype=np.int64)
    felt(ends, ends[::-1].copy(), np.ones(2), ends, actors=2, onward=0.5)
