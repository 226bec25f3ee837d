"""How an incident reaches others: the kinds of relation, each as hubs that incidents fill and nodes read.

A *node* is what can be struck: an actor, or an actor in a territory. A *strike* is one incident on one node. What a
strike puts out along one relation sums to one over all nodes, or to nothing where the relation leads nowhere, so
weights compare: 0.1 means that a strike brings 0.1 further strikes along that relation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from tejido.analysis.compiling import compiled
from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.frames import Fabric, History
from tejido.analysis.warning_sweep import Deposits, Readers, readers

EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """What can be struck: rows of ``Actors`` and of ``Territories`` (-1: wherever), each pair once."""

    actor: Whole
    territory: Whole

    def __len__(self) -> int:
        return len(self.actor)

    @classmethod
    def of_actors(cls, fabric: Fabric) -> Self:
        """Return one node for each actor."""
        many = len(fabric.actors)
        return cls(np.arange(many), np.full(many, -1))

    @classmethod
    def placed(cls, fabric: Fabric, history: History) -> Self:
        """Return one node for each actor in each territory where it is or was struck, and one for it wherever."""
        many = len(fabric.actors)
        what, who = history.involvements.victims()
        actor = np.concatenate([np.arange(many), fabric.presences.actor, who])
        where = np.concatenate(
            [np.full(many, -1), fabric.presences.territory, history.incidents.territory[what]]
        ).astype(np.int64)
        return cls.of_pairs(actor, where)

    @classmethod
    def of_pairs(cls, actor: Whole, territory: Whole) -> Self:
        """Return one node for each pair there is, in order."""
        return cls(*_pairs(actor, territory)[:2])

    def find(self, actor: Whole, territory: Whole) -> Whole:
        """Return the node of each pair: in that territory, else wherever; -1 where the actor is no node."""
        if not len(self):
            return np.full(len(actor), -1, dtype=np.int64)
        wide = int(max(self.territory.max(initial=-1), territory.max(initial=-1))) + 2
        keys = self.actor * wide + self.territory + 1
        order = np.argsort(keys)
        found = np.full(len(actor), -1, dtype=np.int64)
        for where in (np.full_like(territory, -1), territory):
            wanted = actor * wide + where + 1
            place = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
            found = np.where(keys[place] == wanted, place, found)
        return found


class Strikes(NamedTuple):
    """Incidents on nodes by rising time: ``time`` (days), ``node``, ``incident`` (-1: supposed), ``weight``."""

    time: Floats
    node: Whole
    incident: Whole
    weight: Floats


def strikes(
    nodes: Nodes, history: History, *, days: Floats | None = None, severity: bool = True, learn: bool = False
) -> Strikes:
    """Return who was struck and when; ``days`` stands in for the middle of what is known of each date.

    The weight is the severity over its mean, so that an ordinary incident puts out one. With ``learn``, incidents
    found because of a warning are left out.
    """
    incidents = history.incidents
    when = np.floor((incidents.earliest + incidents.latest) / 2) if days is None else days
    what, who = history.involvements.victims()
    node = nodes.find(who, incidents.territory[what])
    kept = node >= 0
    if learn:
        kept &= ~incidents.from_warning[what]
    what, node, _ = _pairs(what[kept], node[kept])
    order = np.lexsort((node, what, when[what]))
    what, node = what[order], node[order]
    weight = incidents.severity[what] if severity else np.ones(len(what))
    mean = float(weight.mean()) if len(weight) else 1.0
    return Strikes(when[what], node, what, weight / mean if mean > 0 else weight)


class Spread(NamedTuple):
    """What strikes put into hubs: ``which`` row each puts in by, and the rows, which several strikes may share.

    Row r is ``first[r]`` to ``first[r + 1]`` of ``hub`` and ``share``; what all who read a hub get adds up.
    """

    which: Whole
    first: Whole
    hub: Whole
    share: Floats

    def until(self, many: int) -> Spread:
        """Return what the first ``many`` strikes put in."""
        return self._replace(which=self.which[:many])

    def told(self) -> tuple[Whole, Whole, Floats]:
        """Return it strike by strike: the number of the strike, the hub, the share."""
        strike, place = _rows(self.first, self.which)
        return strike, self.hub[place], self.share[place]


Spreading = Callable[[Strikes], Spread]


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """One kind of relation: ``name``, how strikes ``spread`` into so many ``hubs``, who reads them."""

    name: str
    spread: Spreading
    read: Readers
    hubs: int

    def put(self, struck: Strikes, found: Spread) -> Deposits:
        """Return what strikes, which spread as was ``found``, put into hubs."""
        return Deposits(struck.time, struck.weight, *found)


def itself(nodes: Nodes) -> Relation:
    """Each node is struck again because it was struck."""
    many = len(nodes)
    own = np.arange(many)

    def spread(struck: Strikes) -> Spread:
        return Spread(struck.node, np.arange(many + 1), own, np.ones(many))

    return Relation("itself", spread, readers(own, own, nodes=many), many)


def everywhere(nodes: Nodes, name: str = "everywhere") -> Relation:
    """Every node alike, because anyone was struck."""
    many = len(nodes)

    def spread(struck: Strikes) -> Spread:
        nought = np.zeros(1, dtype=np.int64)
        return Spread(np.zeros(len(struck.node), dtype=np.int64), np.arange(2), nought, np.full(1, 1.0 / max(many, 1)))

    return Relation(name, spread, readers(np.arange(many), np.zeros(many, dtype=np.int64), nodes=many), 1)


def shared(
    name: str, nodes: Nodes, node: Whole, group: Whole, *, groups: int, start: Floats | None = None,
    end: Floats | None = None,
) -> Relation:  # fmt: skip
    """Those who belong to a group the struck one belonged to on that day; shared out evenly, first over groups.

    ``node``, ``group``: who belongs where, from ``start`` to ``end``. A group of one leads nowhere.
    """
    read = readers(node, group, nodes=len(nodes), start=start, end=end)
    # How many there were in each group on a day: those who had come less those who had gone.
    came = _by_group(read.hub, read.start, groups)
    gone = _by_group(read.hub, read.end, groups)

    def spread(struck: Strikes) -> Spread:
        return Spread(np.arange(len(struck.node)), *_shared_out(struck.time, struck.node, read, came, gone))

    return Relation(name, spread, read, groups)


def near(nodes: Nodes, fabric: Fabric, *, reach_km: float) -> Relation:
    """Those in the same territory and, falling off exponentially with distance, in those around it.

    ``reach_km``: the distance at which it has fallen to 1/e; beyond three times that it is nothing. A territory
    without a place reaches itself alone.
    """
    places = fabric.territories
    node = np.flatnonzero(nodes.territory >= 0)
    read = readers(node, nodes.territory[node], nodes=len(nodes))
    crowd = np.bincount(nodes.territory[node], minlength=len(places)).astype(np.float64)
    first, other, share = _around(places.latitude, places.longitude, crowd, reach_km)

    def spread(struck: Strikes) -> Spread:
        where = nodes.territory[struck.node]
        # The last row is empty: that of nodes of which no territory is known.
        return Spread(np.where(where >= 0, where, len(places)), first, other, share)

    return Relation("territory", spread, read, len(places))


def same_aggressor(nodes: Nodes, history: History, struck: Strikes) -> Relation:
    """Those whom one who is said to have done it had struck before, shared out evenly."""
    incidents, who = history.involvements.perpetrators()
    known, hub = np.unique(who, return_inverse=True)
    by_incident = readers(incidents, hub.astype(np.int64), nodes=len(history.incidents))
    strike, place = _rows(by_incident.first, np.maximum(struck.incident, 0))
    node, aggressor, time = struck.node[strike], by_incident.hub[place], struck.time[strike]
    # Whom it struck first on a day is in its reach from the day after.
    reached, by, at = _pairs(node, aggressor)
    read = readers(reached, by, nodes=len(nodes), start=np.floor(time[at]) + 1.0)
    came = _by_group(read.hub, read.start, len(known))

    def spread(asked: Strikes) -> Spread:
        real = np.flatnonzero(asked.incident >= 0)
        row, found = _rows(by_incident.first, asked.incident[real])
        row, hubs = real[row], by_incident.hub[found]
        size = _counted(came, hubs, asked.time[row], side="right")
        row, hubs, size = row[size > 0], hubs[size > 0], size[size > 0]
        often = np.bincount(row, minlength=len(asked.node))
        first = np.concatenate([[0], np.cumsum(often)]).astype(np.int64)
        return Spread(np.arange(len(asked.node)), first, hubs, 1.0 / (often[row] * size))

    return Relation("aggressor", spread, read, len(known))


def _pairs(one: Whole, other: Whole) -> tuple[Whole, Whole, Whole]:
    """Return the pairs there are, each once and in order, and where each first stands; numbers are from -1 up."""
    wide = int(other.max(initial=-1)) + 2
    keys, at = np.unique((one + 1) * wide + other + 1, return_index=True)
    return keys // wide - 1, keys % wide - 1, at


@compiled
def _shared_out(
    time: Floats, node: Whole, read: Readers, came: tuple[Whole, Floats], gone: tuple[Whole, Floats]
) -> tuple[Whole, Whole, Floats]:
    """Return for each strike the groups of more than one that its node was in, and an even share of each."""
    rows = 0
    for one in node:
        rows += read.first[one + 1] - read.first[one]
    first, hub, share = np.zeros(len(node) + 1, dtype=np.int64), np.empty(rows, dtype=np.int64), np.empty(rows)
    filled = 0
    for e in range(len(node)):
        begin, day = filled, time[e]
        for at in range(read.first[node[e]], read.first[node[e] + 1]):
            if read.start[at] <= day <= read.end[at]:
                group = read.hub[at]
                here = np.searchsorted(came[1][came[0][group] : came[0][group + 1]], day, side="right")
                size = here - np.searchsorted(gone[1][gone[0][group] : gone[0][group + 1]], day, side="left")
                if size > 1:
                    hub[filled], share[filled] = group, 1.0 / size
                    filled += 1
        for at in range(begin, filled):
            share[at] /= filled - begin
        first[e + 1] = filled
    return first, hub[:filled], share[:filled]


def _by_group(hub: Whole, time: Floats, groups: int) -> tuple[Whole, Floats]:
    """Return times sorted within each hub, and where each hub begins."""
    order = np.lexsort((time, hub))
    first = np.zeros(groups + 1, dtype=np.int64)
    np.cumsum(np.bincount(hub, minlength=groups), out=first[1:])
    return first, time[order]


def _counted(sorted_: tuple[Whole, Floats], hub: Whole, time: Floats, *, side: str) -> Whole:
    """Return how many times of each hub are before ``time`` (``left``), or not after it (``right``)."""
    first, times = sorted_
    low, high = first[hub].copy(), first[hub + 1].copy()
    while (open_ := low < high).any():
        middle = (low + high) // 2
        value = times[np.minimum(middle, max(len(times) - 1, 0))]
        before = open_ & ((value <= time) if side == "right" else (value < time))
        low, high = np.where(before, middle + 1, low), np.where(open_ & ~before, middle, high)
    return np.asarray(low - first[hub], dtype=np.int64)


def _rows(first: Whole, which: Whole) -> tuple[Whole, Whole]:
    """Return, for each asked row of a table in rows, its number among those asked and each of its places."""
    many = first[which + 1] - first[which]
    return np.repeat(np.arange(len(which)), many), np.repeat(first[which], many) + _steps(many)


def _steps(many: Whole) -> Whole:
    """Return 0, 1, … anew for each count."""
    total = int(many.sum())
    return np.arange(total) - np.repeat(np.cumsum(many) - many, many)


def _around(latitude: Floats, longitude: Floats, crowd: Floats, reach_km: float) -> tuple[Whole, Whole, Floats]:
    """Return for each territory those in reach and the share of each, and an empty row; nothing where nobody reads."""
    first, others, shares = [0], [], []
    north, east = np.radians(latitude), np.radians(longitude)
    for here in range(len(latitude)):
        half = np.sin((north - north[here]) / 2) ** 2
        half = half + np.cos(north) * np.cos(north[here]) * np.sin((east - east[here]) / 2) ** 2
        distance = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
        distance[here] = 0.0
        found = np.flatnonzero((distance <= 3 * reach_km) & (crowd > 0))
        fall = np.exp(-distance[found] / reach_km)
        total = float(fall @ crowd[found])
        others.append(found)
        shares.append(fall / total if total > 0 else fall)
        first.append(first[-1] + len(found))
    empty = np.empty(0)
    return (
        np.array([*first, first[-1]], dtype=np.int64),
        np.concatenate([*others, empty]).astype(np.int64),
        np.concatenate([*shares, empty]),
    )
