"""A small invented fabric: the Assembly of the Ribera, its groups, its people, its allies and who attacks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.fabric.actions import place_actor, record_actor, record_territory, tie_actors
from tejido.fabric.models import Actor, Territory
from tejido.incidents.actions import record_incident
from tejido.incidents.given import ActGiven, PerpetratorGiven, PlaceGiven, SourceGiven, VictimGiven
from tejido.incidents.models import Incident

VALLEY = {"type": "Point", "coordinates": [-74.5, 4.5]}
FAR_VALLEY = {"type": "Point", "coordinates": [-74.2, 4.6]}


@dataclass
class Ribera:
    """Everybody of the tests, by a short name."""

    by: Any
    actors: dict[str, Actor] = field(default_factory=dict)
    territories: dict[str, Territory] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)

    def __getitem__(self, short: str) -> UUID:
        known: Any = self.actors.get(short) or self.territories.get(short) or self.incidents[short]
        return UUID(str(known.pk))

    def actor(self, short: str, kind: str, name: str, **more: Any) -> Actor:
        """Record an actor under a short name."""
        self.actors[short] = record_actor(by=self.by, kind=kind, names=[name], **more)
        return self.actors[short]

    def tie(self, frm: str, kind: str, to: str, **more: Any) -> None:
        """Tie two actors, for certain and strongly unless said otherwise."""
        more = {"strength": "strong", "certainty": "confirmed", **more}
        tie_actors(by=self.by, from_actor=self.actors[frm], to_actor=self.actors[to], kind=kind, **more)

    def incident(
        self,
        short: str,
        when: str,
        victims: tuple[str, ...],
        by: tuple[str, ...] = (),
        *,
        kind: str = "surveillance",
        where: str | None = "valley",
        title: str = "",
        point: tuple[float, float] | None = (4.51, -74.52),
    ) -> Incident:
        """Record one incident of one act."""
        act = ActGiven(
            kind,
            victims=tuple(VictimGiven(self[one]) for one in victims),
            perpetrators=tuple(PerpetratorGiven(self[one]) for one in by),
        )
        self.incidents[short] = record_incident(
            by=self.by,
            title=title or f"Incident {short}",
            when=ImpreciseDate.decode(when),
            territory=self[where] if where else None,
            acts=[act],
            places=[PlaceGiven(words="by the ford", kind="", precision="near", point=point)] if point else [],
            sources=[SourceGiven(kind="witness", how="not_stated", reliability="likely_reliable", name="Nube")],
        )
        return self.incidents[short]


def ribera(by: Any) -> Ribera:
    """Make the fabric."""
    made = Ribera(by)
    valley = record_territory(by=by, name="Ribera alta", kind="rural_settlement", geometry=VALLEY)
    made.territories["valley"] = valley
    made.territories["ford"] = record_territory(by=by, name="El Vado", kind="rural_settlement", parent=valley)
    made.territories["far"] = record_territory(by=by, name="Ribera baja", kind="rural_settlement", geometry=FAR_VALLEY)
    made.actor("assembly", "community", "Asamblea de la Ribera", about="Defends the river.", size="38 families")
    made.actor("guard", "group", "Guardia del río")
    made.actor("women", "group", "Grupo de mujeres")
    made.actor("network", "network", "Red del valle")
    made.actor("ana", "person", "Ana")
    made.actor("luz", "person", "Luz")
    made.actor("ally", "organisation", "Organización acompañante")
    made.actor("company", "company", "Empresa del embalse")
    made.actor("armed", "armed_group", "Hombres armados")
    made.tie("guard", "part_of", "assembly")
    made.tie("women", "part_of", "assembly")
    made.tie("assembly", "member_of", "network")
    made.tie("ana", "leads", "assembly")
    made.tie("ana", "contact_of", "ally")
    made.tie("ana", "works_with", "network")
    made.tie("luz", "member_of", "guard", until=ImpreciseDate.decode("2026-06"))
    made.tie("armed", "part_of", "company", certainty="possible")
    made.tie("armed", "threatens", "guard")
    place_actor(by=by, actor=made.actors["assembly"], territory=valley)
    place_actor(by=by, actor=made.actors["women"], territory=made.territories["far"])
    made.incident("followed", "2026-11-17", ("guard",), ("armed",), title="Two of the guard were followed")
    made.incident("leaflet", "2026-11-02", ("women",), ("armed",), title="A leaflet against the women")
    made.incident("summons", "2025-03", ("assembly",), (), title="A summons")
    made.incident("luz_hurt", "2026-09-01", ("luz",), (), title="Luz was hurt", where=None, point=None)
    return made
