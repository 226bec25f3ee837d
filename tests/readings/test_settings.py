"""What a circle chooses about its readings: kept sealed, bounded, by whom it may be; and each choice truly counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tejido.circles.policies import Worker
from tejido.domain.errors import BadInput, Conflict
from tejido.domain.roles import Refused
from tejido.readings import warning_kept
from tejido.readings.actions import set_readings, set_readings_back
from tejido.readings.affectation import touched_by
from tejido.readings.gathering import gathering
from tejido.readings.model_settings import BOUNDS, DEFAULTS, TIE_KINDS, Chosen, chosen_from
from tejido.readings.settings import chosen_settings
from tejido.readings.settings_words import GROUPS, SETTINGS
from tejido.readings.warning import Warned, reckon_warning
from tejido.readings.warning_kept import warning_now, warning_reckoned
from tejido.vault.journal import last_entry
from tests.readings.pairs import pairs
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)
BY_WARNING = ("days", "fewest", "forget", "prior_weight", "short", "middle", "long")


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warning_kept, "_file", lambda circle: tmp_path / f"{circle}.sealed")
    warning_kept._forget()


def test_every_setting_has_words_and_a_test_that_it_counts() -> None:
    shown = [name for names in GROUPS.values() for name in names]
    assert sorted(shown) == sorted(SETTINGS) == sorted([*BOUNDS, "ties"])
    assert {*BY_WARNING, "notice", "reach", "near_km", "half_life", "ties", "lately"} == set(SETTINGS)


def _numbers(found: Warned | None) -> object:
    assert found is not None
    return found.gate.open, round(found.expected, 9), found.parts, found.collectives


def _chosen(name: str, value: object) -> Chosen:
    told: dict[str, Any] = {name: value}
    return Chosen(**told)


def test_each_setting_of_the_warning_changes_what_is_reckoned(at_work: Any) -> None:
    pairs(at_work)
    usual = reckon_warning(TODAY)
    assert usual is not None and usual.gate.open and "works_with" in usual.gate.learned
    other = {"days": 60, "fewest": 500, "forget": 900, "prior_weight": 100, "short": 7, "middle": 60, "long": 400}
    assert set(other) == set(BY_WARNING)
    for name, value in other.items():
        changed = reckon_warning(TODAY, _chosen(name, value))
        assert _numbers(changed) != _numbers(usual), name
    fewer = reckon_warning(TODAY, replace(DEFAULTS, ties=frozenset({"allied_with"})))
    assert fewer is not None and "works_with" not in {name for one in fewer.collectives for name, _ in one.parts}
    shut = reckon_warning(TODAY, Chosen(fewest=500))
    assert shut is not None and not shut.gate.open and shut.gate.shares == () and shut.gate.learned == ()


def test_what_is_chosen_is_kept_sealed_and_marks_what_was_reckoned_as_old(river: Ribera) -> None:
    first = warning_reckoned(TODAY)
    assert first is not None and warning_now(TODAY).fresh
    set_readings(by=river.by, chosen=Chosen(days=60, notice=20))
    assert chosen_settings() == Chosen(days=60, notice=20) and chosen_settings().are_own
    assert not warning_now(TODAY).fresh
    second = warning_reckoned(TODAY)
    assert second is not None and (first.days, second.days) == (30, 60)
    entry = last_entry()
    assert entry is not None and entry.action == "readings.set"
    with connection.cursor() as cursor:
        cursor.execute("SELECT chosen FROM readings_chosensettings")
        assert b"notice" not in bytes(cursor.fetchone()[0])
    set_readings_back(by=river.by)
    assert chosen_settings() == DEFAULTS and warning_reckoned(TODAY) == first


def test_of_two_who_choose_at_once_the_second_is_told(river: Ribera) -> None:
    set_readings(by=river.by, chosen=Chosen(days=60), revision=0)
    with pytest.raises(Conflict):
        set_readings(by=river.by, chosen=Chosen(days=90), revision=0)
    assert chosen_settings().days == 60


def test_only_whoever_coordinates_may_choose(river: Ribera) -> None:
    with pytest.raises(Refused):
        set_readings(by=Worker(river.by.id, river.by.circle_id, role="member"), chosen=Chosen(days=60))
    assert chosen_settings() == DEFAULTS


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_a_number_out_of_bounds_is_a_sentence(name: str) -> None:
    low, high = BOUNDS[name]
    for value in (low - 1, high + 1):
        with pytest.raises(BadInput, match=f"from {low} to {high}"):
            _chosen(name, value)


def test_no_kind_of_tie_is_a_sentence_and_what_was_kept_wrongly_counts_as_not_chosen() -> None:
    with pytest.raises(BadInput, match="at least one kind"):
        Chosen(ties=frozenset())
    assert chosen_from({"days": 1, "notice": "x", "ties": ["nothing"], "other": 3}) == DEFAULTS
    assert chosen_from(Chosen(days=9, ties=frozenset({"leads"})).told()) == Chosen(days=9, ties=frozenset({"leads"}))


def _touched(river: Ribera, short: str = "followed") -> dict[str, float]:
    return {one.name: round(one.strength, 6) for one in touched_by(river[short], today=TODAY).rows}


def test_each_setting_of_whom_it_touches_changes_what_is_reckoned(river: Ribera) -> None:
    usual = _touched(river)
    assert "Grupo de mujeres" in usual and "Red del valle" in usual
    for chosen in (Chosen(reach=1), Chosen(near_km=5), Chosen(half_life=10), Chosen(ties=frozenset({"part_of"}))):
        set_readings(by=river.by, chosen=chosen)
        assert _touched(river) != usual, chosen
    set_readings(by=river.by, chosen=Chosen(reach=1, ties=frozenset({"part_of"})))
    assert "Red del valle" not in _touched(river)
    set_readings_back(by=river.by)
    assert _touched(river) == usual


def test_how_many_it_takes_to_gather_is_chosen(river: Ribera) -> None:
    river.incident("again", "2026-11-18", ("guard",), point=None)
    guard = next(one for one in gathering(TODAY).rows if one.collective == river["guard"])
    assert guard.lately == 2 and not guard.more_than_usual
    set_readings(by=river.by, chosen=Chosen(lately=2))
    guard = next(one for one in gathering(TODAY).rows if one.collective == river["guard"])
    assert guard.more_than_usual


def test_every_kind_that_can_be_chosen_is_one_that_carries() -> None:
    assert {"threatens", "controls"}.isdisjoint(TIE_KINDS) and "member_of" in TIE_KINDS
