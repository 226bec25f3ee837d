"""What members hold to be wrong in readings, and which notices were seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import NotFound
from tejido.readings.given import AFFECTED, PATTERN, WARNING
from tejido.readings.models import NoticeSeen, Objection
from tejido.vault.keyring import circle_at_work


@dataclass(frozen=True, slots=True)
class Objected:
    """That a reading is wrong: who says so (the member's id and name), why and on which day."""

    id: UUID
    member: UUID
    name: str
    why: str
    when: ImpreciseDate | None


#: What is said against readings, by what they are about: an actor or territory by id, a pattern by its key.
Objections = Mapping[str, tuple[Objected, ...]]


def objections_to_incident(incident: UUID) -> Objections:
    """Return what is said against whom an incident touches, by actor: one query."""
    return _by(_standing(AFFECTED).filter(incident_id=incident))


def objections_to_warning() -> Objections:
    """Return what is said against what may come, by actor or territory: one query."""
    return _by(_standing(WARNING))


def objections_to_patterns() -> Objections:
    """Return what is said against patterns, by their keys: one query."""
    return _by(_standing(PATTERN))


def objection_by_id(objection: UUID) -> Objection:
    """Return one that stands; ``NotFound``."""
    found = Objection.objects.filter(pk=objection, circle_id=circle_at_work(), status="standing").first()
    if found is None:
        raise NotFound
    return found


def seen_since() -> Mapping[str, date]:
    """Return the newest day from which a notice about each actor was seen: one query."""
    found: dict[str, date] = {}
    for one in NoticeSeen.objects.filter(circle_id=circle_at_work()):
        if one.day is not None:
            actor = str(one.actor_id)
            found[actor] = max(found.get(actor, date.min), one.day.latest)
    return found


def _standing(reading: str) -> QuerySet[Objection]:
    here = Objection.objects.filter(circle_id=circle_at_work(), reading=reading, status="standing")
    return here.select_related("member").order_by("born", "id")


def _by(chosen: QuerySet[Objection]) -> Objections:
    found: defaultdict[str, tuple[Objected, ...]] = defaultdict(tuple)
    for one in chosen:
        key = str(one.figures.get("key", "")) if one.reading == PATTERN else str(one.actor_id or one.territory_id)
        found[key] += (Objected(one.pk, one.member_id, one.member.name, one.why, one.said_on),)
    return dict(found)
