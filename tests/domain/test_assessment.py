"""A group's picture of a threat: words first, dots beside them, and never one number."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from operator import add, floordiv, mul, pow, sub, truediv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain import assessment, assessment_priorities, assessment_threats, fabric_self
from tejido.domain.assessment import (
    ASPECTS,
    EMPTY,
    FULL,
    PICTURE_PARTS,
    STEPS,
    Level,
    LevelWithoutWords,
    Look,
    Picture,
    dots,
    level_of,
    still_unsaid,
    what_changed,
)
from tejido.domain.errors import BadInput

words = st.text(min_size=1, max_size=40).filter(str.strip)
steps = st.sampled_from(STEPS)
looks = st.builds(Look, words, st.none() | steps, st.text(max_size=10)) | st.just(Look())
pictures = st.builds(Picture, looks, looks, looks, st.text(max_size=20))


@given(steps, st.sampled_from(["", " ", "\n\t"]))
def test_dots_never_stand_without_words(step: int, nothing: str) -> None:
    with pytest.raises(LevelWithoutWords):
        Level(step, nothing)
    with pytest.raises(LevelWithoutWords):
        Look(nothing, step)


@given(words)
def test_words_may_stand_without_dots(said: str) -> None:
    assert level_of(None, said) is None
    assert Look(said).said
    assert Look(said).dots == ""


@given(st.integers().filter(lambda step: step not in STEPS), words)
def test_a_level_is_one_of_five_steps(step: int, said: str) -> None:
    with pytest.raises(BadInput):
        Level(step, said)


@given(steps)
def test_a_step_is_five_dots_those_reached_full(step: int) -> None:
    assert (dots(step).count(FULL), dots(step).count(EMPTY)) == (step, 5 - step)


@pytest.mark.parametrize("sign", [add, sub, mul, truediv, floordiv, pow])
@given(steps, steps, words)
def test_levels_refuse_every_arithmetic(sign: Callable[[object, object], object], a: int, b: int, said: str) -> None:
    one, other = Level(a, said), Level(b, said)
    for left, right in ((one, other), (one, 2), (Look(said, a), Look(said, b)), (Picture(), Picture())):
        with pytest.raises(TypeError):
            sign(left, right)
    with pytest.raises(TypeError):
        sum([one, other])  # type: ignore[list-item]


def test_a_picture_is_three_looks_and_why_and_nothing_that_sums_them_up() -> None:
    assert (*ASPECTS, "why_changed") == PICTURE_PARTS
    numbers = [name for name in dir(Picture()) if isinstance(getattr(Picture(), name), int | float)]
    assert [name for name in numbers if not isinstance(getattr(Picture(), name), bool)] == []


def test_no_rule_makes_one_number_out_of_pictures_levels_or_threads() -> None:
    """Whatever takes a picture, a level or a thread gives words, marks or an order of them back, never a figure."""
    for module in (assessment, assessment_priorities, assessment_threats, fabric_self):
        for name, rule in inspect.getmembers(module, inspect.isfunction):
            if rule.__module__ == module.__name__:
                assert rule.__annotations__["return"] not in ("int", "float", "Fraction", "int | None"), name


@given(pictures)
def test_nothing_changed_between_a_picture_and_itself(picture: Picture) -> None:
    assert what_changed(picture, picture) == ()


@given(pictures, pictures)
def test_only_what_both_sessions_gave_dots_to_is_compared(before: Picture, now: Picture) -> None:
    moved = [
        aspect
        for aspect in ASPECTS
        if None not in (before.look(aspect).step, now.look(aspect).step)
        and before.look(aspect).step != now.look(aspect).step
    ]
    told = what_changed(before, now)
    assert len(told) == (len(moved) + 1 if moved else 0)
    if moved and now.why_changed:
        assert told[-1] == now.why_changed


@given(steps, steps, words)
def test_a_change_says_both_dots_and_asks_why(a: int, b: int, said: str) -> None:
    told = what_changed(Picture(threat=Look(said, a)), Picture(threat=Look(said, b)))
    if a == b:
        assert told == ()
    else:
        assert dots(a) in told[0]
        assert dots(b) in told[0]
        assert ("greater" in told[0]) == (b > a)
        assert "why" in told[1]


@given(pictures)
def test_what_was_not_looked_at_is_asked_and_no_more(picture: Picture) -> None:
    assert len(still_unsaid(picture)) == sum(1 for aspect in ASPECTS if not picture.look(aspect).words)
    assert picture.whole == (still_unsaid(picture) == ())


def test_a_look_holds_words_dots_and_dissent_apart() -> None:
    assert [field.name for field in fields(Look)] == ["words", "step", "disagreed"]
