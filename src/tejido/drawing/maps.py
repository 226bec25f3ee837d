"""Where it happened and where people live: places and areas over the outlines of the countries.

Places that would overlap are merged into one mark with their count. A place known only roughly has a dashed
circle as wide as the doubt. See ``view`` for the projection.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from tejido.drawing.geometry import KM_PER_DEGREE, Geometry, kilometres_across, shape_of
from tejido.drawing.lettering import Box, Mark, Placed, place, wrapped
from tejido.drawing.marks import place_mark
from tejido.drawing.outlines import FINENESS, basemap, relative_path
from tejido.drawing.svg import (
    BRICK,
    INK,
    MOSS,
    QUIET,
    WIDTH,
    Cell,
    Drawing,
    Markup,
    Table,
    clean,
    document,
    element,
    lettering,
    link,
)
from tejido.drawing.view import Bounds, View, view_of

PlaceKind = Literal["incident", "territory", "aggressor"]

_BAR_LEFT, _BAR_MOST = 10, 100
#: Above this many marks, neighbours are merged more widely.
_CROWD = 26
_INSIDE: dict[str, str | float] = {"fill": "#fff", "stroke": "none", "font_size": 12.0, "aria_hidden": "true"}
_WATER, _LAND, _BORDER = "#edf1f2", "#f4ecdd", "#c9b99f"


@dataclass(frozen=True)
class MapPlace:
    """One place in degrees; ``radius_km`` says how roughly it is known, ``weight`` how many it counts for."""

    id: str
    label: str
    lat: float
    lon: float
    radius_km: float | None = None
    weight: int = 1
    kind: PlaceKind = "incident"
    href: str | None = None


@dataclass(frozen=True)
class MapArea:
    """An area with its outline, a GeoJSON geometry."""

    id: str
    label: str
    geometry: Geometry
    href: str | None = None


@dataclass(frozen=True)
class MapLabels:
    """The words of the map, translated.

    ``headers`` name the columns: place, what it is, how many, how exactly known or how large. ``kinds`` names
    the kinds of places, ``area`` an area. ``several`` names a merged mark from how many more places it holds
    and the heaviest one's name; ``within`` says a distance of doubt and ``across`` a size, both in km.
    """

    title: str
    headers: tuple[str, str, str, str]
    several: Callable[[int, str], str]
    within: Callable[[float], str]
    across: Callable[[float], str]
    kinds: Mapping[PlaceKind, str] = field(default_factory=dict)
    area: str = ""
    description: str = ""


@dataclass(frozen=True)
class _Spot:
    """One mark of the drawing: one place, or several merged ones, the heaviest first, and what they weigh."""

    x: float
    y: float
    places: tuple[MapPlace, ...]
    weight: int

    @property
    def kind(self) -> PlaceKind:
        return self.places[0].kind

    @property
    def reach(self) -> float:
        return _reach(self.weight)


def _reach(weight: int) -> float:
    return float(round(min(6.5 + 1.25 * math.sqrt(weight - 1), 17.0))) if weight > 1 else 6.0


def draw_map(
    places: Sequence[MapPlace],
    areas: Sequence[MapArea] = (),
    *,
    labels: MapLabels,
    merged_href: str | None = None,
    least_km: float | None = None,
    named: int = 8,
) -> Drawing:
    """Return a map that holds all ``places`` and ``areas``.

    Merged marks lead to ``merged_href`` (a list of the places, often the table). At least ``least_km`` are
    shown across: 300 around a lone point, so that a coast or a border tells where it is, else 24. The
    ``named`` heaviest marks get a label where one fits. ``BadInput`` for an area that cannot be drawn,
    ``ValueError`` for a place outside the world.
    """
    shapes = [shape_of(area.geometry) for area in areas]
    table = _table(places, areas, labels)
    if not places and not areas:
        return Drawing("", table)
    if least_km is None:
        least_km = 300.0 if len(places) == 1 and not areas else 24.0
    view = view_of([_bounds(p) for p in places] + [tuple(s.bounds) for s in shapes], least_km=least_km)
    spots = _spots(places, view)
    body = [*_ground(view), *(_area(a, s, view) for a, s in zip(areas, shapes, strict=True))]
    body += [doubt for spot in spots for doubt in _doubt(spot, view)]
    body += _marks(spots, areas, shapes, view, labels, merged_href, named)
    body.append(_scale_bar(view))
    return Drawing(document(labels.title, labels.description, view.height, *body), table)


def _table(places: Sequence[MapPlace], areas: Sequence[MapArea], labels: MapLabels) -> Table:
    rows = [
        (
            Cell(p.label, p.href),
            Cell(labels.kinds.get(p.kind, "")),
            Cell(str(p.weight)),
            Cell(labels.within(p.radius_km) if p.radius_km else ""),
        )
        for p in places
    ]
    rows += [
        (
            Cell(a.label, a.href),
            Cell(labels.area),
            Cell(""),
            Cell(labels.across(kilometres_across(a.geometry))),
        )
        for a in areas
    ]
    return Table(labels.headers, tuple(rows))


def _bounds(spot: MapPlace) -> Bounds:
    if not (abs(spot.lat) <= 90 and abs(spot.lon) <= 180):
        raise ValueError("A place lies outside the world.")
    up = min(spot.radius_km or 0.0, 2000.0) / KM_PER_DEGREE
    along = min(up / max(0.1, math.cos(math.radians(spot.lat))), 90.0)
    return spot.lon - along, max(-90.0, spot.lat - up), spot.lon + along, min(90.0, spot.lat + up)


def _spots(places: Sequence[MapPlace], view: View) -> list[_Spot]:
    """Merge places of one kind whose marks would overlap, and wider around when the map would be crowded."""
    spots = [_Spot(*view.at(p.lat, p.lon), (p,), max(p.weight, 1)) for p in places]
    spots.sort(key=lambda spot: -spot.weight)
    room = 0.0
    while True:
        merged = _merged(spots, room)
        if len(merged) < len(spots):
            spots = merged
        elif len(spots) > _CROWD and room < 60:
            room += 4
        else:
            return [_Spot(round(s.x), round(s.y), s.places, s.weight) for s in spots]


def _merged(spots: Sequence[_Spot], room: float) -> list[_Spot]:
    gathered: list[_Spot] = []
    for spot in spots:
        for index, heavy in enumerate(gathered):
            apart = max(16.0, heavy.reach + spot.reach - 1) + room
            if (
                abs(heavy.x - spot.x) < apart
                and heavy.kind == spot.kind
                and math.hypot(heavy.x - spot.x, heavy.y - spot.y) < apart
            ):
                gathered[index] = _Spot(heavy.x, heavy.y, heavy.places + spot.places, heavy.weight + spot.weight)
                break
        else:
            gathered.append(spot)
    return sorted(gathered, key=lambda spot: -spot.weight)


def _ground(view: View) -> list[Markup]:
    """The land, its borders, all at half a unit."""
    found = basemap(view)
    small = f"scale({1 / FINENESS})"
    sheet = element("rect", width=WIDTH, height=view.height, fill=_WATER if found.land else _LAND, stroke="none")
    paths = []
    if found.land:
        paths.append(element("path", d=found.land, fill=_LAND, stroke=_BORDER, stroke_width=1.2, transform=small))
    if found.borders:
        paths.append(
            element(
                "path", d=found.borders, fill="none", stroke=_BORDER, stroke_width=2.0,
                stroke_dasharray="8 5", transform=small,
            )
        )  # fmt: skip
    return [sheet, *paths]


def _area(area: MapArea, outline: BaseGeometry, view: View) -> Markup:
    parts = _parts(shapely.transform(outline, view.projected))
    filled = any(part.geom_type == "Polygon" for part in parts)
    shape = element(
        "path", d="".join(_outline(part) for part in parts), fill=MOSS if filled else "none",
        fill_opacity=0.2 if filled else None, stroke=MOSS, stroke_width=1.6,
    )  # fmt: skip
    return link(area.href, clean(area.label), shape)


def _parts(outline: BaseGeometry) -> list[BaseGeometry]:
    """Return the single shapes a geometry is made of, however it nests them."""
    if outline.geom_type in ("Point", "LineString", "LinearRing", "Polygon"):
        return [outline]
    return [single for part in shapely.get_parts(outline) for single in _parts(part)]


def _outline(part: BaseGeometry) -> str:
    """Return path data of one shape; one too small to be seen becomes a small square."""
    said = ""
    if part.geom_type != "Point":
        closed = part.geom_type == "Polygon"
        lines = [part.exterior, *part.interiors] if closed else [part]
        said = "".join(relative_path(shapely.simplify(line, 0.7).coords, closed=closed) for line in lines)
    middle = part.centroid
    return said or f"M{middle.x - 3:.0f} {middle.y - 3:.0f}h6v6h-6z"


def _doubt(spot: _Spot, view: View) -> list[Markup]:
    if len(spot.places) > 1 or not spot.places[0].radius_km:
        return []
    reach = min(spot.places[0].radius_km * view.units_per_km, 2.0 * WIDTH)
    if reach < spot.reach + 2:
        return []
    return [
        element(
            "circle", cx=spot.x, cy=spot.y, r=reach, fill=BRICK, fill_opacity=0.1, stroke=BRICK,
            stroke_width=1.0, stroke_dasharray="4 4",
        )
    ]  # fmt: skip


def _marks(
    spots: Sequence[_Spot],
    areas: Sequence[MapArea],
    shapes: Sequence[BaseGeometry],
    view: View,
    labels: MapLabels,
    merged_href: str | None,
    named: int,
) -> list[Markup]:
    marks = [
        Mark(s.x, s.y, s.reach, wrapped(s.places[0].label, 120) if rank < named else ())
        for rank, s in enumerate(spots)
    ]
    insides = [view.at(p.y, p.x) for p in (shape.representative_point() for shape in shapes)]
    marks += [
        Mark(round(x), round(y), 0.0, wrapped(a.label, 120)) for a, (x, y) in zip(areas[:named], insides, strict=False)
    ]
    bar = (_BAR_LEFT, view.height - 14, _BAR_LEFT + _BAR_MOST, view.height - 14)
    places = place(marks, bounds=Box(2, 2, WIDTH - 2, view.height - 2), lines=[bar], sparing=True)
    # Areas' names go below the marks, so that a name never hides where something happened.
    drawn = [_name(m, p) for m, p in zip(marks[len(spots) :], places[len(spots) :], strict=True) if p]
    for spot, mark, placed in zip(
        reversed(spots), reversed(marks[: len(spots)]), reversed(places[: len(spots)]), strict=True
    ):
        drawn.append(_spot_shape(spot, mark, placed, labels, merged_href))
    return drawn


def _spot_shape(spot: _Spot, mark: Mark, placed: Placed | None, labels: MapLabels, merged_href: str | None) -> Markup:
    heaviest = clean(spot.places[0].label)
    more = len(spot.places) - 1
    name = labels.several(more, heaviest) if more else heaviest
    parts = [place_mark(spot.kind, spot.x, spot.y, mark.reach)]
    if spot.weight > 1:
        name = f"{name} · {spot.weight}"
        low = spot.y + (6 if spot.kind == "aggressor" else 4)
        parts.append(lettering([str(spot.weight)], spot.x, low, anchor="middle", class_="inside", **_INSIDE))
    if placed:
        parts.append(_name(mark, placed))
    return link(merged_href if more else spot.places[0].href, name, *parts)


def _name(mark: Mark, placed: Placed) -> Markup:
    return lettering(mark.lines, round(placed.x), round(placed.y), anchor=placed.anchor, aria_hidden="true")


def _scale_bar(view: View) -> Markup:
    """A bar of a round number of kilometres, in the lower corner."""
    most = _BAR_MOST / view.units_per_km
    power = 10.0 ** math.floor(math.log10(most))
    km = max(step * power for step in (1, 2, 5) if step * power <= most)
    y, long = view.height - 9, km * view.units_per_km
    line = element("path", d=f"M{_BAR_LEFT} {y - 5:.0f}v5h{long:.0f}v-5", fill="none", stroke=INK, stroke_width=1.4)
    words = lettering([f"{km:g} km"], round(_BAR_LEFT + long + 6), round(y), class_="quiet", fill=QUIET)
    return element("g", line, words)
