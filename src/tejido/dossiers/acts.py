"""Who did what to whom: an incident's acts taken together by kind, and one by one on a page of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from tejido.dossiers.incident_pages import ActLine, ActsPage, ActsPart, KindLine
from tejido.dossiers.lines import named_actor
from tejido.dossiers.pages import Named
from tejido.dossiers.ways import incident_way, way
from tejido.fabric.kinds import is_collective
from tejido.incidents.models import Act, Incident
from tejido.incidents.queries import incident_by_id
from tejido.vocabularies import vocabulary
from tejido.web.paging import Page
from tejido.web.wording import page_language

#: Up to so many victims and aggressors are named at once; up to so many acts stand folded on the incident's page.
MOST_NAMED = 8
MOST_FOLDED = 12
SIZE = 20


def acts_part(incident: Incident) -> ActsPart:
    """Return the acts of an incident taken together; everything is prefetched with it."""
    acts = list(incident.acts.all())
    victims = {one.actor_id: named_actor(one.actor, one.persons) for act in acts for one in act.victims.all()}
    alleged = _alleged(acts)
    whole = incident.when
    return ActsPart(
        kinds=tuple(_kinds(acts)),
        victims=tuple(victims.values()) if len(victims) <= MOST_NAMED else (),
        perpetrators=alleged[:MOST_NAMED],
        perpetrators_more=max(0, len(alleged) - MOST_NAMED),
        folded=tuple(act_line(act, whole) for act in acts[:MOST_FOLDED]) if _worth_folding(acts) else (),
        total=len(acts),
        all_acts=way("dossiers:acts", incident.pk) if len(acts) > MOST_FOLDED else "",
    )


def acts_page(incident_id: UUID, *, after: UUID | None, before: UUID | None) -> ActsPage:
    """Compose the page of all acts, in their order; ``NotFound``."""
    incident = incident_by_id(incident_id)
    acts = list(incident.acts.all())
    places = {act.pk: place for place, act in enumerate(acts)}
    start = 0
    if after in places:
        start = places[after] + 1
    elif before in places:
        start = max(0, places[before] - SIZE)
    shown = acts[start : start + SIZE]
    ids = tuple(act.pk for act in shown)
    return ActsPage(
        title=incident.title,
        back=incident_way(incident.pk),
        when=incident.when,
        total=len(acts),
        rows=tuple(act_line(act, incident.when) for act in shown),
        rows_page=Page(
            ids,
            after=ids[-1] if ids and start + SIZE < len(acts) else None,
            before=ids[0] if ids and start else None,
        ),
    )


def act_line(act: Act, whole: object = None) -> ActLine:
    """Return one act; its date only where it is not that of the ``whole`` incident."""
    lang = page_language()
    involvements = vocabulary("involvements")
    return ActLine(
        kind=act.kind,
        means=act.means,
        when=act.when if act.when != whole else None,
        victims=tuple(named_actor(one.actor, one.persons) for one in act.victims.all()),
        perpetrators=tuple(
            named_actor(one.actor, involvements.label(one.involvement, lang)) for one in act.perpetrators.all()
        ),
        details=_details(act),
    )


def _kinds(acts: Sequence[Act]) -> Iterable[KindLine]:
    """Yield each kind of act once, with its means and to how many it was done, each once."""
    for kind in dict.fromkeys(act.kind for act in acts):
        of_kind = [act for act in acts if act.kind == kind]
        done_to = {one.actor_id: one.actor.kind for act in of_kind for one in act.victims.all()}
        groups = sum(map(is_collective, done_to.values()))
        means = tuple(dict.fromkeys(act.means for act in of_kind if act.means))
        yield KindLine(kind, means, len(done_to) - groups, groups)


def _alleged(acts: Sequence[Act]) -> tuple[Named, ...]:
    """Return whoever is said to have done any of it, once, with each degree of involvement."""
    lang, involvements = page_language(), vocabulary("involvements")
    actors = {one.actor_id: one.actor for act in acts for one in act.perpetrators.all()}
    said: dict[UUID, dict[str, None]] = {}
    for act in acts:
        for one in act.perpetrators.all():
            said.setdefault(one.actor_id, {})[involvements.label(one.involvement, lang)] = None
    return tuple(named_actor(actors[pk], ", ".join(words)) for pk, words in said.items())


def _worth_folding(acts: Sequence[Act]) -> bool:
    return len(acts) > 1 or any(_details(act) for act in acts)


def _details(act: Act) -> tuple[tuple[str, str], ...]:
    """Return what else is recorded, without what says nothing."""
    rows = ((str(label), str(value)) for label, value in act.details.items())
    return tuple((label, value) for label, value in rows if value.strip(" ~-—.?"))
