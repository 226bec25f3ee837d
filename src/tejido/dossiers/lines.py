"""Lists that several pages share: incidents by id, named actors and territories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from tejido.dossiers.pages import IncidentLine, Named
from tejido.dossiers.ways import actor_way, incident_way, territory_way
from tejido.fabric.models import Actor, Territory
from tejido.incidents.models import Incident
from tejido.readings.around import AroundRow
from tejido.readings.naming import Called, called
from tejido.web.wording import WORDS


def lines_of(
    incidents: Sequence[UUID], whom: Mapping[UUID, Sequence[Named]] | None = None
) -> tuple[IncidentLine, ...]:
    """Return incidents in the order given, with those they touch: one query."""
    columns = ("id", "circle_id", "revision", "title", "when")
    found = Incident.objects.only(*columns).in_bulk(list(incidents))
    touched = whom or {}
    return tuple(
        IncidentLine(found[one].title, incident_way(one), found[one].when, whom=tuple(touched.get(one, ())))
        for one in incidents
        if one in found
    )


def lines_around(rows: Iterable[AroundRow]) -> tuple[IncidentLine, ...]:
    """Return what happened around an actor, as lines."""
    return tuple(IncidentLine(row.title, incident_way(row.incident), row.when, row.why, row.own) for row in rows)


def named_actor(actor: Actor, note: str = "") -> Named:
    """Return an actor that is at hand, with its page."""
    return Named(actor.usual_name or WORDS.gettext("somebody unnamed"), actor_way(actor.pk), note)


def named_actors(counts: Iterable[tuple[UUID, int]]) -> tuple[Named, ...]:
    """Return actors by id with a count each, in the order given: one query."""
    pairs = list(counts)
    people = called([actor for actor, _ in pairs], WORDS)
    return tuple(named(people[str(actor)], many) for actor, many in pairs if str(actor) in people)


def named(one: Called, many: int = 0, note: str = "") -> Named:
    """Return somebody whose name is open already."""
    return Named(one.name, actor_way(one.id), note, many)


def named_territories(counts: Iterable[tuple[UUID, int]]) -> tuple[Named, ...]:
    """Return territories by id with a count each, in the order given: one query."""
    pairs = list(counts)
    found = Territory.objects.only("id", "circle_id", "revision", "name").in_bulk([place for place, _ in pairs])
    return tuple(Named(found[place].name, territory_way(place), many=many) for place, many in pairs if place in found)
