"""What a group follows up: promises, calls, places, care, requests, reviews, what it learned."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pypdf import PdfReader

from tejido.domain.dates import ImpreciseDate
from tejido.domain.decisions import NotDecided
from tejido.domain.errors import BadInput, Conflict
from tejido.domain.plan_requests import RequestStandsAlone
from tejido.fabric.actions import record_actor, remove_actor
from tejido.fabric.consenting import give_consent, withdraw_consent
from tejido.fabric.models import Actor
from tejido.protection import actions as planning
from tejido.protection.actions import MeasureGiven, ThreatGiven
from tejido.protection.following import actions
from tejido.protection.following.given import (
    CallGiven,
    CareGiven,
    CommitmentGiven,
    DrillGiven,
    PlaceGiven,
    PracticeGiven,
    RequestGiven,
    ReviewGiven,
    SignGiven,
)
from tejido.protection.following.models import Commitment, DeskRequest, GoodPractice, ReachStep, Review
from tejido.protection.models import Plan
from tests.incidents.telling import act, incident
from tests.protection.planning import TODAY, YESTERDAY, assembly, day, decision_of, person, plan_of
from tests.protection.sessions.meeting import fields_of
from tests.protection.test_pages import text_of

LONG = "ñ" * 300
RIGHT_TO_LEFT = "لجنة حماية القرية"


def promise(by: Any, group: Actor, words: str = "Alumbrado del puente", **more: Any) -> Commitment:
    told: dict[str, Any] = {"promised_by_words": "la Alcaldía", "due_on": day(YESTERDAY)} | more
    given = CommitmentGiven(words=words, **told)
    return actions.record_commitment(by=by, collective=group.pk, given=given, today=TODAY)


def call(by: Any, group: Actor, name: str = "la radio", **more: Any) -> ReachStep:
    return actions.record_call(by=by, collective=group.pk, given=CallGiven(name=name, **more), today=TODAY)


def words_of(paper: bytes) -> str:
    return " ".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper)).pages).split())


def test_a_broken_promise_needs_the_words_of_what_was_seen_and_stays_in_sight(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    made = promise(at_work, group)
    with pytest.raises(BadInput, match="what the group saw"):
        given = CommitmentGiven(words="Luz", status="broken")
        actions.change_commitment(by=at_work, commitment=made.pk, given=given, today=TODAY)
    given = CommitmentGiven(words="Luz", status="broken", outcome="No vino nadie")
    actions.change_commitment(by=at_work, commitment=made.pk, given=given, today=TODAY, revision=1)
    with pytest.raises(Conflict):
        actions.change_commitment(by=at_work, commitment=made.pk, given=given, today=TODAY, revision=1)
    page = text_of(signed_in.get(reverse("protection:shelf", args=[group.pk, "commitments"])))
    for words in ("Luz", "No vino nadie", "This promise was broken.", "broken"):
        assert words in page
    assert "This promise was broken." in text_of(signed_in.get(reverse("protection:late")))


def test_the_name_of_whoever_promised_stays_when_the_actor_is_taken_out(at_work: Any) -> None:
    group = assembly(at_work)
    town = record_actor(by=at_work, kind="institution", names=["Alcaldía"])
    made = promise(at_work, group, promised_by=town.pk, promised_by_words="")
    remove_actor(by=at_work, actor=town)
    kept = Commitment.objects.get(pk=made.pk)
    assert (kept.promised_by_id, kept.promised_by_words) == (None, "Alcaldía")


def test_a_promise_kept_tomorrow_is_refused_and_nothing_typed_is_lost(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    door = reverse("protection:keep_new", args=[group.pk, "commitments"])
    told = {"words": "Vendrán a vernos", "kind": "visit", "status": "kept", "due_on": "cuando puedan"}
    answer = signed_in.post(door, told)
    assert answer.status_code == 400
    assert all(words in text_of(answer) for words in ("Vendrán a vernos", "cuando puedan"))
    assert not Commitment.objects.exists()
    with pytest.raises(BadInput, match="still to come"):
        promise(at_work, group, status="kept", kept_on=day(TODAY + timedelta(days=1)))


@pytest.mark.parametrize(
    ("shelf", "told"),
    [
        ("commitments", {"words": LONG, "kind": "promise", "status": "promised"}),
        ("reach", {"name": LONG, "position": "1", "channel": "radio"}),
        ("drills", {"tried": RIGHT_TO_LEFT}),
        ("places", {"name": RIGHT_TO_LEFT, "kind": "refuge", "readiness": "nearly"}),
        ("care", {"words": LONG, "kind": "rest"}),
        ("practices", {"title": RIGHT_TO_LEFT, "outcome": "worked", "audience": "internal"}),
        ("requests", {"status": "preparing", "whom": LONG, "answer_why": "Una amenaza"}),
    ],
)
def test_each_shelf_takes_something_changes_it_and_lets_it_go(
    at_work: Any, signed_in: Client, shelf: str, told: dict[str, str]
) -> None:
    group = assembly(at_work)
    there = reverse("protection:shelf", args=[group.pk, shelf])
    assert signed_in.get(there).status_code == 200
    new = reverse("protection:keep_new", args=[group.pk, shelf])
    if shelf == "requests":
        assert signed_in.get(new).status_code == 404
        new, told = new + "?kind=grant", told | {"collective": str(group.pk)}
    assert signed_in.get(new).status_code == 200
    assert signed_in.post(new, {}).status_code == 400
    assert signed_in.post(new, told).status_code == 303
    words = next(value for value in told.values() if value in (LONG, RIGHT_TO_LEFT))
    page = signed_in.get(there).content.decode()
    assert words in page
    links = [part.split('"')[0] for part in page.split('href="')[1:] if part.startswith(there)]
    edit = next(link for link in links if "new" not in link and link != there)
    assert signed_in.get(edit).status_code == 200
    stale = signed_in.post(edit, told | {"revision": "7"})
    assert "Somebody changed this meanwhile" in text_of(stale)
    assert signed_in.post(edit, told | {"revision": "1"}).status_code == 303
    assert signed_in.post(f"{edit}remove/").status_code == 303
    assert words not in signed_in.get(there).content.decode()


def test_an_empty_group_is_told_where_to_begin(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    page = text_of(signed_in.get(reverse("protection:together", args=[group.pk])))
    for words in ("It is not written down whom the group would call.", "Nothing was tried out yet.", "None."):
        assert words in page
    assert "Nothing is late" in text_of(signed_in.get(reverse("protection:late")))
    paper = words_of(signed_in.get(reverse("protection:card", args=[group.pk])).content)
    assert "Write three by hand" in paper


def test_a_person_has_no_shelves_of_their_own(at_work: Any, signed_in: Client) -> None:
    rosa = person(at_work, "Rosa", of=assembly(at_work))
    assert signed_in.get(reverse("protection:together", args=[rosa.pk])).status_code == 400


def test_a_request_stands_in_a_group_or_says_why_not(at_work: Any) -> None:
    with pytest.raises(RequestStandsAlone):
        actions.record_request(by=at_work, given=RequestGiven(kind="relocation"))
    alone = RequestGiven(kind="relocation", outside_because="El grupo mismo la amenaza", answers={"why": "Golpes"})
    made = actions.record_request(by=at_work, given=alone)
    assert DeskRequest.objects.get(pk=made.pk).answers == {"why": "Golpes"}
    with pytest.raises(IntegrityError), transaction.atomic():
        DeskRequest.objects.filter(pk=made.pk).update(outside_because=None)


def test_from_a_persons_page_the_group_is_asked_for_or_the_reason_why_not(at_work: Any, signed_in: Client) -> None:
    rosa = person(at_work, "Rosa")
    door = reverse("protection:keep_new", args=[rosa.pk, "requests"]) + "?kind=grant"
    told = {"status": "preparing", "answer_why": "La amenazaron", "person": ""}
    refused = signed_in.post(door, told)
    assert refused.status_code == 400
    assert "from within their group" in text_of(refused) and "La amenazaron" in text_of(refused)
    told |= {"outside_because": "Su grupo ya no existe"}  # and nobody chosen: it is of whose page it is
    assert signed_in.post(door, told).status_code == 303
    assert DeskRequest.objects.get().person_id == rosa.pk
    page = text_of(signed_in.get(reverse("protection:late")))
    assert "This request stands outside any group, for the reason written down." in page


def test_whom_to_call_when_nobody_answers_stands_beside_each_call(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    call(at_work, group, "Guardia indígena", position=1, channel="radio", answered="silent")
    call(at_work, group, "Defensoría", position=2, how="01 800", tested_on=day(YESTERDAY), answered="answered")
    page = text_of(signed_in.get(reverse("protection:shelf", args=[group.pk, "reach"])))
    for words in ("Nobody answered when this call was tested.", 'Then call number:</span> <span class="typed">2'):
        assert words in page
    paper = words_of(signed_in.get(reverse("protection:card", args=[group.pk])).content)
    assert "Guardia indígena" in paper and "01 800" in paper


def test_the_card_without_names_names_neither_the_group_nor_its_people(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    person(at_work, "Nidia Quispe", of=group)
    call(at_work, group, "Nidia Quispe", stand_in="otra de la Asamblea de la Ribera", how="555 123")
    paper = words_of(signed_in.get(reverse("protection:card", args=[group.pk]) + "?names=no").content)
    assert "Nidia" not in paper and "Ribera" not in paper
    assert "555 123" in paper


def test_a_practice_leaves_only_with_the_groups_decision_and_consent(at_work: Any) -> None:
    group = assembly(at_work)
    given = PracticeGiven(title="Caminar en compañía", audience="partners")
    with pytest.raises(NotDecided):
        actions.record_practice(by=at_work, collective=group.pk, given=given, today=TODAY)
    decision = decision_of(at_work, group, about="sharing")
    with pytest.raises(actions.NotShareable):
        actions.record_practice(by=at_work, collective=group.pk, given=given, today=TODAY)
    consent = give_consent(by=at_work, actor=group, purpose="share", audience="partners", scope="collective")
    made = actions.record_practice(by=at_work, collective=group.pk, given=given, today=TODAY)
    assert (made.decision_id, made.consent_id, made.audience) == (decision.pk, consent.pk, "partners")
    planning.withdraw_decision(by=at_work, decision=decision.pk, today=TODAY)
    assert GoodPractice.objects.get().audience == "internal"
    withdraw_consent(by=at_work, consent=consent, today=TODAY)


def test_a_review_sets_the_next_day_by_the_rhythm_and_says_what_it_left_out(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group, practices=["Guardia"])
    planning.set_review(by=at_work, plan=plan.pk, review_on=None, rhythm="quarterly", review_by="comité")
    before = incident(at_work, "Una carta", "2026-10-02", act("surveillance", group))
    seen = incident(at_work, "Panfletos", "2026-11-18", act("surveillance", group))
    door = reverse("protection:reviews", args=[plan.pk])
    assert "Panfletos" not in text_of(signed_in.get(door))
    decision_of(at_work, group, plan=plan.pk, taken_on=day(date(2026, 11, 9)))
    planning.adopt_plan(by=at_work, plan=plan.pk, today=TODAY, adopted_on=day(date(2026, 11, 10)))
    page = text_of(signed_in.get(door))
    assert "Panfletos" in page and before.title not in page
    with pytest.raises(BadInput, match="still to come"):
        given = ReviewGiven(held_on=day(TODAY + timedelta(days=3)))
        actions.hold_review(by=at_work, plan=plan.pk, given=given, today=TODAY)
    given = ReviewGiven(held_on=day(TODAY), kind="after_incident", incident=seen.pk, held="La guardia avisó")
    actions.hold_review(by=at_work, plan=plan.pk, given=given, today=TODAY)
    kept = Plan.objects.get(pk=plan.pk)
    assert kept.review_on is not None and kept.review_on.start == date(2027, 2, 20)
    page = text_of(signed_in.get(door))
    for words in ("La guardia avisó", "What did not hold is not written down.", "What is to change"):
        assert words in page
    assert "The plan was not looked at again after it" not in page
    told = {"kind": "periodic", "held_on": "yesterday", "held": "La radio", "next_on": "March 2027"}
    assert signed_in.post(reverse("protection:review_hold", args=[plan.pk]), told).status_code == 303
    assert signed_in.post(reverse("protection:review_hold", args=[plan.pk]), {"held_on": ""}).status_code == 400
    assert Review.objects.count() == 2


def test_a_sign_needs_its_words_and_stands_beside_what_was_counted(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group)
    given = MeasureGiven(title="Guardia", family="A", works_sign="Ya no nos siguen", harm_sign="Cansancio")
    measure = planning.add_measure(by=at_work, plan=plan.pk, measure=given)
    placed = MeasureGiven(title="Guardia", family="A", works_sign="Ya no nos siguen", status="in_place")
    planning.change_measure(by=at_work, measure=measure.pk, given=placed)
    door = reverse("protection:sign_new", args=[plan.pk, measure.pk])
    assert signed_in.post(door, {"direction": "better", "words": ""}).status_code == 400
    assert signed_in.post(door, {"direction": "better", "words": "Un mes sin motos"}).status_code == 303
    page = text_of(signed_in.get(reverse("protection:reviews", args=[plan.pk])))
    for words in ("Ya no nos siguen", "Un mes sin motos", "better", "It is too early to compare"):
        assert words in page
    with pytest.raises(BadInput):
        actions.note_sign(by=at_work, measure=measure.pk, given=SignGiven(words=" ", direction="better"), today=TODAY)


def test_the_calendar_says_that_something_was_agreed_on_and_nothing_of_what(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group, title="Secreto", review_on=day(timezone.localdate() + timedelta(days=20)))
    soon = day(timezone.localdate() + timedelta(days=5))
    given = MeasureGiven(title="Salida de Nidia", family="B", due_on=soon)
    planning.add_measure(by=at_work, plan=plan.pk, measure=given)
    promise(at_work, group, kind="visit", due_on=soon)
    answer = signed_in.get(reverse("protection:calendar", args=[group.pk]))
    told = answer.content.decode()
    events = Calendar.from_ical(told).walk("VEVENT")
    assert len(events) == 3
    assert {str(event["class"]) for event in events} == {"PRIVATE"}
    assert not any(words in told for words in ("Secreto", "Nidia", "Ribera", "Alcald", "Alumbrado"))
    assert told == signed_in.get(reverse("protection:calendar", args=[group.pk])).content.decode()
    assert all("\r\n" in told and len(line.encode()) <= 75 for line in told.split("\r\n"))


def test_what_is_late_takes_as_many_questions_however_much_it_is(at_work: Any, signed_in: Client) -> None:
    counts = []
    for many in (1, 12):
        for number in range(many):
            group = assembly(at_work, f"Grupo {many} {number}")
            plan = plan_of(at_work, group, threats=[ThreatGiven("Panfletos")])
            late = MeasureGiven(title="Luz", family="B", due_on=day(timezone.localdate() - timedelta(days=3)))
            planning.add_measure(by=at_work, plan=plan.pk, measure=late)
            promise(at_work, group)
            asked = RequestGiven(
                kind="grant", collective=group.pk, status="sent", answer_by=ImpreciseDate.month(2026, 1)
            )
            actions.record_request(by=at_work, given=asked)
        signed_in.get(reverse("protection:late"))
        with CaptureQueriesContext(connection) as questions:
            page = text_of(signed_in.get(reverse("protection:late")))
        counts.append(len(questions))
    assert counts[0] == counts[1]
    for words in ("Luz", "Alumbrado", "An answer was to come by", "whom the group would call", "Nobody has taken on"):
        assert words in page


def test_a_group_with_much_to_follow_up_takes_as_many_questions(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    door = reverse("protection:together", args=[group.pk])
    counts = []
    for many in (2, 30):
        for number in range(many):
            promise(at_work, group, f"Promesa {number}")
            call(at_work, group, f"Llamada {number}", position=number + 1)
            place = PlaceGiven(name=f"Casa {number}")
            actions.record_place(by=at_work, collective=group.pk, given=place, today=TODAY)
            care = CareGiven(words=f"Descanso {number}")
            actions.record_care(by=at_work, collective=group.pk, given=care, today=TODAY)
        signed_in.get(door)
        with CaptureQueriesContext(connection) as questions:
            page = text_of(signed_in.get(door))
        counts.append(len(questions))
    assert counts[0] == counts[1]
    assert "and 26 more" in page
    paper = PdfReader(io.BytesIO(signed_in.get(reverse("protection:card", args=[group.pk])).content))
    assert len(paper.pages) == 1


def test_an_unknown_shelf_or_a_record_of_nowhere_is_not_found(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    assert signed_in.get(reverse("protection:shelf", args=[group.pk, "cupboard"])).status_code == 404
    nowhere = reverse("protection:keep", args=[group.pk, "reach", uuid.uuid4()])
    assert signed_in.get(nowhere).status_code == 404
    theirs = promise(at_work, assembly(at_work, "Otra"))
    elsewhere = reverse("protection:keep", args=[group.pk, "commitments", theirs.pk])
    assert signed_in.get(elsewhere).status_code == 404
    assert signed_in.post(f"{elsewhere}remove/").status_code == 404
    assert Commitment.objects.filter(pk=theirs.pk).exists()


def test_what_a_record_leads_to_stays_when_it_would_not_be_offered_any_more(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group, practices=["Guardia"])
    measure = plan.measures.get()
    far = record_actor(by=at_work, kind="institution", names=["Alcaldía"])  # no tie leads to it
    made = promise(at_work, group, promised_by=far.pk, measure=measure.pk)
    planning.close_plan(by=at_work, plan=plan.pk)
    door = reverse("protection:keep", args=[group.pk, "commitments", made.pk])
    shown = fields_of(signed_in.get(door).content.decode())
    assert (shown["promised_by"], shown["measure"]) == (str(far.pk), str(measure.pk))
    assert signed_in.post(door, shown | {"outcome": "Vino el alcalde"}).status_code == 303
    kept = Commitment.objects.get()
    assert (kept.promised_by_id, kept.measure_id, kept.outcome) == (far.pk, measure.pk, "Vino el alcalde")


def test_a_practice_whose_consent_was_withdrawn_says_that_it_stays_inside(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    decision_of(at_work, group, about="sharing")
    consent = give_consent(by=at_work, actor=group, purpose="share", audience="partners", scope="collective")
    given = PracticeGiven(title="Caminar en compañía", audience="partners")
    actions.record_practice(by=at_work, collective=group.pk, given=given, today=TODAY)
    door = reverse("protection:shelf", args=[group.pk, "practices"])
    assert "not to be told beyond the group" not in text_of(signed_in.get(door))
    withdraw_consent(by=at_work, consent=consent, today=TODAY)
    assert "not to be told beyond the group" in text_of(signed_in.get(door))


@pytest.mark.parametrize("kind", ["person", "armed_group"])
def test_nobody_but_a_group_of_ours_keeps_anything_on_shelves(at_work: Any, signed_in: Client, kind: str) -> None:
    somebody = record_actor(by=at_work, kind=kind, names=["Alguien"])
    for shelf in ("commitments", "reach", "drills", "places", "care", "practices"):
        door = reverse("protection:keep_new", args=[somebody.pk, shelf])
        assert signed_in.get(door).status_code == 400
        assert signed_in.post(door, {"name": "la radio", "position": "1", "channel": "radio"}).status_code == 400
    with pytest.raises(planning.PlanNeedsACollective):
        actions.record_request(by=at_work, given=RequestGiven(kind="grant", collective=somebody.pk))
    assert not ReachStep.objects.exists() and not DeskRequest.objects.exists()


def test_the_home_of_loose_ends_names_what_was_to_be_tried_and_cared_for_again(
    at_work: Any, signed_in: Client
) -> None:
    group, other = assembly(at_work), assembly(at_work, "Otra")
    past, ahead = day(TODAY - timedelta(days=20)), day(TODAY + timedelta(days=40))
    drilled = DrillGiven(tried="La salida por el río", held_on=day(TODAY - timedelta(days=200)), next_on=past)
    actions.record_drill(by=at_work, collective=group.pk, given=drilled, today=TODAY)
    actions.record_drill(by=at_work, collective=other.pk, given=drilled, today=TODAY)
    again = DrillGiven(tried="la salida por el rio", held_on=past, next_on=ahead)
    actions.record_drill(by=at_work, collective=other.pk, given=again, today=TODAY)
    care = CareGiven(words="Círculo de palabra", next_on=past)
    actions.record_care(by=at_work, collective=group.pk, given=care, today=TODAY)
    silent = CallGiven(name="La radio", answered="silent", tested_on=past)
    actions.record_call(by=at_work, collective=group.pk, given=silent, today=TODAY)
    page = text_of(signed_in.get(reverse("protection:late") + "?only=untried"))
    assert page.count("La salida por el río") == 1
    assert all(words in page for words in ("Círculo de palabra", "La radio", "All loose ends"))
    assert "What was to be tried out" not in text_of(signed_in.get(reverse("protection:late") + "?only=owed"))
