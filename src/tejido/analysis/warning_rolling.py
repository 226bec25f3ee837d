"""Predicting day by day with what was known, and the gate: may relations be shown as learned?

Every ``refit`` days the weights are fitted on the past; with these weights each of the next days is predicted from all
that happened before it. Nothing of the day itself, or after it, is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tejido.analysis.frame_checks import Floats, Yes
from tejido.analysis.scoring import Comparison, diebold_mariano
from tejido.analysis.threads import threads
from tejido.analysis.warning_model import Features, Learned, learn

#: With fewer strikes than this in the days to compare, nothing can be told apart, and the simple rate is shown.
FEWEST: Final = 20
#: How many days back the gate looks.
LONGEST: Final = 730
#: How unlikely a gain must be if there were none.
LEVEL: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Rolled:
    """Predictions of the days from ``first_day``: ``expected`` strikes, ``seen`` strikes, and the log ``score``.

    The score of a day is the sum over its strikes of the log of their rate, less the expected strikes: the Poisson
    log-likelihood without the term that is the same for all forecasters. ``rate``: of each strike of these days.
    """

    first_day: int
    expected: Floats
    seen: Floats
    score: Floats
    rate: Floats

    def part(self, begin: int, end: int) -> tuple[float, float, float]:
        """Return score per strike, expected and seen strikes from day ``begin`` to the day before ``end``."""
        rows = slice(begin - self.first_day, end - self.first_day)
        seen = float(self.seen[rows].sum())
        return float(self.score[rows].sum()) / max(seen, 1.0), float(self.expected[rows].sum()), seen


def roll(found: Features, *, begin: int, end: int, refit: int = 30, used: Yes | None = None) -> Rolled:
    """Predict the days from ``begin`` to the day before ``end``, using only influences that ``used`` says."""
    theta = np.zeros((end - begin, len(found.influences)))
    learned: Learned | None = None
    for day in range(begin, end, refit):
        start = learned.fit.theta if learned is not None else None
        learned = learn(found, until=day - 1, used=used, begin=start, sure=False)
        theta[day - begin : day - begin + refit] = learned.theta
    return rolled(found, theta, begin)


def rolled(found: Features, theta: Floats, begin: int) -> Rolled:
    """Return the predictions of given weights, one row of ``theta`` for each day from ``begin``."""
    days = len(theta)
    expected = np.einsum("dj,dj->d", found.daily[begin - found.first_day :][:days], theta)
    which = np.ceil(found.struck.time).astype(np.int64) - begin
    rows = np.flatnonzero((which >= 0) & (which < days))
    rate = np.einsum("ij,ij->i", found.felt[rows], theta[which[rows]])
    with np.errstate(divide="ignore"):
        logs = np.log(rate)
    score = np.bincount(which[rows], weights=logs, minlength=days) - expected
    seen = np.bincount(which[rows], minlength=days).astype(np.float64)
    return Rolled(begin, expected, seen, score, rate)


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """The verdict: may relations be shown as learned? ``by_relation``: the gain of each over the model without it."""

    open: bool
    comparison: Comparison
    by_relation: dict[str, Comparison]
    days: int
    strikes: int

    def learned(self, relation: str) -> bool:
        """Say whether a relation may be shown as learned: the gate is open and the relation has its own gain."""
        own = self.by_relation.get(relation)
        return self.open and own is not None and own.p < LEVEL


def gate(found: Features, *, begin: int | None = None, refit: int = 30, each: bool = True) -> Gate:
    """Compare the full model, out of sample, with a Poisson rate that moves slowly (the background alone).

    ``begin``: the first day compared; left out, after a third of the days and at least half a year, but not more than
    two years back: what held long ago may not hold. ``each``: compare with the model without each relation as well.
    """
    end = found.until + 1
    early = max(found.first_day + 180, found.first_day + (end - found.first_day) // 3, end - LONGEST)
    first = early if begin is None else begin
    strikes = int(np.count_nonzero(np.ceil(found.struck.time) >= first))
    if first >= end - 1 or strikes < FEWEST:
        return Gate(False, diebold_mariano(np.zeros(0), np.zeros(0)), {}, max(end - first, 0), strikes)

    def score(used: Yes) -> Floats:
        return roll(found, begin=first, end=end, refit=refit, used=used).score

    full, slow = threads().map(score, [np.ones(len(found.influences), dtype=np.bool_), found.background()])
    verdict = diebold_mariano(full, slow)
    accepted = bool(verdict.p < LEVEL)
    parts = list(dict.fromkeys(one.relation for one in found.influences if not one.background))
    without = [np.array([one.background or one.relation != part for one in found.influences]) for part in parts]
    alone = threads().map(score, without if each and accepted else ())
    by = {part: diebold_mariano(full, less) for part, less in zip(parts, alone, strict=False)}
    return Gate(accepted, verdict, by, end - first, strikes)
