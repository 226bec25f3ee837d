"""What is overdue in all plans of a circle: found by week, opened only where a week leaves doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from tejido.domain.dates import iso_week
from tejido.domain.plan_findings import MESSAGES, Finding, Level
from tejido.fabric.models import Actor
from tejido.protection.models import Measure, Plan, Threat
from tejido.vault.keyring import circle_at_work
from tejido.vocabularies import vocabulary

#: Never more than so many of one sort are read.
_MOST: Final = 100


@dataclass(frozen=True)
class Late:
    """One thing overdue: what was found (its sentence is the rules'), in whose plan, and its own words.

    ``subject`` is the title of the measure (or its ``code``), the words of the threat, or empty for the plan.
    """

    finding: Finding
    plan: UUID
    collective: Actor
    subject: str = ""
    code: str = ""


@dataclass(frozen=True)
class Overdue:
    """What is overdue, by sort; each at most a hundred, what is longest overdue first."""

    measures: tuple[Late, ...] = ()
    reviews: tuple[Late, ...] = ()
    undecided: tuple[Late, ...] = ()
    unanswered: tuple[Late, ...] = ()

    def __iter__(self) -> Iterator[Late]:
        yield from (*self.measures, *self.reviews, *self.undecided, *self.unanswered)

    def __len__(self) -> int:
        return len(self.measures) + len(self.reviews) + len(self.undecided) + len(self.unanswered)


def overdue(today: date) -> Overdue:
    """Return late measures and reviews, plans without a decision that holds, and threats without a measure.

    Of the circle at work, in four queries. Closed plans are left alone.
    """
    circle = circle_at_work()
    return Overdue(
        measures=tuple(_measures(today, circle)),
        reviews=tuple(_reviews(today, circle)),
        undecided=tuple(_undecided(today, circle)),
        unanswered=tuple(_unanswered(circle)),
    )


def _measures(today: date, circle: UUID) -> Iterator[Late]:
    still_open = [term.code for term in vocabulary("measure_statuses") if term.flag("open")]
    due = Measure.objects.filter(circle_id=circle, due_week__lte=iso_week(today), status__in=still_open)
    due = due.exclude(plan__status="closed").select_related("plan__collective").order_by("due_week", "id")
    for measure in due[:_MOST]:
        if measure.due_on is not None and measure.due_on.end < today:
            found = _found("measure_overdue", "late", str(measure.pk), when=measure.due_on.end)
            yield Late(found, measure.plan_id, measure.plan.collective, measure.title, measure.code)


def _reviews(today: date, circle: UUID) -> Iterator[Late]:
    due = Plan.objects.filter(circle_id=circle, review_week__lte=iso_week(today)).exclude(status="closed")
    for plan in due.select_related("collective").order_by("review_week", "id")[:_MOST]:
        if plan.review_on is not None and plan.review_on.end < today:
            yield Late(_found("review_overdue", "late", when=plan.review_on.end), plan.pk, plan.collective)


def _undecided(today: date, circle: UUID) -> Iterator[Late]:
    lapsed = Q(decision=None) | Q(decision__status="withdrawn") | Q(decision__until_week__lte=iso_week(today))
    plans = Plan.objects.filter(lapsed, circle_id=circle).exclude(status="closed")
    for plan in plans.select_related("collective", "decision").order_by("born", "id")[:_MOST]:
        decision = plan.decision
        if decision is None:
            yield Late(_found("no_decision", "note"), plan.pk, plan.collective)
        elif decision.status == "withdrawn":
            when = decision.withdrawn_on.earliest if decision.withdrawn_on is not None else today
            yield Late(_found("decision_withdrawn", "late", when=when), plan.pk, plan.collective)
        elif decision.holds_until is not None and decision.holds_until.end < today:
            found = _found("decision_expired", "late", when=decision.holds_until.end)
            yield Late(found, plan.pk, plan.collective)


def _unanswered(circle: UUID) -> Iterator[Late]:
    answers = Measure.objects.filter(threat=OuterRef("pk")).exclude(status__in=["stopped", "harmful"])
    threats = Threat.objects.filter(~Exists(answers), circle_id=circle).exclude(plan__status="closed")
    for threat in threats.select_related("plan__collective").order_by("born", "id")[:_MOST]:
        found = _found("threat_without_measure", "note", str(threat.pk))
        yield Late(found, threat.plan_id, threat.plan.collective, threat.words)


def _found(code: str, level: Level, subject: str = "", **parameters: object) -> Finding:
    message, reason, way_out = MESSAGES[code]
    return Finding(code, level, subject, message, reason, way_out, parameters)
