"""What may come in the next days: for each node, or each group of nodes, a distribution and its reasons.

Drawn from the fitted model: what is already on its way, and what that would bring. Each run has weights of its own,
drawn from their uncertainty, so that the spread shows what is not known as well as what is left to chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.simulate import Drawn, Route, joined, offspring
from tejido.analysis.warning_model import Learned, rates_after

#: Counts from here up are told apart no more.
_MOST = 200


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """The next ``days``. One row for each group: ``expected`` strikes, ``low`` and ``high`` (the middle 90 in 100),

    ``chance`` of at least one; ``parts``: groups × names in ``names``, how the expected strikes divide into
    background and relations. ``total``: the strikes of all groups together in each run.
    """

    days: int
    expected: Floats
    low: Floats
    high: Floats
    chance: Floats
    parts: Floats
    names: tuple[str, ...]
    total: Floats


def forecast(
    learned: Learned, *, days: int = 30, runs: int = 1000, seed: int = 1, group: Whole | None = None
) -> Forecast:
    """Draw what may happen in the ``days`` after the last day; ``group``: of each node, -1 for none, else by node."""
    return forecasts(learned, [group], days=days, runs=runs, seed=seed)[0]


def forecasts(
    learned: Learned, groups: Sequence[Whole | None], *, days: int = 30, runs: int = 1000, seed: int = 1
) -> tuple[Forecast, ...]:
    """Draw once what may happen, and tell it for each way of grouping the nodes."""
    found, chance = learned.features, np.random.default_rng(seed)
    weights = _weights(learned, runs, chance)
    drawn = _following(learned, _coming(learned, weights, days, chance), weights, days, chance)
    every = np.arange(len(found.nodes))
    return tuple(_told(learned, drawn, every if group is None else group, days, runs) for group in groups)


def _told(learned: Learned, drawn: Drawn, rows: Whole, days: int, runs: int) -> Forecast:
    influences = learned.features.influences
    many = int(rows.max(initial=-1)) + 1
    names = tuple(dict.fromkeys(one.part for one in influences))
    part = np.array([names.index(one.part) for one in influences])
    kept = rows[drawn.node] >= 0
    where, run = rows[drawn.node][kept], drawn.run[kept]
    cell = where * len(names) + part[drawn.influence[kept]]
    split = np.bincount(cell, minlength=many * len(names)).reshape(many, len(names)) / runs
    low, high, some = _spread(where, run, many, runs)
    total = np.bincount(run, minlength=runs).astype(np.float64)
    return Forecast(days, split.sum(axis=1), low, high, some, split, names, total)


def _weights(learned: Learned, runs: int, chance: np.random.Generator) -> Floats:
    """Draw weights of all influences for each run, none below zero, with the mean that was fitted."""
    fit = learned.fit
    values, vectors = np.linalg.eigh(fit.covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = np.maximum(fit.theta + chance.standard_normal((runs, len(fit.theta))) @ root.T, 0.0)
    mean = drawn.mean(axis=0)
    whole = np.zeros((runs, len(learned.used)))
    whole[:, learned.used] = drawn * np.divide(fit.theta, mean, out=np.ones_like(mean), where=mean > 0)
    return whole


def _coming(learned: Learned, weights: Floats, days: int, chance: np.random.Generator) -> Drawn:
    """Draw what earlier incidents and the constant bring in the next days."""
    found = learned.features
    lifetime = np.array([one.lifetime for one in found.influences])
    rate = rates_after(learned)
    lag = np.arange(days)
    fade = np.exp(-lag[None, :] / lifetime[:, None])
    theta = learned.theta
    scale = np.divide(weights, theta, out=np.zeros_like(weights), where=theta > 0)
    counts = chance.poisson(scale * (rate.sum(axis=0) * fade.sum(axis=1)))
    parts = []
    for j in range(len(theta)):
        run = np.repeat(np.arange(len(weights)), counts[:, j])
        if len(run):
            node = chance.choice(len(rate), size=len(run), p=rate[:, j] / rate[:, j].sum())
            day = chance.choice(days, size=len(run), p=fade[j] / fade[j].sum())
            parts.append(Drawn(np.asarray(found.until + 1.0 + day, dtype=np.float64), node, run, np.full(len(run), j)))
    return joined(parts)


def _following(learned: Learned, first: Drawn, weights: Floats, days: int, chance: np.random.Generator) -> Drawn:
    found = learned.features
    theta, width = learned.theta, len(found.settings.lifetimes)
    column = [at for at in range(1, len(found.influences)) if theta[at] > 0]
    routes = {at: Route.of(found.relations[at], found.nodes, found.until) for at in {(c - 1) // width for c in column}}
    return offspring(
        first, routes=[routes[(at - 1) // width] for at in column], column=column,
        lifetime=np.array([one.lifetime for one in found.influences]), weights=weights,
        end=float(found.until + days), settings=found.settings, chance=chance,
    )  # fmt: skip


def _spread(where: Whole, run: Whole, many: int, runs: int) -> tuple[Floats, Floats, Floats]:
    """Return the 5th and 95th of 100 and the chance of at least one, by group; runs without any count as zero."""
    pairs, counts = np.unique(where * runs + run, return_counts=True)
    groups = pairs // runs
    some = np.bincount(groups, minlength=many)
    wide = min(int(counts.max(initial=0)), _MOST) + 1
    cell = groups * wide + np.minimum(counts, _MOST)
    table = np.bincount(cell, minlength=many * wide).reshape(many, wide)
    table[:, 0] = runs - some
    upto = np.cumsum(table, axis=1)
    low = (upto < 0.05 * runs).sum(axis=1)
    high = (upto < 0.95 * runs).sum(axis=1)
    return low.astype(np.float64), high.astype(np.float64), some / runs
