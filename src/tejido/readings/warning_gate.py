"""The gate as a circle chose it, and what the fit behind it says of each relation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tejido.analysis.warning import Reading, assumed, fitness
from tejido.analysis.warning_model import learn
from tejido.domain.affectation_weights import LearnedShare


def shut_below(reading: Reading, fewest: int) -> Reading:
    """Return the reading with its gate shut where fewer than ``fewest`` incidents were there to be tried on."""
    if not reading.gate.open or reading.gate.strikes >= fewest:
        return reading
    found = reading.learned.features
    slow = learn(found, used=found.background())
    return Reading(reading.learned, replace(reading.gate, open=False), slow, assumed(found), fitness(slow))


def shares_of(reading: Reading) -> tuple[LearnedShare, ...]:
    """Return how many further incidents one incident brings along each relation, as fitted.

    A relation's weight is the sum over its fading times; the interval (95 in 100) follows from their covariance.
    The whole fabric and oneself reach no other along a tie, and are left out.
    """
    fit, found = reading.learned.fit, reading.learned.features
    used = [one for one, use in zip(found.influences, reading.learned.used, strict=True) if use]
    names = dict.fromkeys(one.relation for one in used if not one.background)
    told = []
    for name in names:
        if name in ("itself", "everywhere"):
            continue
        mine = np.array([not one.background and one.relation == name for one in used])
        brings = float(fit.theta[mine].sum())
        wide = 1.96 * float(np.sqrt(max(fit.covariance[np.ix_(mine, mine)].sum(), 0.0)))
        told.append(LearnedShare(name, brings, max(0.0, brings - wide), brings + wide, reading.gate.learned(name)))
    return tuple(told)
