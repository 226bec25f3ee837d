"""The fabric around a collective as the numbers take it, from the clear columns that are held.

Everything is taken in that the members and the collective are tied to; what lies beyond, nearest first and within a
bound that is said. Whatever is ``part_of`` a collective stands inside it as its members do. A tie that ends before it
begins held on no day, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from tejido.analysis.fabric_strength import Allies
from tejido.analysis.fabric_view import NO_BOND
from tejido.analysis.frame_checks import Floats, Whole, Yes
from tejido.analysis.frames import Actors, Fabric, Ties, day_number
from tejido.analysis.in_turn import in_turn
from tejido.domain.ties import TieFact
from tejido.fabric.queries import BELONGING
from tejido.readings.frames import Frames, frames
from tejido.readings.tie_table import KINDS, TieTable

#: The most members that are looked at one by one.
MOST_INSIDE: Final = 1000
#: Beyond those who are tied to a member, so many ties are taken in.
MOST_BEYOND: Final = 3000
#: A hub beyond would bring half a country: of one actor out there at most so many ties.
MOST_OF_ONE: Final = 200
#: Ties away from the members that are walked.
BEYOND: Final = 2
#: The most allies whose ways are looked at, and by which ties somebody is one.
MOST_ALLIES: Final = 40
ALLIED: Final = frozenset({"contact_of", "works_with", "allied_with", "accompanies", *BELONGING})
#: Where not all can be told, these come after groups, organisations and institutions.
_LAST: Final = frozenset({"person", "unknown"})
_NO_ALLIES: Final = frozenset({"armed_group"})


@dataclass(frozen=True, eq=False)
class Near:
    """The fabric near one collective: ``ids`` by row; ``cut`` when there is more.

    ``allies`` are those it is tied to through itself or a member, the best tied first, and those it would call.
    ``tested``: by tie, whether it is the channel of somebody who answered when called.
    """

    fabric: Fabric
    ids: tuple[str, ...]
    kinds: Mapping[str, str]
    insiders: tuple[str, ...]
    leads: frozenset[str]
    allies: Allies
    tested: Yes
    cut: bool
    held: Frames
    table: TieTable
    tie_rows: Whole

    @cached_property
    def chosen(self) -> tuple[str, ...]:
        """The ties by row."""
        return tuple(self.table.ties[row] for row in self.tie_rows.tolist())

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each actor."""
        return {actor: row for row, actor in enumerate(self.ids)}

    @property
    def collective(self) -> int:
        """The row of the collective itself."""
        return 0

    def facts_among(self, actors: Iterable[str]) -> list[tuple[int, TieFact]]:
        """Return the ties between two of some actors, with their rows."""
        wanted = np.zeros(len(self.ids), dtype=np.bool_)
        wanted[[self.rows[one] for one in actors if one in self.rows]] = True
        ties = self.fabric.ties
        found = np.flatnonzero(wanted[ties.source] & wanted[ties.target]).tolist()
        return [(row, self.held.tie(self.table.ties[self.tie_rows[row]])) for row in found]

    def most_tied(self, actors: Iterable[str]) -> list[str]:
        """Return some actors, those with most ties that bind first."""
        return sorted(actors, key=lambda one: (-self._binding[self.rows[one]], one))

    @cached_property
    def _binding(self) -> list[int]:
        ties = self.fabric.ties
        binding = np.array([kind not in NO_BOND for kind in ties.kinds], dtype=np.bool_)[ties.kind]
        ends = np.append(ties.source[binding], ties.target[binding])
        counts: list[int] = np.bincount(ends, minlength=len(self.ids)).tolist()
        return counts


def near(collective: str, *, today: date, called: Sequence[str] = (), answered: Iterable[str] = ()) -> Near:
    """Return the fabric around a collective; ``called`` it would call for help, ``answered`` did when it was tried."""
    held = frames()
    table, now = held.table, held.table.held_on(day_number(today))
    every, leads = _inside(table, collective, now)
    inside = every[:MOST_INSIDE]
    own = _marked(table, (collective, *inside))
    within = table.there & (own[table.frm] | own[table.to])
    beyond, cut = _walk_on(table, within, own)
    rows = np.concatenate([np.flatnonzero(within), beyond])
    allies = _allies(held, table, within & now, own, called)
    ids, place = _placed(table, (collective, *inside, *allies), rows)
    ties = _ties(table, rows, place)
    own_rows, tried = np.arange(len(ids)) <= len(inside), place[_marked_rows(table, answered)]
    answers = np.zeros(len(ids), dtype=np.bool_)
    answers[tried[tried >= 0]] = True
    joins = (own_rows[ties.source] & answers[ties.target]) | (answers[ties.source] & own_rows[ties.target])
    of = {one: row for row, one in enumerate(ids[: 1 + len(inside) + len(allies)])}
    return Near(
        fabric=Fabric.of(Actors(np.array(ids), np.full(len(ids), "unknown")), ties),  # kinds play no part in it
        ids=ids,
        kinds=held.kinds,
        insiders=inside,
        leads=leads,
        allies=Allies.of(
            [of[one] for one in allies], [held.kinds.get(one, "unknown") for one in allies], actors=len(ids)
        ),
        tested=joins,
        cut=cut or len(every) > MOST_INSIDE,
        held=held,
        table=table,
        tie_rows=rows,
    )


def _marked_rows(table: TieTable, actors: Iterable[str]) -> Whole:
    """Return the rows that some actors have in the table; who is tied to nobody has none."""
    found = (table.actor_row.get(one, -1) for one in actors)
    return np.array([row for row in found if row >= 0], dtype=np.int64)


def _marked(table: TieTable, actors: Iterable[str]) -> Yes:
    marked = np.zeros(len(table.actors), dtype=np.bool_)
    marked[_marked_rows(table, actors)] = True
    return marked


def _inside(table: TieTable, collective: str, now: Yes) -> tuple[tuple[str, ...], frozenset[str]]:
    us = now & (table.to == table.actor_row.get(collective, -1)) & table.of_kinds(BELONGING)
    leading = us & table.of_kinds(("leads",))
    inside = sorted(table.actors[row] for row in np.unique(table.frm[us]).tolist())
    return tuple(inside), frozenset(table.actors[row] for row in table.frm[leading].tolist())


def _walk_on(table: TieTable, within: Yes, own: Yes) -> tuple[Whole, bool]:
    """Return the ties beyond those whom members reach, and whether there are more.

    Where there are, everybody out there gives a tie in turn, so that no hub takes the place of all others.
    """
    seen, taken, found, cut = own.copy(), ~table.there | within, [np.empty(0, dtype=np.int64)], False
    edge = _ends(table, within) & ~own
    for _ in range(BEYOND):
        seen |= edge
        left = MOST_BEYOND - sum(map(len, found))
        rows = np.flatnonzero(~taken & (edge[table.frm] | edge[table.to]))
        owner = np.where(edge[table.frm[rows]], table.frm[rows], table.to[rows]).astype(np.int64)
        some = rows[in_turn(owner, len(edge), most=left, of_one=MOST_OF_ONE)]
        found.append(some)
        cut = cut or len(some) < len(rows)
        taken[some] = True
        edge = _ends(table, some) & ~seen
    return np.concatenate(found), cut


def _ends(table: TieTable, rows: Yes | Whole) -> Yes:
    """Return who stands at an end of some ties, by row of the actors."""
    ends = np.zeros(len(table.actors), dtype=np.bool_)
    ends[table.frm[rows]] = True
    ends[table.to[rows]] = True
    return ends


def _allies(held: Frames, table: TieTable, now: Yes, own: Yes, called: Sequence[str]) -> tuple[str, ...]:
    """Return those who would be called, then those to whom the ties that hold now weigh most, people last."""
    source, target = own[table.frm], own[table.to]
    out = np.flatnonzero(now & (source != target) & table.of_kinds(ALLIED))
    others = np.where(source[out], table.to[out], table.frm[out])
    weights = np.bincount(others, weights=table.strength[out] * table.certainty[out], minlength=len(table.actors))
    names = [table.actors[row] for row in np.flatnonzero(weights).tolist()]
    best = _best(names, weights[weights > 0].astype(np.float64), [held.kinds.get(one) for one in names])
    us = {table.actors[row] for row in np.flatnonzero(own).tolist()}
    known = [one for one in called if one in held.kinds and one not in us]
    return tuple(dict.fromkeys((*known, *best)))[:MOST_ALLIES]


def _best(names: Sequence[str], weights: Floats, kinds: Sequence[str | None]) -> list[str]:
    """Return those who weigh most, people after all others; not all are sorted, as they may be thousands."""
    first = np.array([kind not in _LAST for kind in kinds], dtype=np.bool_)
    known = np.array([kind not in _NO_ALLIES for kind in kinds], dtype=np.bool_)
    order = np.where(known, np.round(weights, 9) + first * (1.0 + weights.sum()), 0.0)
    least = np.partition(order, -MOST_ALLIES)[-MOST_ALLIES] if len(order) > MOST_ALLIES else 0.0
    some = np.flatnonzero(known & (order >= least)).tolist()
    return [name for _, name in sorted((-float(order[one]), names[one]) for one in some)]


def _placed(table: TieTable, first: Sequence[str], rows: Whole) -> tuple[tuple[str, ...], Whole]:
    """Return who has which row here, ``first`` before all others, and the row here of each row of the table."""
    place = np.full(len(table.actors), -1)
    for row, actor in enumerate(first):
        at = table.actor_row.get(actor, -1)
        if at >= 0:
            place[at] = row
    others = np.flatnonzero(_ends(table, rows) & (place < 0))
    place[others] = np.arange(len(first), len(first) + len(others))
    return (*first, *(table.actors[row] for row in others.tolist())), place


def _ties(table: TieTable, rows: Whole, place: Whole) -> Ties:
    """Return some ties as a table of their own, with those who are parts of the collective as members of it."""
    source, target = place[table.frm[rows]], place[table.to[rows]]
    kind = table.kind[rows].astype(np.int64)
    part, member = KINDS.index("part_of"), KINDS.index("member_of")
    kind[(kind == part) & (target == 0)] = member
    return Ties(
        source, target, kind, table.strength[rows], table.certainty[rows], table.start[rows], table.end[rows], KINDS
    )
