"""Reading GeoJSON that others wrote, and measuring or blurring it.

Coordinates are WGS 84 degrees, longitude first, as RFC 7946 has it. What comes in is checked here once:
only the geometry types we know, finite numbers, longitudes and latitudes in range, closed rings, bounded
size and depth. Sentences name the feature by its position in the file, never by its content, which may be
sealed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import shapely
from shapely.geometry import box, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

#: A GeoJSON geometry: ``type`` and ``coordinates``, or ``geometries`` of a collection.
Geometry = Mapping[str, object]

#: The largest file read, in bytes, and the most positions in it.
MOST_BYTES = 20_000_000
MOST_POSITIONS = 1_000_000
#: Kilometres in one degree of a great circle (mean Earth radius of 6371.0088 km, IUGG).
KM_PER_DEGREE = 111.195

_EARTH_KM = 6371.0088
_MOST_CELLS = 4000
#: How many lists deep the coordinates of each type lie above a position.
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


@dataclass(frozen=True)
class Feature:
    """One feature of a file. ``geometry`` is ``None`` where the file says it has no known place."""

    properties: Mapping[str, object]
    geometry: Geometry | None


def read_geojson(source: str | bytes) -> list[Feature]:
    """Return the features of a GeoJSON document: a collection, one feature or a bare geometry.

    Tolerates a byte-order mark, foreign members and heights (dropped). ``BadInput`` names the first
    feature, by its number in the file, that cannot be used, and why.
    """
    document = _object(_parsed(source))
    kind = document.get("type")
    if kind == "FeatureCollection":
        members = document.get("features")
        if not isinstance(members, list):
            raise BadInput(N_("The map file has no list of features. Nothing was changed."))
    elif kind == "Feature":
        members = [document]
    else:
        members = [{"type": "Feature", "properties": {}, "geometry": document}]
    budget = _Budget(MOST_POSITIONS)
    return [_feature(member, place, budget) for place, member in enumerate(members, start=1)]


def check_geometry(geometry: Geometry) -> Geometry:
    """Return ``geometry`` in a tidy form, or raise ``BadInput`` if it cannot be drawn (see ``shape_of``)."""
    tidy = _geometry(geometry, _Budget(MOST_POSITIONS), 1, 0)
    shape_of(tidy)
    return tidy


def shape_of(geometry: Geometry) -> BaseGeometry:
    """Return the shapely shape; ``BadInput`` if of an unknown type, empty, or crossing itself."""
    found = shape(_geometry(geometry, _Budget(MOST_POSITIONS), 1, 0))
    if found.is_empty:
        raise BadInput(N_("This place has no outline: it is empty. Nothing was changed; please draw it again."))
    if not found.is_valid:
        raise BadInput(
            N_("The outline of this place crosses itself. Nothing was changed; please correct it and try again.")
        )
    return found


def centre_of(geometry: Geometry) -> tuple[float, float]:
    """Return a point that stands for the geometry and lies in it, as latitude and longitude in degrees."""
    point = shape_of(geometry).representative_point()
    return float(point.y), float(point.x)


def kilometres_across(geometry: Geometry) -> float:
    """Return the greatest distance between two points of the geometry, in km (0 for a point)."""
    hull = shape_of(geometry).convex_hull
    corners = list(shapely.get_coordinates(hull))
    if len(corners) > 200:
        corners = corners[:: len(corners) // 100]
    return max((distance_km(a[1], a[0], b[1], b[0]) for a, b in combinations(corners, 2)), default=0.0)


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance in km (haversine formula, on a sphere)."""
    up, along = math.radians(lat_b - lat_a) / 2, math.radians(lon_b - lon_a) / 2
    chord = math.sin(up) ** 2 + math.cos(math.radians(lat_a)) * math.cos(math.radians(lat_b)) * math.sin(along) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def coarse_geometry(geometry: Geometry, km: float) -> Geometry:
    """Return where the geometry lies, no finer than about ``km``: the cells of a fixed grid that it touches.

    The grid does not depend on the geometry, so asking again, or for neighbours, reveals nothing more. A geometry
    much larger than the cells gets cells twice, four times… as large. ``km`` must be above 0.
    """
    if not km > 0:
        raise ValueError("A coarse geometry needs a size in kilometres.")
    found = shape_of(geometry)
    west, south, east, north = (float(edge) for edge in found.bounds)
    high = km / KM_PER_DEGREE
    while ((east - west) / high + 1) * ((north - south) / high + 1) > _MOST_CELLS:
        high *= 2
    cells = [cell for cell in _cells(west, south, east, north, high) if cell.intersects(found)]
    tidy: Geometry = mapping(unary_union(cells))
    return _geometry(tidy, _Budget(MOST_POSITIONS), 1, 0)


def _cells(west: float, south: float, east: float, north: float, high: float) -> Iterator[BaseGeometry]:
    """Yield the cells of the grid within the bounds; each row has cells about as wide as high."""
    for row in range(math.floor(south / high), math.floor(north / high) + 1):
        low, top = max(-90.0, row * high), min(90.0, (row + 1) * high)
        wide = high / max(0.05, math.cos(math.radians((low + top) / 2)))
        for column in range(math.floor(west / wide), math.floor(east / wide) + 1):
            left, right = max(-180.0, column * wide), min(180.0, (column + 1) * wide)
            if left < right and low < top:
                yield box(left, low, right, top)


class _Budget:
    """How many positions may still be read."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise BadInput(N_("The map file holds too many points. Nothing was changed; please simplify it."))


def _parsed(source: str | bytes) -> object:
    if len(source) > MOST_BYTES:
        raise BadInput(N_("The map file is too large. Nothing was changed; please simplify it or cut it in parts."))
    try:
        words = source.decode("utf-8-sig") if isinstance(source, bytes) else source.removeprefix("\ufeff")
        found: object = json.loads(words, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as mistake:
        raise BadInput(N_("The map file is not GeoJSON that can be read. Nothing was changed.")) from mistake
    return found


def _refuse_constant(_name: str) -> object:
    raise ValueError("JSON has no such number.")


def _object(found: object) -> dict[str, object]:
    if not isinstance(found, dict):
        raise BadInput(N_("The map file is not GeoJSON that can be read. Nothing was changed."))
    return found


def _feature(member: object, place: int, budget: _Budget) -> Feature:
    if not isinstance(member, dict) or member.get("type") != "Feature":
        raise BadInput(N_("Item {number} of the map file is not a feature. Nothing was changed."), number=place)
    properties = member.get("properties")
    geometry = member.get("geometry")
    tidy = None if geometry is None else _geometry(geometry, budget, place, 0)
    return Feature(properties if isinstance(properties, dict) else {}, tidy)


def _geometry(found: object, budget: _Budget, place: int, nested: int) -> Geometry:
    if not isinstance(found, Mapping):
        raise _unusable(place)
    kind = found.get("type")
    if kind == "GeometryCollection" and nested < 2:
        parts = found.get("geometries")
        if not isinstance(parts, list | tuple):
            raise _unusable(place)
        return {"type": kind, "geometries": [_geometry(part, budget, place, nested + 1) for part in parts]}
    if not isinstance(kind, str) or kind not in _DEPTHS:
        raise BadInput(
            N_("Feature {number} of the map is of a kind that cannot be drawn. Nothing was changed."),
            number=place,
        )
    coordinates = _nested(found.get("coordinates"), _DEPTHS[kind], budget, place)
    _check_lines(kind, coordinates, place)
    return {"type": kind, "coordinates": coordinates}


def _nested(found: object, depth: int, budget: _Budget, place: int) -> list[object]:
    if not isinstance(found, list | tuple):
        raise _unusable(place)
    if depth:
        return [_nested(part, depth - 1, budget, place) for part in found]
    budget.take()
    return list(_position(found, place))


def _position(found: Sequence[object], place: int) -> tuple[float, float]:
    if not 2 <= len(found) <= 4:
        raise _unusable(place)
    lon, lat = found[0], found[1]
    for value in (lon, lat):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _unusable(place)
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # type: ignore[arg-type]  # also refuses NaN and infinity
        raise BadInput(
            N_(
                "Feature {number} of the map lies outside the world: degrees are expected, longitude first. "
                "Nothing was changed."
            ),
            number=place,
        )
    return float(lon), float(lat)  # type: ignore[arg-type]


def _check_lines(kind: str, coordinates: list[object], place: int) -> None:
    """Refuse lines of one point and rings that are not closed."""
    lines: list[list[object]] = []
    if kind in ("LineString", "MultiLineString"):
        lines = [coordinates] if kind == "LineString" else coordinates  # type: ignore[assignment]
        if any(len(line) < 2 for line in lines):
            raise _unusable(place)
    elif kind in ("Polygon", "MultiPolygon"):
        outlines = [coordinates] if kind == "Polygon" else coordinates
        for ring in (ring for outline in outlines for ring in outline):  # type: ignore[attr-defined]
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise BadInput(
                    N_("The outline of feature {number} of the map is not closed. Nothing was changed."),
                    number=place,
                )


def _unusable(place: int) -> BadInput:
    return BadInput(N_("Feature {number} of the map has no usable coordinates. Nothing was changed."), number=place)
