"""One walk through time for one relation: what each node feels of earlier incidents, and what it adds up to.

An incident puts weight into *hubs* (a node, a collective, a territory, the whole fabric). A node reads the hubs it
belongs to while it belongs. What lies in a hub fades exponentially at a few fixed rates. So the influence at time t of
all that came before is known from the state of the hubs alone, and a walk costs one step per incident and neighbour
(Ozaki 1979 for the recursion; hubs are ours). What happens at one time is one batch: it excites only what comes later.

Two grains. ``daily``: time counts in whole days, a kernel is g(n) = (1 - r) r^(n - 1) for n = 1, 2, … days later, with
r = exp(-rate). ``continuous``: g(s) = rate exp(-rate s). Both are exp(-rate lag) times a constant, the *gain*.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from tejido.analysis.compiling import compiled
from tejido.analysis.frame_checks import Floats, Whole

Grain = Literal["daily", "continuous"]

#: Weights are kept as of a moment that is moved on before exp(rate × time since) leaves the range of floats.
_FAR = 300.0


class Deposits(NamedTuple):
    """What incidents put into hubs: ``time`` (days, rising) and ``weight`` of each, and ``which`` row it puts in by.

    Row r is ``first[r]`` to ``first[r + 1]`` of ``hub`` and ``share`` (already shared out). Many incidents put in by
    one row, which is written once: those of one actor, as long as its ties hold.
    """

    time: Floats
    weight: Floats
    which: Whole
    first: Whole
    hub: Whole
    share: Floats


class Turns(NamedTuple):
    """How the breadth of hubs changes, by rising ``time``: of which ``hub``, by which ``share``."""

    time: Floats
    hub: Whole
    share: Floats


class Readers(NamedTuple):
    """Which hubs a node u reads: rows ``first[u]`` to ``first[u + 1]``, from ``start`` to ``end``, by ``share``."""

    first: Whole
    hub: Whole
    share: Floats
    start: Floats
    end: Floats


class Clock(NamedTuple):
    """How far a walk has come: per rate, the influence there is, what it summed to, and how weights are kept."""

    reach: Floats
    summed: Floats
    since: Floats
    grown: Floats


class Swept(NamedTuple):
    """``felt``: observations × rates, laid out rate by rate · ``total``: grid × rates, all influence until then ·

    ``hubs``: hubs × rates, the state after the last grid time.

    ``earlier``: the same as ``hubs`` at each of the grid times that were marked, marks × hubs × rates.
    """

    felt: Floats
    total: Floats
    hubs: Floats
    earlier: Floats


def gains(rates: Floats, grain: Grain) -> Floats:
    """Return the constants that make each kernel sum to one."""
    return np.asarray(np.expm1(rates) if grain == "daily" else rates, dtype=np.float64)


def readers(
    node: Whole, hub: Whole, *, nodes: int, share: Floats | None = None, start: Floats | None = None,
    end: Floats | None = None,
) -> Readers:  # fmt: skip
    """Sort memberships by node."""
    order = np.argsort(node, kind="stable")
    first = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(node, minlength=nodes), out=first[1:])
    columns = [
        np.full(len(order), fill) if column is None else np.asarray(column, dtype=np.float64)[order]
        for column, fill in ((share, 1.0), (start, -np.inf), (end, np.inf))
    ]
    return Readers(first, np.asarray(hub, dtype=np.int64)[order], *columns)


def changes(read: Readers, grain: Grain) -> Turns:
    """Return how the breadth of hubs (the sum of the shares that read them) changes, by rising time."""
    early = 1.0 if grain == "daily" else 0.0
    time = np.concatenate([read.start - early, read.end])
    kept = time < np.inf
    hub, share = np.tile(read.hub, 2)[kept], np.concatenate([read.share, -read.share])[kept]
    order = np.argsort(time[kept], kind="stable")
    return Turns(time[kept][order], hub[order], share[order])


def sweep(
    time: Floats, node: Whole, *, put: Deposits, read: Readers, hubs: int, rates: Floats, grid: Floats, grain: Grain,
    marks: Whole | None = None,
) -> Swept:  # fmt: skip
    """Walk through time once. ``time``, ``node``: the observations, by rising time; ``grid``: rising times.

    ``marks``: rising places in the grid at which the state of the hubs is kept as well.

    ``total[g]`` is the sum over all nodes and all times up to and including ``grid[g]`` of what they feel; ``hubs`` is
    the state at the last grid time, after what was put at that time: times exp(-rate lag) it is what is felt later.
    What is after the last grid time is left out.
    """
    turn = changes(read, grain)
    marked = np.empty(0, dtype=np.int64) if marks is None else np.asarray(marks, dtype=np.int64)
    felt, *rest = _walk(time, node, put, read, turn, hubs, rates, gains(rates, grain), grid, marked)
    return Swept(felt.T, *rest)


@compiled
def _walk(
    time: Floats, node: Whole, put: Deposits, read: Readers, turn: Turns, hubs: int, rates: Floats, gain: Floats,
    grid: Floats, marks: Whole,
) -> tuple[Floats, Floats, Floats, Floats]:  # fmt: skip
    kinds = len(rates)
    earlier, kept = np.zeros((len(marks), hubs, kinds)), 0
    felt, total = np.zeros((kinds, len(time))), np.zeros((len(grid), kinds))
    mine = np.empty(kinds)
    state, breadth = np.zeros((hubs, kinds)), np.zeros(hubs)
    clock = Clock(np.zeros(kinds), np.zeros(kinds), np.zeros(kinds), np.ones(kinds))
    now, seen, done, turned, marked = -np.inf, 0, 0, 0, 0
    while marked < len(grid):
        then = min(grid[marked], _next(turn.time, turned), _next(put.time, done), _next(time, seen))
        if then > now:
            _move(now, then, rates, gain, clock, state)
            now = then
        while seen < len(time) and time[seen] <= then:
            _feel(mine, node[seen], then, read, state)
            for k in range(kinds):
                felt[k, seen] = mine[k] / clock.grown[k]
            seen += 1
        while done < len(put.time) and put.time[done] <= then:
            _put(put.which[done], put.weight[done], put, gain, state, breadth, clock)
            done += 1
        while turned < len(turn.time) and turn.time[turned] <= then:
            _turn(turn.hub[turned], turn.share[turned], state, breadth, clock)
            turned += 1
        while marked < len(grid) and grid[marked] <= then:
            total[marked] = clock.summed
            while kept < len(marks) and marks[kept] <= marked:
                earlier[kept] = state / clock.grown
                kept += 1
            marked += 1
    return felt, total, state / clock.grown, earlier


@compiled
def _next(times: Floats, place: int) -> float:
    return times[place] if place < len(times) else np.inf


@compiled
def _move(now: float, then: float, rates: Floats, gain: Floats, clock: Clock, state: Floats) -> None:
    """Let time pass: influence fades and is summed; weights stay as of ``since``, so that no hub is touched."""
    for k in range(len(rates)):
        if now == -np.inf:
            clock.since[k] = then
            continue
        fade = np.exp(-rates[k] * (then - now))
        clock.summed[k] += clock.reach[k] * (-np.expm1(-rates[k] * (then - now))) / gain[k]
        clock.reach[k] *= fade
        far = rates[k] * (then - clock.since[k])
        if far > _FAR:
            state[:, k] *= np.exp(-far)
            clock.since[k] = then
            far = 0.0
        clock.grown[k] = np.exp(far)


@compiled
def _feel(mine: Floats, node: int, then: float, read: Readers, state: Floats) -> None:
    mine[:] = 0.0
    for j in range(read.first[node], read.first[node + 1]):
        if read.start[j] <= then <= read.end[j]:
            for k in range(len(mine)):
                mine[k] += read.share[j] * state[read.hub[j], k]


@compiled
def _put(row: int, weight: float, put: Deposits, gain: Floats, state: Floats, breadth: Floats, clock: Clock) -> None:
    heard = 0.0
    grown = gain * clock.grown
    for at in range(put.first[row], put.first[row + 1]):
        hub, amount = put.hub[at], weight * put.share[at]
        heard += amount * breadth[hub]
        for k in range(len(grown)):
            state[hub, k] += amount * grown[k]
    for k in range(len(grown)):
        clock.reach[k] += heard * gain[k]


@compiled
def _turn(hub: int, share: float, state: Floats, breadth: Floats, clock: Clock) -> None:
    breadth[hub] += share
    for k in range(len(clock.reach)):
        clock.reach[k] += share * state[hub, k] / clock.grown[k]
