"""How far something reaches along ties from those it begins with: personalised diffusion, with a bound on its error.

From its seeds an amount of 1 sets out. At every step a part ``1 - onward`` of what there is stays where it is, and the
rest goes on along the outgoing ties, divided by their weights (personalised PageRank: Page et al. 1999; Haveliwala
2002). **The rule for dangling actors**, from whom nothing goes on: with ``dangling="seeds"`` it begins again at the
seeds and the shares add up to 1; with ``"lost"`` it is lost. The first is what igraph and networkx do when told to
reset to the seeds; it equals the second divided by its sum, and so it is reckoned.

Every answer says how wrong it can be at most: ``error`` bounds the sum of all absolute errors. It follows from the
residual r of the equation, as ‖error‖₁ ≤ ‖r‖₁ · onward / (1 - onward) after one more step, plus the rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from tejido.analysis import diffusion_kernels as kernels
from tejido.analysis import frame_checks as check
from tejido.analysis.diffusion_graph import TieGraph
from tejido.analysis.diffusion_layout import Layout
from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.ordering import near_order
from tejido.analysis.threads import threads
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

Dangling = Literal["seeds", "lost"]
Seeds = Mapping[int, float] | Sequence[int]

#: Assumed: the part that goes on at each step; with it 56 % of what sets out has stopped within five steps.
ONWARD = 0.85
#: Seeds reckoned side by side: one row of them in 32 bits fills one line of the processor's memory.
BATCH = 16
#: Below so many ties a second thread costs more than it brings.
ALONE = 150_000
_MOST_SWEEPS = 10_000
_UNIT = 2.0**-53


class NoSeeds(BadInput):
    """Nothing to begin with."""

    message = N_(
        "There is nobody to begin with, or nothing that begins with them. Nothing was reckoned; name somebody."
    )


class BadOnward(BadInput):
    """The part that goes on is not between 0 and 1."""

    message = N_(
        "The part that goes on at each step must be at least 0 and below 1. Nothing was reckoned; give another."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Where an amount of 1 comes to be: ``shares`` by row of ``Actors``, ``error`` ≥ Σ|their errors|."""

    shares: Floats
    error: float
    sweeps: int


@dataclass(frozen=True, eq=False)
class Diffusion:
    """A graph made ready, to be asked about many seeds; safe to be asked by several threads at once."""

    graph: TieGraph
    layout: Layout
    onward: float

    @classmethod
    def of(cls, graph: TieGraph, *, onward: float = ONWARD, order: Whole | None = None) -> Self:
        """Make ready, in an order of our own unless one is given (a permutation of the actors)."""
        if not 0.0 <= onward < 1.0:
            raise BadOnward
        return cls(graph, Layout.of(graph, near_order(graph) if order is None else order), onward)

    def spread(self, seeds: Seeds, *, tolerance: float = 1e-10, dangling: Dangling = "seeds") -> Spread:
        """Return where what begins with ``seeds`` comes to be, exact within ``tolerance`` and saying how exact.

        ``seeds``: rows of actors, with parts of any size from 0 up if wanted; they are brought to a sum of 1. Raises
        ``NoSeeds`` for none, ``FrameError`` for a row that is not there or a part that is not a finite number.
        """
        rows, parts = seeds_of(seeds, self.graph.actors)
        work = _Sweeping(self.layout, self.onward, rows, parts)
        aim = tolerance * (0.5 if dangling == "seeds" else 1.0)
        while True:
            amounts, error = work.run(aim)
            whole = float(amounts.sum())
            if dangling == "seeds":
                amounts, error = amounts / whole, 2.0 * error / whole + 4.0 * _UNIT
            if error <= tolerance or work.stuck:
                break
            aim /= 4.0
        shares = np.empty(self.graph.actors)
        shares[self.layout.order] = amounts
        return Spread(shares, error, work.sweeps)

    def spread_many(
        self, many: Sequence[Seeds], *, tolerance: float = 1e-6, dangling: Dangling = "seeds"
    ) -> Iterator[Spread]:
        """Yield what ``spread`` returns for each of ``many``, sixteen reckoned at once.

        In 32 bits down to a tolerance of 1e-5, then in 64: the sums that certify are always carried in 64.
        """
        from tejido.analysis.diffusion_many import spread_batch

        for first in range(0, len(many), BATCH):
            chosen = [seeds_of(seeds, self.graph.actors) for seeds in many[first : first + BATCH]]
            yield from spread_batch(self, chosen, tolerance, dangling)


class _Sweeping:
    """Sweeps over one layout from one set of seeds, until certified."""

    def __init__(self, layout: Layout, onward: float, rows: Whole, parts: Floats) -> None:
        self.layout, self.onward, self.sweeps, self.stuck = layout, onward, 0, False
        padded, many = len(layout.leaving), layout.inward.actors
        place = np.empty(many, dtype=np.int64)
        place[layout.order] = np.arange(many)
        self.brought = np.zeros(padded)
        self.brought[place[rows]] = (1.0 - onward) * parts
        blocks = 1 if layout.inward.ties < ALONE else 2
        cuts = np.searchsorted(layout.slots, layout.slots[-1] * np.arange(1, blocks) / blocks)
        self.cuts = [0, *(int(cut) for cut in cuts), layout.groups]
        self.own = layout.own(onward)
        start = self.brought[:padded] * layout.share
        self.ys = [np.concatenate([start, [0.0]]) for _ in range(blocks)]
        self.givens = [self.brought.copy() for _ in range(blocks)]
        self.change = np.inf

    def run(self, aim: float) -> tuple[Floats, float]:
        """Return amounts in the order of the layout and a bound on Σ|error|, at most ``aim`` unless stuck."""
        part = self.onward / (1.0 - self.onward)
        while True:
            while self.change * part > 0.5 * aim and not self.stuck:
                self._sweep()
            amounts, error = self._certified()
            if error <= aim or self.stuck:
                return amounts, error
            self.change = np.inf
            self._sweep()
            self.change = max(self.change, aim / part)

    def _sweep(self) -> None:
        blocks = range(len(self.ys))
        told = list(threads().map(self._sweep_block, blocks)) if len(blocks) > 1 else [self._sweep_block(0)]
        change, level, whole, leaving = (sum(one[column] for one in told) for column in range(4))
        # The change of amounts, taken as if the same weight left every row; it only says when to look closely.
        change = change * leaving / level if level > 0.0 else 0.0
        owed = whole - self.onward * leaving
        factor = (1.0 - self.onward) / owed if owed > 0.0 else 1.0
        unbalanced = abs(factor - 1.0) * whole > 0.01 * change
        for mine in blocks:
            low, high = self.cuts[mine] * kernels.LANES, self.cuts[mine + 1] * kernels.LANES
            own = self.ys[mine][low:high]
            if unbalanced:
                own *= factor
            for other in blocks:
                if other != mine:
                    self.ys[other][low:high] = own
        self.sweeps += 1
        self.stuck = self.sweeps >= _MOST_SWEEPS or change <= 8 * _UNIT * whole
        self.change = change

    def _sweep_block(self, block: int) -> tuple[float, float, float, float]:
        lay, y, given = self.layout, self.ys[block], self.givens[block]
        if len(lay.long_rows):
            kernels.sum_long_rows(
                lay.long_rows, lay.long_starts, lay.long_ends, lay.long_weights, y, self.onward, self.brought, given
            )
        first, last = self.cuts[block], self.cuts[block + 1]
        about = (given, lay.share, self.own, y, first, last, self.onward)
        if lay.plain:
            told = kernels.sweep_plain(lay.slots, lay.ends, *about)
        else:
            told = kernels.sweep_weighted(lay.slots, lay.ends, lay.slot_codes, lay.table, *about)
        change, level, whole, leaving = told
        return float(change), float(level), float(whole), float(leaving)

    def _certified(self) -> tuple[Floats, float]:
        """Take one plain step; its change bounds the error, with what rounding may add."""
        lay = self.layout
        inward, amounts = lay.inward, np.empty(lay.inward.actors)
        change = kernels.settle(
            inward.starts.view(np.uint64),
            inward.targets,
            inward.weights,
            self.brought,
            lay.leaving,
            self.ys[0],
            self.onward,
            amounts,
        )
        rounding = _UNIT * float(np.dot(np.diff(inward.starts) + 8.0, amounts))
        return amounts, (self.onward * change + 2.0 * rounding) / (1.0 - self.onward)


def seeds_of(seeds: Seeds, actors: int) -> tuple[Whole, Floats]:
    """Return rows, each once, and parts that add up to 1."""
    rows = check.positions(list(seeds), frame="seeds", column="actor", many=actors)
    given = list(seeds.values()) if isinstance(seeds, Mapping) else 1.0
    parts = check.floats(given, frame="seeds", column="part", rows=len(rows))
    check.not_below_zero(parts, frame="seeds", name="part")
    largest = parts.max(initial=0.0)
    if largest == 0.0:
        raise NoSeeds
    once, places = np.unique(rows, return_inverse=True)
    summed = np.bincount(places, weights=parts / largest)
    return once, summed / summed.sum()


def warm() -> None:
    """Compile every loop, or load it from where it was kept, so that no page waits for it."""
    from tejido.analysis.diffusion_push import LiveSpread

    # As many different weights as need codes of 8, 16 and 32 bits.
    for different in (1, 3, 300, 70_000):
        rows = np.arange(max(3, different))
        graph = TieGraph.of(rows, np.roll(rows, 1), 1.0 + rows % different, actors=len(rows))
        ready = Diffusion.of(graph, order=rows)
        ready.spread([0])
        list(ready.spread_many([[0]], tolerance=1e-9))
    live = LiveSpread.of(graph, [0])
    live.set_tie(0, 2, 1.0)
    near_order(TieGraph.of([0, 1, 2], [1, 2, 0], actors=3))
