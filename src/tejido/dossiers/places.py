"""Places as they may be shown: never finer than the territory allows, hidden ones not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import ngettext

from tejido.domain.places import coarse
from tejido.dossiers.ways import territory_way
from tejido.drawing.maps import MapPlace
from tejido.fabric.models import Territory
from tejido.incidents.models import Place
from tejido.vocabularies import vocabulary

#: How coarsely a place is shown where no territory says it.
USUAL: Final = "km_5"
HIDDEN: Final = "hidden"


@dataclass(frozen=True, slots=True)
class Shown:
    """A point as it may be shown, and how wide the doubt is in kilometres."""

    lat: float
    lon: float
    km: float


def shown_point(point: list[float], shown: str, precision: str = "exact") -> Shown | None:
    """Return the point no finer than ``shown`` and no surer than it is known; nothing when it is hidden or unknown."""
    if len(point) != 2 or shown == HIDDEN:
        return None
    allowed = vocabulary("coarseness").term(shown).number("km") if shown in vocabulary("coarseness") else 5.0
    known = vocabulary("place_precisions").term(precision).number("km") if precision in _PRECISIONS else 0.0
    lat, lon = (coarse(point[0], point[1], allowed)) if allowed else (point[0], point[1])
    return Shown(lat, lon, max(allowed or 0.0, known or 0.0))


_PRECISIONS: Final = frozenset(vocabulary("place_precisions").codes)


def territory_places(territories: Iterable[Territory]) -> list[MapPlace]:
    """Return territories as marks of a map."""
    found = []
    for one in territories:
        at = shown_point(one.centre, one.shown)
        if at is not None:
            found.append(
                MapPlace(
                    str(one.pk), one.name, at.lat, at.lon, at.km or None, kind="territory", href=territory_way(one.pk)
                )
            )
    return found


def incident_places(places: Iterable[tuple[Place, str]]) -> list[MapPlace]:
    """Return places of incidents, those of one cell as one mark with their number; each with how it may be shown."""
    cells: defaultdict[Shown, list[Place]] = defaultdict(list)
    for place, shown in places:
        at = shown_point(place.point, shown or USUAL, place.precision)
        if at is not None:
            cells[at].append(place)
    found = []
    for at, here in cells.items():
        label = here[0].words or ngettext("{n} place", "{n} places", len(here)).format(n=len(here))
        found.append(MapPlace(str(here[0].pk), label, at.lat, at.lon, at.km or None, len(here)))
    return found
