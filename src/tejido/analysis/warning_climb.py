"""The climb to the summit of a concave log-likelihood, compiled: see ``warning_fit`` for what is climbed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tejido.analysis.compiling import compiled, compiled_freely
from tejido.analysis.frame_checks import Floats, Whole

#: Incidents that are looked at together: what is reckoned of them stays in the cache.
_BLOCK = 256
#: Rates between these are multiplied up before a logarithm is taken, until the product leaves the range of floats.
_SMALL, _LARGE, _LEAST, _MOST = 1e-50, 1e50, 1e-250, 1e250
#: Gains (nats) below which the summit is reached, and below which the curvature is as good as that of the summit.
_SETTLED, _CLOSE = 1e-7, 1e-2
_STEPS = 100


class Ground(NamedTuple):
    """What is climbed: ``felt`` (influences × incidents), of it the rows ``columns`` and incidents from ``first`` on;

    ``total`` of each of these influences, ``weight`` of each of these incidents, and the prior's two columns.
    """

    felt: Floats
    columns: Whole
    first: int
    total: Floats
    weight: Floats
    counts: Floats
    rates: Floats


class Summit(NamedTuple):
    """Where a climb ended: weights, curvature there, log-likelihood without the prior, steps, if it is the top."""

    theta: Floats
    curve: Floats
    log_likelihood: float
    steps: int
    settled: bool


@compiled_freely
def likelihood(ground: Ground, theta: Floats, slope: Floats, curve: Floats, curved: bool) -> float:
    """Return the log-likelihood without the prior, and write its gradient; minus infinity for the impossible.

    If ``curved``, minus its Hessian is written as well: both in one walk through what is felt.
    """
    columns, weight = len(theta), ground.weight
    value = 0.0
    for j in range(columns):
        slope[j] = -ground.total[j]
        value -= ground.total[j] * theta[j]
    if curved:
        curve[:] = 0.0
    rate, share, scaled = np.empty(_BLOCK), np.empty(_BLOCK), np.zeros((columns, _BLOCK))
    for begin in range(0, len(weight), _BLOCK):
        many = min(_BLOCK, len(weight) - begin)
        at = ground.first + begin
        _rates(ground, theta, at, rate[:many])
        counted = weight[begin : begin + many]
        found = _logs(rate[:many], counted)
        if found == -np.inf:
            return -np.inf
        value += found
        for i in range(many):
            share[i] = counted[i] / rate[i]
        for j in range(columns):
            felt = ground.felt[ground.columns[j], at : at + many]
            upwards = 0.0
            for i in range(many):
                upwards += share[i] * felt[i]
            slope[j] += upwards
        if curved:
            for i in range(many):
                share[i] = np.sqrt(counted[i]) / rate[i]
            for j in range(columns):
                felt, mine = ground.felt[ground.columns[j], at : at + many], scaled[j]
                for i in range(many):
                    mine[i] = share[i] * felt[i]
                mine[many:] = 0.0
            curve += np.dot(scaled, scaled.T)
    return value


@compiled_freely
def _rates(ground: Ground, theta: Floats, at: int, rate: Floats) -> None:
    """Write the rate of each incident from ``at`` on."""
    rate[:] = 0.0
    for j in range(len(theta)):
        felt, much = ground.felt[ground.columns[j], at : at + len(rate)], theta[j]
        if much != 0.0:
            for i in range(len(rate)):
                rate[i] += much * felt[i]


@compiled
def _logs(rate: Floats, weight: Floats) -> float:
    """Return the weighted sum of logarithms; minus infinity where a rate is nothing.

    Incidents of one day weigh the same: the logarithm of their product is one logarithm, not many.
    """
    value, product, shared = 0.0, 1.0, weight[0]
    for i in range(len(rate)):
        if not rate[i] > 0.0:
            return -np.inf
        if weight[i] != shared or product > _MOST or product < _LEAST:
            value += shared * np.log(product)
            product, shared = 1.0, weight[i]
        if _SMALL < rate[i] < _LARGE:
            product *= rate[i]
        else:
            value += weight[i] * np.log(rate[i])
    return float(value + shared * np.log(product))


@compiled
def _height(ground: Ground, theta: Floats, slope: Floats, curve: Floats, curved: bool) -> float:
    """Return what is climbed, prior included, and write its slope and, if wanted, its curvature."""
    value = likelihood(ground, theta, slope, curve, curved)
    for j in range(len(theta)):
        value -= ground.rates[j] * theta[j]
        slope[j] -= ground.rates[j]
        if ground.counts[j] > 0:
            value += ground.counts[j] * np.log(theta[j])
            slope[j] += ground.counts[j] / theta[j]
            if curved:
                curve[j, j] += ground.counts[j] / theta[j] ** 2
    return value


@compiled
def _direction(theta: Floats, curve: Floats, slope: Floats) -> Floats:
    """Return the step to the summit of the parabola that has this slope and curvature, within the bounds.

    Which weights end at the bound is found by the primal-dual active set method (Hintermüller, Ito and Kunisch 2002).
    """
    free = (theta > 0) | (slope > 0)
    move = np.zeros_like(slope)
    for _ in range(30):
        move = np.where(free, 0.0, -theta)
        inside = np.flatnonzero(free)
        many = len(inside)
        if many:
            want = slope - np.dot(curve, move)
            part = np.empty((many, many))
            for a in range(many):
                for b in range(many):
                    part[a, b] = curve[inside[a], inside[b]]
            for a in range(many):
                part[a, a] += 1e-12 * part[a, a] + 1e-300
            move[inside] = np.linalg.solve(part, want[inside])
        left = slope - np.dot(curve, move)
        wanted = np.where(free, theta + move > 0, left > 0)
        if np.all(wanted == free):
            break
        free = wanted
    return np.maximum(move, -theta)


@compiled
def _search(
    ground: Ground, theta: Floats, value: float, slope: Floats, move: Floats, curve: Floats, curved: bool
) -> tuple[Floats, float, Floats]:
    """Go along ``move``, bent at the bound, as far as it leads up; NaN for the value when it does not."""
    length = 1.0
    tilt = np.empty_like(slope)
    while length > 1e-8:
        target = np.maximum(theta + length * move, 0.0)
        gain = 0.0
        for j in range(len(theta)):
            if ground.counts[j] > 0 and target[j] < theta[j] / 10:
                target[j] = theta[j] / 10
            gain += slope[j] * (target[j] - theta[j])
        there = _height(ground, target, tilt, curve, curved)
        if there >= value + 1e-4 * max(gain, 0.0) - 1e-12 * abs(value):
            return target, there, tilt
        length /= 2
    return theta, np.nan, slope


@compiled
def climb(ground: Ground, theta: Floats, curved: bool) -> Summit:
    """Go up by projected Newton steps. The curvature is kept while steps shrink fast: a slope costs a part of it.

    ``curved``: whether the curvature at the summit itself is wanted.
    """
    slope = np.empty_like(theta)
    curve, anew = np.zeros((len(theta), len(theta))), np.zeros((len(theta), len(theta)))
    value = _height(ground, theta, slope, curve, True)
    if not np.isfinite(value):
        return Summit(theta, curve, -np.inf, 0, False)
    fresh, close, taken, settled = True, False, 0, False
    # Beyond this gain the beginning is so far off that the curvature there says little.
    before = 0.3 * ground.weight.sum()
    while taken < _STEPS:
        move = _direction(theta, curve, slope)
        promised = np.dot(slope, move)
        close = promised < _CLOSE if fresh else close
        # What rounding leaves of so large a sum cannot be gained.
        settled = promised < _SETTLED + 1e-12 * abs(value)
        if settled:
            break
        taken += 1
        keep = promised < before / 30
        target, there, tilt = _search(ground, theta, value, slope, move, anew, not keep)
        if np.isnan(there):
            if fresh:
                break
            _height(ground, theta, slope, curve, True)
            fresh = True
            continue
        theta, value, slope = target, there, tilt
        before, fresh = promised, not keep
        if fresh:
            curve, anew = anew, curve
    if curved and not close:
        _height(ground, theta, slope, curve, True)
    return Summit(theta, curve, value - _prior(ground, theta), taken, settled)


@compiled
def _prior(ground: Ground, theta: Floats) -> float:
    value = 0.0
    for j in range(len(theta)):
        value -= ground.rates[j] * theta[j]
        if ground.counts[j] > 0:
            value += ground.counts[j] * np.log(theta[j])
    return value
