"""The fabric of the whole circle: which hang together, what hangs on one, and whom it may name."""

from __future__ import annotations

from datetime import date
from typing import Any

from tejido.circles.actions import found_another_circle
from tejido.domain.dates import ImpreciseDate
from tejido.domain.words import ENGLISH
from tejido.readings.frames import forget_frames
from tejido.readings.whole_fabric import called_in, whole_fabric_of_circle
from tejido.readings.whole_words import say_groups, say_people, say_whole
from tejido.vault.keyring import working_in
from tests.readings.ribera import Ribera, ribera

TODAY = date(2026, 11, 20)


def _two_valleys(by: Any) -> Ribera:
    """Two pairs of groups whom Rosa alone ties, a group far from all, and a company that only threatens."""
    made = Ribera(by)
    for short in ("north", "mill", "south", "ford", "far"):
        made.actor(short, "group", f"Grupo {short}", naming="some" if short != "mill" else "nobody")
    made.actor("rosa", "person", "Rosa")
    made.actor("iris", "person", "Iris")
    made.actor("mine", "company", "Mina SA")
    made.tie("north", "works_with", "mill")
    made.tie("south", "allied_with", "ford")
    made.tie("rosa", "member_of", "north")
    made.tie("rosa", "contact_of", "south")
    made.tie("iris", "member_of", "mill")
    made.tie("mine", "threatens", "far")
    made.tie("mine", "threatens", "north")
    return made


def test_who_alone_holds_collectives_together_is_seen(at_work: Any) -> None:
    made = _two_valleys(at_work)
    whole = whole_fabric_of_circle(today=TODAY)
    assert (whole.collectives, [one.many for one in whole.parts], whole.alone) == (5, [4], 1)
    assert [(one.ends, one.apart, one.sides) for one in whole.people] == [((str(made["rosa"]),), 2, (2, 2))]
    assert {one.ends[0] for one in whole.groups} == {str(made["north"]), str(made["south"])}
    assert len(whole.bridges) == 4
    assert say_people(whole, ENGLISH).sentence.startswith("One person alone holds")
    told = " ".join(one.sentence for one in say_whole(whole, ENGLISH))
    assert "Of 5 collectives, 4 hang together." in told and "1 collective is tied to no other" in told
    assert "alone hold others together: 2. Ties that alone do: 4." in say_groups(whole, ENGLISH).sentence

    made.tie("ford", "works_with", "mill")
    again = whole_fabric_of_circle(today=TODAY)
    assert not again.people and say_people(again, ENGLISH).sentence.startswith("No one person")


def test_a_tie_that_has_ended_or_not_begun_holds_nothing(at_work: Any) -> None:
    made = Ribera(at_work)
    for short in ("a", "b", "c"):
        made.actor(short, "group", short)
    made.tie("a", "works_with", "b", until=ImpreciseDate.decode("2024"))
    made.tie("b", "works_with", "c", since=ImpreciseDate.decode("2030"))
    whole = whole_fabric_of_circle(today=TODAY)
    assert (whole.parts, whole.alone) == ((), 3)
    assert whole_fabric_of_circle(today=date(2023, 5, 1)).parts[0].many == 2


def test_who_belongs_to_a_collective_that_names_nobody_is_told_by_a_number(at_work: Any) -> None:
    made = _two_valleys(at_work)
    named = called_in(whole_fabric_of_circle(today=TODAY))
    assert named.names[str(made["rosa"])] == "Rosa" and not named.unnamed
    made.tie("rosa", "member_of", "mill")
    named = called_in(whole_fabric_of_circle(today=TODAY))
    assert named.names[str(made["rosa"])] == "person 1" and named.unnamed == {str(made["rosa"])}


def test_what_another_circle_holds_is_not_in_it(river: Ribera) -> None:
    before = whole_fabric_of_circle(today=TODAY)
    other = found_another_circle(by=river.by, name="Otra")
    with working_in(other.circle_id):
        ribera(other)
        forget_frames()
        theirs = whole_fabric_of_circle(today=TODAY)
        assert theirs.collectives == before.collectives and set(theirs.drawn).isdisjoint(before.drawn)
    forget_frames()
    with working_in(river.by.circle_id):
        assert whole_fabric_of_circle(today=TODAY) == before


def test_nothing_recorded_is_an_answer(at_work: Any) -> None:
    whole = whole_fabric_of_circle(today=TODAY)
    assert (whole.collectives, whole.parts, whole.alone, say_whole(whole, ENGLISH)) == (0, (), 0, ())
