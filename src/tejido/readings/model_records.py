"""From what is held of the circle at work to the tables of the analysis: whom, where, when; nothing is opened.

What can be struck is a collective in a territory. An incident counts for a collective when it, or somebody who
belonged to it then, was struck. Those struck of whom no collective is known stand together as one row
(``NOBODYS``), so that a territory misses nobody. Days are as coarse as the weeks that rest in clear. The territories
where most happened are taken as they are; the others count to the widest they lie in, so that there is enough to say
something of each.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from tejido.analysis.frames import Actors, Fabric, History, Incidents, Involvements, Presences, Ties, day_number
from tejido.analysis.frames import Territories as Places
from tejido.analysis.warning_relations import Nodes
from tejido.domain.dates import iso_week
from tejido.domain.ties import CERTAINTY_SHARES, STRENGTH_SHARES
from tejido.fabric.kinds import COLLECTIVES
from tejido.readings.clear_rows import CARRYING
from tejido.readings.frames import LAST, Frames, frames
from tejido.readings.model_cases import NOBODYS, Cases, cases_until
from tejido.readings.territories import Territories, known_territories
from tejido.readings.weeks import last_day

#: So many territories, those where most happened, are told apart.
MOST_PLACES: Final = 40


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """The tables, and what can be struck: ``nodes`` are rows of ``fabric.actors`` in rows of its territories.

    ``undated``: how many incidents are left out because their date is not known; ``coming``: because they lie after
    the day; ``unnamed``: because nobody is written down to whom they were done.
    """

    fabric: Fabric
    history: History
    nodes: Nodes
    undated: int
    coming: int
    unnamed: int


def newest_day(today: date) -> date | None:
    """Return the last day of the week in which the newest incident that has happened began, not after ``today``."""
    dated = frames().dated
    until = bisect_right(dated, (iso_week(today), LAST))
    newest = dated[until - 1][0] if until else 0
    return min(last_day(newest), today) if newest else None


def records_until(day: date, *, ties: Collection[str] = CARRYING) -> Records:
    """Return all that has happened by ``day``, with the ties of these kinds."""
    held, known = frames(), known_territories()
    cases = cases_until(day, held)
    wide = _wider(known, Counter(case.territory for case in cases.past if case.territory))
    row = {actor: at for at, actor in enumerate(_shown(held, cases))}
    places = {place: at for at, place in enumerate(sorted(set(wide.values())))}
    history = _history(cases, row, {place: places[to] for place, to in wide.items()}, len(places), day)
    presences = _presences(held, known, row, places)
    fabric = Fabric.of(_actors(held, row), _ties(held, row, ties), _places(known, places), presences)
    unnamed = len(cases.past) - len(cases.listed)
    return Records(fabric, history, _nodes(history, fabric), cases.undated, cases.coming, unnamed)


def _shown(held: Frames, cases: Cases) -> list[str]:
    """Return the actors of the tables: collectives, those who are said to have done something, and ``NOBODYS``."""
    did = {cases.names[who] for who in np.unique(cases.did[1])}
    known = {one for one, kind in list(held.kinds.items()) if kind in COLLECTIVES} | did
    return [*sorted(known), NOBODYS]


def _wider(known: Territories, struck: Counter[str]) -> dict[str, str]:
    """Return for each place the territory it counts to: itself where much happened, else the widest it lies in."""
    ranked = sorted(struck, key=lambda place: (-struck[place], place))
    wide = {place: place for place in ranked[:MOST_PLACES]}
    for place in ranked[MOST_PLACES:]:
        wide[place] = next(reversed(known.wider(place)), "") if place in known.facts else ""
    return {place: to for place, to in wide.items() if to in known.facts}


def _actors(held: Frames, row: Mapping[str, int]) -> Actors:
    return Actors.of(list(row), [held.kinds.get(actor) or "unknown" for actor in row])


def _ties(held: Frames, row: Mapping[str, int], kinds: Collection[str]) -> Ties:
    """Return the ties between collectives; those of people say in which collectives they stand, and no more."""
    rows = sorted(tie for tie in held.tie_rows() if tie[3] in kinds and tie[1] in row and tie[2] in row)
    facts = [held.tie(tie[0]) for tie in rows]
    return Ties.of(
        np.array([row[fact.frm] for fact in facts], dtype=np.int64),
        np.array([row[fact.to] for fact in facts], dtype=np.int64),
        actors=len(row),
        kind=[fact.kind for fact in facts],
        strength=np.array([STRENGTH_SHARES[fact.strength] for fact in facts], dtype=np.float64),
        certainty=np.array([CERTAINTY_SHARES[fact.certainty] for fact in facts], dtype=np.float64),
        start=np.array([_number(fact.held[0], -np.inf) for fact in facts], dtype=np.float64),
        end=np.array([_number(fact.held[1], np.inf) for fact in facts], dtype=np.float64),
    )


def _number(day: date | None, open_end: float) -> float:
    return open_end if day is None else day_number(day)


def _places(known: Territories, places: Mapping[str, int]) -> Places:
    """Return territories with their points; one without a place has none, and nothing is near it."""
    facts = [known.facts[place] for place in places]
    placed = [fact.lat is not None and fact.lon is not None for fact in facts]
    north = np.array([fact.lat if has else np.nan for fact, has in zip(facts, placed, strict=True)], dtype=np.float64)
    east = np.array([fact.lon if has else np.nan for fact, has in zip(facts, placed, strict=True)], dtype=np.float64)
    return Places.of(list(places), north, east)


def _presences(held: Frames, known: Territories, row: Mapping[str, int], places: Mapping[str, int]) -> Presences:
    pairs = set()
    for place, actor in list(held.presences.values()):
        chain = [place, *known.wider(place)] if place in known.facts else []
        wide = next((one for one in chain if one in places), None)
        if wide is not None and actor in row and held.kinds.get(actor) in COLLECTIVES:
            pairs.add((row[actor], places[wide]))
    table = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return Presences.of(table[:, 0], table[:, 1], actors=len(row), territories=len(places))


def _history(cases: Cases, row: Mapping[str, int], wide: Mapping[str, int], places: int, day: date) -> History:
    last = np.minimum(cases.last, day_number(day))
    where = [-1 if case.territory is None else wide.get(case.territory, -1) for case in cases.listed]
    names = [case.incident for case in cases.listed]
    incidents = Incidents.of(names, cases.first, last, territory=np.array(where, dtype=np.int64), territories=places)
    rows = np.array([row.get(name, -1) for name in cases.names], dtype=np.int64)
    what = np.concatenate([cases.struck[0], cases.did[0]])
    who = rows[np.concatenate([cases.struck[1], cases.did[1]])]
    did = np.arange(len(what)) >= len(cases.struck[0])
    return History.of(incidents, Involvements.of(what, who, did, incidents=len(names), actors=len(row)))


def _nodes(history: History, fabric: Fabric) -> Nodes:
    """Return each collective where it was struck or lives; one of which neither is known stands wherever it is."""
    what, who = history.involvements.victims()
    actor = np.concatenate([who, fabric.presences.actor])
    where = np.concatenate([history.incidents.territory[what], fabric.presences.territory])
    rest = np.setdiff1d(np.flatnonzero(np.isin(fabric.actors.kind, COLLECTIVES)), actor)
    return Nodes.of_pairs(np.concatenate([actor, rest]), np.concatenate([where, np.full(len(rest), -1)]))
