"""Where the gate is open, whom an incident touches goes by what the records taught, and says so."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tejido.cli.listing import _because
from tejido.domain.affectation_weights import ASSUMED
from tejido.domain.words import ENGLISH
from tejido.readings import warning_kept
from tejido.readings.affectation import touched_by
from tejido.readings.warning_kept import warning_reckoned
from tejido.readings.weights import sure_words, weights_now
from tests.readings.pairs import pairs
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warning_kept, "_file", lambda circle: tmp_path / f"{circle}.sealed")
    warning_kept._forget()


def test_what_the_records_taught_takes_the_place_of_what_was_assumed(at_work: Any, signed_in: Client) -> None:
    made = pairs(at_work)
    incident = made[max(made.incidents, key=lambda short: int(short[1:]))]
    before = touched_by(incident, today=TODAY)
    assert {one.basis for row in before.rows for one in row.because} == {"assumed"}

    verdict = warning_reckoned(TODAY).gate  # type: ignore[union-attr]
    assert verdict.open and verdict.learned == ("works_with",)
    weights = weights_now()
    learned = weights.learned["works_with"]
    assert 0 < learned.low < learned.weight == weights.ties["works_with"].forward < learned.high
    assert weights.ties["works_with"].forward > ASSUMED.ties["works_with"].forward
    assert weights.ties["allied_with"] == ASSUMED.ties["allied_with"]

    after = touched_by(incident, today=TODAY)
    (partner,) = [row for row in after.rows if not row.is_victim and row.basis == "learned"]
    (was,) = [row for row in before.rows if row.actor == partner.actor]
    assert partner.strength > was.strength
    assert any(row.basis == "assumed" for row in after.rows if not row.is_victim)  # over an alliance
    told = json.loads(json.dumps(_because(partner.because[0])))
    assert (told["basis"], told["learned"][0]["relation"]) == ("learned", "works_with")
    assert "between" in sure_words(partner.because[0].learned, ENGLISH, "en")

    html = " ".join(re.sub(r"<[^>]+>", " ", signed_in.get(f"/incidents/{incident}/").content.decode()).split())
    assert "in part learned from our own records" in html and "(learned: “works with” carries" in html

    warning_kept._forget()
    warning_kept._file(at_work.circle_id).unlink()
    assert touched_by(incident, today=TODAY) == before


def test_while_the_gate_is_shut_all_is_assumed(river: Ribera) -> None:
    warning_reckoned(TODAY)
    assert weights_now() == ASSUMED
    assert {row.basis for row in touched_by(river["followed"], today=TODAY).rows} == {"assumed"}
