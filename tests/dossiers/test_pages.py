"""The pages that bring slices together, through real requests."""

from __future__ import annotations

import gzip
import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tejido.domain.dates import ImpreciseDate
from tejido.fabric.actions import record_actor
from tejido.fabric.consenting import give_consent
from tejido.fabric.models import Consent
from tejido.protection.actions import start_plan
from tejido.protection.following.actions import record_commitment
from tejido.protection.following.given import CommitmentGiven
from tejido.protection.sessions.actions import open_assessment
from tejido.protection.sessions.given import AssessmentGiven
from tests.readings.ribera import Ribera

MOST_BYTES = 10_000


def _page(client: Client, address: str, lang: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _addresses(river: Ribera) -> list[str]:
    actors = [f"/fabric/{river[one]}/" for one in river.actors]
    assembly = river["assembly"]
    return [
        "/",
        *actors,
        f"/fabric/{assembly}/incidents/",
        f"/fabric/{assembly}/ties/",
        *(f"/incidents/{river[one]}/" for one in river.incidents),
        *(f"/territories/{river[one]}/" for one in river.territories),
        "/search/",
        "/help/",
    ]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_page_answers_is_light_and_keeps_names_out_of_its_title(
    river: Ribera, signed_in: Client, lang: str
) -> None:
    for address in _addresses(river):
        html = _page(signed_in, address, lang)
        assert re.findall(r"<title>(.*?)</title>", html, re.S)[0] == settings.NEUTRAL_NAME
        assert len(gzip.compress(html.encode())) <= MOST_BYTES, address
        assert "style=" not in html and "<script" not in html


def test_nobody_gets_in_without_keys(river: Ribera) -> None:
    for address in _addresses(river):
        answer = Client().get(address)
        if address != "/help/":
            assert answer.status_code in {302, 403}, address
            assert b"Ribera alta" not in answer.content


def test_an_empty_workspace_leads_by_the_hand(signed_in: Client) -> None:
    said = _plain(_page(signed_in, "/"))
    assert "Begin with your group" in said and "Record what happened" in said
    said = _plain(_page(signed_in, "/", "es"))
    assert "Empiece por su grupo" in said


def test_home_says_what_was_recorded_and_whom_it_touches(river: Ribera, signed_in: Client) -> None:
    said = _plain(_page(signed_in, "/"))
    assert "In the last seven days 4 incidents were recorded." in said
    assert "The collectives most touched" in said
    assert "not a forecast" in said
    assert "Two of the guard were followed" in said


def test_a_collective_tells_what_happened_to_it_and_to_its_own_with_the_reason(
    river: Ribera, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # “This year” is that of the records, whenever the tests are run.
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 20))
    said = _plain(_page(signed_in, f"/fabric/{river['assembly']}/"))
    assert "This year: 2 incidents against its own" in said
    assert "has Guardia del río as a part of it" in said
    assert "runs through Ana alone" in said or "run through Ana alone" in said
    assert "No consent recorded" in said and "No plan yet" in said


def test_a_collective_that_names_nobody_works_fully(at_work: Any, signed_in: Client) -> None:
    alone = record_actor(by=at_work, kind="community", names=["Vereda sin nombres"])
    said = _plain(_page(signed_in, f"/fabric/{alone.pk}/"))
    assert "Vereda sin nombres" in said and "no member is named" in said
    assert "No incident against it or its own is on record." in said
    assert "No ties are recorded yet." in said and "No territory yet" in said


def test_a_withdrawn_consent_is_seen_to_be_withdrawn(river: Ribera, signed_in: Client) -> None:
    consent = give_consent(
        by=river.by, actor=river.actors["assembly"], purpose="alert", audience="media", scope="collective",
        given_on=ImpreciseDate.decode("2026-01-05"),
    )  # fmt: skip
    address = f"/fabric/{river['assembly']}/"
    assert "holds" in _plain(_page(signed_in, address))
    Consent.objects.filter(pk=consent.pk).update(status="withdrawn")
    assert "▲ withdrawn" in _plain(_page(signed_in, address))


def test_an_aggressor_shows_whom_it_is_said_to_have_attacked_and_under_whom_it_stands(
    river: Ribera, signed_in: Client
) -> None:
    said = _plain(_page(signed_in, f"/fabric/{river['armed']}/"))
    assert "2 incidents , against 0 individuals and 2 collectives" in said
    assert "Stands under Empresa del embalse" in said
    assert "Alleged, not judged" in said


def test_a_person_is_seen_through_their_ties(river: Ribera, signed_in: Client) -> None:
    said = _plain(_page(signed_in, f"/fabric/{river['ana']}/"))
    assert "Seen through their ties: Asamblea de la Ribera" in said


def test_an_incident_says_whom_it_touches_and_why(river: Ribera, signed_in: Client) -> None:
    said = _plain(_page(signed_in, f"/incidents/{river['followed']}/"))
    assert "Whom it touches, and why" in said
    assert "the same aggressor attacked it 15 days before" in said
    assert "assumed, not yet learned from records" in said
    assert "It is a tool to talk, not a verdict." in said
    assert "probably reliable" in said


def test_the_exact_point_of_a_place_is_not_on_the_page(river: Ribera, signed_in: Client) -> None:
    for address in (f"/incidents/{river['followed']}/", f"/fabric/{river['assembly']}/"):
        html = _page(signed_in, address)
        assert "4.51" not in html and "-74.52" not in html


def test_a_territory_shows_who_lives_here_and_what_happened_in_it_and_its_parts(
    river: Ribera, signed_in: Client
) -> None:
    river.incident("ford", "2026-10-01", ("guard",), (), where="ford", title="At the ford")
    said = _plain(_page(signed_in, f"/territories/{river['valley']}/"))
    assert "4 incidents are recorded here and in its parts." in said
    assert "At the ford" in said and "El Vado" in said and "Asamblea de la Ribera" in said


def test_search_finds_without_putting_words_into_an_address(river: Ribera, signed_in: Client) -> None:
    answer = signed_in.post("/search/", {"words": "guardia rio"})
    assert answer.status_code == 200
    assert "Guardia del río" in answer.content.decode()
    assert not re.findall(r'(?:href|action)="[^"]*guardia', answer.content.decode(), re.I)
    assert "Guardia del río" not in _page(signed_in, "/search/?words=guardia")
    assert "Nothing was found" in signed_in.post("/search/", {"words": "zzz"}).content.decode()
    assert "beginning of a word" in signed_in.post("/search/", {"words": "  "}).content.decode()


def test_what_is_not_here_is_not_found(signed_in: Client) -> None:
    for address in (f"/fabric/{uuid4()}/", f"/incidents/{uuid4()}/", f"/territories/{uuid4()}/"):
        assert signed_in.get(address).status_code == 404


def test_the_number_of_queries_does_not_grow_with_rows(river: Ribera, signed_in: Client) -> None:
    watched = ["/", f"/fabric/{river['assembly']}/", f"/incidents/{river['followed']}/"]
    watched += [f"/territories/{river['valley']}/", f"/fabric/{river['armed']}/"]

    def counted() -> list[int]:
        found = []
        for address in watched:
            signed_in.get(address)
            with CaptureQueriesContext(connection) as caught:
                signed_in.get(address)
            found.append(len(caught))
        return found

    river.incident("more", "2026-11-11", ("guard", "women"), ("armed",))
    before = counted()
    for number in range(8):
        river.actor(f"m{number}", "person", f"Member {number}")
        river.tie(f"m{number}", "member_of", "guard")
        river.tie(f"m{number}", "contact_of", "assembly")
        river.incident(f"i{number}", "2026-11-10", (f"m{number}",), ("armed",))
    after = counted()
    # The assembly's contacts now run through several people: one sentence, and one query for its name, less.
    assert all(later <= earlier for later, earlier in zip(after, before, strict=True)), (before, after)
    assert max(before) <= 30


def test_every_link_leads_somewhere(river: Ribera, signed_in: Client) -> None:
    plan = start_plan(by=river.by, collective=river["assembly"], title="How we look after each other")
    pages = [_page(signed_in, address) for address in _addresses(river)]
    assert f"/plans/{plan.pk}/" in pages[1]
    links = {link for html in pages for link in re.findall(r'href="(/[^"#]*)', html) if "/static/" not in link}
    for link in sorted(links):
        assert signed_in.get(link.replace("&amp;", "&")).status_code == 200, link


def test_home_tells_what_a_plan_lacks(river: Ribera, signed_in: Client) -> None:
    start_plan(by=river.by, collective=river["assembly"], title="How we look after each other")
    said = _plain(_page(signed_in, "/"))
    assert "The group has not recorded a decision on this plan." in said
    assert "Open the plan" in _plain(_page(signed_in, f"/fabric/{river['assembly']}/"))


def test_home_says_what_is_loose_in_words_and_leads_to_all_of_it(river: Ribera, signed_in: Client) -> None:
    promised = CommitmentGiven(words="Street lamps", status="broken", outcome="Nobody came")
    record_commitment(by=river.by, collective=river["assembly"], given=promised, today=date(2026, 11, 20))
    page = _page(signed_in, "/")
    assert "This promise was broken." in page and "Nothing is late" not in page
    assert 'href="/plans/late/"' in page and "What others owe us: 1" in _plain(page)
    assert "Una cosa está vencida, no tiene a nadie a cargo" in _plain(_page(signed_in, "/", "es"))


def test_home_asks_as_many_questions_however_much_is_late(river: Ribera, signed_in: Client) -> None:
    counts = []
    for many in (1, 9):
        for number in range(many):
            group = record_actor(by=river.by, kind="community", names=[f"Group {many} {number}"])
            start_plan(by=river.by, collective=group.pk, title="Plan")
            broken = CommitmentGiven(words="Lamps", status="broken", outcome="None")
            record_commitment(by=river.by, collective=group.pk, given=broken, today=date(2026, 11, 20))
        signed_in.get("/")
        with CaptureQueriesContext(connection) as caught:
            signed_in.get("/")
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_a_collective_leads_to_what_holds_it_its_sessions_its_card_and_its_poster(
    river: Ribera, signed_in: Client
) -> None:
    there = f"/fabric/{river['assembly']}/"
    page = _page(signed_in, there)
    assert f'href="{there}together/"' in page and f'href="{there}together/card.pdf?names=no"' in page
    assert "poster.pdf" not in page and "We have not met to look at ourselves yet." in page
    plan = start_plan(by=river.by, collective=river["assembly"], title="Plan")
    for number in range(5):
        open_assessment(by=river.by, collective=river["assembly"], given=AssessmentGiven(title=f"Meeting {number}"))
    page = _page(signed_in, there)
    assert f'href="/plans/{plan.pk}/poster.pdf"' in page
    assert all(f"Meeting {number}" in page for number in (4, 3, 2)) and "Meeting 1" not in page


def test_for_a_person_is_asked_from_within_their_group_or_with_the_reason_why_not(
    river: Ribera, signed_in: Client
) -> None:
    there = f"/fabric/{river['luz']}/"
    page = _page(signed_in, there)
    assert "from within their group" in page
    door = f"{there}together/requests/new/?kind=grant"
    assert f'href="{door}"' in page and signed_in.get(door).status_code == 200
    alone = record_actor(by=river.by, kind="person", names=["Somebody new"])
    assert "why it has to be asked for outside any" in _page(signed_in, f"/fabric/{alone.pk}/")
    assert "requests/new" not in _page(signed_in, f"/fabric/{river['assembly']}/")
