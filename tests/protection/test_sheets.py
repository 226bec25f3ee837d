"""Sheets are set whatever stands in them: names of hundreds of letters, words from right to left, many measures."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tejido.domain.names import usual_form
from tejido.fabric.models import Actor
from tejido.protection import leaving_out, typesetting
from tejido.protection.actions import ThreatGiven, name_threat, note_practices
from tejido.protection.following.actions import record_call
from tejido.protection.following.given import CallGiven
from tejido.protection.following.papers import card_pdf_bytes, poster_pdf_bytes
from tejido.protection.printing import plan_pdf_bytes
from tejido.protection.queries import plan_by_id
from tejido.protection.showing import plan_page
from tests.protection.planning import TODAY, assembly, plan_of


def test_names_of_hundreds_of_letters_are_broken_and_no_sheet_is_wider_than_its_paper() -> None:
    pieces = typesetting._breakable(["ñ" * 300, "https://example.org/a", {"name": "لجنة " * 30}])
    assert isinstance(pieces, list) and str(pieces[0]).replace("\u200b", "") == "ñ" * 300
    assert max(len(one) for one in str(pieces[0]).split("\u200b")) <= 12
    assert pieces[1:] == ["https://example.org/a", {"name": "لجنة " * 30}]


@pytest.mark.parametrize("words", ["ñ" * 300, "لجنة حماية القرية", "Ñandú لجنة 7"])
def test_each_sheet_is_set_whatever_stands_in_it(at_work: Any, words: str) -> None:
    group = assembly(at_work, words)
    plan = plan_of(at_work, group, title=words, words=words, threats=[ThreatGiven(words, words)], practices=[words])
    told = CallGiven(name=words, how=words, for_what=words, stand_in=words)
    record_call(by=at_work, collective=group.pk, given=told, today=TODAY)
    whole = plan_by_id(plan.pk, by=at_work)
    page = plan_page(whole, (), TODAY)
    for drawn, most in (
        (plan_pdf_bytes(whole, page, names=True, today=TODAY), 3),
        (poster_pdf_bytes(whole, page, names=True, today=TODAY), 1),
        (card_pdf_bytes(group, names=True, today=TODAY), 1),
    ):
        paper = PdfReader(io.BytesIO(drawn))
        assert 1 <= len(paper.pages) <= most
        assert paper.metadata is not None and words not in str(paper.metadata)
        wide = float(paper.pages[0].mediabox.width)
        for at, text in placed(paper.pages[0]):
            assert 0 <= at < wide or not text.strip()


def placed(sheet: Any) -> list[tuple[float, str]]:
    """Return where each piece of text of a sheet begins, from the left."""
    found: list[tuple[float, str]] = []
    sheet.extract_text(visitor_text=lambda text, cm, tm, _font, _size: found.append((tm[4] * cm[0] + cm[4], text)))
    return found


def test_the_poster_of_a_hundred_measures_is_one_page(at_work: Any) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group, practices=[f"Guardia {number} " + "larga " * 30 for number in range(60)])
    note_practices(by=at_work, plan=plan.pk, practices=[f"Ronda {number}" for number in range(40)])
    whole = plan_by_id(plan.pk, by=at_work)
    drawn = poster_pdf_bytes(whole, plan_page(whole, (), TODAY), names=True, today=TODAY)
    assert len(PdfReader(io.BytesIO(drawn)).pages) == 1


def test_pages_and_papers_take_as_many_questions_however_many_measures(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    record_call(by=at_work, collective=group.pk, given=CallGiven(name="la radio"), today=TODAY)
    plan = plan_of(at_work, group, threats=[ThreatGiven("Nos siguen")], practices=["Guardia"])
    one = plan.measures.get().pk
    names = ("plan", "adopt", "measure_new", "reviews", "plan_pdf", "poster")
    doors = [reverse(f"protection:{name}", args=[plan.pk]) for name in names]
    doors.append(reverse("protection:measure_edit", args=[plan.pk, one]))
    doors += [reverse(f"protection:{name}", args=[group.pk]) for name in ("together", "card", "calendar")]
    counts: list[list[int]] = []
    for many in (2, 40):
        note_practices(by=at_work, plan=plan.pk, practices=[f"Ronda {many} {number}" for number in range(many)])
        for number in range(many // 2):
            name_threat(by=at_work, plan=plan.pk, words=f"Amenaza {many} {number}")
        signed_in.get(doors[0])
        counts.append([asked_by(signed_in, door) for door in doors])
    assert counts[0] == counts[1]


def asked_by(browser: Client, door: str) -> int:
    with CaptureQueriesContext(connection) as questions:
        assert browser.get(door).status_code == 200
    return len(questions)


NAMES = st.text("aAiIİıñÑ sS'ß-éE\u0301", min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=3), st.lists(NAMES, max_size=5))
def test_a_text_that_is_passed_over_names_nobody(names: list[str], around: list[str]) -> None:
    persons = [Actor(names=[{"text": name}]) for name in names]
    leave = leaving_out._leaver(persons)
    patterns = list(leaving_out._patterns({usual_form(name) for name in names} - {""}))
    for text in (*around, *names, " ".join([*around, names[0].upper()]), names[0].lower()):
        told = usual_form(text)
        for pattern in patterns:
            told = pattern.sub("somebody of the group", told)
        assert leave(text) == told
