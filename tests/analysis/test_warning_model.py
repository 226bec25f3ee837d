"""The relational model: relations, fit, shares, forecast, exposure, the gate, and bad input."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from tejido.analysis.exposure import exposures, reasons
from tejido.analysis.frame_checks import Floats
from tejido.analysis.frames import Actors, Fabric, History, Incidents, Involvements, Presences, Territories, Ties
from tejido.analysis.simulate import simulate
from tejido.analysis.warning import read, relations_of, warm
from tejido.analysis.warning_forecast import forecast, forecasts
from tejido.analysis.warning_model import Features, Influence, Settings, features, learn, rates_after, shares
from tejido.analysis.warning_relations import Nodes, Relation, Strikes, everywhere, itself, shared, strikes
from tejido.analysis.warning_rolling import gate, roll
from tejido.analysis.warning_ties import tied
from tejido.domain.errors import BadInput

TRUTH = {
    Influence("itself", 3.0): 0.15,
    Influence("itself", 20.0): 0.1,
    Influence("collective", 3.0): 0.2,
    Influence("collective", 20.0): 0.2,
}
NODES = 60


def circle() -> tuple[Nodes, tuple[Relation, ...]]:
    """Sixty who can be struck, in ten collectives of six."""
    nodes = Nodes(np.arange(NODES), np.full(NODES, -1))
    own = np.arange(NODES)
    return nodes, (itself(nodes), everywhere(nodes), shared("collective", nodes, own, own // 6, groups=10))


def drawn(seed: int, rate: Floats, weights: dict[Influence, float], settings: Settings) -> Features:
    nodes, relations = circle()
    struck = simulate(nodes, relations, weights, rate=rate, seed=seed)
    return features(nodes, struck, relations, first_day=0, until=len(rate) - 1, settings=settings)


def only(found: Features, weights: dict[Influence, float]) -> list[int]:
    return [0, *(found.influences.index(one) for one in weights)]


def test_weights_are_recovered_within_their_intervals_as_often_as_stated() -> None:
    settings = Settings(forget=1e9, prior_weight=1e-9)
    inside, tried = 0, 0
    for seed in range(30):
        found = drawn(seed, np.full(1500, 0.25), TRUTH, settings)
        used = np.zeros(len(found.influences), dtype=np.bool_)
        used[only(found, TRUTH)] = True
        learned = learn(found, used=used)
        assert learned.fit.converged
        for one, (_, low, high) in learned.weights().items():
            truth = 0.25 if one.relation == "constant" else TRUTH[one]
            inside += low <= truth <= high
            tried += 1
    # 150 intervals at 95 in 100: fewer than 134 inside would come once in about 2,000 times.
    assert tried == 150 and inside >= 134


def test_shares_of_a_relational_history_are_right_and_the_gate_opens() -> None:
    settings, opened, inside, tried = Settings(forget=1e9, prior_weight=1.0), 0, 0, 0
    for seed in range(6):
        found = drawn(seed, np.full(1500, 0.25), TRUTH, settings)
        opened += gate(found, refit=90, each=False).open
        told = {share.part: share for share in shares(learn(found))}
        for part, truth in (("itself", 0.25), ("collective", 0.40), ("background", 0.35)):
            inside += told[part].low <= truth <= told[part].high
            tried += 1
        assert sum(share.share for share in told.values()) == pytest.approx(1.0)
    assert opened == 6
    assert inside >= tried - 3


@pytest.mark.parametrize("moving", [False, True])
def test_the_gate_stays_shut_where_nothing_is_relational(moving: bool) -> None:
    days = np.arange(1500)
    rate = 0.6 * (1 + 0.8 * np.sin(days * 2 * np.pi / 500)) if moving else np.full(1500, 0.6)
    opened = [gate(drawn(seed, rate, {}, Settings()), refit=90, each=False).open for seed in range(12)]
    assert sum(opened) == 0


def test_the_gate_says_which_relation_brings_a_gain() -> None:
    found = drawn(3, np.full(1500, 0.25), TRUTH, Settings(forget=1e9))
    verdict = gate(found, refit=90)
    assert verdict.learned("collective") and verdict.learned("itself")
    assert not verdict.learned("everywhere") and not verdict.learned("never heard of")


def test_a_prediction_uses_nothing_of_the_day_or_after_it() -> None:
    found = drawn(1, np.full(400, 0.5), TRUTH, Settings())
    nodes, relations = circle()
    struck = found.struck
    early = struck.time < 300
    cut = Strikes(*(column[early] for column in struck))  # type: ignore[arg-type]
    shorter = features(nodes, cut, relations, first_day=0, until=310, settings=Settings())
    one, other = roll(found, begin=250, end=300), roll(shorter, begin=250, end=300)
    assert one.score == pytest.approx(other.score, rel=1e-12)
    assert one.expected == pytest.approx(other.expected, rel=1e-12)


@settings_of(max_examples=12, deadline=None)
@given(st.integers(0, 1000), st.lists(st.integers(1, 398), min_size=1, max_size=4, unique=True))
def test_a_marked_day_is_as_if_nothing_had_come_after_it(seed: int, days: list[int]) -> None:
    nodes, relations = circle()
    struck = simulate(nodes, relations, TRUTH, rate=np.full(400, 0.3), seed=seed)
    whole = features(nodes, struck, relations, first_day=0, until=399, marks=days)
    for day in days:
        then, alone = whole.as_of(day), features(nodes, struck, relations, first_day=0, until=day)
        assert then.until == alone.until == day and np.array_equal(then.struck.time, alone.struck.time)
        assert np.array_equal(then.felt, alone.felt) and np.array_equal(then.daily, alone.daily)
        for one, other in zip(then.hubs, alone.hubs, strict=True):
            assert one == pytest.approx(other, rel=1e-12, abs=1e-300)
        for mine, its in zip(then.spreads, alone.spreads, strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(mine.told(), its.told(), strict=True))
    with pytest.raises(KeyError):
        whole.as_of(399)  # the state of hubs was not kept


@settings_of(max_examples=12, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 2000))
def test_what_nobody_learns_from_need_not_be_reckoned(seed: int, since: int) -> None:
    nodes, relations = circle()
    struck = simulate(nodes, relations, TRUTH, rate=np.full(2000, 0.1), seed=seed)
    whole = features(nodes, struck, relations, first_day=0, until=1999)
    late = features(nodes, struck, relations, first_day=0, until=1999, felt_since=since)
    some = struck.time >= since
    assert np.array_equal(late.felt[some], whole.felt[some]) and not late.felt[~some].any()
    assert np.array_equal(late.daily, whole.daily)
    if since <= 1999 - 8 * 120 - 1:
        assert np.array_equal(learn(late).theta, learn(whole).theta)


def test_a_reading_reckons_as_much_as_its_gate_and_its_earlier_days_learn_from() -> None:
    fabric, _ = small_world()
    far = Incidents.of([str(i) for i in range(400)], np.arange(400) * 10.0)
    history = History.of(far, Involvements.of(np.arange(400), np.arange(400) % 5, incidents=400, actors=5))
    nodes = Nodes.of_actors(fabric)
    struck = strikes(nodes, history, learn=True)
    relations = relations_of(fabric, history, nodes, struck)
    whole = features(nodes, struck, relations, first_day=0.0, until=3999)
    for marks in ([], [2400]):
        reading = read(fabric, history, until=3999.0, nodes=nodes, relations=relations, marks=marks)
        found = reading.learned.features
        assert (found.felt[found.struck.time < 1000] == 0).all()
        assert reading.gate.comparison == gate(whole).comparison
        for day in (3999, *marks):
            assert np.array_equal(learn(found, until=day).theta, learn(whole, until=day).theta)


def test_one_draw_told_in_two_groupings_is_the_same_draw_twice() -> None:
    learned = learn(drawn(5, np.full(600, 0.5), TRUTH, Settings()))
    tens, whole = np.arange(NODES) // 10, np.zeros(NODES, dtype=np.int64)
    told = forecasts(learned, [tens, whole, None], days=20, runs=80)
    for group, one in zip([tens, whole, None], told, strict=True):
        alone = forecast(learned, days=20, runs=80, group=group)
        assert np.array_equal(one.expected, alone.expected) and np.array_equal(one.total, alone.total)
    assert told[0].expected.sum() == pytest.approx(told[1].expected[0])


def test_the_same_records_give_the_same_numbers() -> None:
    one, other = (learn(drawn(5, np.full(600, 0.5), TRUTH, Settings())) for _ in range(2))
    assert np.array_equal(one.theta, other.theta)
    assert np.array_equal(forecast(one, seed=4, runs=50).total, forecast(other, seed=4, runs=50).total)


def test_a_small_circle_falls_back_to_the_defaults() -> None:
    nodes, relations = circle()
    none = np.empty(0, dtype=np.int64)
    found = features(nodes, Strikes(np.empty(0), none, none, np.empty(0)), relations, first_day=0, until=9)
    learned = learn(found)
    assert learned.fit.converged
    assert learned.theta[1:] == pytest.approx(np.full(9, Settings().prior_share), rel=1e-4)


def test_the_forecast_expects_what_the_rates_expect() -> None:
    found = drawn(2, np.full(800, 0.4), {}, Settings())
    learned = learn(found)
    quiet = replace(learned, fit=replace(learned.fit, theta=np.where(np.arange(10) == 0, 0.4, 0.0)))
    told = forecast(quiet, days=30, runs=4000)
    assert told.expected.sum() == pytest.approx(12.0, rel=0.03)
    assert rates_after(quiet).sum() == pytest.approx(0.4)
    few, many = np.percentile(told.total, [5, 95])
    assert 5 <= few <= 8 and 16 <= many <= 20


def test_the_parts_of_a_forecast_add_up_and_groups_are_sums_of_nodes() -> None:
    learned = learn(drawn(2, np.full(800, 0.4), TRUTH, Settings()))
    alone, together = forecast(learned, runs=400), forecast(learned, runs=400, group=np.arange(NODES) // 6)
    assert alone.parts.sum(axis=1) == pytest.approx(alone.expected)
    assert together.expected == pytest.approx(alone.expected.reshape(10, 6).sum(axis=1))
    assert np.all((alone.low <= alone.expected + 1) & (alone.chance <= 1))


def small_world(**more: object) -> tuple[Fabric, History]:
    """Five actors: two in a collective, a friend of one of them, and a stranger."""
    actors = Actors.of(["ana", "bea", "union", "friend", "stranger"])
    ties = Ties.of(
        [0, 1, 0], [2, 2, 3], actors=5, kind=["member_of", "member_of", "works_with"],
        start=[-math.inf, 100.0, 0.0], end=[math.inf, math.inf, 200.0],
    )  # fmt: skip
    incidents = Incidents.of(["first", "second"], [50.0, 150.0])
    return Fabric.of(actors, ties), History.of(incidents, Involvements.of([0, 1], [0, 0], incidents=2, actors=5))


def test_an_incident_touches_those_tied_on_that_day_and_says_along_what() -> None:
    fabric, history = small_world()
    reading = read(fabric, history, until=150.0)
    assert not reading.gate.open and reading.basis("collective") == "assumed"
    told = exposures(reading.exposing, incident=1, days=30)
    by = dict(zip(told.relations, told.by_relation.T, strict=True))
    assert by["collective"][[0, 1, 2]].min() > 0 and by["collective"][[3, 4]].max() == 0
    assert by["works_with"].tolist() == [0, 0, 0, by["works_with"][3], 0] and by["works_with"][3] > 0
    assert told.hub[told.relations.index("collective")].tolist() == [2, 2, 2, -1, -1]
    assert told.ranked(5)[0] == 0 and told.ranked(5)[-1] == 4
    assert np.all(told.error > 0)


def test_the_strongest_earlier_incidents_are_named_and_sum_to_the_exposures() -> None:
    fabric, history = small_world()
    reading = read(fabric, history, until=150.0)
    found = reasons(reading.exposing, node=3, days=30, most=20)
    assert {one.incident for one in found} == {0, 1}
    assert found[0].incident == 1
    wanted = sum(exposures(reading.exposing, incident=one, days=30).expected[3] for one in (0, 1))
    assert sum(one.expected for one in found) == pytest.approx(wanted)


def test_a_member_who_came_later_reads_what_lies_in_the_collective() -> None:
    fabric, history = small_world()
    reading = read(fabric, history, until=160.0)
    before = [one for one in reasons(reading.exposing, node=1, most=20) if one.relation == "collective"]
    assert {one.incident for one in before} == {0, 1}


def test_what_a_strike_puts_out_along_ties_sums_to_one_or_to_nothing() -> None:
    chance = np.random.default_rng(1)
    source, target = chance.integers(0, 30, 60), chance.integers(0, 30, 60)
    fabric = Fabric.of(
        Actors.of([str(i) for i in range(30)]),
        Ties.of(source, target, actors=30, kind="works_with", strength=chance.random(60)),
    )
    nodes = Nodes.of_actors(fabric)
    every = Strikes(np.zeros(30), np.arange(30), np.full(30, -1), np.ones(30))
    spread = tied(nodes, fabric, "works_with").spread(every)
    strike, _, share = spread.told()
    whole = np.bincount(strike, weights=share, minlength=30)
    lonely = np.array([not ((source == i) ^ (target == i)).any() for i in range(30)])
    assert whole[~lonely] == pytest.approx(np.ones((~lonely).sum()))
    assert np.all(whole[lonely] == 0)


@settings_of(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_a_walk_that_is_taken_once_is_the_walk_of_each_strike(seed: int) -> None:
    chance = np.random.default_rng(seed)
    many = int(chance.integers(1, 25))
    begin = chance.choice([-np.inf, 0.0, 2.0, 3.0, 5.0], many)
    end = np.maximum(begin, 0) + chance.choice([0.0, 1.0, 4.0, np.inf], many)
    fabric = Fabric.of(
        Actors.of([str(i) for i in range(8)]),
        Ties.of(
            chance.integers(0, 8, many), chance.integers(0, 8, many), actors=8, kind="works_with",
            strength=chance.random(many), start=begin, end=end,
        ),
    )  # fmt: skip
    nodes = Nodes.of_actors(fabric)
    time = np.sort(chance.integers(-1, 9, 40)).astype(np.float64)
    node = chance.integers(0, 8, 40)
    relation = tied(nodes, fabric, "works_with")
    together = relation.spread(Strikes(time, node, np.full(40, -1), np.ones(40)))
    strike, hub, share = together.told()
    for row in range(40):
        alone = relation.spread(Strikes(time[row : row + 1], node[row : row + 1], np.array([-1]), np.ones(1)))
        mine = strike == row
        assert np.array_equal(hub[mine], alone.hub) and np.array_equal(share[mine], alone.share)


def test_what_reaches_all_alike_is_left_out_and_the_rest_brought_back_to_one() -> None:
    # The first has two neighbours; each of them has forty of its own, whom next to nothing reaches.
    source = np.concatenate([[0, 0], np.repeat([1, 2], 40)])
    target = np.concatenate([[1, 2], np.arange(3, 83)])
    fabric = Fabric.of(Actors.of([str(i) for i in range(83)]), Ties.of(source, target, actors=83, kind="works_with"))
    one = Strikes(np.zeros(1), np.zeros(1, dtype=np.int64), np.array([-1]), np.ones(1))
    spread = tied(Nodes.of_actors(fabric), fabric, "works_with").spread(one)
    assert sorted(spread.hub.tolist()) == [1, 2] and spread.share == pytest.approx([0.5, 0.5])


def test_no_incidents_one_and_all_on_one_day_have_an_answer() -> None:
    fabric, _ = small_world()
    for days in ([], [5.0], [5.0] * 40):
        many = len(days)
        history = History.of(
            Incidents.of([str(i) for i in range(many)], days),
            Involvements.of(np.arange(many), np.arange(many) % 5, incidents=many, actors=5),
        )
        reading = read(fabric, history, until=20.0)
        told = forecast(reading.warning, runs=100)
        assert reading.learned.fit.converged and not reading.gate.open
        assert np.isfinite(told.expected).all() and np.isfinite(reading.learned.theta).all()


def test_a_fabric_of_nobody_is_told_so() -> None:
    none: list[int] = []
    history = History.of(Incidents.of([], none), Involvements.of(none, none, incidents=0, actors=0))
    with pytest.raises(BadInput, match="nobody who could be struck"):
        read(Fabric.of(Actors.of([])), history, until=0.0)


def test_what_is_after_the_day_of_the_reading_is_left_out() -> None:
    fabric, history = small_world()
    incidents = Incidents.of(["first", "second"], [50.0, 9_999.0])
    later = replace(history, incidents=incidents)
    alone = History.of(Incidents.of(["first"], [50.0]), Involvements.of([0], [0], incidents=1, actors=5))
    one, other = read(fabric, later, until=60.0), read(fabric, alone, until=60.0)
    assert np.array_equal(one.learned.theta, other.learned.theta)


def test_nothing_is_learned_from_what_a_warning_led_to() -> None:
    fabric, history = small_world()
    marked = replace(history, incidents=Incidents.of(["first", "second"], [50.0, 150.0], from_warning=[False, True]))
    assert len(read(fabric, marked, until=150.0).learned.features.struck.time) == 1


def test_a_million_victims_of_one_incident_have_an_answer() -> None:
    many = 1_000_000
    nodes = Nodes(np.arange(many), np.full(many, -1))
    incidents = Incidents.of(["massacre"], [3.0])
    history = History.of(
        incidents, Involvements.of(np.zeros(many, dtype=np.int64), np.arange(many), incidents=1, actors=many)
    )
    struck = strikes(nodes, history)
    found = features(nodes, struck, (itself(nodes), everywhere(nodes)), first_day=0, until=5)
    learned = learn(found)
    assert len(struck.time) == many and learned.fit.converged
    assert np.isfinite(learned.fit.log_likelihood)


def test_ties_in_a_circle_and_in_parallel_and_places_without_a_place_have_an_answer() -> None:
    actors = Actors.of(["a", "b", "c"])
    ties = Ties.of([0, 1, 2, 0, 0], [1, 2, 0, 1, 0], actors=3, kind=["member_of"] * 3 + ["works_with", "member_of"])
    territories = Territories.of(["here", "somewhere"], [-33.0, np.nan], [-70.0, np.nan])
    presences = Presences.of([0, 1, 2], [0, 1, 1], actors=3, territories=2)
    fabric = Fabric.of(actors, ties, territories, presences)
    incidents = Incidents.of(["x", "y"], [1.0, 4.0], territory=[1, -1], territories=2)
    history = History.of(
        incidents, Involvements.of([0, 1, 0, 1], [0, 1, 2, 2], [False, False, True, True], incidents=2, actors=3)
    )
    nodes = Nodes.placed(fabric, history)
    reading = read(fabric, history, until=9.0, nodes=nodes)
    names = [one.name for one in relations_of(fabric, history, nodes, reading.learned.features.struck)]
    assert names == ["itself", "everywhere", "collective", "works_with", "territory", "aggressor"]
    assert reading.learned.fit.converged
    assert np.isfinite(forecast(reading.exposing, runs=50).expected).all()


def test_a_history_that_would_never_end_is_refused() -> None:
    nodes, relations = circle()
    with pytest.raises(BadInput, match="without end"):
        simulate(nodes, relations, {Influence("itself", 3.0): 1.0}, rate=np.ones(10), seed=1)


def test_settings_that_mean_nothing_are_refused() -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        Settings(lifetimes=())
    with pytest.raises(BadInput, match="cannot be used"):
        Settings(forget=0.0)


def test_warming_up_leaves_nothing_to_translate() -> None:
    warm()
    fabric, history = small_world()
    assert read(fabric, history, until=150.0).fitness.many == 2
