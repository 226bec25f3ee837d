"""Histories drawn from the model: for tests with a known truth, and for what may come next.

A strike brings further strikes: along each influence a Poisson number of them, each on somebody whom that relation
reaches and after a waiting time of that lifetime (Hawkes and Oakes 1974). A generation is drawn at once.
Everything is decided by the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.warning_model import Influence, Settings
from tejido.analysis.warning_relations import Nodes, Relation, Strikes
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

EXPLODES = N_(
    "With these weights each incident would bring one or more further ones on average, without end. "
    "Nothing was drawn; give smaller weights."
)


class Table(NamedTuple):
    """Rows of places with weights, ready to be drawn from: row r is ``first[r]`` to ``first[r + 1]``."""

    first: Whole
    place: Whole
    summed: Floats

    @classmethod
    def of(cls, first: Whole, place: Whole, weight: Floats) -> Table:
        """Sum up."""
        return cls(first, place, np.concatenate([[0.0], np.cumsum(weight)]))

    @classmethod
    def sorted(cls, row: Whole, place: Whole, weight: Floats, rows: int) -> Table:
        """Sort by row and sum up."""
        order = np.argsort(row, kind="stable")
        first = np.zeros(rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=rows), out=first[1:])
        return cls.of(first, place[order], weight[order])

    def whole(self) -> Floats:
        """Return the sum of each row."""
        return np.asarray(self.summed[self.first[1:]] - self.summed[self.first[:-1]])

    def draw(self, row: Whole, chance: np.random.Generator) -> Whole:
        """Return one place for each asked row, by weight; rows must weigh something."""
        low, high = self.summed[self.first[row]], self.summed[self.first[row + 1]]
        # Below the end even after rounding, so that what weighs nothing is never drawn.
        value = np.minimum(low + chance.random(len(row)) * (high - low), np.nextafter(high, low))
        return self.place[np.searchsorted(self.summed, value, side="right") - 1]


class Route(NamedTuple):
    """One relation on one day: from the ``row`` of the node that is struck to hubs, from hubs to who feels it."""

    row: Whole
    into: Table
    out: Table

    @classmethod
    def of(cls, relation: Relation, nodes: Nodes, day: float) -> Route:
        """Follow the relation from every node, with the ties of that day."""
        many = len(nodes)
        asked = Strikes(np.full(many, float(day)), np.arange(many), np.full(many, -1), np.ones(many))
        spread, read = relation.spread(asked), relation.read
        held = (read.start <= day) & (day <= read.end)
        node = np.repeat(np.arange(many), np.diff(read.first))[held]
        out = Table.sorted(read.hub[held], node, read.share[held], relation.hubs)
        return cls(spread.which, Table.of(spread.first, spread.hub, spread.share * out.whole()[spread.hub]), out)

    def whole(self) -> Floats:
        """Return how much of a strike on each node is felt."""
        return self.into.whole()[self.row]

    def draw(self, node: Whole, chance: np.random.Generator) -> Whole:
        """Return whom a strike on each node reaches; each reaches somebody."""
        return self.out.draw(self.into.draw(self.row[node], chance), chance)


def waits(lifetime: Floats, settings: Settings, chance: np.random.Generator) -> Floats:
    """Draw waiting times in days: whole days from 1 up, or any time above zero."""
    if settings.grain == "daily":
        return chance.geometric(-np.expm1(-1.0 / lifetime)).astype(np.float64)
    return chance.exponential(lifetime)


class Drawn(NamedTuple):
    """Drawn strikes in no order: ``time``, ``node``, ``run`` and the ``influence`` that brought each."""

    time: Floats
    node: Whole
    run: Whole
    influence: Whole


def offspring(
    first: Drawn, *, routes: Sequence[Route], column: Sequence[int], lifetime: Floats, weights: Floats, end: float,
    settings: Settings, chance: np.random.Generator,
) -> Drawn:  # fmt: skip
    """Return ``first`` with all that follows from it up to ``end``.

    ``routes[r]`` carries influence ``column[r]``, with ``lifetime[column[r]]``; ``weights``: runs × influences.
    """
    generations, latest = [first], first
    strength = [route.whole() for route in routes]
    while len(latest.time):
        parts = []
        for route, at, strong in zip(routes, column, strength, strict=True):
            mother = _mothers(weights[latest.run, at] * strong[latest.node], chance)
            time = latest.time[mother] + waits(np.full(len(mother), lifetime[at]), settings, chance)
            kept = mother[time <= end]
            node = route.draw(latest.node[kept], chance)
            parts.append(Drawn(time[time <= end], node, latest.run[kept], np.full(len(kept), at)))
        latest = joined(parts)
        generations.append(latest)
    return joined(generations)


def _mothers(many: Floats, chance: np.random.Generator) -> Whole:
    """Draw a Poisson number of children for each, ``many`` expected; return for each child its mother, by row.

    All children together are a Poisson number, and each falls to a mother by her part: the same chances, in one draw.
    """
    summed = np.cumsum(many)
    born = np.sort(chance.random(chance.poisson(summed[-1]))) * summed[-1]
    return np.asarray(np.searchsorted(summed, born, side="right"))


def joined(parts: Sequence[Drawn]) -> Drawn:
    """Return several draws as one."""
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return Drawn(np.empty(0), none, none, none)
    return Drawn(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def simulate(
    nodes: Nodes, relations: Sequence[Relation], weights: dict[Influence, float], *, rate: Floats, seed: int,
    first_day: float = 0.0, share: Floats | None = None, settings: Settings | None = None,
) -> Strikes:  # fmt: skip
    """Draw a history. ``rate``: strikes a day that nothing brought, for each day from ``first_day``.

    ``share``: how these fall on nodes (evenly, if left out) · ``weights``: strikes that one strike brings along each
    influence; ties are those of the first day. Raises ``BadInput`` where the history would explode.
    """
    asked, chance = settings or Settings(), np.random.default_rng(seed)
    if sum(weights.values()) >= 1:
        raise BadInput(EXPLODES)
    days, many = len(rate), len(nodes)
    counts = chance.poisson(rate)
    day = first_day + np.repeat(np.arange(days), counts).astype(np.float64)
    if asked.grain == "continuous":
        day += chance.random(len(day))
    node = chance.choice(many, size=len(day), p=share)
    named = {relation.name: Route.of(relation, nodes, first_day) for relation in relations}
    routes = [named[one.relation] for one in weights]
    alone = Drawn(day, node, np.zeros(len(day), dtype=np.int64), np.full(len(day), -1))
    end = first_day + days - (1 if asked.grain == "daily" else 0)
    drawn = offspring(
        alone, routes=routes, column=range(len(routes)), lifetime=np.array([one.lifetime for one in weights]),
        weights=np.array([list(weights.values())]), end=end, settings=asked, chance=chance,
    )  # fmt: skip
    order = np.lexsort((drawn.node, drawn.time))
    return Strikes(drawn.time[order], drawn.node[order], np.arange(len(order)), np.ones(len(order)))
