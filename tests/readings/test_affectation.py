"""Whom an incident touches: records in, reasons out."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tejido.domain.errors import NotFound
from tejido.readings import struck, weaving
from tejido.readings.affectation import AGGRESSORS, TIES, touched_by, touched_by_incident
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)


def _rows(river: Ribera, incident: str, **more: Any) -> dict[str, Any]:
    return {row.name: row for row in touched_by(river[incident], today=TODAY, **more).rows}


def test_the_victim_comes_first_and_every_row_says_why(river: Ribera) -> None:
    found = touched_by(river["followed"], today=TODAY)
    assert found.rows[0].name == "Guardia del río"
    assert found.rows[0].strength == 1.0 and found.rows[0].band == "strong" and found.rows[0].is_victim
    assert all(row.sentences and 0 < row.strength <= 1 for row in found.rows)
    assert [row.strength for row in found.rows] == sorted((row.strength for row in found.rows), reverse=True)
    assert found.total == len(found.rows) and found.left_out == ()


def test_it_reaches_those_tied_those_near_and_those_the_same_aggressor_struck(river: Ribera) -> None:
    rows = _rows(river, "followed")
    assert rows["Asamblea de la Ribera"].sentences == (
        "has Guardia del río as a part of it, attacked here",
        "lives in the same place",
    )
    assert "the same aggressor attacked it 15 days before" in rows["Grupo de mujeres"].sentences
    assert any("km away" in sentence for sentence in rows["Grupo de mujeres"].sentences)
    assert "Ana" in rows


def test_who_is_said_to_have_done_it_is_not_touched_and_an_ended_tie_carries_nothing(river: Ribera) -> None:
    rows = _rows(river, "followed")
    assert "Hombres armados" not in rows and "Empresa del embalse" not in rows
    assert "Luz" not in rows


def test_a_limit_bounds_the_rows_and_not_the_count(river: Ribera) -> None:
    whole, short = touched_by(river["followed"], today=TODAY), touched_by(river["followed"], today=TODAY, limit=2)
    assert len(short.rows) == 2 and short.rows == whole.rows[:2]
    assert (short.total, short.collectives) == (whole.total, whole.collectives)


def test_an_incident_that_is_not_here_is_not_found(at_work: Any) -> None:
    with pytest.raises(NotFound):
        touched_by(uuid4(), today=TODAY)


def test_a_hub_is_bounded_and_it_is_said(river: Ribera, monkeypatch: pytest.MonkeyPatch) -> None:
    river.incident("later", "2026-11-19", ("women",), ("armed",))
    monkeypatch.setattr(struck, "MOST_NEAREST", 0)
    assert AGGRESSORS in touched_by(river["followed"], today=TODAY).left_out
    monkeypatch.setattr(weaving, "MOST_OF_ONE", 1)
    assert TIES in touched_by(river["followed"], today=TODAY).left_out


def test_ties_beyond_the_bound_are_left_out(river: Ribera) -> None:
    assert not weaving.woven_around([river["assembly"]], reach=3).cut
    few = weaving.woven_around([river["assembly"]], reach=3, most=2)
    assert few.cut and len(few.facts) == 2


def test_the_number_of_queries_does_not_grow_with_the_fabric(river: Ribera) -> None:
    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            touched_by(river["followed"], today=TODAY)
        return len(caught)

    touched_by(river["followed"], today=TODAY)
    before = counted()
    for number in range(12):
        river.actor(f"m{number}", "person", f"Member {number}")
        river.tie(f"m{number}", "member_of", "guard")
        river.incident(f"i{number}", "2026-11-10", (f"m{number}",), ("armed",))
    touched_by(river["followed"], today=TODAY)
    assert counted() == before
    assert before <= 16


def test_an_incident_without_a_date_still_touches_by_ties(river: Ribera) -> None:
    bare = river.incident("bare", "2026-11-18", ("guard",), ("armed",))
    type(bare).objects.filter(pk=bare.pk).update(when=None, week_from=None, week_to=None)
    rows = _rows(river, "bare")
    assert rows["Guardia del río"].strength == 1.0
    assert "Asamblea de la Ribera" in rows


def test_many_victims_leave_room_for_others(river: Ribera) -> None:
    names = [f"v{number}" for number in range(6)]
    for name in names:
        river.actor(name, "person", name)
    many = river.incident("many", "2026-11-12", ("guard", *names), ())
    rows = touched_by_incident(many, today=TODAY, limit=5, victims=2).rows
    assert [row.is_victim for row in rows[:2]] == [True, True] and rows[0].name == "Guardia del río"
    assert len(rows) == 5 and not any(row.is_victim for row in rows[2:])
