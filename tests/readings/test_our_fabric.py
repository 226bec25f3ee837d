"""The reading of a collective's fabric: what it says, whom it names, and what it answers to odd ties."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from tejido.analysis.in_turn import in_turn
from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import NotFound
from tejido.fabric.actions import record_actor, tie_actors
from tejido.fabric.models import Actor
from tejido.readings.clear_rows import ClearRows
from tejido.readings.fabric_near import near
from tejido.readings.fabric_strength import OurFabric, our_fabric
from tejido.readings.frames import forget_frames
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)


def _read(collective: Any) -> OurFabric:
    return our_fabric(collective, today=TODAY)


def _sentences(found: OurFabric) -> str:
    return " ".join(one.sentence for one in found.said)


def _group(by: Any, naming: str, people: int) -> tuple[Actor, list[Actor]]:
    group = record_actor(by=by, kind="group", names=["Guardia"], naming=naming)
    members = [record_actor(by=by, kind="person", names=[f"Persona {n}"]) for n in range(people)]
    for one in members:
        tie_actors(by=by, from_actor=one, to_actor=group, kind="member_of", certainty="confirmed")
    return group, members


def test_what_runs_through_one_person_is_told_with_a_way_out(at_work: Any) -> None:
    group, members = _group(at_work, "everybody", 3)
    for n in range(3):
        ally = record_actor(by=at_work, kind="organisation", names=[f"Aliada {n}"])
        tie_actors(by=at_work, from_actor=members[0], to_actor=ally, kind="contact_of", certainty="confirmed")
    found = _read(group.pk)
    assert "Of 3 contacts outside, 3 run through Persona 0 alone." in _sentences(found)
    assert tuple(sorted(found.on_one[0].names)) == ("Aliada 0", "Aliada 1", "Aliada 2")
    assert all(way.hangs_on == ("Persona 0",) and way.ways == 1 for way in found.ways)
    assert found.strength.cut_from_all == 1


def test_people_of_a_collective_that_names_nobody_are_numbered(at_work: Any) -> None:
    group, members = _group(at_work, "nobody", 2)
    ally = record_actor(by=at_work, kind="organisation", names=["Aliada"])
    tie_actors(by=at_work, from_actor=members[1], to_actor=ally, kind="contact_of", certainty="confirmed")
    tie_actors(by=at_work, from_actor=members[1], to_actor=group, kind="leads", certainty="confirmed")
    found = _read(group.pk)
    assert found.on_one[0].name == "person 1, who leads"
    assert "Persona" not in _sentences(found) + "".join(found.naming.names.values())
    assert "Aliada" in found.naming.names.values()


def test_parts_of_a_collective_stand_inside_it(river: Ribera) -> None:
    found = _read(river["assembly"])
    assert found.strength.cohesion.members == 3
    assert {way.name for way in found.ways} == {"Red del valle", "Organización acompañante"}
    assert [way.name for way in found.ways if way.ways > 1] == ["Red del valle"]


def test_a_collective_without_ties_or_with_one_member_has_an_answer(at_work: Any) -> None:
    alone = record_actor(by=at_work, kind="community", names=["Sola"])
    assert "none has to be" in _sentences(_read(alone.pk))
    group, _members = _group(at_work, "everybody", 1)
    assert "Only one member is recorded" in _sentences(_read(group.pk))


def test_parallel_ties_circles_of_ties_and_ties_that_ended_change_nothing(at_work: Any) -> None:
    group, members = _group(at_work, "everybody", 3)
    first, second, third = members
    for frm, to in ((first, second), (second, third), (third, first)):
        tie_actors(by=at_work, from_actor=frm, to_actor=to, kind="works_with", certainty="confirmed")
    tie_actors(by=at_work, from_actor=first, to_actor=second, kind="family_of", certainty="confirmed")
    seen = _read(group.pk).strength.cohesion
    assert (seen.members, seen.ties, seen.parts, seen.connectivity) == (3, 3, 1, 2)
    gone = record_actor(by=at_work, kind="person", names=["Se fue"])
    until = ImpreciseDate.decode("2020-01")
    tie_actors(by=at_work, from_actor=gone, to_actor=group, kind="member_of", certainty="confirmed", until=until)
    assert _read(group.pk).strength.cohesion.members == 3


def test_a_tie_that_ends_before_it_begins_held_on_no_day(at_work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read = ClearRows.ties
    monkeypatch.setattr(ClearRows, "ties", lambda rows: [(*tie[:6], 202605, 202601) for tie in read(rows)])
    group, _members = _group(at_work, "everybody", 2)
    forget_frames()
    found = near(str(group.pk), today=TODAY)
    assert found.chosen == () and found.insiders == ()


def test_whoever_is_no_collective_of_the_circle_has_no_fabric_of_its_own(river: Ribera) -> None:
    for nobody in (river["ana"], river["company"], uuid4()):
        with pytest.raises(NotFound, match="no collective"):
            _read(nobody)


def test_threats_are_no_ties_that_hold(river: Ribera) -> None:
    assert str(river["armed"]) not in _read(river["guard"]).near.ids


def test_what_lies_too_far_is_left_out_and_said(at_work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tejido.readings import fabric_near

    group, members = _group(at_work, "everybody", 2)
    ally = record_actor(by=at_work, kind="network", names=["Red"])
    tie_actors(by=at_work, from_actor=members[0], to_actor=ally, kind="works_with", certainty="confirmed")
    far = record_actor(by=at_work, kind="network", names=["Lejos"])
    tie_actors(by=at_work, from_actor=ally, to_actor=far, kind="works_with", certainty="confirmed")
    assert not _read(group.pk).cut
    monkeypatch.setattr(fabric_near, "MOST_BEYOND", 0)
    assert _read(group.pk).cut


def test_of_many_contacts_that_one_reaches_alone_the_first_are_named_and_all_counted(at_work: Any) -> None:
    group, members = _group(at_work, "everybody", 2)
    for n in range(15):
        contact = record_actor(by=at_work, kind="organisation", names=[f"Organización {n}"])
        tie_actors(by=at_work, from_actor=members[0], to_actor=contact, kind="contact_of", certainty="confirmed")
    one = _read(group.pk).on_one[0]
    assert (len(one.contacts), len(one.names), all(one.names)) == (15, 12, True)


def test_what_lies_beyond_is_taken_in_turn() -> None:
    owner = np.array([0, 0, 0, 0, 1, 0, 2])
    assert in_turn(owner, 3, most=4, of_one=9).tolist() == [0, 1, 4, 6]
    assert in_turn(owner, 3, most=9, of_one=1).tolist() == [0, 4, 6]
    assert in_turn(owner, 3, most=0, of_one=9).tolist() == []
