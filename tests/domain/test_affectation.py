"""Whom an incident touches: the promises of the rule, and an independent oracle."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.domain import affectation
from tejido.domain.affectation import (
    FLOOR,
    TIE_WEIGHTS,
    Affected,
    IncidentFact,
    PresenceFact,
    TerritoryFact,
    TieFact,
    Weave,
    affected_by,
    band,
    path_sentence,
    sentences,
    tied_how,
    touching,
)
from tejido.domain.ties import CERTAINTY_SHARES, STRENGTH_SHARES, Chain

TODAY = date(2026, 11, 20)
DAY = date(2024, 5, 3)
ACTORS = [f"a{number}" for number in range(9)]
actors = st.sampled_from(ACTORS)
strengths: st.SearchStrategy[Literal[1, 2, 3]] = st.sampled_from([1, 2, 3])
held_ends = st.one_of(st.none(), st.dates(date(2023, 1, 1), date(2025, 12, 31)))


@st.composite
def weaves(draw: st.DrawFn) -> list[TieFact]:
    drawn = draw(
        st.lists(
            st.tuples(
                actors,
                actors,
                st.sampled_from(sorted(TIE_WEIGHTS)),
                strengths,
                st.sampled_from(sorted(CERTAINTY_SHARES)),
                st.tuples(held_ends, held_ends),
            ),
            max_size=16,
        )
    )
    return [TieFact(f"t{number}", *parts) for number, parts in enumerate(drawn)]


def attack(
    *victims: str, by: Sequence[str] = (), incident: str = "i", days: int = 0, territory: str | None = None
) -> IncidentFact:
    when = DAY + timedelta(days=days)
    return IncidentFact(incident, frozenset(victims), frozenset(by), territory, when, when)


incidents = st.builds(
    lambda victims, by, days, territory: attack(*victims, by=sorted(by), days=days, territory=territory),
    st.frozensets(actors, min_size=1, max_size=2),
    st.frozensets(actors, max_size=2),
    st.integers(0, 300),
    st.sampled_from([None, "valley", "village"]),
)
others = st.lists(
    st.builds(lambda name, fact: replace(fact, incident=name), st.sampled_from(["i", "j", "k"]), incidents),
    max_size=3,
)
presences = st.lists(st.builds(PresenceFact, actors, st.sampled_from(["valley", "village", "port"])), max_size=4)
TERRITORIES = (
    TerritoryFact("valley", None),
    TerritoryFact("village", "valley", -33.0, -71.0),
    TerritoryFact("port", None, -33.1, -71.1),
)


def strength_of(answer: list[Affected]) -> dict[str, float]:
    return {one.actor: one.strength for one in answer}


def ask(incident: IncidentFact, ties: Sequence[TieFact] | Weave, **more: object) -> list[Affected]:
    return affected_by(incident, ties=ties, today=TODAY, territories=TERRITORIES, **more)  # type: ignore[arg-type]


def assert_no_tie_lowers_anybody(incident: IncidentFact, ties: list[TieFact], more: dict[str, object]) -> None:
    """Add the last tie to the others: nobody may be touched less, and so taking it away raises nobody."""
    without, with_it = strength_of(ask(incident, ties[:-1], **more)), strength_of(ask(incident, ties, **more))
    for actor, strength in without.items():
        assert with_it.get(actor, 0.0) >= strength - 1e-12


@given(incidents, weaves(), others, presences)
def test_adding_a_tie_lowers_nobody_and_removing_one_raises_nobody(
    incident: IncidentFact, ties: list[TieFact], more: list[IncidentFact], where: list[PresenceFact]
) -> None:
    assert_no_tie_lowers_anybody(incident, ties, {"others": more, "presences": where})


@given(incidents, weaves(), others, presences)
def test_every_result_is_explained_bounded_and_sorted(
    incident: IncidentFact, ties: list[TieFact], more: list[IncidentFact], where: list[PresenceFact]
) -> None:
    answer = ask(incident, ties, others=more, presences=where)
    assert [(-one.strength, one.actor) for one in answer] == sorted((-one.strength, one.actor) for one in answer)
    for one in answer:
        assert 0 < one.strength <= 1
        assert one.paths
        assert all(FLOOR <= path.strength <= one.strength + 1e-12 for path in one.paths)
        told = sentences(one, names={}, kinds={})
        assert len(told) == len(one.paths)
        assert all(sentence.strip() and "{" not in sentence for sentence in told)
    assert {one.actor for one in answer if one.strength == 1.0} >= incident.victims
    assert not {one.actor for one in answer} & (incident.perpetrators - incident.victims)


@given(incidents, weaves(), others, presences, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(
    incident: IncidentFact,
    ties: list[TieFact],
    more: list[IncidentFact],
    where: list[PresenceFact],
    chance: random.Random,
) -> None:
    shuffled = (
        chance.sample(ties, len(ties)),
        chance.sample(more, len(more)),
        chance.sample(where, len(where)),
    )
    expected = ask(incident, ties, others=more, presences=where)
    assert ask(incident, shuffled[0], others=shuffled[1], presences=shuffled[2]) == expected
    assert ask(incident, Weave(ties), others=more, presences=where) == expected


@given(incidents, weaves())
def test_no_path_no_effect(incident: IncidentFact, ties: list[TieFact]) -> None:
    bonds = nx.Graph([(tie.frm, tie.to) for tie in ties])
    bonds.add_nodes_from(incident.victims)
    reachable = set().union(*(nx.node_connected_component(bonds, victim) for victim in incident.victims))
    assert {one.actor for one in ask(incident, ties)} <= reachable


def oracle(incident: IncidentFact, ties: list[TieFact], reach: int) -> dict[str, float]:
    """Strongest chains by networkx: Dijkstra on -log weights over a graph with one layer per hop."""
    authors = incident.perpetrators - incident.victims
    layered: nx.MultiDiGraph[tuple[str, int]] = nx.MultiDiGraph()
    for layer in range(reach):
        for tie in ties:
            since, until = tie.held
            if (since and since > incident.end) or (until and until < incident.start):
                continue
            table = TIE_WEIGHTS[tie.kind]
            share = STRENGTH_SHARES[tie.strength] * CERTAINTY_SHARES[tie.certainty]
            for one, other, weight in (
                (tie.frm, tie.to, table.forward * share),
                (tie.to, tie.frm, table.backward * share),
            ):
                if weight > 0 and not {one, other} & authors:
                    layered.add_edge((one, layer), (other, layer + 1), weight=-math.log(weight))
    starts = {(victim, 0) for victim in incident.victims}
    layered.add_nodes_from(starts)
    found: dict[str, float] = {}
    for (actor, _), length in nx.multi_source_dijkstra_path_length(layered, starts).items():
        found[actor] = max(found.get(actor, 0.0), math.exp(-length))
    return found


@settings(max_examples=200)
@given(incidents, weaves(), st.integers(0, 4))
def test_chains_are_as_strong_as_an_independent_graph_library_finds(
    incident: IncidentFact, ties: list[TieFact], reach: int
) -> None:
    incident = replace(incident, territory=None)
    expected = oracle(incident, ties, reach)
    found = strength_of(ask(incident, ties, reach=reach))
    for actor in ACTORS:
        if abs(expected.get(actor, 0.0) - FLOOR) > 1e-9:
            wanted = expected.get(actor, 0.0) if expected.get(actor, 0.0) > FLOOR else 0.0
            assert found.get(actor, 0.0) == pytest.approx(wanted, abs=1e-12)


@given(actors, weaves(), st.integers(0, 3))
def test_who_touches_an_actor_is_the_same_question_asked_from_the_other_end(
    actor: str, ties: list[TieFact], reach: int
) -> None:
    back = touching(actor, ties=ties, reach=reach, on=DAY)
    for other in ACTORS:
        if other == actor:
            assert actor not in back
            continue
        there = affected_by(attack(other), ties=ties, today=TODAY, reach=reach)
        chain = {one.actor: one.paths[0] for one in there}.get(actor)
        assert (chain is None) == (other not in back)
        if chain is not None:
            assert back[other].strength == pytest.approx(chain.strength, abs=1e-12)
            assert (back[other].hops[0].source, back[other].hops[-1].target) == (other, actor)
            assert (chain.hops[0].source, chain.hops[-1].target) == (other, actor)


@given(actors, actors, weaves())
def test_the_first_short_chain_that_held_is_the_strongest_of_that_time(
    source: str, target: str, ties: list[TieFact]
) -> None:
    known = {tie.tie: tie for tie in ties}
    weave = Weave(ties)
    held = (chain for chain in weave.short_chains(source, target) if _all_held(chain, known))
    expected = weave.strongest([target], reach=2, during=(DAY, DAY), towards=True).get(source)
    found = None if source == target else next(held, None)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found.hops == expected.hops
        assert found.strength == pytest.approx(expected.strength, abs=1e-12)


def _all_held(chain: Chain, known: Mapping[str, TieFact]) -> bool:
    return all(known[hop.tie].held_during(DAY, DAY) for hop in chain.hops)


def _weakest(strengths: Sequence[float]) -> float:
    return min(strengths)


def _mean(strengths: Sequence[float]) -> float:
    return sum(strengths) / len(strengths)


@pytest.mark.parametrize("planted", [_weakest, _mean])
def test_the_check_on_lowering_catches_a_planted_fault(monkeypatch: pytest.MonkeyPatch, planted: object) -> None:
    ties = [TieFact("t0", "a0", "a1", "contact_of", 1)]
    more: dict[str, object] = {"presences": [PresenceFact("a1", "village")]}
    incident = attack("a0", territory="village")
    assert_no_tie_lowers_anybody(incident, ties, more)
    monkeypatch.setattr(affectation, "combined", planted)
    with pytest.raises(AssertionError):
        assert_no_tie_lowers_anybody(incident, ties, more)


def test_the_oracle_catches_a_planted_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    incident, ties = attack("a0"), [TieFact("t0", "a0", "a1", "leads", 3)]
    assert strength_of(ask(incident, ties))["a1"] == pytest.approx(oracle(incident, ties, 3)["a1"], abs=1e-12)
    monkeypatch.setattr("tejido.domain.ties.carries", lambda tie, **_: 0.5)
    assert strength_of(ask(incident, ties))["a1"] != pytest.approx(oracle(incident, ties, 3)["a1"], abs=1e-12)


def test_harm_neither_reaches_nor_passes_the_alleged_perpetrator() -> None:
    ties = [TieFact("t0", "ana", "dina", "works_with", 3), TieFact("t1", "dina", "agent", "works_with", 3)]
    assert strength_of(ask(attack("ana", by=["dina"]), ties)) == {"ana": 1.0}
    assert set(strength_of(ask(attack("ana", "dina", by=["dina"]), ties))) == {"ana", "dina", "agent"}


@pytest.mark.parametrize("kind", ["threatens", "controls", "has_interest_in", "duty_towards"])
def test_adversaries_and_duty_bearers_are_hardly_touched(kind: str) -> None:
    touched = strength_of(ask(attack("ana"), [TieFact("t0", "other", "ana", kind, 3)]))
    assert touched.get("other", 0.0) <= 0.05


def test_a_tie_that_had_ended_or_not_begun_carries_nothing() -> None:
    before = TieFact("t0", "ana", "junta", "leads", 3, held=(None, DAY - timedelta(days=1)))
    after = replace(before, held=(DAY + timedelta(days=1), None))
    then = replace(before, held=(DAY, DAY))
    assert [len(ask(attack("ana"), [tie])) for tie in (before, after, then)] == [1, 1, 2]


def test_the_same_aggressor_fades_with_the_days_between() -> None:
    touched = ask(
        attack("ana", by=["dina"]),
        [],
        others=[
            attack("luis", by=["dina"], incident="j", days=-120),
            attack("eva", by=["dina"], incident="k", days=120),
            attack("eva", by=["dina"], incident="l", days=1),
            attack("sol", by=["other"], incident="m"),
            attack("rosa", by=["dina"], incident="n", days=3000),
        ],
    )
    found = {one.actor: one.paths[0] for one in touched}
    assert set(found) == {"ana", "luis", "eva"}
    assert found["luis"].strength == pytest.approx(0.25)
    assert found["luis"].days == -120
    assert (found["eva"].other_incident, found["eva"].days) == ("l", 1)


def test_territory_touches_the_same_place_wider_places_and_neighbours() -> None:
    where = [PresenceFact(*pair) for pair in (("same", "village"), ("wide", "valley"), ("near", "port"))]
    touched = {one.actor: one for one in ask(attack("ana", territory="village"), [], presences=where)}
    assert [touched[actor].paths[0].km for actor in ("same", "wide")] == [0.0, None]
    assert touched["near"].paths[0].km == pytest.approx(14.5, abs=0.5)
    assert touched["same"].strength > touched["near"].strength
    assert touched["same"].strength > touched["wide"].strength


def test_a_circle_of_territories_does_not_trap_the_rule() -> None:
    circle = [TerritoryFact("x", "y"), TerritoryFact("y", "x")]
    answer = affected_by(
        attack("ana", territory="x"),
        ties=[],
        presences=[PresenceFact("eva", "y"), PresenceFact("sol", "elsewhere")],
        territories=circle,
        today=TODAY,
    )
    assert [one.actor for one in answer] == ["ana", "eva"]


NAMES = {"ana": "Ana", "juan": "Juan Pérez", "coop": "Cooperativa La Unión", "eva": "Eva"}
KINDS = {"ana": "person", "juan": "person", "coop": "organisation", "eva": "person"}


def told(actor: str, incident: IncidentFact, ties: list[TieFact], **more: object) -> list[str]:
    one = next(one for one in ask(incident, ties, **more) if one.actor == actor)
    return sentences(one, names=NAMES, kinds=KINDS)


def test_reasons_are_told_in_plain_words() -> None:
    ties = [
        TieFact("t0", "juan", "coop", "member_of"),
        TieFact("t1", "ana", "coop", "member_of"),
        TieFact("t2", "eva", "ana", "family_of"),
    ]
    shared = "belongs to the same organisation (Cooperativa La Unión) as Juan Pérez"
    assert told("ana", attack("juan"), ties) == [f"{shared}, attacked here"]
    assert told("coop", attack("juan"), ties) == ["counts Juan Pérez among its members, attacked here"]
    assert told("eva", attack("juan"), ties) == [f"is family of Ana, who {shared}, attacked here"]
    assert told("eva", attack("coop"), ties)[0].endswith("Ana, who belongs to Cooperativa La Unión, attacked here")
    assert told("juan", attack("juan"), ties) == ["suffered this attack directly"]
    assert tied_how(touching("ana", ties=ties)["juan"], names=NAMES, kinds=KINDS) == shared


def test_places_and_aggressors_are_told_in_plain_words() -> None:
    more = {
        "presences": [
            PresenceFact("eva", "port"),
            PresenceFact("ana", "village"),
            PresenceFact("coop", "valley"),
        ],
        "others": [attack("eva", by=["dina"], incident="j", days=-3)],
    }
    incident = attack("juan", by=["dina"], territory="village")
    assert told("eva", incident, [], **more) == [
        "the same aggressor attacked it 3 days before",
        "lives 15 km away",
    ]
    assert told("ana", incident, [], **more) == ["lives in the same place"]
    assert told("coop", incident, [], **more) == ["lives in the surroundings of the same place"]


def test_short_distances_follow_the_language() -> None:
    near = affectation.Path("territory", 0.2, km=2.5)
    assert path_sentence(near, names={}, kinds={}, lang="es") == "lives 2,5 km away"
    assert path_sentence(near, names={}, kinds={}, lang="en") == "lives 2.5 km away"
    assert "less than" in path_sentence(replace(near, km=0.2), names={}, kinds={})


def test_names_with_braces_are_told_as_they_are() -> None:
    ties = [TieFact("t0", "x", "y", "leads"), TieFact("t1", "z", "y", "family_of")]
    answer = ask(attack("x"), ties)
    for one in answer:
        assert sentences(one, names={"x": "{0}", "y": "{other}", "z": "%s"}, kinds={})


def test_strengths_have_words() -> None:
    assert [band(strength) for strength in (1.0, 0.5, 0.49, 0.2, 0.19)] == [
        "strong", "strong", "medium", "medium", "slight",
    ]  # fmt: skip


def test_every_kind_of_tie_has_a_weight_with_a_reason_and_words() -> None:
    from tejido.domain.affectation_words import TIE_PHRASES

    assert set(TIE_WEIGHTS) == set(TIE_PHRASES)
    for weight in TIE_WEIGHTS.values():
        assert 0 <= weight.forward <= 1
        assert 0 <= weight.backward <= 1
        assert weight.reason.endswith(".")
    with pytest.raises(TypeError):
        TIE_WEIGHTS["leads"] = TIE_WEIGHTS["member_of"]  # type: ignore[index]
