"""The papers of a session: its own words, large, on A4 and A3, in English and Spanish."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tests.protection.planning import assembly
from tests.protection.sessions.meeting import session_of, threat_of

#: Points of a sheet of paper: the shorter and the longer side.
SIDES = {"a4": (595, 842), "a3": (842, 1191)}


def paper_of(browser: Client, session: Any, sheet: str, **asked: str) -> PdfReader:
    answer = browser.get(reverse("protection:session_kit", args=[session.pk, sheet]), asked)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "Asamblea" not in answer["Content-Disposition"]
    return PdfReader(io.BytesIO(answer.content))


def words_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("paper", ["a4", "a3"])
@pytest.mark.parametrize("sheet", ["cards", "posters", "forms"])
def test_each_sheet_fits_its_paper_and_says_the_groups_words(
    sheet: str, paper: str, at_work: Any, signed_in: Client
) -> None:
    session = session_of(at_work, assembly(at_work), modules=("remote_communities",))
    threat_of(at_work, session, "Nos siguen en moto")
    reader = paper_of(signed_in, session, sheet, paper=paper)
    sides = tuple(sorted(round(float(side)) for side in (reader.pages[0].mediabox[2], reader.pages[0].mediabox[3])))
    assert sides == SIDES[paper]
    assert "Nos siguen en moto" in words_of(reader)
    assert reader.metadata is not None
    assert "Asamblea" not in (reader.metadata.title or "")


def test_the_posters_are_a_sheet_each(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work), title="Miremos juntos")
    for at in range(4):
        threat_of(at_work, session, f"Amenaza {at}")
    for paper in ("a4", "a3"):
        assert len(paper_of(signed_in, session, "posters", paper=paper).pages) == 8


def test_the_papers_speak_the_language_that_was_asked_for(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    assert "What exposes us" in words_of(paper_of(signed_in, session, "posters", lang="en"))
    assert "Qué nos expone" in words_of(paper_of(signed_in, session, "posters", lang="es"))


def test_a_card_for_each_question_of_a_module(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work), modules=("journalists",))
    assert "Which stories bring the danger" in words_of(paper_of(signed_in, session, "cards"))


def test_long_names_and_right_to_left_words_do_not_stop_the_printer(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work, "n" * 300), title="t" * 300)
    threat_of(at_work, session, "palabra " * 37)
    threat_of(at_work, session, "يراقبون طريقنا إلى الحقل")
    threat_of(at_work, session, '#panic("no") $x$ *uno* \\ @dos')
    for sheet in ("cards", "posters", "forms"):
        reader = paper_of(signed_in, session, sheet)
        assert '#panic("no") $x$' in words_of(reader)


def test_an_unknown_sheet_is_not_found(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    assert signed_in.get(reverse("protection:session_kit", args=[session.pk, "banners"])).status_code == 404
