"""Patterns put into an invented history on purpose, so that looking for them can be put to the test."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tejido.analysis.frame_checks import Floats, Whole

#: The day that invented histories begin with: 1 January 2015. Weeks and years go by the calendar.
FIRST_DAY = 16_436.0
MEANS = ("threat", "surveillance", "smear", "attack", "detention", "raid")
#: How many collectives a round goes to, a few days apart.
ROUND = 5


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """Patterns to put in; a part is the share of incidents, 0 to 1, that it moves or adds to.

    ``weekday``: a day (0 Monday) and a part moved to it · ``month``: 1 to 12 and a part · ``before``: days of
    occasions, and a part of what lies within 45 days that is moved into the week before · ``sequence``: two means and
    the part of the first that the second follows within three weeks · ``rounds``: an aggressor's place among the
    aggressors and how many rounds it makes, from collective to collective.
    """

    weekday: tuple[int, float] | None = None
    month: tuple[int, float] | None = None
    before: tuple[Floats, float] | None = None
    sequence: tuple[str, str, float] | None = None
    rounds: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What happened, as columns: day, collective, aggressor, position of the means, parent and relation."""

    day: Floats
    struck: Whole
    by: Whole
    means: Whole
    parent: Whole
    relation: Whole


def plant(planted: Planted, told: Told, collectives: Whole, aggressors: Whole, chance: np.random.Generator) -> Told:
    """Return the columns with the patterns in them; what is added follows nothing."""
    day = told.day.copy()
    if planted.weekday:
        wanted, part = planted.weekday
        chosen = chance.random(len(day)) < part
        day[chosen] += wanted - (day[chosen] + 3) % 7
    if planted.month:
        wanted, part = planted.month
        chosen = chance.random(len(day)) < part
        year = day[chosen].astype("datetime64[D]").astype("datetime64[Y]")
        first = (year.astype("datetime64[M]") + (wanted - 1)).astype("datetime64[D]").astype(np.float64)
        day[chosen] = first + chance.integers(0, 28, len(first))
    if planted.before:
        day = _before(day, np.sort(planted.before[0]), planted.before[1], chance)
    told = replace(told, day=day)
    if planted.sequence:
        told = _sequence(told, planted.sequence, chance)
    return _rounds(told, planted.rounds, collectives, aggressors, chance) if planted.rounds else told


def _before(day: Floats, occasions: Floats, part: float, chance: np.random.Generator) -> Floats:
    nearest = occasions[np.abs(day[:, None] - occasions[None, :]).argmin(axis=1)]
    chosen = (np.abs(day - nearest) <= 45) & (chance.random(len(day)) < part)
    return np.where(chosen, nearest - chance.integers(1, 8, len(day)), day)


def _sequence(told: Told, sequence: tuple[str, str, float], chance: np.random.Generator) -> Told:
    first, second, part = sequence
    chosen = np.flatnonzero((told.means == MEANS.index(first)) & (chance.random(len(told.day)) < part))
    later = told.day[chosen] + chance.integers(1, 22, len(chosen))
    return _added(told, later, told.struck[chosen], told.by[chosen], MEANS.index(second))


def _rounds(
    told: Told, rounds: tuple[int, int], collectives: Whole, aggressors: Whole, chance: np.random.Generator
) -> Told:
    place, many = rounds
    low, high = told.day.min(initial=FIRST_DAY), told.day.max(initial=FIRST_DAY + 1.0)
    begin = np.floor(chance.uniform(low, high, many))
    day = (begin[:, None] + 4.0 * np.arange(ROUND)[None, :]).ravel()
    struck = np.concatenate([chance.permutation(collectives)[:ROUND] for _ in range(many)])
    return _added(told, day, struck, np.full(len(day), aggressors[place]), MEANS.index("threat"))


def _added(told: Told, day: Floats, struck: Whole, by: Whole, means: int) -> Told:
    many = len(day)
    nothing, background = np.full(many, -1), np.zeros(many, dtype=np.int64)
    return Told(
        np.append(told.day, day), np.append(told.struck, struck), np.append(told.by, by),
        np.append(told.means, np.full(many, means)), np.append(told.parent, nothing),
        np.append(told.relation, background),
    )  # fmt: skip
