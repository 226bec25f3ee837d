"""Incidents as the rule takes them, and the other incidents of the same aggressors, within bounds."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from datetime import date
from typing import Final

from tejido.domain.affectation import FLOOR, IncidentFact
from tejido.domain.affectation_weights import ASSUMED, Weights
from tejido.incidents.models import Incident
from tejido.readings.frames import FIRST, LAST, Case, frames
from tejido.readings.weeks import Span, span_of, week_after, week_before

#: Of one aggressor, at most so many incidents on each side are looked through, the nearest in time.
MOST_NEAREST: Final = 300


def farthest_days(weights: Weights) -> int:
    """Return the days beyond which a common aggressor is fainter than what is told, in whole half-lives."""
    return int(weights.half_life_days * max(1, math.ceil(math.log2(max(weights.aggressor / FLOOR, 1.0)))))


def span_of_case(case: Case) -> Span | None:
    """Return the first and last day of an incident's weeks; nothing when they are not known."""
    return span_of(case.week or None, case.week_to or None)


def fact_of_case(case: Case, span: Span) -> IncidentFact:
    """Return an incident as the rule takes it."""
    return IncidentFact(
        incident=case.incident,
        victims=case.victims,
        perpetrators=case.perpetrators,
        territory=case.territory,
        start=span[0],
        end=span[1],
    )


def fact_of_incident(incident: Incident, case: Case, today: date) -> IncidentFact:
    """Return an incident with its exact days; one without a date may have been any day until ``today``."""
    when = incident.when
    span = (when.earliest, when.latest) if when else (span_of_case(case) or (date.min, today))
    return fact_of_case(case, span)


def others_by(case: Case, weights: Weights = ASSUMED) -> tuple[list[IncidentFact], bool]:
    """Return the other incidents of the same aggressors that still matter, and whether some were left out."""
    authors = case.perpetrators - case.victims
    if not authors or not case.week:
        return [], False
    held, cut = frames(), False
    days = farthest_days(weights)
    first, last = week_before(case.week, days), week_after(case.week, days)
    near: dict[str, None] = {}
    for author in sorted(authors):
        listed = held.by.get(author, [])
        low, high = bisect_left(listed, (first, FIRST)), bisect_right(listed, (last, LAST))
        middle = bisect_left(listed, (case.week, case.incident))
        start, end = max(low, middle - MOST_NEAREST), min(high, middle + MOST_NEAREST + 1)
        cut = cut or start > low or end < high
        near.update((incident, None) for _, incident in listed[start:end])
    near.pop(case.incident, None)
    cases = [held.cases[one] for one in near]
    spans = ((one, span_of_case(one)) for one in cases)
    return [fact_of_case(one, span) for one, span in spans if span is not None], cut
