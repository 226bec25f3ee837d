"""What if: what changes, for whom, and only that."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.analysis.diffusion_graph import TieGraph
from tejido.analysis.fabric_strength import Allies
from tejido.analysis.felt import felt
from tejido.analysis.frames import FrameError
from tejido.analysis.what_if import Change, NewTie, RaisedProfile, Unreachable, changed, what_if
from tests.analysis.test_fabric_strength import DAY, MANY, members, woven
from tests.analysis.ties_drawn import Drawn, drawn_ties, solved

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


@settings(max_examples=60, deadline=None)
@given(drawn_ties(9), st.lists(st.integers(0, 8), min_size=1, max_size=4, unique=True))
def test_what_is_felt_equals_diffusion(ties: Drawn, seeds: list[int]) -> None:
    rows = [row for row in zip(*ties, strict=True) if row[2] > 0 and row[0] != row[1]]
    source, target = (np.array([row[place] for row in rows], dtype=np.int64) for place in (0, 1))
    weight = np.array([row[2] for row in rows], dtype=np.float64)
    shares, error = felt(source, target, weight, np.array(seeds), actors=9, onward=0.85)
    both = np.append(source, target), np.append(target, source)
    graph = TieGraph.of(*both, np.append(weight, weight), actors=9)
    assert np.abs(shares - solved(graph, seeds)).sum() <= error + 1e-14
    assert error <= 1e-9
