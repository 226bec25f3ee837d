"""That a reading is wrong, as members say it on the pages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tejido.readings import warning_kept
from tejido.readings.models import Objection
from tejido.readings.patterns import what_recurs
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


def _say_and_take_back(client: Client, page: str, address: str, says: str) -> None:
    """Follow the link of a page, say why, see it there, take it back, see it gone."""
    assert address in client.get(page).content.decode()
    form = _page(client, address)
    assert says in form and "This reading is wrong" in form
    answer = client.post(address, {"why": " "})
    assert answer.status_code == 400 and "Say why" in answer.content.decode()
    answer = client.post(address, {"why": "They had left by then."})
    assert answer.status_code == 303 and answer["Location"] == page
    told = _page(client, page)
    assert re.search(r"held to be wrong They had left by then. \( ?Alba, [^)]*2026\)", told), told
    assert "no es correcto" in _page(client, page, "es")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    back = re.search(r'action="(/readings/wrong/[^"]+)"', client.get(page).content.decode())
    assert back and client.post(back[1])["Location"] == page
    assert "They had left by then" not in _page(client, page)


def test_of_whom_an_incident_touches(river: Ribera, signed_in: Client) -> None:
    page = f"/incidents/{river['followed']}/"
    _say_and_take_back(signed_in, page, f"{page}touches/{river['women']}/wrong/", "touches Grupo de mujeres")
    assert signed_in.get(f"{page}touches/{uuid4()}/wrong/").status_code == 404


def test_of_what_is_building_up_for_a_group_and_in_a_territory(river: Ribera, signed_in: Client) -> None:
    group, place = f"/building-up/group/{river['guard']}/wrong/", f"/building-up/territory/{river['valley']}/wrong/"
    assert signed_in.get(group).status_code == 404  # nothing was reckoned yet
    warning_reckoned(TODAY)
    _say_and_take_back(signed_in, "/building-up/", group, "Guardia del río: The chance of an incident")
    _say_and_take_back(signed_in, "/building-up/", place, "Ribera alta: The chance of an incident")
    assert Objection.objects.filter(status="taken_back").count() == 2


def test_of_what_recurs(river: Ribera, signed_in: Client) -> None:
    for week in range(12):
        river.incident(
            f"monday{week}", (date(2026, 8, 24) + timedelta(weeks=week)).isoformat(), ("guard",), point=None
        )
    key = what_recurs(today=TODAY).found[0].key
    _say_and_take_back(signed_in, "/patterns/", f"/patterns/{key}/wrong/", "Mondays")
    assert signed_in.get("/patterns/0000/wrong/").status_code == 404
