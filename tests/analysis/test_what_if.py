"""What if: what changes, for whom, and only that."""

from __future__ import annotations

import numpy as np
import pytest

from tejido.analysis.fabric_strength import Allies
from tejido.analysis.frames import FrameError
from tejido.analysis.what_if import Change, NewTie, RaisedProfile, Unreachable, changed, what_if
from tests.analysis.test_fabric_strength import DAY, MANY, members, woven

FABRIC = woven(
    *members(1, 2, 3), (1, 2, "works_with"), (1, 3, "works_with"), (1, 6, "contact_of"), (6, 8, "works_with")
)
ALLIES = Allies.of([8], "international", actors=MANY)


def test_without_a_change_nothing_changes() -> None:
    found = what_if(FABRIC, 0, [], day=DAY, allies=ALLIES)
    assert found.before == found.after
    assert found.shifts == ()


def test_who_is_lost_takes_along_what_hung_on_them() -> None:
    found = what_if(FABRIC, 0, [Unreachable(1)], day=DAY, allies=ALLIES)
    assert found.before.reach[0].hops == 2
    assert found.after.reach[0].hops == -1
    assert {one.actor for one in found.shifts if one.after == 0.0} >= {6, 8}
    assert all(one.sure for one in found.shifts)


def test_a_second_way_leaves_nobody_on_whom_all_hangs() -> None:
    found = what_if(FABRIC, 0, [NewTie(2, 8, "accompanies")], day=DAY, allies=ALLIES)
    assert set(found.before.critical) == {1, 6}
    assert found.after.critical == {}
    assert found.after.reach[0].ways == 2


def test_a_raised_profile_draws_more_to_that_person_and_those_behind() -> None:
    found = what_if(FABRIC, 0, [RaisedProfile(1, 3.0)], day=DAY, allies=ALLIES)
    shifts = {one.actor: one.after - one.before for one in found.shifts}
    assert shifts[1] > 0
    assert found.before.cohesion == found.after.cohesion


def test_changes_follow_one_another_and_keep_the_rows() -> None:
    other = changed(FABRIC, [NewTie(2, 8, "sings_with"), Unreachable(8)], day=DAY)
    assert len(other.ties) == len(FABRIC.ties) + 1
    assert other.ties.kinds[other.ties.kind[-1]] == "sings_with"
    assert np.array_equal(other.ties.source[:-1], FABRIC.ties.source)
    assert other.ties.weight[-1] == 0.0


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (Unreachable(99), "actor"),
        (NewTie(0, 99, "works_with"), "target"),
        (NewTie(0, 1, "works_with", float("nan")), "strength"),
        (RaisedProfile(1, float("inf")), "times"),
        (RaisedProfile(1, -1.0), "times"),
    ],
)
def test_a_change_that_cannot_be_is_said(change: Change, column: str) -> None:
    with pytest.raises(FrameError, match=f"column {column}"):
        what_if(FABRIC, 0, [change], day=DAY)
