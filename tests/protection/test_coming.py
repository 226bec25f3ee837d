"""Dates that are agreed on are read forwards, as they are meant."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.protection.coming import read_coming
from tests.protection.planning import TODAY


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("marzo", "2027-03"),
        ("5 de marzo", "2027-03-05"),
        ("noviembre", "2026-11"),
        ("20 November", "2026-11-20"),
        ("19 November", "2027-11-19"),
        ("diciembre", "2026-12"),
        ("March 2027", "2027-03"),
        ("2031", "2031"),
        ("marzo de 2025", "2025-03"),
        ("hoy", "2026-11-20"),
        ("ayer", "2026-11-19"),
    ],
)
def test_a_date_without_a_year_is_the_next(text: str, encoded: str) -> None:
    assert read_coming(text, today=TODAY, lang="es").encode() == encoded


@pytest.mark.parametrize("text", ["cuando cante el gallo", "31 February", "2999"])
def test_what_is_no_date_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadInput):
        read_coming(text, today=TODAY, lang="en")


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.sampled_from(["en", "es"]))
def test_what_a_form_shows_is_read_back_as_it_was(day: date, lang: str) -> None:
    for when in (ImpreciseDate.day(day), ImpreciseDate.month(day.year, day.month), ImpreciseDate.year(day.year)):
        assert read_coming(when.words(lang), today=TODAY, lang=lang) == when
