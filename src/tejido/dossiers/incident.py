"""An incident: who did what to whom, how it is known, whom it touches and why, what a group can do now."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.dossiers.lines import named_actor
from tejido.dossiers.pages import (
    ActLine,
    GroupCan,
    IncidentLine,
    IncidentPage,
    IncidentWays,
    JusticeLine,
    Named,
    SourceLine,
)
from tejido.dossiers.pictures import map_of
from tejido.dossiers.places import USUAL, incident_places
from tejido.dossiers.ways import actor_way, incident_way, territory_way, way
from tejido.fabric.kinds import COLLECTIVES
from tejido.incidents.models import Act, Incident, Justice
from tejido.incidents.queries import incident_by_id
from tejido.protection.models import Measure
from tejido.protection.queries import measures_in_place
from tejido.protection.showing import title_of
from tejido.readings.affectation import Touched, touched_by_incident
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

MOST_TOUCHED = 12
MOST_VICTIMS = 5
MOST_GROUPS = 3
MOST_MEASURES = 4


def incident_page(incident_id: UUID, *, today: date) -> IncidentPage:
    """Compose the page; ``NotFound``."""
    incident = incident_by_id(incident_id)
    touched = touched_by_incident(
        incident, today=today, lang=page_language(), words=WORDS, limit=MOST_TOUCHED, victims=MOST_VICTIMS
    )
    shown = incident.territory.shown if incident.territory else USUAL
    places = list(incident.places.all())
    return IncidentPage(
        title=incident.title,
        verification=incident.verification,
        summary=incident.summary,
        when=incident.when,
        territory=Named(incident.territory.name, territory_way(incident.territory.pk)) if incident.territory else None,
        acts=tuple(_act(act) for act in incident.acts.all()),
        touched=touched,
        touched_rows=tuple(
            (Named(row.name, actor_way(row.actor)), f"{row.strength:.2f}", row.band, row.kind, row.sentences[:3])
            for row in touched.rows
        ),
        more=touched.total - len(touched.rows),
        can=_can(touched),
        map=map_of(incident_places((place, shown) for place in places), title=_("Where it happened")),
        places=tuple(dict.fromkeys(place.words for place in places if place.words)),
        sources=tuple(
            SourceLine(one.kind, one.how, one.reliability, one.name, one.reference, one.said_on)
            for one in incident.sources.all()
        ),
        justice=tuple(_justice(one) for one in incident.justice.all()),
        links=_links(incident),
        details=tuple((str(label), str(value)) for label, value in incident.details.items()),
        ways=IncidentWays(*(way(f"incidents:{name}", incident.pk) for name in _FOLLOWING)),
        how=f"{way('dossiers:help')}#reading",
    )


_FOLLOWING = ("edit", "link_new", "source_new", "justice_new")


def _act(act: Act) -> ActLine:
    lang = page_language()
    involvements = vocabulary("involvements")
    return ActLine(
        kind=act.kind,
        means=act.means,
        when=act.when,
        victims=tuple(named_actor(one.actor, one.persons) for one in act.victims.all()),
        perpetrators=tuple(
            named_actor(one.actor, involvements.label(one.involvement, lang)) for one in act.perpetrators.all()
        ),
        details=tuple((str(label), str(value)) for label, value in act.details.items()),
    )


def _justice(step: Justice) -> JusticeLine:
    authority = named_actor(step.authority) if step.authority else None
    return JusticeLine(step.stage, step.outcome, authority, step.when, step.words)


def _links(incident: Incident) -> tuple[tuple[str, IncidentLine], ...]:
    """Return the linked incidents; a link from the other side is told from this one."""
    lang, kinds = page_language(), vocabulary("incident_links")
    found = []
    for link in incident.links_out.all():
        found.append((kinds.label(link.kind, lang), link.to_incident, link.words))
    for link in incident.links_in.all():
        term = kinds.term(link.kind)
        inverse = term.text("inverse")
        said = kinds.label(inverse, lang) if inverse in kinds else term.label(lang)
        found.append((said, link.from_incident, link.words))
    return tuple((said, IncidentLine(one.title, incident_way(one.pk), one.when, words)) for said, one, words in found)


def _can(touched: Touched) -> tuple[GroupCan, ...]:
    """Return what the touched groups have in place, the strongest touched first; else the way to a plan."""
    groups = [row for row in touched.rows if row.kind in COLLECTIVES][:MOST_GROUPS]
    stands: defaultdict[UUID, list[Measure]] = defaultdict(list)
    for measure in measures_in_place([row.actor for row in groups]) if groups else ():
        stands[measure.plan.collective_id].append(measure)
    return tuple(
        GroupCan(
            group=Named(row.name, actor_way(row.actor)),
            measures=tuple(title_of(one) for one in stands[row.actor][:MOST_MEASURES]),
            plan=way("protection:plan", stands[row.actor][0].plan_id) if stands[row.actor] else "",
            start=way("protection:plan_new", row.actor),
        )
        for row in groups
    )
