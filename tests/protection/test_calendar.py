"""What comes back in a calendar is what the rule says is due next, and says nothing of what it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar.prop import vRecur

from tejido.domain.dates import ImpreciseDate
from tejido.domain.network_reach import CallFacts
from tejido.domain.reviews import next_review, repetition
from tejido.protection.actions import set_review
from tejido.protection.following import actions
from tejido.protection.following.calendar import agreed_days, calendar_bytes, rule_of
from tejido.protection.following.given import CallGiven, DrillGiven
from tests.protection.planning import TODAY, assembly, day, plan_of


def days_of(told: str, first: date, many: int) -> list[date]:
    """Read a rule with a program that is not ours."""
    read = rrulestr(told, dtstart=datetime(first.year, first.month, first.day, tzinfo=UTC))
    return [one.date() for one in islice(read, many)]


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.sampled_from([1, 3, 6, 12]))
def test_what_a_calendar_repeats_is_what_the_rule_says_is_due_next(first: date, months: int) -> None:
    told = str(vRecur(rule_of(first, months)).to_ical(), "utf-8")  # type: ignore[no-untyped-call]
    days = days_of(told, first, 30)
    assert days == [repetition(first, months, number) for number in range(30)]
    assert days[1] == next_review(first, months)


def test_reviews_drills_and_tests_come_back_in_their_rhythm_in_neutral_words(at_work: Any) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group, title="Secreto")
    month_end = date(2027, 1, 31)
    set_review(by=at_work, plan=plan.pk, review_on=day(month_end), rhythm="quarterly")
    held = DrillGiven(tried="Salir de noche", held_on=day(date(2026, 11, 10)), rhythm="half_yearly")
    first = actions.record_drill(by=at_work, collective=group.pk, given=held, today=TODAY)
    assert first.next_on == day(date(2027, 5, 10))
    again = DrillGiven(tried="salir de noche", held_on=day(date(2026, 11, 15)), rhythm="half_yearly")
    actions.record_drill(by=at_work, collective=group.pk, given=again, today=TODAY)
    tested = day(date(2026, 11, 1))
    call = CallGiven(name="Nidia", tested_on=tested, answered="answered", rhythm="monthly")
    actions.record_call(by=at_work, collective=group.pk, given=call, today=TODAY)
    actions.record_call(by=at_work, collective=group.pk, given=CallGiven(name="Radio"), today=TODAY)
    agreed = {one.what: (one.day, one.months) for one in agreed_days(group.pk, TODAY)}
    assert agreed == {
        "review": (month_end, 3), "drill": (date(2027, 5, 15), 6), "test": (date(2026, 12, 1), 1),
    }  # fmt: skip
    told = calendar_bytes(group.pk, today=TODAY).decode()
    assert not any(words in told for words in ("Secreto", "noche", "Nidia", "Ribera"))
    for event in Calendar.from_ical(told).walk("VEVENT"):
        start: Any = event.decoded("dtstart")
        rule: Any = event["rrule"]
        days = days_of(rule.to_ical().decode(), start, 3)
        months = next(every for begins, every in agreed.values() if begins == start)
        assert days == [repetition(start, months, number) for number in range(3)]


def test_what_is_missed_still_comes_back_and_what_is_over_does_not(at_work: Any) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group, review_on=day(TODAY - timedelta(days=200)))
    assert agreed_days(group.pk, TODAY) == []
    set_review(by=at_work, plan=plan.pk, review_on=day(TODAY - timedelta(days=200)), rhythm="monthly")
    assert [one.months for one in agreed_days(group.pk, TODAY)] == [1]


@given(st.dates(date(2026, 1, 1), TODAY), st.sampled_from([0, 1, 3, 6, 12]), st.integers(0, 500))
def test_a_test_counts_to_the_day_of_the_next_and_no_longer(tested: date, months: int, later: int) -> None:
    call = CallFacts("a", 1, "phone", "answered", tested, months=months)
    on = tested + timedelta(days=later)
    assert call.next_test is not None and call.next_test > tested
    assert call.reached(on) == (on <= call.next_test)


def test_a_rhythm_without_a_day_repeats_nothing(at_work: Any) -> None:
    group = assembly(at_work)
    given_ = DrillGiven(tried="Salir de noche", rhythm="monthly", next_on=None, held_on=None)
    made = actions.record_drill(by=at_work, collective=group.pk, given=given_, today=TODAY)
    assert made.next_on is None and agreed_days(group.pk, TODAY) == []
    assert ImpreciseDate.day(TODAY).end == TODAY
