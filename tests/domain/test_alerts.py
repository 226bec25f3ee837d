"""When a call to others stands, who is told next, and when nobody is told any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.alerts import (
    AlertFacts,
    AlertStopped,
    ToldFacts,
    findings,
    next_to_tell,
    refuse_telling,
    sentence,
    standing,
    told,
)
from tejido.domain.decisions import DecisionFacts

TODAY = date(2026, 11, 20)
DAYS = st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=40))
DECIDED = DecisionFacts(decided=TODAY - timedelta(days=10), about="alert")
FIRST, SECOND = ToldFacts("a", 1), ToldFacts("b", 2)
STANDS = AlertFacts("x", "open", 1, begun=TODAY - timedelta(days=5), decision=DECIDED, calls=(SECOND, FIRST))
DECISIONS = st.builds(
    DecisionFacts,
    decided=DAYS,
    holds_until=st.none() | DAYS,
    withdrawn=st.none() | DAYS,
    about=st.sampled_from(["alert", "plan", "sharing"]),
)
ALERTS = st.builds(
    AlertFacts,
    alert=st.just("x"),
    status=st.sampled_from(["draft", "open", "stopped", "over"]),
    answer_within=st.sampled_from([1, 3, 14]),
    begun=st.none() | DAYS,
    until=st.none() | DAYS,
    ended=st.none() | DAYS,
    decision=st.none() | DECISIONS,
    has_consent=st.booleans(),
    audience=st.sampled_from(["internal", "partners", "media"]),
    calls=st.lists(
        st.builds(
            ToldFacts,
            call=st.uuids().map(str),
            position=st.integers(1, 4),
            given=st.none() | DAYS,
            answered=st.sampled_from(["", "helps", "heard", "refuses", "silent"]),
        ),
        max_size=5,
        unique_by=lambda one: one.call,
    ).map(tuple),
)


@given(ALERTS, DAYS)
def test_nobody_is_told_without_a_decision_on_calling_others_that_holds_that_day(alert: AlertFacts, day: date) -> None:
    try:
        refuse_telling(alert, day)
    except AlertStopped:
        return
    assert alert.decision is not None and alert.decision.covers("alert", day)
    assert alert.begun is not None and alert.begun <= day
    assert alert.until is None or day <= alert.until
    assert alert.audience == "internal" or alert.has_consent


@given(ALERTS, DAYS, DAYS)
def test_a_decision_taken_back_stops_it_at_once_and_for_good(alert: AlertFacts, withdrawn: date, day: date) -> None:
    decision = replace(alert.decision or DECIDED, withdrawn=withdrawn)
    if day >= withdrawn:
        assert standing(replace(alert, decision=decision), day) != "stands"


@given(ALERTS, DAYS)
def test_whoever_is_told_next_is_the_first_in_order_whom_nobody_told(alert: AlertFacts, day: date) -> None:
    following = next_to_tell(alert)
    untold = [one for one in alert.calls if one.given is None]
    assert (following is None) == (not untold)
    if following is not None:
        assert all(one.position >= following.position for one in untold)
    assert len(told(alert)) + len(untold) == len(alert.calls)
    levels = [one.level for one in findings(alert, day)]
    assert levels == sorted(levels, key=["late", "soon", "note"].index)
    assert sentence(alert) and all(one.sentence() and one.why() and one.help() for one in findings(alert, day))


@pytest.mark.parametrize(
    ("code", "alert"),
    [
        ("nobody_to_tell", AlertFacts("x")),
        ("no_last_day", AlertFacts("x", calls=(FIRST,))),
        ("tell_next", STANDS),
        ("decision_gone", replace(STANDS, decision=replace(DECIDED, withdrawn=TODAY))),
        ("decision_gone", replace(STANDS, decision=replace(DECIDED, about="plan"))),
        ("consent_gone", replace(STANDS, audience="media")),
        ("too_late", replace(STANDS, until=TODAY - timedelta(days=1))),
        ("no_answer", replace(STANDS, calls=(replace(FIRST, given=TODAY - timedelta(days=2)),))),
        ("silent", replace(STANDS, calls=(replace(FIRST, given=TODAY, answered="silent"), SECOND))),
        ("nobody_helps", replace(STANDS, calls=(replace(FIRST, given=TODAY, answered="refuses"),))),
        (
            "tell_them_it_stopped",
            replace(STANDS, status="stopped", ended=TODAY, calls=(replace(FIRST, given=TODAY, answered="helps"),)),
        ),
    ],
)
def test_each_thing_left_to_do_is_said(code: str, alert: AlertFacts) -> None:
    assert code in {one.code for one in findings(alert, TODAY)}


def test_what_goes_well_asks_for_nothing() -> None:
    whole = replace(STANDS, calls=(replace(FIRST, given=TODAY, answered="helps"),))
    assert findings(whole, TODAY) == []
    assert sentence(whole) == "1 of 1 was told; 1 said that they will do it."


def test_of_the_day_it_stopped_whoever_told_somebody_says_whether_it_still_stood() -> None:
    stopped = replace(STANDS, status="stopped", ended=TODAY, decision=replace(DECIDED, withdrawn=TODAY))
    with pytest.raises(AlertStopped):
        refuse_telling(stopped, TODAY)
    refuse_telling(stopped, TODAY, still_stood=True)
    refuse_telling(stopped, TODAY - timedelta(days=1))
    with pytest.raises(AlertStopped):
        refuse_telling(stopped, TODAY + timedelta(days=1), still_stood=True)
    with pytest.raises(AlertStopped, match="before the group's decision"):
        refuse_telling(STANDS, TODAY - timedelta(days=6))
