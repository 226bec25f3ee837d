"""Calls to others: written by a member, told only under the group's decision, stopped with it."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from tejido.domain.alerts import AlertBegun, AlertStopped, AlertToNobody, AlertWithoutConsent
from tejido.domain.decisions import NotDecided
from tejido.domain.errors import BadInput, Conflict
from tejido.fabric.actions import record_actor
from tejido.fabric.consenting import give_consent, withdraw_consent
from tejido.fabric.models import Actor
from tejido.protection import actions as planning
from tejido.protection.alerts import actions
from tejido.protection.alerts.given import AlertGiven, ToldGiven
from tejido.protection.alerts.models import Alert, AlertCall
from tejido.protection.following.models import ReachStep
from tejido.vault.erasure import erase_dossier
from tests.protection.planning import TODAY, YESTERDAY, assembly, day, decision_of, person
from tests.protection.test_following import LONG, RIGHT_TO_LEFT, call
from tests.protection.test_pages import text_of


def network(by: Any, group: Actor) -> list[ReachStep]:
    return [call(by, group, "Guardia indígena", position=1, channel="radio"),
            call(by, group, "Defensoría", position=2, how="01 800", stand_in="la oficina")]  # fmt: skip


def alert_of(by: Any, group: Actor, **more: Any) -> Alert:
    steps = ReachStep.objects.filter(collective=group).order_by("position")
    told: dict[str, Any] = {"chain": tuple(steps.values_list("pk", flat=True))} | more
    given = AlertGiven(words="Rondan la casa comunal", asked="Llamen a la fiscalía esta noche", **told)
    return actions.write_alert(by=by, collective=group.pk, given=given, today=TODAY)


def begun(by: Any, group: Actor, **more: Any) -> Alert:
    network(by, group)
    decision_of(by, group, about="alert")
    return actions.begin_alert(by=by, alert=alert_of(by, group, **more).pk, today=TODAY)


def tell(by: Any, one: AlertCall, **more: Any) -> AlertCall:
    given = ToldGiven(**({"given_on": day(TODAY)} | more))
    return actions.note_told(by=by, call=one.pk, given=given, today=TODAY)


def first_call(alert: Alert) -> AlertCall:
    return alert.calls.order_by("position")[0]


def test_nobody_is_told_without_the_groups_decision_on_calling_others(at_work: Any) -> None:
    group = assembly(at_work)
    network(at_work, group)
    alert = alert_of(at_work, group)
    assert alert.status == "draft"
    with pytest.raises(AlertStopped):
        tell(at_work, first_call(alert))
    decision_of(at_work, group)  # about a plan
    others = decision_of(at_work, assembly(at_work, "Otra"), about="alert")
    for chosen in (None, others.pk):
        with pytest.raises(NotDecided):
            actions.begin_alert(by=at_work, alert=alert.pk, today=TODAY, decision=chosen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(status="open")
    decision = decision_of(at_work, group, about="alert")
    made = actions.begin_alert(by=at_work, alert=alert.pk, today=TODAY)
    assert (made.status, made.decision_id, made.begun_on) == ("open", decision.pk, day(TODAY))
    told = tell(at_work, first_call(alert), given_at="nueve de la noche", answered="helps", answer="Van dos")
    assert (told.name, told.channel, told.answered, told.answer) == ("Guardia indígena", "radio", "helps", "Van dos")


def test_a_decision_taken_back_stops_it_at_once_and_shows_what_it_stops(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    alert = begun(at_work, group)
    tell(at_work, first_call(alert), given_on=day(TODAY))
    decision = alert.decision_id
    assert decision is not None
    door = reverse("protection:group_decision_withdraw", args=[group.pk, decision])
    page = text_of(signed_in.get(door))
    assert "Calls to others that stop" in page and "Rondan la casa comunal" in page
    planning.withdraw_decision(by=at_work, decision=decision, today=TODAY)
    kept = Alert.objects.get(pk=alert.pk)
    assert (kept.status, kept.ended_on) == ("stopped", day(TODAY))
    second = kept.calls.get(position=2)
    with pytest.raises(AlertStopped):
        tell(at_work, second)
    given = ToldGiven(given_on=day(TODAY), answered="heard")
    actions.note_told(by=at_work, call=second.pk, given=given, today=TODAY, still_stood=True)
    page = text_of(signed_in.get(reverse("protection:alert", args=[group.pk, alert.pk])))
    for words in ("The group took its decision back.", "do not know that it did", "stopped"):
        assert words in page


def test_withdrawing_on_the_page_leads_back_and_says_so(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    alert = begun(at_work, group)
    door = reverse("protection:group_decision_withdraw", args=[group.pk, alert.decision_id])
    answer = signed_in.post(door, {"because": "Ya no hace falta", "revision": "1"}, follow=True)
    assert "Ya no hace falta" in text_of(answer) and "taken back" in text_of(answer)
    elsewhere = reverse("protection:group_decision_withdraw", args=[assembly(at_work, "Otra").pk, alert.decision_id])
    assert signed_in.get(elsewhere).status_code == 404


def test_beyond_the_circle_it_needs_the_groups_consent_and_stops_with_it(at_work: Any) -> None:
    group = assembly(at_work)
    network(at_work, group)
    decision_of(at_work, group, about="alert")
    alert = alert_of(at_work, group, audience="partners")
    with pytest.raises(AlertWithoutConsent):
        actions.begin_alert(by=at_work, alert=alert.pk, today=TODAY)
    consent = give_consent(by=at_work, actor=group, purpose="alert", audience="partners", scope="collective")
    made = actions.begin_alert(by=at_work, alert=alert.pk, today=TODAY)
    assert made.consent_id == consent.pk
    withdraw_consent(by=at_work, consent=consent, today=TODAY)
    with pytest.raises(AlertStopped):
        tell(at_work, first_call(alert))


def test_what_may_have_been_told_is_not_changed_any_more(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    alert = begun(at_work, group)
    given = AlertGiven(words="Otra", asked="Otra")
    with pytest.raises(AlertBegun):
        actions.change_alert(by=at_work, alert=alert.pk, given=given, today=TODAY)
    with pytest.raises(AlertBegun):
        actions.remove_alert(by=at_work, alert=alert.pk)
    with pytest.raises(AlertBegun):
        actions.begin_alert(by=at_work, alert=alert.pk, today=TODAY)
    assert signed_in.get(reverse("protection:alert_edit", args=[group.pk, alert.pk])).status_code == 400
    later = call(at_work, group, "Radio comunitaria", position=3)
    actions.add_to_chain(by=at_work, alert=alert.pk, chain=[later.pk, later.pk])
    assert [one.name for one in alert.calls.order_by("position")][-1] == "Radio comunitaria"
    ReachStep.objects.filter(pk=later.pk).delete()
    assert AlertCall.objects.get(position=3).name == "Radio comunitaria"  # as the network had it


def test_bad_input_is_told_in_a_sentence_each_and_nothing_is_lost(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    with pytest.raises(BadInput, match="last day is over"):
        alert_of(at_work, group, until=day(YESTERDAY))
    with pytest.raises(BadInput, match="no longer here"):
        alert_of(at_work, group, chain=(group.pk,))
    decision_of(at_work, group, about="alert")
    empty = alert_of(at_work, group)
    with pytest.raises(AlertToNobody):
        actions.begin_alert(by=at_work, alert=empty.pk, today=TODAY)
    door = reverse("protection:alert_new", args=[group.pk])
    answer = signed_in.post(door, {"words": LONG, "asked": "", "urgency": "soon", "audience": "internal"})
    assert answer.status_code == 400 and LONG in text_of(answer)
    answer = signed_in.post(door, {"words": RIGHT_TO_LEFT, "asked": "Llamar", "until": "cuando puedan"})
    assert answer.status_code == 400 and "cuando puedan" in text_of(answer)
    assert "Say who may see it" in text_of(answer)
    alert = begun(at_work, group)
    with pytest.raises(BadInput, match="still to come"):
        tell(at_work, first_call(alert), given_on=day(TODAY + timedelta(days=1)))
    with pytest.raises(BadInput, match="why it stops"):
        actions.end_alert(by=at_work, alert=alert.pk, how="over", outcome=" ", today=TODAY)
    with pytest.raises(Conflict):
        actions.end_alert(by=at_work, alert=alert.pk, how="over", outcome="Ya", today=TODAY, revision=7)
    actions.end_alert(by=at_work, alert=alert.pk, how="over", outcome="Llegó la fiscalía", today=TODAY)
    with pytest.raises(BadInput, match="not being told any more"):
        actions.end_alert(by=at_work, alert=alert.pk, how="over", outcome="Otra vez", today=TODAY)


def test_a_group_walks_from_an_empty_page_to_an_answer(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    door = reverse("protection:alerts", args=[group.pk])
    page = text_of(signed_in.get(door))
    for words in ("has recorded no decision on calling others", "It is not written down whom the group calls", "yet."):
        assert words in page
    network(at_work, group)
    decided = {
        "what": "Llamar a otros",
        "about": "alert",
        "mode": "assembly",
        "taken_on": "yesterday",
        "present": "40",
    }
    answer = signed_in.post(reverse("protection:group_decision_new", args=[group.pk]) + "?about=alert", decided)
    assert answer.status_code == 303 and answer["Location"] == door
    chain = [str(one.pk) for one in ReachStep.objects.all()]
    told = {"words": "Rondan", "asked": "Llamar", "urgency": "at_once", "audience": "internal", "chain": chain}
    assert signed_in.get(f"{door}new/").status_code == 200
    assert signed_in.post(f"{door}new/", told).status_code == 303
    alert = Alert.objects.get()
    there = reverse("protection:alert", args=[group.pk, alert.pk])
    assert signed_in.get(f"{there}edit/").status_code == 200
    assert signed_in.post(f"{there}edit/", told | {"revision": "9", "words": "Otra cosa"}).status_code == 409
    assert signed_in.post(f"{there}edit/", told | {"revision": "1", "words": "Rondan otra vez"}).status_code == 303
    assert signed_in.post(f"{there}begin/", {"revision": "2"}).status_code == 400
    assert "Let it be told" in text_of(signed_in.get(f"{there}begin/"))
    begin = {"decision": str(group.decisions.get().pk), "revision": "2"}
    assert signed_in.post(f"{there}begin/", begin).status_code == 303
    one = first_call(alert)
    tell_door = reverse("protection:alert_tell", args=[group.pk, alert.pk, one.pk])
    assert signed_in.get(tell_door).status_code == 200
    assert signed_in.post(tell_door, {"answered": "helps", "answer": "Ya van", "revision": "1"}).status_code == 303
    page = text_of(signed_in.get(there))
    for words in ("Ya van", "Rondan otra vez", "1 of 2 was told", "This one has not been told yet."):
        assert words in page
    assert "1 of 2 was told" in text_of(signed_in.get(door))
    assert signed_in.get(f"{there}add/").status_code == 200
    assert signed_in.post(f"{there}end/", {"how": "over", "outcome": ""}).status_code == 400
    revision = Alert.objects.get().revision
    ended = {"how": "over", "outcome": "Llegaron", "revision": str(revision)}
    assert signed_in.post(f"{there}end/", ended).status_code == 303
    assert "Llegaron" in text_of(signed_in.get(there))


def test_its_sheet_says_when_it_is_not_to_be_passed_on_and_can_leave_names_out(
    at_work: Any, signed_in: Client
) -> None:
    group = assembly(at_work)
    person(at_work, "Nidia Quispe", of=group)
    call(at_work, group, "Nidia Quispe", how="555 123")
    given = AlertGiven(
        words=f"{RIGHT_TO_LEFT} {LONG}", asked="Nidia espera en la Asamblea de la Ribera",
        chain=(ReachStep.objects.get().pk,),
    )  # fmt: skip
    alert = actions.write_alert(by=at_work, collective=group.pk, given=given, today=TODAY)
    door = reverse("protection:alert_paper", args=[group.pk, alert.pk])

    def paper(more: str = "") -> str:
        read = PdfReader(io.BytesIO(signed_in.get(door + more).content))
        return " ".join("".join(sheet.extract_text() for sheet in read.pages).split())

    assert "Not to be passed on: draft." in paper()
    without = paper("?names=no")
    assert "Nidia" not in without and "Ribera" not in without and "555 123" in without
    decision_of(at_work, group, about="alert", taken_on=day(TODAY))
    actions.begin_alert(by=at_work, alert=alert.pk, today=TODAY)
    assert "Not to be passed on" not in paper() and "Told: day, hour, by whom" in paper()


def test_however_many_there_are_the_pages_take_as_many_questions(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    alert = begun(at_work, group)
    doors = [
        reverse("protection:alerts", args=[group.pk]),
        reverse("protection:alert", args=[group.pk, alert.pk]),
        reverse("protection:group_decisions", args=[group.pk]),
    ]
    counts = []
    for many in (0, 12):
        for number in range(many):
            call(at_work, group, f"Llamada {number}", position=number + 3)
            alert_of(at_work, group)
            decision_of(at_work, group, about="alert")
        chain = ReachStep.objects.filter(collective=group).values_list("pk", flat=True)
        actions.add_to_chain(by=at_work, alert=alert.pk, chain=chain)
        for door in doors:
            signed_in.get(door)
        with CaptureQueriesContext(connection) as questions:
            for door in doors:
                assert signed_in.get(door).status_code == 200
        counts.append(len(questions))
    assert counts[0] == counts[1]


def test_a_person_calls_nobody_in_a_groups_name(at_work: Any, signed_in: Client) -> None:
    somebody = record_actor(by=at_work, kind="person", names=["Rosa"])
    for name in ("alerts", "alert_new", "group_decisions", "group_decision_new"):
        assert signed_in.get(reverse(f"protection:{name}", args=[somebody.pk])).status_code == 400
    mine = alert_of(at_work, assembly(at_work))
    elsewhere = reverse("protection:alert", args=[assembly(at_work, "Otra").pk, mine.pk])
    assert signed_in.get(elsewhere).status_code == 404


def test_a_group_that_is_erased_takes_its_calls_with_it(at_work: Any) -> None:
    group = assembly(at_work)
    alert = begun(at_work, group)
    tell(at_work, first_call(alert))
    erase_dossier(group.pk, by=at_work)
    assert not Alert.objects.exists() and not AlertCall.objects.exists()
