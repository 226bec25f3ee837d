"""Is something building up: how many incidents struck each collective lately, beside what was usual before.

A count of what is recorded, neither a forecast nor a rate: who records more will see more. An incident counts for
a collective when it, one of its members, of those who lead it or of its parts was struck, and once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from tejido.domain.dates import iso_week
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.models import Actor, Tie
from tejido.fabric.queries import BELONGING
from tejido.incidents.models import Incident
from tejido.readings.struck import victims_of
from tejido.readings.weeks import first_day, last_day, week_before
from tejido.vault.journal import last_stamp
from tejido.vault.keyring import FILE_KEY, current

LATELY_DAYS: Final = 90
BEFORE_DAYS: Final = 365
#: How many incidents are looked through, the newest; below so many lately nothing is said to build up. Assumed.
MOST_INCIDENTS: Final = 4000
FEWEST: Final = 3
_FOREVER = 999_999


@dataclass(frozen=True, slots=True)
class Gathered:
    """Counts of one collective: incidents ``lately`` (90 days) and ``before`` (the 365 days before those)."""

    collective: UUID
    lately: int
    before: int

    @property
    def usual(self) -> float:
        """How many the days before would make in as many days as lately."""
        return self.before * LATELY_DAYS / BEFORE_DAYS

    @property
    def more_than_usual(self) -> bool:
        """Whether there were at least ``FEWEST`` lately and at least twice as many as was usual."""
        return self.lately >= FEWEST and self.lately >= 2 * self.usual


@dataclass(frozen=True, slots=True)
class Gathering:
    """The collectives struck lately, the most struck first, and the newest day reckoned from.

    ``total`` is how many collectives were struck lately, ``cut`` says that not all incidents were looked through.
    """

    rows: tuple[Gathered, ...]
    total: int
    newest: date | None
    cut: bool


_Mark = tuple[frozenset[UUID], int, int, date]
_held: dict[frozenset[UUID], tuple[_Mark, Gathering]] = {}


def gathering(today: date, *, limit: int = 6) -> Gathering:
    """Return what gathers around which collectives, reckoned back from the newest incident that has happened.

    Kept until something is written: ids and counts, nothing opened.
    """
    circles = frozenset(current().circles)
    mark = (circles, last_stamp(), FILE_KEY.generation, today)
    held = _held.get(circles)
    if held is None or held[0] != mark:
        held = _held[circles] = (mark, _reckoned(today))
    whole = held[1]
    return Gathering(whole.rows[:limit], whole.total, whole.newest, whole.cut)


def _reckoned(today: date) -> Gathering:
    here = Incident.objects.filter(circle_id__in=current().circles, week_from__lte=iso_week(today))
    newest = here.order_by("-week_from").values_list("week_from", flat=True).first()
    if newest is None:
        return Gathering((), 0, None, False)
    oldest = week_before(newest, LATELY_DAYS + BEFORE_DAYS)
    rows = list(
        here.filter(week_from__gte=oldest).order_by("-week_from", "id").values_list("id", "week_from")[
            : MOST_INCIDENTS + 1
        ]
    )
    last = min(last_day(newest), today)
    since = last - timedelta(days=LATELY_DAYS)
    weeks = {incident: week for incident, week in rows[:MOST_INCIDENTS] if week is not None}
    counts: defaultdict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    for incident, collectives in collectives_struck(weeks).items():
        for collective in collectives:
            counts[collective][0 if first_day(weeks[incident]) > since else 1] += 1
    found = [Gathered(one, lately, before) for one, (lately, before) in counts.items() if lately]
    found.sort(key=lambda one: (not one.more_than_usual, -one.lately, one.before, str(one.collective)))
    return Gathering(tuple(found[:40]), len(found), last, len(rows) > MOST_INCIDENTS)


def collectives_struck(weeks: Mapping[UUID, int]) -> dict[UUID, set[UUID]]:
    """Return the collectives each incident (by its week) struck, in themselves or in those who belonged to them then.

    Three queries.
    """
    victims = victims_of(weeks)
    everyone = {victim for struck in victims.values() for victim in struck}
    belongs = _belonging(everyone)
    candidates = everyone | {one for found in belongs.values() for one, _, _ in found}
    kinds = Actor.objects.filter(pk__in=candidates, kind__in=COLLECTIVES).values_list("id", flat=True)
    collectives = set(kinds) if candidates else set()
    found: dict[UUID, set[UUID]] = {}
    for incident, struck in victims.items():
        week = weeks[incident]
        through = (tie for victim in struck for tie in belongs.get(victim, ()))
        found[incident] = collectives & (struck | {one for one, since, until in through if since <= week <= until})
    return found


def _belonging(actors: set[UUID]) -> Mapping[UUID, list[tuple[UUID, int, int]]]:
    """Return what actors belong to, with the weeks in which the tie may have held."""
    found: defaultdict[UUID, list[tuple[UUID, int, int]]] = defaultdict(list)
    if actors:
        ties = Tie.objects.filter(from_actor_id__in=actors, kind__in=BELONGING)
        for member, collective, since, until in ties.values_list(
            "from_actor_id", "to_actor_id", "since_week", "until_week"
        ):
            found[member].append((collective, since or 0, until or _FOREVER))
    return found
