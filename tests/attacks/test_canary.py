"""What is typed is nowhere in the clear: a real server, a visitor who types one word everywhere, then a search."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.attacks.browsing import Browser, Form, read
from tests.attacks.searching import places_of, spellings
from tests.attacks.serving import Served, serving, tejido
from tests.attacks.wandering import Wanderer
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
FILES = {"list": (f"{WORD}.csv", LIST), "mapping": (f"{WORD}.yml", MAPPING)}
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


def _come_in(browser: Browser, served: Served) -> None:
    """Give the passphrase where it is asked."""
    browser.get(served.link.removeprefix(served.address))
    page = browser.get("/unlock/")
    form = next(form for form in read(page).forms if any(one.name == "passphrase" for one in form.fields))
    values = [(one.name, PASSPHRASE if one.name == "passphrase" else one.value) for one in form.fields]
    assert browser.send(page.address, form, values).status == 302


def _work_a_day(served: Served, rounds: int = 3) -> Wanderer:
    browser = Browser(served.address)
    wrong = Browser(served.address)
    page = wrong.get("/unlock/")
    form: Form = read(page).forms[0]
    wrong.send(page.address, form, [(one.name, one.value or f"{WORD} equivocado") for one in form.fields])
    _come_in(browser, served)
    wanderer = Wanderer(browser, lambda name: f"{WORD} {name}", FILES)
    wanderer.wander("/", rounds=rounds)
    wanderer.browser.get("/nowhere/" + "Zafiro%C3%B1secreto/?q=Zafiro%C3%B1secreto")
    return wanderer


def _back_up(room: Path) -> None:
    words = ["--dir", str(room / "workspace"), "--passphrase-file", str(room.parent / "passphrase")]
    tejido(room, "backup", str(room / "copy.tejido"), *words)


@contextmanager
def _made(room: Path, database: str = "") -> Iterator[None]:
    words = ["--dir", str(room / "workspace"), "--passphrase-file", str(room.parent / "passphrase")]
    tejido(room, "init", *words, "--circle", WORD, *(["--database", database] if database else []))
    yield


def test_nothing_typed_in_a_day_is_readable_anywhere(room: Path) -> None:
    with _made(room), serving(room) as served:
        wanderer = _work_a_day(served)
        at_work = places_of(WORD, [room])
    _back_up(room)
    assert at_work == set()
    assert places_of(WORD, [room]) == set()
    assert wanderer.accepted.keys() >= WRITTEN, sorted(WRITTEN - wanderer.accepted.keys())
    assert [answer.address for answer in wanderer.answers if answer.status >= 500] == []
    assert any(WORD in answer.text for answer in wanderer.answers)
    addresses = [answer.address + answer.header("Location") for answer in wanderer.answers]
    assert [address for address in addresses if "zafiro" in address.lower()] == []


def test_nothing_typed_is_readable_on_postgresql_either(room: Path) -> None:
    with start_postgres() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE canary")
        address = f"postgresql://{server.user}@{server.host.replace('/', '%2F')}:{server.port}/canary"
        with _made(room, address), serving(room) as served:
            wanderer = _work_a_day(served, rounds=2)
            with psycopg.connect(server.dsn("canary"), autocommit=True) as connection:
                connection.execute("CHECKPOINT")
            folders = [room, Path(server.host) / "data", Path(server.host) / "log"]
            assert (folders[1] / "base").is_dir() and folders[2].is_file()
            assert places_of(WORD, folders) == set()
    assert wanderer.accepted.keys() >= WRITTEN, sorted(WRITTEN - wanderer.accepted.keys())


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
