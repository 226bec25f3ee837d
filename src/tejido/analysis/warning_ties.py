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


def tied(nodes: Nodes, fabric: Fabric, kind: str, *, steps: int = 3, carried: float = 0.5) -> Relation:
    """Those reached from the struck actor along ties of a kind that held on that day, in either direction.

    At each step a walker takes a tie with the chance of its weight (strength times certainty) among the actor's ties
    of that day; it goes on with chance ``carried``, at most ``steps`` times. Where it stops, there the share falls;
    back at the struck actor it is lost, and the rest is brought back to one. Ties of weight nothing lead nowhere.
    """
    actors = len(fabric.actors)
    web = _web(fabric, kind)
    read = readers(np.arange(len(nodes)), nodes.actor, nodes=len(nodes))
    crowd = np.bincount(nodes.actor, minlength=actors).astype(np.float64)

    def spread(struck: Strikes) -> Spread:
        strike, hub, weight = _walks(struck.time, nodes.actor[struck.node], web, crowd, steps, carried, _LEAST)
        return Spread(strike, hub, weight)

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
def _walks(
    time: Floats, actor: Whole, web: Readers, crowd: Floats, steps: int, carried: float, least: float
) -> tuple[Whole, Whole, Floats]:
    """Return who is reached from each strike, and with what share."""
    many = len(crowd)
    stopped, here, after = np.zeros(many), np.zeros(many), np.zeros(many)
    known = np.zeros(many, dtype=np.bool_)
    reached = np.empty(many, dtype=np.int64)
    strike, hub = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64)
    weight = np.empty(1024)
    filled = 0
    for e in range(len(time)):
        count = _walk(time[e], actor[e], web, steps, carried, least, stopped, here, after, known, reached)
        whole = 0.0
        for j in range(count):
            if crowd[reached[j]] > 0 and reached[j] != actor[e]:
                whole += stopped[reached[j]]
        if filled + count > len(hub):
            wanted = max(2 * len(hub), filled + count)
            strike, hub, weight = _longer(strike, wanted), _longer(hub, wanted), _longer_floats(weight, wanted)
        for j in range(count):
            to = reached[j]
            if whole > 0 and crowd[to] > 0 and to != actor[e] and stopped[to] > 0:
                strike[filled], hub[filled] = e, to
                weight[filled] = stopped[to] / (whole * crowd[to])
                filled += 1
            stopped[to] = 0.0
            known[to] = False
    return strike[:filled], hub[:filled], weight[:filled]


@compiled
def _walk(
    day: float, origin: int, web: Readers, steps: int, carried: float, least: float, stopped: Floats, here: Floats,
    after: Floats, known: Yes, reached: Whole,
) -> int:  # fmt: skip
    """Let one walker out; ``reached`` lists where it came, ``stopped`` how likely it stayed there."""
    known[origin], reached[0], here[origin] = True, origin, 1.0
    count = 1
    for step in range(steps):
        before = count
        for j in range(before):
            at = reached[j]
            share = here[at]
            here[at] = 0.0
            whole = 0.0
            for t in range(web.first[at], web.first[at + 1]):
                if web.start[t] <= day <= web.end[t]:
                    whole += web.share[t]
            if share <= 0 or whole <= 0:
                continue
            if share < least:
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
    return count


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
