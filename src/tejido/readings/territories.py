"""Where territories lie, opened once and held until one of them is written.

The reckoning needs every point at once; opening them for each page would cost more than the page. What is held
stays within the process, for one state of the store and of the file key, and is dropped with either.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Max

from tejido.domain.affectation import TerritoryFact
from tejido.domain.affectation_weights import ASSUMED, Weights
from tejido.domain.places import kilometres
from tejido.domain.ties import FLOOR
from tejido.fabric.models import Territory
from tejido.vault.keyring import FILE_KEY, circle_at_work

_Mark = tuple[UUID, int, int, int]


def farthest(weights: Weights) -> float:
    """Return the kilometres beyond which nearness is fainter than what is told."""
    return weights.near_km * math.log(max(weights.near / FLOOR, 1.0))


@dataclass(frozen=True, slots=True)
class Territories:
    """Every territory of the circle at work, by id as text."""

    facts: Mapping[str, TerritoryFact]
    parts: Mapping[str, tuple[str, ...]]
    _near: dict[tuple[str, float], list[str]] = field(default_factory=dict)

    def wider(self, territory: str) -> list[str]:
        """Return the territories it lies in, the nearest first, itself not."""
        found: list[str] = []
        fact = self.facts.get(territory)
        while fact is not None and fact.parent is not None:
            if fact.parent in found or fact.parent == territory:
                break
            found.append(fact.parent)
            fact = self.facts.get(fact.parent)
        return found

    def within(self, territory: str) -> list[str]:
        """Return the territories that lie in it, at any depth, the nearest first, itself not."""
        found: dict[str, None] = {}
        edge = [territory]
        while edge:
            edge = [part for place in edge for part in self.parts.get(place, ()) if part not in found]
            edge = [part for part in edge if part != territory]
            found.update(dict.fromkeys(edge))
        return list(found)

    def near(self, territory: str, weights: Weights = ASSUMED) -> list[str]:
        """Return the territories whose points lie within ``farthest``, the nearest first; looked for once."""
        key = (territory, farthest(weights))
        known = self._near.get(key)
        if known is None:
            known = self._near[key] = self._nearest(*key)
        return known

    def _nearest(self, territory: str, most: float) -> list[str]:
        here = _point(self.facts.get(territory))
        if here is None:
            return []
        apart = []
        for place, fact in self.facts.items():
            there = _point(fact)
            if there is None or place == territory or abs(there[0] - here[0]) > most / 110:
                continue
            km = kilometres(here, there)
            if km <= most:
                apart.append((km, place))
        return [place for _, place in sorted(apart)]


def _point(fact: TerritoryFact | None) -> tuple[float, float] | None:
    if fact is None or fact.lat is None or fact.lon is None:
        return None
    return fact.lat, fact.lon


_held: dict[UUID, tuple[_Mark, Territories]] = {}
_lock = threading.Lock()
FILE_KEY.when_dropped(_held.clear)


def known_territories() -> Territories:
    """Return the territories as they stand now: one query when nothing was written since, else two."""
    circle = circle_at_work()
    state = Territory.objects.filter(circle_id=circle).aggregate(last=Max("stamp"), many=Count("id"))
    mark = (circle, state["last"] or 0, state["many"], FILE_KEY.generation)
    with _lock:
        held = _held.get(circle)
        if held is None or held[0] != mark:
            held = _held[circle] = (mark, _opened(circle))
        return held[1]


def _opened(circle: UUID) -> Territories:
    facts: dict[str, TerritoryFact] = {}
    parts: dict[str, list[str]] = {}
    columns = ("id", "circle_id", "parent_id", "revision", "centre")
    for one in Territory.objects.filter(circle_id=circle).only(*columns).order_by("id"):
        lat, lon = one.centre if len(one.centre) == 2 else (None, None)
        parent = None if one.parent_id is None else str(one.parent_id)
        name = str(one.pk)
        facts[name] = TerritoryFact(name, parent, lat, lon)
        if parent is not None:
            parts.setdefault(parent, []).append(name)
    return Territories(facts, {place: tuple(inner) for place, inner in parts.items()})
