"""What is known of plans, in a number of queries that does not grow."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import NotFound
from tejido.domain.plan_checks import findings
from tejido.protection import actions, queries
from tejido.protection.actions import MeasureGiven, ThreatGiven
from tejido.protection.catalogue import PLANS
from tejido.vault.catalogue import catalogue
from tests.incidents.telling import act, incident
from tests.protection.planning import LATER, TODAY, YESTERDAY, assembly, day, decision_of, person, plan_of


def test_a_whole_plan_and_its_checks_take_few_queries_however_long_it_is(at_work: Any) -> None:
    group = assembly(at_work)
    rosa = person(at_work, "Rosa", of=group)
    seen = incident(at_work, "Uno", "2026-10", act("surveillance", group))
    counts = []
    for many in (1, 8):
        plan = plan_of(at_work, group, threats=[ThreatGiven(f"T{n}", incidents=(seen.pk,)) for n in range(many)])
        for threat in plan.threats.all():
            given = MeasureGiven(code="A2", owner=rosa.pk, threat=threat.pk)
            actions.add_measure(by=at_work, plan=plan.pk, measure=given)
        decision_of(at_work, group, plan=plan.pk)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read = queries.plan_by_id(plan.pk, by=at_work)
            findings(queries.facts_of(read), TODAY)
            assert all(one.owner and one.owner.usual_name == "Rosa" for one in read.measures.all())
            assert all(one.threat and one.threat.words for one in read.measures.all())
            assert all(row.incident.title for one in read.threats.all() for row in one.shown_in.all())
        counts.append(len(asked))
    assert counts == [6, 6]
    with pytest.raises(NotFound):
        queries.plan_by_id(group.pk, by=at_work)


def test_what_is_overdue_is_in_sight_and_nothing_else(at_work: Any) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group, threats=[ThreatGiven("Panfletos"), ThreatGiven("Moto")], review_on=day(YESTERDAY))
    answered = plan.threats.all()[1]
    for due, status in ((YESTERDAY, "agreed"), (TODAY, "agreed"), (LATER, "agreed"), (YESTERDAY, "in_place")):
        given = MeasureGiven(title=f"{due} {status}", family="B", status=status, due_on=day(due), threat=answered.pk)
        actions.add_measure(by=at_work, plan=plan.pk, measure=given)
    with CaptureQueriesContext(connection) as asked:
        found = queries.overdue(TODAY)
        assert [one.subject for one in found.measures] == [f"{YESTERDAY} agreed"]
        assert [one.subject for one in found.unanswered] == [
            next(t.words for t in plan.threats.all() if t != answered)
        ]
        assert {one.collective.usual_name for one in found} == {"Asamblea de la Ribera"}
    assert len(asked) <= 6
    assert [one.finding.code for one in found] == [
        "measure_overdue", "review_overdue", "no_decision", "threat_without_measure",
    ]  # fmt: skip
    assert len(found) == 4
    assert "19 November 2026" in found.measures[0].finding.sentence()


def test_a_decision_that_ended_or_was_taken_back_is_overdue_and_a_closed_plan_never(at_work: Any) -> None:
    group = assembly(at_work)
    first, second = plan_of(at_work, group), plan_of(at_work, group, practices=["Guardia"])
    one = decision_of(at_work, group, plan=first.pk)
    decision_of(at_work, group, plan=second.pk, holds_until=day(TODAY))
    assert not queries.overdue(TODAY).undecided
    actions.withdraw_decision(by=at_work, decision=one.pk, today=TODAY)
    codes = {late.finding.code for late in queries.overdue(LATER).undecided}
    assert codes == {"decision_withdrawn", "decision_expired"}
    actions.close_plan(by=at_work, plan=second.pk)
    assert len(queries.overdue(LATER).undecided) == 1


def test_the_threats_seen_are_those_against_the_group_and_its_people(at_work: Any) -> None:
    group, stranger = assembly(at_work), person(at_work, "Nadie")
    nidia = person(at_work, "Nidia", of=group)
    incident(at_work, "Uno", "2026-09", act("surveillance", group), act("killing", stranger))
    incident(at_work, "Dos", "2026-10", act("surveillance", nidia), act("written_threat", nidia))
    incident(at_work, "Tres", "2026-11", act("killing", stranger))
    seen = queries.threats_seen(group.pk)
    assert [(one.kind, [i.title for i in one.incidents]) for one in seen] == [
        ("surveillance", ["Dos", "Uno"]),
        ("written_threat", ["Dos"]),
    ]
    assert [one.title for one in queries.incidents_to_show(group.pk)] == ["Dos", "Uno"]


def test_plans_decisions_and_measures_of_groups(at_work: Any) -> None:
    group, other = assembly(at_work), assembly(at_work, "Otra")
    draft = plan_of(at_work, group, practices=["Guardia"])
    adopted = plan_of(at_work, group)
    plan_of(at_work, other, practices=["Ronda"])
    decision_of(at_work, group, plan=adopted.pk)
    actions.adopt_plan(by=at_work, plan=adopted.pk, today=TODAY)
    assert [plan.pk for plan in queries.plans_of([group.pk])] == [adopted.pk, draft.pk]
    assert [one.what for one in queries.decisions_of([group.pk])] == ["Cuidarnos entre todos"]
    assert [one.title for one in queries.measures_in_place([group.pk])] == ["Guardia"]


def test_an_end_in_words_holds_to_its_last_day(at_work: Any) -> None:
    decision = decision_of(at_work, assembly(at_work), holds_until=ImpreciseDate.month(2026, 11))
    assert queries.decision_facts(decision).holds(TODAY)


def test_plans_are_listed_by_their_group_and_found_by_their_words(at_work: Any) -> None:
    river, hill = assembly(at_work), assembly(at_work, "Ángeles del cerro")
    first = plan_of(at_work, river, title="Cómo nos cuidamos", threats=[ThreatGiven("Panfletos")])
    second = plan_of(at_work, hill)
    actions.add_measure(by=at_work, plan=second.pk, measure=MeasureGiven(code="I2"))
    assert [line.id for line in catalogue().page(PLANS).rows] == [second.pk, first.pk]
    for words, plan in (("panfletos", first), ("ribera", first), ("reubicación", second), ("relocation", second)):
        assert [hit.line.id for hit in catalogue().find(words, nouns=[PLANS])] == [plan.pk]
    assert [line.note for line in catalogue().page(PLANS, facets=[f"collective:{river.pk}"]).rows] == [
        "Asamblea de la Ribera"
    ]
