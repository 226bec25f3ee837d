"""At work and away: the idle lock, locking, leaving, and the form that came too late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from tejido.circles import presence
from tejido.circles.door import PATIENCE
from tejido.circles.policies import MemberRequest, members_only
from tejido.circles.work_session import at_work as at_work_in
from tejido.urls import urlpatterns as real_patterns
from tejido.vault.keyring import FILE_KEY, current
from tejido.vault.models import Session
from tejido.vault.sessions import SessionStore
from tejido.vault.workspace import Master, Workspace
from tests.browsing import sign_in
from tests.conftest import TEST_FILE_KEY
from tests.personas import CIRCLE, PASSPHRASE

JOURNAL = "/circle/journal/"


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    told = Clock()
    monkeypatch.setattr(presence.PRESENCE, "clock", told)
    monkeypatch.setattr(presence.PRESENCE, "_seats", {})
    return told


@pytest.fixture
def browser(clock: Clock, signed_in: Client) -> Client:
    """Alba's browser, on a clock of ours."""
    return signed_in


@members_only
def echo(request: MemberRequest) -> HttpResponse:
    """Say what came, and with whose keys."""
    assert current().circles == (request.by.circle_id,)
    return HttpResponse("|".join(f"{name}={value}" for name, value in request.POST.items()))


@pytest.fixture
def with_echo(settings: LazySettings) -> Iterator[None]:
    pages = ModuleType("pages_with_echo")
    pages.__dict__.update(urlpatterns=[*real_patterns, path("echo/", echo)])
    settings.ROOT_URLCONF = pages
    yield


@pytest.fixture
def workspace(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose passphrase opens the circle of ``at_work`` (its master secret is the fixture's)."""
    found = Workspace(tmp_path / "notebook")
    with monkeypatch.context() as planted:
        planted.setattr("tejido.vault.workspace.os.urandom", lambda size: b"\x09" * size)
        found.create(PASSPHRASE)
    settings.WORKSPACE = found
    PATIENCE.right()
    return found


def test_a_member_at_work_sees_the_page_with_its_circle(browser: Client) -> None:
    page = browser.get(JOURNAL).content.decode()
    assert "founded the circle" in page
    assert CIRCLE in page
    assert "<title>Cuaderno</title>" in page


def test_a_visitor_sees_no_page_of_the_circle(signed_in: Client) -> None:
    answer = Client().get(JOURNAL)
    assert answer.status_code == 302
    assert CIRCLE.encode() not in answer.content


def test_the_keyring_of_a_session_is_made_once(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.get(JOURNAL)
    monkeypatch.setattr(presence, "keyring_from_session", lambda kept: pytest.fail("made again"))
    assert browser.get(JOURNAL).status_code == 200


def test_the_time_of_use_is_written_at_most_once_a_minute(
    browser: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[float] = []
    save = SessionStore.save

    def noted(session: SessionStore, must_create: bool = False) -> None:
        written.append(clock.now)
        save(session, must_create)

    monkeypatch.setattr(SessionStore, "save", noted)
    for _ in range(13):
        clock.now += 10
        browser.get(JOURNAL)
    assert written == [1_000_060.0, 1_000_120.0]


def test_a_session_in_use_stays_and_an_idle_one_is_locked(browser: Client, clock: Clock) -> None:
    for _ in range(4):
        clock.now += 9 * 60
        assert browser.get(JOURNAL).status_code == 200
    clock.now += 10 * 60 + 1
    answer = browser.get(JOURNAL)
    assert answer.status_code == 302
    assert not FILE_KEY.is_open


def test_a_session_ends_after_its_hours_however_much_it_is_used(browser: Client, clock: Clock) -> None:
    for _ in range(12 * 60 // 9):
        clock.now += 9 * 60
        assert browser.get(JOURNAL).status_code == 200
    clock.now += 1
    assert browser.get(JOURNAL).status_code == 302
    assert not FILE_KEY.is_open


def test_keys_go_by_themselves_when_nobody_asks_for_a_page(browser: Client, clock: Clock) -> None:
    browser.get(JOURNAL)
    assert presence.PRESENCE.sweep(600) == 0
    clock.now += 601
    assert presence.PRESENCE.sweep(600) == 1
    assert not FILE_KEY.is_open


def test_a_process_opened_for_good_keeps_its_key(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence.PRESENCE, "stays_open", True)
    browser.post("/lock/")
    assert FILE_KEY.is_open
    assert browser.get(JOURNAL).status_code == 302


def test_the_key_of_the_file_stays_while_somebody_else_works(at_work: object, browser: Client) -> None:
    with sign_in(at_work) as other:  # type: ignore[arg-type]
        browser.post("/lock/")
        assert FILE_KEY.is_open
        assert other.get(JOURNAL).status_code == 200
        other.post("/lock/")
        assert not FILE_KEY.is_open


def test_locking_leads_to_the_passphrase(browser: Client) -> None:
    answer = browser.post("/lock/")
    assert (answer.status_code, answer["Location"]) == (303, "/unlock/")
    FILE_KEY.put(TEST_FILE_KEY)
    assert browser.get(JOURNAL).status_code == 302


def test_leaving_ends_the_session_and_empties_the_browser(browser: Client, settings: LazySettings) -> None:
    answer = browser.post("/leave/")
    assert answer.status_code == 303
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not FILE_KEY.is_open
    assert browser.cookies["cuaderno"].value == ""
    onward = browser.get(answer["Location"])
    assert onward["Refresh"] == f"0; url={settings.NEUTRAL_SITE}"
    assert "tejido" not in onward.content.decode().lower()
    FILE_KEY.put(TEST_FILE_KEY)
    assert not Session.objects.exists()


def test_leaving_works_without_a_session_or_a_token_and_only_by_post(db: None) -> None:
    visitor = Client(enforce_csrf_checks=True)
    assert visitor.post("/leave/").status_code == 303
    assert visitor.get("/leave/").status_code == 405


def test_a_form_that_comes_too_late_is_kept_and_sent_after_unlocking(
    browser: Client, clock: Clock, with_echo: None, workspace: Workspace
) -> None:
    clock.now += 3600
    typed = {"title": "lo que pasó <ayer>", "who": ["uno", "dos"]}
    late = browser.post("/echo/", typed)
    assert late.status_code == 403
    page = late.content.decode()
    assert "What you typed is kept" in page
    assert "pasó" not in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept
    opened = browser.post("/unlock/", {"passphrase": PASSPHRASE, "kept": kept[1]})
    assert opened.status_code == 200
    again = opened.content.decode()
    assert 'action="/echo/"' in again
    assert 'name="title" value="lo que pasó &lt;ayer&gt;"' in again
    assert 'value="uno"' in again and 'value="dos"' in again
    assert browser.post("/echo/", {"title": "x"}).content == b"title=x"


def test_what_was_typed_outlives_a_wrong_passphrase(
    browser: Client, clock: Clock, with_echo: None, workspace: Workspace
) -> None:
    clock.now += 3600
    page = browser.post("/echo/", {"title": "kept"}).content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept
    wrong = browser.post("/unlock/", {"passphrase": "not the words at all", "kept": kept[1]})
    assert wrong.status_code == 403
    assert kept[1] in wrong.content.decode()


def test_a_forged_kept_form_is_not_sent(browser: Client, workspace: Workspace) -> None:
    answer = browser.post("/unlock/", {"passphrase": PASSPHRASE, "kept": "Zm9yZ2Vk", "next": JOURNAL})
    assert (answer.status_code, answer["Location"]) == (302, JOURNAL)


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_unlocking_never_leads_elsewhere(browser: Client, workspace: Workspace, address: str) -> None:
    answer = browser.post("/unlock/", {"passphrase": PASSPHRASE, "next": address})
    assert answer["Location"] == "/"


def test_a_new_session_has_a_new_cookie(browser: Client, workspace: Workspace) -> None:
    before = browser.cookies["cuaderno"].value
    browser.post("/unlock/", {"passphrase": PASSPHRASE})
    assert browser.cookies["cuaderno"].value != before
    assert Session.objects.count() == 1


def test_the_passphrase_can_be_changed(browser: Client, workspace: Workspace) -> None:
    page = browser.get("/circle/passphrase/").content.decode()
    offered = re.search(r'class="words">([^<]+)<', page)
    assert offered
    wrong = browser.post("/circle/passphrase/", {"old": "x" * 12, "choice": "offered", "again": offered[1]})
    assert wrong.status_code == 400
    answer = browser.post("/circle/passphrase/", {"old": PASSPHRASE, "choice": "offered", "again": offered[1]})
    assert answer.status_code == 303
    assert workspace.unlock(offered[1]) == Master(b"\x09" * 32)
    assert "changed the passphrase" in browser.get(JOURNAL).content.decode()


def test_the_language_is_a_choice_that_stays(signed_in: Client) -> None:
    answer = signed_in.post("/language/", {"language": "es", "next": JOURNAL})
    assert (answer.status_code, answer["Location"]) == (303, JOURNAL)
    assert '<html lang="es"' in signed_in.get(JOURNAL).content.decode()
    signed_in.post("/language/", {"language": "xx"})
    assert '<html lang="es"' in signed_in.get(JOURNAL).content.decode()


def test_a_request_on_its_way_while_another_locks_brings_no_key_back(browser: Client, clock: Clock) -> None:
    """Its session was read before the other request ended it."""
    key = browser.cookies["cuaderno"].value
    late = SessionStore(key)
    assert late.get("work")
    browser.post("/lock/")
    FILE_KEY.put(TEST_FILE_KEY)
    assert at_work_in(late) is None
    assert presence.PRESENCE.last_seen(key) == 0.0
    presence.PRESENCE.sweep(600)
    presence.PRESENCE.sweep(600)
    assert not FILE_KEY.is_open


def test_a_long_request_is_not_idle(browser: Client, clock: Clock) -> None:
    """An import may take longer than the idle lock waits."""
    (seat,) = presence.PRESENCE._seats.values()
    with presence.PRESENCE.in_use(seat):
        clock.now += 3600
        assert presence.PRESENCE.sweep(600) == 0
        assert FILE_KEY.is_open
    assert presence.PRESENCE.sweep(600) == 0
    clock.now += 601
    assert presence.PRESENCE.sweep(600) == 1
    assert not FILE_KEY.is_open


def test_an_upgrade_that_takes_long_keeps_the_key_until_its_end(db: None) -> None:
    here = presence.Presence()
    FILE_KEY.put(TEST_FILE_KEY)
    with here.arriving():
        for _ in range(3):
            here.sweep(600)
        assert FILE_KEY.is_open
    here.sweep(600)
    assert not FILE_KEY.is_open
    FILE_KEY.put(TEST_FILE_KEY)


def test_setting_the_clock_back_does_not_put_the_lock_off(monkeypatch: pytest.MonkeyPatch) -> None:
    here = presence.Presence()
    before = here.clock()
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert here.clock() >= before
