"""Everybody is counted once."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.counting import ActVictims, Counted, count_victims

victims = st.builds(
    ActVictims,
    st.one_of(st.none(), st.sampled_from(["ana", "luis", "junta", "coop"])),
    st.booleans(),
    st.integers(0, 30),
)
acts = st.lists(victims, max_size=8)


@given(acts, st.randoms(use_true_random=False))
def test_neither_doubles_nor_order_change_the_count(told: list[ActVictims], chance: random.Random) -> None:
    assert count_victims(told + told) == count_victims(told)
    assert count_victims(chance.sample(told, len(told))) == count_victims(told)


@given(acts)
def test_individuals_and_collectives_are_the_distinct_actors(told: list[ActVictims]) -> None:
    counted = count_victims(told)
    assert counted.individuals + counted.collectives == len({one.actor for one in told if one.actor})


@given(acts, victims)
def test_one_more_act_never_lowers_the_count_of_actors(told: list[ActVictims], more: ActVictims) -> None:
    before, after = count_victims(told), count_victims([*told, more])
    assert sum(after[:2]) >= sum(before[:2])
    assert after.unnamed_at_least >= before.unnamed_at_least


def test_individuals_collectives_and_unnamed_are_told_apart() -> None:
    told = [("ana", False, 0), ("ana", False, 0), ("junta", True, 12), (None, False, 20)]
    assert count_victims(told) == Counted(individuals=1, collectives=1, unnamed_at_least=20)
    assert count_victims([]) == Counted(0, 0, 0)
