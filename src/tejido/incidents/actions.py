"""Recording incidents: what happened, to whom, by whom, where.

Every action is one transaction with its line in the journal. A change to a part is also a change of the
incident, so that whoever follows the incidents' stamps sees it, and a second editor is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID, uuid4

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.names import usual_form
from tejido.domain.words import N_
from tejido.fabric.models import Actor, Territory
from tejido.incidents.evidence_actions import forget_files_of
from tejido.incidents.follow_up import (
    add_source,
    discard_draft,
    link_incidents,
    record_justice,
    remove_justice,
    remove_source,
    save_draft,
    unlink_incidents,
)
from tejido.incidents.given import (
    ActGiven,
    IncidentGiven,
    PlaceGiven,
    SourceGiven,
    actors_of,
    clean_words,
)
from tejido.incidents.models import Act, Incident, Perpetrator, Place, Source
from tejido.incidents.records import (
    GONE,
    correct_act,
    correct_place,
    incident_to_change,
    lay_acts,
    place_record,
    require_actors,
    rewrite_act,
    source_record,
    take_out_act,
    touch_alleged,
    write_newcomers,
)
from tejido.vault.journal import By, Entry, writing
from tejido.vault.records import change, create, create_all, remove

__all__ = [
    "add_act", "add_source", "change_act", "change_incident", "discard_draft", "lay_down", "link_incidents",
    "record_incident", "record_justice", "remove_act", "remove_incident", "remove_justice", "remove_source",
    "save_draft", "unlink_incidents",
]  # fmt: skip

NO_TITLE: Final = N_("Say in a few words what happened. The rest was kept.")
_LONGEST_TITLE: Final = 300


def record_incident(
    *,
    by: By,
    title: str,
    when: ImpreciseDate | None = None,
    summary: str = "",
    territory: UUID | None = None,
    verification: str = "unverified",
    acts: Iterable[ActGiven] = (),
    places: Iterable[PlaceGiven] = (),
    sources: Iterable[SourceGiven] = (),
    details: Mapping[str, str] | None = None,
    newcomers: Sequence[Actor | Territory] = (),
    incident_id: UUID | None = None,
) -> Incident:
    """Record an incident with its acts, places and sources; return it.

    ``newcomers`` are made (``tejido.fabric.making``) but not yet written; the rest names them by id. With
    ``incident_id`` a form that is sent twice records one incident: the second time the first is returned.
    Raises ``BadInput`` when there is no title, a code is in no list, or an actor or territory is not in the
    circle.
    """
    given = IncidentGiven(
        title=title,
        when=when,
        summary=summary,
        territory=territory,
        verification=verification,
        acts=tuple(acts),
        places=tuple(places),
        sources=tuple(sources),
        details=details or {},
    )
    twice = Incident.objects.filter(pk=incident_id, circle_id=by.circle_id).first() if incident_id else None
    if twice is not None:
        return twice
    with writing(by=by, action="incident.record") as entry:
        write_newcomers(newcomers, entry)
        incident = lay_down(given, entry, incident_id=incident_id)
        entry.about("incidents.incident", incident.pk)
        entry.notes.update(acts=len(given.acts), places=len(given.places), sources=len(given.sources))
    return incident


def lay_down(given: IncidentGiven, entry: Entry, *, incident_id: UUID | None = None) -> Incident:
    """Write a whole incident within a journal entry that is already open; for actions that write several things."""
    circle = entry.by.circle_id
    require_actors(given.actors(), circle)
    _require_territory(given.territory, circle)
    fresh = Incident(id=incident_id or uuid4(), circle_id=circle, details=dict(given.details), **_plain(given))
    fresh.territory_id = given.territory
    incident = create(fresh, entry)
    lay_acts(incident, given.acts, entry)
    places = [place_record(incident, one, n) for n, one in enumerate(given.places, start=1)]
    create_all(Place, places, entry)
    create_all(Source, [source_record(incident, one) for one in given.sources], entry)
    return incident


def change_incident(
    *,
    by: By,
    incident: UUID,
    revision: int,
    title: str,
    when: ImpreciseDate | None,
    summary: str,
    territory: UUID | None,
    verification: str,
    acts: Iterable[ActGiven] = (),
    without_acts: Iterable[UUID] = (),
    places: Iterable[PlaceGiven] = (),
    newcomers: Sequence[Actor | Territory] = (),
) -> Incident:
    """Correct an incident that was read at ``revision``.

    An act or place that carries the id of a recorded one corrects it, one without is added; those not mentioned
    stay as they are, and the acts in ``without_acts`` are taken out. Raises ``Conflict`` if somebody wrote the
    incident meanwhile, ``NotFound``, or ``BadInput`` as for recording.
    """
    given = IncidentGiven(
        title=title, when=when, summary=summary, territory=territory, verification=verification, acts=tuple(acts)
    )
    with writing(by=by, action="incident.change") as entry:
        entry.about("incidents.incident", incident)
        record = incident_to_change(incident, by, revision=revision)
        write_newcomers(newcomers, entry)
        _require_territory(territory, by.circle_id)
        require_actors(given.actors(), by.circle_id)
        change(record, entry, territory_id=territory, **_plain(given))
        for gone in record.acts.filter(pk__in=list(without_acts)):
            take_out_act(gone, entry)
        for act in given.acts:
            correct_act(record, act, entry)
        for place in places:
            correct_place(record, place, entry)
    return record


def remove_incident(*, by: By, incident: UUID, revision: int | None = None) -> None:
    """Take an incident out, with all its parts."""
    with writing(by=by, action="incident.remove") as entry:
        entry.about("incidents.incident", incident)
        record = incident_to_change(incident, by, revision=revision)
        touch_alleged(Perpetrator.objects.filter(act__incident=record), entry)
        forget_files_of([record.pk])
        remove(record, entry)


def add_act(*, by: By, incident: UUID, act: ActGiven, revision: int | None = None) -> Act:
    """Add one act to an incident."""
    with writing(by=by, action="act.add") as entry:
        entry.about("incidents.incident", incident)
        record = incident_to_change(incident, by, revision=revision)
        require_actors(actors_of([act]), by.circle_id)
        made = lay_acts(record, [act], entry)
        change(record, entry)
    return made[0]


def change_act(*, by: By, act: UUID, given: ActGiven, revision: int | None = None) -> Act:
    """Correct one act; ``revision`` is that of its incident. Who is not among ``given`` is taken out of the act."""
    with writing(by=by, action="act.change") as entry:
        record = _act(act, by)
        entry.about("incidents.incident", record.incident_id)
        whole = incident_to_change(record.incident_id, by, revision=revision)
        require_actors(actors_of([given]), by.circle_id)
        rewrite_act(record, given, entry)
        change(whole, entry)
    return record


def remove_act(*, by: By, act: UUID, revision: int | None = None) -> None:
    """Take one act out of its incident."""
    with writing(by=by, action="act.remove") as entry:
        record = _act(act, by)
        entry.about("incidents.incident", record.incident_id)
        whole = incident_to_change(record.incident_id, by, revision=revision)
        take_out_act(record, entry)
        change(whole, entry)


def _require_territory(territory: UUID | None, circle: UUID) -> None:
    if territory is not None and not Territory.objects.filter(pk=territory, circle_id=circle).exists():
        raise BadInput(GONE)


def _plain(given: IncidentGiven) -> dict[str, object]:
    """Return the values of the incident itself, cleaned and with the weeks that follow from the date."""
    title = usual_form(given.title)[:_LONGEST_TITLE]
    if not title:
        raise BadInput(NO_TITLE)
    first, last = given.when.weeks() if given.when else (None, None)
    return {
        "title": title,
        "summary": clean_words(given.summary),
        "when": given.when,
        "week_from": first,
        "week_to": last,
        "verification": given.verification,
    }


def _act(act: UUID, by: By) -> Act:
    record = Act.objects.filter(pk=act, circle_id=by.circle_id).first()
    if record is None:
        raise NotFound
    return record
