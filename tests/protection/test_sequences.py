"""Whatever is done in whatever order, no plan stands adopted without a decision of its group in force."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import TejidoError
from tejido.protection import actions
from tejido.protection.actions import MeasureGiven
from tejido.protection.models import Decision, Plan
from tests.protection.planning import TODAY, YESTERDAY, assembly, day, decision_of, plan_of

WHICH = st.integers(0, 3)


class Planning(RuleBasedStateMachine):
    """Two groups, their plans and decisions, and everything that may be done to them."""

    by: Any

    def __init__(self) -> None:
        super().__init__()
        Plan.objects.all().delete()
        Decision.objects.all().delete()
        self.groups = [assembly(self.by), assembly(self.by, "Otra")]

    @initialize()
    def each_group_has_a_plan(self) -> None:
        self.plans = [plan_of(self.by, group, practices=["Guardia"]).pk for group in self.groups]
        self.decisions: list[Any] = []

    def _plan(self, which: int) -> Any:
        return self.plans[which % len(self.plans)]

    @rule(whose=WHICH, which=st.none() | WHICH, lapsed=st.booleans())
    def decide(self, whose: int, which: int | None, lapsed: bool) -> None:
        until = day(YESTERDAY) if lapsed else None
        taken = ImpreciseDate.year(2025) if lapsed else day(TODAY)
        plan = None if which is None else self._plan(which)
        with suppress(TejidoError):
            made = decision_of(self.by, self.groups[whose % 2], taken_on=taken, holds_until=until, plan=plan)
            self.decisions.append(made.pk)

    @rule(which=WHICH, by_which=st.none() | WHICH)
    def adopt(self, which: int, by_which: int | None) -> None:
        decision = self.decisions[by_which % len(self.decisions)] if by_which is not None and self.decisions else None
        with suppress(TejidoError):
            actions.adopt_plan(by=self.by, plan=self._plan(which), today=TODAY, decision=decision)

    @rule(which=WHICH)
    def take_back(self, which: int) -> None:
        if self.decisions:
            with suppress(TejidoError):
                chosen = self.decisions[which % len(self.decisions)]
                actions.withdraw_decision(by=self.by, decision=chosen, today=TODAY)

    @rule(which=WHICH, code=st.sampled_from(["A2", "I2"]), status=st.sampled_from(["wanted", "in_place"]))
    def measure(self, which: int, code: str, status: str) -> None:
        with suppress(TejidoError):
            given = MeasureGiven(code=code, status=status)
            actions.add_measure(by=self.by, plan=self._plan(which), measure=given)

    @rule(which=WHICH)
    def close(self, which: int) -> None:
        with suppress(TejidoError):
            actions.close_plan(by=self.by, plan=self._plan(which))

    @invariant()
    def nothing_is_adopted_without_a_decision_in_force(self) -> None:
        for plan in Plan.objects.filter(status="adopted").select_related("decision"):
            assert plan.decision is not None
            assert plan.decision.status == "in_force"
            assert plan.decision.collective_id == plan.collective_id
            assert plan.decision.holds_until is None or plan.decision.holds_until.end >= TODAY


def test_no_sequence_of_actions_adopts_a_plan_that_nobody_decided_on(at_work: Any) -> None:
    class Here(Planning):
        by = at_work

    quiet = settings(
        max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(Here, settings=quiet)
