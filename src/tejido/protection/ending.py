"""Ending a measure: by a decision of the group, or at once because it harms, and then told to the group."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from tejido.domain.dates import ImpreciseDate
from tejido.domain.decisions import NotDecided
from tejido.domain.errors import BadInput, RuleBroken
from tejido.domain.words import N_
from tejido.fabric.making import paragraphs
from tejido.protection.amending import refuse_before
from tejido.protection.facts import decision_facts
from tejido.protection.models import Decision, Measure, Plan
from tejido.protection.records import plan_to_change, sought, touched
from tejido.vault.journal import By, writing
from tejido.vault.records import change

#: The states in which a measure is given up.
ENDED = ("stopped", "harmful")
_NO_WORDS = N_("Say in a few words why it ends, so that others can learn from it. What you typed was kept.")
_NOT_YET = N_("It cannot have ended on a day that is still to come. What you typed was kept; look at the day again.")


class EndedInPassing(RuleBroken):
    """What the group decided would be given up without its decision, in passing."""

    message = N_(
        "The group decided on this measure, so it ends by a decision too, or at once if it does harm. What you typed "
        "was kept; use “End this measure” below."
    )


def end_measure(
    *,
    by: By,
    measure: UUID,
    how: str,
    because: str,
    today: date,
    ended_on: ImpreciseDate | None = None,
    decision: UUID | None = None,
    revision: int | None = None,
) -> Measure:
    """End a measure: ``how`` is stopped or harmful.

    In an adopted plan, stopping needs a decision of the group about the end of a measure (``NotDecided``) that was
    taken by then (``DecidedAfterwards``). What harms is stopped at once; that no decision covers it stays in sight.
    """
    when = ended_on or ImpreciseDate.day(today)
    if how not in ENDED or not because.strip():
        raise BadInput(_NO_WORDS)
    if when.earliest > today:
        raise BadInput(_NOT_YET)
    with writing(by=by, action="measure.end") as entry:
        record = sought(Measure, measure, by, revision)
        plan = plan_to_change(record.plan_id, by, entry)
        found = _decision(plan, decision, by, today) if decision is not None else None
        if found is None and how == "stopped" and plan.status == "adopted":
            raise NotDecided
        if found is not None and how == "stopped":
            refuse_before(found, when)
        change(record, entry, status=how, ended_by=found, ended_on=when, ended_because=paragraphs(because))
        touched(plan, entry)
        entry.notes["status"] = how
    return record


def refuse_ending_in_passing(plan: Plan, measure: Measure, status: str) -> None:
    """Raise ``EndedInPassing`` when a change would give up a measure of an adopted plan."""
    if plan.status == "adopted" and status in ENDED and measure.status not in ENDED:
        raise EndedInPassing


def placed(measure: Measure, status: str) -> dict[str, object]:
    """Return the day a measure came to be in place, kept from the first time it was; nothing else changes it."""
    if status == "in_place" and measure.placed_on is None:
        return {"placed_on": ImpreciseDate.day(timezone.localdate())}
    return {}


def _decision(plan: Plan, decision: UUID, by: By, today: date) -> Decision:
    found = sought(Decision, decision, by)
    if found.collective_id != plan.collective_id or not decision_facts(found).covers("measure_end", today):
        raise NotDecided
    return found
