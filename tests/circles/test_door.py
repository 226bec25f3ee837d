"""One-time links, the set-up behind them, and patience with wrong passphrases."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory
from django.urls import resolve

from tejido.circles import door, opening, presence
from tejido.circles.actions import found_circle
from tejido.circles.door import DOOR, Door, Patience
from tejido.circles.locked import open_form, seal_form
from tejido.circles.models import Circle, Member
from tejido.domain.errors import Conflict
from tejido.vault.keyring import FILE_KEY
from tejido.vault.workspace import Master, Workspace
from tests.conftest import TEST_FILE_KEY
from tests.personas import ALBA, CIRCLE, PASSPHRASE, WRONG_PASSPHRASE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_place(settings: LazySettings, tmp_path: Path, db: None) -> Iterator[Workspace]:
    """A place where no workspace is yet; the keys of the tests are put back at the end."""
    settings.WORKSPACE = Workspace(tmp_path / "new")
    settings.TEJIDO_DEMO_LOADER = "tests.circles.test_door.planted_demo"
    yield settings.WORKSPACE
    presence.PRESENCE.sweep(-1)
    FILE_KEY.put(TEST_FILE_KEY)


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


LOADED: list[object] = []


def planted_demo(*, by: object) -> None:
    """Stands for what loads the demonstration data."""
    LOADED.append(by)


def broken_demo(*, by: object) -> None:
    """Stands for demonstration data that cannot be loaded."""
    raise OSError


def test_a_link_is_burnt_at_once() -> None:
    here = Door()
    token = here.issue()
    pass_ = here.enter(token)
    assert pass_ and here.visit(pass_)
    assert here.enter(token) is None
    assert here.enter("no such link") is None
    here.end(pass_)
    assert here.visit(pass_) is None


def test_a_link_grows_old() -> None:
    now = [0.0]
    here = Door(clock=lambda: now[0])
    early, late = here.issue(), here.issue()
    assert here.enter(early)
    now[0] = door.LINK_LASTS + 1
    assert here.enter(late) is None


def test_a_look_ahead_does_not_burn_the_link(visitor: Client, empty_place: Workspace) -> None:
    token = DOOR.issue()
    visitor.head(f"/enter/{token}/")
    assert visitor.get(f"/enter/{token}/").status_code == 302


def test_a_used_link_says_so(visitor: Client, empty_place: Workspace) -> None:
    token = DOOR.issue()
    assert visitor.get(f"/enter/{token}/")["Location"] == "/setup/"
    again = Client(headers={"accept-language": "en"}).get(f"/enter/{token}/")
    assert again.status_code == 403
    assert "This link was used already" in again.content.decode()
    assert token not in again.content.decode()


def test_nobody_sets_up_who_came_by_no_link(visitor: Client, empty_place: Workspace) -> None:
    for address in ("/setup/", "/setup/circle/"):
        assert visitor.get(address).status_code == 403
        assert visitor.post(address, {"choice": "own"}).status_code == 403


def offered_words(page: str) -> str:
    """Return the six words a page offers."""
    found = re.search(r'class="words">([^<]+)<', page)
    assert found
    return found[1]


def first_step(visitor: Client) -> str:
    """Come in by a link and choose the words offered; return them."""
    answer = visitor.get(f"/enter/{DOOR.issue()}/", follow=True)
    words = offered_words(answer.content.decode())
    assert len(words.split()) == 6
    chosen = visitor.post("/setup/", {"choice": "offered", "again": words})
    assert (chosen.status_code, chosen["Location"]) == (303, "/setup/circle/")
    return words


def test_two_steps_make_a_circle_with_demonstration_data(visitor: Client, empty_place: Workspace) -> None:
    LOADED.clear()
    words = first_step(visitor)
    assert not empty_place.exists
    answer = visitor.post("/setup/circle/", {"begin": "demo", "circle": CIRCLE, "member": ALBA.name})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert empty_place.unlock(words)
    assert len(LOADED) == 1
    assert CIRCLE in visitor.get("/circle/journal/").content.decode()


def test_an_empty_circle_is_empty(visitor: Client, empty_place: Workspace) -> None:
    LOADED.clear()
    first_step(visitor)
    visitor.post("/setup/circle/", {"begin": "empty", "circle": CIRCLE, "member": ALBA.name})
    assert not LOADED
    assert (Circle.objects.count(), Member.objects.count()) == (1, 1)


def test_demonstration_data_that_fail_leave_the_circle_standing(
    visitor: Client, empty_place: Workspace, settings: LazySettings
) -> None:
    settings.TEJIDO_DEMO_LOADER = "tests.circles.test_door.broken_demo"
    first_step(visitor)
    visitor.post("/setup/circle/", {"begin": "demo", "circle": CIRCLE, "member": ALBA.name})
    assert "could not be loaded" in visitor.get("/circle/journal/").content.decode()


def test_mistakes_in_the_set_up_are_said_and_nothing_is_made(visitor: Client, empty_place: Workspace) -> None:
    visitor.get(f"/enter/{DOOR.issue()}/", follow=True)
    short = visitor.post("/setup/", {"choice": "own", "own": "short", "again": "short"})
    assert short.status_code == 400
    assert "too short" in short.content.decode()
    other = visitor.post("/setup/", {"choice": "own", "own": PASSPHRASE, "again": WRONG_PASSPHRASE})
    assert "not the same words" in other.content.decode()
    assert PASSPHRASE not in other.content.decode()
    visitor.post("/setup/", {"choice": "own", "own": PASSPHRASE, "again": PASSPHRASE})
    nameless = visitor.post("/setup/circle/", {"begin": "empty", "circle": "", "member": ALBA.name})
    page = nameless.content.decode()
    assert nameless.status_code == 400
    assert 'href="#id_circle"' in page and f'value="{ALBA.name}"' in page
    assert not empty_place.exists


def test_other_words_are_given_when_asked_for(visitor: Client, empty_place: Workspace) -> None:
    first = offered_words(visitor.get(f"/enter/{DOOR.issue()}/", follow=True).content.decode())
    assert offered_words(visitor.get("/setup/").content.decode()) == first
    assert offered_words(visitor.post("/setup/", {"other": "1"}).content.decode()) != first


def test_the_set_up_is_closed_once_there_is_a_workspace(visitor: Client, empty_place: Workspace) -> None:
    first_step(visitor)
    visitor.post("/setup/circle/", {"begin": "empty", "circle": CIRCLE, "member": ALBA.name})
    for address in ("/setup/", "/setup/circle/"):
        assert visitor.post(address, {"begin": "empty"}).status_code in {302, 403}
    assert Circle.objects.count() == 1


def test_a_workspace_without_a_circle_asks_for_one_after_unlocking(visitor: Client, empty_place: Workspace) -> None:
    empty_place.create(PASSPHRASE)
    answer = visitor.post("/unlock/", {"passphrase": PASSPHRASE})
    assert answer["Location"] == "/setup/circle/"
    visitor.post("/setup/circle/", {"begin": "empty", "circle": CIRCLE, "member": ALBA.name})
    assert CIRCLE in visitor.get("/circle/journal/").content.decode()


def test_a_link_issued_with_the_keys_opens_a_session_at_once(visitor: Client, at_work: object) -> None:
    DOOR.let_in_with(Master(bytes([9]) * 32))
    answer = visitor.get(f"/enter/{DOOR.issue()}/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert visitor.get("/circle/journal/").status_code == 200
    second = DOOR.visit(DOOR.enter(DOOR.issue()) or "")
    assert second and second.master is None
    DOOR.lock_if_idle()
    assert FILE_KEY.is_open
    visitor.post("/lock/")
    FILE_KEY.put(TEST_FILE_KEY)


def test_a_key_that_waits_for_nobody_goes_at_the_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    here = Door(clock=lambda: now[0])
    monkeypatch.setattr(door, "PRESENCE", presence.Presence())
    here.let_in_with(Master(bytes([9]) * 32))
    here.issue()
    try:
        for _ in range(3):
            here.lock_if_idle()
            assert FILE_KEY.is_open
        now[0] = door.LINK_LASTS + 1
        here.lock_if_idle()
        assert not FILE_KEY.is_open
        FILE_KEY.put(TEST_FILE_KEY)
        here.lock_if_idle()
        assert FILE_KEY.is_open
        here.lock_if_idle()
        assert not FILE_KEY.is_open
    finally:
        FILE_KEY.put(TEST_FILE_KEY)


def test_patience_grows_and_is_forgotten() -> None:
    now = [0.0]
    patience = Patience(clock=lambda: now[0])
    waits = []
    for _ in range(10):
        patience.wrong()
        waits.append(patience.wait())
        now[0] += patience.wait()
        assert patience.wait() == 0
    assert waits == [0, 0, 2, 4, 8, 16, 32, 60, 60, 60]
    patience.wrong()
    patience.right()
    assert patience.wait() == 0


def test_a_try_that_comes_too_early_is_not_even_looked_at(
    visitor: Client, empty_place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_place.create(PASSPHRASE)
    now = [0.0]
    patience = Patience(clock=lambda: now[0])
    monkeypatch.setattr("tejido.circles.views.PATIENCE", patience)
    monkeypatch.setattr(opening, "PATIENCE", patience)
    for _ in range(3):
        wrong = visitor.post("/unlock/", {"passphrase": WRONG_PASSPHRASE})
        assert wrong.status_code == 403
        assert "does not open" in wrong.content.decode()
    early = visitor.post("/unlock/", {"passphrase": PASSPHRASE})
    assert (early.status_code, early["Retry-After"]) == (429, "2")
    now[0] = 2.0
    assert visitor.post("/unlock/", {"passphrase": PASSPHRASE}).status_code == 302


WHOLE_STORY = """
import os, django, re
django.setup()
from django.conf import settings
from django.db import close_old_connections
from django.test import Client
from tejido.circles.door import DOOR
from tejido.vault.keyring import FILE_KEY
settings.ALLOWED_HOSTS = ["testserver"]
visitor = Client()
page = visitor.get("/enter/" + DOOR.issue() + "/", follow=True).content.decode()
words = re.search(r'class="words">([^<]+)<', page)[1]
visitor.post("/setup/", {"choice": "offered", "again": words})
visitor.post("/setup/circle/", {"begin": "empty", "circle": "Ribera", "member": "Alba"})
assert "Ribera" in visitor.get("/circle/journal/").content.decode()
visitor.post("/lock/")
assert not FILE_KEY.is_open
close_old_connections()  # as a server does around every request; the client of the tests does not
assert visitor.get("/circle/journal/").status_code == 302
assert visitor.post("/unlock/", {"passphrase": words})["Location"] == "/"
assert "Ribera" in visitor.get("/circle/journal/").content.decode()
raw = (settings.WORKSPACE.directory / "workspace.db").read_bytes()
assert raw and b"SQLite format" not in raw
print("all of it")
"""


def test_the_whole_story_in_a_process_of_its_own(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tejido.settings",
        "TEJIDO_DIR": str(tmp_path / "notebook"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-c", WHOLE_STORY], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "all of it" in done.stdout


def test_no_passphrase_is_ever_shown_back(visitor: Client, empty_place: Workspace) -> None:
    """Not on the page that refuses a set-up, nor inside a form kept over the lock."""
    typed = {"choice": "own", "old": "Zafiro uno dos tres", "own": "Zafiro uno dos tres", "again": "Zafiro uno dos"}
    assert "Zafiro" not in visitor.post("/setup/", typed).content.decode()
    request = RequestFactory().post("/circle/passphrase/", {**typed, "passphrase": "Zafiro", "kind": "x"})
    resolve("/circle/passphrase/").func(request)
    kept = open_form(seal_form(request))
    assert kept is not None and kept.fields == (("choice", "own"), ("kind", "x"))


def test_a_circle_is_founded_once(visitor: Client, empty_place: Workspace) -> None:
    """Also when two browsers were let in to found it, or one sends its form twice."""
    master = empty_place.create(PASSPHRASE)
    FILE_KEY.put(TEST_FILE_KEY)
    found_circle(name=CIRCLE, member_name=ALBA.name, master=master)
    with pytest.raises(Conflict):
        found_circle(name=CIRCLE, member_name=ALBA.name, master=master)
    assert Circle.objects.count() == 1


def test_a_browser_that_fetches_ahead_does_not_burn_the_link(visitor: Client, empty_place: Workspace) -> None:
    address = f"/enter/{DOOR.issue()}/"
    for name, value in (("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch"), ("x-moz", "prefetch")):
        assert visitor.get(address, headers={name: value}).status_code == 503
    assert visitor.get(address)["Location"] == "/setup/"
