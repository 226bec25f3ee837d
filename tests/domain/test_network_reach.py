"""Whom a group calls, and whether that would work tonight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.network_reach import CallFacts, findings, next_after, order_of_calls, sentence

TODAY = date(2026, 11, 20)
CALLS = st.lists(
    st.builds(
        CallFacts,
        call=st.uuids().map(str),
        position=st.integers(1, 5),
        channel=st.sampled_from(["phone", "radio", "on_foot"]),
        answered=st.sampled_from(["", "answered", "late", "silent"]),
        tested=st.none() | st.dates(TODAY - timedelta(days=400), TODAY),
        has_stand_in=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.call,
)
FIRST = CallFacts("a", 1, "phone", "answered", TODAY, has_stand_in=True)
SECOND = CallFacts("b", 2, "radio", "answered", TODAY)
SOUND = [FIRST, SECOND]


def codes(calls: list[CallFacts], drill: date | None = TODAY) -> set[str]:
    return {one.code for one in findings(calls, drill, TODAY)}


@pytest.mark.parametrize(
    ("code", "calls", "drill"),
    [
        ("nobody_to_call", [], TODAY),
        ("call_silent", [replace(FIRST, answered="silent"), SECOND], TODAY),
        ("call_untested", [replace(FIRST, tested=None, answered=""), SECOND], TODAY),
        ("call_tested_long_ago", [replace(FIRST, tested=TODAY - timedelta(days=91)), SECOND], TODAY),
        ("one_call_only", [replace(FIRST, has_stand_in=False)], TODAY),
        ("first_without_stand_in", [replace(FIRST, has_stand_in=False), SECOND], TODAY),
        ("one_channel", [FIRST, replace(SECOND, channel="phone")], TODAY),
        ("no_drill", SOUND, None),
        ("drill_long_ago", SOUND, TODAY - timedelta(days=181)),
    ],
)
def test_each_weak_place_is_found_and_only_that(code: str, calls: list[CallFacts], drill: date | None) -> None:
    assert codes(SOUND) == set()
    assert codes(calls, drill) == {code}


@given(CALLS)
def test_the_order_holds_every_call_once_by_its_place(calls: list[CallFacts]) -> None:
    order = order_of_calls(calls)
    assert sorted(one.call for one in order) == sorted(one.call for one in calls)
    assert [one.position for one in order] == sorted(one.position for one in calls)


@given(CALLS)
def test_if_one_cannot_be_reached_another_is_named_as_long_as_there_is_one(calls: list[CallFacts]) -> None:
    for call in calls:
        following = next_after(call.call, calls)
        assert (following is None) is (len(calls) == 1)
        if following is not None:
            assert following.call != call.call
            others = [one for one in calls if one.call != call.call]
            assert following.answered != "silent" or all(one.answered == "silent" for one in others)


@given(CALLS)
def test_the_sentence_never_claims_more_than_was_tested(calls: list[CallFacts]) -> None:
    reached = sum(one.reached(TODAY) for one in calls)
    assert reached <= sum(one.tested is not None for one in calls)
    assert sentence(calls, TODAY).endswith(".")
