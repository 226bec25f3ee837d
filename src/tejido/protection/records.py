"""The records of a plan as actions find and make them, within a journal entry that is already open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar
from uuid import UUID, uuid4

from tejido.domain.dates import ImpreciseDate, iso_week
from tejido.domain.errors import BadInput, NotFound, RuleBroken
from tejido.domain.words import N_
from tejido.fabric.making import one_line, paragraphs
from tejido.fabric.models import Actor
from tejido.fabric.touching import may
from tejido.incidents.models import Incident
from tejido.protection.given import MeasureGiven, ThreatGiven
from tejido.protection.models import Decision, Measure, Plan, Threat, ThreatIncident
from tejido.vault.journal import By, Entry
from tejido.vault.records import change, create, create_all

R = TypeVar("R", Plan, Threat, Measure, Decision, Actor)

GONE: Final = N_("Somebody or something that you chose is no longer here. What you typed was kept; choose again.")
_NO_WORDS: Final = N_("Say in the group's own words what threatens it. The rest of what you typed was kept.")


class PlanClosed(RuleBroken):
    """A closed plan would be changed."""

    message = N_("This plan is closed and stays as it was. Nothing was changed; start a new one for what is to come.")


def sought(model: type[R], pk: UUID, by: By, revision: int | None = None) -> R:
    """Return a record of the circle of ``by``; ``Conflict`` when it is no longer at ``revision``, ``NotFound``."""
    record = model._default_manager.filter(pk=pk, circle_id=by.circle_id).first()
    if record is None:
        raise NotFound
    may(by, record, revision)
    return record


def plan_to_change(plan: UUID, by: By, entry: Entry, revision: int | None = None) -> Plan:
    """Return a plan that is still open, and name it in the journal entry; ``PlanClosed`` otherwise."""
    record = sought(Plan, plan, by, revision)
    entry.about("protection.plan", record.pk)
    if record.status == "closed":
        raise PlanClosed
    return record


def last_week(when: ImpreciseDate | None) -> int | None:
    """Return the week in which the last day of a date that was agreed on lies; ``None`` for no date."""
    return iso_week(when.end) if when is not None else None


def lay_threats(plan: Plan, given: Iterable[ThreatGiven], entry: Entry) -> list[Threat]:
    """Add threats to a plan, with the incidents in which they showed themselves."""
    told, made = list(given), []
    for pk, one in zip(_rising_ids(len(told)), told, strict=True):
        threat = create(Threat(id=pk, circle_id=plan.circle_id, plan=plan, **threat_values(one)), entry)
        show_in(threat, one.incidents, entry)
        made.append(threat)
    return made


def threat_values(given: ThreatGiven) -> dict[str, str]:
    """Return the words of a threat, cleaned; ``BadInput`` when there are none."""
    words = one_line(given.words)
    if not words:
        raise BadInput(_NO_WORDS)
    return {"words": words, "origin": paragraphs(given.origin), "nature": given.nature}


def show_in(threat: Threat, incidents: Iterable[UUID], entry: Entry) -> None:
    """Say in which incidents a threat showed itself, these and no others."""
    wanted = set(incidents)
    known = {row.incident_id: row for row in threat.shown_in.all()}
    new = sorted(wanted - known.keys())
    if Incident.objects.filter(circle_id=threat.circle_id, pk__in=new).count() != len(new):
        raise BadInput(GONE)
    threat.shown_in.filter(incident_id__in=list(known.keys() - wanted)).delete()
    rows = [ThreatIncident(circle_id=threat.circle_id, threat=threat, incident_id=one) for one in new]
    create_all(ThreatIncident, rows, entry)


def lay_measures(plan: Plan, given: Iterable[MeasureGiven], entry: Entry) -> list[Measure]:
    """Add measures to a plan."""
    told = list(given)
    made = [
        Measure(id=pk, circle_id=plan.circle_id, plan=plan, **measure_values(plan, one))
        for pk, one in zip(_rising_ids(len(told)), told, strict=True)
    ]
    create_all(Measure, made, entry)
    return made


def measure_values(plan: Plan, given: MeasureGiven) -> dict[str, object]:
    """Return a measure's values, cleaned; ``BadInput`` when it names what is not there."""
    if given.threat is not None and not plan.threats.filter(pk=given.threat).exists():
        raise BadInput(GONE)
    if given.after is not None and not plan.measures.filter(pk=given.after).exists():
        raise BadInput(GONE)
    named = given.actors()
    if named and Actor.objects.filter(circle_id=plan.circle_id, pk__in=named).count() != len(named):
        raise BadInput(GONE)
    if given.person is not None and not Actor.objects.filter(pk=given.person, kind="person").exists():
        raise BadInput(GONE)
    return {
        "family": given.family,
        "code": given.code,
        "status": given.status,
        "threat_id": given.threat,
        "person_id": given.person,
        "owner_id": given.owner,
        "due_on": given.due_on,
        "due_week": last_week(given.due_on),
        "title": one_line(given.title),
        "owner_words": one_line(given.owner_words),
        "effect_on_group": paragraphs(given.effect_on_group),
        "effect_on_individuals": paragraphs(given.effect_on_individuals),
        "after_id": given.after,
        "stand_in": one_line(given.stand_in),
        "cost": one_line(given.cost),
        **{name: paragraphs(getattr(given, name)) for name in ("needs", "works_sign", "harm_sign", "evidence")},
    }


def _rising_ids(many: int) -> list[UUID]:
    """Return random ids in rising order: what is told together is listed in the order it was told in."""
    return sorted(uuid4() for _one in range(many))


def touched(plan: Plan, entry: Entry) -> None:
    """Write the plan itself after one of its parts, so that whoever is about to adopt it is told."""
    change(plan, entry)


def under(once: UUID | None) -> dict[str, UUID]:
    """Return the id that something new is made under, to be given to its model; nothing when it may be any."""
    return {"id": once} if once is not None else {}
