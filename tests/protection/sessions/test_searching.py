"""Sessions, modules and calls to others are found by what was spoken of, and by nobody's name."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from tejido.protection.alerts.actions import write_alert
from tejido.protection.alerts.given import AlertGiven
from tejido.protection.sessions.actions import keep_module
from tejido.protection.sessions.given import PartTold
from tejido.protection.sessions.keeping import keep_step
from tests.protection.planning import TODAY, assembly, plan_of
from tests.protection.sessions.meeting import session_of, text_of, threat_of

MODULE = """module: fisher_folk
title: {es: "Pescadoras del estero", en: "Fisher folk"}
prompts:
  - {key: boats, step: work, question: {es: "¿Quién cuida las lanchas?"}}
"""


def found(browser: Client, words: str) -> str:
    return text_of(browser.post("/search/", {"words": words}))


def test_a_session_is_found_by_its_title_its_place_its_threats_and_what_came_first(
    at_work: Any, signed_in: Client
) -> None:
    session = session_of(at_work, assembly(at_work), title="Encuentro de mayo", place="Salón Quetzal",
                         facilitator="Nidia Quispe", modules=("land_defenders",))  # fmt: skip
    there = reverse("protection:session", args=[session.pk])
    assert there not in found(signed_in, "panfletos")
    threat_of(at_work, session, "Panfletos bajo la puerta")
    told = PartTold(about="main", body={"why": "Lo del puente no espera"}, revision=0, seen="")
    keep_step(by=at_work, assessment=session.pk, step="priorities", told=[told])
    for words in ("encuentro", "quetzal", "panfletos puerta", "puente espera"):
        assert there in found(signed_in, words), words
    assert there not in found(signed_in, "nidia")
    assert "Encuentro de mayo</a>" in found(signed_in, "quetzal")


def test_modules_calls_and_plans_are_found_too(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    keep_module(by=at_work, text=MODULE)
    plan = plan_of(at_work, group, title="Andar en compañía")
    given = AlertGiven(words="Rondan la escuela", asked="Llamen a la fiscalía")
    alert = write_alert(by=at_work, collective=group.pk, given=given, today=TODAY)
    for words, there in (
        ("pescadoras", reverse("protection:session_modules")),
        ("compania", reverse("protection:plan", args=[plan.pk])),
        ("fiscalia", reverse("protection:alert", args=[group.pk, alert.pk])),
    ):
        assert there in found(signed_in, words), words
