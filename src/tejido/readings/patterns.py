"""What recurs in the records of the circle at work, each tested beside what rates alone would give.

The exact days of the newest incidents are opened for it and let go of again; what was found is kept, as ids and
counts, until something is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID

from tejido.analysis.frames import Acts, History, Incidents, Involvements, day_number
from tejido.analysis.patterns import FEWEST, Pattern, Patterns, find_patterns
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.models import Actor, Tie
from tejido.incidents.models import Incident
from tejido.readings.frames import Case, frames
from tejido.readings.gathering import collectives_struck
from tejido.readings.stands import Stand, stand_of
from tejido.vault.keyring import FILE_KEY, circle_at_work

#: The most incidents looked at, the newest; the collectives looked at one by one, those most struck. Assumed.
MOST_INCIDENTS: Final = 3000
MOST_SUBJECTS: Final = 12
_AT_ONCE: Final = 1000

Occasions = Mapping[str, Sequence[date]]


@dataclass(frozen=True, slots=True)
class Recurring:
    """One thing that recurs: of whom (None for all), what, how often, how often by chance, how sure, which incidents.

    ``by`` is the aggressor where one goes from one to the next; ``q`` the part of such claims expected to be false.
    """

    kind: str
    subject: UUID | None
    by: UUID | None
    what: tuple[str, ...]
    seen: int
    expected: float
    q: float
    incidents: tuple[UUID, ...]

    @property
    def of_occasion(self) -> bool:
        """Whether it rests on days that were typed and are not kept."""
        return self.kind in ("before", "after")

    @property
    def key(self) -> str:
        """What names it on every day: the same of whom, what and by whom give the same key."""
        named = "|".join((self.kind, str(self.subject), str(self.by), *self.what))
        return sha256(named.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Recurs:
    """What stands out, surest first; of how many ``incidents`` on known days and how many comparisons ``tested``.

    ``inexact``: incidents left out as their day is not known; ``cut``: only the newest were looked at.
    """

    found: tuple[Recurring, ...]
    tested: int
    incidents: int
    inexact: int
    cut: bool

    @property
    def is_too_little(self) -> bool:
        """Whether there are too few incidents on known days to test anything."""
        return self.incidents < FEWEST


_Mark = tuple[Stand, int, date]
_held: dict[UUID, tuple[_Mark, Recurs]] = {}
FILE_KEY.when_dropped(_held.clear)


def what_recurs(*, today: date, occasions: Occasions | None = None) -> Recurs:
    """Return what stands out up to ``today``; ``occasions`` by name (hearings, elections), with their days."""
    if occasions:
        return _reckoned(today, occasions)
    circle = circle_at_work()
    mark = (stand_of(circle, Incident, Actor, Tie), FILE_KEY.generation, today)
    held = _held.get(circle)
    if held is None or held[0] != mark:
        held = _held[circle] = (mark, _reckoned(today, {}))
    return held[1]


def _reckoned(today: date, occasions: Occasions) -> Recurs:
    held = frames()
    kinds, every = held.kinds, [case for case in list(held.cases.values()) if case.week]
    newest = sorted(every, key=lambda case: (-case.week, case.incident))[:MOST_INCIDENTS]
    days = _exact_days([case.incident for case in newest], today)
    cases = [case for case in newest if case.incident in days]
    struck = _whom(cases)
    counts = Counter(one for ones in struck.values() for one in ones if kinds.get(one) in COLLECTIVES)
    subjects = [one for one, many in counts.most_common(MOST_SUBJECTS) if many >= FEWEST]
    rows, history = _history(cases, days, struck)
    told = find_patterns(
        history, until=day_number(today), subjects=[rows[one] for one in subjects],
        occasions={name: [day_number(day) for day in given] for name, given in occasions.items()},
    )  # fmt: skip
    return Recurs(
        found=_told(told, cases, list(rows)),
        tested=told.tested,
        incidents=len(cases),
        inexact=len(newest) - len(cases),
        cut=len(every) > len(newest),
    )


def _exact_days(incidents: Sequence[str], today: date) -> dict[str, date]:
    """Return the day of each incident whose day is known and has come."""
    found: dict[str, date] = {}
    for at in range(0, len(incidents), _AT_ONCE):
        chosen = Incident.objects.filter(pk__in=[UUID(one) for one in incidents[at : at + _AT_ONCE]])
        for one in chosen.only("id", "circle_id", "revision", "when"):
            when = one.when
            if when is not None and when.earliest == when.latest <= today:
                found[str(one.pk)] = when.earliest
    return found


def _whom(cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    """Return the collectives each incident struck, in themselves or in one of their own; else the individuals."""
    collectives = collectives_struck(UUID(case.incident) for case in cases)
    return {
        case.incident: tuple(str(one) for one in collectives.get(UUID(case.incident), ()))
        or tuple(sorted(case.victims))
        for case in cases
    }


def _history(
    cases: Sequence[Case], days: Mapping[str, date], struck: Mapping[str, Sequence[str]]
) -> tuple[dict[str, int], History]:
    doers = {one for case in cases for one in case.perpetrators}
    rows = {actor: row for row, actor in enumerate(sorted({one for ones in struck.values() for one in ones} | doers))}
    involved = [(at, rows[one], False) for at, case in enumerate(cases) for one in struck[case.incident]]
    involved += [(at, rows[one], True) for at, case in enumerate(cases) for one in case.perpetrators]
    acts = [(at, kind) for at, case in enumerate(cases) for kind in sorted({act[0] for act in case.acts})]
    many = len(cases)
    return rows, History.of(
        Incidents.of([case.incident for case in cases], [day_number(days[case.incident]) for case in cases]),
        Involvements.of(
            [one[0] for one in involved], [one[1] for one in involved], [one[2] for one in involved],
            incidents=many, actors=len(rows),
        ),
        Acts.of([one[0] for one in acts], [one[1] for one in acts], incidents=many),
    )  # fmt: skip


def _told(found: Patterns, cases: Sequence[Case], actors: Sequence[str]) -> tuple[Recurring, ...]:
    """Return those that are more than the rates alone would give: that something is rarer is no pattern to act on."""
    return tuple(_recurring(one, cases, actors) for one in found.found if one.seen > one.expected)


def _recurring(one: Pattern, cases: Sequence[Case], actors: Sequence[str]) -> Recurring:
    by = UUID(actors[int(one.what[0])]) if one.kind == "aggressor" else None
    return Recurring(
        kind=one.kind,
        subject=UUID(actors[one.subject]) if one.subject >= 0 else None,
        by=by,
        what=() if by else one.what,
        seen=int(one.seen),
        expected=one.expected,
        q=one.q,
        incidents=tuple(UUID(cases[row].incident) for row in one.incidents),
    )
