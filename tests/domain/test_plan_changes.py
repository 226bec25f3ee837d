"""What is a change the group has to decide on; measures that wait for each other."""

from __future__ import annotations

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.plan_changes import SUBSTANCE, MeasuresInCircle, circle_of, is_substance, refuse_circle

NAMES = st.sampled_from("abcdefg")


@given(st.dictionaries(NAMES, NAMES), NAMES)
def test_a_circle_is_found_exactly_where_a_graph_has_one(waits_for: dict[str, str], first: str) -> None:
    graph = networkx.DiGraph(list(waits_for.items()))
    in_circle = first in graph and any(first in cycle for cycle in networkx.simple_cycles(graph))
    found = circle_of(first, waits_for)
    assert bool(found) is in_circle
    if in_circle:
        assert found[0] == first and waits_for[found[-1]] == first
        with pytest.raises(MeasuresInCircle, match="in a circle"):
            refuse_circle(first, waits_for)
    else:
        refuse_circle(first, waits_for)


def test_five_hundred_measures_in_a_row_are_no_circle() -> None:
    row = {str(n): str(n + 1) for n in range(500)}
    assert circle_of("0", row) == ()
    assert len(circle_of("0", row | {"500": "0"})) == 501


@given(st.dictionaries(st.sampled_from([*SUBSTANCE, "owner_words", "due_on", "status"]), st.text(max_size=3)))
def test_who_when_and_how_it_stands_are_no_change_of_the_plan(changes: dict[str, str]) -> None:
    before = dict.fromkeys([*SUBSTANCE, "owner_words", "due_on", "status"], "")
    assert is_substance(before, before | changes) is any(changes.get(name) for name in SUBSTANCE)
