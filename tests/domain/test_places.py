"""Distances, and places made coarse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.errors import BadInput
from tejido.domain.places import coarse, kilometres

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)
sizes = st.sampled_from([1.0, 5.0, 11.0, 50.0, 300.0])


def test_known_distances_come_out() -> None:
    assert kilometres((-33.45, -70.67), (-36.82, -73.03)) == pytest.approx(433, abs=3)
    assert kilometres((0, 0), (0, 180)) == pytest.approx(20015, abs=1)


@given(points, points)
def test_distance_is_the_same_both_ways_and_never_negative(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert kilometres(a, b) == pytest.approx(kilometres(b, a), abs=1e-9)
    assert 0 <= kilometres(a, b) <= 20016
    assert kilometres(a, a) == 0


@given(points, sizes)
def test_a_coarse_point_stays_on_earth_near_by_and_in_its_own_cell(point: tuple[float, float], km: float) -> None:
    centre = coarse(*point, km)
    assert -90 <= centre[0] <= 90
    assert -180 <= centre[1] <= 180
    assert kilometres(point, centre) <= 2 * km
    assert coarse(*centre, km) == centre


@given(st.tuples(st.floats(-85, 85), longitudes), sizes)
def test_different_cells_are_at_least_the_cell_apart(point: tuple[float, float], km: float) -> None:
    one = coarse(*point, km)
    other = coarse(min(point[0] + km / 60, 90), point[1], km)
    assert one == other or kilometres(one, other) >= km * 0.99


def test_points_of_one_cell_are_not_told_apart() -> None:
    assert len({coarse(-33.45 + step / 1e4, -70.67, 50) for step in range(20)}) == 1


def test_both_sides_of_the_date_line_are_places() -> None:
    assert coarse(0, 180, 11) == coarse(0, -180, 11)


@pytest.mark.parametrize("lat_lon_km", [(91, 0, 5), (0, 181, 5), (float("nan"), 0, 5), (0, 0, 0), (0, 0, -1)])
def test_what_is_no_place_is_refused(lat_lon_km: tuple[float, float, float]) -> None:
    with pytest.raises(BadInput):
        coarse(*lat_lon_km)
