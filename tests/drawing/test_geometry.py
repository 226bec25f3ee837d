import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.domain.errors import BadInput
from tejido.drawing import geometry
from tejido.drawing.geometry import (
    centre_of,
    check_geometry,
    coarse_geometry,
    distance_km,
    kilometres_across,
    read_geojson,
    shape_of,
)

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
POINT = {"type": "Point", "coordinates": [-70.75, -33.81]}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
POINTS = st.tuples(st.floats(-179, 179), st.floats(-80, 80))


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_a_collection_a_feature_and_a_bare_geometry_are_read() -> None:
    for source in (collection(feature(POINT)), json.dumps(feature(POINT)), json.dumps(POINT)):
        assert read_geojson(source)[0].geometry == POINT


def test_a_byte_order_mark_heights_and_foreign_members_do_no_harm() -> None:
    high = {"type": "Point", "coordinates": [1, 2, 300], "bbox": "x"}
    found = read_geojson(b"\xef\xbb\xbf" + collection(feature(high, name="Ñuble")).encode())
    assert found[0].geometry == {"type": "Point", "coordinates": [1.0, 2.0]}
    assert found[0].properties == {"name": "Ñuble"}


def test_a_feature_without_a_known_place_keeps_its_properties() -> None:
    assert read_geojson(collection(feature(None, name="x")))[0].geometry is None


@pytest.mark.parametrize(
    "source",
    [
        "", "[]", "null", "{", b"\xff\xfe{", '{"type":"Point","coordinates":[NaN,0]}', "[" * 100_000,
        '{"type":"FeatureCollection"}', '{"type":"FeatureCollection","features":[1]}',
    ],
)  # fmt: skip
def test_what_is_not_geojson_gets_a_sentence(source: str | bytes) -> None:
    with pytest.raises(BadInput):
        read_geojson(source)


@pytest.mark.parametrize(
    "bad",
    [
        {"type": "Point", "coordinates": [-33.8, -170.7]},
        {"type": "Point", "coordinates": [1e999, 0]},
        {"type": "Point", "coordinates": [True, 0]},
        {"type": "Point", "coordinates": ["1", 0]},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": [[[[1, 2]]]]},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [5, 5]]]},
        {"type": "Surface", "coordinates": []},
        {"type": ["Point"], "coordinates": [0, 0]},
        {"type": "GeometryCollection", "geometries": 3},
        7,
    ],
)
def test_a_bad_feature_is_named_by_its_number(bad: object) -> None:
    with pytest.raises(BadInput) as caught:
        read_geojson(collection(feature(POINT), feature(bad)).replace("Infinity", "1e999"))
    assert "2" in caught.value.sentence()


def test_collections_nested_too_deep_are_refused() -> None:
    deep: object = POINT
    for _ in range(4):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    with pytest.raises(BadInput):
        read_geojson(json.dumps(deep))


def test_a_file_too_large_or_with_too_many_points_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geometry, "MOST_POSITIONS", 4)
    with pytest.raises(BadInput, match="too many points"):
        read_geojson(json.dumps(SQUARE))
    monkeypatch.setattr(geometry, "MOST_BYTES", 10)
    with pytest.raises(BadInput, match="too large"):
        read_geojson(json.dumps(SQUARE))


def test_an_outline_that_crosses_itself_is_refused() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    with pytest.raises(BadInput, match="crosses itself"):
        check_geometry(bow)


@settings(max_examples=200)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda s: st.lists(s) | st.dictionaries(
    st.sampled_from(["type", "coordinates", "geometry", "features", "geometries"]), s)))  # fmt: skip
def test_nothing_but_bad_input_ever_comes_of_reading(document: object) -> None:
    with contextlib.suppress(BadInput):
        read_geojson(json.dumps(document))


def test_the_centre_lies_within_even_of_a_crescent() -> None:
    crescent = {
        "type": "Polygon",
        "coordinates": [[[0, 0], [9, 0], [9, 1], [1, 1], [1, 8], [9, 8], [9, 9], [0, 9], [0, 0]]],
    }
    lat, lon = centre_of(crescent)
    assert shape_of(crescent).covers(shape_of({"type": "Point", "coordinates": [lon, lat]}))
    assert centre_of(POINT) == (-33.81, -70.75)


def test_distances_agree_with_known_ones() -> None:
    assert distance_km(-33.45, -70.67, -18.48, -70.33) == pytest.approx(1665, abs=5)
    assert kilometres_across(POINT) == 0
    assert kilometres_across(SQUARE) == pytest.approx(157.2, abs=0.5)


@given(POINTS, st.floats(1, 100))
def test_a_coarse_place_holds_the_true_one_and_is_no_finer_than_asked(at: tuple[float, float], km: float) -> None:
    true = {"type": "Point", "coordinates": list(at)}
    coarse = shape_of(coarse_geometry(true, km))
    assert coarse.buffer(1e-9).covers(shape_of(true))
    west, south, _, north = coarse.bounds
    assert distance_km(south, west, north, west) >= km * 0.99


@given(POINTS)
def test_the_true_place_cannot_be_told_from_the_coarse_one(at: tuple[float, float]) -> None:
    coarse = coarse_geometry({"type": "Point", "coordinates": list(at)}, 5)
    lat, lon = centre_of(coarse)
    assert coarse_geometry({"type": "Point", "coordinates": [lon, lat]}, 5) == coarse


def test_a_country_blurred_to_a_metre_stays_small() -> None:
    wide = {"type": "Polygon", "coordinates": [[[0, 0], [40, 0], [40, 40], [0, 40], [0, 0]]]}
    assert len(json.dumps(coarse_geometry(wide, 0.001))) < 20_000
    with pytest.raises(ValueError, match="kilometres"):
        coarse_geometry(wide, 0)


@pytest.mark.shared
def test_all_colombian_municipalities_are_read() -> None:
    features = read_geojson((SHARED / "colombia_social_leaders" / "colombia_municipios.geojson").read_bytes())
    assert len(features) == 1116
    assert all(found.geometry and shape_of(found.geometry) for found in features)
