"""Keeping what was typed at a step, so that two people can type at once and neither loses anything.

Each place of a step is a part of its own with its own revision. What somebody did not touch is left as it stands,
whoever wrote it meanwhile; what both touched is kept as the first wrote it and shown to the second beside their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from tejido.domain.errors import Conflict, NotFound
from tejido.protection.records import under
from tejido.protection.sessions.given import Body, PartTold, print_of
from tejido.protection.sessions.models import AssessedThreat, Assessment, AssessmentPart
from tejido.protection.sessions.records import session_to_change, sought
from tejido.vault.journal import By, Entry, writing
from tejido.vault.records import change, create, remove
from tejido.vocabularies import vocabulary

Place = tuple[str, UUID | None]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A place at which somebody else wrote meanwhile: what was told now, and the part as it stands."""

    told: PartTold
    stands: AssessmentPart


@dataclass(frozen=True, slots=True)
class Kept:
    """How many places were written, and those at which two people crossed."""

    written: int
    crossed: tuple[Crossed, ...] = ()


def keep_step(*, by: By, assessment: UUID, step: str, told: Sequence[PartTold]) -> Kept:
    """Keep what was typed at the places of a step; each that nobody else wrote meanwhile, in one transaction.

    Raises ``SessionFinished``, and ``NotFound`` for a threat of another session.
    """
    vocabulary("assessment_steps").term(step)
    touched = [one for one in told if print_of(one.body) != one.seen and (one.body or one.revision)]
    if not touched:
        return Kept(0)
    try:
        return _written(by, assessment, step, touched)
    except (IntegrityError, Conflict):  # somebody was quicker by a moment: what they wrote is there to be seen now
        return _written(by, assessment, step, touched)


def _written(by: By, assessment: UUID, step: str, touched: Sequence[PartTold]) -> Kept:
    with writing(by=by, action="assessment.step") as entry:
        record = session_to_change(assessment, by, entry)
        _same_session(record, touched)
        known = {(part.about, part.threat_id): part for part in record.parts.filter(step=step).exclude(about="")}
        kept = _keep(record, step, touched, known, entry)
        entry.notes.update(step=step, places=kept.written)
    return kept


def _same_session(record: Assessment, told: Sequence[PartTold]) -> None:
    named = {one.threat for one in told if one.threat is not None}
    if AssessedThreat.objects.filter(assessment=record, pk__in=named).count() != len(named):
        raise NotFound


def _keep(
    record: Assessment, step: str, told: Sequence[PartTold], known: Mapping[Place, AssessmentPart], entry: Entry
) -> Kept:
    written, crossed = 0, []
    for one in told:
        stands = known.get((one.about, one.threat))
        if stands is None:
            part = AssessmentPart(
                circle_id=record.circle_id, assessment=record, step=step, about=one.about, threat_id=one.threat
            )
            part.body = one.body
            create(part, entry)
        elif stands.body == one.body:
            continue
        elif stands.revision != one.revision:
            crossed.append(Crossed(one, stands))
            continue
        else:
            change(stands, entry, body=one.body)
        written += 1
    return Kept(written, tuple(crossed))


def add_row(
    *, by: By, assessment: UUID, step: str, body: Body, actor: UUID | None = None, once: UUID | None = None
) -> AssessmentPart:
    """Add a row to a step that has many: somebody who gains or loses by the group's work."""
    vocabulary("assessment_steps").term(step)
    with writing(by=by, action="assessment.row") as entry:
        record = session_to_change(assessment, by, entry)
        part = AssessmentPart(**under(once), circle_id=record.circle_id, assessment=record, step=step, actor_id=actor)
        part.body = body
        create(part, entry)
        entry.notes["step"] = step
    return part


def change_row(
    *, by: By, row: UUID, body: Body, actor: UUID | None = None, revision: int | None = None
) -> AssessmentPart:
    """Say a row otherwise; ``Conflict`` when somebody wrote it since ``revision``."""
    with writing(by=by, action="assessment.row") as entry:
        part = sought(AssessmentPart, row, by, revision)
        session_to_change(part.assessment_id, by, entry)
        change(part, entry, body=body, actor_id=actor)
    return part


def remove_row(*, by: By, row: UUID) -> None:
    """Take out a row that was written down by mistake."""
    with writing(by=by, action="assessment.row_remove") as entry:
        part = sought(AssessmentPart, row, by)
        session_to_change(part.assessment_id, by, entry)
        remove(part, entry)
