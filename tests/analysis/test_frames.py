"""The tables: what they take, what they refuse, and that the refusal names row and column."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.analysis.frames import (
    Actors,
    Acts,
    Fabric,
    FrameError,
    History,
    Incidents,
    Involvements,
    Presences,
    Territories,
    Ties,
    day_number,
)  # fmt: skip


def test_a_day_is_counted_from_the_beginning_of_1970() -> None:
    assert day_number(date(1970, 1, 1)) == 0.0
    assert day_number(date(1973, 9, 11)) == 1349.0


def test_ties_may_be_parallel_go_round_and_lead_to_oneself() -> None:
    ties = Ties.of([0, 0, 1, 2, 2], [1, 1, 2, 0, 2], actors=3, kind="allied_with", strength=[1, 2, 3, 4, 0])
    assert len(ties) == 5 and ties.kinds == ("allied_with",)
    assert ties.held_on(5.0).all()


def test_open_ends_may_be_given_as_none() -> None:
    ties = Ties.of([0, 1], [1, 0], actors=2, start=[None, 3.0], end=[4.0, None])
    assert ties.held_on(2.0).tolist() == [True, False]
    assert ties.held_on(4.0).tolist() == [True, True]
    assert ties.held_on(5.0).tolist() == [False, True]


@pytest.mark.parametrize(
    ("column", "given_", "row", "why"),
    [
        ("target", {"target": [1, 7]}, 1, "no such row"),
        ("source", {"source": [-1, 0]}, 0, "no such row"),
        ("strength", {"strength": [1.0, np.nan]}, 1, "not a number"),
        ("strength", {"strength": [np.inf, 1.0]}, 0, "not a number"),
        ("strength", {"strength": [1.0, -2.0]}, 1, "below zero"),
        ("certainty", {"certainty": [0.5, 1.5]}, 1, "between 0 and 1"),
        ("end", {"start": [0.0, 9.0], "end": [1.0, 8.0]}, 1, "before it begins"),
        ("end", {"start": [0.0, np.nan]}, 1, "not a number"),
    ],
)
def test_a_wrong_tie_is_named_by_row_and_column(
    column: str, given_: dict[str, list[float]], row: int, why: str
) -> None:
    whole: dict[str, list[float]] = {"source": [0, 1], "target": [1, 0], **given_}
    source, target = whole.pop("source"), whole.pop("target")
    with pytest.raises(FrameError) as refused:
        Ties.of(source, target, actors=2, **whole)  # type: ignore[arg-type]
    assert (refused.value.frame, refused.value.column, refused.value.row) == ("ties", column, row)
    assert why in str(refused.value) and f"row {row}" in str(refused.value)


def test_a_tie_to_nobody_in_a_smaller_fabric_is_refused() -> None:
    ties = Ties.of([0, 4], [1, 2], actors=5)
    with pytest.raises(FrameError, match="row 1, column source"):
        Fabric.of(Actors.of(["a", "b", "c"]), ties)


@pytest.mark.parametrize("day", [np.nan, np.inf, -np.inf])
def test_an_incident_has_a_day_that_is_one(day: float) -> None:
    with pytest.raises(FrameError, match="row 1, column earliest"):
        Incidents.of(["x", "y"], [3.0, day])


def test_an_incident_does_not_end_before_it_begins() -> None:
    with pytest.raises(FrameError, match="row 0, column latest: it ends before it begins"):
        Incidents.of(["x"], [3.0], [2.0])


def test_columns_are_of_one_length_and_of_their_type() -> None:
    with pytest.raises(FrameError, match="column earliest has 1 rows where 2"):
        Incidents.of(["x", "y"], [3.0])
    with pytest.raises(FrameError, match="column severity does not hold numbers"):
        Incidents.of(["x"], [3.0], severity=["grave"])
    with pytest.raises(FrameError, match="column source does not hold row numbers"):
        Ties.of([0.5], [1], actors=2)
    with pytest.raises(FrameError, match="column from_warning does not hold yes and no"):
        Incidents.of(["x"], [3.0], from_warning=[2])


def test_a_name_stands_once() -> None:
    with pytest.raises(FrameError, match="row 2, column ids"):
        Actors.of(["a", "b", "a"])


def test_a_territory_may_have_no_place_but_not_half_of_one() -> None:
    assert len(Territories.of(["here", "there"], [np.nan, -33.4], [None, -70.6])) == 2
    with pytest.raises(FrameError, match="row 0, column latitude"):
        Territories.of(["here"], [-33.4], [np.nan])
    with pytest.raises(FrameError, match="row 0, column latitude"):
        Territories.of(["here"], [133.4], [0.0])


def test_tables_may_be_empty() -> None:
    none: list[int] = []
    fabric = Fabric.of(Actors.of([]))
    assert len(fabric.ties) == len(fabric.presences) == 0
    history = History.of(Incidents.of([], none), Involvements.of(none, none, incidents=0, actors=0))
    assert len(history.acts) == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.booleans()), max_size=30))
def test_each_actor_counts_once_in_an_incident_and_role(rows: list[tuple[int, int, bool]]) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    told = Involvements.of(columns[0], columns[1], np.array(columns[2], dtype=bool), incidents=4, actors=5)
    assert list(zip(told.incident.tolist(), told.perpetrator.tolist(), told.actor.tolist(), strict=True)) == sorted(
        {(what, did, who) for what, who, did in rows}
    )


def test_presences_and_acts_point_to_what_is_there() -> None:
    with pytest.raises(FrameError, match="row 0, column territory"):
        Presences.of([0], [3], actors=1, territories=3)
    with pytest.raises(FrameError, match="row 1, column incident"):
        Acts.of([0, 1], "threat", incidents=1)


def test_the_refusal_is_said_in_the_language_of_the_reader() -> None:
    class Shouting:
        def gettext(self, message: str, /) -> str:
            return message.upper().replace("{FRAME}", "{frame}").replace("{ROW}", "{row}").replace(
                "{COLUMN}", "{column}").replace("{WHY}", "{why}")  # fmt: skip

        def ngettext(self, singular: str, plural: str, n: int, /) -> str:
            return self.gettext(singular if n == 1 else plural)

    with pytest.raises(FrameError) as refused:
        Ties.of([0], [9], actors=1)
    assert "THERE IS NO SUCH ROW" in refused.value.sentence(Shouting())
