"""What happened around an actor, each incident once and with its reason."""

from __future__ import annotations

from datetime import date

from tejido.readings.alleged import alleged_of, stands_under
from tejido.readings.around import happened_around
from tejido.readings.concentration import concentration_in
from tejido.readings.gathering import gathering
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)


def test_own_and_near_incidents_are_told_apart_newest_first(river: Ribera) -> None:
    found = happened_around(river["assembly"], today=TODAY)
    assert [row.title for row in found.page.rows] == [
        "Two of the guard were followed",
        "A leaflet against the women",
        "A summons",
    ]
    assert (found.own, found.near) == (1, 2)
    assert [row.own for row in found.page.rows] == [False, False, True]
    assert found.page.rows[0].why == "has Guardia del río as a part of it"
    assert found.page.rows[2].why == "suffered this attack directly"


def test_a_tie_that_had_ended_brings_nothing(river: Ribera) -> None:
    titles = [row.title for row in happened_around(river["guard"], today=TODAY).page.rows]
    assert "Luz was hurt" not in titles
    river.incident("luz_before", "2026-05-02", ("luz",), (), title="Luz was stopped", where=None)
    assert "Luz was stopped" in [row.title for row in happened_around(river["guard"], today=TODAY).page.rows]


def test_pages_follow_one_another(river: Ribera) -> None:
    first = happened_around(river["assembly"], today=TODAY, limit=2)
    assert first.page.before is None and first.page.after is not None
    rest = happened_around(river["assembly"], today=TODAY, limit=2, after=first.page.after)
    assert [row.title for row in rest.page.rows] == ["A summons"]
    back = happened_around(river["assembly"], today=TODAY, limit=2, before=rest.page.before)
    assert back.page.rows == first.page.rows


def test_own_only_leaves_out_those_tied(river: Ribera) -> None:
    found = happened_around(river["assembly"], today=TODAY, own_only=True)
    assert (found.own, found.near) == (1, 0)


def test_contacts_through_one_person_are_shown(river: Ribera) -> None:
    found = concentration_in(river["assembly"], today=TODAY)
    assert found is not None and found.person == river["ana"]
    assert "Ana" in found.sentence


def test_what_an_aggressor_is_said_to_have_done_is_counted_once_each(river: Ribera) -> None:
    found = alleged_of(river["armed"])
    assert (found.acts, found.incidents) == (2, 2)
    assert (found.victims.individuals, found.victims.collectives) == (0, 2)
    assert found.kinds == (("surveillance", 2),)
    assert found.years == ((2026, 2),)
    assert found.territories == ((river["valley"], 2),)
    assert stands_under(river["armed"]) == [river["company"]]


def test_what_gathers_counts_a_collective_by_its_parts_and_members(river: Ribera) -> None:
    found = gathering(TODAY)
    counts = {row.collective: (row.lately, row.before) for row in found.rows}
    assert counts[river["assembly"]] == (2, 0)
    assert counts[river["guard"]] == (1, 0), "Luz was hurt after she had left"
    assert found.newest == TODAY
    assert not any(row.more_than_usual for row in found.rows)
    river.incident("second", "2026-11-16", ("guard",), ())
    river.incident("third", "2026-11-18", ("guard",), ())
    again = {row.collective: row for row in gathering(TODAY).rows}
    assert again[river["guard"]].lately == 3 and again[river["guard"]].more_than_usual
