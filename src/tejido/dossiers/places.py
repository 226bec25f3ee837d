"""Places as they may be shown: never finer than the territory allows, hidden ones not at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
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
#: The most marks of incidents on one map.
MOST_MARKS: Final = 24


@dataclass(frozen=True, slots=True)
class Shown:
    """A point as it may be shown, and how wide the doubt is in kilometres."""

    lat: float
    lon: float
    km: float


def shown_point(point: list[float], shown: str, precision: str = "exact", *, wider: int = 1) -> Shown | None:
    """Return the point no finer than ``shown`` and no surer than it is known; nothing when it is hidden or unknown.

    ``wider`` makes the cell so many times as wide.
    """
    if len(point) != 2 or shown == HIDDEN:
        return None
    allowed, known = _kilometres(shown, precision)
    if wider > 1:
        allowed = (allowed or 1.0) * wider
    lat, lon = (coarse(point[0], point[1], allowed)) if allowed else (point[0], point[1])
    return Shown(lat, lon, max(allowed or 0.0, known or 0.0))


@cache
def _kilometres(shown: str, precision: str) -> tuple[float | None, float | None]:
    """Return how wide a cell must be, and how well a place of ``precision`` is known."""
    allowed = vocabulary("coarseness").term(shown).number("km") if shown in vocabulary("coarseness") else 5.0
    known = vocabulary("place_precisions").term(precision).number("km") if precision in _PRECISIONS else 0.0
    return allowed, known


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
    """Return places of incidents, those of one cell as one mark with their number; each with how it may be shown.

    Cells grow until at most ``MOST_MARKS`` are left: a map, and the table beside it, of hundreds tells nobody more.
    """
    known = [(place, shown or USUAL) for place, shown in places]
    cells: Mapping[Shown, list[Place]] = {}
    for wider in (1, 2, 4, 8, 16, 32, 64):
        cells = _cells(known, wider, most=MOST_MARKS if wider < 64 else len(known))
        if len(cells) <= MOST_MARKS:
            break
    return [_mark(at, here) for at, here in sorted(cells.items(), key=lambda pair: -len(pair[1]))]


def _cells(places: Iterable[tuple[Place, str]], wider: int, *, most: int) -> Mapping[Shown, list[Place]]:
    """Return the places by cell; no further ones once there are more cells than ``most``."""
    cells: defaultdict[Shown, list[Place]] = defaultdict(list)
    for place, shown in places:
        at = shown_point(place.point, shown, place.precision, wider=wider)
        if at is not None:
            cells[at].append(place)
            if len(cells) > most:
                break
    return cells


def _mark(at: Shown, here: list[Place]) -> MapPlace:
    words = Counter(place.words for place in here if place.words).most_common(1)
    label = words[0][0] if words else ngettext("{n} place", "{n} places", len(here)).format(n=len(here))
    return MapPlace(str(here[0].pk), label[:60], at.lat, at.lon, at.km or None, len(here))
