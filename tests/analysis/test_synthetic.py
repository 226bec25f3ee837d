"""Invented fabrics and histories: the same for the same seed, true to what they say of themselves."""

from __future__ import annotations

import numpy as np
import pytest

from tejido.analysis.synthetic import BACKGROUND, FIRST_DAY, OWN, TIED, Planted, Rates, happen, weave


@pytest.mark.parametrize("actors", [0, 1, 2, 3, 40, 1_000])
def test_a_fabric_of_any_size_can_be_woven(actors: int) -> None:
    woven = weave(actors)
    assert len(woven.fabric.actors) == actors
    assert len(woven.territory) == actors
    happened = happen(woven, background=20, days=300)
    assert len(happened.history.incidents) == len(happened.parent)


def test_the_same_seed_gives_the_same_and_another_gives_another() -> None:
    once, again, other = weave(500, seed=4), weave(500, seed=4), weave(500, seed=5)
    assert np.array_equal(once.fabric.ties.target, again.fabric.ties.target)
    assert not np.array_equal(once.fabric.ties.target[:200], other.fabric.ties.target[:200])
    first, second = (happen(one, background=100, days=900, seed=2).history for one in (once, again))
    assert np.array_equal(first.incidents.earliest, second.incidents.earliest)


def test_people_belong_where_they_live_and_few_collectives_hold_many() -> None:
    woven = weave(40_000, seed=1)
    people = woven.home >= 0
    assert (woven.territory[people] == woven.territory[woven.home[people]]).mean() > 0.95
    sizes = np.sort(np.bincount(woven.home[people]))[::-1]
    assert sizes[:160].sum() > 0.3 * people.sum()
    assert 3 < len(woven.fabric.ties) / 40_000 < 8


def test_incidents_follow_one_another_as_the_truth_says() -> None:
    woven, rates = weave(5_000, seed=1), Rates(own=0.2, tied=0.3, near=0.0, delay=5.0)
    happened = happen(woven, background=4_000, days=4_000, seed=3, rates=rates)
    followers = happened.parent >= 0
    assert followers.mean() == pytest.approx(0.5, abs=0.03)
    assert ((happened.relation == BACKGROUND) == ~followers).all()
    own = happened.relation == OWN
    assert (happened.struck[own] == happened.struck[happened.parent[own]]).all()
    assert own.sum() / (happened.relation == TIED).sum() == pytest.approx(2 / 3, rel=0.1)
    day = happened.history.incidents.earliest
    assert (np.diff(day) >= 0).all()
    assert day[0] >= FIRST_DAY
    assert (day[followers] - day[happened.parent[followers]]).mean() == pytest.approx(5.0, abs=0.5)


def test_a_wave_swells_and_falls() -> None:
    happened = happen(weave(500), background=5_000, days=700, rates=Rates(0, 0, 0, wave=1.0))
    early = (happened.history.incidents.earliest < FIRST_DAY + 350).mean()
    assert early == pytest.approx(0.5 + 1 / np.pi, abs=0.03)


def test_what_is_planted_is_there() -> None:
    woven = weave(1_000, seed=1)
    plain = happen(woven, background=500, days=2_000, seed=1)
    tuesdays = happen(woven, background=500, days=2_000, seed=1, planted=Planted(weekday=(1, 1.0)))
    assert ((tuesdays.history.incidents.earliest + 3) % 7 == 1).all()
    march = happen(woven, background=500, days=2_000, seed=1, planted=Planted(month=(3, 1.0)))
    months = march.history.incidents.earliest.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12
    assert (months == 2).all()
    more = happen(
        woven, background=500, days=2_000, seed=1, planted=Planted(sequence=("threat", "raid", 1.0), rounds=(0, 3))
    )
    assert len(more.parent) > len(plain.parent) + 15
