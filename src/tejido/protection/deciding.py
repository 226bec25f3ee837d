"""What a group decides: its decisions, their withdrawal, and the plans that stand or fall with them.

``today`` is given by whoever asks. No plan is adopted without a decision of its own group that holds that day:
the form asks, these actions refuse, and the database refuses.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tejido.circles.sharing import stop_shared_under
from tejido.domain.dates import ImpreciseDate, iso_week
from tejido.domain.decisions import NotDecided, refuse_uncounted
from tejido.domain.errors import BadInput, RuleBroken
from tejido.domain.plan_checks import PlanNotDecided, refuse_adoption, refuse_closing
from tejido.domain.words import N_
from tejido.fabric.making import one_line, paragraphs
from tejido.fabric.models import Actor
from tejido.protection.amending import refuse_before, take_up
from tejido.protection.facts import decision_facts, facts_of
from tejido.protection.models import Decision, Plan
from tejido.protection.queries import standing_decisions
from tejido.protection.records import GONE, last_week, plan_to_change, sought, under
from tejido.vault.journal import By, Entry, writing
from tejido.vault.records import change, create
from tejido.vocabularies import vocabulary

_NOT_YET = N_("A decision is recorded once it is taken. What you typed was kept; please look at its date again.")
_REVERSED = N_("The decision would end before it was taken. What you typed was kept; please exchange the two dates.")
_NO_DISSENT = N_("Say what was not agreed with, so that it is not lost. What you typed was kept.")


class DecisionWithdrawn(RuleBroken):
    """A decision that the group already took back would be taken back again."""

    message = N_("The group withdrew this decision already. Nothing was changed.")


def record_decision(
    *,
    by: By,
    collective: UUID,
    mode: str,
    what: str,
    taken_on: ImpreciseDate,
    today: date,
    present: str = "",
    dissent: str = "",
    holds_until: ImpreciseDate | None = None,
    plan: UUID | None = None,
    about: str = "plan",
    mandate: str = "",
    quorum: int | None = None,
    votes_for: int | None = None,
    votes_against: int | None = None,
    once: UUID | None = None,
) -> Decision:
    """Record what a group decided and how; ``present`` says in words how many took part, names are not needed.

    With ``plan`` (of that group) the decision is the plan's from now on, unless it no longer holds ``today`` or the
    plan is adopted by one that does.
    ``about`` is a code of ``decision_subjects``; only one about a plan becomes the plan's. ``holds_until`` is kept
    to its last day; ``once`` is its id, where a form gave one beforehand. Raises ``BadInput`` for a date to come, one
    that ends before it began, and a consensus with dissent that does not say which; ``NotCounted`` when the group's
    own rule does not count it as decided.
    """
    vocabulary("decision_modes").term(mode)
    vocabulary("decision_subjects").term(about)
    _check_dates(taken_on, holds_until, today)
    if mode == "consensus_with_dissent" and not dissent.strip():
        raise BadInput(_NO_DISSENT)
    counted = {"quorum": quorum, "votes_for": votes_for, "votes_against": votes_against}
    with writing(by=by, action="decision.record") as entry:
        group = sought(Actor, collective, by)
        decision = Decision(
            **under(once),
            circle_id=by.circle_id,
            collective=group,
            mode=mode,
            about=about,
            mandate=paragraphs(mandate),
            counts={name: number for name, number in counted.items() if number is not None},
            what=paragraphs(what),
            taken_on=taken_on,
            taken_week=iso_week(taken_on.earliest),
            holds_until=holds_until,
            until_week=last_week(holds_until),
            present=one_line(present),
            dissent=paragraphs(dissent),
        )
        refuse_uncounted(decision_facts(decision))
        create(decision, entry)
        entry.about("protection.decision", decision.pk)
        entry.notes["mode"] = mode
        if plan is not None and about == "plan":
            _give_to(plan, decision, by, entry, today)
    return decision


def withdraw_decision(
    *, by: By, decision: UUID, today: date, because: str = "", revision: int | None = None
) -> tuple[Plan, ...]:
    """Take a decision back, at once; return the adopted plans that it covered: they are drafts again.

    Changes that it took up wait again, practices that it let out stay inside again, alerts stop, dossiers shared
    under it open to nobody else, and a measure that it ended is shown as ended without a decision. See
    ``queries.stopped_with``.
    """
    if sought(Decision, decision, by, revision).status == "withdrawn":
        raise DecisionWithdrawn
    # First the keys, then the record: whatever is cut off in between, nobody reads on under a decision taken back.
    stop_shared_under(decision, by=by)
    with writing(by=by, action="decision.withdraw") as entry:
        record = sought(Decision, decision, by, revision)
        if record.status == "withdrawn":
            raise DecisionWithdrawn
        change(
            record,
            entry,
            status="withdrawn",
            withdrawn_on=ImpreciseDate.day(today),
            withdrawn_because=paragraphs(because),
        )
        plans = tuple(Plan.objects.filter(decision=record, status="adopted"))
        for plan in plans:
            change(plan, entry, status="draft")
        for amendment in record.amendments.all():
            change(amendment, entry, decision=None)
        for practice in record.practices.all():
            change(practice, entry, audience="internal")
        for alert in record.alerts.filter(status="open"):
            change(alert, entry, status="stopped", ended_on=ImpreciseDate.day(today))
        entry.about("protection.decision", record.pk)
        entry.notes["plans"] = len(plans)
    return plans


def adopt_plan(
    *,
    by: By,
    plan: UUID,
    today: date,
    decision: UUID | None = None,
    adopted_on: ImpreciseDate | None = None,
    revision: int | None = None,
) -> Plan:
    """Mark a plan as adopted by a decision of its own group (``decision``, or the one it already has).

    Of a plan that is adopted already, the changes made since are taken up. Raises ``PlanNotDecided`` unless that
    decision is about a plan, in force and holds ``today``; ``DecidedAfterwards`` when the plan was adopted
    (``adopted_on``, ``today`` if nothing is said) before it was decided.
    """
    when = adopted_on or ImpreciseDate.day(today)
    with writing(by=by, action="plan.adopt") as entry:
        record = plan_to_change(plan, by, entry, revision)
        chosen = decision if decision is not None else record.decision_id
        if chosen is None:
            raise PlanNotDecided
        found = sought(Decision, chosen, by)
        if found.collective_id != record.collective_id or found.about != "plan":
            raise PlanNotDecided
        refuse_before(found, when)
        record.decision = found
        refuse_adoption(facts_of(record), today)
        first = record.adopted_on if record.status == "adopted" else None
        entry.notes.update(mode=found.mode, changes=take_up(record, found, entry))
        change(record, entry, status="adopted", decision=found, adopted_on=first or when)
    return record


def require_decision(collective: UUID, about: str, today: date) -> Decision:
    """Return a decision of the group that covers what it is ``about`` (``decision_subjects``) ``today``.

    To be asked before anything is done in a group's name. Raises ``NotDecided``.
    """
    standing = standing_decisions(collective, about, today)
    if not standing:
        raise NotDecided
    return standing[0]


def close_plan(*, by: By, plan: UUID, revision: int | None = None) -> Plan:
    """Close a plan; ``PlanNotClosable`` when nothing of the group or its surroundings was carried out."""
    with writing(by=by, action="plan.close") as entry:
        record = plan_to_change(plan, by, entry, revision)
        refuse_closing(facts_of(record))
        change(record, entry, status="closed")
    return record


def _check_dates(taken_on: ImpreciseDate, holds_until: ImpreciseDate | None, today: date) -> None:
    if taken_on.earliest > today:
        raise BadInput(_NOT_YET)
    if holds_until is not None and holds_until.certainly_before(taken_on):
        raise BadInput(_REVERSED)


def _give_to(plan: UUID, decision: Decision, by: By, entry: Entry, today: date) -> None:
    record = plan_to_change(plan, by, entry)
    if record.collective_id != decision.collective_id:
        raise BadInput(GONE)
    adopted_by = record.decision if record.status == "adopted" else None
    if adopted_by is not None and decision_facts(adopted_by).holds(today):
        return  # what an adopted plan stands on changes by adopting it again, so that taking it back stops the plan
    if decision_facts(decision).holds(today):
        change(record, entry, decision=decision)
