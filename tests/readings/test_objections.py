"""That a reading is wrong: said with its reason, shown to the circle, taken back, sealed, and never reckoned with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tejido.circles.policies import Worker
from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, NotAllowed, NotFound
from tejido.domain.roles import Refused
from tejido.readings import warning_kept
from tejido.readings.actions import object_to, take_back_objection
from tejido.readings.affectation import touched_by
from tejido.readings.given import AFFECTED, PATTERN, WARNING, Doubted
from tejido.readings.models import Objection
from tejido.readings.queries import objections_to_incident, objections_to_patterns, objections_to_warning
from tejido.readings.warning_kept import warning_now, warning_reckoned
from tejido.vault.erasure import erase_dossier
from tejido.vault.journal import body_of, last_entry
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)
WHY = "The women were not there that day."


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warning_kept, "_file", lambda circle: tmp_path / f"{circle}.sealed")
    warning_kept._forget()


def _touches(river: Ribera, incident: str = "followed", actor: str = "women") -> Objection:
    doubted = Doubted(AFFECTED, incident=river[incident], actor=river[actor], figures={"strength": 0.4})
    return object_to(by=river.by, doubted=doubted, why=f"  {WHY} ", today=TODAY)


def test_it_stands_beside_the_reading_with_who_and_when_and_changes_no_number(river: Ribera) -> None:
    before, warned = touched_by(river["followed"], today=TODAY), warning_reckoned(TODAY)
    made = _touches(river)
    object_to(by=river.by, doubted=Doubted(WARNING, actor=river["guard"]), why="Too low.", today=TODAY)
    object_to(by=river.by, doubted=Doubted(WARNING, territory=river["valley"]), why="Too high.", today=TODAY)
    object_to(by=river.by, doubted=Doubted(PATTERN, key="abc"), why="Market days.", today=TODAY)
    (said,) = objections_to_incident(river["followed"])[str(river["women"])]
    assert (said.name, said.why, said.when) == ("Alba", WHY, ImpreciseDate.day(TODAY))
    assert set(objections_to_warning()) == {str(river["guard"]), str(river["valley"])}
    assert objections_to_patterns()["abc"][0].why == "Market days."
    assert touched_by(river["followed"], today=TODAY) == before
    assert warning_now(TODAY).fresh and warning_reckoned(TODAY) == warned
    assert not objections_to_incident(river["leaflet"])
    assert made.figures == {"strength": 0.4}


def test_it_is_taken_back_by_whoever_said_it_and_kept(river: Ribera) -> None:
    made = _touches(river)
    with pytest.raises(NotAllowed):
        take_back_objection(by=Worker(uuid4(), river.by.circle_id), objection=made.pk, today=TODAY)
    take_back_objection(by=river.by, objection=made.pk, today=TODAY)
    assert not objections_to_incident(river["followed"])
    kept = Objection.objects.get()
    assert (kept.status, kept.why, kept.taken_back_on) == ("taken_back", WHY, ImpreciseDate.day(TODAY))
    with pytest.raises(NotFound):
        take_back_objection(by=river.by, objection=made.pk, today=TODAY)


def test_the_reason_rests_sealed_and_the_journal_does_not_tell_it(river: Ribera) -> None:
    _touches(river)
    with connection.cursor() as cursor:
        cursor.execute("SELECT why, figures, said_on FROM readings_objection")
        assert all(b"women" not in bytes(one) and b"0.4" not in bytes(one) for one in cursor.fetchone())
    entry = last_entry()
    assert entry is not None and entry.action == "reading.object" and "women" not in str(body_of(entry))


@pytest.mark.parametrize(
    ("doubted", "gone"),
    [
        (lambda river: Doubted(AFFECTED, incident=river["followed"], actor=river["women"]), "followed"),
        (lambda river: Doubted(AFFECTED, incident=river["followed"], actor=river["women"]), "women"),
        (lambda river: Doubted(WARNING, actor=river["women"]), "women"),
    ],
)
def test_it_goes_with_the_dossier_it_speaks_of(river: Ribera, doubted: object, gone: str) -> None:
    object_to(by=river.by, doubted=doubted(river), why=WHY, today=TODAY)  # type: ignore[operator]
    erase_dossier(river[gone], by=river.by)
    assert not Objection.objects.exists()


@pytest.mark.parametrize("why", ["", "  \n "])
def test_without_a_reason_it_is_a_sentence_and_nothing_is_kept(river: Ribera, why: str) -> None:
    with pytest.raises(BadInput, match="Say why"):
        object_to(by=river.by, doubted=Doubted(WARNING, actor=river["guard"]), why=why, today=TODAY)
    assert not Objection.objects.exists()


def test_nobody_unknown_here_can_be_named_and_a_guest_says_nothing(river: Ribera) -> None:
    with pytest.raises(NotFound):
        object_to(by=river.by, doubted=Doubted(WARNING, actor=UUID(int=5)), why=WHY, today=TODAY)
    guest = Worker(river.by.id, river.by.circle_id, role="guest")
    with pytest.raises(Refused):
        object_to(by=guest, doubted=Doubted(WARNING, actor=river["guard"]), why=WHY, today=TODAY)
    assert not Objection.objects.exists()
