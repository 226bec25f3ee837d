"""What a circle asks of everybody: a second factor from a day on, signed, and nobody locked out at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tejido.circles import standings
from tejido.circles.actions import open_keyring
from tejido.circles.keeping import _second_factors
from tejido.circles.models import Member, StandingLine
from tejido.circles.policies import Worker
from tejido.circles.rules import Rules, rules_of, set_rules, still_without
from tejido.circles.standing_rules import PURPOSE, AlteredStanding, Line, Roster, Stand, signed
from tejido.circles.standings import note_rules
from tejido.domain.errors import BadInput, TejidoError
from tejido.domain.roles import Refused
from tejido.vault import permits
from tejido.vault.journal import writing
from tejido.vault.keyring import current
from tejido.vault.models import JournalEntry, SecondFactor
from tejido.vault.signing import public_of, sign
from tests.attacks.test_doors import every_route, filled
from tests.circles.companions import House, words_of
from tests.circles.test_member_pages import code_for, joined, page, ribera, signed_in, visitor
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE

__all__ = ["ribera"]
PAGE, SECOND = "/circle/rules/", "/circle/account/second/"
NEEDED = "This circle asks for a second factor"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[date]]:
    """The day of the server, to be set."""
    today = [timezone.localdate()]

    class Day:
        @staticmethod
        def now(_tz: object) -> Any:
            return type("At", (), {"date": staticmethod(lambda: today[0])})

    monkeypatch.setattr(permits, "datetime", Day)
    yield today


def has_one(house: House, name: str = "") -> None:
    """Give somebody a second factor, as far as anybody asks whether there is one."""
    somebody = Member.objects.exclude(account=house.founder.account).first() if name else None
    SecondFactor.objects.create(account=(somebody and somebody.account) or house.founder.account, sealed=b"x")


def decide(browser: Client, day: date | None, *, words: str = PASSPHRASE, **other: str) -> Any:
    seen = page(browser, PAGE).partition('name="seen" value="')[2].partition('"')[0]
    given = {"second": "yes" if day else "no", "second_from": day or "", "copies": "two", "seen": seen}
    return browser.post(PAGE, {**given, "passphrase": words, **other})


def test_a_circle_asks_for_a_second_factor_and_who_has_none_sets_one_up(ribera: House, later: list[date]) -> None:
    alba = signed_in()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    has_one(ribera)
    day = later[0] + timedelta(days=14)
    assert decide(alba, day).status_code == 303
    assert "whoever comes in needs a second factor" in page(bruno, "/circle/members/")
    assert "Bruno" in page(alba, PAGE).partition("Without a second factor yet")[2]
    assert bruno.get("/fabric/").status_code == 200, "until that day the door is as it was"
    later[0] = day
    for route, view in every_route():
        if view.policy.name != "members_only" or view.policy.without_second:
            continue
        for ask in (bruno.get, bruno.post):
            answer = ask(filled(route, ribera.founder.account))
            assert answer.status_code == 403 and NEEDED in answer.content.decode(), route
    typed = bruno.post("/incidents/new/", {"title": "what was typed", "passphrase": "not shown"}).content.decode()
    assert "what was typed" in typed and "not shown" not in typed and "Alba" in typed
    for address in (SECOND, "/circle/account/", "/circle/account/travel/", "/circle/circles/", "/help/"):
        assert bruno.get(address).status_code == 200, address
    assert alba.get("/fabric/").status_code == 200
    has_one(ribera, "Bruno")
    assert bruno.get("/fabric/").status_code == 200, "from the next page on"
    assert JournalEntry.objects.filter(action="circle.set_rules").count() == 1


def test_the_pages_open_without_a_second_factor_are_few_and_named() -> None:
    found = {route for route, view in every_route() if getattr(view.policy, "without_second", False)}
    assert {"/circle/account/", "/circle/account/travel/", "/circle/circles/", SECOND} <= found
    own = ("/circle/account/", "/circle/circles/")
    assert all(route.startswith(own) for route in found) and len(found) < 12
    assert not {route for route in found if "recovery" in route or "sessions" in route}


def test_a_view_that_forgets_to_ask_still_writes_nothing(ribera: House, later: list[date]) -> None:
    """Planted: an action called past the pages by somebody who lacks the factor that is asked for."""
    with ribera.at_work(ribera.founder) as alba:
        bare = Worker(alba.pk, alba.circle_id, role="coordinator", account=alba.account, second_due=later[0])
        with pytest.raises(Refused, match="needs a second factor"), writing(by=bare, action="actor.record"):
            pytest.fail("it was let through")


def test_at_the_door_one_is_told_before_the_day_and_led_to_the_page_after(ribera: House, later: list[date]) -> None:
    alba = signed_in()
    joined(code_for(alba, "Bruno"), "Bruno")
    has_one(ribera)
    decide(alba, later[0] + timedelta(days=3))
    comes = visitor()
    comes.post("/unlock/", {"passphrase": words_of("Bruno"), "handle": "Bruno"})
    assert "this circle asks everybody for a second factor" in page(comes, "/help/")
    later[0] += timedelta(days=3)
    comes = visitor()
    assert comes.post("/unlock/", {"passphrase": words_of("Bruno"), "handle": "Bruno"}).status_code == 302
    assert NEEDED in comes.get("/").content.decode()


def test_another_circle_of_the_same_person_asks_for_itself(ribera: House, later: list[date]) -> None:
    alba = signed_in()
    has_one(ribera)
    decide(alba, later[0] + timedelta(days=1))
    alba.post("/circle/circles/found/", {"name": "Monte"})
    SecondFactor.objects.all().delete()
    later[0] += timedelta(days=1)
    assert alba.get("/fabric/").status_code == 200, "Monte asks for none"
    here = Member.objects.order_by("stamp").first()
    assert here is not None
    alba.post(f"/circle/circles/{here.circle_id}/")
    assert alba.get("/fabric/").status_code == 403
    with ribera.at_work(ribera.founder, here.circle_id):
        assert [one.level for one in _second_factors(here.circle_id)] == ["warning"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_day_is_shown_as_a_browser_takes_it(ribera: House, language: str) -> None:
    alba = signed_in()
    alba.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    offered = (timezone.localdate() + timedelta(days=14)).isoformat()
    assert re.search(rf'<input type="date"[^>]*value="{offered}"', page(alba, PAGE))
    assert decide(alba, None, copies="one", second_from="").status_code == 303, "no day is needed for no"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"second_from": ""}, "Give a day"),
        ({"second_from": "mañana"}, "Give a day"),
        ({"second_from": "2020-01-01"}, "Choose a day to come"),
        ({"passphrase": WRONG_PASSPHRASE}, "passphrase"),
        ({"second": "perhaps"}, "Select a valid choice"),
        ({"copies": ""}, "Choose one of the two"),
    ],
)
def test_what_cannot_be_decided_is_said(ribera: House, given: dict[str, str], said: str) -> None:
    alba = signed_in()
    has_one(ribera)
    answer = decide(alba, timezone.localdate() + timedelta(days=2), **given)
    assert answer.status_code == 400 and said in answer.content.decode()
    assert StandingLine.objects.count() == 1


def test_who_decides_it_has_one_themselves(ribera: House) -> None:
    answer = decide(signed_in(), timezone.localdate() + timedelta(days=2))
    assert answer.status_code == 400 and "Set up a second factor of your own first" in answer.content.decode()


def test_of_two_who_decide_at_once_the_second_is_told(ribera: House, later: list[date]) -> None:
    alba = signed_in()
    has_one(ribera)
    assert decide(alba, later[0] + timedelta(days=2), seen="nobody/two").status_code == 303
    answer = decide(alba, None, copies="one", seen="nobody/two")
    assert answer.status_code == 409 and "changed the rules of the circle meanwhile" in answer.content.decode()
    again = answer.content.decode().partition('name="seen" value="')[2].partition('"')[0]
    assert decide(alba, None, copies="one", seen=again).status_code == 303
    with ribera.at_work(ribera.founder) as by:
        assert rules_of(by.circle_id) == Rules(None, copies_alone=True)


def test_only_who_coordinates_decides_and_what_is_decided_already_writes_nothing(ribera: House) -> None:
    bruno = ribera.joined("Bruno", "auditor")
    today = timezone.localdate()
    with ribera.at_work(bruno) as by, pytest.raises(Refused):
        set_rules(by=by, rules=Rules(copies_alone=True), today=today)
    with ribera.at_work(ribera.founder) as alba:
        before = JournalEntry.objects.count()
        assert set_rules(by=alba, rules=Rules(), today=today) == Rules()
        assert JournalEntry.objects.count() == before
        with pytest.raises(BadInput):
            set_rules(by=alba, rules=Rules(today + timedelta(days=1)), today=today)
        assert {one.pk for one in still_without(alba.circle_id)} == set(Member.objects.values_list("pk", flat=True))


def test_rules_put_back_to_an_earlier_state_are_refused(ribera: House) -> None:
    today = timezone.localdate()
    has_one(ribera)
    with ribera.at_work(ribera.founder) as alba:
        set_rules(by=alba, rules=Rules(today + timedelta(days=1)), today=today)
        StandingLine.objects.order_by("-number").first().delete()  # type: ignore[union-attr]
        with pytest.raises(AlteredStanding):
            rules_of(alba.circle_id)  # the journal tells of a later change
        JournalEntry.objects.filter(action="circle.set_rules").delete()
    with pytest.raises(AlteredStanding):
        open_keyring(ribera.founder)  # the account has seen the line


def test_a_member_with_the_keys_of_the_circle_signs_no_rule(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    with ribera.at_work(bruno) as by:
        with pytest.raises(TejidoError), writing(by=by, action="account.end_session") as entry:
            note_rules(entry, {"copies_alone": "yes"})
        found, seed = standings.roster(by.circle_id), current().signing_seed
        assert found is not None and seed is not None
        line = Line(by.circle_id.hex, found.number + 1, found.head, found.seq, by.pk.hex, {}, rules={})
        standings._save(by.circle_id, signed(line, sign(seed, PURPOSE, line.statement())))
    with pytest.raises(AlteredStanding):
        open_keyring(ribera.founder)


def test_rules_are_signed_with_their_line() -> None:
    seed = b"\x01" * 32
    stand = Stand("coordinator", "active", "", "a", public_of(seed).hex(), "a")
    line = Line("c", 1, "", 1, "a", {"a": stand})
    assert "rules" not in line.statement(), "lines of before stay as they were signed"
    first = Roster().after(signed(line, sign(seed, PURPOSE, line.statement())))
    line = Line("c", 2, first.head, 2, "a", {}, rules={"copies_alone": "yes"})
    ruled = first.after(signed(line, sign(seed, PURPOSE, line.statement())))
    assert ruled.rules == {"copies_alone": "yes"} and ruled.stands == first.stands
    for bent in (None, {}, {"copies_alone": "yes", "second_factor": "2026-01-01"}):
        other = Line("c", 2, first.head, 2, "a", {}, rules=bent)
        with pytest.raises(AlteredStanding):
            first.after(signed(other, sign(seed, PURPOSE, line.statement())))
