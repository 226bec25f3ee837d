import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.drawing.bars import BarLabels, BarRow, draw_bars
from tests.drawing.checking import faults_in, weight_of, words_in
from tests.drawing.test_svg import ANY_TEXT

LABELS = BarLabels("Kinds of violence", ("What", "How many", "Share"))
ROWS = st.lists(
    st.builds(BarRow, ANY_TEXT, st.floats(0, 1e9) | st.integers(0, 10**6), ANY_TEXT, st.none() | st.just("/i/")),
    max_size=20,
)


@given(ROWS)
def test_any_bars_are_safe_stable_and_wholly_in_their_table(rows: list[BarRow]) -> None:
    drawing = draw_bars(rows, labels=LABELS)
    assert drawing == draw_bars(rows, labels=LABELS)
    assert (faults_in(drawing.svg) == []) if rows else (drawing.svg == "")
    assert [(row[0].text, row[2].text) for row in drawing.table.rows] == [(r.label, r.note) for r in rows]


def test_bars_are_as_long_as_their_numbers_and_print_them() -> None:
    svg = draw_bars([BarRow("Killed", 1331, "56 %", "/i/?kind=killed"), BarRow("Disappeared", 853)], labels=LABELS).svg
    assert {"1331 · 56 %", "853"} <= set(words_in(svg))
    full, part = (float(long) for long in re.findall(r'h([\d.]+)v11h-[\d.]+z" fill="#2c3f73"', svg))
    assert part / full == pytest.approx(853 / 1331, abs=0.001)
    assert weight_of(svg) < 1000


def test_numbers_are_printed_the_way_the_reader_writes_them() -> None:
    labels = BarLabels("t", ("a", "b", "c"), say=lambda value: f"{value:,.0f}".replace(",", "."))
    assert draw_bars([BarRow("x", 1331)], labels=labels).table.rows[0][1].text == "1.331"


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_a_bar_without_a_length_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        BarRow("x", value)
