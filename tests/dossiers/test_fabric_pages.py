"""The pages that read a collective's fabric, asked for as a browser does."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tejido.fabric.actions import record_actor, tie_actors
from tests.readings.ribera import Ribera


def _page(client: Client, address: str, lang: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_collectives_dossier_leads_to_our_fabric(river: Ribera, signed_in: Client) -> None:
    address = f"/fabric/{river['assembly']}/our-fabric/"
    assert address in _page(signed_in, f"/fabric/{river['assembly']}/")
    assert address.replace(str(river["assembly"]), str(river["ana"])) not in _page(
        signed_in, f"/fabric/{river['ana']}/"
    )


def test_our_fabric_speaks_spanish_and_hides_whom_the_collective_does_not_name(
    river: Ribera, signed_in: Client
) -> None:
    html = _page(signed_in, f"/fabric/{river['assembly']}/our-fabric/", "es")
    text = _plain(html)
    assert "Nuestro tejido" in text and "Hasta dónde llegamos" in text and "quien dirige (persona 1)" in text
    assert not re.search(r"\bAna\b", text)
    assert str(river["ana"]) not in html
    assert "Asamblea" not in re.findall(r"<title>(.*?)</title>", html, re.S)[0]


def test_our_fabric_of_a_collective_without_ties_says_where_to_begin(at_work: Any, signed_in: Client) -> None:
    alone = record_actor(by=at_work, kind="community", names=["Sola"])
    assert "Begin with whom you would call first" in _plain(_page(signed_in, f"/fabric/{alone.pk}/our-fabric/"))


def test_a_person_or_nobody_has_no_such_page(river: Ribera, signed_in: Client) -> None:
    for nobody in (river["ana"], uuid4()):
        assert signed_in.get(f"/fabric/{nobody}/our-fabric/").status_code == 404


def test_our_fabric_asks_the_store_no_more_when_there_is_more(at_work: Any, river: Ribera, signed_in: Client) -> None:
    address = f"/fabric/{river['assembly']}/our-fabric/"
    _page(signed_in, address)
    with CaptureQueriesContext(connection) as few:
        _page(signed_in, address)
    for n in range(12):
        one = record_actor(by=at_work, kind="organisation", names=[f"Aliada {n}"])
        tie_actors(by=at_work, from_actor=river.actors["ana"], to_actor=one, kind="works_with")
    _page(signed_in, address)
    with CaptureQueriesContext(connection) as many:
        _page(signed_in, address)
    assert len(many) <= len(few)
