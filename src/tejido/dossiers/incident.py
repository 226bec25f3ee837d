"""An incident: who did what to whom, how it is known, whom it touches and why, what a group can do now."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.dossiers.acts import acts_part
from tejido.dossiers.incident_pages import (
    EvidenceLine,
    GroupCan,
    IncidentPage,
    IncidentWays,
    JusticeLine,
    LinkLine,
    SourceLine,
    TouchedPart,
)
from tejido.dossiers.lines import named_actor
from tejido.dossiers.pages import IncidentLine, Named
from tejido.dossiers.pictures import map_of
from tejido.dossiers.places import USUAL, incident_places
from tejido.dossiers.touching import touched_part
from tejido.dossiers.ways import incident_way, territory_way, way
from tejido.incidents.evidence_queries import evidence_of
from tejido.incidents.models import Incident, Justice
from tejido.incidents.queries import incident_by_id
from tejido.protection.models import Measure
from tejido.protection.queries import measures_in_place
from tejido.protection.showing import title_of
from tejido.readings.settings import chosen_settings
from tejido.readings.warning_kept import last_verdict
from tejido.readings.warning_words import gate_sentence
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

MOST_GROUPS = 3
MOST_MEASURES = 4


def incident_page(incident_id: UUID, *, today: date, by: UUID | None = None) -> IncidentPage:
    """Compose the page for member ``by``; ``NotFound``."""
    incident = incident_by_id(incident_id)
    touched = touched_part(incident, today=today, by=by)
    shown = incident.territory.shown if incident.territory else USUAL
    places = list(incident.places.all())
    return IncidentPage(
        title=incident.title,
        verification=incident.verification,
        summary=incident.summary,
        when=incident.when,
        territory=Named(incident.territory.name, territory_way(incident.territory.pk)) if incident.territory else None,
        acts=acts_part(incident),
        touched=touched,
        can=_can(touched),
        map=map_of(incident_places((place, shown) for place in places), title=_("Where it happened")),
        places=tuple(dict.fromkeys(place.words for place in places if place.words)),
        sources=tuple(
            SourceLine(
                one.kind,
                one.how,
                one.reliability,
                one.name,
                one.reference,
                one.said_on,
                way("incidents:source_remove", incident.pk, one.pk),
            )
            for one in incident.sources.all()
        ),
        evidence=_evidence(incident_id),
        justice=tuple(_justice(one) for one in incident.justice.all()),
        links=_links(incident),
        details=tuple((str(label), str(value)) for label, value in incident.details.items()),
        ways=IncidentWays(*(way(f"incidents:{name}", incident.pk) for name in _FOLLOWING)),
        how=f"{way('dossiers:help')}#reading",
        gate=_gate(),
        own_settings=chosen_settings().are_own,
    )


def _gate() -> str:
    """Return whether these records taught who follows whom, as it was last tried; empty where it was not yet."""
    verdict = last_verdict()
    return gate_sentence(verdict, WORDS) if verdict else ""


_FOLLOWING = ("edit", "link_new", "source_new", "justice_new", "evidence_new")


def _evidence(incident: UUID) -> tuple[EvidenceLine, ...]:
    return tuple(
        EvidenceLine(
            one.title, way("incidents:evidence", one.pk), one.kind, one.received, one.made_from_id is not None
        )
        for one in evidence_of(incident)
    )


def _justice(step: Justice) -> JusticeLine:
    authority = named_actor(step.authority) if step.authority else None
    remove = way("incidents:justice_remove", step.incident_id, step.pk)
    return JusticeLine(step.stage, step.outcome, authority, step.when, step.words, remove)


def _links(incident: Incident) -> tuple[LinkLine, ...]:
    """Return the linked incidents; a link from the other side is told from this one."""
    lang, kinds = page_language(), vocabulary("incident_links")
    found = []
    for link in incident.links_out.all():
        found.append((kinds.label(link.kind, lang), link.to_incident, link))
    for link in incident.links_in.all():
        term = kinds.term(link.kind)
        inverse = term.text("inverse")
        said = kinds.label(inverse, lang) if inverse in kinds else term.label(lang)
        found.append((said, link.from_incident, link))
    return tuple(
        LinkLine(
            said,
            IncidentLine(one.title, incident_way(one.pk), one.when, link.words),
            way("incidents:link_remove", incident.pk, link.pk),
        )
        for said, one, link in found
    )


def _can(touched: TouchedPart) -> tuple[GroupCan, ...]:
    """Return what the touched groups have in place, the strongest touched first; else the way to a plan."""
    groups = touched.groups[:MOST_GROUPS]
    stands: defaultdict[UUID, list[Measure]] = defaultdict(list)
    for measure in measures_in_place([one.id for one in groups]) if groups else ():
        stands[measure.plan.collective_id].append(measure)
    return tuple(
        GroupCan(
            group=one.who,
            measures=tuple(title_of(measure) for measure in stands[one.id][:MOST_MEASURES]),
            plan=way("protection:plan", stands[one.id][0].plan_id) if stands[one.id] else "",
            start=way("protection:plan_new", one.id),
        )
        for one in groups
    )
