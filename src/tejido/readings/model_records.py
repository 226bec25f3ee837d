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
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from tejido.analysis.frames import Actors, Fabric, History, Incidents, Involvements, Presences, Ties, day_number
from tejido.analysis.frames import Territories as Places
from tejido.analysis.warning_relations import Nodes
from tejido.domain.dates import iso_week
from tejido.domain.ties import CERTAINTY_SHARES, STRENGTH_SHARES, TieFact
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.queries import BELONGING
from tejido.readings.clear_rows import CARRYING
from tejido.readings.frames import LAST, Case, Frames, frames
from tejido.readings.struck import span_of_case
from tejido.readings.territories import Territories, known_territories
from tejido.readings.weeks import Span, last_day

#: Stands for those struck of whom no collective is known; no actor has this id.
NOBODYS: Final = ""
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


#: By whom: the ties by which one belongs to collectives.
_Belonging = dict[str, tuple[TieFact, ...]]


@dataclass(frozen=True, slots=True)
class _Struck:
    """One incident with whom it struck, by id, and where."""

    case: Case
    span: Span
    collectives: frozenset[str]
    place: str | None


def newest_day(today: date) -> date | None:
    """Return the last day of the week in which the newest incident that has happened began, not after ``today``."""
    dated = frames().dated
    until = bisect_right(dated, (iso_week(today), LAST))
    newest = dated[until - 1][0] if until else 0
    return min(last_day(newest), today) if newest else None


def records_until(day: date, *, ties: Collection[str] = CARRYING) -> Records:
    """Return all that has happened by ``day``, with the ties of these kinds."""
    held, known = frames(), known_territories()
    spans = [(case, span_of_case(case)) for case in list(held.cases.values())]
    past = [(case, span) for case, span in spans if span is not None and span[0] <= day]
    wide = _wider(known, Counter(case.territory for case, _ in past if case.territory))
    belonging: _Belonging = {}
    found = [
        _Struck(case, span, _collectives(case, span, held, belonging), wide.get(case.territory or ""))
        for case, span in past
        if case.victims
    ]
    row = {actor: at for at, actor in enumerate(_shown(held, found))}
    places = {place: at for at, place in enumerate(sorted(set(wide.values())))}
    history = _history(found, row, places, day)
    presences = _presences(held, known, row, places)
    fabric = Fabric.of(_actors(held, row), _ties(held, row, ties), _places(known, places), presences)
    undated = sum(span is None for _, span in spans)
    coming = len(spans) - len(past) - undated
    return Records(fabric, history, _nodes(history, fabric, row), undated, coming, len(past) - len(found))


def _collectives(case: Case, span: Span, held: Frames, belonging: _Belonging) -> frozenset[str]:
    found = {victim for victim in case.victims if held.kinds.get(victim) in COLLECTIVES}
    for victim in case.victims:
        ties = belonging.get(victim)
        if ties is None:
            ties = belonging[victim] = _belongs_by(victim, held)
        found.update(fact.to for fact in ties if fact.held_during(*span))
    return frozenset(found) or frozenset({NOBODYS})


def _belongs_by(actor: str, held: Frames) -> tuple[TieFact, ...]:
    """Return the ties by which an actor belongs to collectives."""
    ties = [held.tie(tie) for tie in list(held.ties_at.get(actor, ()))]
    mine = (fact for fact in ties if fact.frm == actor and fact.kind in BELONGING)
    return tuple(fact for fact in mine if held.kinds.get(fact.to) in COLLECTIVES)


def _shown(held: Frames, found: Iterable[_Struck]) -> list[str]:
    """Return the actors of the tables: collectives, those who are said to have done something, and ``NOBODYS``."""
    did = {one for struck in found for one in struck.case.perpetrators}
    known = [one for one, kind in list(held.kinds.items()) if kind in COLLECTIVES or one in did]
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
    names = dict.fromkeys(tie for actor in row for tie, other in held.ties_at.get(actor, {}).items() if other in row)
    facts = [fact for fact in map(held.tie, names) if fact.kind in kinds]
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


def _history(found: list[_Struck], row: Mapping[str, int], places: Mapping[str, int], day: date) -> History:
    last = day_number(day)
    incidents = Incidents.of(
        [one.case.incident for one in found],
        np.array([day_number(one.span[0]) for one in found], dtype=np.float64),
        np.array([min(day_number(one.span[1]), last) for one in found], dtype=np.float64),
        territory=np.array([-1 if one.place is None else places[one.place] for one in found], dtype=np.int64),
        territories=len(places),
    )
    rows = [(at, row[who], False) for at, one in enumerate(found) for who in one.collectives]
    rows += [(at, row[who], True) for at, one in enumerate(found) for who in one.case.perpetrators if who in row]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    involved = Involvements.of(
        table[:, 0], table[:, 1], table[:, 2].astype(np.bool_), incidents=len(found), actors=len(row)
    )
    return History.of(incidents, involved)


def _nodes(history: History, fabric: Fabric, row: Mapping[str, int]) -> Nodes:
    """Return each collective where it was struck or lives; one of which neither is known stands wherever it is."""
    what, who = history.involvements.victims()
    actor = np.concatenate([who, fabric.presences.actor])
    where = np.concatenate([history.incidents.territory[what], fabric.presences.territory])
    seen = set(actor.tolist())
    rest = [at for one, at in row.items() if at not in seen and fabric.actors.kind[at] in COLLECTIVES and one]
    pairs = np.stack([np.concatenate([actor, rest]), np.concatenate([where, np.full(len(rest), -1)])], axis=1)
    pairs = np.unique(pairs.astype(np.int64), axis=0)
    return Nodes(np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]))
