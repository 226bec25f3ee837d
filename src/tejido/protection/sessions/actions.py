"""What members do with sessions: open one, look at threats, hear separate sessions, finish, start the plan from it.

Every action is one transaction with its line in the journal; ``revision`` is the one a form showed. What is typed at
the steps is kept by ``keeping``. A finished session refuses (``SessionFinished``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from tejido.domain.doubles import refuse_double
from tejido.domain.errors import BadInput
from tejido.domain.modules import Module
from tejido.domain.names import sort_key
from tejido.domain.words import N_
from tejido.fabric.models import Actor
from tejido.protection import actions as plans
from tejido.protection.given import ThreatGiven
from tejido.protection.models import Plan
from tejido.protection.records import sought as sought_of_plan
from tejido.protection.records import under
from tejido.protection.sessions.given import AssessedGiven, AssessmentGiven
from tejido.protection.sessions.models import AssessedThreat, Assessment, OwnModule
from tejido.protection.sessions.records import session_to_change, session_values, show_in, sought, threat_values
from tejido.vault.journal import By, Entry, serialised, writing
from tejido.vault.records import change, create, remove
from tejido.vocabularies.session_modules import module_from

_NONE_CHOSEN: Final = N_("Choose at least one threat that the plan is to answer. Nothing was changed.")


def open_assessment(*, by: By, collective: UUID, given: AssessmentGiven, once: UUID | None = None) -> Assessment:
    """Open a session of a group; ``PlanNeedsACollective`` for a single person or an aggressor.

    ``once`` is its id, where a form gave one beforehand.
    """
    group = sought_of_plan(Actor, collective, by)
    plans.require_collective(group)
    with writing(by=by, action="assessment.open") as entry:
        values = session_values(given, group.pk, None, by)
        record = create(Assessment(**under(once), circle_id=by.circle_id, collective=group, **values), entry)
        entry.about("protection.assessment", record.pk)
    return record


def change_assessment(*, by: By, assessment: UUID, given: AssessmentGiven, revision: int | None = None) -> Assessment:
    """Change what is said of a session at its head: who was there, where, which modules ask along."""
    with writing(by=by, action="assessment.change") as entry:
        record = session_to_change(assessment, by, entry, revision)
        change(record, entry, **session_values(given, record.collective_id, record.pk, by))
    return record


def finish_assessment(*, by: By, assessment: UUID, revision: int | None = None) -> Assessment:
    """Mark a session as finished: it stays as the group left it."""
    with writing(by=by, action="assessment.finish") as entry:
        record = session_to_change(assessment, by, entry, revision)
        change(record, entry, status="finished")
    return record


def reopen_assessment(*, by: By, assessment: UUID) -> Assessment:
    """Open a finished session again."""
    with writing(by=by, action="assessment.reopen") as entry:
        record = sought(Assessment, assessment, by)
        entry.about("protection.assessment", record.pk)
        change(record, entry, status="open")
    return record


def look_at_threat(*, by: By, assessment: UUID, given: AssessedGiven, alike_too: bool = True) -> AssessedThreat:
    """Add a threat to a session, with as many of its five steps as were taken.

    Unless ``alike_too``, raises ``LikelyDouble`` when the session has one that probably says the same.
    """
    with serialised():
        if not alike_too:
            refuse_double(given.words, _threats_in(assessment))
        return look_at_threats(by=by, assessment=assessment, given=[given])[0]


def add_heard_threats(*, by: By, assessment: UUID, given: Sequence[AssessedGiven]) -> list[AssessedThreat]:
    """Add the threats that the session does not have in these very words yet: two may type the same papers."""
    with serialised():
        there = set(map(sort_key, _threats_in(assessment)))
        new = [one for one in given if sort_key(one.words) not in there]
        return look_at_threats(by=by, assessment=assessment, given=new) if new else []


def _threats_in(assessment: UUID) -> list[str]:
    return [one.words for one in AssessedThreat.objects.filter(assessment_id=assessment)]


def look_at_threats(
    *, by: By, assessment: UUID, given: Sequence[AssessedGiven], heard_in: UUID | None = None
) -> list[AssessedThreat]:
    """Add threats to a session in the order in which they are told."""
    with writing(by=by, action="assessment.threat") as entry:
        record = session_to_change(assessment, by, entry)
        made = _lay(record, given, heard_in, entry)
        entry.notes["threats"] = len(made)
    return made


def _lay(
    record: Assessment, given: Sequence[AssessedGiven], heard_in: UUID | None, entry: Entry
) -> list[AssessedThreat]:
    made = []
    # Random ids in rising order: what is told together is listed in the order it was told in.
    for pk, one in zip(sorted(uuid4() for _one in given), given, strict=True):
        values = threat_values(one, record)
        threat = AssessedThreat(id=pk, circle_id=record.circle_id, assessment=record, heard_in_id=heard_in, **values)
        create(threat, entry)
        show_in(threat, one.incidents, entry)
        made.append(threat)
    return made


def change_assessed_threat(
    *, by: By, threat: UUID, given: AssessedGiven, revision: int | None = None
) -> AssessedThreat:
    """Look at a threat again; the incidents given are those in which it showed itself, and no others."""
    with writing(by=by, action="assessment.threat") as entry:
        record = sought(AssessedThreat, threat, by, revision)
        session = session_to_change(record.assessment_id, by, entry)
        change(record, entry, **threat_values(given, session))
        show_in(record, given.incidents, entry)
    return record


def remove_assessed_threat(*, by: By, threat: UUID) -> None:
    """Take a threat out of a session, with its picture."""
    with writing(by=by, action="assessment.threat_remove") as entry:
        record = sought(AssessedThreat, threat, by)
        session_to_change(record.assessment_id, by, entry)
        remove(record, entry)


def take_over(*, by: By, assessment: UUID, threats: Iterable[UUID]) -> list[AssessedThreat]:
    """Bring threats that separate sessions spoke of into the joint one; each keeps where it was heard.

    Threats of sessions that did not choose this one as their joint session are passed over.
    """
    wanted = set(threats)
    heard = AssessedThreat.objects.filter(pk__in=wanted, assessment__joint=assessment, circle_id=by.circle_id)
    made: list[AssessedThreat] = []
    with transaction.atomic():
        for one in heard.prefetch_related("shown_in").order_by("born", "id"):
            incidents = tuple(row.incident_id for row in one.shown_in.all())
            given = AssessedGiven(
                one.words, one.kind, one.means, one.facts, one.pattern, one.objective, one.source, one.conclusion,
                incidents,
            )  # fmt: skip
            made += look_at_threats(by=by, assessment=assessment, given=[given], heard_in=one.assessment_id)
    return made


def start_plan_from(
    *,
    by: By,
    assessment: UUID,
    threats: Sequence[UUID],
    weak: Sequence[str] = (),
    practices: Sequence[str] = (),
    plan: UUID | None = None,
    once: UUID | None = None,
) -> Plan:
    """Make the chosen threats threats of a plan: of ``plan``, a plan of the same group, or of a new one.

    ``weak`` are weak sides in the group's words, ``practices`` what it does already; what the plan has is not added
    twice; ``once`` is the id of a new plan, where a form gave one. Raises ``BadInput`` when no threat and no weak side
    was chosen, ``PlanClosed``, ``NotFound``.
    """
    session = sought(Assessment, assessment, by)
    rows = {one.pk: one for one in session.threats.prefetch_related("shown_in")}
    chosen = [rows[pk] for pk in threats if pk in rows]
    if not chosen and not weak:
        raise BadInput(_NONE_CHOSEN)
    with transaction.atomic():
        made = _plan_for(session, chosen, plan, once, by)
        _add_weak_sides(made, weak, by)
        if practices:
            plans.note_practices(by=by, plan=made.pk, practices=practices)
        with writing(by=by, action="assessment.plan") as entry:
            entry.about("protection.assessment", session.pk)
            change(session, entry, led_to=made)
    return made


def _plan_for(
    session: Assessment, chosen: Sequence[AssessedThreat], plan: UUID | None, once: UUID | None, by: By
) -> Plan:
    if plan is None:
        made = plans.start_plan(by=by, collective=session.collective_id, title=session.title, once=once)
    else:
        made = sought_of_plan(Plan, plan, by)
        if made.collective_id != session.collective_id:
            raise BadInput(_NONE_CHOSEN)
    for one in chosen:
        if one.became_id is not None and made.threats.filter(pk=one.became_id).exists():
            continue
        given = _as_threat(one)
        threat = plans.name_threat(
            by=by, plan=made.pk, words=given.words, origin=given.origin, incidents=given.incidents
        )
        with writing(by=by, action="assessment.threat") as entry:
            change(one, entry, became=threat)
    return made


def _add_weak_sides(plan: Plan, weak: Sequence[str], by: By) -> None:
    there = {sort_key(one.words) for one in plan.threats.all()}
    for words in weak:
        if sort_key(words) not in there:
            plans.name_threat(by=by, plan=plan.pk, words=words, nature="vulnerability")


def _as_threat(one: AssessedThreat) -> ThreatGiven:
    origin = "\n".join(part for part in (one.source, one.conclusion) if part)
    return ThreatGiven(one.words, origin, tuple(row.incident_id for row in one.shown_in.all()))


def keep_module(*, by: By, text: str) -> tuple[OwnModule, Module]:
    """Keep a module that the circle wrote itself; one of the same name is replaced. ``BadInput`` when it is none."""
    module = module_from(text)
    with writing(by=by, action="module.keep") as entry:
        known = [one for one in OwnModule.objects.filter(circle_id=by.circle_id) if _code_of(one) == module.code]
        if known:
            record = change(known[0], entry, text=text)
        else:
            record = create(OwnModule(circle_id=by.circle_id, text=text), entry)
        entry.about("protection.ownmodule", record.pk)
    return record, module


def _code_of(own: OwnModule) -> str:
    return module_from(own.text).code


def remove_module(*, by: By, module: UUID) -> None:
    """Take a module of one's own out; what sessions answered to it stays with them."""
    with writing(by=by, action="module.remove") as entry:
        remove(sought(OwnModule, module, by), entry)
