"""Diffusion kept up to date while ties change: each change is pushed on only as far as it matters.

Kept are amounts x and the residual r = b + onward · Pᵀx - x of the equation that they should solve (``lost`` rule for
dangling actors). A changed tie changes r along the ties of one actor; pushing moves r into x and on to its neighbours,
without ever breaking that identity (Andersen, Chung and Lang 2006; for changing graphs Zhang, Lofgren and Goel 2016).
So Σ|r| / (1 - onward) bounds the error at all times, however little was pushed; what rounding may have added is
counted along. The residual may be negative: a tie that went away takes back what it had brought.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numba import njit

from tejido.analysis import frame_checks as check
from tejido.analysis.diffusion import ONWARD, BadOnward, Dangling, Seeds, Spread, seeds_of
from tejido.analysis.diffusion_graph import TieGraph
from tejido.analysis.frame_checks import Floats, Whole, Yes

#: One change may use up so much of what the tolerance leaves; then all that gathered is pushed at once.
PIECE = 1.0 / 64.0
#: A change that reaches more than this part of the actors is cheaper pushed row by row.
WIDE = 0.125
_UNIT = 2.0**-53
_TRIES = 5

#: Places in the small array of running sums: Σ|r|, the rounding, Σx, how many pushes.
_NORM, _ROUNDING, _WHOLE, _PUSHES = range(4)


@njit(cache=True, nogil=True)
def _push(actor, starts, counts, ends, weights, leaving, x, r, onward, sums):  # type: ignore[no-untyped-def]
    """Move the residual of one actor into its amount, and on along its ties."""
    amount = r[actor]
    r[actor] = 0.0
    x[actor] += amount
    norm = sums[_NORM] - abs(amount)
    rounding = 2.0 * abs(x[actor])
    if leaving[actor] > 0.0:
        each = onward * amount / leaving[actor]
        for at in range(starts[actor], starts[actor] + counts[actor]):
            was, more = r[ends[at]], each * weights[at]
            now = was + more
            r[ends[at]] = now
            norm += abs(now) - abs(was)
            rounding += abs(now) + 4.0 * abs(more)
    sums[_NORM] = norm
    sums[_ROUNDING] += _UNIT * (rounding + 2.0 * norm)
    sums[_WHOLE] += amount
    sums[_PUSHES] += 1.0


@njit(cache=True, nogil=True)
def _push_all(goal, starts, counts, ends, weights, leaving, x, r, onward, sums):  # type: ignore[no-untyped-def]
    """Push row by row, over and over, until Σ|r| is at most ``goal`` or stays where rounding holds it."""
    before = np.inf
    while sums[_NORM] > goal and sums[_NORM] < before:
        before = sums[_NORM]
        least = 0.02 * sums[_NORM] / len(x)
        for actor in range(len(x)):
            if abs(r[actor]) > least:
                _push(actor, starts, counts, ends, weights, leaving, x, r, onward, sums)
        norm = 0.0
        for actor in range(len(x)):
            norm += abs(r[actor])
        sums[_NORM] = norm


@njit(cache=True, nogil=True)
def _push_near(  # type: ignore[no-untyped-def]
    first, goal, most, starts, counts, ends, weights, leaving, x, r, onward, sums, queue, waiting, touched, stamp
):
    """Push from the neighbours of actor ``first`` outward, the largest first, until Σ|r| is at most ``goal``.

    Gives up when more than ``most`` actors were touched; returns whether it got there. ``queue``, ``touched`` and
    ``waiting`` are room to work in; ``waiting`` is left all zero.
    """
    many = 0
    level = 0.0
    for at in range(starts[first], starts[first] + counts[first]):
        if many < most and stamp[ends[at]] == 0:
            stamp[ends[at]] = 1
            touched[many] = ends[at]
            many += 1
            level = max(level, abs(r[ends[at]]))
    while sums[_NORM] > goal and level > 1e-300 and many < most:
        level *= 0.25
        head = tail = 0
        for place in range(many):
            if abs(r[touched[place]]) > level:
                queue[tail] = touched[place]
                waiting[touched[place]] = 1
                tail += 1
        while head != tail and many < most:
            actor = queue[head % len(queue)]
            head += 1
            waiting[actor] = 0
            _push(actor, starts, counts, ends, weights, leaving, x, r, onward, sums)
            for at in range(starts[actor], starts[actor] + counts[actor]):
                other = ends[at]
                if stamp[other] == 0 and many < most:
                    stamp[other] = 1
                    touched[many] = other
                    many += 1
                if waiting[other] == 0 and abs(r[other]) > level:
                    waiting[other] = 1
                    queue[tail % len(queue)] = other
                    tail += 1
        while head != tail:
            waiting[queue[head % len(queue)]] = 0
            head += 1
    for place in range(many):
        stamp[touched[place]] = 0
    return sums[_NORM] <= goal


@njit(cache=True, nogil=True)
def _shift(actor, sign, starts, counts, ends, weights, leaving, x, r, onward, sums):  # type: ignore[no-untyped-def]
    """Add to the residual (or take from it) what one actor's ties bring to its neighbours."""
    if leaving[actor] <= 0.0 or x[actor] == 0.0:
        return
    each = sign * onward * x[actor] / leaving[actor]
    for at in range(starts[actor], starts[actor] + counts[actor]):
        was, more = r[ends[at]], each * weights[at]
        r[ends[at]] = was + more
        sums[_NORM] += abs(was + more) - abs(was)
        sums[_ROUNDING] += _UNIT * (abs(was + more) + 4.0 * abs(more) + sums[_NORM])


@dataclass(eq=False)
class LiveSpread:
    """A spread from fixed seeds that follows its ties. Not for two threads at once."""

    onward: float
    tolerance: float
    starts: Whole
    counts: Whole
    ends: Whole
    weights: Floats
    leaving: Floats
    x: Floats
    r: Floats
    sums: Floats
    _used: int = field(repr=False)
    _room: tuple[Whole, Yes, Whole, Yes] = field(repr=False)

    @classmethod
    def of(cls, graph: TieGraph, seeds: Seeds, *, onward: float = ONWARD, tolerance: float = 1e-6) -> Self:
        """Push from nothing until the error is at most ``tolerance`` (with the rule ``lost``).

        Raises ``NoSeeds``, ``BadOnward`` and ``FrameError`` as ``Diffusion.spread`` does.
        """
        if not 0.0 <= onward < 1.0:
            raise BadOnward
        rows, parts = seeds_of(seeds, graph.actors)
        many, r = graph.actors, np.zeros(graph.actors)
        r[rows] = (1.0 - onward) * parts
        room = (np.empty(many, np.int64), np.zeros(many, bool), np.empty(many, np.int64), np.zeros(many, bool))
        live = cls(
            onward, tolerance, graph.starts[:-1].copy(), np.diff(graph.starts), graph.targets.astype(np.int64),
            graph.weights.copy(), graph.leaving.copy(), np.zeros(many), r, np.array([r.sum(), 0.0, 0.0, 0.0]),
            graph.ties, room,
        )  # fmt: skip
        live._settle_all(1.0)
        return live

    @property
    def _goal(self) -> float:
        return self.tolerance * (1.0 - self.onward) - 2.0 * float(self.sums[_ROUNDING])

    @property
    def error(self) -> float:
        """How large Σ|errors| of the amounts can be at most, with the rule ``lost``."""
        return float(self.sums[_NORM] + 2.0 * self.sums[_ROUNDING]) / (1.0 - self.onward)

    def spread(self, *, dangling: Dangling = "seeds") -> Spread:
        """Return the shares as they are now, with their certificate."""
        if dangling == "lost":
            return Spread(self.x.copy(), self.error, int(self.sums[_PUSHES]))
        whole = float(self.x.sum())
        bound = 2.0 * self.error / whole + 4.0 * _UNIT if whole > 0.0 else 2.0
        return Spread(self.x / whole if whole > 0.0 else self.x.copy(), bound, int(self.sums[_PUSHES]))

    def set_tie(self, source: int, target: int, weight: float) -> None:
        """Give the tie from ``source`` to ``target`` a weight, 0 to let it carry nothing, and push the change.

        Afterwards ``error`` is at most ``tolerance`` again. Raises ``FrameError`` for an actor that is not there or
        a weight that is not a finite number from 0 up.
        """
        check.positions([source], frame="ties", column="source", many=len(self.x))
        check.positions([target], frame="ties", column="target", many=len(self.x))
        check.not_below_zero(np.array([weight], dtype=np.float64), frame="ties", name="weight")
        before = float(self.sums[_NORM])
        self._shift(source, -1.0)
        self._write(source, target, weight)
        self._shift(source, 1.0)
        self._settle(source, before)

    def _settle(self, source: int, before: float) -> None:
        goal = min(self._goal, before + PIECE * self._goal)
        if self.sums[_NORM] <= goal:
            return
        queue, waiting, touched, stamp = self._room
        most = max(64, int(WIDE * len(self.x))) if len(self.x) > 64 else len(self.x)
        near = _push_near(
            source, goal, most, *self._ties(), self.x, self.r, self.onward, self.sums, queue, waiting, touched, stamp
        )
        if not near and self.sums[_NORM] > self._goal:
            self._settle_all(1.0 / 8.0)

    def _settle_all(self, part: float) -> None:
        """Push everything to a part of what the tolerance leaves, and again for what rounding added meanwhile."""
        for _ in range(_TRIES):
            _push_all(part * self._goal, *self._ties(), self.x, self.r, self.onward, self.sums)
            if self.error <= self.tolerance:
                break

    def _shift(self, actor: int, sign: float) -> None:
        _shift(actor, sign, *self._ties(), self.x, self.r, self.onward, self.sums)

    def _ties(self) -> tuple[Whole, Whole, Whole, Floats, Floats]:
        return self.starts, self.counts, self.ends, self.weights, self.leaving

    def _write(self, source: int, target: int, weight: float) -> None:
        """Change one weight; a row without room moves to the end, with as much room again."""
        first, many = int(self.starts[source]), int(self.counts[source])
        found = np.flatnonzero(self.ends[first : first + many] == target)
        if len(found):
            self.weights[first + found[0]] = weight
        elif weight > 0.0:
            first = self._moved(source, first, many)
            self.ends[first + many], self.weights[first + many] = target, weight
            self.counts[source] = many + 1
        row = slice(first, first + int(self.counts[source]))
        self.leaving[source] = self.weights[row].sum()

    def _moved(self, source: int, first: int, many: int) -> int:
        """Return where the row begins once there is room for one more."""
        place = first + many
        if place < self._used and self.ends[place] < 0:
            return first
        room = 2 * many + 4
        if self._used + room > len(self.ends):
            self._grow(room)
        start, self._used = self._used, self._used + room
        self.ends[start : start + many] = self.ends[first:place]
        self.weights[start : start + many] = self.weights[first:place]
        self.starts[source] = start
        return start

    def _grow(self, room: int) -> None:
        more = max(room, len(self.ends) // 2)
        self.ends = np.concatenate([self.ends, np.full(more, -1, dtype=np.int64)])
        self.weights = np.concatenate([self.weights, np.zeros(more)])
