"""What members do with plans: start one for a group, name threats, agree on measures, decide, adopt, close.

Every action is one transaction with its line in the journal. ``revision`` is the one a form showed: ``Conflict``
when somebody wrote since. A change to a part is also a change of the plan. A closed plan refuses (``PlanClosed``).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.domain.doubles import refuse_double
from tejido.domain.errors import BadInput, RuleBroken
from tejido.domain.names import sort_key
from tejido.domain.words import N_
from tejido.fabric.kinds import AGGRESSORS, is_collective
from tejido.fabric.making import one_line, paragraphs
from tejido.fabric.models import Actor
from tejido.fabric.queries import collectives_of
from tejido.protection.amending import amend, amend_if_other, refuse_waiting_in_circle
from tejido.protection.deciding import adopt_plan, close_plan, record_decision, withdraw_decision
from tejido.protection.ending import end_measure, placed, refuse_ending_in_passing
from tejido.protection.given import MeasureGiven, ThreatGiven, own_practices
from tejido.protection.models import Measure, Plan, ReasonKept, Threat
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
    under,
)
from tejido.vault.journal import By, writing
from tejido.vault.records import change, create, remove
from tejido.vocabularies import vocabulary

__all__ = [
    "MeasureGiven", "PlanClosed", "PlanNeedsACollective", "ThreatGiven", "add_measure", "adopt_plan", "change_measure",
    "change_plan", "change_threat", "close_plan", "end_measure", "give_reason", "keep_reason", "name_threat",
    "note_practices", "record_decision",
    "remove_measure", "remove_threat", "set_review", "start_plan", "withdraw_decision",
]  # fmt: skip

_NO_REASON = N_("Say the reason in a few words, so that those who come later understand. Nothing was changed.")


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
    once: UUID | None = None,
) -> Plan:
    """Start a draft for a collective with what threatens it and what it already does to look after itself.

    ``once`` is its id, where a form gave one beforehand.

    Raises ``PlanNeedsACollective`` for a single person, an aggressor or somebody unknown.
    """
    actor = sought(Actor, collective, by)
    require_collective(actor)
    with writing(by=by, action="plan.start") as entry:
        plan = create(
            Plan(
                **under(once),
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
    *,
    by: By,
    plan: UUID,
    review_on: ImpreciseDate | None,
    review_by: str = "",
    review_stand_in: str = "",
    rhythm: str = "",
    revision: int | None = None,
) -> Plan:
    """Say when the group looks at the plan again, in which rhythm, who calls it together and who stands in."""
    with writing(by=by, action="plan.review") as entry:
        record = plan_to_change(plan, by, entry, revision)
        change(
            record,
            entry,
            review_on=review_on,
            review_week=last_week(review_on),
            review_by=one_line(review_by),
            review_stand_in=one_line(review_stand_in),
            rhythm=vocabulary("review_rhythms").term(rhythm).code if rhythm else "",
        )
    return record


def keep_reason(*, by: By, plan: UUID, check: str, words: str, subject: UUID | None = None) -> ReasonKept:
    """Keep why the group goes on against a prompt (``check``: its code) about a measure, a threat or the plan.

    The prompt stays in sight, with the reason beside it. Raises ``BadInput`` without words.
    """
    told = paragraphs(words)
    if not told:
        raise BadInput(_NO_REASON)
    with writing(by=by, action="plan.reason") as entry:
        record = plan_to_change(plan, by, entry)
        about = subject or record.pk
        known = ReasonKept.objects.filter(plan=record, check_code=check, subject_id=about).first()
        if known is not None:
            return change(known, entry, words=told)
        kept = ReasonKept(circle_id=record.circle_id, plan=record, check_code=check, subject_id=about, words=told)
        return create(kept, entry)


def name_threat(
    *,
    by: By,
    plan: UUID,
    words: str,
    origin: str = "",
    incidents: Iterable[UUID] = (),
    nature: str = "threat",
    revision: int | None = None,
    alike_too: bool = True,
) -> Threat:
    """Name a threat in the group's own words; ``revision`` is the plan's.

    Unless ``alike_too``, raises ``LikelyDouble`` when the plan has one that probably says the same.
    """
    with writing(by=by, action="threat.name") as entry:
        record = plan_to_change(plan, by, entry, revision)
        if not alike_too:
            refuse_double(words, (one.words for one in record.threats.all()))
        threat = lay_threats(record, [ThreatGiven(words, origin, tuple(incidents), nature)], entry)[0]
        amend(record, "threat_named", threat.words, entry)
        touched(record, entry)
    return threat


def change_threat(
    *,
    by: By,
    threat: UUID,
    words: str,
    origin: str = "",
    incidents: Iterable[UUID] = (),
    nature: str = "threat",
    revision: int | None = None,
) -> Threat:
    """Say a threat in other words, and in which incidents it showed itself."""
    with writing(by=by, action="threat.change") as entry:
        record = sought(Threat, threat, by, revision)
        plan = plan_to_change(record.plan_id, by, entry)
        values = threat_values(ThreatGiven(words, origin, nature=nature))
        if values["words"] != record.words:
            amend(plan, "threat_changed", values["words"], entry)
        change(record, entry, **values)
        show_in(record, incidents, entry)
        touched(plan, entry)
    return record


def remove_threat(*, by: By, threat: UUID, revision: int | None = None) -> None:
    """Take a threat out of its plan; measures that answered it stay."""
    with writing(by=by, action="threat.remove") as entry:
        record = sought(Threat, threat, by, revision)
        plan = plan_to_change(record.plan_id, by, entry)
        amend(plan, "threat_removed", record.words, entry)
        remove(record, entry)
        touched(plan, entry)


def add_measure(*, by: By, plan: UUID, measure: MeasureGiven, alike_too: bool = True) -> Measure:
    """Add a measure of the catalogue, or the group's own practice; for ``alike_too`` see ``name_threat``."""
    with writing(by=by, action="measure.add") as entry:
        record = plan_to_change(plan, by, entry)
        if not alike_too:
            same_kind = record.measures.filter(code=measure.code, family=measure.family)
            refuse_double(measure.title, (one.title for one in same_kind))
        made = lay_measures(record, [measure], entry)[0]
        amend(record, "measure_added", made.title or made.code, entry)
        touched(record, entry)
        entry.notes["family"] = made.family
    return made


def note_practices(*, by: By, plan: UUID, practices: Iterable[str]) -> list[Measure]:
    """Add what the group already does to look after itself, as measures in place; what stands there is left alone."""
    with writing(by=by, action="measure.practices") as entry:
        record = plan_to_change(plan, by, entry)
        there = {sort_key(one.title) for one in record.measures.all()}
        new = [words for words in practices if sort_key(words) not in there]
        made = lay_measures(record, own_practices(new), entry)
        for one in made:
            amend(record, "measure_added", one.title, entry)
        touched(record, entry)
        entry.notes["measures"] = len(made)
    return made


def change_measure(*, by: By, measure: UUID, given: MeasureGiven, revision: int | None = None) -> Measure:
    """Make a measure as given; ``revision`` is the measure's.

    Raises ``MeasuresInCircle`` when it would wait for itself, ``EndedInPassing`` when it would give up what the
    group decided: that is ``end_measure``.
    """
    with writing(by=by, action="measure.change") as entry:
        record = sought(Measure, measure, by, revision)
        plan = plan_to_change(record.plan_id, by, entry)
        refuse_ending_in_passing(plan, record, given.status)
        refuse_waiting_in_circle(plan, measure, given.after)
        values = measure_values(plan, given) | placed(record, given.status)
        amend_if_other(plan, record, values, given.title or given.code, entry)
        change(record, entry, **values)
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
        amend(plan, "measure_removed", record.title or record.code, entry)
        remove(record, entry)
        touched(plan, entry)
