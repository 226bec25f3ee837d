"""Plans with what is missing or late in them: records in, the checks' answers out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, cast
from uuid import UUID

from django.db.models import QuerySet

from tejido.domain.plan_checks import DecisionFacts, Finding, MeasureFacts, PlanFacts, findings
from tejido.protection.models import Decision, Measure, Plan, Threat
from tejido.vault.keyring import current

#: The most plans one reading opens, the last written first.
MOST_PLANS: Final = 60

#: What the checks call the states of a measure.
_STATES: Final = {
    "wanted": "proposed", "agreed": "agreed", "under_way": "under_way", "in_place": "done", "stopped": "stopped",
    "harmful": "stopped",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanRead:
    """A plan with its measures, its threats and what the checks found, late first."""

    plan: Plan
    measures: tuple[Measure, ...]
    threats: tuple[Threat, ...]
    found: tuple[Finding, ...]

    @property
    def in_place(self) -> tuple[Measure, ...]:
        """The measures that stand."""
        return tuple(one for one in self.measures if one.status == "in_place")

    @property
    def late(self) -> tuple[Finding, ...]:
        """What is overdue."""
        return tuple(one for one in self.found if one.level == "late")


def plans_of(collectives: Collection[UUID], *, today: date) -> list[PlanRead]:
    """Return the plans of some collectives, the last written first, those closed too: three queries."""
    return _read(_plans().filter(collective_id__in=list(collectives)), today) if collectives else []


def open_plans(*, today: date) -> list[PlanRead]:
    """Return the plans that are not closed, at most ``MOST_PLANS``, the last written first: three queries."""
    return _read(_plans().exclude(status="closed"), today)


def _plans() -> QuerySet[Plan]:
    return Plan.objects.filter(circle_id__in=current().circles).select_related("decision", "collective")


def _read(plans: QuerySet[Plan], today: date) -> list[PlanRead]:
    found = list(plans.order_by("-stamp", "id")[:MOST_PLANS])
    ids = [plan.pk for plan in found]
    measures, threats = defaultdict(list), defaultdict(list)
    for measure in Measure.objects.filter(plan_id__in=ids).order_by("family", "born", "id"):
        measures[measure.plan_id].append(measure)
    for threat in Threat.objects.filter(plan_id__in=ids).order_by("born", "id"):
        threats[threat.plan_id].append(threat)
    return [_checked(plan, measures[plan.pk], threats[plan.pk], today) for plan in found]


def _checked(plan: Plan, measures: Iterable[Measure], threats: Iterable[Threat], today: date) -> PlanRead:
    mine, answered = tuple(measures), tuple(threats)
    facts = PlanFacts(
        status=plan.status,
        decision=_decision(plan.decision),
        threats=frozenset(str(threat.pk) for threat in answered),
        measures=tuple(_measure(one) for one in mine),
        review_due=plan.review_on.latest if plan.review_on else None,
    )
    return PlanRead(plan, mine, answered, tuple(findings(facts, today)))


def _decision(decision: Decision | None) -> DecisionFacts | None:
    if decision is None:
        return None
    taken = decision.taken_on.earliest if decision.taken_on else date.min
    until = decision.holds_until.latest if decision.holds_until else None
    return DecisionFacts(taken, until, taken if decision.status == "withdrawn" else None)


def _measure(measure: Measure) -> MeasureFacts:
    return MeasureFacts(
        measure=str(measure.pk),
        family=cast("Literal['A', 'B', 'I']", measure.family),
        code=measure.code,
        has_owner=measure.owner_id is not None or bool(measure.owner_words),
        due=measure.due_on.latest if measure.due_on else None,
        status=_STATES.get(measure.status, "proposed"),
        threat=str(measure.threat_id) if measure.threat_id else None,
        effect_on_group=bool(measure.effect_on_group),
        effect_on_individuals=bool(measure.effect_on_individuals),
        is_own=not measure.code,
        harms_considered=bool(measure.effect_on_group),
    )
