"""Invented workspaces of any size, woven as real ones are: few hubs, many with a tie or two, a tree of territories.

Everything goes through the vault (sealed, stamped, journalled), in batches. The same seed gives the same records.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, islice
from random import Random
from typing import Final, TypeVar
from uuid import UUID

from django.db import models

from benchmarks import sayings
from tejido.domain.dates import ImpreciseDate
from tejido.fabric.models import Actor, Presence, Territory, Tie
from tejido.incidents.models import Act, Incident, Perpetrator, Place, Source, Victim
from tejido.vault.journal import By, writing
from tejido.vault.models import SealedRecord
from tejido.vault.records import create_all

Progress = Callable[[str, int, int], None]
Beside = Callable[[type[models.Model], Sequence[models.Model]], None]
T = TypeVar("T")

_BATCH: Final = 2000
_FIRST_DAY, _LAST_DAY = date(1973, 1, 1), date(2025, 12, 31)


@dataclass(frozen=True)
class Size:
    """How much to weave. ``rich`` collectives have ``rich_incidents`` incidents and ``rich_ties`` ties each."""

    incidents: int = 100_000
    actors: int = 50_000
    ties: int = 200_000
    territories: int = 3_000
    rich: int = 60
    rich_incidents: int = 200
    rich_ties: int = 50


@dataclass
class Woven:
    """What was woven, by id; ``rich`` and ``collectives`` (the others) are ids of actors."""

    people: list[UUID] = field(default_factory=list)
    collectives: list[UUID] = field(default_factory=list)
    aggressors: list[UUID] = field(default_factory=list)
    rich: list[UUID] = field(default_factory=list)
    territories: list[UUID] = field(default_factory=list)
    incidents: list[UUID] = field(default_factory=list)


class _Weaver:
    """One workspace in the making."""

    def __init__(self, by: By, size: Size, seed: int, progress: Progress | None, beside: Beside | None) -> None:
        self.by, self.size, self.rng, self.progress, self.beside = by, size, Random(seed), progress, beside
        self.done = Woven()
        self.names: dict[UUID, str] = {}
        self.centres: dict[UUID, list[float]] = {}

    def run(self) -> Woven:
        self._territories()
        self._actors()
        self._presences()
        self._write(Tie, self._ties(), self.size.ties)
        self._incidents()
        return self.done

    def _id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def _write(self, model: type[SealedRecord], records: Iterator[SealedRecord], total: int) -> None:
        written = 0
        while batch := list(islice(records, _BATCH)):
            with writing(by=self.by, action="benchmark.weave") as entry:
                written += create_all(model, batch, entry)
            if self.beside:
                self.beside(model, batch)
            if self.progress:
                self.progress(model._meta.label_lower, written, total)

    def _territories(self) -> None:
        """A country, its regions, their municipalities and the places in these, each near the one it lies in."""
        many = self.size.territories
        regions, towns = max(1, min(20, many // 20)), max(1, many // 5)
        levels = (
            ("country", 1),
            ("region", regions),
            ("municipality", towns),
            ("locality", many - towns - regions - 1),
        )
        above: list[UUID] = []
        for depth, (kind, count) in enumerate(levels):
            here = [self._territory(kind, depth, above) for _ in range(max(0, count))]
            self._write(Territory, iter(here), len(here))
            above = [one.pk for one in here] or above
            self.done.territories += [one.pk for one in here]

    def _territory(self, kind: str, depth: int, above: Sequence[UUID]) -> Territory:
        rng, pk = self.rng, self._id()
        parent = above[_skewed(rng, len(above))] if above else None
        lat, lon = self.centres[parent] if parent else (-35.0, -71.0)
        spread = (0.0, 8.0, 1.5, 0.15)[depth]
        centre = [round(lat + rng.uniform(-spread, spread), 5), round(lon + rng.uniform(-spread, spread) / 2, 5)]
        self.centres[pk], self.names[pk] = centre, sayings.place(rng)
        outline = _outline(centre, spread or 10.0) if kind in {"region", "municipality"} else {}
        return Territory(
            id=pk, circle_id=self.by.circle_id, kind=kind, parent_id=parent, name=self.names[pk], centre=centre,
            geometry=outline,
        )  # fmt: skip

    def _actors(self) -> None:
        many = self.size.actors
        aggressors = max(2, many // 1000)
        collectives = max(self.size.rich + 4, many // 25)
        kinds = ["institution"] * aggressors + ["group"] * collectives + ["person"] * (many - aggressors - collectives)
        self._write(Actor, map(self._actor, kinds), len(kinds))
        everybody = self.done.collectives
        self.done.rich, self.done.collectives = everybody[: self.size.rich], everybody[self.size.rich :]

    def _actor(self, kind: str) -> Actor:
        rng, pk = self.rng, self._id()
        where = self.names[rng.choice(self.done.territories)]
        name = sayings.person(rng) if kind == "person" else sayings.collective(rng, where)
        if kind == "institution":
            name = f"{rng.choice(('Brigada', 'Batallón', 'Servicio', 'Bloque'))} {where}"
        elif kind == "group":
            kind = rng.choice(("community", "organisation", "group", "network"))
        {"person": self.done.people, "institution": self.done.aggressors}.get(kind, self.done.collectives).append(pk)
        self.names[pk] = name
        names = [{"text": name, "kind": "usual", "lang": "es"}]
        if rng.random() < 0.15:
            names.append({"text": rng.choice(sayings.GIVEN), "kind": "alias", "lang": "es"})
        return Actor(
            id=pk, circle_id=self.by.circle_id, kind=kind, names=names,
            identities=["campesina"] if rng.random() < 0.3 else [],
            about=sayings.story(rng) if kind != "person" else "",
            size=str(rng.randint(8, 400)) if kind != "person" else "",
            details={"occupation": rng.choice(("docente", "agricultor", "estudiante", "obrera"))},
        )  # fmt: skip

    def _presences(self) -> None:
        everybody = self.done.rich + self.done.collectives + self.done.people
        places = self.done.territories
        rows = (
            Presence(
                id=self._id(), circle_id=self.by.circle_id, actor_id=actor, kind="lives",
                territory_id=places[_skewed(self.rng, len(places))],
            )
            for actor in everybody
            if self.rng.random() < 0.8
        )  # fmt: skip
        self._write(Presence, rows, len(everybody))

    def _ties(self) -> Iterator[Tie]:
        """Rich collectives first, exactly; then membership by preference (a few collectives hold most), and family."""
        rng, done, left = self.rng, self.done, self.size.ties
        for collective in done.rich:
            for other in rng.sample(done.people, min(self.size.rich_ties, len(done.people), left)):
                left -= 1
                yield self._tie(other, collective, "member_of")
        popular = _zipf(len(done.collectives))
        while left > 0:
            one, kind = rng.choice(done.people), "member_of"
            other, dice = done.collectives[popular(rng)], rng.random()
            if dice < 0.12:
                one, kind = rng.choice(done.collectives), rng.choice(("allied_with", "part_of"))
            elif dice < 0.5:
                other, kind = rng.choice(done.people), rng.choice(("family_of", "works_with", "contact_of"))
            elif dice < 0.53:
                kind = "leads"
            if one != other:
                left -= 1
                yield self._tie(one, other, kind)

    def _tie(self, one: UUID, other: UUID, kind: str) -> Tie:
        rng = self.rng
        since = ImpreciseDate.year(rng.randint(1960, 2024)) if rng.random() < 0.4 else None
        return Tie(
            id=self._id(), circle_id=self.by.circle_id, from_actor_id=one, to_actor_id=other, kind=kind,
            strength=rng.choice(("weak", "medium", "medium", "strong")), certainty=rng.choice(("confirmed", "likely")),
            since=since, since_week=since.weeks()[0] if since else None,
            words="según la propia organización" if rng.random() < 0.3 else "",
            source="lista de socios" if rng.random() < 0.3 else "",
        )  # fmt: skip

    def _incidents(self) -> None:
        """The rich collectives get their incidents spread over the years; the others' victims are met by chance."""
        rng, size = self.rng, self.size
        owed = [one for one in self.done.rich for _ in range(size.rich_incidents)][: size.incidents]
        owners: list[UUID | None] = [*owed, *[None] * (size.incidents - len(owed))]
        rng.shuffle(owners)
        popular, dreaded = _zipf(len(self.done.collectives)), _zipf(len(self.done.aggressors))
        for at in range(0, len(owners), _BATCH):
            batch = _Batch()
            for owner in owners[at : at + _BATCH]:
                self._incident(batch, owner, popular, dreaded)
            with writing(by=self.by, action="benchmark.weave") as entry:
                for model, records in batch.all():
                    create_all(model, records, entry)
                    if self.beside:
                        self.beside(model, records)
            if self.progress:
                self.progress("incidents.incident", at + len(batch.incidents), len(owners))

    def _incident(self, batch: _Batch, owner: UUID | None, popular: _Chooser, dreaded: _Chooser) -> None:
        rng, pk = self.rng, self._id()
        when = _when(rng)
        territory = self.done.territories[_skewed(rng, len(self.done.territories))]
        kinds = rng.sample(sayings.ACTS, 1 if rng.random() < 0.8 else 2)
        people = rng.sample(self.done.people, 1 + min(4, _skewed(rng, 6)))
        title = sayings.deed(kinds[0], self.names[owner or people[0]], self.names[territory])
        circle = self.by.circle_id
        batch.incidents.append(
            Incident(
                id=pk, circle_id=circle, territory_id=territory, title=title, summary=sayings.story(rng), when=when,
                week_from=when.weeks()[0], week_to=when.weeks()[1],
                verification=rng.choice(("unverified", "likely", "confirmed")),
            )
        )  # fmt: skip
        self.done.incidents.append(pk)
        groups = [owner] if owner else [self.done.collectives[popular(rng)]] if rng.random() < 0.3 else []
        alleged = {self.done.aggressors[dreaded(rng)] for _ in range(1 if rng.random() < 0.8 else 2)}
        for position, kind in enumerate(kinds, start=1):
            act = Act(id=self._id(), circle_id=circle, incident_id=pk, position=position, kind=kind, means="firearm")
            batch.acts.append(act)
            suffered = [*groups, *people] if position == 1 else people[:1]
            batch.victims += [
                Victim(id=self._id(), circle_id=circle, act_id=act.pk, actor_id=one) for one in dict.fromkeys(suffered)
            ]
            batch.perpetrators += [
                Perpetrator(id=self._id(), circle_id=circle, act_id=act.pk, actor_id=one) for one in sorted(alleged)
            ]
        self._told(batch, pk, territory)

    def _told(self, batch: _Batch, incident: UUID, territory: UUID) -> None:
        rng, circle, (lat, lon) = self.rng, self.by.circle_id, self.centres[territory]
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            name, kind = rng.choice((("Vicaría", "organisation"), ("Prensa local", "press"), ("Familia", "family")))
            batch.sources.append(
                Source(
                    id=self._id(), circle_id=circle, incident_id=incident, kind=kind, name=name,
                    reliability=rng.choice(("highly_reliable", "likely_reliable", "unsure")),
                    reference=f"expediente {rng.randint(1, 9999)}",
                )
            )  # fmt: skip
        point = [round(lat + rng.uniform(-0.05, 0.05), 5), round(lon + rng.uniform(-0.05, 0.05), 5)]
        batch.places.append(
            Place(
                id=self._id(), circle_id=circle, incident_id=incident, kind="public", precision="near", point=point,
                words=f"cerca de {self.names[territory]}",
            )
        )  # fmt: skip


@dataclass
class _Batch:
    """Incidents with all their parts, written together."""

    incidents: list[Incident] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    victims: list[Victim] = field(default_factory=list)
    perpetrators: list[Perpetrator] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def all(self) -> list[tuple[type[SealedRecord], Sequence[SealedRecord]]]:
        """Return the records by model, those that others point at first."""
        return [
            (Incident, self.incidents),
            (Act, self.acts),
            (Victim, self.victims),
            (Perpetrator, self.perpetrators),
            (Source, self.sources),
            (Place, self.places),
        ]


_Chooser = Callable[[Random], int]


def weave(
    *, by: By, size: Size, seed: int = 1973, progress: Progress | None = None, beside: Beside | None = None
) -> Woven:
    """Weave a workspace of ``size`` in the name of ``by``, whose keys are in place; return the ids.

    ``beside`` is told every batch as well, to keep the same records elsewhere.
    """
    return _Weaver(by, size, seed, progress, beside).run()


def _skewed(rng: Random, many: int) -> int:
    """Return an index below ``many``, low ones much more often: a density falling as the square root."""
    return min(many - 1, int(many * rng.random() ** 2))


def _zipf(many: int) -> _Chooser:
    """Return a chooser of indices whose frequency falls with rank to the power 0.8, as memberships do."""
    sums = list(accumulate(1 / (rank + 1) ** 0.8 for rank in range(many)))
    return lambda rng: min(many - 1, bisect(sums, rng.random() * sums[-1]))


def _when(rng: Random) -> ImpreciseDate:
    days = (_LAST_DAY - _FIRST_DAY).days
    day = _FIRST_DAY + timedelta(days=int(days * rng.random() ** 0.7))
    dice = rng.random()
    if dice < 0.8:
        return ImpreciseDate.day(day)
    return ImpreciseDate.month(day.year, day.month) if dice < 0.95 else ImpreciseDate.year(day.year)


def _outline(centre: list[float], spread: float) -> dict[str, object]:
    """Return a ring of 24 corners around a point, as GeoJSON."""
    lat, lon = centre
    ring = [
        [
            round(lon + spread / 4 * math.cos(turn * math.pi / 12), 4),
            round(lat + spread / 4 * math.sin(turn * math.pi / 12), 4),
        ]
        for turn in range(24)
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


__all__ = ["Size", "Woven", "weave"]
