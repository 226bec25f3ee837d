"""How an incident reaches others along dated ties of one kind: a walk of at most a few steps from those struck."""

from __future__ import annotations

from typing import NamedTuple

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
        order = np.argsort(struck.time, kind="stable")
        return Spread(*_distinct(order, struck.time, nodes.actor[struck.node], web, crowd, steps, carried))

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


class _Held(NamedTuple):
    """The ties of each actor that hold on the day come to, written from where its row in the web begins.

    ``many`` of them, ``to`` whom, with the ``chance`` that each is taken; ``until``: the last time they hold.
    """

    many: Whole
    to: Whole
    chance: Floats
    until: Floats


class _Ways(NamedTuple):
    """Where a walker may be, by actor: how likely it ``stopped`` there, is ``here``, will be there ``after`` the step.

    ``known``: who was reached; ``reached``: the list of them. Clean between walks.
    """

    stopped: Floats
    here: Floats
    after: Floats
    known: Yes
    reached: Whole


@compiled
def _distinct(
    order: Whole, time: Floats, actor: Whole, web: Readers, crowd: Floats, steps: int, carried: float
) -> tuple[Whole, Whole, Whole, Floats]:
    """Walk from each actor anew only when a tie on the way began or ended; ``order``: strikes by rising time.

    Returns for each strike which walk is its own; and of the walks where each begins, who is reached, with what share.
    """
    many = len(crowd)
    held = _Held(np.zeros(many, dtype=np.int64), web.hub.copy(), web.share.copy(), np.full(many, -np.inf))
    ways = _Ways(
        np.zeros(many), np.zeros(many), np.zeros(many), np.zeros(many, dtype=np.bool_), np.empty(many, dtype=np.int64)
    )
    which, first = np.empty(len(order), dtype=np.int64), np.zeros(len(order) + 1, dtype=np.int64)
    latest, holds = np.zeros(many, dtype=np.int64), np.full(many, -np.inf)
    hub, share = np.empty(1024, dtype=np.int64), np.empty(1024)
    walks, filled = 0, 0
    for e in order:
        origin = actor[e]
        if time[e] > holds[origin]:
            count, holds[origin] = _walk(time[e], origin, web, held, steps, carried, ways)
            if filled + count > len(hub):
                wanted = max(2 * len(hub), filled + count)
                hub, share = _longer(hub, wanted), _longer_floats(share, wanted)
            filled = _kept(origin, count, crowd, ways, hub, share, filled)
            latest[origin] = walks
            walks += 1
            first[walks] = filled
        which[e] = latest[origin]
    return which, first[: walks + 1], hub[:filled], share[:filled]


@compiled
def _kept(origin: int, count: int, crowd: Floats, ways: _Ways, hub: Whole, share: Floats, filled: int) -> int:
    """Write down whom a walk reached, from ``filled`` on, and sweep up behind it; return how far it was written."""
    stopped, most, whole = ways.stopped, 0.0, 0.0
    for j in range(count):
        to = ways.reached[j]
        if to == origin or crowd[to] == 0:
            stopped[to] = 0.0
        most = max(most, stopped[to])
    for j in range(count):
        to = ways.reached[j]
        if stopped[to] < _COUNTED * most:
            stopped[to] = 0.0
        whole += stopped[to]
    for j in range(count):
        to = ways.reached[j]
        if stopped[to] > 0:
            hub[filled], share[filled] = to, stopped[to] / (whole * crowd[to])
            filled += 1
        stopped[to], ways.known[to] = 0.0, False
    return filled


@compiled
def _walk(
    day: float, origin: int, web: Readers, held: _Held, steps: int, carried: float, ways: _Ways
) -> tuple[int, float]:
    """Let one walker out. Returns how many were reached, and the last time for which the walk is the same."""
    here, after, reached = ways.here, ways.after, ways.reached
    ways.known[origin], reached[0], here[origin] = True, origin, 1.0
    count, holds = 1, np.inf
    for step in range(steps):
        for j in range(count):
            at = reached[j]
            share = here[at]
            here[at] = 0.0
            if share < _LEAST:
                ways.stopped[at] += share
                continue
            if day > held.until[at]:
                _hold(day, at, web, held)
            holds = min(holds, held.until[at])
            for t in range(web.first[at], web.first[at] + held.many[at]):
                to = held.to[t]
                after[to] += share * held.chance[t]
                if not ways.known[to]:
                    ways.known[to], reached[count] = True, to
                    count += 1
        last = step == steps - 1
        for j in range(count):
            at = reached[j]
            ways.stopped[at] += after[at] * (1.0 if last else 1.0 - carried)
            here[at] = 0.0 if last else after[at] * carried
            after[at] = 0.0
    return count, holds


@compiled
def _hold(day: float, at: int, web: Readers, held: _Held) -> None:
    """Find the ties of an actor that hold on a day."""
    many, whole, until = web.first[at], 0.0, np.inf
    for t in range(web.first[at], web.first[at + 1]):
        if day < web.start[t]:
            until = min(until, np.nextafter(web.start[t], -np.inf))
        elif day <= web.end[t]:
            until = min(until, web.end[t])
            held.to[many], held.chance[many] = web.hub[t], web.share[t]
            whole += web.share[t]
            many += 1
    for t in range(web.first[at], many):
        held.chance[t] /= whole
    held.many[at], held.until[at] = many - web.first[at], until


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
