"""A plan is its group's: who may have one, what it answers, and nothing adopted without a decision."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, Conflict, NotFound
from tejido.domain.plan_checks import PlanNotClosable, PlanNotDecided
from tejido.protection import actions
from tejido.protection.actions import MeasureGiven, PlanClosed, PlanNeedsACollective, ThreatGiven
from tejido.protection.deciding import DecisionWithdrawn
from tejido.protection.models import Measure, Plan
from tejido.protection.queries import plan_by_id
from tejido.vault.journal import verify, writing
from tejido.vault.models import JournalEntry
from tejido.vault.records import change, create
from tests.incidents.telling import act, incident
from tests.protection.planning import LATER, TODAY, YESTERDAY, assembly, day, decision_of, person, plan_of


def test_a_plan_begins_with_what_threatens_the_group_and_what_it_already_does(at_work: Any) -> None:
    group = assembly(at_work)
    seen = incident(at_work, "Dos hombres en moto", "2026-10", act("surveillance", group))
    made = plan_of(
        at_work,
        group,
        threats=[ThreatGiven("  Nos siguen\u202e en moto", incidents=(seen.pk,))],
        practices=["Guardia por turnos", "Caminar juntas"],
        review_on=ImpreciseDate.month(2027, 3),
    )
    read = plan_by_id(made.pk, by=at_work)
    assert (read.status, read.decision, read.collective.usual_name) == ("draft", None, "Asamblea de la Ribera")
    assert [threat.words for threat in read.threats.all()] == ["Nos siguen en moto"]
    assert [row.incident.title for row in read.threats.all()[0].shown_in.all()] == ["Dos hombres en moto"]
    assert [(one.title, one.family, one.code, one.status) for one in read.measures.all()] == [
        ("Guardia por turnos", "A", "", "in_place"),
        ("Caminar juntas", "A", "", "in_place"),
    ]
    assert read.review_week == 202713
    line = JournalEntry.objects.order_by("-seq")[0]
    assert (line.action, line.noun, line.record) == ("plan.start", "protection.plan", made.pk)


def test_a_single_person_gets_no_plan_but_the_groups_they_belong_to(at_work: Any) -> None:
    group = assembly(at_work)
    nidia = person(at_work, "Nidia", of=group)
    with pytest.raises(PlanNeedsACollective, match="for the group") as refused:
        plan_of(at_work, nidia)
    assert refused.value.collectives == (group.pk,)
    assert not Plan.objects.exists()


@pytest.mark.parametrize("kind", ["armed_group", "unknown"])
def test_nobody_plans_with_an_aggressor_or_somebody_unknown(at_work: Any, kind: str) -> None:
    from tejido.fabric.actions import record_actor

    with pytest.raises(PlanNeedsACollective, match="made with"):
        plan_of(at_work, record_actor(by=at_work, kind=kind, names=["Alguien"]))


def test_a_measure_of_the_catalogue_knows_its_family_and_its_promise(at_work: Any) -> None:
    group = assembly(at_work)
    owner, leader = person(at_work, "Rosa", of=group), person(at_work, "Nidia", of=group)
    plan = plan_of(at_work, group)
    threat = actions.name_threat(by=at_work, plan=plan.pk, words="Amenaza directa")
    measure = actions.add_measure(
        by=at_work,
        plan=plan.pk,
        measure=MeasureGiven(
            code="I2", threat=threat.pk, owner=owner.pk, person=leader.pk, due_on=day(LATER), effect_on_group="Duele"
        ),
    )
    read = Measure.objects.get(pk=measure.pk)
    assert (read.family, read.threat_id, read.owner_id, read.person_id) == ("I", threat.pk, owner.pk, leader.pk)
    assert (read.due_week, read.effect_on_group) == (202703, "Duele")


def test_a_measure_is_refused_with_a_sentence_when_it_makes_no_sense(at_work: Any) -> None:
    group = assembly(at_work)
    mine, other = plan_of(at_work, group), plan_of(at_work, group)
    stray = actions.name_threat(by=at_work, plan=other.pk, words="Otra")
    with pytest.raises(BadInput, match="own words"):
        MeasureGiven(family="A")
    with pytest.raises(BadInput, match="for the group"):
        MeasureGiven(title="Algo")
    with pytest.raises(BadInput, match="names somebody"):
        MeasureGiven(code="A2", person=group.pk)
    for given in (
        MeasureGiven(code="A2", threat=stray.pk),
        MeasureGiven(code="A2", owner=uuid.uuid4()),
        MeasureGiven(code="I2", person=group.pk),
    ):
        with pytest.raises(BadInput, match="no longer here"):
            actions.add_measure(by=at_work, plan=mine.pk, measure=given)
    with pytest.raises(BadInput, match="what threatens it"):
        actions.name_threat(by=at_work, plan=mine.pk, words=" \u200b ")
    with pytest.raises(NotFound):
        actions.name_threat(by=at_work, plan=uuid.uuid4(), words="Algo")


def test_a_second_editor_is_told(at_work: Any) -> None:
    plan = plan_of(at_work, assembly(at_work), practices=["Guardia"])
    measure = plan.measures.get()
    given = MeasureGiven(title="Guardia de noche", family="A", status="in_place")
    actions.change_measure(by=at_work, measure=measure.pk, given=given, revision=measure.revision)
    with pytest.raises(Conflict):
        actions.change_measure(by=at_work, measure=measure.pk, given=given, revision=measure.revision)
    with pytest.raises(Conflict):
        actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY, revision=plan.revision)


def test_threats_and_measures_can_be_changed_and_taken_out(at_work: Any) -> None:
    group = assembly(at_work)
    one, two = (incident(at_work, title, "2026-10", act("surveillance", group)) for title in ("Uno", "Dos"))
    plan = plan_of(at_work, group, threats=[ThreatGiven("Seguimientos", incidents=(one.pk,))])
    threat = plan.threats.get()
    actions.change_threat(by=at_work, threat=threat.pk, words="Nos siguen", origin="moto", incidents=[two.pk])
    read = plan_by_id(plan.pk, by=at_work).threats.all()[0]
    assert (read.words, read.origin, [row.incident.title for row in read.shown_in.all()]) == (
        "Nos siguen",
        "moto",
        ["Dos"],
    )
    made = actions.add_measure(by=at_work, plan=plan.pk, measure=MeasureGiven(code="A2", threat=threat.pk))
    actions.remove_threat(by=at_work, threat=threat.pk)
    assert Measure.objects.get(pk=made.pk).threat_id is None
    actions.remove_measure(by=at_work, measure=made.pk)
    assert not plan.measures.exists()
    assert verify() > 0


def test_no_plan_is_adopted_without_a_decision_of_its_own_group_that_holds(at_work: Any) -> None:
    group, neighbours = assembly(at_work), assembly(at_work, "Otra asamblea")
    plan = plan_of(at_work, group)
    theirs = decision_of(at_work, neighbours)
    lapsed = decision_of(at_work, group, taken_on=ImpreciseDate.year(2025), holds_until=day(YESTERDAY))
    for decision in (None, theirs.pk, lapsed.pk):
        with pytest.raises(PlanNotDecided):
            actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY, decision=decision)
    ours = decision_of(at_work, group, plan=plan.pk)
    assert Plan.objects.get().decision_id == ours.pk
    actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY)
    read = Plan.objects.get()
    assert (read.status, read.decision_id) == ("adopted", ours.pk)


def test_the_database_itself_refuses_an_adopted_plan_without_a_decision(at_work: Any) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(status="adopted")
    with pytest.raises(IntegrityError), writing(by=at_work, action="test") as entry:
        change(Plan.objects.get(pk=plan.pk), entry, status="adopted")
    with pytest.raises(IntegrityError), writing(by=at_work, action="test") as entry:
        create(Plan(circle_id=at_work.circle_id, collective=group, status="adopted"), entry)


def test_a_decision_taken_back_covers_nothing_any_more(at_work: Any) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group)
    decision = decision_of(at_work, group, plan=plan.pk)
    actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY)
    back = actions.withdraw_decision(by=at_work, decision=decision.pk, today=TODAY, because="Cambió todo")
    assert [one.pk for one in back] == [plan.pk]
    read = plan_by_id(plan.pk, by=at_work)
    assert read.status == "draft"
    assert read.decision is not None
    assert (read.decision.status, read.decision.withdrawn_because) == ("withdrawn", "Cambió todo")
    assert read.decision.withdrawn_on == day(TODAY)
    with pytest.raises(PlanNotDecided):
        actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY)
    with pytest.raises(DecisionWithdrawn):
        actions.withdraw_decision(by=at_work, decision=decision.pk, today=TODAY)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"taken_on": day(LATER)}, "once it is taken"),
        ({"holds_until": ImpreciseDate.year(2020)}, "before it was taken"),
        ({"mode": "consensus_with_dissent"}, "not agreed with"),
        ({"mode": "by_decree"}, "not in the list"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(at_work: Any, told: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        decision_of(at_work, assembly(at_work), **told)


def test_a_collective_case_is_not_closed_on_individual_measures_alone(at_work: Any) -> None:
    plan = plan_of(at_work, assembly(at_work))
    actions.add_measure(by=at_work, plan=plan.pk, measure=MeasureGiven(code="I7", status="in_place"))
    with pytest.raises(PlanNotClosable):
        actions.close_plan(by=at_work, plan=plan.pk)
    actions.note_practices(by=at_work, plan=plan.pk, practices=["Guardia"])
    actions.close_plan(by=at_work, plan=plan.pk)
    with pytest.raises(PlanClosed):
        actions.set_review(by=at_work, plan=plan.pk, review_on=day(LATER))
    with pytest.raises(PlanClosed):
        actions.adopt_plan(by=at_work, plan=plan.pk, today=TODAY)
