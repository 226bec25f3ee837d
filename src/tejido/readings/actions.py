"""What members do about readings: choose how they are reckoned, say that one is wrong, say that a notice was seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from tejido.domain.words import N_
from tejido.fabric.making import paragraphs
from tejido.fabric.models import Actor, Territory
from tejido.incidents.models import Incident
from tejido.readings.given import Doubted
from tejido.readings.model_settings import DEFAULTS, Chosen
from tejido.readings.models import ChosenSettings, NoticeSeen, Objection
from tejido.readings.queries import objection_by_id
from tejido.readings.settings import kept_settings
from tejido.vault.journal import By, writing
from tejido.vault.records import change, create

_NO_REASON: Final = N_("Say why it is wrong, so that others can think about it. What you typed was kept.")
_NOT_YOURS: Final = N_("Only whoever said that this reading is wrong can take it back. Nothing was changed.")


def set_readings(*, by: By, chosen: Chosen, revision: int | None = None) -> ChosenSettings:
    """Choose how the readings of the circle are reckoned from now on; what differs from the defaults is kept.

    Raises ``Conflict`` when somebody chose since ``revision`` was shown, ``Refused`` for whoever may not.
    """
    with writing(by=by, action="readings.set") as entry:
        told = chosen.told()
        entry.notes["settings"] = sorted(told)
        known = kept_settings(by.circle_id)
        if revision is not None and revision != (known.revision if known else 0):
            raise Conflict
        if known is None:
            record = create(ChosenSettings(pk=by.circle_id, circle_id=by.circle_id, chosen=told), entry)
        else:
            record = change(known, entry, chosen=told)
        entry.about("readings.chosensettings", record.pk)
    return record


def set_readings_back(*, by: By) -> ChosenSettings:
    """Reckon by the defaults again."""
    return set_readings(by=by, chosen=DEFAULTS)


def object_to(*, by: By, doubted: Doubted, why: str, today: date) -> Objection:
    """Say that a reading is wrong, and why; it is shown beside the reading and changes nothing that is reckoned.

    Raises ``BadInput`` without a reason, ``NotFound`` for something that is not of this circle.
    """
    told = paragraphs(why)
    if not told:
        raise BadInput(_NO_REASON)
    with writing(by=by, action="reading.object") as entry:
        _here(Incident, doubted.incident, by)
        _here(Actor, doubted.actor, by)
        _here(Territory, doubted.territory, by)
        record = Objection(
            circle_id=by.circle_id, reading=doubted.reading, member_id=by.id, incident_id=doubted.incident,
            actor_id=doubted.actor, territory_id=doubted.territory, about=doubted.about, why=told,
            figures={**doubted.figures, **({"key": doubted.key} if doubted.key else {})},
            said_on=ImpreciseDate.day(today),
        )  # fmt: skip
        record.tell_dossier(doubted.about)
        create(record, entry)
        entry.about("readings.objection", record.pk)
    return record


def _here(model: type[Incident | Actor | Territory], pk: UUID | None, by: By) -> None:
    if pk is not None and not model._default_manager.filter(pk=pk, circle_id=by.circle_id).exists():
        raise NotFound


def take_back_objection(*, by: By, objection: UUID, today: date) -> Objection:
    """Take back that a reading is wrong; it is kept and no longer shown. ``NotFound``, ``NotAllowed`` for others."""
    with writing(by=by, action="reading.take_back") as entry:
        record = objection_by_id(objection)
        if record.member_id != by.id:
            raise NotAllowed(_NOT_YOURS)
        change(record, entry, status="taken_back", taken_back_on=ImpreciseDate.day(today))
        entry.about("readings.objection", record.pk)
    return record


def see_notices(*, by: By, actors: Iterable[UUID], day: date) -> int:
    """Say that the notices about ``actors``, as of ``day``, were seen; return how many. They are not told again.

    Raises ``NotFound`` for somebody who is not of this circle.
    """
    wanted = list(dict.fromkeys(actors))
    with writing(by=by, action="reading.notice_seen") as entry:
        entry.notes["notices"] = len(wanted)
        for actor in wanted:
            _here(Actor, actor, by)
            create(
                NoticeSeen(circle_id=by.circle_id, actor_id=actor, member_id=by.id, day=ImpreciseDate.day(day)), entry
            )
    return len(wanted)
