"""Places: distances, and coordinates made coarse so that a dot on a map leads nobody to a door."""

from __future__ import annotations

import math

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

#: Mean radius of the Earth in kilometres (IUGG).
EARTH_KILOMETRES = 6371.0088
_DEGREE_KILOMETRES = math.pi * EARTH_KILOMETRES / 180.0

_NO_SUCH_PLACE = N_("There is no such place: latitudes lie between -90 and 90, longitudes between -180 and 180.")
_NO_SUCH_CELL = N_("A place is made coarse by a number of kilometres greater than 0.")


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance in kilometres between two (latitude, longitude) pairs in degrees.

    Haversine formula (Sinnott 1984), on a sphere; off by at most 0.6 % on the real Earth.
    """
    lat_a, lon_a, lat_b, lon_b = (math.radians(degrees) for degrees in (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KILOMETRES * math.asin(math.sqrt(min(1.0, max(0.0, half))))


def coarse(lat: float, lon: float, km: float) -> tuple[float, float]:
    """Return the centre of the grid cell, about ``km`` kilometres wide and high, that a point lies in.

    Every point of a cell gives the same centre, so the answer tells the cell and nothing more: repeating the
    question or adding points of one place does not narrow it down. Rows of cells are of equal height; within
    a row all cells are equally wide, never narrower than ``km``. Raises ``BadInput`` for a point that is not
    on Earth or a cell without size.
    """
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise BadInput(_NO_SUCH_PLACE)
    if not (math.isfinite(km) and km > 0):
        raise BadInput(_NO_SUCH_CELL)
    rows = max(1, math.floor(180.0 * _DEGREE_KILOMETRES / km))
    row, middle_lat = _cell(lat + 90.0, 180.0, rows)
    height = 180.0 / rows
    farthest = max(abs(row * height - 90.0), abs((row + 1) * height - 90.0))
    around = 360.0 * _DEGREE_KILOMETRES * max(0.0, math.cos(math.radians(min(farthest, 90.0))))
    columns = max(1, math.floor(around / km))
    _, middle_lon = _cell((lon + 180.0) % 360.0, 360.0, columns)
    return round(middle_lat - 90.0, 6), round(middle_lon - 180.0, 6)


def _cell(along: float, length: float, cells: int) -> tuple[int, float]:
    """Return the number of the cell that ``along`` lies in and its middle, of ``cells`` equal cells."""
    number = min(int(along / length * cells), cells - 1)
    return number, (number + 0.5) * length / cells
