"""Whom an incident touches, and what happened around an actor: records in, the rule's answers out, with their why.

The facts are walked breadth first over the clear columns that are held, within bounds; what the bounds left out
is said. Only what is shown is opened: names, and the exact days of the incidents it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from tejido.domain.affectation import (
    Affected,
    Band,
    IncidentFact,
    Path,
    PresenceFact,
    Reckoned,
    TerritoryFact,
    band,
    path_sentence,
    reckoned,
)
from tejido.domain.affectation_weights import Basis, LearnedWeight, Weights
from tejido.domain.errors import NotFound
from tejido.domain.words import ENGLISH, Words
from tejido.fabric.kinds import OTHERS_BELONG
from tejido.incidents.models import Incident
from tejido.readings.frames import frames
from tejido.readings.naming import called, spoken_of
from tejido.readings.struck import fact_of_incident, others_by
from tejido.readings.territories import Territories, known_territories
from tejido.readings.weaving import woven_around
from tejido.readings.weights import weights_now
from tejido.vault.keyring import circle_at_work

#: How many actors of the places near by are taken in, collectives first.
MOST_PRESENCES: Final = 400
MOST_PLACES: Final = 200

TIES: Final = "ties"
PRESENCES: Final = "presences"
AGGRESSORS: Final = "aggressors"


@dataclass(frozen=True, slots=True)
class Because:
    """One reason in a sentence, along which ``relation``, whether its weight is learned or assumed, and how sure.

    ``learned``: what was learned of the relations it runs along.
    """

    sentence: str
    relation: str
    basis: Basis
    learned: tuple[LearnedWeight, ...]


@dataclass(frozen=True, slots=True)
class TouchedRow:
    """One actor an incident touches: ``strength`` from 0 to 1, ``band`` its word, a sentence for each reason."""

    actor: UUID
    name: str
    kind: str
    strength: float
    band: Band
    because: tuple[Because, ...]
    is_collective: bool
    is_victim: bool

    @property
    def sentences(self) -> tuple[str, ...]:
        """The reasons, strongest first."""
        return tuple(one.sentence for one in self.because)

    @property
    def basis(self) -> Basis:
        """Whether the strongest reason that is not the harm itself is learned or assumed."""
        return next((one.basis for one in self.because if one.relation != "victim"), "assumed")


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom an incident touches, strongest first; of equal strength, collectives first.

    ``total`` counts all who are touched, also those not among ``rows``. ``left_out`` names what was bounded and
    so not wholly looked through: ``ties``, ``presences``, ``aggressors``.
    """

    rows: tuple[TouchedRow, ...]
    total: int
    collectives: int
    left_out: tuple[str, ...]


def touched_by(
    incident_id: UUID, *, today: date, lang: str = "en", words: Words = ENGLISH, limit: int | None = None
) -> Touched:
    """Return whom the incident touches and why; at most ``limit`` rows. ``NotFound`` if there is no such incident."""
    incident = Incident.objects.filter(pk=incident_id, circle_id=circle_at_work()).first()
    if incident is None:
        raise NotFound
    return touched_by_incident(incident, today=today, lang=lang, words=words, limit=limit)


def touched_by_incident(
    incident: Incident,
    *,
    today: date,
    lang: str = "en",
    words: Words = ENGLISH,
    limit: int | None = None,
    victims: int | None = None,
) -> Touched:
    """Return the same of an incident at hand; at most so many ``victims``, so that others are seen beside them."""
    case = frames().cases[str(incident.pk)]
    fact = fact_of_incident(incident, case, today)
    weights = weights_now()
    woven = woven_around(case.victims, reach=weights.reach)
    presences, places, more_present = _presences(case.territory, weights)
    others, more_acts = others_by(case, weights)
    found = reckoned(
        fact, ties=woven.weave(weights), presences=presences, territories=places, others=others, today=today,
        reach=weights.reach, weights=weights,
    )  # fmt: skip
    cut = {TIES: woven.cut, PRESENCES: more_present, AGGRESSORS: more_acts}
    left = tuple(name for name, was in cut.items() if was)
    return _told(found, fact, Bounds(limit, victims, left), weights, words=words, lang=lang)


@dataclass(frozen=True, slots=True)
class Bounds:
    """At most how many rows and victims are told, and what was not wholly looked through."""

    rows: int | None
    victims: int | None
    left_out: tuple[str, ...]


def _ranked(found: Reckoned) -> tuple[list[str], set[str]]:
    """Return all touched, the strongest first, of equal strength collectives first; and which are collectives."""
    kinds = frames().kinds
    collective = {one for one in found.strengths if kinds.get(one) in OTHERS_BELONG}
    ranks = sorted((-round(strength, 6), one not in collective, one) for one, strength in found.strengths.items())
    return [one for _, _, one in ranks], collective


def _told(
    found: Reckoned, fact: IncidentFact, bounds: Bounds, weights: Weights, *, words: Words, lang: str
) -> Touched:
    ranked, collective = _ranked(found)
    struck = [one for one in ranked if one in fact.victims]
    beyond = set(struck[bounds.victims :]) if bounds.victims is not None else set()
    told = [found.told(one) for one in [one for one in ranked if one not in beyond][: bounds.rows]]
    shown = _exact(told, fact)
    spoken = spoken_of(path for one in shown for path in one.paths) | {UUID(one.actor) for one in shown}
    people = called(spoken, words)
    names = {actor: one.name for actor, one in people.items()}
    codes = {actor: one.kind for actor, one in people.items()}
    rows = tuple(
        TouchedRow(
            actor=UUID(one.actor),
            name=names.get(one.actor, ""),
            kind=codes.get(one.actor, "unknown"),
            strength=one.strength,
            band=band(one.strength),
            because=because_of(one, weights, names=names, kinds=codes, words=words, lang=lang),
            is_collective=one.actor in collective,
            is_victim=one.actor in fact.victims,
        )
        for one in shown
    )
    return Touched(rows, len(ranked), len(collective), bounds.left_out)


def because_of(
    affected: Affected,
    weights: Weights,
    *,
    names: Mapping[str, str],
    kinds: Mapping[str, str],
    words: Words,
    lang: str,
) -> tuple[Because, ...]:
    """Return the reasons of one who is affected, each sentence once, with what its weight rests on."""
    found: dict[str, Because] = {}
    for path in affected.paths:
        said = path_sentence(path, names=names, kinds=kinds, words=words, lang=lang)
        basis, learned = weights.basis(path.relation, path.hops), weights.sureness(path.relation, path.hops)
        found.setdefault(said, Because(said, path.relation, basis, learned))
    return tuple(found.values())


def _presences(territory: str | None, weights: Weights) -> tuple[list[PresenceFact], list[TerritoryFact], bool]:
    """Return who lives, works or belongs in the place, the wider and narrower ones and those near by."""
    if territory is None:
        return [], [], False
    known, held = known_territories(), frames()
    places = _places_around(territory, known, weights)
    here = [(actor, place) for place in places for actor in list(held.present.get(place, {}).values())]
    rows = [row for row in here if held.kinds.get(row[0]) in OTHERS_BELONG]
    rows += [row for row in here if held.kinds.get(row[0]) not in OTHERS_BELONG]
    facts = [PresenceFact(actor, place) for actor, place in rows[:MOST_PRESENCES]]
    needed = [known.facts[place] for place in places if place in known.facts]
    return facts, needed, len(rows) > MOST_PRESENCES


def _places_around(territory: str, known: Territories, weights: Weights) -> list[str]:
    around = [territory, *known.wider(territory), *known.within(territory), *known.near(territory, weights)]
    return list(dict.fromkeys(around))[:MOST_PLACES]


def _exact(found: Iterable[Affected], fact: IncidentFact) -> list[Affected]:
    """Put the exact days in place of those reckoned from weeks, in the reasons that will be told.

    Strengths stay as reckoned: a few days move them by less than a hundredth.
    """
    shown = list(found)
    wanted = {UUID(path.other_incident) for one in shown for path in one.paths if path.other_incident}
    if not wanted:
        return shown
    spans: dict[str, tuple[date, date]] = {}
    for other in Incident.objects.filter(pk__in=wanted).only("id", "circle_id", "revision", "when"):
        if other.when is not None:
            spans[str(other.pk)] = (other.when.start, other.when.end)
    return [replace(one, paths=tuple(_on_the_day(path, fact, spans) for path in one.paths)) for one in shown]


def _on_the_day(path: Path, fact: IncidentFact, spans: Mapping[str, tuple[date, date]]) -> Path:
    span = spans.get(path.other_incident or "")
    if span is None:
        return path
    first, last = span
    days = max(0, (first - fact.end).days) or min(0, (last - fact.start).days)
    return replace(path, days=days)
