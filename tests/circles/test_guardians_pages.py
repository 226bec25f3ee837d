"""The pages of guardians, from choosing them to coming back in, with real requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tejido.circles import waiting
from tejido.circles.models import Guardians, Member, Recovery
from tejido.vault.keyring import FILE_KEY
from tests.circles.companions import House, words_of
from tests.circles.test_member_pages import code_for, joined, page, ribera, signed_in, visitor
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE

__all__ = ["ribera"]
PAGE, CHOOSE, ASK, RETURN = "/circle/guardians/", "/circle/guardians/choose/", "/recover/ask/", "/recover/guardians/"
NEW = "words for a new beginning"


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The hours that have passed since anything began."""
    passed = [0.0]
    monkeypatch.setattr(waiting, "running", lambda: ("one", 1000 + passed[0] * 3600))
    yield passed


def people(house: House) -> tuple[Client, Client, Client]:
    alba = signed_in()
    return alba, joined(code_for(alba, "Bruno"), "Bruno"), joined(code_for(alba, "Carla"), "Carla")


def chosen(browser: Client, **values: Any) -> Any:
    others = [str(one.pk) for one in Member.objects.filter(role="member")]
    given = {"people": others, "needed": 2, "hours": 72, "passphrase": PASSPHRASE, **values}
    return browser.post(CHOOSE, given)


def asked() -> tuple[str, str]:
    found = re.findall(r'class="words">([^<]+)<', visitor().post(ASK).content.decode())
    return found[0], found[1]


def begun(browser: Client, number: str) -> Any:
    whose = Member.objects.get(role="coordinator").pk
    return browser.post(PAGE, {"member": str(whose), "number": number})


def test_from_choosing_to_coming_back(ribera: House, hours: list[float]) -> None:
    alba, bruno, carla = people(ribera)
    assert "You have none" in page(alba, PAGE) and "Nobody has chosen you" in page(bruno, PAGE)
    answer = chosen(alba)
    assert answer.status_code == 303, answer.content.decode()
    assert "2 of them are needed" in page(alba, PAGE)
    words, number = asked()
    assert words not in page(visitor(), ASK) and len(words.split()) == 10
    assert begun(bruno, number.replace(" ", "-")).status_code == 303
    assert "cannot get in, as it was said" in page(carla, PAGE) and "in 72 hours" in page(carla, PAGE)
    assert "says they are you" in page(alba, PAGE)
    assert "on their way back" in page(signed_in(words_of("Carla"), "Carla"), "/circle/members/")
    agree = f"/circle/guardians/{Recovery.objects.get().pk}/agree/"
    refused = bruno.post(agree, {"passphrase": words_of("Bruno"), "handle": "Bruno"})
    assert refused.status_code == 400 and "waiting time is not over" in refused.content.decode()
    hours[0] = 73
    assert bruno.post(agree, {"passphrase": WRONG_PASSPHRASE, "handle": "Bruno"}).status_code == 400
    for browser, name in ((bruno, "Bruno"), (carla, "Carla")):
        assert "I know the voice" in page(browser, PAGE)
        answer = browser.post(agree, {"passphrase": words_of(name), "handle": name})
        assert answer.status_code == 303, answer.content.decode()
        assert "I know the voice" not in page(browser, PAGE)
    browser = visitor()
    back = {"code": words, "handle": "alba", "choice": "own", "own": NEW, "again": NEW}
    answer = browser.post(RETURN, back)
    assert (answer.status_code, answer.get("Location")) == (303, "/"), answer.content.decode()
    assert "You have none" in page(browser, PAGE)
    assert alba.get(PAGE).status_code == 302
    assert signed_in(NEW, "alba")
    assert visitor().post("/unlock/", {"passphrase": PASSPHRASE}).status_code == 403


def test_anybody_stops_it_with_one_press(ribera: House, hours: list[float]) -> None:
    alba, bruno, carla = people(ribera)
    chosen(alba)
    words, number = asked()
    begun(bruno, number)
    stop = f"/circle/guardians/{Recovery.objects.get().pk}/stop/"
    assert carla.post(stop).status_code == 303
    assert "was stopped or is finished" in carla.post(stop, follow=True).content.decode()
    back = {"code": words, "handle": "alba", "choice": "own", "own": NEW, "again": NEW}
    answer = visitor().post(RETURN, back)
    assert answer.status_code == 400 and "Nobody here is waiting" in answer.content.decode()
    assert words not in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"needed": 1}, "nobody brings an account back alone"),
        ({"needed": 3}, "no more guardians than you choose"),
        ({"needed": "two"}, "Give a number"),
        ({"hours": 1}, "At least 24 hours"),
        ({"people": []}, "at least two people"),
        ({"passphrase": WRONG_PASSPHRASE}, "opens nothing"),
        ({"passphrase": ""}, "Type the passphrase"),
    ],
)
def test_each_mistake_in_choosing_has_a_sentence(ribera: House, values: dict[str, Any], sentence: str) -> None:
    alba, _bruno, _carla = people(ribera)
    answer = chosen(alba, **values)
    assert answer.status_code == 400
    if sentence != "opens nothing":
        assert sentence in answer.content.decode()
    assert not Guardians.objects.exists()


def test_whoever_is_alone_is_told_what_to_do_instead(ribera: House) -> None:
    assert "make a recovery code" in page(signed_in(), CHOOSE)


def test_nothing_can_be_left_where_nobody_has_the_notebook_open(ribera: House) -> None:
    FILE_KEY.drop()
    for address in (ASK, RETURN):
        assert "Nobody has the notebook open" in page(visitor(), address)
    assert "Nobody has the notebook open" in visitor().post(ASK).content.decode()
    ribera.place.unlock(PASSPHRASE)


def test_asking_again_and_again_waits(ribera: House) -> None:
    signed_in()
    assert [visitor().post(ASK).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_number_nobody_has_begins_nothing(ribera: House) -> None:
    alba, bruno, _carla = people(ribera)
    chosen(alba)
    answer = begun(bruno, "1234 5678 9012 3456 7890 1234")
    assert answer.status_code == 400 and "has this number" in answer.content.decode()
    assert begun(bruno, "").status_code == 400
    assert not Recovery.objects.exists()
