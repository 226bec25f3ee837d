"""Ties as columns of numbers beside the records that are held, so that whole neighbourhoods are sought at once.

A table never changes: what is written makes another, in which rows stay where they are and new ones come at the end.
A page that began with one table ends with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from tejido.analysis.frame_checks import Floats, Yes
from tejido.analysis.frames import day_number
from tejido.domain.ties import CERTAINTY_SHARES, STRENGTH_SHARES
from tejido.readings.clear_rows import CARRYING, RANKS, TieRow
from tejido.readings.weeks import first_day, last_day

#: The kinds of tie that are held; a table names them by their place here.
KINDS: Final = tuple(sorted(CARRYING))
_PLACES: Final = {kind: place for place, kind in enumerate(KINDS)}
_UNKNOWN: Final = CERTAINTY_SHARES["unknown"]


@dataclass(frozen=True, eq=False)
class TieTable:
    """Ties by row. ``frm``, ``to``: rows of ``actors`` · ``kind``: places in ``KINDS`` · ``strength``, ``certainty``.

    ``start``, ``end``: days, the infinities where open · ``there``: not removed since, between two, and held on some
    day. ``ties``, ``actors``: ids by row; ``row``, ``actor_row``: the other way round. These four may already hold
    what a later table knows.
    """

    frm: NDArray[np.int32]
    to: NDArray[np.int32]
    kind: NDArray[np.int16]
    strength: Floats
    certainty: Floats
    start: Floats
    end: Floats
    there: Yes
    ties: list[str] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    row: dict[str, int] = field(default_factory=dict)
    actor_row: dict[str, int] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> Self:
        """Return a table of no ties."""
        floats = np.empty(0, dtype=np.float64)
        ends, kinds = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int16)
        return cls(ends, ends, kinds, floats, floats, floats, floats, np.empty(0, dtype=np.bool_))

    def __len__(self) -> int:
        return len(self.frm)

    def of_kinds(self, kinds: Collection[str]) -> Yes:
        """Return by row whether a tie is of one of some kinds."""
        chosen: Yes = np.array([kind in kinds for kind in KINDS], dtype=np.bool_)[self.kind]
        return chosen

    def held_on(self, day: float) -> Yes:
        """Return by row whether a tie may have held on a day."""
        return self.there & (self.start <= day) & (self.end >= day)

    def changed(self, *, gone: Iterable[str], rows: Sequence[TieRow]) -> TieTable:
        """Return the table without some ties and with others; one that is in both is as it comes."""
        dead = [self.row.pop(tie) for tie in gone if tie in self.row]
        there = self.there
        if dead:
            there = there.copy()
            there[dead] = False
        kept = replace(self, there=there)
        return kept._with(rows) if rows else kept

    def _with(self, rows: Sequence[TieRow]) -> TieTable:
        names, frm, to, kinds, strengths, certainties, since, until = zip(*rows, strict=True)
        first = len(self.ties)
        self.ties.extend(names)
        self.row.update((name, place) for place, name in enumerate(names, start=first))
        ends = (np.array([self._actor(one) for one in column], dtype=np.int32) for column in (frm, to))
        source, target = ends
        start, end = _days(since, first_day, -np.inf), _days(until, last_day, np.inf)
        weights = [STRENGTH_SHARES[RANKS.get(one, 2)] for one in strengths]
        sure = [CERTAINTY_SHARES.get(one, _UNKNOWN) for one in certainties]
        return replace(
            self,
            frm=np.append(self.frm, source), to=np.append(self.to, target),
            kind=np.append(self.kind, np.array([_PLACES[kind] for kind in kinds], dtype=np.int16)),
            strength=np.append(self.strength, weights), certainty=np.append(self.certainty, sure),
            start=np.append(self.start, start), end=np.append(self.end, end),
            there=np.append(self.there, (start <= end) & (source != target)),
        )  # fmt: skip

    def _actor(self, actor: str) -> int:
        row = self.actor_row.get(actor)
        if row is None:
            row = self.actor_row[actor] = len(self.actors)
            self.actors.append(actor)
        return row


def _days(weeks: Sequence[int | None], day_of: Callable[[int], date], none: float) -> Floats:
    known: dict[int | None, float] = {week: day_number(day_of(week)) for week in set(weeks) if week is not None}
    known[None] = none
    return np.array([known[week] for week in weeks], dtype=np.float64)
