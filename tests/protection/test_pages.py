"""A group plans through the pages: from what it already does to a plan it adopted, and back."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tejido.protection import actions
from tejido.protection.actions import MeasureGiven, ThreatGiven
from tejido.protection.models import Decision, Measure, Plan, Threat
from tests.incidents.telling import act, incident
from tests.protection.planning import assembly, day, person, plan_of


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def decide(browser: Client, plan: Plan, **more: str) -> Any:
    told = {"what": "Cuidarnos", "mode": "assembly", "taken_on": "yesterday", "present": "62"} | more
    return browser.post(reverse("protection:decision_new", args=[plan.pk]), told)


def test_a_plan_begins_from_what_was_done_lately_and_what_the_group_already_does(
    at_work: Any, signed_in: Client
) -> None:
    group = assembly(at_work)
    seen = incident(at_work, "Dos hombres en moto", "2026-10", act("surveillance", group))
    door = reverse("protection:plan_new", args=[group.pk])
    page = text_of(signed_in.get(door))
    assert "What do you already do to look after yourselves?" in page
    assert page.index("What do you already do") < page.index("What has been done to the group lately")
    told = {"practices": "Guardia por turnos\nCaminar juntas", "seen": ["surveillance"], "threats": "Panfletos"}
    answer = signed_in.post(door, told)
    plan = Plan.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("protection:plan", args=[plan.pk]))
    assert sorted(one.title for one in plan.measures.all()) == ["Caminar juntas", "Guardia por turnos"]
    assert [row.incident_id for one in plan.threats.all() for row in one.shown_in.all()] == [seen.pk]
    shown = text_of(signed_in.get(answer["Location"]))
    for words in ("Guardia por turnos", "Panfletos", "Dos hombres en moto", "not adopted", "in place"):
        assert words in shown


def test_nothing_typed_is_lost_when_a_date_is_not_understood(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    told = {"practices": "Guardia", "threats": "Miedo", "review_on": "cuando cante el gallo"}
    answer = signed_in.post(reverse("protection:plan_new", args=[group.pk]), told)
    assert answer.status_code == 400
    assert all(words in text_of(answer) for words in told.values())
    assert not Plan.objects.exists()


def test_a_person_is_led_to_the_groups_they_belong_to(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    nidia = person(at_work, "Nidia", of=group)
    door = reverse("protection:plan_new", args=[nidia.pk])
    page = text_of(signed_in.get(door))
    assert "for the group" in page
    assert reverse("protection:plan_new", args=[group.pk]) in page
    assert signed_in.post(door, {"threats": "Miedo"}).status_code == 400
    assert not Plan.objects.exists()


def test_the_catalogue_asks_questions_after_what_the_group_already_does(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work))
    door = reverse("protection:measure_new", args=[plan.pk])
    page = text_of(signed_in.get(door))
    assert page.index("What do you already do to look after yourselves?") < page.index("Whom can we call tonight")
    assert "checkbox" not in page
    signed_in.post(door, {"practices": "Asambleas los lunes"})
    assert (plan.measures.get().title, plan.measures.get().status) == ("Asambleas los lunes", "in_place")
    one = text_of(signed_in.get(door + "?code=I2"))
    assert one.index("What is known to go wrong:") < one.index("id_effect_on_individuals")


def test_a_measure_is_added_changed_and_taken_out(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    rosa = person(at_work, "Rosa", of=group)
    plan = plan_of(at_work, group, threats=[ThreatGiven("Panfletos")])
    threat = plan.threats.get()
    told = {"title": "", "status": "agreed", "threat": str(threat.pk), "owner": str(rosa.pk), "due_on": "March 2027"}
    door = reverse("protection:measure_new", args=[plan.pk])
    assert signed_in.post(f"{door}?code=A2", told).status_code == 303
    measure = plan.measures.get()
    assert (measure.code, measure.owner_id, measure.threat_id, measure.due_week) == ("A2", rosa.pk, threat.pk, 202713)
    own = signed_in.post(f"{door}?family=B", {"status": "wanted", "title": ""})
    assert own.status_code == 400
    edit = reverse("protection:measure_edit", args=[plan.pk, measure.pk])
    assert "March 2027" in text_of(signed_in.get(edit))
    told |= {"status": "in_place", "revision": str(measure.revision)}
    assert signed_in.post(edit, told).status_code == 303
    assert plan.measures.get().status == "in_place"
    stale = signed_in.post(edit, told | {"title": "Otra cosa"})
    assert stale.status_code in (400, 409)
    assert "Otra cosa" in text_of(stale)
    again = re.search(r'name="revision" value="(\d+)"', stale.content.decode())
    assert again is not None
    assert signed_in.post(edit, told | {"title": "Otra cosa", "revision": again[1]}).status_code == 303
    assert plan.measures.get().title == "Otra cosa"
    signed_in.post(reverse("protection:measure_remove", args=[plan.pk, measure.pk]))
    assert not plan.measures.exists()


def test_what_somebody_else_wrote_meanwhile_is_shown_beside_what_was_typed(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work), practices=["Guardia"])
    measure = plan.measures.get()
    theirs = MeasureGiven(title="Guardia de noche", family="A", status="stopped")
    actions.change_measure(by=at_work, measure=measure.pk, given=theirs)
    mine = {"title": "Guardia de día", "status": "in_place", "revision": "1"}
    answer = signed_in.post(reverse("protection:measure_edit", args=[plan.pk, measure.pk]), mine)
    page = text_of(answer)
    assert answer.status_code == 409
    for words in ("Guardia de día", "Guardia de noche", "stopped", "Somebody changed this meanwhile"):
        assert words in page


def test_known_harms_are_asked_about_until_the_group_says_why_it_goes_on(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work))
    measure = actions.add_measure(by=at_work, plan=plan.pk, measure=MeasureGiven(code="I2", title="Salida"))
    door = reverse("protection:plan", args=[plan.pk])
    page = text_of(signed_in.get(door))
    assert "Before asking for “Salida”" in page
    assert "takes the person away from the group" in page
    reason = {"reason": "Ella lo pide", "revision": str(measure.revision)}
    signed_in.post(reverse("protection:measure_reason", args=[plan.pk, measure.pk]), reason)
    page = text_of(signed_in.get(door))
    assert "Before asking for" not in page
    assert "Ella lo pide" in page
    assert Measure.objects.get().effect_on_individuals == "Ella lo pide"


def test_a_threat_is_named_and_said_again(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    seen = incident(at_work, "Moto", "2026-10", act("surveillance", group))
    plan = plan_of(at_work, group)
    door = reverse("protection:threat_new", args=[plan.pk])
    assert signed_in.post(door, {"words": ""}).status_code == 400
    assert signed_in.post(door, {"words": "Nos siguen", "incidents": [str(seen.pk)]}).status_code == 303
    threat = Threat.objects.get()
    edit = reverse("protection:threat_edit", args=[plan.pk, threat.pk])
    assert "checked" in signed_in.get(edit).content.decode()
    signed_in.post(edit, {"words": "Nos siguen de noche", "revision": "1"})
    assert Threat.objects.get().words == "Nos siguen de noche"
    assert not threat.shown_in.exists()
    signed_in.post(reverse("protection:threat_remove", args=[plan.pk, threat.pk]))
    assert not Threat.objects.exists()


def test_the_form_offers_no_adoption_without_a_decision(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group)
    door = reverse("protection:adopt", args=[plan.pk])
    page = text_of(signed_in.get(door))
    assert "Record the group&#x27;s decision" in page or "Record the group's decision" in page
    assert 'name="decision"' not in page
    neighbours = assembly(at_work, "Otra")
    decide(signed_in, plan_of(at_work, neighbours))
    foreign = str(Decision.objects.get().pk)
    for chosen in ("", str(uuid.uuid4()), foreign):
        refused = signed_in.post(door, {"decision": chosen, "revision": str(plan.revision)})
        assert refused.status_code == 400
    assert Plan.objects.get(pk=plan.pk).status == "draft"


def test_a_plan_is_decided_on_adopted_and_falls_with_its_decision(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work), threats=[ThreatGiven("Panfletos")])
    answer = decide(signed_in, plan)
    assert answer["Location"] == reverse("protection:adopt", args=[plan.pk])
    page = text_of(signed_in.get(answer["Location"]))
    assert "No measure answers this threat." in page
    decision, revision = Decision.objects.get(), Plan.objects.get().revision
    told = {"decision": str(decision.pk), "revision": str(revision)}
    stale = signed_in.post(answer["Location"], told | {"revision": "1"})
    assert stale.status_code == 400
    signed_in.post(answer["Location"], told)
    assert Plan.objects.get().status == "adopted"
    whole = text_of(signed_in.get(reverse("protection:plan", args=[plan.pk])))
    assert "Review the plan" in whole
    assert "62" in whole
    back = reverse("protection:decision_withdraw", args=[plan.pk, decision.pk])
    assert "1 adopted plan stands on it" in text_of(signed_in.get(back))
    done = signed_in.post(back, {"because": "Cambió todo", "revision": "1"}, follow=True)
    assert "1 plan that it covered is a draft again." in text_of(done)
    assert "Cambió todo" in text_of(done)
    assert Plan.objects.get().status == "draft"


def test_a_decision_is_asked_again_when_it_makes_no_sense(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work))
    for more in ({"taken_on": ""}, {"taken_on": "2199"}, {"mode": "consensus_with_dissent"}, {"what": ""}):
        assert decide(signed_in, plan, **more).status_code == 400
    assert not Decision.objects.exists()


def test_a_collective_case_stays_open_with_a_sentence(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work))
    door = reverse("protection:close", args=[plan.pk])
    refused = signed_in.post(door)
    assert refused.status_code == 400
    assert "This plan stays open" in text_of(refused)
    actions.note_practices(by=at_work, plan=plan.pk, practices=["Guardia"])
    assert signed_in.post(door).status_code == 303
    closed = signed_in.get(reverse("protection:plan", args=[plan.pk]))
    assert "Add a measure" not in text_of(closed)


def test_the_list_says_what_is_missing_in_a_constant_number_of_queries(at_work: Any, signed_in: Client) -> None:
    assert "There is no plan yet" in text_of(signed_in.get(reverse("protection:plans")))
    counts = []
    for _round in range(2):
        for number in range(3):
            group = assembly(at_work, f"Grupo {number}")
            plan = plan_of(at_work, group, threats=[ThreatGiven("Panfletos")])
            late = MeasureGiven(title="Luz", family="B", due_on=day(timezone.localdate() - timedelta(days=3)))
            actions.add_measure(by=at_work, plan=plan.pk, measure=late)
        signed_in.get(reverse("protection:plans"))
        with CaptureQueriesContext(connection) as asked:
            page = text_of(signed_in.get(reverse("protection:plans")))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    for words in ("Grupo 1", "▲ late", "Luz", "no decision"):
        assert words in page
    assert "Grupo" not in text_of(signed_in.get(reverse("protection:plans") + "?status=adopted"))


def test_titles_and_review_are_changed(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work))
    told = {"title": "Nuestro cuidado", "words": "Juntas", "revision": "1"}
    assert signed_in.post(reverse("protection:plan_edit", args=[plan.pk]), told).status_code == 303
    review = reverse("protection:review", args=[plan.pk])
    assert signed_in.post(review, {"review_on": "March 2027", "review_by": "Rosa", "revision": "1"}).status_code == 409
    assert signed_in.post(review, {"review_on": "March 2027", "revision": "2"}).status_code == 303
    page = text_of(signed_in.get(reverse("protection:plan", args=[plan.pk])))
    assert "Nuestro cuidado" in page
    assert "March 2027" in page


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_page_speaks_the_language_of_the_reader(at_work: Any, signed_in: Client, language: str) -> None:
    signed_in.cookies["cuaderno_l"] = language
    plan = plan_of(at_work, assembly(at_work), threats=[ThreatGiven("Panfletos")], practices=["Guardia"])
    threat, measure = plan.threats.get(), plan.measures.get()
    decide(signed_in, plan, taken_on="2026")
    decision = Decision.objects.get()
    views = {
        "plans": [], "plan_new": [plan.collective_id], "plan": [plan.pk], "plan_edit": [plan.pk], "review": [plan.pk],
        "threat_new": [plan.pk], "threat_edit": [plan.pk, threat.pk], "measure_new": [plan.pk], "adopt": [plan.pk],
        "measure_edit": [plan.pk, measure.pk], "decision_new": [plan.pk],
        "decision_withdraw": [plan.pk, decision.pk],
    }  # fmt: skip
    spoken = {"es": "Salir de aquí", "en": "Get out of here"}[language]
    other = {"es": ("Back to", "Plan of"), "en": ("Volver al", "Plan de")}[language]
    for view, args in views.items():
        answer = signed_in.get(reverse(f"protection:{view}", args=args))
        assert answer.status_code == 200, view
        page = text_of(answer)
        assert spoken in page
        assert not any(words in page for words in other), view
        assert "<title>Cuaderno</title>" in page


def test_the_pages_are_closed_to_whoever_has_no_key(at_work: Any, client: Client) -> None:
    plan = plan_of(at_work, assembly(at_work))
    for view in ("plan", "plan_pdf", "adopt"):
        answer = client.get(reverse(f"protection:{view}", args=[plan.pk]))
        assert answer.status_code != 200
        assert "Ribera" not in answer.content.decode()


def test_every_view_says_who_may_ask(at_work: Any) -> None:
    from tejido.circles.policies import views_without_policy
    from tejido.protection.urls import urlpatterns

    assert views_without_policy(list(urlpatterns)) == []
