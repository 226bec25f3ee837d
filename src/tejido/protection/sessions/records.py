"""The records of a session as actions find and make them, within a journal entry that is already open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from tejido.domain.errors import BadInput, NotFound, RuleBroken
from tejido.domain.words import N_
from tejido.fabric.making import one_line, paragraphs
from tejido.fabric.touching import may, touch
from tejido.incidents.models import Incident
from tejido.protection.records import GONE, last_week
from tejido.protection.sessions.given import AssessedGiven, AssessmentGiven
from tejido.protection.sessions.models import (
    AssessedThreat,
    AssessedThreatIncident,
    Assessment,
    AssessmentPart,
    OwnModule,
)
from tejido.vault.journal import By, Entry
from tejido.vault.records import create_all
from tejido.vocabularies import vocabulary

R = TypeVar("R", Assessment, AssessedThreat, AssessmentPart, OwnModule)

NO_WORDS = N_("Say in the group's own words what threatens it. The rest of what you typed was kept.")


class SessionFinished(RuleBroken):
    """Something would be written into a session that is finished."""

    message = N_(
        "This session is finished and stays as the group left it. Nothing was changed; open it again, or begin "
        "another."
    )


def sought(model: type[R], pk: UUID, by: By, revision: int | None = None) -> R:
    """Return a record of the circle of ``by``; ``Conflict`` when it is no longer at ``revision``, ``NotFound``."""
    record = model._default_manager.filter(pk=pk, circle_id=by.circle_id).first()
    if record is None:
        raise NotFound
    may(by, record, revision)
    return record


def session_to_change(assessment: UUID, by: By, entry: Entry, revision: int | None = None) -> Assessment:
    """Return a session that is still open, and name it in the journal entry; ``SessionFinished`` otherwise."""
    record = sought(Assessment, assessment, by, revision)
    entry.about("protection.assessment", record.pk)
    if record.status != "open":
        raise SessionFinished
    touch(Assessment, [record.pk], entry)  # searching finds what its parts say
    return record


def session_values(given: AssessmentGiven, collective: UUID, own: UUID | None, by: By) -> dict[str, object]:
    """Return the values of a session's head, cleaned; ``BadInput`` when its joint session is not the group's."""
    if given.joint is not None:
        joint = Assessment.objects.filter(pk=given.joint, circle_id=by.circle_id, collective_id=collective).first()
        # A joint session feeds no other, so that no two sessions ever wait for each other.
        if joint is None or joint.joint_id is not None or joint.pk == own:
            raise BadInput(GONE)
    return {
        "joint_id": given.joint,
        "title": one_line(given.title),
        "held_on": given.held_on,
        "held_week": last_week(given.held_on),
        "place": one_line(given.place),
        "language": one_line(given.language),
        "facilitator": one_line(given.facilitator),
        "agenda": paragraphs(given.agenda),
        "all_present": "" if given.all_present is None else str(given.all_present),
        "present": [[one_line(one.group), one.count] for one in given.present],
        "modules": list(given.modules),
    }


def threat_values(given: AssessedGiven, assessment: Assessment) -> dict[str, object]:
    """Return the values of a threat, cleaned; ``BadInput`` without words or with what is not there."""
    if given.kind:
        vocabulary("assessment_threat_kinds").term(given.kind)
    words = one_line(given.words)
    if not words:
        raise BadInput(NO_WORDS)
    if given.earlier is not None:
        before = AssessedThreat.objects.filter(pk=given.earlier, assessment__collective=assessment.collective_id)
        if not before.exclude(assessment=assessment).exists():
            raise BadInput(GONE)
    texts = {name: paragraphs(getattr(given, name)) for name in ("facts", "pattern", "objective", "source")}
    return texts | {
        "words": words,
        "kind": given.kind,
        "means": one_line(given.means),
        "conclusion": paragraphs(given.conclusion),
        "earlier_id": given.earlier,
    }


def show_in(threat: AssessedThreat, incidents: Iterable[UUID], entry: Entry) -> None:
    """Say in which incidents a threat showed itself, these and no others."""
    wanted = set(incidents)
    known = {row.incident_id for row in threat.shown_in.all()}
    new = sorted(wanted - known)
    if Incident.objects.filter(circle_id=threat.circle_id, pk__in=new).count() != len(new):
        raise BadInput(GONE)
    threat.shown_in.filter(incident_id__in=list(known - wanted)).delete()
    rows = [AssessedThreatIncident(circle_id=threat.circle_id, threat=threat, incident_id=one) for one in new]
    create_all(AssessedThreatIncident, rows, entry)
