"""Five steps in their order, the group's own order of its threats, and who was there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.assessment_presence import Present, read_present
from tejido.domain.assessment_priorities import Choosing, in_order, said_of
from tejido.domain.assessment_threats import FIVE_STEPS, ThreatLook, prompts_for
from tejido.domain.errors import BadInput

said = st.sampled_from(["", " ", "algo"])
threats = st.builds(ThreatLook, said, said, said, said, said, st.integers(0, 3))


@given(threats)
def test_a_source_rests_on_three_steps_and_a_conclusion_on_four(look: ThreatLook) -> None:
    asked = {prompt.about for prompt in prompts_for(look)}
    before = [look.said(step) for step in FIVE_STEPS]
    assert ("source" in asked) == (before[3] and not all(before[:3]))
    assert ("conclusion" in asked) == (before[4] and not all(before[:4]))
    assert asked <= {"source", "conclusion"}


@given(threats)
def test_every_prompt_gives_its_reason_and_a_way_out(look: ThreatLook) -> None:
    for prompt in prompts_for(look):
        assert prompt.sentence.endswith(".")
        assert prompt.why
        assert prompt.way_out


@given(threats)
def test_the_steps_are_reached_one_after_the_other(look: ThreatLook) -> None:
    assert all(look.said(step) for step in FIVE_STEPS[: look.reached])
    assert look.next_step is None or not look.said(look.next_step)


def test_an_incident_on_record_is_a_fact() -> None:
    assert ThreatLook(incidents=1).said("facts")
    assert not ThreatLook(incidents=1).said("pattern")


ids = st.lists(st.text("abcdef", min_size=1, max_size=3), unique=True, max_size=6)
ways: st.SearchStrategy[Choosing] = st.sampled_from(["vote", "consensus"])


@given(ways, ids, st.data())
def test_each_threat_has_one_place_or_none(way: Choosing, named: list[str], data: st.DataObject) -> None:
    given_ = {one: data.draw(st.none() | st.integers(0, 9)) for one in named}
    found = in_order(way, named, given_)
    placed = [one for held in found.order for one in held]
    assert sorted([*placed, *found.left]) == sorted(named)
    assert all(bool(given_[one]) == (found.place(one) is not None) for one in named)
    numbers = [given_[held[0]] or 0 for held in found.order]
    assert numbers == sorted(set(numbers), reverse=way == "vote")
    assert all(given_[one] == given_[held[0]] for held in found.order for one in held)


@given(ids.filter(bool), st.integers(max_value=-1))
def test_a_vote_below_nothing_is_refused(named: list[str], wrong: int) -> None:
    with pytest.raises(BadInput):
        in_order("vote", named, {named[0]: wrong})


def test_a_shared_first_place_and_a_threat_without_one_are_spoken_of() -> None:
    told = said_of(in_order("vote", ["a", "b", "c"], {"a": 3, "b": 3}), "vote")
    assert len(told) == 2
    assert said_of(in_order("vote", ["a"], {}), "vote") == ()


@given(st.integers(0, 999_999), st.sampled_from(["women", "mujeres", "نساء", "people of the river"]))
def test_a_count_is_read_either_way_round(count: int, group: str) -> None:
    assert read_present([f"{count} {group}"]) == read_present([f"{group}: {count}"]) == (Present(group, count),)


@pytest.mark.parametrize("line", ["women", "23", "-3 women", "many"])
def test_what_is_no_count_names_its_line(line: str) -> None:
    with pytest.raises(BadInput, match="Line 2"):
        read_present(["23 women", line])


def test_no_group_counts_more_than_all_and_nothing_is_added_up() -> None:
    assert read_present(["23 women", "", "30 young"], of=41) == (Present("women", 23), Present("young", 30))
    with pytest.raises(BadInput, match="Line 1"):
        read_present(["42 women"], of=41)
