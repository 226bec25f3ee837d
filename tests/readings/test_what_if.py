"""What would change for a collective: what is lost, what holds, what could be done before, and bad choices."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from tejido.domain.errors import BadInput
from tejido.fabric.actions import record_actor, tie_actors
from tejido.readings.what_if import Supposed, suppose, ties_between
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)


def _told(found: Any, *sorts: str) -> str:
    return " ".join(one.sentence for one in found.told if one.sort in sorts)


def test_losing_the_one_who_holds_a_contact_loses_the_contact_and_says_what_could_be_done(river: Ribera) -> None:
    found = suppose(river["assembly"], Supposed(gone=(river["ana"],)), today=TODAY)
    assert "no recorded way left to Organización acompañante" in _told(found, "lost")
    assert "Another of us could get to know Organización acompañante now" in _told(found, "could_do")
    assert "who speaks and decides" in _told(found, "could_do")
    assert ("Allies to whom there is a way", 2, 1) in found.figures
    assert "Ana" not in " ".join(one.sentence for one in found.told)


def test_a_contact_the_group_comes_to_know_stays_when_its_holder_is_gone(river: Ribera) -> None:
    both = Supposed(gone=(river["ana"],), meets=(river["ally"],))
    found = suppose(river["assembly"], both, today=TODAY)
    assert "no recorded way" not in _told(found, "lost")
    assert "still be a way to every other ally" in _told(found, "holds")
    only = suppose(river["assembly"], Supposed(meets=(river["ally"],)), today=TODAY)
    assert "one more way to Organización acompañante" in _told(only, "gained")


def test_a_raised_profile_says_on_whom_it_would_weigh(river: Ribera) -> None:
    found = suppose(river["assembly"], Supposed(raised=(river["ana"],)), today=TODAY)
    assert "Organización acompañante" in _told(found, "felt")


def test_several_can_be_gone_also_the_whole_of_a_collective(river: Ribera) -> None:
    everybody = Supposed(gone=(river["ana"], river["guard"], river["women"], river["network"]))
    found = suppose(river["assembly"], everybody, today=TODAY)
    assert ("Members who can be reached", 3, 0) in found.figures


def test_bad_choices_are_sentences(river: Ribera) -> None:
    bad = {
        "Nobody was chosen": Supposed(),
        "not among those": Supposed(gone=(uuid4(),)),
        "The collective itself": Supposed(gone=(river["assembly"],)),
    }
    for sentence, supposed in bad.items():
        with pytest.raises(BadInput, match=sentence):
            suppose(river["assembly"], supposed, today=TODAY)


def test_whom_one_can_choose_are_members_and_contacts_and_never_who_threatens(river: Ribera) -> None:
    found = suppose(river["guard"], Supposed(), today=TODAY, reckon=False)
    names = [one.name for one in found.choices]
    assert "Asamblea de la Ribera" in names and "Hombres armados" not in names
    assert found.told == () and found.figures == ()


def test_of_a_collective_without_ties_nobody_can_be_chosen(at_work: Any) -> None:
    alone = record_actor(by=at_work, kind="community", names=["Sola"])
    assert suppose(alone.pk, Supposed(), today=TODAY, reckon=False).choices == ()


def test_the_only_member_can_be_thought_away(at_work: Any) -> None:
    group = record_actor(by=at_work, kind="group", names=["Dúo"], naming="everybody")
    one = record_actor(by=at_work, kind="person", names=["Uno"])
    tie_actors(by=at_work, from_actor=one, to_actor=group, kind="leads")
    found = suppose(group.pk, Supposed(gone=(one.pk,)), today=TODAY)
    assert ("Members who can be reached", 1, 0) in found.figures


def test_without_one_tie_alone_what_hung_on_it_is_lost_and_everybody_stays(river: Ribera) -> None:
    free = suppose(river["assembly"], Supposed(), today=TODAY, reckon=False)
    (only,) = [one for one in free.ties if one.kind == "contact_of"]
    assert (only.frm, only.to) == ("person 1, who leads", "Organización acompañante")
    found = suppose(river["assembly"], Supposed(parted=(UUID(only.tie),)), today=TODAY)
    assert "no recorded way left to Organización acompañante" in _told(found, "lost")
    assert ("Members who can be reached", 3, 3) in found.figures
    assert ties_between(river["assembly"], river["ally"], river["ana"], today=TODAY) == (UUID(only.tie),)
    works = ties_between(river["assembly"], river["ana"], river["network"], today=TODAY)
    still = suppose(river["assembly"], Supposed(parted=works), today=TODAY)
    assert "still be a way to every other ally" in _told(still, "holds")


def test_with_one_tie_more_there_is_another_way(river: Ribera) -> None:
    made = Supposed(woven=((river["guard"], "works_with", river["ally"]),))
    found = suppose(river["assembly"], made, today=TODAY)
    assert "one more way to Organización acompañante" in _told(found, "gained")
    both = Supposed(gone=(river["ana"],), woven=made.woven)
    assert "no recorded way" not in _told(suppose(river["assembly"], both, today=TODAY), "lost")


def test_a_tie_that_cannot_be_is_a_sentence(river: Ribera) -> None:
    threat = ("not recorded around", Supposed(parted=(uuid4(),)))
    itself = ("two different ends", Supposed(woven=((river["ana"], "works_with", river["ana"]),)))
    kind = ("two different ends", Supposed(woven=((river["ana"], "threatens", river["ally"]),)))
    stranger = ("not among those", Supposed(woven=((river["ana"], "works_with", uuid4()),)))
    for sentence, supposed in (threat, itself, kind, stranger):
        with pytest.raises(BadInput, match=sentence):
            suppose(river["assembly"], supposed, today=TODAY)
    with pytest.raises(BadInput, match="not recorded around"):
        ties_between(river["assembly"], river["women"], river["ally"], today=TODAY)
