"""What recurs: told with its incidents where it is more than chance, and otherwise not at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.fabric.actions import record_actor
from tejido.incidents.actions import record_incident
from tejido.incidents.given import ActGiven, VictimGiven
from tejido.readings import patterns
from tejido.readings.patterns import Recurring, what_recurs
from tejido.readings.patterns_words import how_sure, occasions_typed, say_recurring
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)
FIRST_FRIDAY = date(2026, 1, 2)


class English:
    """Words as they stand."""

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, one: str, many: str, n: int) -> str:
        return one if n == 1 else many


def _fridays(by: Any, many: int) -> UUID:
    group = record_actor(by=by, kind="group", names=["Guardia"])
    for week in range(many):
        when = ImpreciseDate.day(FIRST_FRIDAY + timedelta(weeks=week))
        record_incident(
            by=by, title="Shots", when=when, acts=[ActGiven("surveillance", victims=(VictimGiven(group.pk),))]
        )
    return UUID(str(group.pk))


def test_what_comes_on_fridays_is_found_with_its_incidents(at_work: Any) -> None:
    group = _fridays(at_work, 16)
    found = what_recurs(today=TODAY)
    assert {(one.kind, one.what) for one in found.found} == {("weekday", ("4",))}
    assert {one.subject for one in found.found} == {None, group}
    assert all(len(one.incidents) == 16 and one.seen == 16 and one.q <= 0.1 for one in found.found)
    ours = next(one for one in found.found if one.subject == group)
    told = say_recurring(ours, {group: "Guardia"}, "en", English())
    assert told == "Against Guardia and its own: 16 incidents on Fridays; by chance alone there would be about 2.3."


def test_what_recurs_is_kept_until_something_is_written(at_work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _fridays(at_work, 8)
    first = what_recurs(today=TODAY)
    assert what_recurs(today=TODAY) is first
    _fridays(at_work, 1)
    assert what_recurs(today=TODAY).incidents == 9
    monkeypatch.setattr(patterns, "MOST_INCIDENTS", 4)
    _fridays(at_work, 1)
    assert what_recurs(today=TODAY).cut


def test_too_few_incidents_and_imprecise_days_say_so(river: Ribera) -> None:
    found = what_recurs(today=TODAY)
    assert found.is_too_little and not found.found
    assert (found.incidents, found.inexact) == (3, 1)
    assert what_recurs(today=date(2026, 11, 1)).incidents == 1


def test_an_empty_circle_has_an_answer(at_work: Any) -> None:
    found = what_recurs(today=TODAY)
    assert (found.found, found.tested, found.incidents, found.cut) == ((), 0, 0, False)


def test_days_before_a_hearing_are_compared_with_the_days_around_it(at_work: Any) -> None:
    group = record_actor(by=at_work, kind="group", names=["Guardia"])
    hearings = [date(2025, 1, 15) + timedelta(days=80 * n) for n in range(8)]
    for hearing in hearings:
        when = ImpreciseDate.day(hearing - timedelta(days=3))
        act = ActGiven("surveillance", victims=(VictimGiven(group.pk),))
        record_incident(by=at_work, title="Followed", when=when, acts=[act, act])
    found = what_recurs(today=TODAY, occasions={"hearings": hearings})
    assert found.tested > what_recurs(today=TODAY).tested
    assert ("before", ("hearings",)) in {(one.kind, one.what) for one in found.found}


def test_a_day_still_to_come_may_be_typed() -> None:
    assert occasions_typed("vote: 2027-01-10", today=TODAY, lang="en") == {"vote": [date(2027, 1, 10)]}


def test_occasions_are_read_line_by_line() -> None:
    typed = "hearings: 2026-03-05, 2026-04-10\n\nharvest: 2026-06-01; 2026-06-02\nharvest: 2026-07-01"
    read = occasions_typed(typed, today=TODAY, lang="en")
    assert read == {
        "hearings": [date(2026, 3, 5), date(2026, 4, 10)],
        "harvest": [date(2026, 6, 1), date(2026, 6, 2), date(2026, 7, 1)],
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-03-05", "Line 1"),
        ("hearings: 2026-03-05\nharvest: soon", "Line 2"),
        ("harvest: 2026-03", "not a day"),
        ("harvest:", "Line 1"),
        ("\n".join(f"o{n}: 2026-03-05" for n in range(6)), "too many"),
        ("o: " + ",".join(["2026-03-05"] * 201), "too many"),
    ],
)
def test_occasions_that_cannot_be_read_are_a_sentence(typed: str, said: str) -> None:
    with pytest.raises(BadInput) as slip:
        occasions_typed(typed, today=TODAY, lang="en")
    assert said in slip.value.sentence()


@pytest.mark.parametrize(
    ("kind", "what", "by", "said"),
    [
        ("month", ("9",), None, "in September"),
        ("before", ("hearings",), None, "before “hearings”"),
        ("after", ("hearings",), None, "from “hearings” on"),
        ("sequence", ("surveillance", "killing"), None, "comes before"),
        ("aggressor", (), UUID(int=7), "Servicio is said to have gone on"),
    ],
)
def test_each_kind_of_pattern_has_its_sentence(kind: str, what: tuple[str, ...], by: UUID | None, said: str) -> None:
    one = Recurring(kind, None, by, what, 9, 2.25, 0.02, ())
    assert said in say_recurring(one, {UUID(int=7): "Servicio"}, "en", English())


def test_how_sure_it_is_never_says_certain() -> None:
    assert [how_sure(q, English()).split(":")[0] for q in (0.001, 0.03, 0.09)] == [
        "very likely no chance", "likely no chance", "perhaps no chance",
    ]  # fmt: skip
