"""What is typed is nowhere in the clear: a real server, a visitor who types one word everywhere, then a search."""

from __future__ import annotations

import base64
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.attacks.browsing import Answer, Browser, read
from tests.attacks.searching import places_of, spellings
from tests.attacks.serving import Served, serving, tejido
from tests.attacks.wandering import Wanderer, shape
from tests.postgres import start_postgres

#: Stands in everything typed; with an ñ, so that every way of spelling it differs.
WORD = "Zafiroñsecreto"
PASSPHRASE = f"{WORD} y seis palabras más"
LIST = f"id,quien,fecha,lugar\n1,Ana {WORD},1973-09-12,Vega {WORD}\n2,Luz {WORD},1973-10-01,Vega {WORD}\n".encode()
MAPPING = f"""
tejido: 1
list: {WORD}
territories:
  here: {{key: "{{lugar}}", name: "{{lugar}}", kind: locality}}
actors:
  who: {{key: "{{id}}", kind: person, name: "{{quien}}"}}
incident:
  key: "{{id}}"
  title: "{WORD} {{victim}}"
  when: "{{fecha}}"
  territory: here
  acts: [{{kind: killing, victims: [who]}}]
""".encode()
MODULE = f"""
module: zafiro
title: {{es: "{WORD}"}}
about: {{es: "{WORD} para quienes pescan."}}
source: "{WORD}"
prompts: [{{key: nets, step: work, question: {{es: "{WORD}: ¿quién cuida las redes?"}}}}]
""".encode()
FILES = {"list": (f"{WORD}.csv", LIST), "mapping": (f"{WORD}.yml", MAPPING), "module": (f"{WORD}.yml", MODULE)}
#: The words and the handle of the second member.
OTHERS, HANDLE = f"otras seis palabras de {WORD}", f"{WORD} bruno"
#: What must have been written for the search to mean anything.
WRITTEN = {
    "/fabric/new/",
    "/fabric/<id>/ties/new/",
    "/fabric/<id>/consent/new/",
    "/fabric/<id>/plan/new/",
    "/territories/new/",
    "/territories/<id>/assets/new/",
    "/incidents/new/",
    "/incidents/<id>/sources/new/",
    "/incidents/<id>/justice/new/",
    "/incidents/<id>/evidence/new/",
    "/evidence/<id>/edit/",
    "/evidence/<id>/copy/",
    "/fabric/<id>/alerts/new/",
    "/fabric/<id>/sessions/new/",
    "/fabric/<id>/together/commitments/new/",
    "/fabric/<id>/together/requests/new/",
    "/sessions/modules/",
    "/plans/<id>/threats/new/",
    "/plans/<id>/measures/new/",
    "/plans/<id>/decisions/new/",
    "/plans/<id>/adopt/",
    "/import/",
    "/import/<id>/run/",
}


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room with a passphrase file outside of what is searched."""
    (tmp_path / "room").mkdir()
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return tmp_path / "room"


@dataclass
class Day:
    """A day's work, as it was done: the first member, who went everywhere, and the second, who came in and looked."""

    first: Wanderer
    second: Browser


def _filled(browser: Browser, address: str, **typed: str) -> Answer:
    """Fill in and send the form of a page that has all these fields."""
    page = browser.get(address)
    form = next(form for form in read(page).forms if typed.keys() <= {one.name for one in form.fields})
    values = {one.name: typed.get(one.name, one.value) for one in form.fields if one.kind != "file"}
    return browser.send(page.address, form, list(values.items()))


def _come_in(browser: Browser, served: Served) -> None:
    """Give the passphrase where it is asked."""
    browser.get(served.link.removeprefix(served.address))
    assert _filled(browser, "/unlock/", passphrase=PASSPHRASE).status == 302


def _another_comes_in(first: Browser, served: Served) -> Browser:
    """Invite somebody, who joins with words of their own and logs in."""
    invited = _filled(first, "/circle/members/invite/", name=f"{WORD} Bruno", role="member", until="")
    found = re.search(r'class="words">([^<]+)<', invited.text)
    assert found, invited.status
    second = Browser(served.address)
    joined = _filled(
        second, "/join/", code=found[1], handle=HANDLE, choice="own", own=OTHERS, again=OTHERS
    )  # fmt: skip
    assert joined.status in {302, 303}, joined.text
    return second


def _work_a_day(served: Served, rounds: int = 2) -> Day:
    first, wrong = Browser(served.address), Browser(served.address)
    assert _filled(wrong, "/unlock/", passphrase=f"{WORD} equivocado").status >= 400
    _come_in(first, served)
    second = _another_comes_in(first, served)
    wanderer = Wanderer(first, lambda name: f"{WORD} {name}", FILES)
    wanderer.wander("/", rounds=rounds)
    first.get("/nowhere/" + "Zafiro%C3%B1secreto/?q=Zafiro%C3%B1secreto")
    seen = {shape(answer.address): answer.address for answer in wanderer.answers if answer.status == 200}
    assert any(WORD in second.get(address).text for address in sorted(seen.values()))
    for browser in (first, second):
        assert browser.get("/incidents/").status == 200, "both are logged in still"
    return Day(wanderer, second)


def _back_up(room: Path) -> None:
    words = ["--dir", str(room / "workspace"), "--passphrase-file", str(room.parent / "passphrase")]
    tejido(room, "backup", str(room / "copy.tejido"), *words)


@contextmanager
def _made(room: Path, database: str = "") -> Iterator[None]:
    words = ["--dir", str(room / "workspace"), "--passphrase-file", str(room.parent / "passphrase")]
    tejido(room, "init", *words, "--circle", WORD, *(["--database", database] if database else []))
    yield


def _was_worked(day: Day) -> None:
    """Say that there was something to be found."""
    accepted = day.first.accepted.keys()
    assert accepted >= WRITTEN, sorted(WRITTEN - accepted)
    assert [answer.address for answer in day.first.answers if answer.status >= 500] == []
    assert any(WORD in answer.text for answer in day.first.answers)
    addresses = [answer.address + answer.header("Location") for answer in day.first.answers]
    assert [address for address in addresses if "zafiro" in address.lower()] == []


def test_nothing_typed_in_a_day_is_readable_anywhere(room: Path) -> None:
    with _made(room), serving(room) as served:
        day = _work_a_day(served)
        _back_up(room)
        at_work = places_of(WORD, [room])
    assert at_work == set()
    assert places_of(WORD, [room]) == set()
    _was_worked(day)


def test_nothing_typed_is_readable_on_postgresql_either(room: Path) -> None:
    with start_postgres() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE canary")
        address = f"postgresql://{server.user}@{server.host.replace('/', '%2F')}:{server.port}/canary"
        with _made(room, address), serving(room) as served:
            day = _work_a_day(served)
            _back_up(room)
            with psycopg.connect(server.dsn("canary"), autocommit=True) as connection:
                connection.execute("CHECKPOINT")
                sessions = connection.execute("SELECT row, boot FROM vault_session").fetchall()
            folders = [room, Path(server.host) / "data", Path(server.host) / "log"]
            assert (folders[1] / "base").is_dir() and folders[2].is_file()
            assert places_of(WORD, folders) == set()
            assert len(sessions) >= 2 and not _hijacked(served, day.second, [text for row in sessions for text in row])
    _was_worked(day)


def _hijacked(served: Served, member: Browser, stored: list[str]) -> list[str]:
    """Return which stored values let a stranger in as a cookie; the member's own does."""
    name = next(name for name in member.cookies if name.endswith("cuaderno"))
    stranger = Browser(served.address)

    def comes_in(cookie: str) -> bool:
        stranger.cookies = {name: cookie}
        return stranger.ask("GET", "/incidents/").status == 200

    assert comes_in(member.cookies[name])
    return [text for text in stored if comes_in(text)]


def test_the_search_finds_the_word_however_it_is_spelt_or_packed(tmp_path: Path) -> None:
    for number, (name, needle) in enumerate(spellings(WORD).items()):
        (tmp_path / f"{number}").write_bytes(b"\0\xff" + needle + b"\xff")
        assert any(name in place for place in places_of(WORD, [tmp_path])), name
        (tmp_path / f"{number}").unlink()
    plain = f"antes {WORD} después".encode()
    for shift in range(3):
        (tmp_path / "base64").write_bytes(base64.b64encode(b"x" * shift + plain))
        assert places_of(WORD, [tmp_path]), shift
    (tmp_path / "base64").unlink()
    for packed in (gzip.compress(plain), zlib.compress(plain), zlib.compress(plain, 9)):
        (tmp_path / "packed").write_bytes(b"something before" + packed + b"something after")
        assert any("packed" in place for place in places_of(WORD, [tmp_path]))
    (tmp_path / "packed").unlink()
    (tmp_path / WORD).write_bytes(b"")
    assert places_of(WORD, [tmp_path])


def test_a_word_planted_in_a_workspace_is_found(room: Path) -> None:
    with _made(room):
        assert places_of(WORD, [room]) == set()
        (room / "workspace" / "planted").write_bytes(gzip.compress(WORD.encode("utf-16-le")))
        assert len(places_of(WORD, [room])) == 1
