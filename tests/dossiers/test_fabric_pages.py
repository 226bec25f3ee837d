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
    assert "Nuestro tejido" in text and "Hasta dónde llegamos" in text and "persona 1, que dirige" in text
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


def test_what_if_is_a_form_that_keeps_what_was_chosen_and_answers_in_words(river: Ribera, signed_in: Client) -> None:
    address = f"/fabric/{river['assembly']}/what-if/"
    assert address in _page(signed_in, f"/fabric/{river['assembly']}/our-fabric/")
    assert "¿Qué suponemos?" in _plain(_page(signed_in, address, "es"))
    html = _page(signed_in, f"{address}?asked=1&gone={river['ana']}&meets=&raised=", "es")
    assert "No quedaría ningún camino anotado hacia Organización acompañante." in _plain(html)
    assert re.search(rf'value="{river["ana"]}"\s+checked', html)


def test_what_if_answers_bad_choices_with_a_sentence_and_keeps_the_form(river: Ribera, signed_in: Client) -> None:
    address = f"/fabric/{river['assembly']}/what-if/"
    for given in ("asked=1", "gone=nonsense", f"gone={uuid4()}", f"gone={river['assembly']}"):
        text = _plain(_page(signed_in, f"{address}?{given}"))
        assert "Nothing was reckoned" in text and "What do we suppose?" in text, given


def test_what_if_of_a_collective_without_ties_says_so(at_work: Any, signed_in: Client) -> None:
    alone = record_actor(by=at_work, kind="community", names=["Sola"])
    assert "nobody to think away" in _plain(_page(signed_in, f"/fabric/{alone.pk}/what-if/"))


def test_patterns_say_that_there_is_too_little_and_keep_what_was_typed(river: Ribera, signed_in: Client) -> None:
    assert "muy pocos hechos" in _plain(_page(signed_in, "/patterns/", "es"))
    answer = signed_in.post("/patterns/", {"occasions": "audiencias: pronto"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "El renglón 1 de las ocasiones" in text and "audiencias: pronto" in text
    assert signed_in.post("/patterns/", {"occasions": "audiencias: 2026-03-05"}).status_code == 200


def test_one_tie_can_be_thought_away_or_made(river: Ribera, signed_in: Client) -> None:
    address = f"/fabric/{river['assembly']}/what-if/"
    html = _page(signed_in, address)
    tie = re.search(r'<option value="([^"]+)" >person 1, who leads – [^<]*contact[^<]* – Organización', html)
    assert tie and "One tie alone" in html
    told = _plain(_page(signed_in, f"{address}?asked=1&parted={tie[1]}"))
    assert "no recorded way left to Organización acompañante" in told
    made = f"{address}?asked=1&tie_from={river['guard']}&tie_kind=works_with&tie_to={river['ally']}"
    html = _page(signed_in, made)
    assert "one more way to Organización acompañante" in _plain(html) and "<details open>" in html
    for bad, said in (
        (f"parted={uuid4()}", "not recorded around"),
        (f"tie_from={river['guard']}&tie_kind=works_with", "not among those"),
        (f"tie_from={river['guard']}&tie_to={river['guard']}&tie_kind=works_with", "two different ends"),
    ):
        assert said in _plain(_page(signed_in, f"{address}?asked=1&{bad}"))


def test_the_whole_fabric_says_what_hangs_on_one_and_hides_whom_a_collective_does_not_name(
    river: Ribera, signed_in: Client
) -> None:
    assert "/whole-fabric/" in _page(signed_in, f"/fabric/{river['assembly']}/our-fabric/")
    html = _page(signed_in, "/whole-fabric/")
    text = _plain(html)
    assert "All 5 collectives hang together" in text and "person 1" in text
    assert html.count("<svg") == 1 and "Collectives cut off without it" in text
    assert not re.search(r"\bAna\b", text) and str(river["ana"]) not in html
    spanish = _plain(_page(signed_in, "/whole-fabric/", "es"))
    assert "El tejido completo" in spanish and "Lo que depende de una sola persona" in spanish


def test_the_whole_fabric_of_one_group_says_where_to_begin(at_work: Any, signed_in: Client) -> None:
    record_actor(by=at_work, kind="community", names=["Sola"])
    assert "Begin with your own group and with one you trust" in _plain(_page(signed_in, "/whole-fabric/"))


def test_the_whole_fabric_asks_the_store_no_more_when_there_is_more(
    at_work: Any, river: Ribera, signed_in: Client
) -> None:
    _page(signed_in, "/whole-fabric/")
    with CaptureQueriesContext(connection) as few:
        _page(signed_in, "/whole-fabric/")
    for n in range(8):
        river.actor(f"g{n}", "group", f"Grupo {n}")
        river.tie(f"g{n}", "works_with", "assembly")
    _page(signed_in, "/whole-fabric/")
    with CaptureQueriesContext(connection) as many:
        _page(signed_in, "/whole-fabric/")
    assert len(many) <= len(few)
