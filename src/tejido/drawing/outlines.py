"""The basemap: Natural Earth's land and borders (public domain), from the npm package world-atlas, 1:50m.

The file is put beside this module at set-up. Without it maps are drawn on plain paper. It is TopoJSON: lines
shared by two countries are stored once, so borders are the lines that two countries use.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tejido.drawing.svg import WIDTH
from tejido.drawing.view import Points, View

OUTLINES = Path(__file__).parent / "outlines" / "countries-50m.json"

#: Coordinates of the basemap are whole numbers, this many to a drawing unit.
FINENESS = 2
#: The most corners of one path of the basemap; above it the outline is simplified further.
_MOST_CORNERS = 560

Shapes = NDArray[np.object_]


class _Transform(TypedDict):
    scale: tuple[float, float]
    translate: tuple[float, float]


class _Shape(TypedDict):
    type: str
    arcs: list[object]


class _Group(TypedDict):
    geometries: list[_Shape]


class _Topology(TypedDict):
    transform: _Transform
    arcs: list[list[tuple[int, int]]]
    objects: dict[str, _Group]


@dataclass(frozen=True)
class World:
    """Land as polygons, borders as lines, in degrees, each with an index."""

    land: shapely.STRtree
    borders: shapely.STRtree


@dataclass(frozen=True)
class Basemap:
    """SVG path data of land and borders, ``FINENESS`` numbers to a drawing unit."""

    land: str
    borders: str


@lru_cache(maxsize=1)
def world() -> World | None:
    """Return the outlines of the world, or ``None`` if the file was not put in place."""
    if not OUTLINES.is_file():
        return None
    topology: _Topology = json.loads(OUTLINES.read_bytes())
    lines = [_line(arc, topology["transform"]) for arc in topology["arcs"]]
    rings = [
        [_ring(ring, lines) for ring in polygon]
        for group in topology["objects"]["land"]["geometries"]
        for polygon in _polygons(group)
    ]
    land = [shapely.make_valid(shapely.Polygon(outer, holes)) for outer, *holes in rings]
    used = Counter(
        arc if arc >= 0 else ~arc
        for country in topology["objects"]["countries"]["geometries"]
        for arc in set(_arcs(country.get("arcs", [])))
    )
    shared = [shapely.LineString(lines[arc]) for arc, times in sorted(used.items()) if times > 1]
    return World(shapely.STRtree(land), shapely.STRtree(shared))


@lru_cache(maxsize=256)
def basemap(view: View) -> Basemap:
    """Return the basemap of a view; empty paths where the view holds no land or the outlines are absent."""
    known = world()
    if known is None:
        return Basemap("", "")
    return Basemap(_drawn(known.land, view, closed=True), _drawn(known.borders, view, closed=False))


def _drawn(index: shapely.STRtree, view: View, *, closed: bool) -> str:
    """Return the path, simplified until it is short enough; specks too small to see are dropped."""
    shapes = _clipped(index, view, closed=closed)
    grain = 1.1 * FINENESS
    while True:
        kept = shapely.simplify(shapes, grain, preserve_topology=False)
        if closed:
            kept = kept[shapely.area(kept) >= 10 * grain**2]
        if int(shapely.get_num_coordinates(kept).sum()) <= _MOST_CORNERS or grain > 60:
            return "".join(relative_path(line.coords, closed=closed) for line in _lines(kept))
        grain *= 1.4


def _clipped(index: shapely.STRtree, view: View, *, closed: bool) -> Shapes:
    """Return what lies in the view, also across the antimeridian, in numbers of the path."""
    found: list[BaseGeometry] = []
    for turn in (-360.0, 0.0, 360.0):
        west, east = view.west - turn, view.east - turn
        if west <= 180 and east >= -180:
            window = (west, view.south, east, view.north)
            pieces = shapely.clip_by_rect(index.geometries[np.sort(index.query(shapely.box(*window)))], *window)
            shift = np.array([turn, 0.0])
            found += list(shapely.transform(pieces, lambda points, shift=shift: points + shift))
    parts = shapely.get_parts(shapely.transform(np.array(found, dtype=object), lambda p: _projected(p, view)))
    wanted = "Polygon" if closed else "LineString"
    return np.array([part for part in parts if part.geom_type == wanted], dtype=object)


def _lines(shapes: Shapes) -> Iterator[BaseGeometry]:
    for shape in shapely.get_parts(shapes):
        if shape.geom_type == "Polygon":
            yield shape.exterior
            yield from shape.interiors
        else:
            yield shape


def _projected(points: Points, view: View) -> Points:
    moved: Points = points - np.array([view.west, view.north])
    moved *= np.array([WIDTH * FINENESS / (view.east - view.west), -view.scale * FINENESS])
    return moved


def relative_path(points: Iterable[tuple[float, float]], *, closed: bool) -> str:
    """Return SVG path data through ``points``, rounded to whole numbers, as short as it can be said."""
    whole = [(round(x), round(y)) for x, y in points]
    if closed and whole and whole[0] == whole[-1]:
        whole.pop()
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole) if a != b]
    if len(steps) < (2 if closed else 1):
        return ""
    said = "".join(_signed(number) for step in steps for number in step).removeprefix(" ")
    return f"M{whole[0][0]}{_signed(whole[0][1])}l{said}" + ("z" if closed else "")


def _signed(value: int) -> str:
    return str(value) if value < 0 else f" {value}"


def _line(arc: list[tuple[int, int]], transform: _Transform) -> list[tuple[float, float]]:
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    x = y = 0
    line = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        line.append((x * wide + west, y * high + south))
    return line


def _ring(arcs: Iterable[int], lines: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    ring: list[tuple[float, float]] = []
    for arc in arcs:
        line = lines[arc] if arc >= 0 else lines[~arc][::-1]
        ring += line[1:] if ring else line
    return ring


def _polygons(group: _Shape) -> list[list[list[int]]]:
    return [group["arcs"]] if group["type"] == "Polygon" else group["arcs"]  # type: ignore[list-item,return-value]


def _arcs(nested: Iterable[object]) -> Iterator[int]:
    for part in nested:
        if isinstance(part, int):
            yield part if part >= 0 else ~part
        elif isinstance(part, list):
            yield from _arcs(part)
