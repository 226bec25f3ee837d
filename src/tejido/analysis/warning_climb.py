"""The climb to the summit of a concave log-likelihood, compiled: see ``warning_fit`` for what is climbed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tejido.analysis.compiling import compiled, compiled_freely
from tejido.analysis.frame_checks import Floats

#: Rows whose curvature is summed together: they stay in the cache.
_BLOCK = 512
#: Gains (nats) below which the summit is reached, and below which the curvature is as good as that of the summit.
_SETTLED, _CLOSE = 1e-7, 1e-2
_STEPS = 100


class Ground(NamedTuple):
    """What is climbed: ``felt`` (rows × influences), ``total``, ``weight`` of rows, and the prior's two columns."""

    felt: Floats
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
def likelihood(ground: Ground, theta: Floats, slope: Floats) -> float:
    """Return the log-likelihood without the prior, and write its gradient; minus infinity for the impossible."""
    value = 0.0
    columns = len(theta)
    for j in range(columns):
        slope[j] = -ground.total[j]
        value -= ground.total[j] * theta[j]
    for i in range(len(ground.felt)):
        rate = 0.0
        for j in range(columns):
            rate += ground.felt[i, j] * theta[j]
        if rate <= 0.0:
            return -np.inf
        value += ground.weight[i] * np.log(rate)
        share = ground.weight[i] / rate
        for j in range(columns):
            slope[j] += share * ground.felt[i, j]
    return value


@compiled_freely
def curvature(ground: Ground, theta: Floats) -> Floats:
    """Return minus the Hessian, prior included."""
    columns = len(theta)
    curve = np.zeros((columns, columns))
    scaled = np.empty((_BLOCK, columns))
    for at in range(0, len(ground.felt), _BLOCK):
        many = min(_BLOCK, len(ground.felt) - at)
        for i in range(many):
            rate = 0.0
            for j in range(columns):
                rate += ground.felt[at + i, j] * theta[j]
            share = np.sqrt(ground.weight[at + i]) / rate
            for j in range(columns):
                scaled[i, j] = share * ground.felt[at + i, j]
        rows = scaled[:many]
        curve += np.dot(rows.T, rows)
    for j in range(columns):
        if ground.counts[j] > 0:
            curve[j, j] += ground.counts[j] / theta[j] ** 2
    return curve


@compiled
def _height(ground: Ground, theta: Floats, slope: Floats) -> float:
    value = likelihood(ground, theta, slope)
    for j in range(len(theta)):
        value -= ground.rates[j] * theta[j]
        slope[j] -= ground.rates[j]
        if ground.counts[j] > 0:
            value += ground.counts[j] * np.log(theta[j])
            slope[j] += ground.counts[j] / theta[j]
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
def _search(ground: Ground, theta: Floats, value: float, slope: Floats, move: Floats) -> tuple[Floats, float, Floats]:
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
        there = _height(ground, target, tilt)
        if there >= value + 1e-4 * max(gain, 0.0) - 1e-12 * abs(value):
            return target, there, tilt
        length /= 2
    return theta, np.nan, slope


@compiled
def climb(ground: Ground, theta: Floats) -> Summit:
    """Go up by projected Newton steps. The curvature is kept while steps shrink fast: a slope costs a part of it."""
    slope = np.empty_like(theta)
    value = _height(ground, theta, slope)
    curve = np.zeros((len(theta), len(theta)))
    if not np.isfinite(value):
        return Summit(theta, curve, -np.inf, 0, False)
    fresh, keep, close, taken, settled = True, False, False, 0, False
    # Beyond this gain the beginning is so far off that the curvature there says little.
    before = 0.3 * ground.weight.sum()
    while taken < _STEPS:
        fresh = not keep
        if fresh:
            curve = curvature(ground, theta)
        move = _direction(theta, curve, slope)
        promised = np.dot(slope, move)
        close = promised < _CLOSE if fresh else close
        # What rounding leaves of so large a sum cannot be gained.
        settled = promised < _SETTLED + 1e-12 * abs(value)
        if settled:
            break
        taken += 1
        target, there, tilt = _search(ground, theta, value, slope, move)
        if np.isnan(there):
            keep = False
            if fresh:
                break
            continue
        theta, value, slope = target, there, tilt
        keep = promised < before / 30
        before = promised
    if not close:
        curve = curvature(ground, theta)
    return Summit(theta, curve, value - _prior(ground, theta), taken, settled)


@compiled
def _prior(ground: Ground, theta: Floats) -> float:
    value = 0.0
    for j in range(len(theta)):
        value -= ground.rates[j] * theta[j]
        if ground.counts[j] > 0:
            value += ground.counts[j] * np.log(theta[j])
    return value
