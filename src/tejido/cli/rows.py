"""What ``tejido list`` prints of each record. Read in chunks: the number of queries does not grow with the rows."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from tejido.fabric.models import Actor, Territory
from tejido.incidents.models import Act, Incident, Source
from tejido.incidents.queries import whole_incidents
from tejido.vault.keyring import circle_at_work

Row = dict[str, object]
_CHUNK = 500


def actors(*, kind: str | None, lang: str) -> Iterator[Row]:
    """Yield ``id``, ``kind``, ``names`` (usual one first) and what the actor says of itself."""
    found = Actor.objects.filter(circle_id=circle_at_work()).order_by("born", "id")
    if kind:
        found = found.filter(kind=kind)
    for actor in found.iterator(chunk_size=_CHUNK):
        yield {
            "id": str(actor.pk),
            "kind": actor.kind,
            "names": [name["text"] for name in actor.names],
            "identities": actor.identities,
            "details": actor.details,
        }


def territories(*, kind: str | None, lang: str) -> Iterator[Row]:
    """Yield ``id``, ``kind``, ``name``, ``parent`` and whether its place is known."""
    found = Territory.objects.filter(circle_id=circle_at_work()).order_by("born", "id")
    if kind:
        found = found.filter(kind=kind)
    for territory in found.iterator(chunk_size=_CHUNK):
        yield {
            "id": str(territory.pk),
            "kind": territory.kind,
            "name": territory.name,
            "parent": _text(territory.parent_id),
            "has_geometry": bool(territory.geometry),
        }


def incidents(*, kind: str | None, lang: str) -> Iterator[Row]:
    """Yield each incident with its acts; ``kind`` keeps those with an act of that kind."""
    found = whole_incidents().order_by("born", "id")
    if kind:
        found = found.filter(pk__in=Act.objects.filter(kind=kind).values("incident_id"))
    for incident in found.iterator(chunk_size=_CHUNK):
        yield _incident(incident, lang)


def line(row: Row) -> str:
    """Return one row as a line for people."""
    names = row.get("names")
    shown = names[0] if isinstance(names, list) and names else row.get("title") or row.get("name") or "—"
    return "  ".join(str(part) for part in (row["id"], row.get("when") or row.get("kind") or "—", shown))


def _incident(incident: Incident, lang: str) -> Row:
    when = incident.when
    return {
        "id": str(incident.pk),
        "title": incident.title,
        "when": when.words(lang) if when else None,
        "from": when.start.isoformat() if when else None,
        "to": when.end.isoformat() if when else None,
        "acts": [_act(act) for act in incident.acts.all()],
        "territory": _text(incident.territory_id),
        "verification": incident.verification,
        "sources": [_source(source) for source in incident.sources.all()],
    }


def _source(source: Source) -> Row:
    return {
        "kind": source.kind,
        "name": source.name,
        "reference": source.reference,
        "reliability": source.reliability,
    }


def _act(act: Act) -> Row:
    when = act.when
    return {
        "kind": act.kind,
        "means": act.means,
        "from": when.start.isoformat() if when else None,
        "to": when.end.isoformat() if when else None,
        "victims": [str(victim.actor_id) for victim in act.victims.all()],
        "perpetrators": [str(perpetrator.actor_id) for perpetrator in act.perpetrators.all()],
    }


def _text(record: UUID | None) -> str | None:
    return str(record) if record else None
