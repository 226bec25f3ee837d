"""The parts of an incident as records: acts with who suffered and who is said to have done them, places, sources.

Written within a journal entry that an action has opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from tejido.domain.errors import BadInput, Conflict, NotFound
from tejido.domain.names import usual_form
from tejido.domain.words import N_
from tejido.fabric.models import Actor, Territory
from tejido.fabric.touching import touch
from tejido.incidents.given import (
    ActGiven,
    PerpetratorGiven,
    PlaceGiven,
    SourceGiven,
    VictimGiven,
    checked,
    clean_words,
    once_each,
)
from tejido.incidents.models import Act, Incident, Perpetrator, Place, Source, Victim
from tejido.vault.journal import By, Entry
from tejido.vault.records import change, create, create_all, remove

GONE: Final = N_("Somebody or some place that you chose is no longer here. What you typed was kept; choose again.")


def lay_acts(incident: Incident, acts: Iterable[ActGiven], entry: Entry) -> list[Act]:
    """Add acts to an incident, after those it has."""
    given = list(acts)
    last = incident.acts.order_by("-position").values_list("position", flat=True).first() or 0
    records = [
        Act(
            circle_id=incident.circle_id,
            incident=incident,
            position=position,
            kind=checked(one.kind, "acts"),
            means=one.means,
            when=one.when,
            details=dict(one.details),
        )
        for position, one in enumerate(given, start=last + 1)
    ]
    create_all(Act, records, entry)
    pairs = list(zip(records, given, strict=True))
    create_all(Victim, [_victim(act, who) for act, one in pairs for who in once_each(one.victims)], entry)
    alleged = [_perpetrator(act, who) for act, one in pairs for who in once_each(one.perpetrators)]
    create_all(Perpetrator, alleged, entry)
    touch(Actor, [who.actor_id for who in alleged], entry)
    return records


def take_out_act(record: Act, entry: Entry) -> None:
    """Delete an act; whoever was alleged in it is derived anew."""
    touch_alleged(record.perpetrators.all(), entry)
    remove(record, entry)


def touch_alleged(perpetrators: QuerySet[Perpetrator], entry: Entry) -> None:
    """Stamp the actors of ``perpetrators``: being alleged is part of how the fabric lists them."""
    touch(Actor, perpetrators.values_list("actor_id", flat=True), entry)


def correct_act(incident: Incident, given: ActGiven, entry: Entry) -> Act:
    """Correct the act that ``given`` names, or add it when it names none; ``NotFound`` if it is another's."""
    if given.act is None:
        return lay_acts(incident, [given], entry)[0]
    record = incident.acts.filter(pk=given.act).first()
    if record is None:
        raise NotFound
    return rewrite_act(record, given, entry)


def rewrite_act(record: Act, given: ActGiven, entry: Entry) -> Act:
    """Make a recorded act as given; its own date, details and words about perpetrators stay unless new are given."""
    details = dict(given.details) or record.details
    change(record, entry, kind=given.kind, means=given.means, when=given.when or record.when, details=details)
    victims = {one.actor: one for one in once_each(given.victims)}
    for victim in record.victims.all():
        told = victims.pop(victim.actor_id, None)
        if told is None:
            victim.delete()
        elif usual_form(told.persons) != victim.persons:
            change(victim, entry, persons=usual_form(told.persons))
    create_all(Victim, [_victim(record, one) for one in victims.values()], entry)
    _rewrite_perpetrators(record, {one.actor: one for one in once_each(given.perpetrators)}, entry)
    return record


def _rewrite_perpetrators(record: Act, given: dict[UUID, PerpetratorGiven], entry: Entry) -> None:
    touch_alleged(record.perpetrators.all(), entry)
    touch(Actor, given, entry)
    for known in record.perpetrators.all():
        told = given.pop(known.actor_id, None)
        if told is None:
            known.delete()
            continue
        words = clean_words(told.words) or known.words
        if (told.involvement, told.certainty, words) != (known.involvement, known.certainty, known.words):
            change(known, entry, involvement=told.involvement, certainty=told.certainty, words=words)
    create_all(Perpetrator, [_perpetrator(record, one) for one in given.values()], entry)


def _victim(act: Act, given: VictimGiven) -> Victim:
    return Victim(circle_id=act.circle_id, act=act, actor_id=given.actor, persons=usual_form(given.persons))


def _perpetrator(act: Act, given: PerpetratorGiven) -> Perpetrator:
    return Perpetrator(
        circle_id=act.circle_id,
        act=act,
        actor_id=given.actor,
        involvement=given.involvement,
        certainty=given.certainty,
        words=clean_words(given.words),
    )


def place_record(incident: Incident, given: PlaceGiven, position: int) -> Place:
    """Return the place as a record that is not yet written."""
    return Place(
        circle_id=incident.circle_id,
        incident=incident,
        position=position,
        kind=given.kind,
        precision=given.precision,
        words=clean_words(given.words),
        point=list(given.point) if given.point else [],
    )


def correct_place(incident: Incident, given: PlaceGiven, entry: Entry) -> Place:
    """Correct the place that ``given`` names, or add it when it names none; ``NotFound`` if it is another's."""
    if given.place is None:
        last = incident.places.order_by("-position").values_list("position", flat=True).first() or 0
        return create(place_record(incident, given, last + 1), entry)
    record = incident.places.filter(pk=given.place).first()
    if record is None:
        raise NotFound
    point = list(given.point) if given.point else []
    words = clean_words(given.words)
    return change(record, entry, kind=given.kind, precision=given.precision, words=words, point=point)


def source_record(incident: Incident, given: SourceGiven) -> Source:
    """Return the source as a record that is not yet written."""
    return Source(
        circle_id=incident.circle_id,
        incident=incident,
        kind=given.kind,
        how=given.how,
        reliability=given.reliability,
        name=usual_form(given.name),
        reference=clean_words(given.reference),
        said_on=given.said_on,
    )


def incident_to_change(incident: UUID, by: By, *, revision: int | None = None) -> Incident:
    """Return an incident of the circle of ``by``; ``Conflict`` when it is no longer at ``revision``."""
    record = Incident.objects.filter(pk=incident, circle_id=by.circle_id).first()
    if record is None:
        raise NotFound
    if revision is not None and record.revision != revision:
        raise Conflict
    return record


def require_actors(actors: set[UUID], circle: UUID) -> None:
    """Refuse with ``BadInput`` when one of ``actors`` is not in the circle."""
    ids = list(actors)
    found = sum(
        Actor.objects.filter(circle_id=circle, pk__in=ids[at : at + 500]).count() for at in range(0, len(ids), 500)
    )
    if found != len(actors):
        raise BadInput(GONE)


def write_newcomers(newcomers: Sequence[Actor | Territory], entry: Entry) -> None:
    """Write actors and territories that a form named for the first time."""
    create_all(Actor, [one for one in newcomers if isinstance(one, Actor)], entry)
    create_all(Territory, [one for one in newcomers if isinstance(one, Territory)], entry)
