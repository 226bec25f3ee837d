"""What ``tejido plan`` tells is what the pages show, field by field."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tejido.protection import actions
from tejido.protection.actions import MeasureGiven, ThreatGiven
from tejido.protection.in_words import document_of, gap_document, gap_lines, lines_of
from tejido.protection.models import Plan
from tejido.protection.pages import PlanPage
from tejido.protection.queries import decisions_of, plan_by_id
from tejido.protection.showing import plan_page
from tests.incidents.telling import act, incident
from tests.protection.planning import assembly, day, person, plan_of, walked

#: What is said in codes, ids and written days, and stands on a page in words.
_CODED = frozenset(
    ["id", "collective", "status", "nature", "family", "measure", "check", "level", "about", "mode", "due", "review",
     "when", "taken", "holds_until", "withdrawn", "rhythm"]
)  # fmt: skip


@pytest.fixture
def plan(at_work: Any) -> Plan:
    """A plan in which every field says something."""
    today = timezone.localdate()
    group = assembly(at_work)
    seen = incident(at_work, "Dos en moto", "2026-10", act("surveillance", group))
    threats = [
        ThreatGiven("Nos siguen", "los de la draga", (seen.pk,)),
        ThreatGiven("Un solo camino", "", (), "vulnerability"),
    ]
    made = plan_of(
        at_work, group, title="Cuidarnos", words="Juntas", threats=threats, practices=["Guardia"],
        review_on=day(today + timedelta(days=90)), review_by="el comité",
    )  # fmt: skip
    answered = made.threats.order_by("born", "id")[0]
    given = MeasureGiven(
        title="Tres contactos", code="A2", threat=answered.pk, owner_words="las jóvenes", stand_in="las mayoras",
        due_on=day(today - timedelta(days=3)), effect_on_group="Une", effect_on_individuals="Cansa a pocas",
        cost="un día", needs="señal", works_sign="Contestan", harm_sign="Se cansan", evidence="Una vez",
    )  # fmt: skip
    first = actions.add_measure(by=at_work, plan=made.pk, measure=given)
    nidia = person(at_work, "Nidia", of=group)
    away = MeasureGiven(
        title="Salir un tiempo", code="I2", person=nidia.pk, effect_on_group="Queda menos gente", after=first.pk
    )
    actions.add_measure(by=at_work, plan=made.pk, measure=away)
    actions.record_decision(
        by=at_work, collective=group.pk, plan=made.pk, mode="consensus_with_dissent", what="Sí al plan", today=today,
        taken_on=day(today), present="40", dissent="el horario", mandate="la costumbre", quorum=20, votes_for=30,
        votes_against=4, holds_until=day(today + timedelta(days=300)),
    )  # fmt: skip
    actions.adopt_plan(by=at_work, plan=made.pk, today=today)
    light = actions.add_measure(by=at_work, plan=made.pk, measure=MeasureGiven(title="Luz", family="B"))
    actions.keep_reason(by=at_work, plan=made.pk, check="sign_missing", subject=light.pk, words="Se verá")
    actions.set_review(
        by=at_work, plan=made.pk, review_on=day(today + timedelta(days=80)), review_by="el comité",
        review_stand_in="las jóvenes", rhythm="quarterly",
    )  # fmt: skip
    return plan_by_id(made.pk, by=at_work)


def page_of(plan: Plan) -> PlanPage:
    return plan_page(plan, decisions_of([plan.collective_id]), timezone.localdate())


def said_in(document: object, name: str = "") -> Iterator[str]:
    """Give the words of a document, without its codes, ids and days."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from said_in(value, key)
    elif isinstance(document, list):
        for value in document:
            yield from said_in(value, name)
    elif isinstance(document, str) and name not in _CODED:
        yield document


def words_of(shown: object) -> Iterator[str]:
    """Give the words that a page's dataclass holds."""
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, tuple):
        for one in shown:
            yield from words_of(one)
    elif is_dataclass(shown):
        for one in fields(shown):
            yield from words_of(getattr(shown, one.name))


def read(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


@pytest.mark.parametrize("language", ["es", "en"])
def test_all_that_the_command_tells_stands_on_the_pages(signed_in: Client, plan: Plan, language: str) -> None:
    signed_in.cookies["cuaderno_l"] = language
    with translation.override(language):
        page = page_of(plan)
        doors = [reverse("protection:plan", args=[plan.pk]), reverse("protection:threats", args=[plan.pk])]
        doors += [reverse("protection:family", args=[plan.pk, card.code]) for card in page.families]
        pages = [walked(signed_in, door) for door in doors]
        pages += [
            walked(signed_in, reverse("protection:gap", args=[plan.pk]), f"?check={gap.code}") for gap in page.gaps
        ]
        there = read(" ".join(pages))
        told = [*said_in(document_of(plan, page)), *said_in([gap_document(gap) for gap in page.gaps])]
        assert [words for words in told if " ".join(words.split()) not in there] == []
        assert len(told) > 80


@pytest.mark.parametrize("language", ["es", "en"])
def test_all_that_the_page_says_is_told_in_lines_and_in_the_document(plan: Plan, language: str) -> None:
    with translation.override(language):
        page = page_of(plan)
        lines = [*lines_of(page), *(line for gap in page.gaps for line in gap_lines(gap))]
        in_lines = read(" ".join(lines)).casefold()
        in_document = set(said_in(document_of(plan, page)))
    asked = {card.question for card in page.families if card.rows}  # for a family that is still empty
    told = {words for words in words_of(page) if " " in words} - asked
    assert len(told) > 40
    assert {words for words in told if read(words).casefold() not in in_lines} == set()
    for words in ("los de la draga", "Queda menos gente", "Cansa a pocas", "las mayoras", "el horario", "Se verá"):
        assert words in in_document
