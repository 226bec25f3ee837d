from hypothesis import given
from hypothesis import strategies as st

from tejido.drawing.lettering import Box, Mark, cut, place, width_of, wrapped
from tejido.drawing.svg import clean

PAPER = Box(0, 0, 400, 400)
MARKS = st.lists(
    st.builds(
        Mark,
        x=st.integers(0, 400).map(float),
        y=st.integers(0, 400).map(float),
        reach=st.integers(0, 17).map(float),
        lines=st.lists(st.text("abc mW", min_size=1, max_size=14), max_size=2).map(tuple),
    ),
    max_size=25,
)


@given(st.text(max_size=60), st.integers(40, 200))
def test_a_cut_text_fits_and_says_that_it_was_cut(words: str, room: int) -> None:
    short = cut(words, room)
    assert width_of(short) <= room
    assert short == clean(words) or short.endswith("…")


@given(st.text("abcde fghij", max_size=60), st.integers(60, 200))
def test_wrapped_lines_fit_and_keep_the_order_of_the_words(words: str, room: int) -> None:
    lines = wrapped(words, room)
    assert 1 <= len(lines) <= 2
    assert all(width_of(line) <= room for line in lines)
    assert clean(words).startswith(" ".join(lines).removesuffix("…").rstrip())


@given(MARKS)
def test_placed_labels_never_cover_one_another_or_leave_the_paper(marks: list[Mark]) -> None:
    placed = [found for found in place(marks, bounds=PAPER) if found]
    for index, found in enumerate(placed):
        assert found.box.shared(PAPER) >= 0.97 * found.box.area()
        for other in placed[:index]:
            assert found.box.shared(other.box) <= 0.08 * found.box.area()


def test_a_label_finds_the_free_side() -> None:
    at_the_right_edge = place([Mark(390.0, 200.0, 8.0, ("Guardia",))], bounds=PAPER)[0]
    assert at_the_right_edge is not None
    assert at_the_right_edge.anchor in ("end", "middle")
    assert at_the_right_edge.box.right <= 400


def test_the_length_of_a_line_inside_a_box_is_measured() -> None:
    box = Box(10, 10, 20, 20)
    assert box.length_inside(0, 15, 30, 15) == 10
    assert box.length_inside(0, 0, 30, 0) == 0
    assert box.length_inside(15, 15, 15, 15) == 0
