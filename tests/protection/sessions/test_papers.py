"""A meeting held on paper is typed in afterwards, and what it said goes into the plan."""

from __future__ import annotations

import gzip
from typing import Any

from django.test import Client
from django.urls import reverse

from tejido.protection.models import Plan
from tejido.protection.sessions import actions
from tejido.protection.sessions.models import AssessedThreat, Assessment, AssessmentPart
from tests.protection.planning import assembly
from tests.protection.sessions.meeting import (
    session_of,
    shown_in,
    text_of,
    threat_of,
    type_into,
)


def test_the_papers_of_a_meeting_are_typed_in_after_it(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    door = reverse("protection:session_results", args=[session.pk])
    told = shown_in(signed_in.get(door)) | {"threats": "Panfletos\nSeguimientos", "work-main-defends": "El agua"}
    assert signed_in.post(door, told)["Location"] == door
    assert [one.words for one in session.threats.order_by("born", "id")] == ["Panfletos", "Seguimientos"]
    second = door + "?half=2"
    page = signed_in.get(second)
    threat = session.threats.order_by("born", "id")[0]
    told = shown_in(page) | {
        f"pictures-picture-{threat.pk.hex}-capacity_words": "Nos avisamos",
        f"pictures-picture-{threat.pk.hex}-capacity_step": "3",
        "fabric-main-step_trust": "5",
    }
    assert shown_in(signed_in.get(door))["work-main-defends"] == "El agua"
    answer = signed_in.post(second, told)
    assert answer.status_code == 400
    assert AssessmentPart.objects.filter(step="pictures").exists()
    again = shown_in(answer) | {"fabric-main-words": "Nos contamos todo"}
    assert again["fabric-main-step_trust"] == "5"
    assert signed_in.post(second, again)["Location"] == reverse("protection:session", args=[session.pk])


def test_what_was_kept_beside_lines_that_are_too_long_is_not_told_as_somebody_elses(
    at_work: Any, signed_in: Client
) -> None:
    session = session_of(at_work, assembly(at_work))
    door = reverse("protection:session_results", args=[session.pk])
    told = shown_in(signed_in.get(door)) | {"threats": "x" * 100_000, "work-main-defends": "El agua"}
    answer = signed_in.post(door, told)
    assert answer.status_code == 400
    again = shown_in(answer) | {"threats": "Panfletos", "work-main-defends": "El agua y el bosque"}
    assert signed_in.post(door, again).status_code == 303
    assert AssessmentPart.objects.get(step="work").body == {"defends": "El agua y el bosque"}


def test_all_that_stands_on_the_papers_is_typed_in(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work), modules=("remote_communities",), title="Sesión")
    threat = threat_of(at_work, session, "Nos siguen", kind="declared", means="Una moto")
    door = reverse("protection:session_results", args=[session.pk])
    five, asked = f"five-{threat.pk.hex}", "components-module-remote_communities-days"
    assert len(gzip.compress(signed_in.get(door).content)) < 10_000
    told = shown_in(signed_in.get(door)) | {
        "who-all_present": "41", "who-present": "23 mujeres", "who-place": "la casa comunal",
        f"{five}-facts": "Tres noches", f"{five}-conclusion": "Podrían",
        "against": "Los de la draga", "favour": "La parroquia\nLa radio", "undecided": "los de la draga",
    }  # fmt: skip
    second = door + "?half=2"
    assert signed_in.post(door, told)["Location"] == second
    told = shown_in(signed_in.get(second)) | {asked: "Dos días por río"}
    assert signed_in.post(second, told)["Location"] == reverse("protection:session", args=[session.pk])
    kept = Assessment.objects.get()
    assert (kept.all_present, kept.place, kept.title, kept.modules) == (
        "41", "la casa comunal", "Sesión", ["remote_communities"],
    )  # fmt: skip
    seen = AssessedThreat.objects.get()
    assert (seen.facts, seen.conclusion, seen.kind, seen.means) == ("Tres noches", "Podrían", "declared", "Una moto")
    names = [part.body["name"] for part in AssessmentPart.objects.filter(step="interests")]
    assert sorted(map(str, names)) == ["La parroquia", "La radio", "Los de la draga"]
    whole = text_of(signed_in.get(reverse("protection:session", args=[session.pk])))
    for words in ("41 present", "Tres noches", "Los de la draga", "Dos días por río"):
        assert words in whole
    # The same papers once more, by somebody else: nothing stands there twice.
    assert signed_in.post(door, shown_in(signed_in.get(door)) | {"favour": "la radio"}).status_code == 303
    assert AssessmentPart.objects.filter(step="interests").count() == 3


def test_two_who_type_the_same_papers_lose_nothing_of_who_was_there(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    threat = threat_of(at_work, session)
    door = reverse("protection:session_results", args=[session.pk])
    facts, pattern = f"five-{threat.pk.hex}-facts", f"five-{threat.pk.hex}-pattern"
    ana = shown_in(signed_in.get(door))
    berta = dict(ana)
    assert signed_in.post(door, ana | {"who-place": "la escuela", facts: "Tres noches"}).status_code == 303
    # Berta touched neither: what Ana wrote stays.
    assert signed_in.post(door, berta | {"work-main-defends": "El río"}).status_code == 303
    assert Assessment.objects.get().place == "la escuela"
    assert AssessedThreat.objects.get().facts == "Tres noches"
    answer = signed_in.post(door, berta | {"who-place": "el río", pattern: "De noche", "work-main-defends": "El río"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert all(words in page for words in ("la escuela", "el río", "Tres noches", "De noche"))
    assert signed_in.post(door, shown_in(answer)).status_code == 303
    assert Assessment.objects.get().place == "el río"
    assert AssessedThreat.objects.get().pattern == "De noche"


def test_five_steps_typed_for_a_threat_that_was_taken_out_are_shown(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    threat = threat_of(at_work, session)
    door = reverse("protection:session_results", args=[session.pk])
    told = shown_in(signed_in.get(door)) | {f"five-{threat.pk.hex}-facts": "Tres noches"}
    actions.remove_assessed_threat(by=at_work, threat=threat.pk)
    answer = signed_in.post(door, told)
    assert answer.status_code == 409 and "Tres noches" in text_of(answer)


def test_the_plan_takes_along_weak_sides_and_what_the_group_does_already(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    type_into(signed_in, session, "work", work__main__cares="Caminar juntas\nAvisarnos por radio")
    type_into(
        signed_in, session, "components", components__territory__exposes="Un solo camino",
        components__territory__change="Abrir la trocha vieja",
    )  # fmt: skip
    door = reverse("protection:session_plan", args=[session.pk])
    page = signed_in.get(door)
    assert "Un solo camino" in text_of(page) and "Caminar juntas" in text_of(page)
    told = shown_in(page)
    assert signed_in.post(door, told).status_code == 400
    for _twice in range(2):
        plan = Plan.objects.first()
        told |= {"weak": "territory-0", "plan": str(plan.pk) if plan is not None else ""}
        assert signed_in.post(door, told).status_code == 303
    made = Plan.objects.get()
    assert [(one.words, one.nature) for one in made.threats.all()] == [("Un solo camino", "vulnerability")]
    assert sorted(one.title for one in made.measures.all()) == ["Avisarnos por radio", "Caminar juntas"]
    choosing = text_of(signed_in.get(reverse("protection:measure_new", args=[made.pk])))
    assert "Abrir la trocha vieja" in choosing


def test_what_is_new_and_what_is_no_longer_spoken_of_is_told(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    before = session_of(at_work, group, title="Antes")
    followed, _leaflets = threat_of(at_work, before, "Nos siguen"), threat_of(at_work, before, "Panfletos")
    now = session_of(at_work, group, title="Ahora")
    threat_of(at_work, now, "Nos siguen en moto", earlier=followed.pk)
    threat_of(at_work, now, "Quieren el río")
    page = text_of(signed_in.get(reverse("protection:session_then", args=[now.pk])))
    assert page.index("New since then") < page.index("Quieren el río") < page.index("Spoken of then")
    assert page.index("Spoken of then") < page.index("Panfletos")
