import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.drawing.periods import bins_for, middle_of, month_bins
from tejido.drawing.timeline import Bin, TimelineLabels, draw_timeline
from tests.drawing.checking import faults_in, weight_of, words_in
from tests.drawing.test_svg import ANY_TEXT

LABELS = TimelineLabels("When", "to us", "to ours", ("Period", "To us", "To ours"))
DAYS = st.dates()
SPANS = st.lists(st.tuples(DAYS, DAYS, st.booleans()).map(lambda s: (min(s[:2]), max(s[:2]), s[2])), max_size=40)
BINS = st.lists(
    st.builds(Bin, ANY_TEXT, st.integers(0, 30), st.integers(0, 3000), st.none() | st.just("/i/?from=1&to=2")),
    max_size=36,
)


@given(BINS)
def test_any_timeline_is_safe_stable_and_wholly_in_its_table(bins: list[Bin]) -> None:
    drawing = draw_timeline(bins, labels=LABELS)
    assert drawing == draw_timeline(bins, labels=LABELS)
    assert (faults_in(drawing.svg) == []) if any(b.total for b in bins) else (drawing.svg == "")
    assert [[cell.text for cell in row] for row in drawing.table.rows] == [
        [b.label, str(b.own), str(b.near)] for b in bins
    ]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=36))
def test_every_incident_is_one_square(counts: list[tuple[int, int]]) -> None:
    svg = draw_timeline([Bin("x", own, near) for own, near in counts], labels=LABELS).svg
    squares = len(re.findall(r"z(?=[M\"])", svg)) - (any(o for o, _ in counts) + any(n for _, n in counts))
    assert max(squares, 0) == sum(own + near for own, near in counts)


def test_many_incidents_become_bars_with_an_axis() -> None:
    squares = draw_timeline([Bin("1973", 12), Bin("1974", 2)], labels=LABELS)
    bars = draw_timeline([Bin("1973", 90, 1184), Bin("1974", 124, 200)], labels=LABELS)
    assert "12" not in words_in(squares.svg)
    assert {"800", "1600"} <= set(words_in(bars.svg))


def test_what_struck_us_and_what_struck_ours_differ_without_colour() -> None:
    svg = draw_timeline([Bin("x", 1, 1)], labels=LABELS).svg
    assert svg.count('stroke="none"') == 2
    assert svg.count('stroke-width="1.2"') == 3


def test_names_of_periods_stand_only_where_they_fit() -> None:
    bins = bins_for(
        [(date(2023, 1, 1), date(2023, 1, 1), True), (date(2025, 12, 1), date(2025, 12, 1), True)], lang="es"
    )
    words = words_in(draw_timeline(bins, labels=LABELS).svg)
    assert {"ene 2023", "ene 2024", "ene 2025"} <= set(words)
    assert "feb 2023" not in words


def test_three_years_of_months_with_links_stay_small() -> None:
    spans = [(date(2023 + m // 12, m % 12 + 1, 3),) * 2 + (k % 2 == 0,) for m in range(36) for k in range(m % 11)]
    bins = bins_for(spans, lang="es", href=lambda a, b: f"/incidents/?from={a}&to={b}")
    assert weight_of(draw_timeline(bins, labels=LABELS).svg) < 3000


@given(SPANS, st.sampled_from(["es", "en", "fr", "pt-BR", "ar"]))
def test_the_whole_history_fits_and_every_fact_counts_once(spans: list[tuple[date, date, bool]], lang: str) -> None:
    bins = bins_for(spans, lang=lang)
    assert len(bins) <= 36
    assert sum(b.own for b in bins) == sum(own for *_, own in spans)
    assert sum(b.total for b in bins) == len(spans)
    assert len({b.label for b in bins}) == len(bins)


@given(SPANS)
def test_the_links_of_bins_cover_each_fact_and_do_not_overlap(spans: list[tuple[date, date, bool]]) -> None:
    found: list[tuple[date, date]] = []
    bins_for(spans, lang="es", href=lambda a, b: found.append((a, b)))
    for first, last, _ in spans:
        assert sum(a <= middle_of(first, last) <= b for a, b in found) == 1


@pytest.mark.parametrize(
    ("last", "names"),
    [
        (date(2024, 3, 1), ["ene 2024", "feb 2024", "mar 2024"]),
        (date(2027, 2, 1), ["T1 2024", "T2 2024", "T3 2024"]),
        (date(2050, 2, 1), ["2024", "2025", "2026"]),
        (date(2090, 2, 1), ["2024–2025", "2026–2027", "2028–2029"]),
    ],
)
def test_periods_are_as_fine_as_fits(last: date, names: list[str]) -> None:
    bins = bins_for([(date(2024, 1, 1), date(2024, 1, 1), True), (last, last, False)], lang="es")
    assert [b.label for b in bins][:3] == names


def test_an_imprecise_date_counts_in_the_middle_of_its_span() -> None:
    year = (date(1973, 1, 1), date(1973, 12, 31), True)
    bins = month_bins([year], first=date(1973, 6, 1), last=date(1973, 8, 1), lang="en")
    assert [(b.label, b.own) for b in bins] == [("Jun 1973", 0), ("Jul 1973", 1), ("Aug 1973", 0)]


def test_a_period_with_fewer_than_none_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer"):
        Bin("x", -1)
