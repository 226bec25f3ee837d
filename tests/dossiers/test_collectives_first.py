"""The collective is the subject: of home, of an incident, of a collective that was mostly attacked."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tejido.domain.dates import ImpreciseDate
from tejido.dossiers.bringing import Brought, brought_lately
from tejido.fabric.actions import record_actor, tie_actors
from tejido.fabric.models import Actor
from tejido.incidents.actions import link_incidents, record_incident, record_justice
from tejido.incidents.given import ActGiven, PerpetratorGiven, SourceGiven, VictimGiven
from tejido.incidents.models import Incident, Justice, Link, Source
from tejido.vault.journal import writing
from tejido.vault.records import create
from tests.readings.ribera import Ribera


def _page(client: Client, address: str, lang: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _voice(html: str) -> str:
    return _plain(re.findall(r'<p class="voice">(.*?)</p>', html, re.S)[0]).replace(" ,", ",").replace(" .", ".")


class League:
    """A league, many of whose members are attacked by one service."""

    def __init__(self, by: Any, members: int) -> None:
        self.by = by
        self.league = record_actor(by=by, kind="organisation", names=["Liga del Valle"])
        self.service = record_actor(by=by, kind="institution", names=["Servicio"])
        self.people = [record_actor(by=by, kind="person", names=[f"Persona {n:02}"]) for n in range(members)]
        for one in self.people:
            tie_actors(by=by, from_actor=one, to_actor=self.league, kind="member_of", certainty="confirmed")

    def attacked(self, *victims: Actor, title: str = "A raid", acts: int = 1, when: str = "2026-10-01") -> Incident:
        done = ActGiven(
            "killing",
            victims=tuple(VictimGiven(one.pk) for one in victims),
            perpetrators=(PerpetratorGiven(self.service.pk, "carried_out"),),
        )
        date = ImpreciseDate.decode(when)
        return record_incident(by=self.by, title=title, when=date, acts=[done] * acts, sources=[SourceGiven("press")])


def test_home_speaks_of_collectives_and_names_nobody_beside_them(at_work: Any, signed_in: Client) -> None:
    made = League(at_work, 3)
    for one in made.people:
        made.attacked(one, title="An attack")
    voice = _voice(_page(signed_in, "/"))
    assert "The collectives most touched" in voice and "Liga del Valle (3 incidents)" in voice
    assert "Persona" not in voice


def test_home_names_individuals_where_no_collective_is_known(at_work: Any, signed_in: Client) -> None:
    alone = record_actor(by=at_work, kind="person", names=["Nidia"])
    act = ActGiven("death_threat", victims=(VictimGiven(alone.pk),))
    record_incident(by=at_work, title="A threat", when=ImpreciseDate.decode("2026-10"), acts=[act])
    assert "No collective is known of the latest; they touch Nidia (1)." in _voice(_page(signed_in, "/"))


def test_home_says_that_a_list_brought_incidents_and_of_which_years(at_work: Any, signed_in: Client) -> None:
    weeks = [(197337, 197337), (199006, 199007), (198001, 198001)]
    with writing(by=at_work, action="exchange.import") as entry:
        for first, last in weeks:
            record = Incident(circle_id=at_work.circle_id, title="x", week_from=first, week_to=last)
            create(record, entry)
    now = datetime.now(UTC)
    assert brought_lately(now) == Brought(3, 1973, 1990)
    assert brought_lately(now + timedelta(days=30)) == Brought(0)
    said = _voice(_page(signed_in, "/"))
    assert said.startswith("In the last seven days lists brought 3 incidents, which happened between 1973 and 1990.")
    assert "were recorded" not in said
    assert "ocurridos entre 1973 y 1990." in _voice(_page(signed_in, "/", "es"))


def test_a_collective_mostly_attacked_tells_that_before_what_is_said_of_it(at_work: Any, signed_in: Client) -> None:
    made = League(at_work, 4)
    for one in made.people:
        made.attacked(one)
    guard = record_actor(by=at_work, kind="person", names=["Guardia"])
    act = ActGiven("killing", victims=(VictimGiven(guard.pk),), perpetrators=(PerpetratorGiven(made.league.pk),))
    record_incident(by=at_work, title="A clash", when=ImpreciseDate.decode("2020"), acts=[act])
    html = _page(signed_in, f"/fabric/{made.league.pk}/")
    voice = _voice(html)
    assert voice.startswith("4 people and groups are known here to belong to it.")
    assert voice.index("4 incidents against its own") < voice.index("It is said to have taken part in")
    assert html.index("What has happened to us") < html.index("What it is said to have done")
    assert "Record an incident" in html
    spanish = _voice(_page(signed_in, f"/fabric/{made.league.pk}/", "es"))
    assert "4 hechos contra los suyos" in spanish and "against" not in spanish
    service = _page(signed_in, f"/fabric/{made.service.pk}/")
    assert service.index("What it is said to have done") > 0


def test_an_incident_with_many_victims_tells_collectives_first_and_its_acts_together(
    at_work: Any, signed_in: Client
) -> None:
    made = League(at_work, 60)
    for one in made.people[26:]:
        made.attacked(one)
    incident = made.attacked(*made.people[:26], acts=24)
    html = _page(signed_in, f"/incidents/{incident.pk}/")
    said = _plain(html)
    assert "It touches Liga del Valle" in _voice(html)
    first_beside = re.search(r"Persona (2[6-9]|[3-5]\d)", said)
    assert first_beside is not None
    assert said.index("Liga del Valle organisation") < said.index("26 people it was done to") < first_beside.start()
    assert "Killing: 26 people" in said
    assert "All 24 acts, one by one" in said
    facts = re.findall(r'<dl class="facts">(.*?)</dl>', html, re.S)[0]
    assert facts.count("Servicio") == 1 and facts.count("2026") == 1
    assert len(gzip.compress(html.encode())) <= 10_000


def test_all_acts_are_walked_page_by_page(at_work: Any, signed_in: Client) -> None:
    made = League(at_work, 1)
    address = f"/incidents/{made.attacked(made.people[0], acts=24).pk}/acts/"
    first = _page(signed_in, address)
    assert first.count("Persona 00") == 20
    (after,) = re.findall(r"after=([0-9a-f-]{36})", first)
    second = _page(signed_in, f"{address}?after={after}")
    assert second.count("Persona 00") == 4
    (before,) = re.findall(r"before=([0-9a-f-]{36})", second)
    assert _page(signed_in, f"{address}?before={before}").count("Persona 00") == 20
    assert signed_in.get(f"/incidents/{UUID(int=7)}/acts/").status_code == 404


def test_an_incident_asks_as_many_questions_for_many_victims_as_for_few(at_work: Any, signed_in: Client) -> None:
    made = League(at_work, 20)
    few, many = made.attacked(*made.people[:2], acts=3), made.attacked(*made.people[2:], acts=9)
    asked = []
    for incident in (few, many):
        address = f"/incidents/{incident.pk}/"
        signed_in.get(address)
        with CaptureQueriesContext(connection) as seen:
            signed_in.get(address)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_what_follows_an_incident_is_taken_out_from_its_page(at_work: Any, signed_in: Client) -> None:
    made = League(at_work, 2)
    one, other = made.attacked(made.people[0]), made.attacked(made.people[1], title="Another")
    link_incidents(by=at_work, from_incident=one.pk, to_incident=other.pk, kind="precedes")
    record_justice(by=at_work, incident=one.pk, stage="complaint")
    html = _page(signed_in, f"/incidents/{one.pk}/")
    ways = re.findall(rf'action="(/incidents/{one.pk}/[a-z]+/[0-9a-f-]+/remove/)"', html)
    assert len(ways) == 3
    for address in ways:
        assert signed_in.post(address).status_code == 302
    assert not Link.objects.exists() and not Justice.objects.exists()
    assert not Source.objects.filter(incident=one).exists()


def test_a_territory_tells_the_collectives_struck_in_it(river: Ribera, signed_in: Client) -> None:
    said = _plain(_page(signed_in, f"/territories/{river['valley']}/"))
    assert "Asamblea de la Ribera (3)" in said.split("Who was attacked here")[1]


def test_an_incident_begun_on_a_territory_has_it_already(river: Ribera, signed_in: Client) -> None:
    html = _page(signed_in, f"/incidents/new/?territory={river['valley']}")
    assert "Ribera alta" in html and str(river["valley"]) in html
