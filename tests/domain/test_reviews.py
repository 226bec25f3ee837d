"""Looking again at a plan, and what can be said of before and after."""

from __future__ import annotations

from datetime import date, timedelta
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.reviews import MESSAGES, ReviewFacts, findings, next_review, prompts_on, unlooked_at
from tejido.domain.reviews_before_after import before_and_after, chance_of

TODAY = date(2026, 11, 20)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(0, 60)


@given(DAYS, st.sampled_from([1, 3, 6, 12]))
def test_the_next_review_is_so_many_months_on_at_the_latest_day_there_is(held: date, months: int) -> None:
    following = next_review(held, months)
    assert (following.year * 12 + following.month) - (held.year * 12 + held.month) == months
    assert following.day == held.day or (following + timedelta(days=1)).day == 1


@given(st.lists(st.tuples(st.uuids().map(str), DAYS), unique_by=lambda one: one[0]), st.lists(DAYS))
def test_what_happened_before_the_last_review_was_looked_at_and_what_came_after_was_not(
    incidents: list[tuple[str, date]], held: list[date]
) -> None:
    last = max(held, default=date.min)
    reviews = [ReviewFacts(one) for one in held]
    assert unlooked_at(incidents, reviews) == tuple(one for one, day in incidents if day >= last)
    assert len(findings(incidents, reviews)) == len(unlooked_at(incidents, reviews))
    adopted = unlooked_at(incidents, [], TODAY)
    assert adopted == tuple(one for one, day in incidents if day >= TODAY)
    named = [*reviews, *(ReviewFacts(date(2019, 1, 1), incident=one) for one, _day in incidents)]
    assert unlooked_at(incidents, named) == ()


@given(st.booleans(), st.booleans(), st.booleans())
def test_a_review_is_asked_what_it_left_out(held: bool, failed: bool, changed: bool) -> None:
    asked = prompts_on(ReviewFacts(TODAY, has_held=held, has_failed=failed, has_change=changed))
    assert len(asked) == [held, failed, changed].count(False)
    assert all(part.endswith((".", "?")) for told in MESSAGES.values() for part in told)


@given(COUNTS, COUNTS)
def test_the_chance_is_that_of_the_exact_test_and_the_same_from_both_sides(before: int, after: int) -> None:
    total, fewer = before + after, min(before, after)
    exact = sum(comb(total, k) * 0.5**total for k in range(total + 1) if k <= fewer or k >= total - fewer)
    assert chance_of(before, after) == pytest.approx(min(1.0, exact))
    assert chance_of(before, after) == chance_of(after, before)
    assert 0 < chance_of(before, after) <= 1


@given(DAYS, st.lists(DAYS, max_size=40), DAYS)
def test_both_stretches_are_as_long_and_count_nothing_twice(placed: date, incidents: list[date], today: date) -> None:
    told = before_and_after(placed, incidents, today)
    assert told.before + told.after <= len(incidents)
    assert told.days <= 180 and (told.days == 0) is (today < placed)
    assert told.before == sum(placed - timedelta(days=told.days) <= one < placed for one in incidents)
    assert told.sentence().endswith(".")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (5, 2, "may be chance"),
        (0, 0, "proves little"),
        (12, 1, "seldom chance alone"),
        (1, 12, "does harm"),
    ],
)
def test_it_is_said_how_little_a_difference_proves(before: int, after: int, words: str) -> None:
    placed = TODAY - timedelta(days=59)
    dated = [placed - timedelta(days=3)] * before + [placed] * after
    told = before_and_after(placed, dated, TODAY)
    assert (told.days, told.before, told.after) == (60, before, after)
    assert words in told.sentence()


def test_the_first_days_of_a_measure_say_nothing() -> None:
    assert "too early" in before_and_after(TODAY - timedelta(days=5), [TODAY], TODAY).sentence()
