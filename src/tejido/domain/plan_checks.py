"""The checks that make a plan collective: what is missing or late, why it matters, and a way out.

A check is never a verdict on a group. It says a sentence, its reason and what can be done; only two things
are refused outright: to adopt a plan without a decision of the group, and to close a collective case on
individual measures alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from tejido.domain.decisions import DecisionFacts
from tejido.domain.errors import RuleBroken
from tejido.domain.plan_findings import MESSAGES, Finding, Level, finding_of
from tejido.domain.words import N_

__all__ = [
    "DecisionFacts", "Finding", "MeasureFacts", "PlanFacts", "PlanNotClosable", "PlanNotDecided", "findings",
    "refuse_adoption", "refuse_closing",
]  # fmt: skip

#: What ends within so many days is told beforehand.
SOON_DAYS = 14
#: What was decided is to have begun after so many days. Assumed.
BEGUN_DAYS = 30
#: From so many measures on it is looked at whether they rest on one.
_FEWEST_SHARED = 3
_NOT_BEGUN = frozenset(["wanted", "agreed"])
#: Measures that reach a person: those prompt for the known harms (relocation, accompaniment, site security,
#: award or public profile).
KNOWN_HARMS = frozenset(["I2", "I4", "I5", "I10"])
_GIVEN_UP = frozenset(["stopped", "harmful"])
_CLOSED_MEASURES = _GIVEN_UP | {"in_place"}
_CLOSED_PLANS = frozenset(["closed"])


class PlanNotDecided(RuleBroken):
    """A plan would be adopted without a decision of the group that holds."""

    message = N_(
        "This plan is not adopted yet: the group has recorded no decision on it. The plan was kept as it is. "
        "Record what the group decided and how, then adopt it."
    )


class PlanNotClosable(RuleBroken):
    """A collective case would be closed on individual measures alone."""

    message = N_(
        "This plan stays open: no measure of the group or of its surroundings was carried out, and what "
        "struck the group is not answered by protecting one person. Nothing was changed. Carry out at "
        "least one such measure first."
    )


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What the checks need of a measure.

    ``family`` is A (resilience), B (workspace) or I (individual); ``code`` that of the catalogue, empty for
    the group's own; ``status`` one of wanted, agreed, under_way, in_place, stopped, harmful; ``threat`` the id of the
    threat it answers. ``effect_on_group`` and ``effect_on_individuals`` say whether each effect was written
    down; ``harms_considered`` whether the known harms were talked about; ``is_own`` whether the group already
    does it. ``owner`` says who sees to it, so that what rests on one can be seen; ``has_sign`` whether it is
    agreed how to see that it works; ``ended_decided`` whether a decision covers its end.
    """

    measure: str
    family: Literal["A", "B", "I"]
    code: str = ""
    has_owner: bool = False
    due: date | None = None
    status: str = "wanted"
    threat: str | None = None
    effect_on_group: bool = False
    effect_on_individuals: bool = False
    is_own: bool = False
    harms_considered: bool = False
    owner: str = ""
    has_sign: bool = False
    ended_decided: bool = False

    @property
    def is_open(self) -> bool:
        """Neither in place nor given up."""
        return self.status not in _CLOSED_MEASURES

    @property
    def is_given_up(self) -> bool:
        """Stopped, or found harmful."""
        return self.status in _GIVEN_UP


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the checks need of a plan.

    ``status`` is one of draft, adopted, closed; ``threats`` are the ids of the threats and vulnerabilities it
    is to answer; ``is_collective`` is false only for a plan of one person with nobody else concerned.
    ``adopted`` is the day the group adopted it; ``amended`` are the ids of changes made since that no decision has
    taken up; ``review_has_stand_in`` whether somebody calls the review if the first cannot.
    """

    status: str = "draft"
    decision: DecisionFacts | None = None
    threats: frozenset[str] = frozenset()
    measures: tuple[MeasureFacts, ...] = field(default_factory=tuple)
    review_due: date | None = None
    is_collective: bool = True
    adopted: date | None = None
    amended: tuple[str, ...] = ()
    review_has_stand_in: bool = False


def findings(plan: PlanFacts, today: date) -> list[Finding]:
    """Return what is missing or late in the plan: late first, then soon, then notes.

    The subject is a measure's or threat's id, and empty for the plan itself. A closed plan has no findings.
    """
    if plan.status in _CLOSED_PLANS:
        return []
    found = [*_on_decision(plan, today), *_on_review(plan, today), *_on_whole(plan)]
    for measure in plan.measures:
        found += _on_purpose(plan, measure)
        found += _on_end(plan, measure) if measure.is_given_up else _on_measure(measure, today)
        found += _on_beginning(plan, measure, today)
    order: dict[Level, int] = {"late": 0, "soon": 1, "note": 2}
    return sorted(found, key=lambda finding: order[finding.level])


def _finding(code: str, level: Level, subject: str = "", **parameters: object) -> Finding:
    return finding_of(MESSAGES, code, level, subject, **parameters)


def _on_decision(plan: PlanFacts, today: date) -> Iterator[Finding]:
    level: Level = "late" if plan.status == "adopted" else "note"
    decision = plan.decision
    if decision is None:
        yield _finding("no_decision", level)
    elif decision.was_withdrawn(today):
        yield _finding("decision_withdrawn", "late", when=decision.withdrawn)
    elif decision.has_expired(today):
        yield _finding("decision_expired", "late", when=decision.holds_until)
    elif decision.holds_until is not None and decision.holds_until <= today + timedelta(days=SOON_DAYS):
        yield _finding("decision_expires", "soon", when=decision.holds_until)


def _on_review(plan: PlanFacts, today: date) -> Iterator[Finding]:
    if plan.review_due is None:
        yield _finding("review_missing", "note")
    elif plan.review_due < today:
        yield _finding("review_overdue", "late", when=plan.review_due)
    elif plan.review_due <= today + timedelta(days=SOON_DAYS):
        yield _finding("review_soon", "soon", when=plan.review_due)
    if plan.review_due is not None and not plan.review_has_stand_in:
        yield _finding("review_without_stand_in", "note")


def _on_whole(plan: PlanFacts) -> Iterator[Finding]:
    counted = [measure for measure in plan.measures if not measure.is_given_up]
    if plan.is_collective and counted and all(measure.family == "I" for measure in counted):
        yield _finding("only_individual_measures", "note")
    if not any(measure.is_own for measure in counted):
        yield _finding("own_practices_missing", "note")
    if not plan.threats:
        yield _finding("no_threat_named", "note")
    answered = {measure.threat for measure in counted}
    for threat in sorted(plan.threats - answered):
        yield _finding("threat_without_measure", "note", threat)
    for amendment in plan.amended if plan.status == "adopted" else ():
        yield _finding("amendment_undecided", "late", amendment)
    if _rests_on_one(counted):
        yield _finding("hangs_on_one", "note")


def _rests_on_one(measures: Sequence[MeasureFacts]) -> bool:
    carried = Counter(measure.owner.casefold() for measure in measures if measure.owner)
    if len(measures) < _FEWEST_SHARED or not carried:
        return False
    return carried.most_common(1)[0][1] * 2 > len(measures)


def _on_purpose(plan: PlanFacts, measure: MeasureFacts) -> Iterator[Finding]:
    """What a measure is for; what the group does of itself does not have to say so."""
    if plan.threats and not (measure.threat or measure.is_own or measure.is_given_up):
        yield _finding("measure_without_threat", "note", measure.measure)


def _on_beginning(plan: PlanFacts, measure: MeasureFacts, today: date) -> Iterator[Finding]:
    """What was adopted and not begun; a measure that has a date of its own is late by that date."""
    if plan.status != "adopted" or plan.adopted is None or measure.status not in _NOT_BEGUN or measure.due is not None:
        return
    if plan.adopted + timedelta(days=BEGUN_DAYS) < today:
        yield _finding("decided_not_begun", "late", measure.measure, when=plan.adopted)


def _on_end(plan: PlanFacts, measure: MeasureFacts) -> Iterator[Finding]:
    if plan.status == "adopted" and not measure.ended_decided:
        yield _finding("ended_undecided", "late", measure.measure)


def _on_measure(measure: MeasureFacts, today: date) -> Iterator[Finding]:
    if measure.is_open:
        yield from _on_promise(measure, today)
    if measure.family == "I" and not measure.effect_on_group:
        yield _finding("effect_on_group_missing", "note", measure.measure)
    if measure.family != "I" and not measure.effect_on_individuals:
        yield _finding("effect_on_individuals_missing", "note", measure.measure)
    if not measure.has_sign:
        yield _finding("sign_missing", "note", measure.measure)
    if measure.code in KNOWN_HARMS and not measure.harms_considered:
        yield _finding("known_harms", "note", measure.measure)


def _on_promise(measure: MeasureFacts, today: date) -> Iterator[Finding]:
    if not measure.has_owner:
        yield _finding("measure_without_owner", "note", measure.measure)
    if measure.due is None:
        yield _finding("measure_without_date", "note", measure.measure)
    elif measure.due < today:
        yield _finding("measure_overdue", "late", measure.measure, when=measure.due)
    elif measure.due <= today + timedelta(days=SOON_DAYS):
        yield _finding("measure_due_soon", "soon", measure.measure, when=measure.due)


def refuse_adoption(plan: PlanFacts, today: date) -> None:
    """Raise ``PlanNotDecided`` unless the group has taken a decision that holds ``today``."""
    if plan.decision is None or not plan.decision.holds(today):
        raise PlanNotDecided


def refuse_closing(plan: PlanFacts) -> None:
    """Raise ``PlanNotClosable`` when a collective case would be closed on individual measures alone.

    At least one measure of family A or B must have been carried out; a plan without any measure cannot be
    closed as answered either.
    """
    carried_out = {measure.family for measure in plan.measures if measure.status == "in_place"}
    if plan.is_collective and not carried_out & {"A", "B"}:
        raise PlanNotClosable
