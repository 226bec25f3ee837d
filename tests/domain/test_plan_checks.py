"""The checks that make a plan collective."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.plan_checks import (
    DecisionFacts,
    MeasureFacts,
    PlanFacts,
    PlanNotClosable,
    PlanNotDecided,
    findings,
    refuse_adoption,
    refuse_closing,
)
from tejido.domain.plan_findings import MESSAGES

TODAY = date(2026, 11, 20)
LATER = TODAY + timedelta(days=60)
YESTERDAY = TODAY - timedelta(days=1)

OWN = MeasureFacts(
    "m1", "A", "A1", has_owner=True, due=LATER, threat="t1", effect_on_individuals=True, is_own=True, has_sign=True
)
RELOCATION = MeasureFacts(
    "m2", "I", "I2", has_owner=True, due=LATER, threat="t1", effect_on_group=True, harms_considered=True,
    has_sign=True, ended_decided=True,
)  # fmt: skip
SOUND = PlanFacts(
    status="adopted",
    decision=DecisionFacts(date(2026, 10, 1), holds_until=LATER),
    threats=frozenset(["t1"]),
    measures=(OWN, RELOCATION),
    review_due=LATER,
    review_has_stand_in=True,
)


#: Agreed on without a date, so it is measured by the day of the adoption.
NOT_BEGUN = replace(RELOCATION, status="agreed", due=None)
ENDED = replace(RELOCATION, status="stopped", ended_decided=False)
ON_ONE = tuple(replace(OWN, measure=f"m{number}", owner="Rosa") for number in range(3))


def codes(plan: PlanFacts) -> set[str]:
    return {finding.code for finding in findings(plan, TODAY)}


def with_measure(**changes: object) -> PlanFacts:
    return replace(SOUND, measures=(replace(OWN, **changes), RELOCATION))  # type: ignore[arg-type]


def test_a_sound_plan_has_no_findings() -> None:
    assert findings(SOUND, TODAY) == []


@pytest.mark.parametrize(
    ("code", "plan"),
    [
        ("no_decision", replace(SOUND, decision=None)),
        ("decision_withdrawn", replace(SOUND, decision=DecisionFacts(YESTERDAY, LATER, withdrawn=TODAY))),
        ("decision_expired", replace(SOUND, decision=DecisionFacts(date(2026, 1, 1), YESTERDAY))),
        ("decision_expires", replace(SOUND, decision=DecisionFacts(date(2026, 1, 1), TODAY))),
        ("threat_without_measure", replace(SOUND, threats=frozenset(["t1", "t2"]))),
        ("measure_without_owner", with_measure(has_owner=False)),
        ("measure_without_date", with_measure(due=None)),
        ("measure_overdue", with_measure(due=YESTERDAY)),
        ("measure_due_soon", with_measure(due=TODAY)),
        ("review_missing", replace(SOUND, review_due=None)),
        ("review_overdue", replace(SOUND, review_due=YESTERDAY)),
        ("review_soon", replace(SOUND, review_due=TODAY)),
        ("effect_on_individuals_missing", with_measure(effect_on_individuals=False)),
        ("own_practices_missing", with_measure(is_own=False)),
        ("sign_missing", with_measure(has_sign=False)),
        ("review_without_stand_in", replace(SOUND, review_has_stand_in=False)),
        ("amendment_undecided", replace(SOUND, amended=("a1",))),
        (
            "ended_undecided",
            replace(SOUND, measures=(OWN, ENDED)),
        ),
        (
            "hangs_on_one",
            replace(SOUND, measures=ON_ONE),
        ),
        (
            "effect_on_group_missing",
            replace(SOUND, measures=(OWN, replace(RELOCATION, effect_on_group=False))),
        ),
        ("known_harms", replace(SOUND, measures=(OWN, replace(RELOCATION, harms_considered=False)))),
    ],
)
def test_each_check_finds_its_fault_and_only_that(code: str, plan: PlanFacts) -> None:
    assert codes(plan) == {code}


def test_a_plan_of_individual_measures_alone_is_told() -> None:
    assert codes(replace(SOUND, measures=(RELOCATION,))) == {
        "only_individual_measures",
        "own_practices_missing",
    }
    alone = replace(SOUND, measures=(replace(RELOCATION, is_own=True),), is_collective=False)
    assert codes(alone) == set()


@pytest.mark.parametrize("code", ["I2", "I4", "I5", "I10"])
def test_the_known_harms_are_prompted_for(code: str) -> None:
    measure = replace(RELOCATION, code=code, harms_considered=False)
    assert "known_harms" in codes(replace(SOUND, measures=(OWN, measure)))


def test_what_is_late_comes_first_and_names_its_subject_and_day() -> None:
    found = findings(replace(with_measure(due=YESTERDAY, has_owner=False), decision=None), TODAY)
    assert [finding.level for finding in found] == ["late", "late", "note"]
    overdue = next(finding for finding in found if finding.code == "measure_overdue")
    assert overdue.subject == "m1"
    assert overdue.sentence(lang="en") == "This measure was to be done by 19 November 2026."
    assert "19 de noviembre de 2026" in overdue.sentence(lang="es")


def test_what_was_decided_without_a_day_and_never_began_is_told_after_a_month() -> None:
    waiting = replace(SOUND, adopted=date(2026, 10, 1), measures=(OWN, NOT_BEGUN))
    assert codes(waiting) == {"decided_not_begun", "measure_without_date"}
    assert "decided_not_begun" not in codes(replace(waiting, adopted=TODAY))
    assert "decided_not_begun" not in codes(replace(waiting, status="draft"))


def test_every_finding_has_a_sentence_a_reason_and_a_way_out() -> None:
    for message, reason, way_out in MESSAGES.values():
        assert message.endswith(".")
        assert reason.endswith(".")
        assert way_out.endswith(".")


def test_what_is_in_place_or_given_up_and_closed_things_are_left_alone() -> None:
    assert codes(with_measure(status="in_place", due=YESTERDAY, has_owner=False)) == set()
    stopped = replace(SOUND, threats=frozenset(), measures=(OWN, replace(RELOCATION, status="stopped", due=None)))
    assert codes(stopped) == {"no_threat_named"}
    harmful = replace(SOUND, threats=frozenset(), measures=(OWN, replace(RELOCATION, status="harmful", due=None)))
    assert codes(harmful) == {"no_threat_named"}
    assert findings(replace(SOUND, status="closed", decision=None), TODAY) == []


def test_each_measure_says_what_it_answers_unless_the_group_does_it_by_itself() -> None:
    aimless = replace(RELOCATION, threat=None)
    assert codes(replace(SOUND, measures=(OWN, aimless))) == {"measure_without_threat"}
    assert codes(replace(SOUND, measures=(OWN, replace(aimless, status="stopped")))) == set()
    assert codes(with_measure(threat=None)) == set()
    assert codes(replace(SOUND, threats=frozenset(), measures=(OWN, aimless))) == {"no_threat_named"}


@pytest.mark.parametrize(
    "decision",
    [
        None,
        DecisionFacts(YESTERDAY, withdrawn=TODAY),
        DecisionFacts(date(2026, 1, 1), holds_until=YESTERDAY),
        DecisionFacts(LATER),
    ],
)
def test_no_plan_is_adopted_without_a_decision_that_holds(decision: DecisionFacts | None) -> None:
    with pytest.raises(PlanNotDecided, match="not adopted"):
        refuse_adoption(PlanFacts(decision=decision), TODAY)


def test_a_plan_the_group_decided_on_is_adopted() -> None:
    refuse_adoption(PlanFacts(decision=DecisionFacts(TODAY, holds_until=TODAY)), TODAY)


def test_a_collective_case_is_not_closed_on_individual_measures_alone() -> None:
    done = replace(RELOCATION, status="in_place")
    with pytest.raises(PlanNotClosable):
        refuse_closing(replace(SOUND, measures=(OWN, done)))
    with pytest.raises(PlanNotClosable):
        refuse_closing(replace(SOUND, measures=()))
    refuse_closing(replace(SOUND, measures=(replace(OWN, status="in_place"), done)))
    refuse_closing(replace(SOUND, measures=(done,), is_collective=False))


measures = st.builds(
    MeasureFacts,
    st.sampled_from(["m1", "m2", "m3"]),
    st.sampled_from(["A", "B", "I"]),
    st.sampled_from(["", "A1", "B9", "I2", "I10"]),
    st.booleans(),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 12, 31))),
    st.sampled_from(["wanted", "agreed", "under_way", "in_place", "stopped", "harmful"]),
    st.sampled_from([None, "t1", "t2"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(measures, max_size=4), st.frozensets(st.sampled_from(["t1", "t2"])))
def test_every_plan_is_checked_in_full_sentences(told: list[MeasureFacts], threats: frozenset[str]) -> None:
    for finding in findings(PlanFacts(threats=threats, measures=tuple(told)), TODAY):
        for said in (finding.sentence(), finding.why(), finding.help()):
            assert said.endswith(".")
            assert "{" not in said


@given(st.lists(measures, max_size=4), measures)
def test_a_sound_group_measure_never_adds_a_finding_of_another(told: list[MeasureFacts], more: MeasureFacts) -> None:
    sound = replace(OWN, measure="m9", threat=more.threat)
    before = {(one.code, one.subject) for one in findings(PlanFacts(measures=tuple(told)), TODAY)}
    after = {(one.code, one.subject) for one in findings(PlanFacts(measures=(*told, sound)), TODAY)}
    assert after <= before
