"""That something is building up, on the first page: until it was seen, never twice for the same, without names."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tejido.readings import warning_kept
from tejido.readings.actions import set_readings
from tejido.readings.model_settings import Chosen
from tejido.readings.notices import notices
from tejido.readings.warning_kept import warning_reckoned
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)
HEADING = "Something is building up: look together"


@pytest.fixture(autouse=True)
def that_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    monkeypatch.setattr(warning_kept, "_file", lambda circle: tmp_path / f"{circle}.sealed")
    warning_kept._forget()


def _home(client: Client, lang: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    return client.get("/").content.decode()


def _seen(client: Client) -> None:
    html = _home(client)
    groups = re.findall(r'name="group" value="([^"]+)"', html)
    assert groups and client.post("/readings/notices/seen/", {"group": groups}).status_code == 303


def _busy(river: Ribera, begin: date, many: int = 12) -> None:
    for n in range(many):
        river.incident(f"{begin}-{n}", (begin + timedelta(days=n // 2)).isoformat(), ("guard",), point=None)


def test_a_notice_stands_there_until_somebody_has_seen_it_and_never_twice_for_the_same(
    river: Ribera, signed_in: Client
) -> None:
    _busy(river, date(2026, 11, 8))
    assert HEADING not in _home(signed_in)  # nothing was reckoned yet
    warning_reckoned(TODAY)
    html = _home(signed_in)
    assert HEADING in html and "Guardia del río" in html and 'href="/building-up/"' in html
    assert "Algo se está gestando: mirémoslo en conjunto" in _home(signed_in, "es")
    heads = " ".join(re.findall(r"<head>.*?</head>|<h[12]>.*?</h[12]>", html, re.S))
    assert "Guardia" not in heads
    _seen(signed_in)
    assert HEADING not in _home(signed_in)
    river.incident("more", "2026-11-19", ("guard",), point=None)
    warning_reckoned(TODAY)
    assert HEADING not in _home(signed_in)
    warning_kept._forget()
    warning_kept._file(river.by.circle_id).unlink()  # what is derived may go at any time
    warning_reckoned(TODAY)
    assert HEADING not in _home(signed_in)


def test_what_calmed_down_and_comes_back_is_told_anew(
    river: Ribera, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _busy(river, date(2026, 11, 8))
    warning_reckoned(TODAY)
    _seen(signed_in)
    calm, again = TODAY + timedelta(days=150), TODAY + timedelta(days=165)
    warning_reckoned(calm)
    assert not notices()
    _busy(river, calm + timedelta(days=5), many=20)
    monkeypatch.setattr(timezone, "localdate", lambda *_: again)
    warning_reckoned(again)
    assert river["guard"] in {one.actor for one in notices()}


def test_from_which_chance_on_is_what_the_circle_chose(river: Ribera, signed_in: Client) -> None:
    warning_reckoned(TODAY)
    assert not notices()
    set_readings(by=river.by, chosen=Chosen(notice=5))
    warning_reckoned(TODAY)
    assert {one.actor for one in notices()} >= {river["guard"]}
    assert HEADING in _home(signed_in)


def test_of_days_long_gone_there_is_no_notice(river: Ribera, signed_in: Client) -> None:
    _busy(river, date(2026, 11, 8))
    warning_reckoned(TODAY + timedelta(days=900))
    assert not notices()


def test_what_did_not_stand_there_is_not_seen(river: Ribera, signed_in: Client) -> None:
    _busy(river, date(2026, 11, 8))
    warning_reckoned(TODAY)
    signed_in.post("/readings/notices/seen/", {"group": [str(river["women"]), "nonsense"]})
    assert {one.actor for one in notices()} >= {river["guard"]}
