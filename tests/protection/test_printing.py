"""The plan on paper says what the plan says, in the reader's language, as text and nothing but text."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tejido.protection import actions, queries
from tejido.protection.actions import MeasureGiven, ThreatGiven
from tejido.protection.models import Measure, Plan
from tejido.protection.printing import plan_pdf_bytes
from tejido.protection.showing import plan_page
from tejido.vault.journal import writing
from tejido.vault.records import change, create
from tests.protection.planning import LATER, TODAY, assembly, day, decision_of, person, plan_of

HOSTILE = '#import "@preview/x:1.0.0": * #read("/etc/passwd") \\ ] [ $x$ *b* _i_ // `raw` <a> @ref #eval("1+1") "]'


def printed(plan: Plan, by: Any, *, lang: str = "es", names: bool = True) -> PdfReader:
    with translation.override(lang):
        read = queries.plan_by_id(plan.pk, by=by)
        page = plan_page(read, queries.decisions_of([read.collective_id]), TODAY)
        return PdfReader(io.BytesIO(plan_pdf_bytes(read, page, names=names, today=TODAY)))


def words_of(paper: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in paper.pages))


def letters_of(text: str) -> str:
    return re.sub(r"\s+", "", text)


def a_plan(by: Any) -> Plan:
    group = assembly(by)
    nidia = person(by, "Nidia Paz", of=group)
    plan = plan_of(by, group, threats=[ThreatGiven("Seguimientos"), ThreatGiven("Panfletos contra Nidia")])
    threat = plan.threats.get(pk=min(one.pk for one in plan.threats.all() if one.words == "Seguimientos"))
    for measure in (
        MeasureGiven(title="Guardia por turnos", family="A", status="in_place"),
        MeasureGiven(code="B4", owner_words="Alcaldía", threat=threat.pk, due_on=day(LATER)),
        MeasureGiven(code="I2", person=nidia.pk, owner=nidia.pk, effect_on_group="Sin Nidia Paz faltan manos"),
    ):
        actions.add_measure(by=by, plan=plan.pk, measure=measure)
    decision_of(by, group, plan=plan.pk, present="62, de ellas 40 mujeres", what="Cuidarnos y cuidar a NIDIA PAZ")
    actions.adopt_plan(by=by, plan=plan.pk, today=TODAY)
    return plan


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("es", ["Cómo nos cuidamos", "espacios e infraestructura seguros", "reubicación temporal", "en pie",
                "Fuerza del grupo", "en asamblea", "19 de enero de 2027", "Responde a: Seguimientos"]),
        ("en", ["How we look after ourselves", "safe spaces and infrastructure", "temporary relocation", "in place",
                "Strength of the group", "in assembly", "19 January 2027", "Answers: Seguimientos"]),
    ],
)  # fmt: skip
def test_the_paper_speaks_the_language_of_the_reader(at_work: Any, lang: str, expected: list[str]) -> None:
    said = words_of(printed(a_plan(at_work), at_work, lang=lang)).casefold()
    for words in [*expected, "Guardia por turnos", "Alcaldía", "62, de ellas 40 mujeres", "Panfletos", "Nidia Paz"]:
        assert words.casefold() in said


def test_nothing_on_the_outside_says_what_it_is(at_work: Any, signed_in: Client) -> None:
    plan = a_plan(at_work)
    answer = signed_in.get(reverse("protection:plan_pdf", args=[plan.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="cuaderno.pdf"'
    assert "no-store" in answer["Cache-Control"]
    paper = PdfReader(io.BytesIO(answer.content))
    assert paper.metadata is not None
    assert paper.metadata.title == "Cuaderno"
    assert not {"/Author", "/Subject", "/Keywords", "/CreationDate"} & set(paper.metadata)
    told = str(dict(paper.metadata)) + str(paper.xmp_metadata and paper.xmp_metadata.stream.get_data())
    assert not any(word in told for word in ("Ribera", "Nidia", "plan", "Tejido"))
    width, height = (float(side) / 72 * 25.4 for side in paper.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)


def test_without_names_no_person_is_named_wherever_the_name_was_written(at_work: Any, signed_in: Client) -> None:
    plan = a_plan(at_work)
    answer = signed_in.get(reverse("protection:plan_pdf", args=[plan.pk]) + "?names=no")
    said = words_of(PdfReader(io.BytesIO(answer.content)))
    assert "Nidia" in words_of(printed(plan, at_work, lang="en"))
    assert not any(part.casefold() in said.casefold() for part in ("Nidia", "Paz"))
    assert "somebody of the group" in said
    assert "Guardia por turnos" in said


def test_hostile_text_prints_as_text(at_work: Any) -> None:
    group = assembly(at_work, HOSTILE)
    plan = plan_of(at_work, group, title=HOSTILE, words=HOSTILE, threats=[ThreatGiven(HOSTILE, HOSTILE)])
    given = MeasureGiven(title=HOSTILE, family="A", owner_words=HOSTILE, effect_on_individuals=HOSTILE)
    actions.add_measure(by=at_work, plan=plan.pk, measure=given)
    decision_of(at_work, group, plan=plan.pk, what=HOSTILE, present=HOSTILE, dissent=HOSTILE)
    said = letters_of(words_of(printed(plan, at_work)))
    assert said.count(letters_of(HOSTILE)) >= 9


def test_text_that_turns_the_direction_of_writing_is_straightened(at_work: Any) -> None:
    turned = "Guardia \u202egnp.exe\u2066 \u200bnocturna"
    group = assembly_of(at_work)
    with writing(by=at_work, action="test") as entry:  # as another program might have written it
        plan = create(Plan(circle_id=at_work.circle_id, collective=group, title=turned), entry)
        create(Measure(circle_id=at_work.circle_id, plan=plan, family="A", title=turned), entry)
    for names in (True, False):
        said = words_of(printed(plan, at_work, names=names))
        assert "Guardia gnp.exe nocturna" in said
        assert not set("\u202e\u2066\u200b") & set(said)


def assembly_of(by: Any) -> Any:
    from tejido.fabric.models import Actor

    with writing(by=by, action="test") as entry:
        return create(Actor(circle_id=by.circle_id, kind="community", names=[{"text": "Ribera"}]), entry)


def test_whatever_is_written_there_is_a_paper(at_work: Any) -> None:
    plan = plan_of(at_work, assembly(at_work), practices=["Guardia"])

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.text(max_size=60), st.text(alphabet="#[]{}()$\\*_`<>@/\"'=-+~^&|;:,.\n", max_size=60))
    def there_is(any_text: str, marks: str) -> None:
        with writing(by=at_work, action="test") as entry:
            kept = any_text.encode("utf-8", "ignore").decode()
            change(Plan.objects.get(pk=plan.pk), entry, title=marks, words=kept)
            change(plan.measures.get(), entry, title=kept, effect_on_group=marks)
        assert letters_of(marks) in letters_of(words_of(printed(plan, at_work)))

    there_is()


def test_other_scripts_are_printed_too(at_work: Any) -> None:
    plan = plan_of(at_work, assembly(at_work), practices=["الحراسة الليلية", "夜间守卫", "Ночной дозор"])
    assert "Ночной дозор" in words_of(printed(plan, at_work))
