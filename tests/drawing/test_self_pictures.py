"""A wheel, threads over time and a field of forces: what they draw, and the tables that say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.drawing.forces import MOST, Force, ForceLabels, draw_forces
from tejido.drawing.threads import Thread, ThreadLabels, draw_threads
from tejido.drawing.wheel import WheelLabels, WheelSpoke, draw_wheel
from tests.drawing.checking import faults_in

steps = st.none() | st.integers(1, 5)
names = st.text(min_size=1, max_size=60)
WHEEL = WheelLabels("La rueda", "ahora", "en mayo", ("Rayo", "ahora", "en mayo"))
FORCES = ForceLabels("Quién tira", "en contra", "a favor", ("Quién", "Cómo"))


@given(st.lists(st.builds(WheelSpoke, names, steps, steps), min_size=3, max_size=8))
def test_a_wheel_says_in_its_table_what_it_draws(spokes: list[WheelSpoke]) -> None:
    drawn = draw_wheel(spokes, labels=WHEEL)
    before = any(spoke.before for spoke in spokes)
    assert [len(row) for row in drawn.table.rows] == [2 + before] * len(spokes)
    assert [row[1].text for row in drawn.table.rows] == [str(spoke.now or "—") for spoke in spokes]
    if any(spoke.now or spoke.before for spoke in spokes):
        assert faults_in(drawn.svg) == []
    else:
        assert drawn.svg == ""


def test_the_wheel_before_is_told_apart_without_colour() -> None:
    spokes = [WheelSpoke(f"rayo {at}", 3, 2) for at in range(8)]
    drawn = draw_wheel(spokes, labels=WHEEL)
    assert 'stroke-dasharray="5 4"' in drawn.svg
    assert "en mayo" in drawn.svg
    assert "en mayo" not in draw_wheel([WheelSpoke("rayo", 3)] * 8, labels=WHEEL).svg


@given(st.lists(st.lists(steps, min_size=3, max_size=3).map(tuple), min_size=1, max_size=9))
def test_threads_have_a_mark_for_each_time_they_were_spoken_of(found: list[tuple[int | None, ...]]) -> None:
    threads = [Thread(f"hilo {at}", told) for at, told in enumerate(found)]
    drawn = draw_threads(threads, labels=ThreadLabels("El tejido", "Hilo", ("mayo", "julio", "hoy")))
    many = sum(1 for told in found for step in told if step)
    assert drawn.svg.count("<circle") == many
    assert len(drawn.table.rows) == len(threads)
    if many:
        assert faults_in(drawn.svg) == []


@given(st.lists(st.builds(Force, names, st.sampled_from([-1, 0, 1]), st.integers(0, MOST)), max_size=6))
def test_each_force_stands_on_its_side(forces: list[Force]) -> None:
    drawn = draw_forces(forces, labels=FORCES)
    assert len(drawn.table.rows) == len(forces)
    if forces:
        assert faults_in(drawn.svg) == []
        assert drawn.svg.count("<circle") == sum(1 for one in forces if not one.pull)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="rings"):
        WheelSpoke("rayo", 6)
    with pytest.raises(ValueError, match="steps"):
        Thread("hilo", (0,))
    with pytest.raises(ValueError, match="pulls"):
        Force("alguien", 2)
