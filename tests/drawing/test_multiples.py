import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.drawing.multiples import MultiplesLabels, Panel, Span, draw_multiples
from tests.drawing.checking import faults_in, words_in
from tests.drawing.test_svg import ANY_TEXT

LABELS = MultiplesLabels(
    "Expected and seen", ("Who", "From", "Expected", "Between", "Came"), "came", "expected", "9 in 10", "not yet"
)
NUMBERS = st.floats(0, 1e6)
SPANS = st.lists(
    st.builds(Span, ANY_TEXT, NUMBERS, NUMBERS, NUMBERS, st.none() | st.integers(0, 1000)), max_size=5
).map(tuple)


@given(st.lists(st.builds(Panel, ANY_TEXT, SPANS, st.none() | st.just("/fabric/")), max_size=4))
def test_any_panels_are_safe_stable_and_wholly_in_their_table(panels: list[Panel]) -> None:
    drawing = draw_multiples(panels, labels=LABELS)
    assert drawing == draw_multiples(panels, labels=LABELS)
    assert drawing.svg == "" or faults_in(drawing.svg) == []
    assert len(drawing.table.rows) == sum(len(panel.spans) for panel in panels)


def test_what_has_not_come_yet_is_broken_and_said_so() -> None:
    spans = (Span("May", 1.0, 0, 3, 2), Span("June", 1.5, 0, 4))
    drawing = draw_multiples([Panel("Guardia", spans, "/fabric/")], labels=LABELS)
    assert drawing.svg.count("stroke-dasharray") == 1
    assert [row[4].text for row in drawing.table.rows] == ["2", "not yet"]
    assert {"Guardia", "May", "June", "4", "0"} <= set(words_in(drawing.svg))


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_number_that_cannot_be_drawn_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Span("May", value, 0, 1)
