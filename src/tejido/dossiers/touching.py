"""Whom an incident touches, as its page tells it: collectives first, those it was done to in one line, then others.

The reading ranks by strength alone, and where one aggressor struck hundreds of people their pattern outweighs the
collective of one of them. Collectives of those it was done to that are not among the rows read are therefore asked
of the same rule again, by ties alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import islice
from uuid import UUID

from tejido.domain.affectation import IncidentFact, Path, affected_by, band, path_sentence
from tejido.domain.ties import Weave
from tejido.dossiers.incident_pages import Reason, Rests, TouchedPart
from tejido.dossiers.lines import named_actor
from tejido.dossiers.pages import Named
from tejido.dossiers.ways import actor_way, way
from tejido.dossiers.wrong_pages import wrong_of
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.readings.affectation import Because, TouchedRow, because_of, touched_by_incident
from tejido.readings.gathering import collectives_struck
from tejido.readings.naming import called, spoken_of
from tejido.readings.queries import Objections, objections_to_incident
from tejido.readings.weaving import woven_around
from tejido.readings.weights import sure_words, weights_now
from tejido.web.wording import WORDS, page_language

MOST_READ = 60
MOST_GROUPS = 8
MOST_OTHERS = 4
MOST_NAMES = 40
MOST_SENTENCES = 3


def touched_part(incident: Incident, *, today: date, by: UUID | None = None) -> TouchedPart:
    """Compose whom the incident touches, for member ``by``; what it was done to is prefetched with it."""
    read = touched_by_incident(
        incident, today=today, lang=page_language(), words=WORDS, limit=MOST_READ, victims=0
    )  # fmt: skip
    struck = {one.actor_id: one.actor for act in incident.acts.all() for one in act.victims.all()}
    people = sorted((one for one in struck.values() if one.kind not in COLLECTIVES), key=lambda one: one.usual_name)
    direct = [_directly(one) for one in struck.values() if one.kind in COLLECTIVES]
    groups = direct + [_reason(row) for row in read.rows if row.kind in COLLECTIVES]
    groups += _through_ties(incident, {one.id for one in groups}, today)
    groups.sort(key=lambda one: (-one.strength, one.who.name))
    others = [_reason(row) for row in read.rows if row.kind not in COLLECTIVES]
    said = objections_to_incident(incident.pk)
    told = [
        [_doubted(one, said, incident, by) for one in some] for some in (groups[:MOST_GROUPS], others[:MOST_OTHERS])
    ]
    return TouchedPart(
        groups=tuple(told[0]),
        done_to=len(people),
        done_to_names=tuple(named_actor(one) for one in people[:MOST_NAMES]),
        all_acts=way("dossiers:acts", incident.pk) if len(people) > MOST_NAMES else "",
        others=tuple(told[1]),
        more=max(0, read.total - len(people) - len(told[0]) - len(told[1])),
        left_out=bool(read.left_out),
    )


def _doubted(one: Reason, said: Objections, incident: Incident, by: UUID | None) -> Reason:
    add = way("dossiers:wrong_affected", incident.pk, one.id)
    return replace(one, wrong=wrong_of(said, str(one.id), by=by, add=add))


def _reason(row: TouchedRow) -> Reason:
    who = Named(row.name, actor_way(row.actor))
    return Reason(row.actor, who, row.kind, row.strength, row.band, _rests(row.because))


def _rests(because: Iterable[Because]) -> tuple[Rests, ...]:
    return tuple(
        Rests(one.sentence, "" if one.relation == "victim" else one.basis, _sure(one))
        for one in islice(because, MOST_SENTENCES)
    )


def _sure(one: Because) -> str:
    return sure_words(one.learned, WORDS, page_language())


def _directly(actor: Actor) -> Reason:
    said = path_sentence(Path("victim", 1.0), names={}, kinds={}, words=WORDS, lang=page_language())
    return Reason(actor.pk, named_actor(actor), actor.kind, 1.0, "strong", (Rests(said, "", ""),))


def _through_ties(incident: Incident, known: Iterable[UUID], today: date) -> list[Reason]:
    """Return the collectives of those it was done to that are not ``known`` yet, with the reason of their ties."""
    missing = collectives_struck([incident.pk]).get(incident.pk, set()) - set(known)
    if not missing:
        return []
    fact, weights = _fact(incident, today), weights_now()
    ends = {str(one) for one in missing}
    ties = [fact for fact in woven_around(map(UUID, fact.victims), reach=1).facts if ends & {fact.frm, fact.to}]
    found = affected_by(fact, ties=Weave(ties, weights.ties), today=today, reach=1)
    shown = [one for one in found if one.actor in ends][:MOST_GROUPS]
    people = called(spoken_of(path for one in shown for path in one.paths) | {UUID(one.actor) for one in shown}, WORDS)
    names = {actor: one.name for actor, one in people.items()}
    kinds = {actor: one.kind for actor, one in people.items()}
    return [
        Reason(
            UUID(one.actor),
            Named(names[one.actor], actor_way(UUID(one.actor))),
            kinds[one.actor],
            one.strength,
            band(one.strength),
            _rests(because_of(one, weights, names=names, kinds=kinds, words=WORDS, lang=page_language())),
        )
        for one in shown
        if one.actor in names
    ]


def _fact(incident: Incident, today: date) -> IncidentFact:
    """Return the incident as the rule takes it; one without a date may have been any day until ``today``."""
    acts = incident.acts.all()
    return IncidentFact(
        incident=str(incident.pk),
        victims=frozenset(str(one.actor_id) for act in acts for one in act.victims.all()),
        perpetrators=frozenset(str(one.actor_id) for act in acts for one in act.perpetrators.all()),
        territory=str(incident.territory_id) if incident.territory_id else None,
        start=incident.when.earliest if incident.when else date.min,
        end=incident.when.latest if incident.when else today,
    )
