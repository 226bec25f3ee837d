"""The fabric of one day around one collective, laid out for counting: who is inside, whom they reach, how far.

*Insiders* are those who are members of the collective or lead it, and the collective itself, which holds contacts that
hang on nobody. Ties of enmity and of mere duty do not count. Everything is undirected and asked of one day.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from tejido.analysis import separate_ways
from tejido.analysis.frame_checks import Whole, Yes
from tejido.analysis.frames import Fabric

#: Kinds of ties that bind nobody together.
NO_BOND = frozenset({"threatens", "controls", "has_interest_in", "duty_towards"})
INSIDE = frozenset({"member_of", "leads"})
#: Assumed: how many ties away an ally may be.
WITHIN = 4


def bonds(fabric: Fabric, day: float) -> Yes:
    """Return which ties bind on a day: of a kind that does, and of some weight."""
    binding = np.array([kind not in NO_BOND for kind in fabric.ties.kinds], dtype=np.bool_)
    kinds = binding[fabric.ties.kind] if len(fabric.ties) else np.empty(0, dtype=np.bool_)
    held: Yes = kinds & fabric.ties.held_on(day) & (fabric.ties.weight > 0)
    apart: Yes = held & (fabric.ties.source != fabric.ties.target)
    return apart


def members_of(fabric: Fabric, collective: int, day: float) -> Whole:
    """Return the rows of those who are members of a collective or lead it on a day."""
    return _members(fabric, collective, bonds(fabric, day))


def _members(fabric: Fabric, collective: int, held: Yes) -> Whole:
    ties = fabric.ties
    inside = np.array([kind in INSIDE for kind in ties.kinds], dtype=np.bool_)
    chosen = held & (ties.target == collective)
    chosen &= inside[ties.kind] if len(ties) else False
    return np.unique(ties.source[chosen])


@dataclass(frozen=True, eq=False)
class Layout:
    """Who is tied to whom, each pair once and both ways: row v to ``ends[starts[v]:starts[v + 1]]``, ascending."""

    starts: Whole
    ends: Whole

    @classmethod
    def of(cls, source: Whole, target: Whole, *, actors: int) -> Self:
        """Lay out ties without direction; parallel ones count as one, ties to oneself as none."""
        low, high = np.minimum(source, target), np.maximum(source, target)
        every = np.sort((low * actors + high)[low != high])  # as one number each: rows of two would be slow to sort
        once = every[np.diff(every, prepend=-1) > 0]
        return cls(*separate_ways.lay_out(once // max(actors, 1), once % max(actors, 1), actors))

    @cached_property
    def sources(self) -> Whole:
        """The row that each of ``ends`` is tied to."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Every pair that is tied, the lower row first."""
        sources = self.sources
        once = sources < self.ends
        return list(zip(sources[once].tolist(), self.ends[once].tolist(), strict=True))

    def among(self, rows: Whole) -> Layout:
        """Return the ties among some rows, row i being ``rows[i]``."""
        place = np.full(len(self.starts) - 1, -1)
        place[rows] = np.arange(len(rows))
        source, target = place[self.sources], place[self.ends]
        both = (source >= 0) & (target >= 0)
        return Layout.of(source[both], target[both], actors=len(rows))

    def part_sizes(self, rows: Yes) -> Whole:
        """Return how many stand in each part of those ``rows`` that are asked for, without a tie between parts."""
        return separate_ways.part_sizes(self.starts, self.ends, ~rows)


@dataclass(frozen=True, eq=False)
class View:
    """The fabric of one day around one collective; ``members`` by row, ascending, without the collective itself."""

    ties: Layout
    collective: int
    members: Whole

    @classmethod
    def of(cls, fabric: Fabric, collective: int, day: float) -> Self:
        held = bonds(fabric, day)
        ties = Layout.of(fabric.ties.source[held], fabric.ties.target[held], actors=len(fabric.actors))
        members = _members(fabric, collective, held)
        return cls(ties, collective, members[members != collective])

    @cached_property
    def insiders(self) -> Whole:
        """The rows of all who are inside."""
        return np.append(self.members, self.collective)

    @cached_property
    def is_inside(self) -> Yes:
        """By row, whether it is inside."""
        return self.rows(self.insiders)

    @cached_property
    def nobody(self) -> Yes:
        """By row, that it is not lost."""
        return self.rows(())

    @cached_property
    def hops(self) -> Whole:
        """By row, how many ties away from the nearest insider; -1 beyond those that are walked."""
        return self.hops_without(self.nobody)

    @cached_property
    def outward(self) -> tuple[Whole, Whole]:
        """Return insiders with the actors outside they are tied to, each pair once."""
        sources = self.ties.sources
        out = self.is_inside[sources] & ~self.is_inside[self.ties.ends]
        return sources[out], self.ties.ends[out]

    def rows(self, chosen: Whole | tuple[int, ...]) -> Yes:
        """Return by row whether it was chosen."""
        told = np.zeros(len(self.ties.starts) - 1, dtype=np.bool_)
        told[np.array(chosen, dtype=np.int64)] = True
        return told

    def hops_without(self, gone: Yes) -> Whole:
        """Return the same where some cannot be reached."""
        return separate_ways.hops_from(self.ties.starts, self.ties.ends, self.insiders, gone, WITHIN)

    def best_connected(self, gone: Yes) -> int:
        """Return the member with most ties to those who are not ``gone``; the lowest row of several."""
        sources, ends = self.ties.sources, self.ties.ends
        count = np.bincount(sources[~gone[ends] & (ends != self.collective)], minlength=len(gone))
        left = self.members[~gone[self.members]]
        return int(left[np.argmax(count[left])])

    def contacts(self, gone: Yes) -> int:
        """Return how many actors outside insiders reach, some of them ``gone``."""
        insiders, others = self.outward
        return int(np.count_nonzero(np.bincount(others[~gone[insiders]])))
