"""Sessions listed and ended, by those whose they are and by nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tejido.circles.sessions_open import end_every_session, in_words, open_everywhere
from tejido.domain.roles import Refused
from tejido.vault.models import JournalEntry
from tests.browsing import sign_in
from tests.circles import people
from tests.circles.companions import House
from tests.circles.test_member_pages import ACCOUNT, code_for, joined, page, ribera, signed_in

__all__ = ["ribera"]
SESSIONS = "/circle/account/sessions/"


def names_in(browser: Client) -> list[str]:
    return re.findall(r'name="session" value="([0-9a-f]+)"', page(browser, SESSIONS))


def test_each_session_is_listed_and_this_one_is_named(ribera: House) -> None:
    one = signed_in()
    assert "You are open nowhere else" in page(one, SESSIONS)
    signed_in()
    shown = page(one, SESSIONS)
    assert shown.count("this one") == 1
    assert shown.count("Open since") == 2
    assert len(names_in(one)) == 1


def test_the_name_of_a_session_is_neither_its_cookie_nor_its_row(ribera: House) -> None:
    one, other = signed_in(), signed_in()
    (name,) = names_in(one)
    cookie = next(iter(other.cookies.values())).value
    assert name not in cookie and len(name) == 16


def test_one_session_ends_and_the_others_go_on(ribera: House) -> None:
    one, other = signed_in(), signed_in()
    (name,) = names_in(one)
    third = signed_in()
    assert one.post(SESSIONS, {"session": name}).status_code == 303
    assert [browser.get(ACCOUNT).status_code for browser in (one, other, third)] == [200, 302, 200]
    assert JournalEntry.objects.filter(action="account.end_session").count() == 1
    again = one.post(SESSIONS, {"session": name}, follow=True)
    assert "had ended already" in again.content.decode()


def test_nobody_ends_the_session_of_another_account(ribera: House) -> None:
    alba = signed_in()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    signed_in()
    (name,) = names_in(alba)
    bruno.post(SESSIONS, {"session": name})
    assert len(names_in(alba)) == 1
    assert names_in(bruno) == []


def test_the_browser_is_said_in_coarse_words() -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1 Mobile Safari/537.36"
    assert in_words(firefox) == ("Firefox or Tor Browser", "on a computer")
    assert in_words(chrome) == ("Chrome or Chromium", "on a telephone or tablet")
    assert in_words("") == ("another browser", "on a computer")


def test_a_coordinator_ends_the_sessions_of_everybody_and_nobody_else_does(at_work: Any) -> None:
    bruno = people.joined(at_work, "Bruno")
    with sign_in(at_work) as alba, sign_in(bruno) as his:
        assert open_everywhere() == 2 and his.get("/circle/account/").status_code == 200
        with pytest.raises(Refused):
            end_every_session(by=bruno)
        assert end_every_session(by=at_work) == 2
        for browser in (alba, his):
            assert browser.get("/circle/account/").status_code == 302
