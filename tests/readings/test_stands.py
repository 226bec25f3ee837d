"""A reading is old once something it was reckoned from was written or removed, and not before."""

from __future__ import annotations

from django.db import connection
from django.db.models.functions import Coalesce

from tejido.circles.actions import found_another_circle
from tejido.fabric.actions import remove_tie
from tejido.fabric.models import Actor, Tie
from tejido.incidents.models import Incident
from tejido.readings.stands import stand_of
from tejido.vault.keyring import working_in
from tests.readings.ribera import Ribera, ribera


def test_it_moves_with_each_write_and_removal_of_its_own_circle_alone(river: Ribera) -> None:
    circle = river.by.circle_id
    before = stand_of(circle, Actor, Tie, Incident)
    other = found_another_circle(by=river.by, name="Otra")
    with working_in(other.circle_id):
        ribera(other)
    assert stand_of(circle, Actor, Tie, Incident) == before
    river.incident("again", "2026-11-19", ("guard",))
    after = stand_of(circle, Actor, Tie, Incident)
    assert after[:2] == before[:2] and after[2] > before[2]
    river.tie("guard", "allied_with", "women")
    tied = stand_of(circle, Tie)
    assert tied > (before[1], before[3])
    remove_tie(by=river.by, tie=Tie.objects.latest("stamp"))
    assert stand_of(circle, Tie)[-1] > tied[-1]


def test_it_is_asked_of_the_newest_row_and_not_of_all(river: Ribera) -> None:
    rows = Tie.objects.annotate(theirs=Coalesce("circle_id", "circle_id")).filter(theirs=river.by.circle_id)
    plain = Tie.objects.filter(circle_id=river.by.circle_id)
    wise, slow = (one.order_by("-stamp").values_list("stamp", flat=True)[:1].explain() for one in (rows, plain))
    if connection.vendor == "sqlite":
        assert "stamp" in wise and "TEMP B-TREE" not in wise
        assert "TEMP B-TREE" in slow, "the wrapping is of no use any more"
