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
from shapely.geometry.base import BaseGeometry

from tejido.drawing.svg import WIDTH
from tejido.drawing.view import Points, View

OUTLINES = Path(__file__).parent / "outlines" / "countries-50m.json"

#: Coordinates of the basemap are whole numbers, this many to a drawing unit.
FINENESS = 2
#: The most characters of one path of the basemap; above it the outline is simplified further.
_MOST_LETTERS = 3000


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
    parts = list(_clipped(index, view))
    grain = 0.5
    while True:
        path = "".join(_path(part, view, grain, closed=closed) for part in parts)
        if len(path) <= _MOST_LETTERS or grain > 30:
            return path
        grain *= 1.35


def _clipped(index: shapely.STRtree, view: View) -> Iterator[BaseGeometry]:
    """Yield what lies in the view, also across the antimeridian."""
    for turn in (-360.0, 0.0, 360.0):
        west, east = view.west - turn, view.east - turn
        if west > 180 or east < -180:
            continue
        window = (west, view.south, east, view.north)
        for place in sorted(index.query(shapely.box(*window))):
            piece = shapely.clip_by_rect(index.geometries[place], *window)
            if not piece.is_empty:
                yield shapely.transform(piece, lambda points, turn=turn: points + np.array([turn, 0.0]))


def _path(piece: BaseGeometry, view: View, grain: float, *, closed: bool) -> str:
    flat = shapely.transform(piece, lambda points: _projected(points, view))
    flat = shapely.simplify(flat, grain * FINENESS, preserve_topology=False)
    lines: list[BaseGeometry] = []
    for part in shapely.get_parts(flat):
        if part.geom_type == "Polygon":
            if part.area >= 10 * (grain * FINENESS) ** 2:
                lines += [part.exterior, *(hole for hole in part.interiors)]
        elif part.geom_type == "LineString" and not closed:
            lines.append(part)
    return "".join(relative_path([(x, y) for x, y in line.coords], closed=closed) for line in lines)


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
