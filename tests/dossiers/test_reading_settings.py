"""How readings are reckoned, as a page: what each means, who may change it, and the way back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tejido.dossiers import reading_views
from tejido.dossiers.reading_settings import settings_page
from tejido.readings import warning_kept
from tejido.readings.model_settings import BOUNDS, DEFAULTS, TIE_KINDS, Chosen
from tejido.readings.settings import chosen_settings
from tejido.readings.warning_kept import warning_reckoned
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def that_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    monkeypatch.setattr(warning_kept, "_file", lambda circle: tmp_path / f"{circle}.sealed")
    warning_kept._forget()


def _page(client: Client, address: str, lang: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def _sent(**other: object) -> dict[str, object]:
    return {**{name: getattr(DEFAULTS, name) for name in BOUNDS}, "ties": list(TIE_KINDS), "revision": 0, **other}


def test_each_setting_stands_there_with_its_meaning_and_its_effect(river: Ribera, signed_in: Client) -> None:
    told = _page(signed_in, "/readings/settings/")
    assert "How far ahead to look days: 30" in told and "larger chances" in told and "all kinds that bind" in told
    spanish = _page(signed_in, "/readings/settings/", "es")
    assert "Hasta cuándo mirar hacia adelante días: 30" in spanish and "Cambiar" in spanish


def test_a_change_is_kept_and_every_reading_says_so_until_it_is_taken_back(river: Ribera, signed_in: Client) -> None:
    warning_reckoned(TODAY)
    assert "Reckoned with the default settings" in _page(signed_in, "/building-up/")
    form = _page(signed_in, "/readings/settings/change/")
    assert "By default: 30." in form
    answer = signed_in.post("/readings/settings/change/", _sent(days=60, ties=["leads", "part_of"]))
    assert answer.status_code == 303
    assert chosen_settings() == Chosen(days=60, ties=frozenset({"leads", "part_of"}))
    told = _page(signed_in, "/readings/settings/")
    assert "our own; by default 30" in told and "Back to the defaults" in told
    for reading in ("/building-up/", f"/incidents/{river['followed']}/"):
        assert "Reckoned with the circle's own settings" in _page(signed_in, reading)
    assert signed_in.post("/readings/settings/back/").status_code == 303
    assert chosen_settings() == DEFAULTS


def test_a_bad_number_keeps_what_was_typed_and_says_what_it_may_be(river: Ribera, signed_in: Client) -> None:
    answer = signed_in.post("/readings/settings/change/", _sent(days="soon", notice=99, ties=[]))
    html = answer.content.decode()
    assert answer.status_code == 400 and 'value="soon"' in html and 'value="99"' in html
    assert "less than or equal to 95" in html and "Choose at least one kind" in html
    assert chosen_settings() == DEFAULTS


def test_whoever_does_not_coordinate_sees_them_and_is_offered_no_change(river: Ribera) -> None:
    page = settings_page(may_change=False)
    assert page.groups and not page.change and not page.back
    for view in (reading_views.reading_settings_change, reading_views.reading_settings_back):
        assert view.policy.capability == "set readings"
    assert reading_views.reading_settings.policy.capability == "read"
