"""What is building up, as it is read: empty, being reckoned, said in words with what can be trusted."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tejido.readings import warning_kept
from tejido.readings.warning_kept import warning_reckoned
from tejido.readings.warning_past import warning_reckoned_then
from tests.readings.ribera import Ribera

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def that_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    monkeypatch.setattr(warning_kept, "_file", lambda circle: tmp_path / f"{circle}.sealed")
    warning_kept._forget()


def _page(client: Client, lang: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    answer = client.get("/building-up/")
    assert answer.status_code == 200
    return answer.content.decode()


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_with_nothing_recorded_it_says_how_to_begin(at_work: Any, signed_in: Client) -> None:
    warning_reckoned(TODAY)
    assert "this page begins to speak with it" in _plain(_page(signed_in))


def test_nothing_is_reckoned_on_the_page(river: Ribera, signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warning_kept, "reckon_warning", lambda *_: pytest.fail("reckoned on a page"))
    assert "is being reckoned from the records" in _plain(_page(signed_in))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            ["What it refuses to say", "too little to learn", "Guardia del río", "People of whom no group is known"],
        ),
        ("es", ["Lo que se niega a decir", "Es muy poco para aprender", "Reunirse y analizar en conjunto"]),
    ],
)
def test_it_says_what_may_come_to_whom_and_what_it_refuses_to_say(
    river: Ribera, signed_in: Client, lang: str, said: list[str]
) -> None:
    warning_reckoned(TODAY)
    html = _page(signed_in, lang)
    assert [one for one in said if one not in _plain(html)] == []
    assert html.count("<svg") == 2 and html.count("<table>") == 2
    assert len(gzip.compress(html.encode())) <= 10_000 and "style=" not in html


def test_what_was_written_since_is_said(river: Ribera, signed_in: Client) -> None:
    warning_reckoned(TODAY)
    river.incident("again", "2026-11-19", ("guard",))
    assert "Something was written since this was reckoned." in _plain(_page(signed_in))


def test_the_number_of_queries_does_not_grow(river: Ribera, signed_in: Client) -> None:
    warning_reckoned(TODAY)
    _page(signed_in)
    with CaptureQueriesContext(
        connection,
    ) as few:
        _page(signed_in)
    for n in range(8):
        river.actor(f"g{n}", "group", f"Grupo {n}")
        river.incident(f"i{n}", "2026-11-12", (f"g{n}",), point=None)
    warning_reckoned(TODAY)
    _page(signed_in)
    with CaptureQueriesContext(connection) as many:
        _page(signed_in)
    assert len(many) <= len(few)


def test_it_can_be_seen_as_of_an_earlier_day(river: Ribera, signed_in: Client) -> None:
    waiting = _plain(signed_in.get("/building-up/?day=2026-09-30").content.decode())
    assert "is being reckoned" in waiting
    warning_reckoned_then(TODAY, date(2026, 9, 30))
    told = _plain(signed_in.get("/building-up/?day=2026-09-30").content.decode())
    assert "This is what would have been said on September 30, 2026" in told or "30 September 2026" in told
    assert "Back to today" in told and "This is not right" not in told
    for typed, said in (("soon", "not a day that can be looked from"), ("2031-01-01", "has not come yet")):
        answer = signed_in.get("/building-up/", {"day": typed})
        assert answer.status_code == 400 and said in answer.content.decode()
        assert f'value="{typed}"' in answer.content.decode()


def test_home_leads_to_it(river: Ribera, signed_in: Client) -> None:
    assert 'href="/building-up/"' in signed_in.get("/").content.decode()


def test_an_incident_says_that_its_weights_are_assumed_and_what_these_records_teach(
    river: Ribera, signed_in: Client
) -> None:
    address = f"/incidents/{river['followed']}/"
    before = _plain(signed_in.get(address).content.decode())
    assert "assumed, not yet learned from records" in before and "What these records teach" not in before
    warning_reckoned(TODAY)
    assert "too little to learn who follows whom" in _plain(signed_in.get(address).content.decode())
