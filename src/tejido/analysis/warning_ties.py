"""How an incident reaches others along dated ties of one kind: a walk of at most a few steps from those struck."""

from __future__ import annotations

import numpy as np

from tejido.analysis.compiling import compiled
from tejido.analysis.frame_checks import Floats, Whole, Yes
from tejido.analysis.frames import Fabric
from tejido.analysis.warning_relations import Nodes, Relation, Spread, Strikes
from tejido.analysis.warning_sweep import Readers, readers

#: A share smaller than this is not carried on: it stays where it is.
_LEAST = 1e-2
#: Who would get less than this part of what the one reached most gets is left out: in a dense fabric nearly everybody
#: is within three steps of everybody, and what reaches all alike says nothing of ties.
_COUNTED = 0.05


def tied(nodes: Nodes, fabric: Fabric, kind: str, *, steps: int = 3, carried: float = 0.5) -> Relation:
    """Those reached from the struck actor along ties of a kind that held on that day, in either direction.

    At each step a walker takes a tie with the chance of its weight (strength times certainty) among the actor's ties
    of that day; it goes on with chance ``carried``, at most ``steps`` times. Where it stops, there the share falls;
    what is back at the struck actor or tiny is lost, and the rest is brought back to one. Ties of weight nothing lead
    nowhere.
    """
    actors = len(fabric.actors)
    web = _web(fabric, kind)
    read = readers(np.arange(len(nodes)), nodes.actor, nodes=len(nodes))
    crowd = np.bincount(nodes.actor, minlength=actors).astype(np.float64)

    def spread(struck: Strikes) -> Spread:
        actor = nodes.actor[struck.node]
        order = np.lexsort((struck.time, actor))
        walks = _distinct(order, struck.time, actor, web, crowd, steps, carried)
        return Spread(*_told(*walks))

    return Relation(kind, spread, read, actors)


def _web(fabric: Fabric, kind: str) -> Readers:
    """Return the ties of a kind from both their ends; ties to oneself and of no weight are left out."""
    ties = fabric.ties
    code = ties.kinds.index(kind) if kind in ties.kinds else -1
    kept = (ties.kind == code) & (ties.source != ties.target) & (ties.weight > 0)
    from_, to = ties.source[kept], ties.target[kept]
    twice = [np.tile(column[kept], 2) for column in (ties.weight, ties.start, ties.end)]
    return readers(
        np.concatenate([from_, to]), np.concatenate([to, from_]), nodes=len(fabric.actors),
        share=twice[0], start=twice[1], end=twice[2],
    )  # fmt: skip


@compiled
def _distinct(
    order: Whole, time: Floats, actor: Whole, web: Readers, crowd: Floats, steps: int, carried: float
) -> tuple[Whole, Whole, Whole, Floats]:
    """Walk from each actor anew only when a tie on the way began or ended; ``order``: strikes by actor and time.

    Returns for each strike which walk is its own; and of the walks where each begins, who is reached, with what share.
    """
    many = len(crowd)
    stopped, here, after = np.zeros(many), np.zeros(many), np.zeros(many)
    known = np.zeros(many, dtype=np.bool_)
    reached = np.empty(many, dtype=np.int64)
    which, first = np.empty(len(order), dtype=np.int64), np.zeros(len(order) + 1, dtype=np.int64)
    hub, weight = np.empty(1024, dtype=np.int64), np.empty(1024)
    walks, filled, holds = 0, 0, -np.inf
    for at in range(len(order)):
        e = order[at]
        if at and actor[e] == actor[order[at - 1]] and time[e] <= holds:
            which[e] = walks - 1
            continue
        origin = actor[e]
        count, holds = _walk(time[e], origin, web, steps, carried, stopped, here, after, known, reached)
        most, whole = 0.0, 0.0
        for j in range(count):
            if reached[j] != origin and crowd[reached[j]] > 0:
                most = max(most, stopped[reached[j]])
        for j in range(count):
            to = reached[j]
            if to == origin or crowd[to] == 0 or stopped[to] < _COUNTED * most:
                stopped[to] = 0.0
            whole += stopped[to]
        if filled + count > len(hub):
            wanted = max(2 * len(hub), filled + count)
            hub, weight = _longer(hub, wanted), _longer_floats(weight, wanted)
        for j in range(count):
            to = reached[j]
            if stopped[to] > 0:
                hub[filled], weight[filled] = to, stopped[to] / (whole * crowd[to])
                filled += 1
            stopped[to], known[to] = 0.0, False
        which[e] = walks
        walks += 1
        first[walks] = filled
    return which, first[: walks + 1], hub[:filled], weight[:filled]


@compiled
def _told(which: Whole, first: Whole, place: Whole, share: Floats) -> tuple[Whole, Whole, Floats]:
    """Return for each strike the rows of its walk: the strike, who is reached, the share."""
    rows = 0
    for walk in which:
        rows += first[walk + 1] - first[walk]
    strike, hub, weight = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int64), np.empty(rows)
    filled = 0
    for e in range(len(which)):
        for at in range(first[which[e]], first[which[e] + 1]):
            strike[filled], hub[filled], weight[filled] = e, place[at], share[at]
            filled += 1
    return strike, hub, weight


@compiled
def _walk(
    day: float, origin: int, web: Readers, steps: int, carried: float, stopped: Floats, here: Floats, after: Floats,
    known: Yes, reached: Whole,
) -> tuple[int, float]:  # fmt: skip
    """Let one walker out; ``reached`` lists where it came, ``stopped`` how likely it stayed there.

    Returns how many were reached, and the last time up to which the same walk would be taken.
    """
    known[origin], reached[0], here[origin] = True, origin, 1.0
    count, holds = 1, np.inf
    for step in range(steps):
        before = count
        for j in range(before):
            at = reached[j]
            share = here[at]
            here[at] = 0.0
            whole = 0.0
            for t in range(web.first[at], web.first[at + 1]):
                if day < web.start[t]:
                    holds = min(holds, np.nextafter(web.start[t], -np.inf))
                elif day <= web.end[t]:
                    holds = min(holds, web.end[t])
                    whole += web.share[t]
            if share <= 0 or whole <= 0:
                continue
            if share < _LEAST:
                stopped[at] += share
                continue
            for t in range(web.first[at], web.first[at + 1]):
                if web.start[t] <= day <= web.end[t]:
                    to = web.hub[t]
                    after[to] += share * web.share[t] / whole
                    if not known[to]:
                        known[to], reached[count] = True, to
                        count += 1
        for j in range(count):
            at = reached[j]
            last = step == steps - 1
            stopped[at] += after[at] * (1.0 if last else 1.0 - carried)
            here[at] = 0.0 if last else after[at] * carried
            after[at] = 0.0
    return count, holds


@compiled
def _longer(column: Whole, wanted: int) -> Whole:
    longer = np.empty(wanted, dtype=np.int64)
    longer[: len(column)] = column
    return longer


@compiled
def _longer_floats(column: Floats, wanted: int) -> Floats:
    longer = np.empty(wanted)
    longer[: len(column)] = column
    return longer
