"""The wheel and the threads: pictures a group makes of itself, each compared with itself alone."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.errors import BadInput
from tejido.domain.fabric_self import THREADS, FabricPicture, fabric_changes, moved
from tejido.domain.security_wheel import SPOKES, Spoke, balance, said_of_wheel, shortest, wheel_changes
from tejido.vocabularies import vocabulary

steps = st.none() | st.integers(1, 5)
wheels = st.lists(steps, min_size=SPOKES, max_size=SPOKES).map(
    lambda found: [Spoke(f"rayo {at}", step) for at, step in enumerate(found)]
)
fabrics = st.dictionaries(st.sampled_from(THREADS), st.integers(1, 5)).map(FabricPicture)


def test_the_lists_have_the_eight_spokes_and_the_nine_threads() -> None:
    assert len(vocabulary("assessment_spokes")) == SPOKES
    assert vocabulary("assessment_threads").codes == THREADS


@given(wheels)
def test_balance_is_the_shortest_over_the_longest(wheel: list[Spoke]) -> None:
    drawn = [spoke.step for spoke in wheel if spoke.step is not None]
    found = balance(wheel)
    if len(drawn) < 2:
        assert found is None
        assert said_of_wheel(wheel) == ""
    else:
        assert found == Fraction(min(drawn), max(drawn))
        assert 0 < found <= 1


@given(wheels)
def test_a_wheel_of_equal_spokes_turns_and_the_shortest_are_named(wheel: list[Spoke]) -> None:
    low = shortest(wheel)
    told = said_of_wheel(wheel)
    assert all(spoke.label in told for spoke in low)
    if balance(wheel) == 1:
        assert low == ()
        assert "turns" in told


def test_one_short_spoke_stops_the_wheel() -> None:
    wheel = [Spoke("planning", 1), *(Spoke(f"rayo {at}", 5) for at in range(7))]
    assert "stands still on planning" in said_of_wheel(wheel)


@given(wheels, wheels)
def test_spokes_that_grew_and_shrank_are_told_apart(before: list[Spoke], now: list[Spoke]) -> None:
    told = wheel_changes(before, now)
    pairs = [(a.step, b.step) for a, b in zip(before, now, strict=True) if a.step is not None and b.step is not None]
    assert len(told) == (any(b > a for a, b in pairs)) + (any(b < a for a, b in pairs))
    assert wheel_changes(now, now) == ()


@pytest.mark.parametrize("wrong", [0, 6, -1, True])
def test_a_spoke_or_a_thread_reaches_to_one_of_five(wrong: int) -> None:
    with pytest.raises(BadInput):
        Spoke("x", wrong)
    with pytest.raises(BadInput):
        FabricPicture({"trust": wrong})


def test_a_thread_nobody_knows_is_refused() -> None:
    with pytest.raises(BadInput):
        FabricPicture({"strength_of_all": 3})


@given(fabrics, fabrics)
def test_threads_move_one_by_one_and_only_their_direction_is_said(before: FabricPicture, now: FabricPicture) -> None:
    way, back = moved(before, now), moved(now, before)
    assert way.keys() == before.steps.keys() & now.steps.keys()
    assert set(way.values()) <= {-1, 0, 1}
    assert way == {thread: -step for thread, step in back.items()}


@given(st.lists(fabrics, max_size=4))
def test_the_last_two_pictures_are_compared(found: list[FabricPicture]) -> None:
    told = fabric_changes(found, {})
    if len(found) < 2:
        assert told == ()
    else:
        way = moved(found[-2], found[-1]).values()
        assert len(told) == (1 in way) + (-1 in way)
