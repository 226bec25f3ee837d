"""Invented fabrics and histories of any size whose truth is known: for tests, measuring and learning.

Nobody in them is real. Collectives have sizes with a long tail, people belong to few of them and mostly near where
they live, a few organisations accompany many. What happens is a branching process: background incidents, and for each
a chance number that follow on the same collective, on a tied one, or near by (Hawkes and Oakes 1974).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.frames import (
    Actors,
    Acts,
    Fabric,
    History,
    Incidents,
    Involvements,
    Presences,
    Territories,
    Ties,
)
from tejido.analysis.synthetic_patterns import FIRST_DAY, MEANS, Planted, Told, plant

__all__ = ["FIRST_DAY", "MEANS", "Happened", "Planted", "Rates", "Woven", "happen", "weave"]

#: Of each hundred actors; all others are persons.
COLLECTIVES, ORGANISATIONS, AGGRESSORS = 4, 1, 1
#: Actors to a territory.
TO_A_TERRITORY = 400
BACKGROUND, OWN, TIED, NEAR = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, eq=False)
class Woven:
    """An invented fabric and its truth: ``home``, the collective each person belongs to first (-1 for others).

    ``territory``: the one each actor is in · ``collectives``, ``organisations``, ``aggressors``: their rows.
    """

    fabric: Fabric
    home: Whole
    territory: Whole
    collectives: Whole
    organisations: Whole
    aggressors: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Happened:
    """An invented history and its truth: ``parent``, the incident each followed (-1), and by which ``relation``.

    ``struck``: the collective · ``by``: the aggressor. All by row of the incidents, which are sorted by day.
    """

    history: History
    parent: Whole
    relation: Whole
    struck: Whole
    by: Whole


@dataclass(frozen=True, slots=True)
class Rates:
    """How incidents follow one another: mean followers of each kind for one incident, and their mean delay (days).

    ``wave``: how far the background swings up and down over ``wave_days``, 0 to 1.
    """

    own: float = 0.15
    tied: float = 0.2
    near: float = 0.1
    delay: float = 20.0
    wave: float = 0.0
    wave_days: float = 700.0


def weave(actors: int, *, seed: int = 0) -> Woven:
    """Return a fabric of so many actors, about five ties each; a million take some seconds."""
    chance = np.random.default_rng(seed)
    places = max(1, actors // TO_A_TERRITORY)
    kinds, rows = _kinds(actors)
    collectives, organisations, aggressors = rows
    territory = np.sort(chance.integers(0, places, actors))[chance.permutation(actors)] if actors else np.empty(0, int)
    people = np.flatnonzero(kinds == "person")
    home = np.full(actors, -1)
    if len(collectives) and len(people):
        home[people] = _homes(people, collectives, territory, chance)
    ties = _ties(people, home, rows, territory, chance, actors)
    fabric = Fabric.of(
        Actors(np.arange(actors).astype(np.str_), kinds), ties, _territories(places, chance),
        Presences.of(np.arange(actors), territory, actors=actors, territories=places),
    )  # fmt: skip
    return Woven(fabric, home, territory, collectives, organisations, aggressors)


def _kinds(actors: int) -> tuple[NDArray[np.str_], tuple[Whole, Whole, Whole]]:
    kinds = np.full(actors, "person", dtype="<U12")
    rows, start = [], 0
    for name, part in (("community", COLLECTIVES), ("organisation", ORGANISATIONS), ("armed_group", AGGRESSORS)):
        many = min(actors - start, max(1, actors * part // 100)) if actors > 2 else 0
        kinds[start : start + many] = name
        rows.append(np.arange(start, start + many))
        start += many
    return kinds, (rows[0], rows[1], rows[2])


def _territories(places: int, chance: np.random.Generator) -> Territories:
    middle = chance.uniform((-35.0, -75.0), (10.0, -55.0), (max(1, places // 20), 2))
    spot = middle[chance.integers(0, len(middle), places)] + chance.normal(0.0, 1.0, (places, 2))
    return Territories.of(
        np.arange(places).astype(np.str_), np.clip(spot[:, 0], -90, 90), np.clip(spot[:, 1], -180, 180)
    )


def _homes(people: Whole, collectives: Whole, territory: Whole, chance: np.random.Generator) -> Whole:
    """Give each person a collective of the own territory, the larger the likelier; any one where there is none."""
    weight = chance.pareto(1.3, len(collectives)) + 0.2
    order = np.argsort(territory[collectives], kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(weight[order])])
    there = territory[collectives][order]
    low = sums[np.searchsorted(there, territory[people], side="left")]
    high = sums[np.searchsorted(there, territory[people], side="right")]
    low, high = np.where(high > low, low, 0.0), np.where(high > low, high, sums[-1])
    drawn = low + chance.random(len(people)) * (high - low)
    chosen: Whole = collectives[order][np.minimum(np.searchsorted(sums, drawn, side="right") - 1, len(order) - 1)]
    return chosen


def _ties(
    people: Whole, home: Whole, rows: tuple[Whole, Whole, Whole], territory: Whole, chance: np.random.Generator,
    actors: int,
) -> Ties:  # fmt: skip
    collectives, organisations, aggressors = rows
    parts: list[tuple[str, Whole, Whole]] = []
    if len(people) and len(collectives):
        leads = chance.random(len(people)) < 0.06
        parts.append(("leads", people[leads], home[people[leads]]))
        parts.append(("member_of", people[~leads], home[people[~leads]]))
        by_home = people[np.argsort(home[people], kind="stable")]
        for steps, kind in ((1, "works_with"), (3, "works_with"), (2, "family_of")):
            near = home[by_home[:-steps]] == home[by_home[steps:]]
            parts.append((kind, by_home[:-steps][near], by_home[steps:][near]))
        some = people[chance.random(len(people)) < 0.3]
        parts.append(("contact_of", some, chance.choice(people, len(some))))
        near_by = collectives[np.argsort(territory[collectives], kind="stable")]
        parts.append(("allied_with", near_by[:-1], near_by[1:]))
        parts.append(("allied_with", collectives, chance.choice(collectives, len(collectives))))
    if len(organisations) and len(collectives):
        popular = (chance.pareto(1.1, len(organisations)) + 0.1).cumsum()
        drawn = np.searchsorted(popular, chance.random(len(collectives)) * popular[-1])
        parts.append(("accompanies", organisations[drawn], collectives))
        parts.append(("threatens", chance.choice(aggressors, len(collectives)), collectives))
    return _tied(parts, chance, actors)


def _tied(parts: list[tuple[str, Whole, Whole]], chance: np.random.Generator, actors: int) -> Ties:
    """Put the ties together with strengths, certainties and days; a tenth is over."""
    kinds = tuple(sorted({kind for kind, _, _ in parts}))
    source = np.concatenate([np.empty(0, np.int64), *(one for _, one, _ in parts)])
    target = np.concatenate([np.empty(0, np.int64), *(other for _, _, other in parts)])
    kind = np.concatenate([np.empty(0, np.int64), *(np.full(len(one), kinds.index(name)) for name, one, _ in parts)])
    many = len(source)
    start = np.where(chance.random(many) < 0.5, -np.inf, FIRST_DAY + chance.integers(0, 1500, many))
    end = np.where(chance.random(many) < 0.9, np.inf, FIRST_DAY + chance.integers(1500, 4000, many))
    strength, certainty = (
        chance.choice([0.5, 0.75, 1.0], many),
        chance.choice([1.0, 0.8, 0.5], many, p=[0.7, 0.2, 0.1]),
    )
    return Ties(source, target, kind, strength, certainty, start, end, kinds)


def happen(
    woven: Woven, *, background: float, days: float, seed: int = 0, rates: Rates | None = None,
    planted: Planted | None = None,
) -> Happened:  # fmt: skip
    """Return what happens to the collectives of a fabric: about ``background`` incidents of themselves, and followers.

    Followers after the last of the ``days`` are not seen. The mean number of followers of one must be below 1.
    """
    chance, how = np.random.default_rng(seed), rates or Rates()
    first = _background(woven, int(chance.poisson(background)), days, how, chance)
    day, struck, parent, relation = _followers(woven, first, days, how, chance)
    by = _aggressor_of(woven, struck, parent, chance)
    means = chance.choice(len(MEANS), len(day), p=[0.35, 0.2, 0.15, 0.15, 0.1, 0.05])
    told = Told(np.floor(day) + FIRST_DAY, struck, by, means, parent, relation)
    return _happened(woven, plant(planted or Planted(), told, woven.collectives, woven.aggressors, chance))


def _background(woven: Woven, many: int, days: float, how: Rates, chance: np.random.Generator) -> tuple[Floats, Whole]:
    """Return days and collectives, some of which are struck far more often than others."""
    if not len(woven.collectives) or not many:
        return np.empty(0), np.empty(0, dtype=np.int64)
    often = (chance.pareto(1.5, len(woven.collectives)) + 0.1).cumsum()
    # Four candidates for each leave enough: at least half of them are kept, whatever the wave.
    day = chance.random(4 * many + 100) * days
    wanted = 1.0 + how.wave * np.sin(2 * np.pi * day / how.wave_days)
    day = day[chance.random(len(day)) * (1.0 + how.wave) <= wanted][:many]
    return day, woven.collectives[np.searchsorted(often, chance.random(len(day)) * often[-1])]


def _followers(
    woven: Woven, first: tuple[Floats, Whole], days: float, how: Rates, chance: np.random.Generator
) -> tuple[Floats, Whole, Whole, Whole]:
    """Return days, collectives, parents and relations, generation after generation."""
    day, struck = first
    told: list[tuple[Floats, Whole, Whole, Whole]] = [
        (day, struck, np.full(len(day), -1), np.full(len(day), BACKGROUND))
    ]
    start = 0
    while len(told[-1][0]):
        day, struck, _, _ = told[-1]
        parts = []
        for way, mean in ((OWN, how.own), (TIED, how.tied), (NEAR, how.near)):
            source = np.repeat(np.arange(len(day)), chance.poisson(mean, len(day)))
            when = day[source] + chance.exponential(how.delay, len(source))
            whom = _next(woven, struck[source], way, chance)
            seen = (when < days) & (whom >= 0)
            parts.append((when[seen], whom[seen], source[seen] + start, np.full(int(seen.sum()), way)))
        start += len(day)
        told.append(_joined(parts))
    when, whom, parent, relation = _joined(told)
    order = np.argsort(when, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    parent = np.where(parent[order] >= 0, place[parent[order]], -1)
    return when[order], whom[order], parent, relation[order]


def _joined(parts: list[tuple[Floats, Whole, Whole, Whole]]) -> tuple[Floats, Whole, Whole, Whole]:
    when, whom, parent, relation = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return when, whom, parent, relation


def _next(woven: Woven, struck: Whole, relation: int, chance: np.random.Generator) -> Whole:
    """Return whom the next incident strikes: the same, one tied, or one near by; -1 where there is none."""
    if relation == OWN or not len(struck) or not len(woven.fabric.ties):
        return struck if relation == OWN else np.full(len(struck), -1)
    ties = woven.fabric.ties
    if relation == TIED:
        allied = np.array([kind == "allied_with" for kind in ties.kinds], dtype=np.bool_)[ties.kind]
        one, other = ties.source[allied], ties.target[allied]
        keys, ends = np.concatenate([one, other]), np.concatenate([other, one])
    else:
        keys, ends = woven.territory[woven.collectives], woven.collectives
        struck = woven.territory[struck]
    order = np.argsort(keys, kind="stable")
    low, high = np.searchsorted(keys[order], struck, side="left"), np.searchsorted(keys[order], struck, side="right")
    drawn = low + np.floor(chance.random(len(struck)) * (high - low)).astype(np.int64)
    if not len(order):
        return np.full(len(struck), -1)
    return np.where(high > low, ends[order][np.minimum(drawn, len(order) - 1)], -1)


def _aggressor_of(woven: Woven, struck: Whole, parent: Whole, chance: np.random.Generator) -> Whole:
    """Return who did it: the one who threatens that collective, sometimes somebody else."""
    threat = np.zeros(len(woven.fabric.actors), dtype=np.int64)
    ties = woven.fabric.ties
    if "threatens" in ties.kinds:
        against = ties.kind == ties.kinds.index("threatens")
        threat[ties.target[against]] = ties.source[against]
    other = chance.choice(woven.aggressors, len(struck)) if len(woven.aggressors) else np.full(len(struck), -1)
    return np.where(chance.random(len(struck)) < 0.7, threat[struck], other) if len(struck) else other


def _happened(woven: Woven, told: Told) -> Happened:
    """Put the columns into frames, sorted by day."""
    order = np.argsort(told.day, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    day, struck, by, means = told.day[order], told.struck[order], told.by[order], told.means[order]
    parent = np.where(told.parent[order] >= 0, place[told.parent[order]], -1)
    rows, many = np.arange(len(day)), len(day)
    incidents = Incidents(
        rows.astype(np.str_), day, day, np.ones(many), woven.territory[struck], np.zeros(many, dtype=np.bool_)
    )
    involved = Involvements.of(
        np.concatenate([rows, rows]), np.concatenate([struck, by]), np.repeat([False, True], many),
        incidents=many, actors=len(woven.fabric.actors),
    )  # fmt: skip
    history = History.of(incidents, involved, Acts(rows, np.array(MEANS)[means]))
    return Happened(history, parent, told.relation[order], struck, by)
