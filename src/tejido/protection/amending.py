"""What is changed in a plan that its group has adopted: it is kept as a change until the group takes it up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils import timezone

from tejido.domain.dates import ImpreciseDate, iso_week
from tejido.domain.decisions import refuse_afterwards
from tejido.domain.plan_changes import is_substance, refuse_circle
from tejido.protection.facts import decision_facts
from tejido.protection.models import Amendment, Decision, Measure, Plan
from tejido.vault.journal import Entry
from tejido.vault.records import change, create


def amend(plan: Plan, what: str, subject: str, entry: Entry) -> Amendment | None:
    """Keep that an adopted plan was changed (``what`` of ``amendment_kinds``); nothing for a draft."""
    if plan.status != "adopted":
        return None
    today = timezone.localdate()
    return create(
        Amendment(
            circle_id=plan.circle_id,
            plan=plan,
            what=what,
            subject=subject,
            made_on=ImpreciseDate.day(today),
            made_week=iso_week(today),
        ),
        entry,
    )


def amend_if_other(plan: Plan, measure: Measure, values: Mapping[str, object], subject: str, entry: Entry) -> None:
    """Keep a change to what a measure is; who does it, by when and how it stands is no change of the plan."""
    if is_substance({name: getattr(measure, name) for name in values}, values):
        amend(plan, "measure_changed", subject, entry)


def take_up(plan: Plan, decision: Decision, entry: Entry) -> int:
    """Let a decision cover the changes made until the day it was taken; return how many."""
    latest = decision.taken_on.latest if decision.taken_on is not None else date.min
    waiting = [one for one in plan.amendments.filter(decision=None) if _made(one) <= latest]
    for one in waiting:
        change(one, entry, decision=decision)
    return len(waiting)


def refuse_before(decision: Decision, done: ImpreciseDate) -> None:
    """Raise ``DecidedAfterwards`` when something was done surely before the decision on it was taken."""
    refuse_afterwards(decision_facts(decision), done.latest)


def refuse_waiting_in_circle(plan: Plan, measure: UUID, after: UUID | None) -> None:
    """Raise ``MeasuresInCircle`` when a measure would in the end wait for itself."""
    if after is None:
        return
    waits = {str(pk): str(first) for pk, first in plan.measures.values_list("pk", "after_id") if first is not None}
    refuse_circle(str(measure), waits | {str(measure): str(after)})


def _made(amendment: Amendment) -> date:
    return amendment.made_on.earliest if amendment.made_on is not None else date.min
