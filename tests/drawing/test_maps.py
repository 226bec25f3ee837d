import re
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.domain.errors import BadInput
from tejido.drawing import outlines
from tejido.drawing.maps import MapArea, MapLabels, MapPlace, draw_map
from tejido.drawing.view import view_of
from tests.drawing.checking import faults_in, weight_of, words_in
from tests.drawing.test_svg import ANY_TEXT

LABELS = MapLabels(
    "Where it happened",
    ("Place", "What", "How many", "How exactly"),
    several=lambda more, heaviest: f"{heaviest} and {more} more",
    within=lambda km: f"within {km:g} km",
    across=lambda km: f"{km:.0f} km across",
    kinds={"incident": "incidents"},
    area="territory",
)
PLACES = st.builds(
    MapPlace,
    id=st.text("abc", max_size=3),
    label=ANY_TEXT,
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    radius_km=st.none() | st.floats(0, 500),
    weight=st.integers(0, 2000),
    kind=st.sampled_from(["incident", "territory", "aggressor"]),
    href=st.none() | st.just("/t/1/"),
)
VALLEY = {"type": "Polygon", "coordinates": [[[-71, -34], [-70, -34], [-70, -33], [-71, -33], [-71, -34]]]}
PAINE = MapPlace("p", "Paine", -33.81, -70.75, None, 1, "incident", "/t/1/")
#: Cities from the far north to the far south: a tall country with a torn coast.
CHILE = [
    MapPlace(name, name, lat, lon, None, weight, "incident", f"/t/{weight}/")
    for name, lat, lon, weight in [
        ("Arica", -18.48, -70.33, 15), ("Iquique", -20.21, -70.15, 34), ("Copiapó", -27.37, -70.33, 23),
        ("Santiago", -33.45, -70.67, 1244), ("Concepción", -36.83, -73.05, 316), ("Temuco", -38.74, -72.59, 219),
        ("Valdivia", -39.81, -73.25, 69), ("Punta Arenas", -53.16, -70.91, 5),
    ]
]  # fmt: skip


def test_the_outlines_of_the_world_were_put_in_place_at_set_up() -> None:
    assert outlines.OUTLINES.is_file(), "make setup puts the outlines there"
    assert outlines.world() is not None


@settings(max_examples=80, deadline=None)
@given(st.lists(PLACES, max_size=30))
def test_any_places_make_a_safe_stable_map_and_are_all_in_the_table(places: list[MapPlace]) -> None:
    drawing = draw_map(places, labels=LABELS)
    assert drawing == draw_map(places, labels=LABELS)
    assert (faults_in(drawing.svg) == []) if places else (drawing.svg == "")
    assert [row[0].text for row in drawing.table.rows] == [place.label for place in places]


def test_a_whole_country_fits_with_its_coast_in_four_kilobytes() -> None:
    drawing = draw_map(CHILE, labels=LABELS)
    assert weight_of(drawing.svg) < 4000
    assert drawing.svg.count("scale(0.5)") == 2
    assert {"Santiago", "Punta Arenas", "1244"} <= set(words_in(drawing.svg))


def test_without_the_outlines_the_map_is_still_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "OUTLINES", tmp_path / "none.json")
    outlines.world.cache_clear()
    outlines.basemap.cache_clear()
    try:
        drawing = draw_map(CHILE, labels=LABELS)
    finally:
        monkeypatch.undo()
        outlines.world.cache_clear()
        outlines.basemap.cache_clear()
    assert faults_in(drawing.svg) == []
    assert "scale(" not in drawing.svg
    assert "Santiago" in words_in(drawing.svg)


def test_near_places_of_one_kind_become_one_mark_with_their_count() -> None:
    near = [MapPlace(str(i), f"House {i}", -33.45 + i / 1e4, -70.66, None, i + 1) for i in range(3)]
    far = MapPlace("far", "Arica", -18.48, -70.33)
    svg = draw_map([*near, far], labels=LABELS, merged_href="#places").svg
    words = words_in(svg)
    assert "House 2 and 2 more · 6" in words
    assert svg.count("<circle") == 2
    assert 'href="#places"' in svg


def test_places_of_different_kinds_are_never_merged() -> None:
    kinds: tuple[Literal["incident", "territory", "aggressor"], ...] = ("incident", "territory", "aggressor")
    svg = draw_map([MapPlace(k, k, -33.0, -70.0, None, 1, k) for k in kinds], labels=LABELS).svg
    assert set(kinds) <= set(words_in(svg))


def test_a_place_known_roughly_gets_a_circle_as_wide_as_the_doubt() -> None:
    rough = MapPlace("p", "Near Paine", -33.81, -70.75, 20.0)
    drawing = draw_map([rough, PAINE], labels=LABELS)
    scale = view_of([(-70.97, -33.99, -70.53, -33.63)], least_km=24).units_per_km
    alone = draw_map([rough], labels=LABELS, least_km=24).svg
    found = re.search(r'r="([\d.]+)" fill="#a3431f" fill-opacity', alone)
    assert found is not None
    assert float(found[1]) == pytest.approx(20 * scale, rel=0.1)
    assert drawing.table.rows[0][3].text == "within 20 km"


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    svg = draw_map(CHILE, labels=LABELS).svg
    bar = re.search(r"v5h(\d+)v-5.*?(\d+) km", svg)
    assert bar is not None
    long, km = bar.groups()
    bounds = [(p.lon, p.lat, p.lon, p.lat) for p in CHILE]
    assert int(long) == pytest.approx(int(km) * view_of(bounds, least_km=24).units_per_km, abs=1)


def test_a_map_across_the_antimeridian_is_small() -> None:
    view = view_of([(178.4, -18.1, 178.4, -18.1), (-179.9, -16.8, -179.9, -16.8)], least_km=24)
    assert view.east - view.west < 6
    svg = draw_map([MapPlace("a", "Suva", -18.1, 178.4), MapPlace("b", "Taveuni", -16.8, -179.9)], labels=LABELS).svg
    assert {"Suva", "Taveuni"} <= set(words_in(svg))
    assert "scale(0.5)" in svg


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-85, 85)), min_size=1, max_size=12))
def test_every_place_lies_in_its_view(points: list[tuple[float, float]]) -> None:
    view = view_of([(lon, lat, lon, lat) for lon, lat in points], least_km=24)
    for lon, lat in points:
        x, y = view.at(lat, lon)
        assert -0.5 <= x <= 400.5
        assert -0.5 <= y <= view.height + 0.5


def test_an_area_is_drawn_with_its_name_and_size() -> None:
    drawing = draw_map([], [MapArea("v", "Valle <alto>", VALLEY, "/t/v/")], labels=LABELS)
    assert faults_in(drawing.svg) == []
    assert "Valle <alto>" in words_in(drawing.svg)
    assert drawing.table.rows[0][0].href == "/t/v/"
    assert drawing.table.rows[0][3].text == "145 km across"


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Circle", "coordinates": [0, 0]},
        {"type": "Polygon"},
        {},
    ],
)
def test_an_area_that_cannot_be_drawn_gets_a_sentence(geometry: dict[str, object]) -> None:
    with pytest.raises(BadInput) as caught:
        draw_map([], [MapArea("x", "X", geometry)], labels=LABELS)
    assert "Nothing was changed" in caught.value.sentence()


def test_a_place_outside_the_world_is_refused() -> None:
    for lat, lon in ((91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0)):
        with pytest.raises(ValueError, match="outside the world"):
            draw_map([MapPlace("x", "X", lat, lon)], labels=LABELS)
