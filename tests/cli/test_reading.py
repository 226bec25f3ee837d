"""``tejido read …`` over the invented fabric, in this process: a document each, sentences for people and mistakes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from django.utils import timezone

from tejido.cli import building, listing, reading
from tejido.cli.arguments import parser
from tejido.cli.policies import at_work_as, running
from tejido.cli.running import commands
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.words import ENGLISH
from tejido.readings import warning_kept
from tejido.readings.actions import set_readings
from tejido.readings.model_settings import Chosen
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)


class _ThatDay(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Self:
        return cls(2026, 11, 20, 12, tzinfo=tz or UTC)


@pytest.fixture(autouse=True)
def opened_already(river: Ribera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def opened(*_: object, **__: object) -> Iterator[tuple[None, Any]]:
        with at_work_as(river.by):
            yield None, river.by

    for module in (building, listing, reading):
        monkeypatch.setattr(module, "opened", opened)
        monkeypatch.setattr(module, "passphrase_from", lambda *_, **__: "")
        monkeypatch.setattr(module, "prepare", lambda directory: type("W", (), {"directory": directory}))
    for module in (listing, reading):
        monkeypatch.setattr(module, "datetime", _ThatDay)
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    monkeypatch.setattr(warning_kept, "_file", lambda circle: tmp_path / f"{circle}.sealed")
    warning_kept._forget()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """What a command prints: its document with ``--json``, else its lines."""

    def ask(typed: str) -> Any:
        options = parser(ENGLISH).parse_args([*shlex.split(f"read {typed}"), "--dir", "w"])
        command = commands()[f"read {options.read}"]
        with running(command):
            command(options, Telling(ENGLISH, "en", as_json=options.json))
        out = capsys.readouterr().out
        return json.loads(out) if options.json else out

    return ask


def test_a_fabric_is_told_in_sentences_with_what_they_rest_on(river: Ribera, said: Any) -> None:
    told = said(f"fabric {river['assembly']} --json")
    assert (told["name"], told["members"]) == ("Asamblea de la Ribera", 3)
    assert {"sentences", "parts", "contacts", "on_one", "ways", "cut_from_all", "not_all_ties"} <= set(told)
    assert [one["contacts"] for one in told["on_one"]] == [["Organización acompañante"]]
    assert "Ana" not in json.dumps(told)
    lines = said(f"fabric {river['assembly']}").splitlines()
    assert [line[2:] for line in lines] == told["sentences"] and any(line.startswith("◆ ") for line in lines)


def test_what_if_somebody_or_one_tie_were_gone_or_made(river: Ribera, said: Any) -> None:
    gone = said(f"whatif {river['assembly']} --without {river['ana']} --json")
    assert gone["without"] == [str(river["ana"])]
    assert {"what": "Allies to whom there is a way", "before": 2, "after": 1} in gone["figures"]
    assert {one["sort"] for one in gone["sentences"]} >= {"lost", "could_do"}
    parted = said(f"whatif {river['assembly']} --without-tie {river['ana']} {river['ally']} --json")
    assert len(parted["without_ties"]) == 1
    assert {"what": "Members who can be reached", "before": 3, "after": 3} in parted["figures"]
    woven = said(f"whatif {river['assembly']} --with-tie {river['guard']} works_with {river['ally']}")
    assert "one more way to Organización acompañante" in woven
    lost = said(f"whatif {river['assembly']} --without {river['ana']}")
    assert "◆ There would be no recorded way left" in lost and "→ " in lost and "2 → 1" in lost


def test_what_recurs_is_told_with_how_sure_and_its_incidents(river: Ribera, said: Any) -> None:
    assert said("patterns") == "Nothing stands out.\n"
    none = said("patterns --json")
    assert none["patterns"] == [] and none["left_out"] == 1
    for week in range(12):
        day = date(2026, 8, 24) + timedelta(weeks=week)
        river.incident(f"monday{week}", day.isoformat(), ("guard",), point=None)
    told = said("patterns --json")
    first = told["patterns"][0]
    assert {"kind", "sentence", "sure", "seen", "expected", "q", "incidents"} == set(first)
    assert first["kind"] == "weekday" and len(first["incidents"]) == first["seen"] >= 12
    assert f"◆ {first['sentence']}" in said("patterns")


def test_whom_an_incident_touches_says_what_each_reason_rests_on(river: Ribera, said: Any) -> None:
    rows = said(f"affected {river['followed']} --json")
    assert {row["basis"] for row in rows} == {"assumed"}
    assert all(one["learned"] == [] for row in rows for one in row["reasons"])
    assert [one["said"] for one in rows[0]["reasons"]] == rows[0]["path"]


def test_what_is_building_up_as_of_an_earlier_day_and_with_the_circles_own_settings(river: Ribera, said: Any) -> None:
    now = said("warning --json")
    assert (now["as_of"], now["settings"]) == ("2026-11-20", {"own": False, "chosen": {}})
    then = said("warning --as-of 2026-09-30 --json")
    assert (then["as_of"], then["incidents"], now["incidents"]) == ("2026-09-30", 2, 4)
    assert "As of 2026-09-30" in said("warning --as-of 2026-09-30")
    set_readings(by=river.by, chosen=Chosen(days=60))
    own = said("warning --json")
    assert (own["days"], own["settings"]) == (60, {"own": True, "chosen": {"days": 60}})


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("fabric nothing", "not a collective's id"),
        ("whatif {assembly}", "Nobody was chosen"),
        ("whatif {assembly} --without {company}", "not among those"),
        ("whatif {assembly} --without-tie {women} {ally}", "not recorded around"),
        ("whatif {assembly} --with-tie ana works_with luz", "an id, a kind and an id"),
        ("whatif {assembly} --with-tie {ana} likes {ally}", "one of the kinds offered"),
        ("affected nothing", "not an incident's id"),
        ("warning --as-of soon", "not a day"),
        ("warning --as-of 2031-01-01", "not come yet"),
    ],
)
def test_each_mistake_is_a_sentence(river: Ribera, said: Any, typed: str, sentence: str) -> None:
    ids = {short: river[short] for short in ("assembly", "company", "women", "ally", "ana")}
    with pytest.raises(BadInput, match=sentence):
        said(typed.format(**ids))


def test_a_person_has_no_fabric_of_their_own(river: Ribera, said: Any) -> None:
    for nobody in (river["ana"], river["followed"]):
        with pytest.raises(NotFound):
            said(f"fabric {nobody}")
