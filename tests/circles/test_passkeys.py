"""Passkeys through their pages: added, used at the door, taken away; and whoever tries what they should not."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tejido.circles import halfway
from tejido.circles import passkeys as own
from tejido.circles import second_factor as at_the_door
from tejido.circles.halfway import HALFWAY, LASTS, QUESTIONS, Halfway
from tejido.circles.presence import PRESENCE
from tejido.vault.keyring import FILE_KEY
from tejido.vault.models import JournalEntry, SecondFactor
from tejido.vault.second_factor import Reached
from tests.circles.companions import House, words_of
from tests.circles.test_member_pages import ACCOUNT, code_for, joined, page, ribera, visitor
from tests.circles.test_second_factor import PAGE as TELEPHONE
from tests.circles.test_second_factor import clock, has_set_up, now_of, telephone
from tests.circles.test_ways_back import came_back, made
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE
from tests.vault.authenticator import PRESENT, Device, b64

__all__ = ["clock", "ribera"]
LIST, ADD = "/circle/account/passkeys/", "/circle/account/passkeys/add/"
KEEP, REMOVE, STEP = "/circle/account/passkeys/keep/", "/circle/account/passkeys/remove/", "/unlock/second/"


@pytest.fixture(autouse=True)
def nobody_halfway() -> Iterator[None]:
    halfway.forget()
    yield
    halfway.forget()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of what waits between passphrase and second factor, to be set."""
    at = [1000.0]
    for shelf in (HALFWAY.shelf, QUESTIONS.shelf):
        monkeypatch.setattr(shelf, "clock", lambda: at[0])
    return at


def browser(host: str = "localhost:8765") -> Client:
    return Client(headers={"accept-language": "en", "host": host})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def asked(shown: Any) -> dict[str, Any]:
    """Return what a page asks the browser to do with a passkey; nothing where it asks for none."""
    found = re.search(r'data-passkey="([^"]+)"', text(shown))
    return dict(json.loads(html.unescape(found[1]))) if found else {}


def hidden(shown: Any, name: str) -> str:
    found = re.findall(rf'name="{name}" value="([^"]*)"', text(shown))
    assert found, text(shown)
    return str(found[-1])  # the first is that of the language


def signed_in(words: str = PASSPHRASE, handle: str = "") -> Client:
    coming = browser()
    answer = coming.post("/unlock/", {"passphrase": words, "handle": handle})
    assert answer.status_code == 302, text(answer)
    return coming


def added(member: Client, device: Device, name: str = "blue key", **more: str) -> list[str]:
    """Add a passkey; return the codes on paper that were shown."""
    shown = member.post(ADD, {"name": name, "passphrase": PASSPHRASE, **more})
    assert shown.status_code == 200, text(shown)
    answer = member.post(KEEP, {"answer": device.make(asked(shown))})
    assert answer.status_code in {200, 303}, text(answer)
    assert not answer.headers.get("Location", LIST).endswith("add/"), page(member, ADD)
    return re.findall(r'class="words">([0-9 ]+)<', text(answer))


def first_step(coming: Client, words: str = PASSPHRASE, handle: str = "", **more: str) -> Any:
    return coming.post("/unlock/", {"passphrase": words, "handle": handle, **more})


def second_step(coming: Client, shown: Any, **given: str) -> Any:
    return coming.post(STEP, {"onward": hidden(shown, "onward"), "next": hidden(shown, "next"), **given})


def comes_in(device: Device, **wrongly: Any) -> Any:
    """Come to the door with the passphrase and a passkey; return the last answer."""
    coming = browser()
    shown = first_step(coming)
    return second_step(coming, shown, answer=device.show(asked(shown), **wrongly))


def test_a_passkey_is_added_and_asked_for_after_the_passphrase(ribera: House) -> None:
    alba, device = signed_in(), Device()
    assert "no passkey yet" in page(alba, LIST)
    paper = added(alba, device)
    assert len(paper) == 8 and paper[0] not in page(alba, LIST)
    assert "blue key" in page(alba, LIST) and "For localhost." in page(alba, LIST)
    coming = browser()
    shown = first_step(coming, next="/circle/members/")
    assert shown.status_code == 200 and "One step more" in text(shown)
    assert coming.get(ACCOUNT).status_code == 302, "halfway opens no page"
    answer = second_step(coming, shown, answer=device.show(asked(shown)))
    assert (answer.status_code, answer["Location"]) == (302, "/circle/members/")
    assert coming.get(ACCOUNT).status_code == 200
    assert "account.passkey" in set(JournalEntry.objects.values_list("action", flat=True))
    assert "added a passkey" in page(alba, "/circle/journal/")


def test_nothing_is_asked_of_a_passkey_before_the_passphrase_is_right(ribera: House) -> None:
    added(signed_in(), Device())
    for shown in (browser().get("/unlock/"), first_step(browser(), WRONG_PASSPHRASE)):
        assert "passkey" not in text(shown).replace("passkeys.js", "")


def test_an_answer_is_good_for_once(ribera: House, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(counts=False)
    added(signed_in(), device)
    coming = browser()
    shown = first_step(coming)
    answer = device.show(asked(shown))
    assert second_step(coming, shown, answer=answer).status_code == 302
    again = second_step(browser(), shown, answer=answer)
    assert again.status_code == 403 and "came too late" in text(again), "the whole form once more"
    later = browser()
    refused = second_step(later, first_step(later), answer=answer)
    assert refused.status_code == 403 and "for the second time" in text(refused), "in a step of its own"
    question = halfway.Question(ribera.founder.account, 0, "door", Reached("localhost", "http://localhost:8765"))
    monkeypatch.setattr(QUESTIONS.shelf, "take", lambda name: question)
    assert second_step(later, refused, answer=answer).status_code == 302, "planted: questions that stay open"


@pytest.mark.parametrize(
    "wrongly",
    [{"origin": "http://localhost:9000"}, {"host": "example.org"}, {"flags": PRESENT}, {"challenge": b64(b"x" * 32)}],
    ids=["origin", "host", "nobody verified", "challenge"],
)
def test_a_wrong_answer_opens_nothing_and_may_be_tried_again(ribera: House, wrongly: dict[str, Any]) -> None:
    device = Device()
    added(signed_in(), device)
    coming = browser()
    shown = first_step(coming)
    refused = second_step(coming, shown, answer=device.show(asked(shown), **wrongly))
    assert refused.status_code == 403 and "Nothing was changed" in text(refused)
    assert coming.get(ACCOUNT).status_code == 302
    assert second_step(coming, refused, answer=device.show(asked(refused))).status_code == 302


def test_a_counter_that_went_back_is_told(ribera: House) -> None:
    device = Device()
    added(signed_in(), device)
    assert comes_in(device, count=9).status_code == 302
    refused = comes_in(device, count=9)
    assert refused.status_code == 403 and "somebody may have copied it" in text(refused)
    assert comes_in(device, count=10).status_code == 302


def test_the_passkey_of_another_member_and_one_taken_away_open_nothing(ribera: House) -> None:
    alba, mine, other, theirs = signed_in(), Device(), Device(), Device()
    bruno = browser()
    bruno.cookies = joined(code_for(alba, "Bruno"), "Bruno").cookies
    added(bruno, theirs, passphrase=words_of("Bruno"), handle="Bruno")
    (code, *_rest) = added(alba, mine)
    added(alba, other, "red key", second=code)
    assert comes_in(theirs).status_code == 403
    word = re.search(r'value="(\w{16})"[^>]*>\s*blue key', page(alba, REMOVE))
    assert word, page(alba, REMOVE)
    given = {"which": word[1], "passphrase": PASSPHRASE}
    assert alba.post(REMOVE, given).status_code == 400, "the passphrase alone takes nothing away"
    shown = alba.get(REMOVE)
    assert alba.post(REMOVE, {**given, "answer": other.show(asked(shown))}).status_code == 303
    assert "blue key" not in page(alba, LIST) and "red key" in page(alba, LIST)
    assert comes_in(mine).status_code == 403
    assert comes_in(other).status_code == 302
    assert {"account.passkey_away"} <= set(JournalEntry.objects.values_list("action", flat=True))


def test_the_last_one_taken_away_leaves_the_passphrase(ribera: House) -> None:
    alba, device = signed_in(), Device()
    paper = added(alba, device)
    word = re.search(r'name="which" value="(\w{16})"', page(alba, REMOVE))
    assert word
    answer = alba.post(REMOVE, {"which": word[1], "passphrase": PASSPHRASE, "second": paper[0]}, follow=True)
    assert "the passphrase is enough again" in text(answer)
    assert not SecondFactor.objects.exists() and first_step(browser()).status_code == 302
    assert alba.get(REMOVE).status_code == 303


def test_too_late_is_told(ribera: House, time: list[float]) -> None:
    alba, device = signed_in(), Device()
    added(alba, device)
    coming = browser()
    shown = first_step(coming)
    time[0] += LASTS + 1
    late = second_step(coming, shown, answer=device.show(asked(shown)))
    assert late.status_code == 403 and "type the passphrase once more" in text(late)
    assert (len(HALFWAY.shelf), FILE_KEY.is_open) == (0, True), "somebody else is still in"
    made_late = alba.post(ADD, {"name": "x", "passphrase": PASSPHRASE, "answer": device.show(asked(alba.get(ADD)))})
    time[0] += LASTS + 1
    told = alba.post(KEEP, {"answer": Device().make(asked(made_late))}, follow=True)
    assert "came too late" in text(told) and "x" not in re.findall("<h2>(.+)</h2>", page(alba, LIST))


def test_trying_again_makes_the_five_minutes_no_longer(ribera: House, time: list[float]) -> None:
    device = Device()
    added(signed_in(), device)
    coming = browser()
    shown = first_step(coming)
    time[0] += LASTS - 1
    shown = second_step(coming, shown, second="000000")
    time[0] += 2
    assert "type the passphrase once more" in text(second_step(coming, shown, answer=device.show(asked(shown))))


def test_wrong_answers_are_counted_like_wrong_codes(ribera: House) -> None:
    device = Device()
    added(signed_in(), device)
    for _ in range(3):
        assert comes_in(device, flags=PRESENT).status_code == 403
    waits = comes_in(device)
    assert waits.status_code == 403 and "waits a little longer" in text(waits)


def test_codes_do_as_well_and_both_kinds_stand_beside_each_other(ribera: House, clock: list[float]) -> None:
    alba, device = signed_in(), Device()
    paper = added(alba, device)
    secret = telephone(alba)
    given = {"second": now_of(secret, clock), "passphrase": PASSPHRASE}
    assert alba.post(TELEPHONE, given).status_code == 400, "a second kind needs the first"
    assert alba.post(TELEPHONE, {**given, "proof": paper[0]}).status_code == 303
    clock[0] += 30
    coming = browser()
    assert second_step(coming, first_step(coming), second=now_of(secret, clock)).status_code == 302
    assert first_step(browser(), second=paper[1]).status_code == 302, "at once, beside the passphrase"
    assert second_step(coming, first_step(coming), second=paper[1]).status_code == 403, "once"
    assert comes_in(device).status_code == 302
    shown = alba.get(TELEPHONE)
    away = alba.post(TELEPHONE, {"passphrase": PASSPHRASE, "answer": device.show(asked(shown))}, follow=True)
    assert "Your passkeys are still asked for" in text(away)
    clock[0] += 60
    refused = second_step(coming, first_step(coming), second=now_of(secret, clock))
    assert refused.status_code == 403
    assert comes_in(device).status_code == 302


def test_a_passphrase_that_was_seen_lays_no_key_of_its_own_beside(
    ribera: House, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    alba = signed_in()
    has_set_up(alba, clock)
    given = {"name": "mine now", "passphrase": PASSPHRASE}
    refused = alba.post(ADD, given)
    assert refused.status_code == 400 and not asked(refused)
    monkeypatch.setattr(own, "demand_second_factor", lambda *args, **given: None)
    assert asked(alba.post(ADD, given)), "planted: nobody asks for what there is already"


def test_an_answer_serves_what_it_was_asked_for(ribera: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page of one's own account asked does not open the door, though all else is right."""
    alba, device = signed_in(), Device()
    added(alba, device)
    coming = browser()
    shown = first_step(coming)
    answer = device.show(asked(alba.get(ADD)))
    refused = second_step(coming, shown, answer=answer)
    assert refused.status_code == 403
    monkeypatch.setattr(at_the_door, "AT_THE_DOOR", at_the_door.TO_PROVE)
    monkeypatch.setattr("tejido.circles.opening.AT_THE_DOOR", at_the_door.TO_PROVE)
    answer = device.show(asked(alba.get(ADD)))
    assert second_step(coming, refused, answer=answer).status_code == 302, "planted: one purpose for all"


def test_nobody_keeps_a_passkey_that_nobody_asked_for(ribera: House) -> None:
    alba, device = signed_in(), Device()
    for answer in ("", "{}", device.make({"create": {"challenge": b64(b"c" * 32), "rp": {"id": "localhost"}}})):
        assert alba.post(KEEP, {"answer": answer})["Location"] == ADD
    bruno = browser()
    bruno.cookies = joined(code_for(alba, "Bruno"), "Bruno").cookies
    shown = alba.post(ADD, {"name": "x", "passphrase": PASSPHRASE})
    assert bruno.post(KEEP, {"answer": device.make(asked(shown))})["Location"] == ADD, "what Alba was asked"
    assert alba.post(ADD, {"name": "", "passphrase": PASSPHRASE}).status_code == 400
    assert alba.post(ADD, {"name": "x", "passphrase": WRONG_PASSPHRASE}).status_code == 400
    assert alba.get(KEEP)["Location"] == LIST and not SecondFactor.objects.exists()


def test_ways_back_and_a_changed_passphrase_end_what_was_halfway(ribera: House) -> None:
    alba, device = signed_in(), Device()
    code = made(alba)
    added(alba, device)
    coming = browser()
    shown = first_step(coming)
    assert came_back(code)[1].status_code == 303
    assert not SecondFactor.objects.exists()
    assert second_step(coming, shown, answer=device.show(asked(shown))).status_code == 403


def test_an_account_that_another_process_closed_meanwhile_stays_closed(ribera: House) -> None:
    device = Device()
    added(signed_in(), device)
    coming = browser()
    shown = first_step(coming)
    founder = ribera.founder
    ribera.place.drop_ways(founder.account, kinds=["passphrase", "recovery"], file_key=founder.file_key)
    assert second_step(coming, shown, answer=device.show(asked(shown))).status_code == 403
    assert coming.get(ACCOUNT).status_code == 302


def test_what_waits_halfway_keeps_no_key_of_the_file(ribera: House) -> None:
    device = Device()
    added(signed_in(), device)
    PRESENCE.go_all(ribera.founder.account)
    coming = browser()
    shown = first_step(coming)
    assert not FILE_KEY.is_open
    assert second_step(coming, shown, second="1").status_code == 403 and not FILE_KEY.is_open
    shown = first_step(coming)
    assert second_step(coming, shown, answer=device.show(asked(shown))).status_code == 302
    assert FILE_KEY.is_open


@pytest.mark.parametrize(
    ("host", "https", "words"),
    [
        ("127.0.0.1:8765", False, "made of numbers"),
        ("[::1]:8765", False, "made of numbers"),
        ("abcdefghijklmnop.onion", False, "Tor Browser"),
        ("office.example", False, "only where the way to the server is encrypted"),
        ("some.wild.example", True, "has not named the one address"),
        ("other.example", True, "Your passkeys cannot be used from here"),
    ],
)
def test_where_no_passkey_works_it_is_said_and_codes_work(
    ribera: House, settings: LazySettings, host: str, https: bool, words: str
) -> None:
    alba = signed_in()
    paper = added(alba, Device())
    settings.ALLOWED_HOSTS = [
        "localhost", "127.0.0.1", "[::1]", "office.example", "other.example", ".onion", ".wild.example"
    ]  # fmt: skip
    settings.SESSION_COOKIE_SECURE = https
    coming = browser(host)
    shown = first_step(coming)
    assert words in text(shown) and not asked(shown), text(shown)
    assert second_step(coming, shown, second=paper[0]).status_code == 302
    if "other" not in host:
        assert words in text(coming.get(LIST)) and words in text(coming.get(ADD))
        assert not asked(coming.post(ADD, {"name": "x", "passphrase": PASSPHRASE, "second": paper[1]}))


def test_behind_https_a_passkey_is_for_the_name_and_its_exact_origin(ribera: House, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_SECURE = ["office.example", "localhost"], True
    alba, device = browser("office.example"), Device()
    assert first_step(alba).status_code == 302
    shown = alba.post(ADD, {"name": "x", "passphrase": PASSPHRASE})
    assert asked(shown)["create"]["rp"]["id"] == "office.example"
    wrong = alba.post(KEEP, {"answer": device.make(asked(shown), origin="http://office.example")})
    assert wrong["Location"] == ADD
    shown = alba.post(ADD, {"name": "x", "passphrase": PASSPHRASE})
    assert alba.post(KEEP, {"answer": device.make(asked(shown), origin="https://office.example")}).status_code == 200


def test_a_forged_host_is_asked_for_nothing(ribera: House) -> None:
    added(signed_in(), Device())
    for forged in ("evil.example", "localhost.evil.example", "localhost@evil.example"):
        assert first_step(browser(forged)).status_code == 400


def test_only_the_pages_that_need_it_load_the_script(ribera: House) -> None:
    alba = signed_in()
    added(alba, Device())
    for address in ("/", ACCOUNT, LIST, "/unlock/"):
        assert "<script" not in page(alba, address)
    shown = alba.get(ADD)
    assert re.findall("<script[^>]*>", text(shown)) == re.findall(
        r'<script src="/static/circles/passkeys.js\?v=\w+" defer>', text(shown)
    )
    assert "hidden" in text(shown).partition('data-part="use"')[2][:20], "a button only where the script shows it"


def test_a_pass_is_for_one_form_and_few_are_kept() -> None:
    from tejido.vault.slots import Master

    doors, master = Halfway(), Master(b"m" * 32)
    passes = [doors.pass_for(master) for _ in range(20)]
    assert len(doors.shelf) == 16 and doors.take(passes[0]) is None
    assert doors.take(passes[-1]) is not None and doors.take(passes[-1]) is None
    assert visitor().get(STEP)["Location"] in {"/unlock/", "/setup/"}
