"""What is done about an incident once it is recorded: links, steps of justice, sources, and half-done forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.words import N_
from tejido.fabric.models import Actor, Territory
from tejido.incidents.given import SourceGiven, checked, clean_words
from tejido.incidents.models import Draft, Justice, Link, Source
from tejido.incidents.records import incident_to_change, require_actors, source_record, write_newcomers
from tejido.vault.journal import By, writing
from tejido.vault.records import change, create, remove
from tejido.vocabularies import vocabulary

_TO_ITSELF: Final = N_("An incident cannot be linked to itself. Nothing was changed; choose another one.")
_ALREADY: Final = N_("These two incidents are already linked in this way. Nothing was changed.")


def link_incidents(*, by: By, from_incident: UUID, to_incident: UUID, kind: str, words: str = "") -> Link:
    """Link two incidents (vocabulary ``incident_links``); the other one shows the inverse.

    Raises ``BadInput`` for a link to itself or one that already stands, said from either side.
    """
    checked(kind, "incident_links")
    if from_incident == to_incident:
        raise BadInput(_TO_ITSELF)
    with writing(by=by, action="incident.link") as entry:
        entry.about("incidents.incident", from_incident)
        one, other = incident_to_change(from_incident, by), incident_to_change(to_incident, by)
        said = Q(from_incident=one, to_incident=other, kind=kind)
        said |= Q(from_incident=other, to_incident=one, kind=inverse(kind))
        if Link.objects.filter(said).exists():
            raise BadInput(_ALREADY)
        link = create(
            Link(circle_id=by.circle_id, from_incident=one, to_incident=other, kind=kind, words=clean_words(words)),
            entry,
        )
        change(one, entry)
        change(other, entry)
    return link


def unlink_incidents(*, by: By, link: UUID) -> None:
    """Take a link away."""
    with writing(by=by, action="incident.unlink") as entry:
        record = Link.objects.filter(pk=link, circle_id=by.circle_id).first()
        if record is None:
            raise NotFound
        entry.about("incidents.incident", record.from_incident_id)
        remove(record, entry)
        change(incident_to_change(record.from_incident_id, by), entry)
        change(incident_to_change(record.to_incident_id, by), entry)


def inverse(kind: str) -> str:
    """Return the kind of link as it reads from the other incident."""
    return vocabulary("incident_links").term(kind).text("inverse")


def record_justice(
    *,
    by: By,
    incident: UUID,
    stage: str,
    outcome: str = "not_known",
    authority: UUID | None = None,
    when: ImpreciseDate | None = None,
    words: str = "",
    revision: int | None = None,
    newcomers: Sequence[Actor | Territory] = (),
) -> Justice:
    """Note one step of justice (vocabularies ``justice_stages`` and ``justice_outcomes``).

    ``newcomers``, made but not yet written, may hold the authority.
    """
    checked(stage, "justice_stages")
    checked(outcome, "justice_outcomes")
    with writing(by=by, action="justice.record") as entry:
        entry.about("incidents.incident", incident)
        whole = incident_to_change(incident, by, revision=revision)
        write_newcomers(newcomers, entry)
        require_actors({authority} if authority else set(), by.circle_id)
        step = Justice(
            circle_id=by.circle_id,
            incident=whole,
            stage=stage,
            outcome=outcome,
            authority_id=authority,
            when=when,
            words=clean_words(words),
        )
        create(step, entry)
        change(whole, entry)
    return step


def remove_justice(*, by: By, step: UUID) -> None:
    """Take a step of justice out."""
    with writing(by=by, action="justice.remove") as entry:
        record = Justice.objects.filter(pk=step, circle_id=by.circle_id).first()
        if record is None:
            raise NotFound
        entry.about("incidents.incident", record.incident_id)
        remove(record, entry)
        change(incident_to_change(record.incident_id, by), entry)


def add_source(*, by: By, incident: UUID, source: SourceGiven, revision: int | None = None) -> Source:
    """Add a source to an incident."""
    with writing(by=by, action="source.add") as entry:
        entry.about("incidents.incident", incident)
        whole = incident_to_change(incident, by, revision=revision)
        record = create(source_record(whole, source), entry)
        change(whole, entry)
    return record


def remove_source(*, by: By, source: UUID) -> None:
    """Take a source out."""
    with writing(by=by, action="source.remove") as entry:
        record = Source.objects.filter(pk=source, circle_id=by.circle_id).first()
        if record is None:
            raise NotFound
        entry.about("incidents.incident", record.incident_id)
        remove(record, entry)
        change(incident_to_change(record.incident_id, by), entry)


def save_draft(*, by: By, typed: dict[str, list[str]], draft: UUID | None = None) -> Draft:
    """Keep a form as it was typed, sealed, for the member who typed it; ``draft`` is written over."""
    with writing(by=by, action="draft.save") as entry:
        if draft is None:
            record = create(Draft(circle_id=by.circle_id, member_id=by.id, typed=typed), entry)
        else:
            record = change(draft_of(draft, by), entry, typed=typed)
        entry.about("incidents.draft", record.pk)
    return record


def discard_draft(*, by: By, draft: UUID) -> None:
    """Throw a half-done form away."""
    with writing(by=by, action="draft.discard") as entry:
        entry.about("incidents.draft", draft)
        remove(draft_of(draft, by), entry)


def draft_of(draft: UUID, by: By) -> Draft:
    """Return a draft of the member ``by``; ``NotFound`` when it is another's or gone."""
    record = Draft.objects.filter(pk=draft, circle_id=by.circle_id, member_id=by.id).first()
    if record is None:
        raise NotFound
    return record
