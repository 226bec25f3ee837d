"""Records of a plan as the rules see them."""

from __future__ import annotations

from datetime import date
from typing import Literal, cast

from tejido.domain.decisions import DecisionFacts, number_in
from tejido.domain.plan_checks import MeasureFacts, PlanFacts
from tejido.protection.models import Decision, Measure, Plan

#: Of the catalogue, what a group already does to look after itself; and the states in which its own way is done.
OWN_PRACTICES = "A1"
_DONE = ("under_way", "in_place")


def facts_of(plan: Plan) -> PlanFacts:
    """Return a plan as the rules see it; its threats, measures and decision are read if they are not there yet."""
    return PlanFacts(
        status=plan.status,
        decision=decision_facts(plan.decision) if plan.decision is not None else None,
        threats=frozenset(str(threat.pk) for threat in plan.threats.all()),
        measures=tuple(measure_facts(measure) for measure in plan.measures.all()),
        review_due=plan.review_on.end if plan.review_on is not None else None,
        is_collective=True,
        adopted=plan.adopted_on.earliest if plan.adopted_on is not None else None,
        amended=tuple(str(one.pk) for one in plan.amendments.all() if one.decision_id is None),
        review_has_stand_in=bool(plan.review_stand_in),
    )


def decision_facts(decision: Decision) -> DecisionFacts:
    """Return a decision as the rules see it: taken on the earliest day, held to the last that its words allow."""
    return DecisionFacts(
        decided=decision.taken_on.earliest if decision.taken_on is not None else date.min,
        holds_until=decision.holds_until.end if decision.holds_until is not None else None,
        withdrawn=_withdrawn(decision),
        about=decision.about,
        mode=decision.mode,
        present=number_in(decision.present),
        quorum=decision.counts.get("quorum"),
        votes_for=decision.counts.get("votes_for"),
        votes_against=decision.counts.get("votes_against"),
        has_mandate=bool(decision.mandate),
        has_dissent=bool(decision.dissent),
    )


def measure_facts(measure: Measure) -> MeasureFacts:
    """Return a measure as the rules see it.

    For an individual measure the words on individuals are the reason to go on in spite of known harms.
    """
    return MeasureFacts(
        measure=str(measure.pk),
        family=cast(Literal["A", "B", "I"], measure.family),
        code=measure.code,
        has_owner=measure.owner_id is not None or bool(measure.owner_words),
        due=measure.due_on.end if measure.due_on is not None else None,
        status=measure.status,
        threat=str(measure.threat_id) if measure.threat_id is not None else None,
        effect_on_group=bool(measure.effect_on_group),
        effect_on_individuals=bool(measure.effect_on_individuals),
        is_own=is_own(measure),
        harms_considered=bool(measure.effect_on_individuals),
        owner=str(measure.owner_id or measure.owner_words),
        has_sign=bool(measure.works_sign),
        ended_decided=measure.ended_by is not None and measure.ended_by.status == "in_force",
    )


def is_own(measure: Measure) -> bool:
    """Say whether a measure is what the group does by itself already."""
    return measure.code == OWN_PRACTICES or (not measure.code and measure.status in _DONE)


def _withdrawn(decision: Decision) -> date | None:
    """Return since when it is withdrawn; one that does not say its day was so from the beginning."""
    if decision.status != "withdrawn":
        return None
    return decision.withdrawn_on.earliest if decision.withdrawn_on is not None else date.min
