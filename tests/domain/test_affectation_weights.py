"""What relations carry once records taught it: in proportion, within bounds, and more never lowers anything."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.affectation import IncidentFact, PresenceFact, TieFact, affected_by
from tejido.domain.affectation_weights import ASSUMED, MOST, LearnedShare, Weights, with_learned
from tejido.domain.ties import TIE_WEIGHTS, Hop

TODAY = date(2026, 11, 20)
RELATIONS = ("collective", "works_with", "allied_with", "family_of", "territory", "aggressor")


def _share(relation: str, brings: float, *, sure: bool = True) -> LearnedShare:
    return LearnedShare(relation, brings, brings / 2, brings * 2, sure)


_shares = st.dictionaries(
    st.sampled_from(RELATIONS), st.tuples(st.floats(0, 3), st.booleans()), min_size=1, max_size=len(RELATIONS)
).map(lambda told: [_share(name, brings, sure=sure) for name, (brings, sure) in told.items()])


def _ends(weights: Weights) -> list[float]:
    ties = [end for one in weights.ties.values() for end in (one.forward, one.backward)]
    return [*ties, weights.territory, weights.near, weights.aggressor]


@given(_shares)
def test_every_weight_stays_between_nothing_and_having_suffered_it(shares: list[LearnedShare]) -> None:
    learned = with_learned(ASSUMED, shares)
    assert all(0.0 <= one <= MOST for one in _ends(learned))
    assert all(0.0 <= one.low <= one.weight <= one.high <= MOST for one in learned.learned.values())
    assert set(learned.learned) <= {one.relation for one in shares if one.sure}


@given(_shares)
def test_a_relation_that_is_not_sure_keeps_what_was_assumed(shares: list[LearnedShare]) -> None:
    learned, unsure = with_learned(ASSUMED, shares), {one.relation for one in shares if not one.sure}
    for kind in unsure & set(TIE_WEIGHTS):
        assert learned.ties[kind] == TIE_WEIGHTS[kind]
    if "territory" in unsure:
        assert (learned.territory, learned.near) == (ASSUMED.territory, ASSUMED.near)


@given(_shares, st.sampled_from(RELATIONS), st.floats(0, 3))
def test_bringing_more_never_lowers_a_weight(shares: list[LearnedShare], relation: str, more: float) -> None:
    shares = [one for one in shares if one.relation != relation]
    before = with_learned(ASSUMED, [*shares, _share(relation, 0.2)])
    after = with_learned(ASSUMED, [*shares, _share(relation, 0.2 + more)])
    if relation in before.learned:
        assert after.learned[relation].weight >= before.learned[relation].weight - 1e-12


def test_the_whole_that_was_assumed_is_divided_anew() -> None:
    learned = with_learned(ASSUMED, [_share("works_with", 0.3), _share("allied_with", 0.1), _share("territory", 0.2)])
    whole = 0.5 + 0.4 + 0.3
    assert learned.ties["works_with"].forward == pytest.approx(whole / 2)
    assert learned.ties["allied_with"].backward == pytest.approx(whole / 6)
    assert learned.territory == pytest.approx(whole / 3)
    assert learned.near / ASSUMED.near == pytest.approx(learned.territory / ASSUMED.territory)
    assert learned.ties["leads"] == TIE_WEIGHTS["leads"] and learned.aggressor == ASSUMED.aggressor


@pytest.mark.parametrize(
    "shares", [[], [_share("works_with", 0.3)], [_share("works_with", 0), _share("territory", 0)]]
)
def test_without_a_proportion_nothing_is_learned(shares: list[LearnedShare]) -> None:
    assert with_learned(ASSUMED, shares) == ASSUMED


def test_a_chain_is_learned_where_each_of_its_steps_is() -> None:
    learned = with_learned(ASSUMED, [_share("works_with", 0.3), _share("collective", 0.1), _share("allied_with", 0.1)])
    unsure = with_learned(ASSUMED, [_share("works_with", 0.3), _share("allied_with", 0.1, sure=False)])
    works, allied = Hop("t", "works_with", "a", "b", True), Hop("u", "allied_with", "b", "c", True)
    leads = Hop("v", "leads", "c", "d", True)
    assert learned.basis("tie", [works, allied, leads]) == "learned"
    assert unsure.basis("tie", [works]) == "learned" and unsure.basis("tie", [works, allied]) == "assumed"
    assert [one.relation for one in unsure.sureness("tie", [works, allied])] == ["works_with"]
    assert learned.basis("victim") == learned.basis("territory") == ASSUMED.basis("tie", [works]) == "assumed"


_ends_of = st.sampled_from(["v", "a", "b", "c"])
_ties = st.lists(
    st.tuples(_ends_of, _ends_of, st.sampled_from(["works_with", "member_of", "allied_with"])), max_size=6
).map(lambda told: [TieFact(f"t{n}", frm, to, kind) for n, (frm, to, kind) in enumerate(told) if frm != to])


@given(_shares, _ties, _ties)
def test_with_learned_weights_more_ties_never_lower_anything(
    shares: list[LearnedShare], ties: list[TieFact], more: list[TieFact]
) -> None:
    weights, where = with_learned(ASSUMED, shares), [PresenceFact("c", "here")]
    incident = IncidentFact("i", frozenset({"v"}), frozenset(), "here", TODAY, TODAY)
    renamed = [TieFact(f"m{n}", one.frm, one.to, one.kind) for n, one in enumerate(more)]
    before = affected_by(incident, ties=ties, presences=where, today=TODAY, weights=weights)
    after = {
        one.actor: one.strength
        for one in affected_by(incident, ties=[*ties, *renamed], presences=where, today=TODAY, weights=weights)
    }
    assert all(after[one.actor] >= one.strength - 1e-12 for one in before)
    assert all(0.0 <= one <= 1.0 for one in after.values())
