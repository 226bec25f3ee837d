"""The window of a map: what part of the Earth, and how degrees become drawing units.

The projection is equirectangular with the standard parallel at the middle latitude of the view: distances
north–south are true everywhere, distances east–west at that latitude, so the scale bar is honest on the
maps of a country or a valley that we draw. Longitudes are counted on from the western edge, so a view may
straddle the antimeridian (its eastern edge is then above 180).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tejido.drawing.geometry import KM_PER_DEGREE
from tejido.drawing.svg import WIDTH

#: The tallest and the flattest map, in units.
TALLEST, FLATTEST = 520.0, 250.0

Points = NDArray[np.float64]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class View:
    """A window of degrees, and its height in units (the width is ``WIDTH``)."""

    west: float
    south: float
    east: float
    north: float
    height: float

    @property
    def scale(self) -> float:
        """Drawing units in one degree of latitude."""
        return self.height / (self.north - self.south)

    @property
    def units_per_km(self) -> float:
        """Drawing units in one kilometre."""
        return self.scale / KM_PER_DEGREE

    def unwrapped(self, lon: float) -> float:
        """Return the longitude as counted from the western edge of the view."""
        middle = (self.west + self.east) / 2
        return lon + 360.0 * round((middle - lon) / 360.0)

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Return the drawing position of a place."""
        across = (self.unwrapped(lon) - self.west) / (self.east - self.west)
        return across * WIDTH, (self.north - lat) * self.scale

    def projected(self, points: Points) -> Points:
        """Return rows of longitude and latitude as rows of drawing positions."""
        middle = (self.west + self.east) / 2
        lon = points[:, 0] + 360.0 * np.round((middle - points[:, 0]) / 360.0)
        across = (lon - self.west) * (WIDTH / (self.east - self.west))
        return np.column_stack([across, (self.north - points[:, 1]) * self.scale])


def view_of(bounds: Sequence[Bounds], *, least_km: float) -> View:
    """Return the view that holds all ``bounds`` (west, south, east, north in degrees), with room around.

    A lone point is shown with at least ``least_km`` across. The window is rounded, so that nearly equal maps
    share one basemap.
    """
    west, east = _around([(b[0], b[2]) for b in bounds])
    south, north = min(b[1] for b in bounds), max(b[3] for b in bounds)
    lat, lon = (south + north) / 2, (west + east) / 2
    shrink = max(0.1, math.cos(math.radians(lat)))
    least = least_km / KM_PER_DEGREE
    tall = max((north - south) * 1.16, least)
    wide = max((east - west) * shrink * 1.22, least)
    ratio = min(max(tall / wide, FLATTEST / WIDTH), TALLEST / WIDTH)
    tall, wide = max(tall, wide * ratio), max(wide, tall / ratio)
    step = 10.0 ** math.floor(math.log10(tall)) / 20
    half_tall, half_wide = math.ceil(tall / 2 / step) * step, math.ceil(wide / 2 / step) * step / shrink
    lat, lon = round(lat / step) * step, round(lon / step) * step
    height = WIDTH * (2 * half_tall) / (2 * half_wide * shrink)
    return View(
        round(lon - half_wide, 6), round(lat - half_tall, 6),
        round(lon + half_wide, 6), round(lat + half_tall, 6), round(height, 1),
    )  # fmt: skip


def _around(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the shortest stretch of longitudes that holds all spans: the circle without its widest gap."""
    ordered = sorted(spans)
    start, best = ordered[0][0], 360.0 - (max(east for _, east in ordered) - ordered[0][0])
    reached = ordered[0][1]
    for west, east in ordered[1:]:
        if west - reached > best:
            start, best = west, west - reached
        reached = max(reached, east)
    ends = [east if west >= start else east + 360.0 for west, east in ordered]
    return start, max(ends)
