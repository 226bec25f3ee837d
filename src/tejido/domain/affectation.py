"""Whom an incident touches, and why: the first rule.

An attack on one lands on everyone tied to them. Four relations carry it: being the victim; a chain of ties to
a victim (shared collectives among them); living where it happened or near; and having been attacked by the
same aggressor. Each gives a strength from 0 to 1; they are combined so that one more reason never lowers it.
All numbers are assumed until records taught others: they stand in ``affectation_weights`` and in
``tejido.domain.ties``, and are given to the rule as ``weights``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tejido.domain import affectation_words
from tejido.domain.affectation_weights import ASSUMED, STEP_SHARE, Weights
from tejido.domain.places import kilometres
from tejido.domain.ties import FLOOR, TIE_WEIGHTS, Chain, Hop, TieFact, TieWeight, Weave
from tejido.domain.words import ENGLISH, Words

__all__ = [
    "FLOOR", "TIE_WEIGHTS", "Affected", "Chain", "Hop", "IncidentFact", "Path", "PresenceFact", "Reckoned",
    "TerritoryFact", "TieFact", "TieWeight", "Weave", "affected_by", "band", "chained", "combined",
    "path_sentence", "reckoned", "sentences", "tied_how", "touching",
]  # fmt: skip

Relation = Literal["victim", "tie", "territory", "aggressor"]
Band = Literal["strong", "medium", "slight"]


@dataclass(frozen=True, slots=True)
class IncidentFact:
    """What the rule needs of an incident: who, by whom, where, and the days it may have been."""

    incident: str
    victims: frozenset[str]
    perpetrators: frozenset[str]
    territory: str | None
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class PresenceFact:
    """An actor lives, works or belongs in a territory."""

    actor: str
    territory: str


@dataclass(frozen=True, slots=True)
class TerritoryFact:
    """A territory, the wider one it lies in, and a point in degrees if one is known."""

    territory: str
    parent: str | None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """One reason why an actor is touched.

    ``days`` (aggressor): from this incident to the other, negative when the other came first, 0 when they may
    have been at the same time. ``km`` (territory): 0 for the very place, a distance for a place near by,
    ``None`` for a wider or narrower place.
    """

    relation: Relation
    strength: float
    hops: tuple[Hop, ...] = ()
    other_incident: str | None = None
    days: int | None = None
    km: float | None = None
    territory: str | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """An actor an incident touches: how strongly (0 to 1) and by which paths, strongest first."""

    actor: str
    strength: float
    paths: tuple[Path, ...]


def affected_by(
    incident: IncidentFact,
    *,
    ties: Iterable[TieFact] | Weave,
    presences: Iterable[PresenceFact] = (),
    territories: Iterable[TerritoryFact] = (),
    others: Iterable[IncidentFact] = (),
    today: date,
    reach: int = 3,
    weights: Weights = ASSUMED,
) -> list[Affected]:
    """Return whom the incident touches, strongest first, then by id.

    Ties that did not hold at the time carry nothing. Alleged perpetrators are not touched by their own act,
    nor does harm pass through them, unless they were victims too. ``others`` are further incidents, for the
    pattern of the same aggressor; those still to come on ``today`` are left out. Pass a ``Weave`` as ``ties``
    to ask about several incidents without laying the ties out each time; it keeps the weights of its ties. Every path
    is at least ``FLOOR``.
    """
    found = reckoned(
        incident, ties=ties, presences=presences, territories=territories, others=others, today=today, reach=reach,
        weights=weights,
    )  # fmt: skip
    return sorted(map(found.told, found.strengths), key=lambda one: (-one.strength, one.actor))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Whom an incident touches, before the reasons are written out: of hundreds touched, a page tells a few.

    ``strengths`` are those of ``Affected``, to the rounding of floating numbers.
    """

    strengths: Mapping[str, float]
    victims: frozenset[str]
    chains: Mapping[str, Chain]
    others: Mapping[str, tuple[Path, ...]]

    def told(self, actor: str) -> Affected:
        """Return one of those in ``strengths`` with every reason."""
        paths = [Path("victim", 1.0)] if actor in self.victims else []
        chain = self.chains.get(actor)
        if chain is not None:
            paths.append(Path("tie", chain.strength, chain.hops))
        paths.extend(self.others.get(actor, ()))
        paths.sort(key=lambda path: (-path.strength, path.relation))
        return Affected(actor, combined([path.strength for path in paths]), tuple(paths))


def reckoned(
    incident: IncidentFact,
    *,
    ties: Iterable[TieFact] | Weave,
    presences: Iterable[PresenceFact] = (),
    territories: Iterable[TerritoryFact] = (),
    others: Iterable[IncidentFact] = (),
    today: date,
    reach: int = 3,
    weights: Weights = ASSUMED,
) -> Reckoned:
    """Return the same as ``affected_by``, each actor's reasons to be told when they are wanted."""
    authors = incident.perpetrators - incident.victims
    during = (incident.start, max(incident.start, min(incident.end, today)))
    chains = Weave.of(ties, weights.ties).strongest(incident.victims, reach=reach, during=during, without=authors)
    missed = {actor: 1.0 - chain.strength for actor, chain in chains.items()}
    missed.update(dict.fromkeys(incident.victims, 0.0))
    beside: dict[str, tuple[Path, ...]] = {}
    for found in (
        _by_territory(incident, presences, territories, weights),
        _by_aggressor(incident, others, today, weights),
    ):
        for actor, path in found.items():
            if path.strength >= FLOOR and actor not in authors:
                beside[actor] = (*beside.get(actor, ()), path)
                missed[actor] = missed.get(actor, 1.0) * (1.0 - path.strength)
    return Reckoned({actor: 1.0 - left for actor, left in missed.items()}, incident.victims, chains, beside)


def combined(strengths: Sequence[float]) -> float:
    """Return the joint strength of several reasons, 1 - Π(1 - s): the "noisy or" of Pearl (1988, 4.3)."""
    return 1.0 - math.prod(1.0 - strength for strength in strengths)


def touching(
    actor: str,
    *,
    ties: Iterable[TieFact] | Weave,
    reach: int = 2,
    on: date | None = None,
    among: Collection[str] | None = None,
) -> dict[str, Path]:
    """Return who touches ``actor`` if attacked, and by which chain of ties (from the attacked to ``actor``).

    With ``on``, only ties that may have held on that day count; ``among`` names the only ones asked about.
    """
    chains = chained(actor, ties=ties, reach=reach, on=on, among=among)
    return {other: Path("tie", chain.strength, chain.hops) for other, chain in sorted(chains.items())}


def chained(
    actor: str,
    *,
    ties: Iterable[TieFact] | Weave,
    reach: int = 2,
    on: date | None = None,
    among: Collection[str] | None = None,
) -> dict[str, Chain]:
    """Return the same as ``touching`` as chains, whose steps are made when they are asked for."""
    during = None if on is None else (on, on)
    return Weave.of(ties).strongest([actor], reach=reach, during=during, towards=True, among=among)


def _by_territory(
    incident: IncidentFact, presences: Iterable[PresenceFact], territories: Iterable[TerritoryFact], weights: Weights
) -> dict[str, Path]:
    if incident.territory is None:
        return {}
    known = {territory.territory: territory for territory in territories}
    here = incident.territory
    seen: dict[str, Path | None] = {}
    best: dict[str, Path] = {}
    for presence in presences:
        place = presence.territory
        if place not in seen:
            seen[place] = _place_path(here, place, known, weights)
        path, so_far = seen[place], best.get(presence.actor)
        if path is not None and (so_far is None or _place_rank(path) < _place_rank(so_far)):
            best[presence.actor] = path
    return best


def _place_rank(path: Path) -> tuple[float, str]:
    return -path.strength, path.territory or ""


def _place_path(here: str, place: str, known: Mapping[str, TerritoryFact], weights: Weights) -> Path | None:
    """Return the stronger of being within one another and being near; nothing when both are too faint."""
    if here == place:
        return Path("territory", weights.territory, km=0.0, territory=place)
    found: list[Path] = []
    for inner, outer in ((here, place), (place, here)):
        steps = _steps_up(inner, outer, known)
        if steps is not None:
            found.append(Path("territory", weights.territory * STEP_SHARE**steps, territory=place))
    one, other = known.get(here), known.get(place)
    if one and other and None not in (one.lat, one.lon, other.lat, other.lon) and not found:
        km = kilometres((one.lat or 0.0, one.lon or 0.0), (other.lat or 0.0, other.lon or 0.0))
        near = weights.near * math.exp(-km / weights.near_km)
        found.append(Path("territory", near, km=km, territory=place))
    return min((path for path in found if path.strength >= FLOOR), key=_place_rank, default=None)


def _steps_up(inner: str, outer: str, known: Mapping[str, TerritoryFact]) -> int | None:
    """Return how many steps up lead from ``inner`` to ``outer``; nothing when none do, also in a circle."""
    walked: set[str] = set()
    place: str | None = inner
    while place is not None and place not in walked:
        if place == outer:
            return len(walked)
        walked.add(place)
        fact = known.get(place)
        place = fact.parent if fact else None
    return None


def _by_aggressor(
    incident: IncidentFact, others: Iterable[IncidentFact], today: date, weights: Weights
) -> dict[str, Path]:
    best: dict[str, Path] = {}
    for other in others:
        if other.incident == incident.incident or other.start > today:
            continue
        if incident.perpetrators.isdisjoint(other.perpetrators):
            continue
        days = _days_from(incident, other)
        strength = weights.aggressor * 0.5 ** (abs(days) / weights.half_life_days)
        path = Path("aggressor", strength, other_incident=other.incident, days=days)
        for victim in other.victims:
            so_far = best.get(victim)
            if so_far is None or _aggressor_rank(path) < _aggressor_rank(so_far):
                best[victim] = path
    return best


def _aggressor_rank(path: Path) -> tuple[float, int, str]:
    return -path.strength, path.days or 0, path.other_incident or ""


def _days_from(incident: IncidentFact, other: IncidentFact) -> int:
    """Return the fewest days from the incident to the other; negative when the other came first."""
    if other.start > incident.end:
        return (other.start - incident.end).days
    if other.end < incident.start:
        return (other.end - incident.start).days
    return 0


def band(strength: float) -> Band:
    """Return the word for a strength: strong from 0.5, medium from 0.2, slight below. Assumed bounds."""
    return "strong" if strength >= 0.5 else "medium" if strength >= 0.2 else "slight"


def sentences(
    affected: Affected,
    *,
    names: Mapping[str, str],
    kinds: Mapping[str, str],
    words: Words = ENGLISH,
    lang: str = "en",
) -> list[str]:
    """Return each path of an affected actor in plain words that follow its name; never empty.

    ``names`` and ``kinds`` give the name and the kind code of actors by id; who is missing is called
    somebody.
    """
    return [path_sentence(path, names=names, kinds=kinds, words=words, lang=lang) for path in affected.paths]


def path_sentence(
    path: Path,
    *,
    names: Mapping[str, str],
    kinds: Mapping[str, str],
    words: Words = ENGLISH,
    lang: str = "en",
) -> str:
    """Return one path in plain words, such as ``belongs to the same organisation as …, attacked here``."""
    if path.relation == "tie":
        reason = tied_how(path, names=names, kinds=kinds, words=words)
        return words.gettext("{reason}, attacked here").format(reason=reason)
    if path.relation == "aggressor":
        return affectation_words.aggressor_sentence(path.days or 0, words)
    if path.relation == "territory":
        return affectation_words.territory_sentence(path.km, words, lang)
    return words.gettext("suffered this attack directly")


def tied_how(path: Path, *, names: Mapping[str, str], kinds: Mapping[str, str], words: Words = ENGLISH) -> str:
    """Return how a path of ties leads to the one attacked, such as ``belongs to the same group (…) as …``."""
    return affectation_words.chain_words(path.hops, names=names, kinds=kinds, words=words)
