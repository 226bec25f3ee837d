"""A plan that was adopted keeps what changed since; a measure ends by a decision, or at once if it harms."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from tejido.domain.dates import ImpreciseDate
from tejido.domain.decisions import DecidedAfterwards, NotCounted, NotDecided
from tejido.domain.errors import BadInput
from tejido.domain.plan_changes import MeasuresInCircle
from tejido.domain.plan_checks import PlanNotDecided
from tejido.protection import actions
from tejido.protection.actions import MeasureGiven, ThreatGiven
from tejido.protection.deciding import require_decision
from tejido.protection.ending import EndedInPassing
from tejido.protection.models import Amendment, Decision, Measure, Plan, ReasonKept
from tejido.protection.queries import decision_by_id, plan_by_id, stopped_with
from tejido.protection.showing import plan_page
from tests.protection.planning import LATER, TODAY, YESTERDAY, assembly, day, decision_of, plan_of, walked
from tests.protection.sessions.meeting import fields_of
from tests.protection.test_pages import text_of

LONG = "ñ" * 300
RIGHT_TO_LEFT = "لجنة حماية القرية"


def adopted(by: Any, **more: Any) -> Plan:
    group = assembly(by)
    plan = plan_of(by, group, **({"practices": ["Guardia"], "threats": [ThreatGiven("Panfletos")]} | more))
    decision = decision_of(by, group, plan=plan.pk)
    return actions.adopt_plan(by=by, plan=plan.pk, today=TODAY, decision=decision.pk)


def decided_now(by: Any, plan: Plan) -> Decision:
    """Record a decision of today, whatever day it is: changes are kept with the day they were made on."""
    today = timezone.localdate()
    return actions.record_decision(
        by=by, collective=plan.collective_id, mode="assembly", what="Seguir", taken_on=day(today), today=today
    )


def waiting(plan: Plan) -> list[str]:
    return [one.what for one in Amendment.objects.filter(plan=plan, decision=None).order_by("born", "id")]


def test_what_changes_after_the_adoption_is_kept_and_waits_for_the_groups_word(
    at_work: Any, signed_in: Client
) -> None:
    plan = adopted(at_work)
    actions.name_threat(by=at_work, plan=plan.pk, words="Motos")
    added = actions.add_measure(by=at_work, plan=plan.pk, measure=MeasureGiven(title="Luz", family="B"))
    actions.change_measure(by=at_work, measure=added.pk, given=MeasureGiven(title="Luz y radio", family="B"))
    guard = Measure.objects.get(plan=plan, family="A")
    actions.remove_measure(by=at_work, measure=guard.pk)
    assert waiting(plan) == ["threat_named", "measure_added", "measure_changed", "measure_removed"]
    assert Plan.objects.get(pk=plan.pk).status == "adopted"
    page = text_of(signed_in.get(reverse("protection:plan", args=[plan.pk])))
    for words in ("Changed since the group adopted it", "Motos", "Luz y radio", "has not decided on it"):
        assert words in page
    newer = decided_now(at_work, plan)
    actions.adopt_plan(by=at_work, plan=plan.pk, today=timezone.localdate(), decision=newer.pk)
    page = text_of(signed_in.get(reverse("protection:plan", args=[plan.pk])))
    assert "Changed since the group adopted it" not in page
    assert waiting(plan) == []


def test_who_sees_to_it_by_when_and_how_it_stands_is_no_change_of_the_plan(at_work: Any) -> None:
    plan = adopted(at_work)
    guard = Measure.objects.get(plan=plan)
    given = MeasureGiven(title="Guardia", family="A", owner_words="la radio", due_on=day(LATER), status="in_place")
    actions.change_measure(by=at_work, measure=guard.pk, given=given)
    assert waiting(plan) == []
    draft = plan_of(at_work, assembly(at_work, "Otra"), practices=["Guardia"])
    actions.name_threat(by=at_work, plan=draft.pk, words="Motos")
    assert waiting(draft) == []


def test_a_decision_does_not_take_up_what_changed_after_it(at_work: Any) -> None:
    plan = adopted(at_work)
    actions.name_threat(by=at_work, plan=plan.pk, words="Motos")
    old = decision_of(at_work, plan.collective, taken_on=ImpreciseDate.month(2026, 1))
    actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY, decision=old.pk)
    assert waiting(plan) == ["threat_named"]


def test_no_plan_is_adopted_before_its_decision_or_by_one_about_something_else(at_work: Any) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group)
    late = decision_of(at_work, group, taken_on=day(TODAY))
    with pytest.raises(DecidedAfterwards):
        actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY, decision=late.pk, adopted_on=day(YESTERDAY))
    other = decision_of(at_work, group, about="alert")
    with pytest.raises(PlanNotDecided):
        actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY, decision=other.pk)
    assert Plan.objects.get(pk=plan.pk).status == "draft"
    assert require_decision(group.pk, "alert", TODAY).pk == other.pk
    actions.withdraw_decision(by=at_work, decision=other.pk, today=TODAY)
    with pytest.raises(NotDecided):
        require_decision(group.pk, "alert", TODAY)


def test_a_decision_that_its_own_rule_does_not_count_is_not_recorded(at_work: Any) -> None:
    group = assembly(at_work)
    with pytest.raises(NotCounted):
        decision_of(at_work, group, present="41", quorum=50)
    with pytest.raises(NotCounted):
        decision_of(at_work, group, mode="majority", votes_for=3, votes_against=9)
    kept = decision_of(at_work, group, present="41", quorum=50, mandate="La regla de la cosecha")
    read = decision_by_id(kept.pk, by=at_work)
    assert (read.counts, read.mandate) == ({"quorum": 50}, "La regla de la cosecha")


def test_a_measure_of_an_adopted_plan_ends_by_a_decision(at_work: Any, signed_in: Client) -> None:
    plan = adopted(at_work)
    guard = Measure.objects.get(plan=plan)
    with pytest.raises(EndedInPassing):
        given = MeasureGiven(title="Guardia", family="A", status="stopped")
        actions.change_measure(by=at_work, measure=guard.pk, given=given)
    end = {"by": at_work, "measure": guard.pk, "today": TODAY, "because": "Cansancio"}
    with pytest.raises(NotDecided):
        actions.end_measure(how="stopped", **end)
    with pytest.raises(BadInput, match="why it ends"):
        actions.end_measure(how="stopped", **end | {"because": " "})
    with pytest.raises(BadInput, match="still to come"):
        actions.end_measure(how="harmful", ended_on=day(TODAY + timedelta(days=2)), **end)
    door = reverse("protection:measure_end", args=[plan.pk, guard.pk])
    told = {"how": "stopped", "because": "Cansancio", "revision": "1"}
    refused = signed_in.post(door, told)
    assert refused.status_code == 400 and "Cansancio" in text_of(refused)
    decision = decision_of(at_work, plan.collective, about="measure_end")
    with pytest.raises(DecidedAfterwards):
        early = day(YESTERDAY - timedelta(days=30))
        actions.end_measure(how="stopped", decision=decision.pk, ended_on=early, **end)
    assert signed_in.post(door, told | {"decision": str(decision.pk)}).status_code == 303
    assert (Measure.objects.get().status, Measure.objects.get().ended_by_id) == ("stopped", decision.pk)
    assert [one.pk for one in stopped_with(decision).measures] == [guard.pk]
    actions.withdraw_decision(by=at_work, decision=decision.pk, today=TODAY)
    page = text_of(signed_in.get(reverse("protection:plan", args=[plan.pk])))
    assert "This measure ended without a decision of the group." in page


def test_what_harms_is_stopped_at_once_and_the_group_still_has_to_be_told(at_work: Any, signed_in: Client) -> None:
    plan = adopted(at_work)
    guard = Measure.objects.get(plan=plan)
    door = reverse("protection:measure_end", args=[plan.pk, guard.pk])
    assert "no decision about the end of a measure yet" in text_of(signed_in.get(door))
    told = {"how": "harmful", "because": "Expuso a Nidia", "revision": "1"}
    assert signed_in.post(door, told).status_code == 303
    assert Measure.objects.get().status == "harmful"
    page = text_of(signed_in.get(reverse("protection:plan", args=[plan.pk])))
    for words in ("Expuso a Nidia", "ended without a decision"):
        assert words in page
    assert "ended without a decision" in text_of(signed_in.get(reverse("protection:late")))


def test_measures_that_would_wait_for_each_other_are_told_and_nothing_typed_is_lost(
    at_work: Any, signed_in: Client
) -> None:
    plan = plan_of(at_work, assembly(at_work), practices=["Una", "Dos"])
    one, two = Measure.objects.order_by("born", "id")
    given = MeasureGiven(title="Una", family="A", status="in_place", after=two.pk)
    actions.change_measure(by=at_work, measure=one.pk, given=given)
    with pytest.raises(MeasuresInCircle):
        back = MeasureGiven(title="Dos", family="A", after=one.pk)
        actions.change_measure(by=at_work, measure=two.pk, given=back)
    told = {"title": "Dos de noche", "status": "in_place", "after": str(one.pk), "revision": str(two.revision)}
    answer = signed_in.post(reverse("protection:measure_edit", args=[plan.pk, two.pk]), told)
    assert answer.status_code == 400
    assert "Dos de noche" in text_of(answer) and "wait for each other in a circle" in text_of(answer)


def test_a_group_goes_on_against_a_prompt_and_its_reason_stays_beside_it(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work), threats=[ThreatGiven("Panfletos")])
    door = reverse("protection:go_on", args=[plan.pk])
    threat = plan.threats.get()
    told = {"check": "threat_without_measure", "subject": str(threat.pk), "words": "La dejamos hasta la cosecha"}
    assert signed_in.post(door, told | {"words": ""}).status_code == 303
    assert not ReasonKept.objects.exists()
    signed_in.post(door, told)
    signed_in.post(door, told | {"words": "La dejamos hasta enero"})
    page = text_of(signed_in.get(reverse("protection:plan", args=[plan.pk])))
    assert "No measure answers this threat." in page and "La dejamos hasta enero" in page
    assert ReasonKept.objects.count() == 1


def test_a_withdrawal_shows_what_it_stops(at_work: Any, signed_in: Client) -> None:
    plan = adopted(at_work)
    actions.name_threat(by=at_work, plan=plan.pk, words="Motos")
    decision = decided_now(at_work, plan)
    actions.adopt_plan(by=at_work, plan=plan.pk, today=timezone.localdate(), decision=decision.pk)
    door = reverse("protection:decision_withdraw", args=[plan.pk, decision.pk])
    page = text_of(signed_in.get(door))
    for words in ("1 adopted plan stands on it", "Motos", "wait for a decision again"):
        assert words in page
    actions.withdraw_decision(by=at_work, decision=decision.pk, today=TODAY)
    assert waiting(plan) == ["threat_named"]
    assert Plan.objects.get().status == "draft"
    assert "Nothing stands on it now." in text_of(signed_in.get(door))


@pytest.mark.parametrize("many", [100, 500])
def test_a_plan_of_many_measures_is_whole_on_its_pages_and_its_poster_is_one_sheet(
    at_work: Any, signed_in: Client, many: int
) -> None:
    group = assembly(at_work, LONG)
    names = [f"{RIGHT_TO_LEFT} {number}" if number % 2 else f"{number} {LONG[:280]}" for number in range(many)]
    plan = plan_of(at_work, group, threats=[ThreatGiven(LONG)] * 3)
    for at in range(0, many, 50):
        actions.note_practices(by=at_work, plan=plan.pk, practices=names[at : at + 50])
    door = reverse("protection:plan", args=[plan.pk])
    signed_in.get(door)
    with CaptureQueriesContext(connection) as asked:
        signed_in.get(door)
    assert len(asked) < 25
    page = walked(signed_in, reverse("protection:family", args=[plan.pk, "resilience"]))
    assert all(name in page for name in names)
    read = plan_by_id(plan.pk, by=at_work)
    assert sum(len(card.rows) for card in plan_page(read, (), TODAY).families) == many
    for address in (
        reverse("protection:poster", args=[plan.pk]),
        reverse("protection:poster", args=[plan.pk]) + "?names=no",
    ):
        paper = signed_in.get(address)
        assert len(PdfReader(io.BytesIO(paper.content)).pages) == 1


def test_an_empty_plan_has_a_page_a_poster_and_reviews(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work))
    assert signed_in.get(reverse("protection:poster", args=[plan.pk])).content.startswith(b"%PDF")
    assert "We have not looked at our plan together yet." in text_of(
        signed_in.get(reverse("protection:reviews", args=[plan.pk]))
    )


def test_what_an_adopted_plan_stands_on_is_not_exchanged_in_passing(at_work: Any) -> None:
    plan = adopted(at_work)
    first = plan.decision
    assert first is not None
    later = decision_of(at_work, plan.collective, plan=plan.pk, what="Nos vemos cada mes", taken_on=day(TODAY))
    assert Plan.objects.get().decision == first
    actions.withdraw_decision(by=at_work, decision=first.pk, today=TODAY)
    assert Plan.objects.get().status == "draft"
    # A draft takes the next decision, and so does a plan whose own has run out.
    assert decision_of(at_work, plan.collective, plan=plan.pk) == Plan.objects.get().decision
    assert later.status != "withdrawn"


def test_a_plan_whose_decision_has_run_out_stands_on_the_next(at_work: Any) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group)
    short = decision_of(at_work, group, plan=plan.pk, holds_until=day(TODAY))
    actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY, decision=short.pk)
    renewed = actions.record_decision(
        by=at_work,
        collective=group.pk,
        plan=plan.pk,
        mode="assembly",
        what="Otro año",
        taken_on=day(LATER),
        today=LATER,
    )
    assert Plan.objects.get().decision == renewed


def test_a_measure_goes_on_waiting_for_one_that_has_ended_until_somebody_says_otherwise(
    at_work: Any, signed_in: Client
) -> None:
    plan = plan_of(at_work, assembly(at_work))
    first = actions.add_measure(by=at_work, plan=plan.pk, measure=MeasureGiven(title="Radio", family="A"))
    second = actions.add_measure(
        by=at_work, plan=plan.pk, measure=MeasureGiven(title="Turnos", family="A", after=first.pk)
    )
    actions.end_measure(by=at_work, measure=first.pk, how="stopped", because="Se dañó", today=TODAY)
    door = reverse("protection:measure_edit", args=[plan.pk, second.pk])
    shown = fields_of(signed_in.get(door).content.decode())
    assert shown["after"] == str(first.pk)
    assert signed_in.post(door, shown | {"cost": "nada"}).status_code == 303
    assert Measure.objects.get(pk=second.pk).after_id == first.pk
