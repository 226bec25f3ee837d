"""Is something building up: how many incidents struck each collective lately, beside what was usual before.

A count of what is recorded, neither a forecast nor a rate: who records more will see more. An incident counts for
a collective when it, one of its members, of those who lead it or of its parts was struck, and once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from tejido.domain.dates import iso_week
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.queries import BELONGING
from tejido.readings.frames import FIRST, LAST, Case, Frames, frames
from tejido.readings.settings import chosen_settings
from tejido.readings.struck import span_of_case
from tejido.readings.weaving import MOST_OF_ONE
from tejido.readings.weeks import first_day, last_day, week_before
from tejido.vault.journal import last_line
from tejido.vault.keyring import FILE_KEY, circle_at_work

LATELY_DAYS: Final = 90
BEFORE_DAYS: Final = 365
#: How many incidents are looked through, the newest. Assumed.
MOST_INCIDENTS: Final = 4000


@dataclass(frozen=True, slots=True)
class Gathered:
    """Counts of one collective: incidents ``lately`` (90 days) and ``before`` (the 365 days before those).

    ``least``: below so many lately nothing is said to build up.
    """

    collective: UUID
    lately: int
    before: int
    least: int = 3

    @property
    def usual(self) -> float:
        """How many the days before would make in as many days as lately."""
        return self.before * LATELY_DAYS / BEFORE_DAYS

    @property
    def more_than_usual(self) -> bool:
        """Whether there were at least ``least`` lately and at least twice as many as was usual."""
        return self.lately >= self.least and self.lately >= 2 * self.usual


@dataclass(frozen=True, slots=True)
class Gathering:
    """The collectives struck lately, the most struck first, and the newest day reckoned from.

    ``total`` is how many collectives were struck lately, ``cut`` says that not all incidents were looked through.
    """

    rows: tuple[Gathered, ...]
    total: int
    newest: date | None
    cut: bool


_Mark = tuple[UUID, tuple[int, bytes], int, date]
_held: dict[UUID, tuple[_Mark, Gathering]] = {}
FILE_KEY.when_dropped(_held.clear)


def gathering(today: date, *, limit: int = 6) -> Gathering:
    """Return what gathers around which collectives, reckoned back from the newest incident that has happened.

    Kept until something is written: ids and counts, nothing opened.
    """
    circle = circle_at_work()
    mark = (circle, last_line(), FILE_KEY.generation, today)
    held = _held.get(circle)
    if held is None or held[0] != mark:
        held = _held[circle] = (mark, _reckoned(today))
    whole = held[1]
    return Gathering(whole.rows[:limit], whole.total, whole.newest, whole.cut)


def _reckoned(today: date) -> Gathering:
    held = frames()
    until = bisect_right(held.dated, (iso_week(today), LAST))
    newest = held.dated[until - 1][0] if until else 0
    if not newest:
        return Gathering((), 0, None, False)
    start = bisect_left(held.dated, (week_before(newest, LATELY_DAYS + BEFORE_DAYS), FIRST), hi=until)
    first = max(start, until - MOST_INCIDENTS)
    last = min(last_day(newest), today)
    since = last - timedelta(days=LATELY_DAYS)
    weeks = {incident: week for week, incident in held.dated[first:until]}
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for incident, collectives in _collectives_struck(weeks).items():
        for collective in collectives:
            counts[collective][0 if first_day(weeks[incident]) > since else 1] += 1
    least = chosen_settings().lately
    found = [Gathered(UUID(one), lately, before, least) for one, (lately, before) in counts.items() if lately]
    found.sort(key=lambda one: (not one.more_than_usual, -one.lately, one.before, str(one.collective)))
    return Gathering(tuple(found[:40]), len(found), last, first > start)


def collectives_struck(incidents: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return the collectives each incident struck, in themselves or in those who belonged to them then."""
    found = _collectives_struck(map(str, incidents))
    return {UUID(incident): set(map(UUID, struck)) for incident, struck in found.items()}


def _collectives_struck(incidents: Iterable[str]) -> dict[str, frozenset[str]]:
    held = frames()
    return {one: _struck(held.cases[one], held) for one in incidents if one in held.cases}


def _struck(case: Case, held: Frames) -> frozenset[str]:
    known = held.struck.get(case.incident)
    if known is None:
        known = held.struck[case.incident] = frozenset(_found_struck(case, held))
    return known


def _found_struck(case: Case, held: Frames) -> Iterator[str]:
    span = span_of_case(case)
    found = set(case.victims)
    for victim in case.victims:
        for tie, other in list(held.ties_at.get(victim, {}).items())[:MOST_OF_ONE]:
            fact = held.tie(tie)
            if fact.kind in BELONGING and fact.frm == victim and (span is None or fact.held_during(*span)):
                found.add(other)
    yield from (one for one in found if held.kinds.get(one) in COLLECTIVES)
