"""Pages of who belongs to a circle: from the invitation to letting go, with real requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tejido.circles import presence
from tejido.circles.door import PATIENCE
from tejido.circles.models import Circle, Member
from tejido.vault import passphrase
from tejido.vault.keyring import FILE_KEY
from tests.circles.companions import House, house, words_of
from tests.conftest import TEST_FILE_KEY
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE

MEMBERS, INVITE, ACCOUNT = "/circle/members/", "/circle/members/invite/", "/circle/account/"


@pytest.fixture
def ribera(db: Any, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    made = house(tmp_path / "w")
    settings.WORKSPACE = made.place
    settings.TEJIDO_WARM = []
    PATIENCE._tries.clear()
    yield made
    presence.PRESENCE.sweep(-1)
    PATIENCE._tries.clear()
    FILE_KEY.put(TEST_FILE_KEY)


def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def signed_in(words: str = PASSPHRASE, handle: str = "") -> Client:
    browser = visitor()
    answer = browser.post("/unlock/", {"passphrase": words, "handle": handle})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def page(browser: Client, address: str) -> str:
    return str(browser.get(address).content.decode())


def code_for(browser: Client, name: str, role: str = "member", until: str = "") -> str:
    answer = browser.post(INVITE, {"name": name, "role": role, "until": until})
    found = re.search(r'class="words">([^<]+)<', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def joined(code: str, name: str) -> Client:
    browser, words = visitor(), words_of(name)
    answer = browser.post("/join/", {"code": code, "handle": name, "choice": "own", "own": words, "again": words})
    assert (answer.status_code, answer["Location"]) == (303, "/"), answer.content.decode()
    return browser


def test_from_the_invitation_to_the_list_of_members(ribera: House) -> None:
    alba = signed_in()
    code = code_for(alba, "Bruno")
    assert "Invited, not here yet" in page(alba, MEMBERS)
    assert code not in page(alba, MEMBERS) + page(alba, INVITE)
    bruno = joined(code, "Bruno")
    assert "Ribera" in page(bruno, MEMBERS)
    assert "Invite somebody" not in page(bruno, MEMBERS)
    assert "Invite somebody" in page(alba, MEMBERS)
    again = visitor().post(
        "/join/", {"code": code, "handle": "x", "choice": "own", "own": "w" * 12, "again": "w" * 12}
    )
    assert again.status_code == 400
    assert "opens nothing here" in again.content.decode()
    assert signed_in(words_of("Bruno"), "BRUNO")


def test_the_words_offered_are_those_that_open(ribera: House) -> None:
    code, browser = code_for(signed_in(), "Bruno"), visitor()
    shown = page(browser, "/join/")
    offered = re.search(r'class="words">([^<]+)<', shown)
    assert offered and f'name="offered" value="{offered[1]}"' in shown
    given = {"code": code, "handle": "b", "choice": "offered", "offered": offered[1], "again": offered[1]}
    assert browser.post("/join/", given).status_code == 303
    assert signed_in(offered[1], "b")


def test_mistakes_at_the_join_page_keep_what_may_be_kept(ribera: House) -> None:
    code = code_for(signed_in(), "Bruno")
    answer = visitor().post("/join/", {"code": code, "handle": "Bruno", "choice": "own", "own": "short", "again": ""})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="Bruno"' in text and "too short" in text
    assert code not in text and "short&quot;" not in text


def test_wrong_codes_wait_apart_from_passphrases(ribera: House) -> None:
    wrong = {
        "code": "six wrong words of some code",
        "handle": "x",
        "choice": "own",
        "own": "w" * 12,
        "again": "w" * 12,
    }
    assert [visitor().post("/join/", wrong).status_code for _ in range(4)] == [400, 400, 400, 429]
    assert signed_in()


def test_an_unknown_handle_is_answered_like_a_known_one(ribera: House) -> None:
    ribera.joined("Bruno")
    answers = []
    for handle in ("Bruno", "Nobody"):
        tries = [visitor().post("/unlock/", {"passphrase": WRONG_PASSPHRASE, "handle": handle}) for _ in range(4)]
        assert [one.status_code for one in tries] == [403, 403, 403, 429]
        answers.append([re.sub(r'value="[^"]*"', "", one.content.decode()) for one in tries])
    assert answers[0] == answers[1]
    assert signed_in()


def test_a_member_let_go_is_out_at_once(ribera: House) -> None:
    alba = signed_in()
    bruno, carla = joined(code_for(alba, "Bruno"), "Bruno"), joined(code_for(alba, "Carla"), "Carla")
    his = next(one for one in Member.objects.filter(role="member").order_by("stamp"))
    address = f"/circle/members/{his.pk}/remove/"
    assert "cannot be unread" in page(alba, address)
    assert alba.post(address).status_code == 400
    assert alba.post(address, {"sure": "on"}).status_code == 303
    assert bruno.get(MEMBERS).status_code == 302
    assert page(carla, MEMBERS).count("<li>") >= 2
    assert "Bruno" not in page(alba, MEMBERS)
    tried = visitor().post("/unlock/", {"passphrase": words_of("Bruno"), "handle": "Bruno"})
    assert tried.status_code == 403


def test_a_role_holds_from_the_next_page_on(ribera: House) -> None:
    alba = signed_in()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    assert bruno.get(INVITE).status_code == 403
    his = Member.objects.get(role="member")
    assert alba.post(f"/circle/members/{his.pk}/", {"role": "coordinator"}).status_code == 303
    assert bruno.get(INVITE).status_code == 200
    assert alba.post(f"/circle/members/{his.pk}/", {"role": "guest", "until": "2020-01-01"}).status_code == 400
    assert bruno.get(INVITE).status_code == 200


def test_leaving_ends_the_session_and_the_last_coordinator_stays(ribera: House) -> None:
    alba = signed_in()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    refused = alba.post(ACCOUNT, {"sure": "on"})
    assert refused.status_code == 400
    assert "last one who coordinates" in refused.content.decode()
    assert bruno.post(ACCOUNT, {"sure": "on"})["Location"] == "/unlock/"
    assert bruno.get(MEMBERS).status_code == 302
    assert signed_in()
    assert Member.objects.get(role="member").status == "left"


def test_two_circles_and_a_switch_between_them(ribera: House) -> None:
    alba = signed_in()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    assert alba.post("/circle/circles/found/", {"name": ""}).status_code == 400
    assert alba.post("/circle/circles/found/", {"name": "Monte"}).status_code == 303
    assert "Circle: Monte" in page(alba, MEMBERS)
    first = Circle.objects.order_by("stamp")[0].pk
    assert "Work in Ribera" in page(alba, "/circle/circles/")
    code = code_for(alba, "Bruno in Monte")
    assert alba.post(f"/circle/circles/{first}/").status_code == 303
    assert "Circle: Ribera" in page(alba, MEMBERS)
    other = Circle.objects.exclude(pk=first).get().pk
    assert bruno.post(f"/circle/circles/{other}/").status_code == 404
    both = {"code": code, "handle": "Bruno", "passphrase": words_of("Bruno")}
    assert visitor().post("/join/account/", both).status_code == 303
    again = signed_in(words_of("Bruno"), "Bruno")
    assert again.post(f"/circle/circles/{other}/").status_code == 303
    assert "Circle: Monte" in page(again, MEMBERS)


def test_a_key_file_is_asked_for_at_the_door_and_never_reaches_the_disk(ribera: House) -> None:
    master = ribera.place.unlock(PASSPHRASE)
    ribera.place.add_slot(master, "the words with a picture", handle="alba", key_file=b"\x89PNG a picture")
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    shown = page(browser, "/unlock/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
    assert token
    for content, status in ((b"another", 403), (b"\x89PNG a picture", 302)):
        form = {
            "csrfmiddlewaretoken": token[1],
            "passphrase": "the words with a picture",
            "handle": "alba",
            "key_file": SimpleUploadedFile("picture.png", content),
        }
        assert browser.post("/unlock/", form).status_code == status
    assert list((ribera.place.directory / "sealed").iterdir()) == []


def test_the_door_still_checks_where_a_form_comes_from(ribera: House) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/unlock/", {"passphrase": PASSPHRASE}).status_code == 403
    assert browser.get(MEMBERS).status_code == 302
    assert browser.post("/join/account/", {"code": "x"}).status_code == 403


def test_other_sessions_end_when_asked_and_when_the_passphrase_changes(ribera: House) -> None:
    one, other = signed_in(), signed_in()
    assert "2 sessions" in page(one, ACCOUNT)
    assert one.post("/circle/account/sessions/others/").status_code == 303
    assert (one.get(ACCOUNT).status_code, other.get(ACCOUNT).status_code) == (200, 302)
    other = signed_in()
    one.get("/circle/passphrase/")
    form = {"old": PASSPHRASE, "choice": "own", "own": WRONG_PASSPHRASE, "again": WRONG_PASSPHRASE}
    assert one.post("/circle/passphrase/", form).status_code == 303
    assert (one.get(ACCOUNT).status_code, other.get(ACCOUNT).status_code) == (200, 302)
    assert signed_in(WRONG_PASSPHRASE)


def test_nobody_changes_the_words_of_another_account(ribera: House) -> None:
    bruno = joined(code_for(signed_in(), "Bruno"), "Bruno")
    bruno.get("/circle/passphrase/")
    form = {"old": PASSPHRASE, "choice": "own", "own": WRONG_PASSPHRASE, "again": WRONG_PASSPHRASE}
    assert bruno.post("/circle/passphrase/", form).status_code == 400
    assert signed_in()
