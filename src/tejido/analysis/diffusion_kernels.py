"""The compiled loops of diffusion. They let other threads run, and are kept on disk once compiled.

Unsigned positions spare the processor Python's rule for negative ones.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint64

#: Rows side by side.
LANES = 8


@njit(cache=True, nogil=True)
def sweep_plain(slots, ends, given, share, own, y, first, last, onward):  # type: ignore[no-untyped-def]
    """Renew the rows of the groups ``first`` to ``last`` in place (Gauss–Seidel), every tie weighing 1.

    ``slots``: where each group's ties begin · ``ends``: row numbers, the last row + 1 for no tie · ``given``: what
    each row has from elsewhere · ``share``: 1 over the weight that leaves it, 0 for a dangling one · ``own``: by how
    much an amount grows because a part of it comes straight back · ``y``: amounts per weight that leaves. Returns
    Σ|change of y|, Σ y, Σ amounts, and the part of it that leaves again.
    """
    change = level = whole = onwards = 0.0
    for group in range(first, last):
        a = b = c = d = e = f = g = h = 0.0
        at, end = slots[group], slots[group + 1]
        while at < end:
            a += y[ends[at]]
            b += y[ends[at + uint64(1)]]
            c += y[ends[at + uint64(2)]]
            d += y[ends[at + uint64(3)]]
            e += y[ends[at + uint64(4)]]
            f += y[ends[at + uint64(5)]]
            g += y[ends[at + uint64(6)]]
            h += y[ends[at + uint64(7)]]
            at += uint64(8)
        row = uint64(group) * uint64(8)
        for into in (a, b, c, d, e, f, g, h):
            new = own[row] * (given[row] + onward * into)
            scaled = new * share[row]
            change += abs(scaled - y[row])
            level += scaled
            whole += new
            if scaled > 0.0:
                onwards += new
            y[row] = scaled
            row += uint64(1)
    return change, level, whole, onwards


@njit(cache=True, nogil=True)
def sweep_weighted(  # type: ignore[no-untyped-def]
    slots, ends, codes, table, given, share, own, y, first, last, onward
):
    """Do what ``sweep_plain`` does where a tie weighs ``table[code]``: few kinds and strengths make few weights."""
    change = level = whole = onwards = 0.0
    for group in range(first, last):
        a = b = c = d = e = f = g = h = 0.0
        at, end = slots[group], slots[group + 1]
        while at < end:
            a += table[codes[at]] * y[ends[at]]
            b += table[codes[at + uint64(1)]] * y[ends[at + uint64(1)]]
            c += table[codes[at + uint64(2)]] * y[ends[at + uint64(2)]]
            d += table[codes[at + uint64(3)]] * y[ends[at + uint64(3)]]
            e += table[codes[at + uint64(4)]] * y[ends[at + uint64(4)]]
            f += table[codes[at + uint64(5)]] * y[ends[at + uint64(5)]]
            g += table[codes[at + uint64(6)]] * y[ends[at + uint64(6)]]
            h += table[codes[at + uint64(7)]] * y[ends[at + uint64(7)]]
            at += uint64(8)
        row = uint64(group) * uint64(8)
        for into in (a, b, c, d, e, f, g, h):
            new = own[row] * (given[row] + onward * into)
            scaled = new * share[row]
            change += abs(scaled - y[row])
            level += scaled
            whole += new
            if scaled > 0.0:
                onwards += new
            y[row] = scaled
            row += uint64(1)
    return change, level, whole, onwards


@njit(cache=True, nogil=True)
def sum_long_rows(rows, starts, ends, weights, y, onward, brought, given):  # type: ignore[no-untyped-def]
    """Put into ``given`` what was brought, and what comes by the ties that found no slot: those of rows with many."""
    for place in range(len(rows)):
        into = 0.0
        for at in range(starts[place], starts[place + 1]):
            into += weights[at] * y[uint64(ends[at])]
        given[rows[place]] = brought[rows[place]] + onward * into


@njit(cache=True, nogil=True)
def settle(starts, sources, weights, brought, leaving, y, onward, amounts):  # type: ignore[no-untyped-def]
    """Fill ``amounts`` with one more plain step from ``y``; return how far they are from those before, Σ|change|.

    A dangling row has no amount before: what it holds never counts for others.
    """
    change = 0.0
    for row in range(len(starts) - 1):
        into = 0.0
        for at in range(starts[row], starts[row + 1]):
            into += weights[at] * y[uint64(sources[at])]
        new = brought[row] + onward * into
        if leaving[row] > 0.0:
            change += abs(new - y[row] * leaving[row])
        amounts[row] = new
    return change


@njit(cache=True, nogil=True)
def sweep_many(  # type: ignore[no-untyped-def]
    starts, sources, codes, table, seeds, brought, leaving, share, own, y, first, last, onward, tally
):
    """Renew rows ``first`` to ``last`` for all lanes of ``y`` at once, in its own bits.

    ``seeds``: the rows that something is brought to, ascending, with ``brought`` a row of lanes each. ``tally`` (3
    rows of lanes) gathers Σ|change|, Σ amounts, and the part of it that leaves again.
    """
    lanes = y.shape[1]
    into = np.empty(lanes, y.dtype)
    gift = np.searchsorted(seeds, first)
    for row in range(first, last):
        for lane in range(lanes):
            into[lane] = 0
        for at in range(starts[row], starts[row + 1]):
            weight, come = table[codes[at]], y[uint64(sources[at])]
            for lane in range(lanes):
                into[lane] += weight * come[lane]
        for lane in range(lanes):
            into[lane] *= onward
        if gift < len(seeds) and seeds[gift] == row:
            for lane in range(lanes):
                into[lane] += brought[gift, lane]
            gift += 1
        mine, part, out, grown = y[row], share[row], leaving[row], own[row]
        for lane in range(lanes):
            into[lane] *= grown
            tally[1, lane] += into[lane]
            into[lane] *= part
        for lane in range(lanes):
            tally[2, lane] += into[lane] * out
            tally[0, lane] += abs(into[lane] - mine[lane]) * out
        for lane in range(lanes):
            mine[lane] = into[lane]


@njit(cache=True, nogil=True)
def settle_many(  # type: ignore[no-untyped-def]
    starts, sources, codes, table, seeds, brought, leaving, y, first, last, onward, amounts, change
):
    """Do what ``settle`` does for all lanes and the rows ``first`` to ``last``, carrying sums in 64 bits."""
    lanes = y.shape[1]
    into = np.empty(lanes)
    gift = np.searchsorted(seeds, first)
    for row in range(first, last):
        for lane in range(lanes):
            into[lane] = 0.0
        for at in range(starts[row], starts[row + 1]):
            weight, come = table[codes[at]], y[uint64(sources[at])]
            for lane in range(lanes):
                into[lane] += weight * come[lane]
        for lane in range(lanes):
            into[lane] *= onward
        if gift < len(seeds) and seeds[gift] == row:
            for lane in range(lanes):
                into[lane] += brought[gift, lane]
            gift += 1
        out, mine, kept = leaving[row], y[row], amounts[row]
        if out > 0.0:
            for lane in range(lanes):
                change[lane] += abs(into[lane] - mine[lane] * out)
        for lane in range(lanes):
            kept[lane] = into[lane]
