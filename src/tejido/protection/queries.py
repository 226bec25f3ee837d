"""What is known of plans: one whole, those of some groups, what is overdue, what threatened a group lately.

Every answer takes a number of queries that does not grow with its rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from tejido.circles.sharing import shared_under
from tejido.domain.errors import NotFound
from tejido.fabric.models import Actor
from tejido.fabric.queries import BELONGING, members_of, ties_of
from tejido.incidents.models import Act, Incident
from tejido.incidents.queries import against
from tejido.protection.facts import decision_facts, facts_of, measure_facts
from tejido.protection.models import Amendment, Decision, Measure, Plan, Threat, ThreatIncident
from tejido.protection.overdue import Late, Overdue, overdue
from tejido.vault.journal import By

__all__ = [
    "Late", "Overdue", "Stopped", "ThreatSeen", "decision_by_id", "decision_facts", "decisions_of", "facts_of",
    "incidents_against", "incidents_to_show", "measure_by_id", "measure_facts", "measures_in_place", "overdue",
    "people_around",
    "plan_by_id", "plans_by_id", "plans_of", "standing_decisions", "stopped_with", "threat_by_id", "threats_seen",
]  # fmt: skip

_MOST_MEMBERS: Final = 200
_LATEST: Final = 30


def whole_plans() -> QuerySet[Plan]:
    """Return plans with all their parts, in a constant number of queries."""
    measures = Measure.objects.select_related("owner", "person", "threat", "ended_by", "after").order_by("born", "id")
    shown = ThreatIncident.objects.select_related("incident").order_by("born", "id")
    threats = Threat.objects.order_by("born", "id").prefetch_related(Prefetch("shown_in", shown))
    return Plan.objects.select_related("collective", "decision").prefetch_related(
        Prefetch("measures", measures),
        Prefetch("threats", threats),
        Prefetch("amendments", Amendment.objects.order_by("born", "id")),
        "reasons",
    )


def plan_by_id(plan: UUID, *, by: By) -> Plan:
    """Return a plan with its group, decision, threats, their incidents, and measures; ``NotFound``."""
    found = whole_plans().filter(pk=plan, circle_id=by.circle_id).first()
    if found is None:
        raise NotFound
    return found


def plans_by_id(ids: Iterable[UUID]) -> dict[UUID, Plan]:
    """Return whole plans by id, those that exist."""
    return {plan.pk: plan for plan in whole_plans().filter(pk__in=list(ids))}


def plans_of(collectives: Collection[UUID]) -> list[Plan]:
    """Return the whole plans of some groups: those adopted first, then drafts, then closed; the newest first."""
    order = {"adopted": 0, "draft": 1}
    plans = whole_plans().filter(collective_id__in=list(collectives)).order_by("-born", "id")
    return sorted(plans, key=lambda plan: order.get(plan.status, 2))


def decisions_of(collectives: Collection[UUID], *, at_most: int = 50) -> list[Decision]:
    """Return what some groups decided, the newest first, also what they withdrew."""
    found = Decision.objects.filter(collective_id__in=list(collectives)).select_related("collective")
    return list(found.order_by("-taken_week", "-born", "id")[:at_most])


def measures_in_place(collectives: Collection[UUID]) -> list[Measure]:
    """Return the measures in place in the open plans of some groups, with plan and threat."""
    found = Measure.objects.filter(plan__collective_id__in=list(collectives), status="in_place")
    return list(found.exclude(plan__status="closed").select_related("plan", "threat").order_by("family", "born", "id"))


def threat_by_id(threat: UUID, *, by: By) -> Threat:
    """Return a threat with its plan and the plan's group; ``NotFound``."""
    found = Threat.objects.filter(pk=threat, circle_id=by.circle_id).select_related("plan__collective").first()
    if found is None:
        raise NotFound
    return found


def measure_by_id(measure: UUID, *, by: By) -> Measure:
    """Return a measure with its plan and the plan's group; ``NotFound``."""
    found = Measure.objects.select_related("plan__collective", "owner", "person", "threat")
    one = found.filter(pk=measure, circle_id=by.circle_id).first()
    if one is None:
        raise NotFound
    return one


def decision_by_id(decision: UUID, *, by: By) -> Decision:
    """Return a decision with its group; ``NotFound``."""
    found = Decision.objects.filter(pk=decision, circle_id=by.circle_id).select_related("collective").first()
    if found is None:
        raise NotFound
    return found


def standing_decisions(collective: UUID, about: str, today: date) -> list[Decision]:
    """Return the decisions of a group that cover what they are ``about`` (``decision_subjects``) ``today``."""
    found = Decision.objects.filter(collective_id=collective, about=about, status="in_force")
    return [one for one in found.order_by("-taken_week", "-born", "id") if decision_facts(one).covers(about, today)]


@dataclass(frozen=True)
class Stopped:
    """What stands on a decision, and stops with it."""

    plans: tuple[Plan, ...]
    amendments: tuple[Amendment, ...]
    measures: tuple[Measure, ...]
    practices: tuple[str, ...]
    alerts: tuple[str, ...] = ()
    shared: int = 0

    def __len__(self) -> int:
        parts = (self.plans, self.amendments, self.measures, self.practices, self.alerts)
        return sum(map(len, parts)) + self.shared


def stopped_with(decision: Decision) -> Stopped:
    """Return what a decision covers now: taken back, it stops or is without a decision."""
    shared = decision.practices.exclude(audience="internal")
    return Stopped(
        plans=tuple(decision.plans.filter(status="adopted").select_related("collective")),
        amendments=tuple(decision.amendments.order_by("born", "id")),
        measures=tuple(decision.ended.select_related("plan").order_by("born", "id")),
        practices=tuple(one.title for one in shared),
        alerts=tuple(one.words for one in decision.alerts.filter(status="open").order_by("born", "id")),
        shared=len(shared_under(decision.pk, of=decision.circle_id)),
    )


def people_around(collective: Actor) -> list[Actor]:
    """Return the group itself and the actors tied to it, the nearest first, each once."""
    found = {collective.pk: collective}
    for tie in ties_of([collective.pk], at_most=_MOST_MEMBERS):
        for end in (tie.from_actor, tie.to_actor):
            found.setdefault(end.pk, end)
    return list(found.values())


def incidents_to_show(collective: UUID) -> list[Incident]:
    """Return the latest incidents against a group or its named members, newest first."""
    return incidents_against(collective, at_most=_LATEST)


def incidents_against(collective: UUID, *, at_most: int) -> list[Incident]:
    """Return the latest incidents against a group or its named members, newest first, ``at_most`` so many."""
    return against(_group_and_members(collective), limit=at_most)


@dataclass(frozen=True)
class ThreatSeen:
    """A kind of act done to a group lately (vocabulary ``acts``), and the incidents it was seen in, newest first."""

    kind: str
    incidents: tuple[Incident, ...]


def threats_seen(collective: UUID) -> list[ThreatSeen]:
    """Return what was done to a group or its named members in the latest incidents, the most frequent first."""
    struck = _group_and_members(collective)
    latest = against(struck, limit=_LATEST)
    acts = Act.objects.filter(incident_id__in=[one.pk for one in latest], victims__actor_id__in=struck)
    kinds: dict[UUID, set[str]] = defaultdict(set)
    for incident, kind in acts.values_list("incident_id", "kind").distinct():
        kinds[incident].add(kind)
    counted = Counter(kind for found in kinds.values() for kind in sorted(found))
    return [
        ThreatSeen(kind, tuple(one for one in latest if kind in kinds[one.pk]))
        for kind, _many in counted.most_common()
    ]


def _group_and_members(collective: UUID) -> list[UUID]:
    ties = members_of(collective, at_most=_MOST_MEMBERS)
    return [collective, *(tie.from_actor_id for tie in ties if tie.kind in BELONGING)]
