"""Whether one aggressor goes from one collective to the next faster than chance would have it.

The aggressors are dealt anew among the strikes of about one time (a permutation test within strata): so the waves of
violence stay what they are, how often each aggressor strikes in that time too, and only who struck when is left to
chance. Strikes of one aggressor on one victim in a row count once, lest a long attack on one look like a round.

It supposes that all strikes of one time could have been anybody's. Where each collective has its own aggressor and
violence jumps between collectives of the same one, it is claimed oftener than promised: that is then the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numba import njit

from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.frames import History
from tejido.analysis.patterns_exact import Tested

#: How often the aggressors are dealt anew, and how often where that leaves open how rare it is; days of one time.
DEALS = 1_999
MORE_DEALS = 19_999
SAME_TIME = 180.0


def aggressors_going_on(
    history: History, *, until: float, within: float, seed: int, fewest: int
) -> Iterator[tuple[int, Tested, Whole]]:
    """Yield for each aggressor with ``fewest`` strikes its row, the test, and the incidents that go on from another.

    Counted are strikes that come at most ``within`` days after its last, on another victim.
    """
    days, victims, who, rows = _strikes(history, until, within)
    if not len(days):
        return
    stretch = np.unique(np.floor(days / SAME_TIME), return_inverse=True)[1]
    names, number = np.unique(who, return_inverse=True)
    bounds = np.searchsorted(stretch, np.arange(int(stretch[-1]) + 2))
    told = np.bincount(number, minlength=len(names)) >= fewest
    followed = _goes_on(days, victims, number, len(names), within)
    seen = np.bincount(number[followed], minlength=len(names))
    deals = DEALS
    more, total = _dealt(days, victims, number.copy(), bounds, seen, within, deals, seed)
    if (more[told] < 5).any():
        deals = MORE_DEALS
        more, total = _dealt(days, victims, number.copy(), bounds, seen, within, deals, seed)
    for one in np.flatnonzero(told).tolist():
        tested = Tested(float(seen[one]), float(total[one]) / deals, float(1 + more[one]) / (1 + deals))
        yield int(names[one]), tested, rows[followed & (number == one)]


def _strikes(history: History, until: float, within: float) -> tuple[Floats, Whole, Whole, Whole]:
    """Return day, victim, aggressor and incident, sorted by day; a row of strikes of one on one counts once."""
    incidents = history.incidents
    usable = (np.floor(incidents.earliest) == np.floor(incidents.latest)) & (incidents.latest <= until)
    usable &= ~incidents.from_warning
    struck, victim = history.involvements.victims()
    done, doer = history.involvements.perpetrators()
    first, last = np.searchsorted(done, struck, side="left"), np.searchsorted(done, struck, side="right")
    each = last - first
    at = np.repeat(first - np.cumsum(each) + each, each) + np.arange(int(each.sum()))
    rows, victims, who = np.repeat(struck, each), np.repeat(victim, each), doer[at]
    kept = usable[rows]
    rows, victims, who = rows[kept], victims[kept], who[kept]
    days = incidents.earliest[rows]
    order = np.lexsort((days, who, victims))
    rows, victims, who, days = rows[order], victims[order], who[order], days[order]
    again = np.zeros(len(rows), dtype=np.bool_)
    again[1:] = (victims[1:] == victims[:-1]) & (who[1:] == who[:-1]) & (np.diff(days) <= within)
    order = np.flatnonzero(~again)
    order = order[np.argsort(days[order], kind="stable")]
    return days[order], victims[order], who[order], rows[order]


@njit(cache=True, nogil=True)
def _goes_on(days, victims, number, many, within):  # type: ignore[no-untyped-def]
    """Say of each strike, in order of days, whether it goes on from another victim of the same aggressor."""
    last = np.full(many, -1)
    found = np.zeros(len(days), np.bool_)
    for row in range(len(days)):
        before = last[number[row]]
        found[row] = before >= 0 and days[row] - days[before] <= within and victims[row] != victims[before]
        last[number[row]] = row
    return found


@njit(cache=True, nogil=True)
def _dealt(days, victims, number, bounds, seen, within, deals, seed):  # type: ignore[no-untyped-def]
    """Deal the aggressors ``deals`` times; return how often each had as many as ``seen``, and how many in all."""
    np.random.seed(seed)
    more, total = np.zeros(len(seen), np.int64), np.zeros(len(seen), np.int64)
    for _ in range(deals):
        for stretch in range(len(bounds) - 1):
            first = bounds[stretch]
            for row in range(bounds[stretch + 1] - 1, first, -1):
                other = np.random.randint(first, row + 1)
                number[row], number[other] = number[other], number[row]
        counts = np.zeros(len(seen), np.int64)
        found = _goes_on(days, victims, number, len(seen), within)
        for row in range(len(days)):
            if found[row]:
                counts[number[row]] += 1
        total += counts
        for one in range(len(seen)):
            if counts[one] >= seen[one]:
                more[one] += 1
    return more, total


def warm() -> None:
    """Compile the loops, or load them from where they were kept."""
    days, rows = np.array([0.0, 1.0]), np.array([0, 1])
    _goes_on(days, rows, np.array([0, 0]), 1, 30.0)
    _dealt(days, rows, np.array([0, 0]), np.array([0, 2]), np.array([1]), 30.0, 1, 0)
