"""Requests for one person: from within a group, with the family and the way back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.plan_requests import (
    EVERY,
    MESSAGES,
    QUESTIONS,
    RequestFacts,
    RequestStandsAlone,
    findings,
    questions_of,
    refuse_standing_alone,
    unanswered,
)

TODAY = date(2026, 11, 20)
KINDS = st.sampled_from(EVERY)
ANSWERED = st.frozensets(st.sampled_from([one.code for one in QUESTIONS]))


@given(KINDS, st.booleans(), st.booleans())
def test_a_request_never_stands_alone_without_a_reason(kind: str, inside: bool, reason: bool) -> None:
    request = RequestFacts("r", kind, in_collective=inside, has_reason_outside=reason)
    if inside or reason:
        refuse_standing_alone(request)
    else:
        with pytest.raises(RequestStandsAlone, match="from within their group"):
            refuse_standing_alone(request)


@given(KINDS, ANSWERED)
def test_each_kind_asks_about_the_group_and_the_family_until_it_is_answered(
    kind: str, answered: frozenset[str]
) -> None:
    request = RequestFacts("r", kind, answered=answered)
    assert {"group_says", "effect_on_group", "family"} <= {one.code for one in questions_of(kind)}
    assert {one.code for one in unanswered(request)} == {one.code for one in questions_of(kind)} - answered
    codes = {one.code for one in findings(request, TODAY)}
    assert ("family_unheard" in codes) is ("family" not in answered)
    assert ("group_unheard" in codes) is ("group_says" not in answered)
    assert ("effect_on_group_unsaid" in codes) is ("effect_on_group" not in answered)
    assert ("return_unplanned" in codes) is (kind == "relocation" and "return_plan" not in answered)


@given(KINDS, st.sampled_from(["refused", "ended", "withdrawn"]))
def test_what_is_over_asks_nothing_more(kind: str, status: str) -> None:
    yesterday = TODAY - timedelta(days=1)
    assert findings(RequestFacts("r", kind, status, answer_by=yesterday, back_on=yesterday), TODAY) == []


def test_an_answer_and_a_return_that_did_not_come_are_late() -> None:
    yesterday = TODAY - timedelta(days=1)
    sent = RequestFacts("r", "relocation", "sent", answer_by=yesterday, back_on=yesterday, in_collective=False)
    codes = [one.code for one in findings(sent, TODAY)]
    assert codes[:2] == ["answer_late", "return_late"] and codes[-1] == "outside_the_group"
    assert set(codes) == set(MESSAGES)


def test_no_question_is_asked_twice() -> None:
    assert len({one.code for one in QUESTIONS}) == len(QUESTIONS)
    assert all(one.words.endswith("?") for one in QUESTIONS)
