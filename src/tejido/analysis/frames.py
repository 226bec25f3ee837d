"""The tables that every reckoning begins with: who there is, how they are tied, where, and what happened.

A table is a frozen dataclass over NumPy columns of one length. A row is known by its number, from 0; columns that
point to another table hold row numbers of it. Days are floating numbers of days since 1 January 1970, so a whole
number is a day; -inf and +inf are open ends of a stretch, both of whose ends belong to it. Build a table with its
``of``, which brings the columns to their types and raises ``FrameError`` naming row and column.

There is no clock here: what is after ``until`` is left out by whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tejido.analysis import frame_checks as check
from tejido.analysis.frame_checks import Floats, FrameError, Gaps, Whole, Yes

__all__ = [
    "Actors",
    "Acts",
    "Fabric",
    "Floats",
    "FrameError",
    "History",
    "Incidents",
    "Involvements",
    "Presences",
    "Territories",
    "Ties",
    "Whole",
    "Yes",
    "day_number",
]  # fmt: skip

Texts = NDArray[np.str_]
Codes = Sequence[str] | Texts
_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> float:
    """Return a calendar day as the frames count it: days since 1 January 1970."""
    return float(day.toordinal() - _EPOCH)


@dataclass(frozen=True, slots=True, eq=False)
class Actors:
    """Who there is. ``ids``: opaque, each once; ``kind``: codes of the vocabulary (``actor_kinds``)."""

    ids: Texts
    kind: Texts

    @classmethod
    def of(cls, ids: Codes, kind: Codes | str = "unknown") -> Self:
        """Check and build; one ``kind`` stands for all."""
        names = check.codes(ids, frame="actors", column="ids")
        check.distinct(names, frame="actors", name="ids")
        return cls(names, check.codes(_each(kind, len(names)), frame="actors", column="kind", rows=len(names)))

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """Dated, directed ties. Parallel ties, circles of ties and ties to oneself are allowed.

    ``source``, ``target``: rows of ``Actors`` · ``kind``: positions in ``kinds``, the codes · ``strength``: a finite
    weight from 0 up, without unit · ``certainty``: from 0 to 1 · ``start``, ``end``: the first and the last day.
    """

    source: Whole
    target: Whole
    kind: Whole
    strength: Floats
    certainty: Floats
    start: Floats
    end: Floats
    kinds: tuple[str, ...]

    @classmethod
    def of(
        cls, source: ArrayLike, target: ArrayLike, *, actors: int, kind: Codes | str = "works_with",
        strength: ArrayLike = 1.0, certainty: ArrayLike = 1.0, start: Gaps = -np.inf, end: Gaps = np.inf,
    ) -> Self:  # fmt: skip
        """Check and build, among so many ``actors``; single values stand for all rows."""
        from_, to = (
            check.positions(column, frame="ties", column=name, many=actors)
            for column, name in ((source, "source"), (target, "target"))
        )
        rows = len(from_)
        to = check.positions(to, frame="ties", column="target", rows=rows, many=actors)
        named = check.codes(_each(kind, rows), frame="ties", column="kind", rows=rows)
        kinds, places = np.unique(named, return_inverse=True)
        weight = check.floats(strength, frame="ties", column="strength", rows=rows)
        sure = check.floats(certainty, frame="ties", column="certainty", rows=rows)
        first = check.floats(start, frame="ties", column="start", rows=rows, fill=-np.inf)
        last = check.floats(end, frame="ties", column="end", rows=rows, fill=np.inf)
        check.not_below_zero(weight, frame="ties", name="strength")
        check.share(sure, frame="ties", name="certainty")
        check.span(first, last, frame="ties", name="end")
        return cls(from_, to, places.astype(np.int64), weight, sure, first, last, tuple(str(one) for one in kinds))

    def __len__(self) -> int:
        return len(self.source)

    @property
    def weight(self) -> Floats:
        """Strength times certainty."""
        return self.strength * self.certainty

    def held_on(self, day: float) -> Yes:
        """Return which ties held on a day."""
        return (self.start <= day) & (day <= self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Territories:
    """Where life is. Degrees of latitude and longitude of a middle point; both NaN for one without a place."""

    ids: Texts
    latitude: Floats
    longitude: Floats

    @classmethod
    def of(cls, ids: Codes, latitude: Gaps = np.nan, longitude: Gaps = np.nan) -> Self:
        """Check and build."""
        names = check.codes(ids, frame="territories", column="ids")
        check.distinct(names, frame="territories", name="ids")
        north = check.floats(latitude, frame="territories", column="latitude", rows=len(names), fill=np.nan)
        east = check.floats(longitude, frame="territories", column="longitude", rows=len(names), fill=np.nan)
        placed = (np.abs(north) <= 90) & (np.abs(east) <= 180)
        bad = ~placed & ~(np.isnan(north) & np.isnan(east))
        check.refuse(bad, frame="territories", column="latitude", why=check.NOT_A_PLACE)
        return cls(names, north, east)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Presences:
    """Which actor is in which territory, from ``start`` to ``end`` (days)."""

    actor: Whole
    territory: Whole
    start: Floats
    end: Floats

    @classmethod
    def of(
        cls, actor: ArrayLike, territory: ArrayLike, *, actors: int, territories: int,
        start: Gaps = -np.inf, end: Gaps = np.inf,
    ) -> Self:  # fmt: skip
        """Check and build."""
        who = check.positions(actor, frame="presences", column="actor", many=actors)
        where = check.positions(territory, frame="presences", column="territory", rows=len(who), many=territories)
        first = check.floats(start, frame="presences", column="start", rows=len(who), fill=-np.inf)
        last = check.floats(end, frame="presences", column="end", rows=len(who), fill=np.inf)
        check.span(first, last, frame="presences", name="end")
        return cls(who, where, first, last)

    def __len__(self) -> int:
        return len(self.actor)


@dataclass(frozen=True, slots=True, eq=False)
class Incidents:
    """What happened, one row each, in any order.

    ``earliest``, ``latest``: the days between which it was, both finite and included, equal where the day is known ·
    ``severity``: a finite weight from 0 up, 1 for an ordinary incident · ``territory``: a row of ``Territories``, -1
    where it is not known · ``from_warning``: found because of a warning of ours, so nothing is learned from it.
    """

    ids: Texts
    earliest: Floats
    latest: Floats
    severity: Floats
    territory: Whole
    from_warning: Yes

    @classmethod
    def of(
        cls, ids: Codes, earliest: ArrayLike, latest: ArrayLike | None = None, *, severity: ArrayLike = 1.0,
        territory: ArrayLike = -1, territories: int = 0, from_warning: ArrayLike = False,
    ) -> Self:  # fmt: skip
        """Check and build; ``latest`` left out means that the days are known."""
        names = check.codes(ids, frame="incidents", column="ids")
        check.distinct(names, frame="incidents", name="ids")
        rows = len(names)
        first = check.floats(earliest, frame="incidents", column="earliest", rows=rows)
        last = check.floats(first if latest is None else latest, frame="incidents", column="latest", rows=rows)
        check.finite(first, frame="incidents", name="earliest")
        check.finite(last, frame="incidents", name="latest")
        check.span(first, last, frame="incidents", name="latest")
        grave = check.floats(severity, frame="incidents", column="severity", rows=rows)
        check.not_below_zero(grave, frame="incidents", name="severity")
        where = check.positions(
            territory, frame="incidents", column="territory", rows=rows, many=territories, none=True
        )
        ours = check.yes_or_no(from_warning, frame="incidents", column="from_warning", rows=rows)
        return cls(names, first, last, grave, where, ours)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Involvements:
    """Who was struck and who did it. Kept once per incident, actor and role, however often it is given."""

    incident: Whole
    actor: Whole
    perpetrator: Yes

    @classmethod
    def of(
        cls, incident: ArrayLike, actor: ArrayLike, perpetrator: ArrayLike = False, *, incidents: int, actors: int
    ) -> Self:
        """Check, drop what is given twice, and sort by incident, role and actor."""
        what = check.positions(incident, frame="involvements", column="incident", many=incidents)
        who = check.positions(actor, frame="involvements", column="actor", rows=len(what), many=actors)
        did = check.yes_or_no(perpetrator, frame="involvements", column="perpetrator", rows=len(what))
        order = np.lexsort((who, did, what))
        what, who, did = what[order], who[order], did[order]
        new = np.ones(len(what), dtype=np.bool_)
        new[1:] = (np.diff(what) != 0) | (np.diff(who) != 0) | (did[1:] != did[:-1])
        return cls(what[new], who[new], did[new])

    def __len__(self) -> int:
        return len(self.incident)

    def victims(self) -> tuple[Whole, Whole]:
        """Return incidents and actors of those who were struck, sorted by incident."""
        return self.incident[~self.perpetrator], self.actor[~self.perpetrator]

    def perpetrators(self) -> tuple[Whole, Whole]:
        """Return incidents and actors of those who are said to have done it, sorted by incident."""
        return self.incident[self.perpetrator], self.actor[self.perpetrator]


@dataclass(frozen=True, slots=True, eq=False)
class Acts:
    """What was done: a code of the vocabulary (``acts`` or ``means``) for an incident; several rows for several."""

    incident: Whole
    code: Texts

    @classmethod
    def of(cls, incident: ArrayLike, code: Codes | str, *, incidents: int) -> Self:
        """Check and build."""
        what = check.positions(incident, frame="acts", column="incident", many=incidents)
        return cls(what, check.codes(_each(code, len(what)), frame="acts", column="code", rows=len(what)))

    def __len__(self) -> int:
        return len(self.incident)


@dataclass(frozen=True, slots=True, eq=False)
class Fabric:
    """Actors with their ties, territories and presences; the tables agree in size."""

    actors: Actors
    ties: Ties
    territories: Territories
    presences: Presences

    @classmethod
    def of(
        cls, actors: Actors, ties: Ties | None = None, territories: Territories | None = None,
        presences: Presences | None = None,
    ) -> Self:  # fmt: skip
        """Check that rows point to rows that are there; what is left out is empty."""
        many, none = len(actors), np.empty(0, dtype=np.int64)
        places = Territories.of([]) if territories is None else territories
        tied = Ties.of(none, none, actors=many) if ties is None else ties
        there = Presences.of(none, none, actors=many, territories=len(places)) if presences is None else presences
        check.positions(tied.source, frame="ties", column="source", many=many)
        check.positions(tied.target, frame="ties", column="target", many=many)
        check.positions(there.actor, frame="presences", column="actor", many=many)
        check.positions(there.territory, frame="presences", column="territory", many=len(places))
        return cls(actors, tied, places, there)


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Incidents with whom they struck, who did it and what was done."""

    incidents: Incidents
    involvements: Involvements
    acts: Acts

    @classmethod
    def of(cls, incidents: Incidents, involvements: Involvements, acts: Acts | None = None) -> Self:
        """Check that rows point to incidents that are there."""
        many = len(incidents)
        done = Acts.of(np.empty(0, dtype=np.int64), [], incidents=many) if acts is None else acts
        check.positions(involvements.incident, frame="involvements", column="incident", many=many)
        check.positions(done.incident, frame="acts", column="incident", many=many)
        return cls(incidents, involvements, done)


def _each(value: Codes | str, rows: int) -> Codes:
    """Return a column where one code stands for all rows."""
    return np.full(rows, value) if isinstance(value, str) else value
