"""Whom an incident touches: the further incidents it is expected to bring to each node, and along what paths.

Exposure of u to e over the next H days is the sum over relations r and lifetimes k of

    beta_rk K_r(V_e -> u) [G_k(t + H - t_e) - G_k(t - t_e)],

what e itself still brings; what those further incidents would bring in turn is left to ``warning_forecast``. The same
terms, read from the other side, say which earlier incidents weigh most on a node.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.warning_model import Features, Learned
from tejido.analysis.warning_relations import Relation, Strikes


@dataclass(frozen=True, slots=True, eq=False)
class Exposures:
    """Expected further incidents by node, all of them: rows of nodes × ``relations``; ``error`` of each row's sum.

    ``hub[r]``: for each node, the hub of relation r that carries most (a collective, a territory, an aggressor; -1
    for none). It says the path in words together with the relation's name.
    """

    expected: Floats
    error: Floats
    by_relation: Floats
    relations: tuple[str, ...]
    hub: tuple[Whole, ...]

    def ranked(self, many: int) -> Whole:
        """Return the nodes with the largest expectation, the largest first; ties by the node's number."""
        order = np.lexsort((np.arange(len(self.expected)), -self.expected))[:many]
        return order[self.expected[order] > 0]


def exposures(learned: Learned, *, incident: int, days: int = 30, since: float | None = None) -> Exposures:
    """Return whom an incident (a row of ``Incidents``) touches in the ``days`` after ``since``.

    ``since``: the last day that is over; left out, the last day the model looked at, or the day of the incident if
    that is later. An incident that struck no node touches nobody.
    """
    struck = _of_incident(learned.features, incident)
    last = max(float(learned.features.until) if since is None else since, float(struck.time.max(initial=-np.inf)))
    return exposures_to(learned, struck, days=days, since=last)


def exposures_to(learned: Learned, struck: Strikes, *, days: int, since: float) -> Exposures:
    """Return whom strikes touch, real or supposed; see ``exposures``."""
    found = learned.features
    nodes, width = len(found.nodes), len(found.settings.lifetimes)
    reach = np.zeros((nodes, len(found.influences)))
    by = np.zeros((nodes, len(found.relations)))
    carried = []
    theta = learned.theta
    for at, relation in enumerate(found.relations):
        columns = slice(1 + at * width, 1 + (at + 1) * width)
        left, hub = _felt_from(relation, struck, found, days=days, since=since)
        reach[:, columns] = left
        by[:, at] = left @ theta[columns]
        carried.append(hub)
    used = reach[:, learned.used]
    error = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", used, learned.fit.covariance, used), 0.0))
    names = tuple(relation.name for relation in found.relations)
    return Exposures(by.sum(axis=1), error, by, names, tuple(carried))


@dataclass(frozen=True, slots=True)
class Reason:
    """One earlier ``incident`` that weighs on a node: along which ``relation``, with how many ``expected``."""

    incident: int
    relation: str
    expected: float


def reasons(learned: Learned, *, node: int, days: int = 30, most: int = 5) -> tuple[Reason, ...]:
    """Return the earlier incidents that are expected to bring most to a node in the ``days`` after the last day."""
    found = learned.features
    since, width = float(found.until), len(found.settings.lifetimes)
    told: dict[tuple[int, str], float] = {}
    for at, relation in enumerate(found.relations):
        theta = learned.theta[1 + at * width : 1 + (at + 1) * width]
        spread = found.spreads[at]
        share = _shares_of(relation, node, since + 1.0)
        row = np.repeat(np.arange(len(spread.first) - 1), np.diff(spread.first))
        heard = np.bincount(row, weights=spread.share * share[spread.hub], minlength=len(spread.first) - 1)
        strike = np.flatnonzero(heard[spread.which] > 0)
        still = _still(found, found.struck.time[strike], days, since) @ theta
        weight = heard[spread.which[strike]] * found.struck.weight[strike] * still
        incidents, place = np.unique(found.struck.incident[strike], return_inverse=True)
        for incident, value in zip(incidents, np.bincount(place, weights=weight), strict=True):
            told[int(incident), relation.name] = float(value)
    ranked = sorted(told.items(), key=lambda one: (-one[1], one[0]))[:most]
    return tuple(Reason(incident, name, value) for (incident, name), value in ranked if value > 0)


def _of_incident(found: Features, incident: int) -> Strikes:
    rows = found.struck.incident == incident
    struck = found.struck
    return Strikes(struck.time[rows], struck.node[rows], struck.incident[rows], struck.weight[rows])


def _still(found: Features, time: Floats, days: int, since: float) -> Floats:
    """Return how much of the influence of each time falls into the days after ``since``: times × lifetimes."""
    rates = 1.0 / np.array(found.settings.lifetimes)
    lag = np.maximum(since - time, 0.0)[:, None]
    return np.asarray(np.exp(-rates * lag) * -np.expm1(-rates * days), dtype=np.float64)


def _felt_from(
    relation: Relation, struck: Strikes, found: Features, *, days: int, since: float
) -> tuple[Floats, Whole]:
    """Return what each node will feel (nodes × lifetimes, before weights) and the hub that carries most of it."""
    nodes = len(found.nodes)
    strike, hub, share = relation.spread(struck).told()
    still = _still(found, struck.time[strike], days, since)
    in_hub = np.zeros((relation.hubs, still.shape[1]))
    np.add.at(in_hub, hub, (share * struck.weight[strike])[:, None] * still)
    read = relation.read
    day = since + 1.0
    rows = np.flatnonzero((read.start <= day) & (day <= read.end) & (in_hub.sum(axis=1)[read.hub] > 0))
    node = np.repeat(np.arange(nodes), np.diff(read.first))[rows]
    part = read.share[rows][:, None] * in_hub[read.hub[rows]]
    felt = np.zeros((nodes, still.shape[1]))
    np.add.at(felt, node, part)
    most = np.full(nodes, -1, dtype=np.int64)
    order = np.argsort(part.sum(axis=1), kind="stable")
    most[node[order]] = read.hub[rows][order]
    return felt, most


def _shares_of(relation: Relation, node: int, day: float) -> Floats:
    read = relation.read
    rows = np.arange(read.first[node], read.first[node + 1])
    rows = rows[(read.start[rows] <= day) & (day <= read.end[rows])]
    share = np.zeros(max(relation.hubs, 1))
    np.add.at(share, read.hub[rows], read.share[rows])
    return share
