"""Diffusion from sixteen sets of seeds at once: a row read from memory serves them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, repeat
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tejido.analysis import diffusion_kernels as kernels
from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.threads import threads

if TYPE_CHECKING:
    from tejido.analysis.diffusion import Dangling, Diffusion, Spread

#: What 32 bits can certify; below it 64 are used.
SHORT = 2e-6
#: Below so many ties a second thread costs more than it brings.
ALONE = 50_000
_LINE = 64
_UNIT = 2.0**-53
_SHORT_UNIT = 2.0**-24


def spread_batch(
    ready: Diffusion, seeds: Sequence[tuple[Whole, Floats]], tolerance: float, dangling: Dangling
) -> Iterator[Spread]:
    """Yield the spread of each of up to sixteen seeds, all certified."""
    from tejido.analysis.diffusion import Spread

    work = _Lanes(ready, seeds)
    aim = tolerance * (0.5 if dangling == "seeds" else 1.0)
    amounts, errors = work.run(max(aim * _least(ready, dangling), 1e-14))
    for lane in range(len(seeds)):
        shares = np.empty(len(amounts))
        shares[ready.layout.order] = amounts[:, lane]
        error = float(errors[lane])
        if dangling == "seeds":
            whole = float(shares.sum())
            shares, error = shares / whole, 2.0 * error / whole + 4.0 * _UNIT
        yield Spread(shares, error, work.sweeps)


def _least(ready: Diffusion, dangling: Dangling) -> float:
    """Return the least that the shares can add up to before they are brought to 1."""
    some = dangling == "seeds" and bool((ready.layout.leaving[: ready.graph.actors] == 0.0).any())
    return 1.0 - ready.onward if some else 1.0


class _Lanes:
    """Sweeps over one layout from several seeds side by side."""

    def __init__(self, ready: Diffusion, seeds: Sequence[tuple[Whole, Floats]]) -> None:
        lay = ready.layout
        self.layout, self.onward, self.own, self.sweeps = lay, ready.onward, lay.own(ready.onward), 0
        self.many, self.lanes = lay.inward.actors, _lanes_for(len(seeds))
        place = np.empty(self.many, dtype=np.int64)
        place[lay.order] = np.arange(self.many)
        self.rows = np.unique(np.concatenate([place[rows] for rows, _ in seeds]))
        self.brought = np.zeros((len(self.rows), self.lanes))
        for lane, (rows, parts) in enumerate(seeds):
            self.brought[np.searchsorted(self.rows, place[rows]), lane] = (1.0 - ready.onward) * parts
        half = int(np.searchsorted(lay.inward.starts, lay.inward.ties / 2))
        self.cuts = [0, self.many] if lay.inward.ties < ALONE else [0, half, self.many]
        self.ys: list[NDArray[np.floating]] = [_aligned(self.many, self.lanes, np.float32) for _ in self.cuts[1:]]

    def run(self, aim: float) -> tuple[Floats, Floats]:
        """Return amounts (rows × lanes) and for each lane a bound on Σ|error|, at most ``aim`` but for rounding."""
        part = self.onward / (1.0 - self.onward)
        short = max(aim, SHORT)
        while True:
            long = self.ys[0].dtype == np.float64
            unit = _UNIT if long else _SHORT_UNIT
            change = np.inf
            while change * part > 0.4 * short and change > 4.0 * unit:
                change = self._sweep()
            amounts, errors = self._certified()
            if errors.max(initial=0.0) <= aim or (long and change <= 4.0 * unit):
                return amounts, errors
            short = short / 4.0 if long else aim
            if not long:
                self._lengthen()

    def _lengthen(self) -> None:
        for block, short in enumerate(self.ys):
            self.ys[block] = _aligned(self.many, self.lanes, np.float64)
            self.ys[block][:] = short

    def _sweep(self) -> float:
        told = list(threads().map(self._sweep_block, range(len(self.ys))))
        change, whole, leaving = np.sum(told, axis=0)
        owed = whole - self.onward * leaving
        factor = np.divide(self.brought.sum(axis=0), owed, out=np.ones(self.lanes), where=owed > 0)
        unbalanced = (np.abs(factor - 1.0) > 1e-3 * change).any()
        for mine, (low, high) in enumerate(pairwise(self.cuts)):
            own = self.ys[mine][low:high]
            if unbalanced:
                own *= factor.astype(own.dtype)
            for other, theirs in enumerate(self.ys):
                if other != mine:
                    theirs[low:high] = own
        self.sweeps += 1
        return float(change.max(initial=0.0))

    def _sweep_block(self, block: int) -> Floats:
        lay, y, tally = self.layout, self.ys[block], np.zeros((3, self.lanes))
        bits = y.dtype.type
        kernels.sweep_many(
            lay.inward.starts, lay.inward.targets, lay.others, lay.table.astype(bits), self.rows,
            self.brought.astype(bits), lay.leaving.astype(bits), lay.share.astype(bits), self.own.astype(bits), y,
            self.cuts[block], self.cuts[block + 1], bits(self.onward), tally,
        )  # fmt: skip
        return tally

    def _certified(self) -> tuple[Floats, Floats]:
        """Take one plain step in 64 bits; its change bounds the error, with what rounding may add."""
        amounts = np.empty((self.many, self.lanes))
        change = np.sum(list(threads().map(self._settle_block, range(len(self.ys)), repeat(amounts))), axis=0)
        rounding = _UNIT * ((np.diff(self.layout.inward.starts) + 8.0) @ amounts)
        return amounts, (self.onward * change + 2.0 * rounding) / (1.0 - self.onward)

    def _settle_block(self, block: int, amounts: Floats) -> Floats:
        lay, change = self.layout, np.zeros(self.lanes)
        kernels.settle_many(
            lay.inward.starts, lay.inward.targets, lay.codes, lay.table, self.rows, self.brought, lay.leaving,
            self.ys[0], self.cuts[block], self.cuts[block + 1], self.onward, amounts, change,
        )  # fmt: skip
        return change


def _lanes_for(seeds: int) -> int:
    return 4 if seeds <= 4 else 8 if seeds <= 8 else 16


def _aligned(rows: int, lanes: int, bits: type[np.floating]) -> NDArray[np.floating]:
    """Return zeros that begin at a line of the processor's memory, so that no row lies across two."""
    size = rows * lanes * np.dtype(bits).itemsize
    raw = np.zeros(size + _LINE, dtype=np.uint8)
    skip = -raw.ctypes.data % _LINE
    return raw[skip : skip + size].view(bits).reshape(rows, lanes)
