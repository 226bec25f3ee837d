"""Who was struck in which incidents, by whom and in which weeks: facts from clear columns, within bounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from tejido.domain.affectation import FLOOR, HALF_LIFE_DAYS, SAME_AGGRESSOR, IncidentFact
from tejido.incidents.models import Incident, Perpetrator, Victim
from tejido.readings.weeks import Span, span_of, week_after, week_before
from tejido.vault.keyring import current

#: How many acts of the same aggressors are looked through; of one with more, only the incidents nearest in time.
MOST_ACTS: Final = 1000
MOST_NEAREST: Final = 200
#: Beyond this many days a common aggressor is fainter than what is told.
FARTHEST_DAYS: Final = int(HALF_LIFE_DAYS * 6) if SAME_AGGRESSOR / 2**6 < FLOOR else int(HALF_LIFE_DAYS * 7)


@dataclass(frozen=True, slots=True)
class Struck:
    """One incident as the rule needs it, with its weeks and the victims by id."""

    fact: IncidentFact
    week_from: int | None
    victims: frozenset[UUID]
    perpetrators: frozenset[UUID]
    territory: UUID | None


def struck_in(incident: Incident, today: date) -> Struck:
    """Return the facts of one incident with its exact days: two queries.

    An incident without a date may have been any day until ``today``.
    """
    when = incident.when
    span = (when.earliest, when.latest) if when else (span_of(incident.week_from, incident.week_to))
    victims = frozenset(Victim.objects.filter(act__incident=incident).values_list("actor_id", flat=True))
    authors = frozenset(Perpetrator.objects.filter(act__incident=incident).values_list("actor_id", flat=True))
    fact = fact_of(incident.pk, victims, authors, span or (date.min, today), territory=incident.territory_id)
    return Struck(fact, incident.week_from, victims, authors, incident.territory_id)


def fact_of(
    incident: UUID,
    victims: Iterable[UUID],
    perpetrators: Iterable[UUID],
    span: Span,
    *,
    territory: UUID | None = None,
) -> IncidentFact:
    """Return an incident as the rule takes it."""
    return IncidentFact(
        incident=str(incident),
        victims=frozenset(map(str, victims)),
        perpetrators=frozenset(map(str, perpetrators)),
        territory=None if territory is None else str(territory),
        start=span[0],
        end=span[1],
    )


def others_by(struck: Struck) -> tuple[list[IncidentFact], bool]:
    """Return the other incidents of the same aggressors that still matter, and whether some were left out.

    Three queries at most; four for an aggressor of more acts than are looked through.
    """
    authors = struck.perpetrators - struck.victims
    if not authors or struck.week_from is None:
        return [], False
    window = week_before(struck.week_from, FARTHEST_DAYS), week_after(struck.week_from, FARTHEST_DAYS)
    rows = list(
        Perpetrator.objects.filter(actor_id__in=authors, circle_id__in=current().circles).values_list(
            "act__incident_id", "actor_id", "act__incident__week_from", "act__incident__week_to"
        )[: MOST_ACTS + 1]
    )
    cut = len(rows) > MOST_ACTS
    if cut:
        rows = _nearest(authors, struck.week_from, window)
    spans: dict[UUID, Span] = {}
    by: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for incident, actor, first, last in rows:
        span = span_of(first, last)
        if span is not None and first is not None and window[0] <= first <= window[1]:
            spans[incident] = span
            by[incident].add(actor)
    spans.pop(UUID(struck.fact.incident), None)
    victims = victims_of(spans)
    return [fact_of(one, victims.get(one, ()), by[one], span) for one, span in spans.items()], cut


_Row = tuple[UUID, UUID, int | None, int | None]


def _nearest(authors: Collection[UUID], week: int, window: tuple[int, int]) -> list[_Row]:
    """Return the same as a hub's acts, of the incidents nearest in time alone: walks the index of weeks."""
    here = Incident.objects.filter(circle_id__in=current().circles)
    before = here.filter(week_from__lte=week, week_from__gte=window[0]).order_by("-week_from", "id")
    after = here.filter(week_from__gt=week, week_from__lte=window[1]).order_by("week_from", "id")
    ids = [
        *before.values_list("id", flat=True)[:MOST_NEAREST],
        *after.values_list("id", flat=True)[:MOST_NEAREST],
    ]
    found = Perpetrator.objects.filter(act__incident_id__in=ids, actor_id__in=authors)
    return list(
        found.values_list("act__incident_id", "actor_id", "act__incident__week_from", "act__incident__week_to")
    )


def victims_of(incidents: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return the victims of each incident, each once: one query."""
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    ids = list(incidents)
    if ids:
        pairs = Victim.objects.filter(act__incident_id__in=ids).values_list("act__incident_id", "actor_id")
        for incident, actor in pairs:
            found[incident].add(actor)
    return found
