"""What a decision covers, what it is asked, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.decisions import (
    MESSAGES,
    DecidedAfterwards,
    DecisionFacts,
    NotCounted,
    NotDecided,
    number_in,
    prompts_on,
    refuse_afterwards,
    refuse_uncounted,
    refuse_undecided,
)

TODAY = date(2026, 11, 20)
DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))
SOUND = DecisionFacts(date(2026, 10, 1), holds_until=date(2027, 10, 1), present=62, quorum=50)


def asked(decision: DecisionFacts) -> set[str]:
    return {finding.code for finding in prompts_on(decision)}


def test_a_sound_decision_is_asked_nothing() -> None:
    assert asked(SOUND) == set()
    refuse_uncounted(SOUND)


@pytest.mark.parametrize(
    ("code", "decision"),
    [
        ("nobody_counted", replace(SOUND, present=None)),
        ("votes_uncounted", replace(SOUND, mode="majority", votes_for=30)),
        ("caucus_alone", replace(SOUND, mode="womens_caucus")),
        ("mandate_unsaid", replace(SOUND, mode="customary_authority")),
        ("objection_recorded", replace(SOUND, mode="no_objection", has_dissent=True)),
        ("no_end", replace(SOUND, holds_until=None)),
    ],
)
def test_each_prompt_asks_its_own_and_only_that(code: str, decision: DecisionFacts) -> None:
    assert asked(decision) == {code}
    assert set(MESSAGES) >= {code}


@given(st.booleans(), st.sampled_from(["womens_caucus", "youth_caucus", "customary_authority"]))
def test_a_mandate_answers_what_a_part_of_the_group_is_asked(mandated: bool, mode: str) -> None:
    assert bool(asked(replace(SOUND, mode=mode, has_mandate=mandated))) is not mandated


@given(DAYS, st.none() | DAYS, st.none() | DAYS, DAYS, st.sampled_from(["plan", "alert", "sharing"]))
def test_a_decision_covers_its_own_subject_on_the_days_it_holds_and_nothing_else(
    decided: date, until: date | None, withdrawn: date | None, today: date, about: str
) -> None:
    decision = DecisionFacts(decided, until, withdrawn, about="plan")
    held = decided <= today and (until is None or today <= until) and (withdrawn is None or today < withdrawn)
    assert decision.covers(about, today) is (held and about == "plan")
    if decision.covers(about, today):
        refuse_undecided([decision], about, today)
    else:
        with pytest.raises(NotDecided):
            refuse_undecided([decision], about, today)


@given(DAYS, DAYS)
def test_nothing_is_decided_after_it_was_done(decided: date, done: date) -> None:
    if decided <= done:
        refuse_afterwards(DecisionFacts(decided), done)
    else:
        with pytest.raises(DecidedAfterwards, match="after what it is meant to allow"):
            refuse_afterwards(DecisionFacts(decided), done)


@given(st.integers(0, 99), st.integers(0, 99), st.booleans())
def test_fewer_than_the_groups_own_rule_asks_for_count_only_with_a_reason(
    present: int, quorum: int, reason: bool
) -> None:
    decision = replace(SOUND, present=present, quorum=quorum, has_mandate=reason)
    if present >= quorum or reason:
        refuse_uncounted(decision)
    else:
        with pytest.raises(NotCounted, match="Fewer took part"):
            refuse_uncounted(decision)


@given(st.integers(0, 99), st.integers(0, 99))
def test_a_majority_is_never_outvoted(yes: int, no: int) -> None:
    decision = replace(SOUND, mode="majority", votes_for=yes, votes_against=no)
    if no > yes:
        with pytest.raises(NotCounted, match="More were against"):
            refuse_uncounted(decision)
    else:
        refuse_uncounted(decision)


@pytest.mark.parametrize(
    ("words", "number"), [("62, of them 40 women", 62), ("casi todas", None), ("", None), ("unas 1200", 1200)]
)
def test_the_first_number_of_what_was_said_counts_those_present(words: str, number: int | None) -> None:
    assert number_in(words) == number


def test_a_withdrawn_decision_stops_at_once() -> None:
    assert not replace(SOUND, withdrawn=TODAY).covers("plan", TODAY)
    assert replace(SOUND, withdrawn=TODAY + timedelta(days=1)).covers("plan", TODAY)
