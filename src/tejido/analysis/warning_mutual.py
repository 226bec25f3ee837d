"""Streams of incidents that excite each other, every stream every other: the classical multivariate Hawkes process.

With few streams (aggressors, regions, lists of several organisations) no relation needs to be given: each pair has a
weight of its own,

    lambda_i(t) = mu_i + sum_j alpha_ij sum_{t_j < t} beta exp(-beta (t - t_j)).

For a given beta the log-likelihood falls apart into one concave problem for each stream (Ogata 1978, 1981); what is
felt of each stream is known from the recursion of Ozaki (1979). Time is continuous here, in any unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import optimize

from tejido.analysis.compiling import compiled
from tejido.analysis.frame_checks import Floats, Whole, finite, floats
from tejido.analysis.warning_fit import RateFit, fit_rate
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

#: Strikes of a stream whose rows are written at once: columns are far apart, and going to each costs more than that.
_TOGETHER = 16

NOT_IN_TIME = N_("A time lies before the beginning or after the end. Nothing was reckoned; correct the times.")


class Felt(NamedTuple):
    """For each stream, its strikes × (1, what was felt of each stream), laid out column by column; and the sums over

    time of these columns."""

    rows: list[Floats]
    total: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Mutual:
    """``mu``: strikes per unit of time · ``alpha[i, j]``: strikes on i that one on j brings · ``beta``: per unit."""

    mu: Floats
    alpha: Floats
    beta: float
    log_likelihood: float
    fits: tuple[RateFit, ...]


def felt_of(times: Sequence[Floats], *, beta: float, end: float) -> Felt:
    """Reckon what each strike felt, in one walk. ``times``: rising, one array for each stream, from 0 to ``end``."""
    columns = [floats(one, frame="times", column=str(row)) for row, one in enumerate(times)]
    for row, column in enumerate(columns):
        finite(column, frame="times", name=str(row))
        if len(column) and (column.min() < 0 or column.max() > end):
            raise BadInput(NOT_IN_TIME)
    many = len(columns)
    stream = np.repeat(np.arange(many), [len(column) for column in columns])
    time = np.concatenate([*columns, np.empty(0)])
    order = np.argsort(time, kind="stable")
    begin = np.concatenate([[0], np.cumsum([len(column) for column in columns])]).astype(np.int64)
    felt, total = _recursion(time[order], stream[order], begin, many, beta, end)
    wide = many + 1
    rows = [felt[begin[i] * wide : begin[i + 1] * wide].reshape(wide, -1).T for i in range(many)]
    return Felt(rows, np.concatenate([[end], total]))


def mutual_log_likelihood(times: Sequence[Floats], *, mu: Floats, alpha: Floats, beta: float, end: float) -> float:
    """Return the log-likelihood (nats) of the strikes of all streams from 0 to ``end``."""
    felt = felt_of(times, beta=beta, end=end)
    value = 0.0
    for i, rows in enumerate(felt.rows):
        theta = np.concatenate([[mu[i]], alpha[i]])
        with np.errstate(divide="ignore"):
            value += float(np.log(rows @ theta).sum()) - float(felt.total @ theta)
    return value


def fit_mutual(times: Sequence[Floats], *, end: float, beta: float | None = None) -> Mutual:
    """Return the most likely weights; ``beta`` as well where it is left out (one for all, by Brent's search)."""
    if beta is not None:
        return _fitted(times, beta, end)
    many = sum(len(one) for one in times)
    slowest, fastest = np.log(1.0 / end), np.log(100.0 * max(many, 1) / end)
    starts = np.linspace(slowest, fastest, 12)
    values = [-_fitted(times, float(np.exp(start)), end).log_likelihood for start in starts]
    best = int(np.argmin(values))
    found = optimize.minimize_scalar(
        lambda logged: -_fitted(times, float(np.exp(logged)), end).log_likelihood, method="bounded",
        bounds=(starts[max(best - 1, 0)], starts[min(best + 1, len(starts) - 1)]), options={"xatol": 1e-7},
    )  # fmt: skip
    return _fitted(times, float(np.exp(found.x)), end)


def _fitted(times: Sequence[Floats], beta: float, end: float) -> Mutual:
    felt = felt_of(times, beta=beta, end=end)
    fits = tuple(fit_rate(rows, felt.total) for rows in felt.rows)
    theta = np.array([fit.theta for fit in fits])
    value = sum(fit.log_likelihood for fit in fits)
    return Mutual(theta[:, 0], theta[:, 1:], beta, value, fits)


@compiled
def _recursion(time: Floats, stream: Whole, begin: Whole, many: int, beta: float, end: float) -> tuple[Floats, Floats]:
    """Return stream after stream, and in it column after column, one and what each strike felt of each stream.

    And the sums over time of these columns.
    """
    felt = np.empty(len(time) * (many + 1))
    total, state = np.zeros(many), np.zeros(many)
    place, long = begin[:-1] * (many + 1), np.diff(begin)
    waiting, waits = np.ones((many, _TOGETHER, many + 1)), np.zeros(many, dtype=np.int64)
    at = 0
    now = 0.0
    while at < len(time):
        then = time[at]
        fade = np.exp(-beta * (then - now))
        for j in range(many):
            state[j] *= fade
        now = then
        batch = at
        while at < len(time) and time[at] == then:
            one = stream[at]
            mine = waiting[one, waits[one]]
            for j in range(many):
                mine[j + 1] = state[j]
            waits[one] += 1
            if waits[one] == _TOGETHER:
                _pour(waiting[one], felt[place[one] :], long[one])
                place[one] += _TOGETHER
                waits[one] = 0
            at += 1
        for e in range(batch, at):
            state[stream[e]] += beta
            total[stream[e]] += -np.expm1(-beta * (end - then))
    for one in range(many):
        _pour(waiting[one, : waits[one]], felt[place[one] :], long[one])
    return felt, total


@compiled
def _pour(rows: Floats, felt: Floats, long: int) -> None:
    """Write rows side by side into columns that are ``long``."""
    for j in range(rows.shape[1]):
        column = felt[j * long : j * long + len(rows)]
        for row in range(len(rows)):
            column[row] = rows[row, j]
