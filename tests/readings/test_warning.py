"""What is building up: true on small fabrics, silent where it must be, kept sealed, and of one circle alone."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from tejido.circles.actions import found_another_circle
from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.words import ENGLISH
from tejido.fabric.actions import record_territory
from tejido.readings import warning_kept
from tejido.readings.frames import forget_frames
from tejido.readings.model_cases import NOBODYS
from tejido.readings.model_records import records_until
from tejido.readings.model_settings import Chosen
from tejido.readings.warning import Coming, Kept, Verdict, reckon_warning
from tejido.readings.warning_kept import warning_now, warning_reckoned
from tejido.readings.warning_past import day_asked, warning_reckoned_then, warning_then
from tejido.readings.warning_words import coming_sentence, gate_sentence, kept_sentence, lately_sentence, odds
from tejido.vault.keyring import working_in
from tests.readings.ribera import Ribera, ribera

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warning_kept, "_file", lambda circle: tmp_path / f"{circle}.sealed")
    warning_kept._forget()


def test_nothing_recorded_is_an_answer(at_work: Any) -> None:
    assert reckon_warning(TODAY) is None
    assert warning_reckoned(TODAY) is None
    assert warning_now(TODAY).fresh


def test_an_incident_counts_for_the_collective_of_whom_it_struck(river: Ribera) -> None:
    found = records_until(TODAY)
    actors = list(found.fabric.actors.ids)
    what, who = found.history.involvements.victims()
    struck = {(str(found.history.incidents.ids[e]), actors[u]) for e, u in zip(what, who, strict=True)}
    assert (str(river["followed"]), str(river["guard"])) in struck
    assert (str(river["luz_hurt"]), NOBODYS) in struck  # Luz had left the guard in June
    assert str(river["luz"]) not in actors
    assert len(found.history.incidents) == 4


def test_it_is_said_who_is_most_likely_next_and_what_is_too_little_to_learn(river: Ribera) -> None:
    found = reckon_warning(TODAY)
    assert found is not None
    assert (found.as_of, found.days, found.incidents) == (TODAY, 30, 4)
    assert not found.gate.open and found.gate.strikes < 20
    assert {str(river["guard"]), str(river["women"])} <= {one.id for one in found.collectives}
    assert all(0 <= one.low <= one.high and 0 <= one.chance <= 1 for one in found.collectives)
    assert all(name == "background" for one in found.collectives for name, _ in one.parts)
    guard = next(one for one in found.collectives if one.id == str(river["guard"]))
    assert guard.past[-1].seen == 1 and sum(one.seen for one in guard.past) == 1
    assert "too little" in gate_sentence(found.gate, ENGLISH)


def test_what_another_circle_holds_changes_nothing(river: Ribera) -> None:
    before = reckon_warning(TODAY)
    other = found_another_circle(by=river.by, name="Otra")
    with working_in(other.circle_id):
        ribera(other)
        forget_frames()
        assert reckon_warning(TODAY) != before  # the same days and numbers, other people
    forget_frames()
    with working_in(river.by.circle_id):
        assert reckon_warning(TODAY) == before


def test_what_is_long_past_is_said_of_its_own_days(river: Ribera) -> None:
    found = reckon_warning(TODAY + timedelta(days=3000))
    assert found is not None
    assert found.as_of <= date(2026, 11, 22) and found.is_past


def test_a_past_day_can_be_looked_from_and_nothing_after_it_counts(river: Ribera) -> None:
    found = reckon_warning(TODAY, Chosen(as_of=date(2026, 9, 30)))
    assert found is not None
    assert (found.incidents, found.coming) == (2, 2)


@pytest.mark.parametrize("when", ["2026-11-17", "2030-01-01", ""])
def test_one_incident_all_on_one_day_or_in_the_future_has_a_defined_answer(at_work: Any, when: str) -> None:
    made = Ribera(at_work)
    made.actor("guard", "group", "Guardia del río")
    made.territories["valley"] = record_territory(
        by=at_work, name="Ribera", kind="rural_settlement"
    )  # without a place
    for n in range(3):
        made.incident(f"one{n}", when or "2026-11", ("guard",), point=None)
    found = reckon_warning(TODAY)
    if when == "2030-01-01":
        assert found is None
        return
    assert found is not None and found.incidents == 3 and not found.gate.open
    assert [one.id for one in found.territories] == [str(made["valley"])]


def test_what_was_reckoned_is_kept_sealed_and_told_stale_when_something_is_written(river: Ribera) -> None:
    assert warning_now(TODAY) == warning_kept.Standing(None, False, None)  # nothing is reckoned on a page
    told = warning_reckoned(TODAY)
    (file,) = Path(warning_kept._file(river.by.circle_id)).parent.glob("*.sealed")
    assert str(river["guard"]).encode() not in file.read_bytes() and b"as_of" not in file.read_bytes()
    warning_kept._forget()
    assert warning_now(TODAY) == warning_kept.Standing(told, True, None)
    river.incident("again", "2026-11-19", ("guard",))
    standing = warning_now(TODAY)
    assert standing.warned == told and not standing.fresh
    assert warning_reckoned(TODAY) != told and warning_now(TODAY).fresh


def test_unasked_reckoning_rests_as_it_took_and_whoever_asks_need_not_wait(
    river: Ribera, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    clock = iter([100.0, 103.0])
    monkeypatch.setattr(warning_kept, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    warning_kept.reckon_ahead()  # took three seconds, until 103
    monkeypatch.setattr(warning_kept, "_begin", lambda *told: begun.append(told))
    river.incident("again", "2026-11-19", ("guard",))
    for now, asked, many in ((104.0, False, 0), (162.9, False, 0), (163.0, False, 1), (104.0, True, 2)):
        monkeypatch.setattr(warning_kept, "time", SimpleNamespace(monotonic=lambda now=now: now))
        warning_now(timezone.localdate(), asked=asked)
        assert len(begun) == many


def test_a_damaged_file_counts_as_none(river: Ribera) -> None:
    warning_reckoned(TODAY)
    file = warning_kept._file(river.by.circle_id)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    warning_kept._forget()
    assert warning_now(TODAY).warned is None
    assert warning_reckoned(TODAY) is not None


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0.0, "less than 1 in 50"), (0.2, "about 1 in 5"), (0.037, "about 1 in 25"), (0.41, "about 4 in 10"),
     (0.99, "more than 9 in 10")],
)  # fmt: skip
def test_a_chance_is_said_as_people_say_it(chance: float, said: str) -> None:
    assert odds(chance, ENGLISH) == said


def test_sentences_say_the_range_what_came_and_what_became_of_earlier_ones() -> None:
    one = Coming("a", 1.2, 0.0, 4.0, 0.62, (("itself", 1.2),), ())
    assert coming_sentence(one, 30, ENGLISH).endswith("about 6 in 10; in 9 of 10 cases there are 0 to 4.")
    assert lately_sentence(one, ENGLISH) == ""
    assert "it came about 1 in 6" in kept_sentence(Kept(0.2, 0.167, 12, 0.04, 0.4), ENGLISH)
    assert "nothing came" in kept_sentence(Kept(0.05, 0.0, 12, 0.0, 0.2), ENGLISH)
    assert "did not help" in gate_sentence(Verdict(False, 0.5, 700, 90, ()), ENGLISH)
    assert "ties count" in gate_sentence(Verdict(True, 0.01, 700, 90, ("itself",)), ENGLISH)


def test_an_imprecise_date_counts_once(at_work: Any) -> None:
    made = Ribera(at_work)
    made.actor("guard", "group", "Guardia del río")
    made.incident("year", ImpreciseDate.decode("2026").encode(), ("guard",), where=None, point=None)
    found = reckon_warning(TODAY)
    assert found is not None and found.incidents == 1


def test_an_earlier_day_is_held_apart_and_changes_neither_what_is_kept_nor_its_notices(river: Ribera) -> None:
    told, then = warning_reckoned(TODAY), date(2026, 9, 30)
    assert warning_then(TODAY, then) == warning_kept.Standing(None, False, None)
    found = warning_reckoned_then(TODAY, then)
    assert found is not None and (found.as_of, found.incidents, found.is_past) == (then, 2, True)
    assert warning_then(TODAY, then).warned == found
    assert warning_then(TODAY, date(2026, 9, 29)).warned is None
    assert warning_now(TODAY) == warning_kept.Standing(told, True, None)
    river.incident("again", "2026-09-12", ("guard",))
    assert not warning_then(TODAY, then).fresh


@pytest.mark.parametrize(
    ("typed", "said"), [("yesterday", "not a day"), ("2026-02-30", "not a day"), ("2027-01-01", "not come yet")]
)
def test_a_day_that_cannot_be_looked_from_is_a_sentence(typed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        day_asked(typed, today=TODAY)
    assert day_asked(" ", today=TODAY) is None and day_asked("2026-11-20", today=TODAY) is None
