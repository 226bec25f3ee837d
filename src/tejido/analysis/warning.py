"""Early warning from records: the whole road in one call, and ``warm`` for whoever must not wait.

    reading = read(fabric, history, until=day_number(today))
    reading.gate.open                        # may relations be shown as learned?
    forecast(reading.warning, days=30)       # what may come, with reasons
    exposures(reading.exposing, incident=7)  # whom an incident touches

Where the gate is shut, ``warning`` is the rate that moves slowly, and ``exposing`` the defaults: assumed, not learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from tejido.analysis.exposure import exposures_to
from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.frames import Actors, Fabric, History, Incidents, Involvements, Ties
from tejido.analysis.scoring import Fitness, rescaled_fitness
from tejido.analysis.warning_fit import RateFit
from tejido.analysis.warning_forecast import forecast
from tejido.analysis.warning_model import Features, Learned, Settings, features, learn, oldest_that_counts, prior_of
from tejido.analysis.warning_mutual import fit_mutual
from tejido.analysis.warning_relations import (
    Nodes,
    Relation,
    Strikes,
    everywhere,
    itself,
    near,
    same_aggressor,
    shared,
    strikes,
)  # fmt: skip
from tejido.analysis.warning_rolling import LONGEST, Gate, gate
from tejido.analysis.warning_ties import tied

#: Ties by which one belongs to a collective; all other kinds are walked along.
BELONGING: Final = ("member_of", "leads", "part_of")
#: Ties that say who stands against whom carry no solidarity of harm.
AGAINST: Final = ("threatens", "has_interest_in", "controls", "duty_towards")
#: Distance at which what a territory feels has fallen to 1/e. Assumed, not learned.
REACH_KM: Final = 50.0

Basis = Literal["learned", "assumed"]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the records let us say: ``learned`` from everything, ``warning`` and ``exposing`` as the gate allows."""

    learned: Learned
    gate: Gate
    warning: Learned
    exposing: Learned
    fitness: Fitness

    def basis(self, relation: str) -> Basis:
        """Say whether the weight of a relation is learned from these records or assumed."""
        return "learned" if self.gate.learned(relation) else "assumed"


def relations_of(fabric: Fabric, history: History, nodes: Nodes, struck: Strikes) -> tuple[Relation, ...]:
    """Return every relation there is something of in the records."""
    found = [itself(nodes), everywhere(nodes)]
    member, group, start, end = _belonging(fabric, nodes)
    if len(member) > len(nodes):
        found.append(shared("collective", nodes, member, group, groups=len(fabric.actors), start=start, end=end))
    found += [tied(nodes, fabric, kind) for kind in fabric.ties.kinds if kind not in BELONGING and kind not in AGAINST]
    if (nodes.territory >= 0).any():
        found.append(near(nodes, fabric, reach_km=REACH_KM))
    if history.involvements.perpetrator.any():
        found.append(same_aggressor(nodes, history, struck))
    return tuple(found)


def _belonging(fabric: Fabric, nodes: Nodes) -> tuple[Whole, Whole, Floats, Floats]:
    """Return nodes and the collectives they belong to; each collective belongs to itself."""
    ties = fabric.ties
    codes = [row for row, kind in enumerate(ties.kinds) if kind in BELONGING]
    rows = np.flatnonzero(np.isin(ties.kind, codes) & (ties.source != ties.target) & (ties.weight > 0))
    # Parallel ties say the same thing twice: the widest stretch of days stands for them.
    pairs, place = np.unique(np.stack([ties.source[rows], ties.target[rows]], axis=1), axis=0, return_inverse=True)
    first, last = np.full(len(pairs), np.inf), np.full(len(pairs), -np.inf)
    np.minimum.at(first, place.reshape(-1), ties.start[rows])
    np.maximum.at(last, place.reshape(-1), ties.end[rows])
    order = np.argsort(nodes.actor, kind="stable")
    low = np.searchsorted(nodes.actor[order], pairs[:, 0], side="left")
    many = np.searchsorted(nodes.actor[order], pairs[:, 0], side="right") - low
    tie = np.repeat(np.arange(len(pairs)), many)
    step = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    node = order[np.repeat(low, many) + step]
    every = np.arange(len(nodes))
    return (
        np.concatenate([every, node]),
        np.concatenate([nodes.actor, pairs[tie, 1]]).astype(np.int64),
        np.concatenate([np.full(len(every), -np.inf), first[tie]]),
        np.concatenate([np.full(len(every), np.inf), last[tie]]),
    )


def read(
    fabric: Fabric, history: History, *, until: float, first_day: float | None = None, nodes: Nodes | None = None,
    settings: Settings | None = None, days: Floats | None = None, relations: Sequence[Relation] | None = None,
    verdict: Gate | None = None, marks: Sequence[int] = (),
) -> Reading:  # fmt: skip
    """Fit the model on all up to ``until``, try it at the gate, and return what may be shown.

    ``first_day``: left out, the day of the first incident · ``days``: of each incident, where dates are drawn
    (``dates``) · ``verdict``: of an earlier reading, since the gate takes longest · ``marks``: days of which
    ``Features.as_of`` will be asked. Incidents after ``until`` and those found because of a warning are left out.
    """
    where = Nodes.of_actors(fabric) if nodes is None else nodes
    asked = settings or Settings()
    struck = strikes(where, history, days=days, learn=True)
    known = relations_of(fabric, history, where, struck) if relations is None else relations
    earliest = float(struck.time[struck.time <= until].min(initial=until))
    start = min(earliest if first_day is None else first_day, until)
    # So far back the gate looks, or whoever asks for an earlier day, and a fit as far again as anything has weight.
    since = min([until - LONGEST, *marks]) - oldest_that_counts(asked) - 2
    found = features(
        where, struck, known, first_day=start, until=until, settings=asked, marks=marks, felt_since=since
    )  # fmt: skip
    learned = learn(found)
    tried = gate(found) if verdict is None else verdict
    if tried.open:
        return Reading(learned, tried, learned, learned, fitness(learned))
    slow = learn(found, used=found.background())
    return Reading(learned, tried, slow, assumed(found), fitness(slow))


def assumed(found: Features) -> Learned:
    """Return the model with the documented default weights, which nothing was learned for."""
    prior = prior_of(found)
    theta = prior.counts / prior.rates
    many = len(theta)
    fit = RateFit(theta, np.diag(prior.counts / prior.rates**2), 0.0, 0, True, np.zeros(many, dtype=np.bool_))
    return Learned(found, np.ones(many, dtype=np.bool_), fit, found.until)


def fitness(learned: Learned, *, seed: int = 1) -> Fitness:
    """Test the fit by its own clock: days on which much was expected run fast. Whole days are spread by chance."""
    found = learned.features
    elapsed = np.concatenate([[0.0], np.cumsum(found.daily @ learned.theta)])
    time = found.struck.time[np.ceil(found.struck.time) >= found.first_day]
    if found.settings.grain == "daily":
        time = time - np.random.default_rng(seed).random(len(time))
    clock = np.interp(np.sort(time), np.arange(len(elapsed)) + found.first_day - 1.0, elapsed)
    return rescaled_fitness(np.diff(np.concatenate([[0.0], clock])))


def warm() -> None:
    """Call every compiled loop once on a fabric of three, so that no page waits for it to be translated."""
    actors = Actors.of(["a", "b", "c"])
    ties = Ties.of([0, 1, 0], [1, 2, 2], actors=3, kind=["works_with", "works_with", "member_of"])
    fabric = Fabric.of(actors, ties)
    incidents = Incidents.of(["1", "2", "3"], [0.0, 3.0, 5.0])
    history = History.of(incidents, Involvements.of([0, 1, 2], [0, 1, 2], incidents=3, actors=3))
    reading = read(fabric, history, until=9.0)
    forecast(reading.warning, runs=2)
    exposures_to(reading.exposing, reading.learned.features.struck, days=30, since=9.0)
    continuous = replace(Settings(), grain="continuous")
    read(fabric, history, until=9.0, settings=continuous)
    fit_mutual([np.array([1.0, 2.0])], end=3.0, beta=1.0)
