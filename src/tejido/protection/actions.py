"""What members do with plans: start one for a group, name threats, agree on measures, decide, adopt, close.

Every action is one transaction with its line in the journal. ``revision`` is the one a form showed: ``Conflict``
when somebody wrote since. A change to a part is also a change of the plan. A closed plan refuses (``PlanClosed``).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import RuleBroken
from tejido.domain.words import N_
from tejido.fabric.kinds import AGGRESSORS, is_collective
from tejido.fabric.making import one_line, paragraphs
from tejido.fabric.models import Actor
from tejido.fabric.queries import collectives_of
from tejido.protection.deciding import adopt_plan, close_plan, record_decision, withdraw_decision
from tejido.protection.given import MeasureGiven, ThreatGiven, own_practices
from tejido.protection.models import Measure, Plan, Threat
from tejido.protection.records import (
    PlanClosed,
    last_week,
    lay_measures,
    lay_threats,
    measure_values,
    plan_to_change,
    show_in,
    sought,
    threat_values,
    touched,
)
from tejido.vault.journal import By, writing
from tejido.vault.records import change, create, remove

__all__ = [
    "MeasureGiven", "PlanClosed", "PlanNeedsACollective", "ThreatGiven", "add_measure", "adopt_plan", "change_measure",
    "change_plan", "change_threat", "close_plan", "give_reason", "name_threat", "note_practices", "record_decision",
    "remove_measure", "remove_threat", "set_review", "start_plan", "withdraw_decision",
]  # fmt: skip


class PlanNeedsACollective(RuleBroken):
    """A plan would be started for somebody who is no group; ``collectives`` are the groups they belong to."""

    message = N_(
        "A plan is made by a group, for the group: what strikes one person is meant for those around, and "
        "protecting that person alone leaves them as they were. Nothing was started. Choose a group that the "
        "person belongs to, or weave one first."
    )
    not_ours = N_(
        "A plan is made by a group, for the group, and this actor is not one that it could be made with. Nothing "
        "was started. Choose a community, group, organisation, movement or network."
    )

    def __init__(self, message: str | None = None, *, collectives: tuple[UUID, ...] = ()) -> None:
        self.collectives = collectives
        super().__init__(message)


def start_plan(
    *,
    by: By,
    collective: UUID,
    title: str = "",
    words: str = "",
    threats: Iterable[ThreatGiven] = (),
    practices: Iterable[str] = (),
    review_on: ImpreciseDate | None = None,
    review_by: str = "",
) -> Plan:
    """Start a draft for a collective with what threatens it and what it already does to look after itself.

    Raises ``PlanNeedsACollective`` for a single person, an aggressor or somebody unknown.
    """
    actor = sought(Actor, collective, by)
    require_collective(actor)
    with writing(by=by, action="plan.start") as entry:
        plan = create(
            Plan(
                circle_id=by.circle_id,
                collective=actor,
                title=one_line(title),
                words=paragraphs(words),
                review_on=review_on,
                review_week=last_week(review_on),
                review_by=one_line(review_by),
            ),
            entry,
        )
        entry.about("protection.plan", plan.pk)
        laid = lay_threats(plan, threats, entry)
        done = lay_measures(plan, own_practices(practices), entry)
        entry.notes.update(threats=len(laid), measures=len(done))
    return plan


def require_collective(actor: Actor) -> None:
    """Raise ``PlanNeedsACollective`` unless a plan can be made with this actor."""
    if actor.kind == "person":
        raise PlanNeedsACollective(collectives=tuple(tie.to_actor_id for tie in collectives_of(actor.pk)))
    if not is_collective(actor.kind) or actor.kind in AGGRESSORS:
        raise PlanNeedsACollective(PlanNeedsACollective.not_ours)


def change_plan(*, by: By, plan: UUID, title: str, words: str, revision: int | None = None) -> Plan:
    """Change what a plan is called and what is said at its head."""
    with writing(by=by, action="plan.change") as entry:
        record = plan_to_change(plan, by, entry, revision)
        change(record, entry, title=one_line(title), words=paragraphs(words))
    return record


def set_review(
    *, by: By, plan: UUID, review_on: ImpreciseDate | None, review_by: str = "", revision: int | None = None
) -> Plan:
    """Say when the group looks at the plan again, and who calls it together."""
    with writing(by=by, action="plan.review") as entry:
        record = plan_to_change(plan, by, entry, revision)
        change(record, entry, review_on=review_on, review_week=last_week(review_on), review_by=one_line(review_by))
    return record


def name_threat(
    *, by: By, plan: UUID, words: str, origin: str = "", incidents: Iterable[UUID] = (), revision: int | None = None
) -> Threat:
    """Name a threat in the group's own words; ``revision`` is the plan's."""
    with writing(by=by, action="threat.name") as entry:
        record = plan_to_change(plan, by, entry, revision)
        threat = lay_threats(record, [ThreatGiven(words, origin, tuple(incidents))], entry)[0]
        touched(record, entry)
    return threat


def change_threat(
    *, by: By, threat: UUID, words: str, origin: str, incidents: Iterable[UUID], revision: int | None = None
) -> Threat:
    """Say a threat in other words; the incidents given are those in which it showed itself, and no others."""
    with writing(by=by, action="threat.change") as entry:
        record = sought(Threat, threat, by, revision)
        plan = plan_to_change(record.plan_id, by, entry)
        change(record, entry, **threat_values(ThreatGiven(words, origin)))
        show_in(record, incidents, entry)
        touched(plan, entry)
    return record


def remove_threat(*, by: By, threat: UUID, revision: int | None = None) -> None:
    """Take a threat out of its plan; measures that answered it stay."""
    with writing(by=by, action="threat.remove") as entry:
        record = sought(Threat, threat, by, revision)
        plan = plan_to_change(record.plan_id, by, entry)
        remove(record, entry)
        touched(plan, entry)


def add_measure(*, by: By, plan: UUID, measure: MeasureGiven) -> Measure:
    """Add a measure of the catalogue, or the group's own practice."""
    with writing(by=by, action="measure.add") as entry:
        record = plan_to_change(plan, by, entry)
        made = lay_measures(record, [measure], entry)[0]
        touched(record, entry)
        entry.notes["family"] = made.family
    return made


def note_practices(*, by: By, plan: UUID, practices: Iterable[str]) -> list[Measure]:
    """Add what the group already does to look after itself, as measures in place."""
    with writing(by=by, action="measure.practices") as entry:
        record = plan_to_change(plan, by, entry)
        made = lay_measures(record, own_practices(practices), entry)
        touched(record, entry)
        entry.notes["measures"] = len(made)
    return made


def change_measure(*, by: By, measure: UUID, given: MeasureGiven, revision: int | None = None) -> Measure:
    """Make a measure as given; ``revision`` is the measure's."""
    with writing(by=by, action="measure.change") as entry:
        record = sought(Measure, measure, by, revision)
        plan = plan_to_change(record.plan_id, by, entry)
        change(record, entry, **measure_values(plan, given))
        touched(plan, entry)
        entry.notes["status"] = record.status
    return record


def give_reason(*, by: By, measure: UUID, reason: str, revision: int | None = None) -> Measure:
    """Keep the reason for which the group goes on with a measure that is known to do harm at times."""
    with writing(by=by, action="measure.reason") as entry:
        record = sought(Measure, measure, by, revision)
        plan = plan_to_change(record.plan_id, by, entry)
        change(record, entry, effect_on_individuals=paragraphs(reason))
        touched(plan, entry)
    return record


def remove_measure(*, by: By, measure: UUID, revision: int | None = None) -> None:
    """Take out a measure written down by mistake; what was tried and ended is marked stopped or harmful instead."""
    with writing(by=by, action="measure.remove") as entry:
        record = sought(Measure, measure, by, revision)
        plan = plan_to_change(record.plan_id, by, entry)
        remove(record, entry)
        touched(plan, entry)
