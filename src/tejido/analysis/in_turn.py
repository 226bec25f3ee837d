"""Taking some of many, each owner in turn giving one, so that whoever has most leaves room for the others."""

from __future__ import annotations

import numpy as np

from tejido.analysis.compiling import compiled
from tejido.analysis.frame_checks import Whole


@compiled
def turns(owner: Whole, owners: int) -> Whole:
    """Return for each row in which turn it comes: how many rows before it are of the same ``owner``, from 0."""
    given, found = np.zeros(owners, np.int64), np.empty(len(owner), np.int64)
    for row in range(len(owner)):
        found[row] = given[owner[row]]
        given[owner[row]] += 1
    return found


def in_turn(owner: Whole, owners: int, *, most: int, of_one: int) -> Whole:
    """Return at most ``most`` rows, ascending, at most ``of_one`` of each of ``owners``, the earliest turns first."""
    turn = turns(owner, owners)
    rows = np.flatnonzero(turn < of_one)
    if len(rows) > most:
        rank = turn[rows] * len(owner) + rows
        rows = np.sort(rows[np.argpartition(rank, most)[:most]])
    return rows


def warm() -> None:
    """Compile the loop, or load it from where it was kept."""
    in_turn(np.zeros(1, dtype=np.int64), 1, most=1, of_one=1)
