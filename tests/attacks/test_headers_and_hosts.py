"""A real server under odd requests: sessions do not outlive it, line breaks stay text, uploads stay in their place."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.attacks.browsing import Browser, read
from tests.attacks.serving import Served, serving, tejido
from tests.attacks.wandering import Wanderer

PASSPHRASE = "seis palabras para estas pruebas"
BREAK = "a\r\nSet-Cookie: planted=1\r\n\r\n<script>planted()</script>"
NAMES = [
    "../../../../outside.csv", "..\\..\\outside.csv", "a\x00b.csv", "\u202evsc.exe", "n" * 300 + ".csv", "", ".",
    "/etc/passwd", "a\r\nSet-Cookie: planted=1.csv", 'a"; filename="b.csv', "con.csv", "ñandú 🧵.csv",
]  # fmt: skip


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A room with a new workspace."""
    base = tmp_path_factory.mktemp("hosts")
    (base / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    (base / "room").mkdir()
    tejido(
        base / "room", "init", "--dir", str(base / "room" / "workspace"), "--passphrase-file", str(base / "passphrase")
    )
    return base / "room"


@pytest.fixture(scope="module")
def served(room: Path) -> Iterator[Served]:
    """A server for all of these tests."""
    with serving(room) as server:
        yield server


def come_in(served: Served, browser: Browser | None = None) -> Browser:
    """Return a browser at work."""
    browser = browser or Browser(served.address)
    page = browser.get("/unlock/")
    form = next(form for form in read(page).forms if any(one.name == "passphrase" for one in form.fields))
    values = [(one.name, PASSPHRASE if one.name == "passphrase" else one.value) for one in form.fields]
    assert browser.send(page.address, form, values).status == 302
    return browser


def test_a_cookie_brought_along_is_replaced_on_coming_in(served: Served) -> None:
    browser = Browser(served.address)
    browser.cookies["cuaderno"] = "chosen-by-somebody-else"
    come_in(served, browser)
    assert browser.cookies["cuaderno"] != "chosen-by-somebody-else"
    other = Browser(served.address)
    other.cookies["cuaderno"] = "chosen-by-somebody-else"
    assert other.ask("GET", "/circle/journal/").status == 302


def test_leaving_ends_the_session_for_whoever_kept_the_cookie(served: Served) -> None:
    browser = come_in(served)
    kept = dict(browser.cookies)
    answer = browser.ask("POST", "/leave/")
    assert answer.status == 303 and "cookies" in answer.header("Clear-Site-Data")
    thief = Browser(served.address)
    thief.cookies = kept
    assert thief.ask("GET", "/circle/journal/").status == 302


def test_a_one_time_link_works_once(served: Served) -> None:
    link = served.link.removeprefix(served.address)
    assert Browser(served.address).ask("GET", link).status in {302, 303}
    assert Browser(served.address).ask("GET", link).status in {302, 303, 403, 404, 410}
    assert Browser(served.address).get(link).address.startswith(("/unlock/", link))


def test_no_session_outlives_the_server(room: Path) -> None:
    with serving(room) as first:
        browser = come_in(first)
        assert browser.ask("GET", "/circle/journal/").status == 200
        kept = dict(browser.cookies)
    with serving(room) as second:
        again = Browser(second.address)
        again.cookies = kept
        assert again.ask("GET", "/circle/journal/").status == 302
        come_in(second)
        assert again.ask("GET", "/circle/journal/").status == 302


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "null"}, {"Origin": "http://evil.example"}])
def test_what_comes_from_elsewhere_is_refused(served: Served, headers: dict[str, str]) -> None:
    browser = come_in(served)
    answer = browser.ask("POST", "/lock/", b"csrfmiddlewaretoken=x", headers)
    assert answer.status in {400, 403} and b"evil" not in answer.body
    assert browser.ask("GET", "/circle/journal/").status == 200


def test_the_server_does_not_say_what_it_is(served: Served) -> None:
    answer = Browser(served.address).ask("GET", "/unlock/")
    told = {name.lower(): text for name, text in answer.headers}
    assert told.get("server", "-") == "-" and "x-powered-by" not in told


def test_line_breaks_in_every_field_of_every_form_stay_text(served: Served) -> None:
    files = {"list": ("l.csv", b"id,quien\n1,Ana\n"), "mapping": ("m.yml", b"tejido: 1\nlist: x\n")}
    wanderer = Wanderer(come_in(served), lambda name: BREAK, files)
    wanderer.wander("/", rounds=2)
    assert len(wanderer.answers) > 60 and len(wanderer.accepted) > 5
    for answer in wanderer.answers:
        assert answer.status < 500, (answer.address, answer.status)
        assert "planted" not in answer.header("Set-Cookie"), answer.address
        assert not answer.is_page or "<script>planted" not in answer.text, answer.address


def test_uploads_with_odd_names_stay_in_their_place(served: Served) -> None:
    browser = come_in(served)
    page = browser.get("/import/")
    form = next(form for form in read(page).forms if form.takes_files)
    names = [one.name for one in form.fields if one.kind == "file"]
    values = [(one.name, one.value) for one in form.fields if one.kind not in {"file", "checkbox", "radio"}]
    before = set(_outside(served))
    for name in NAMES:
        answer = browser.send(page.address, form, values, dict.fromkeys(names, (name, b"id,quien\n1,Ana\n")))
        assert answer.status < 500, name
        assert "planted" not in answer.header("Set-Cookie") and "evil" not in answer.header("Location")
    assert set(_outside(served)) == before
    assert not [path for path in served.workspace.rglob("*") if "outside" in path.name or "passwd" in path.name]


def _outside(served: Served) -> Iterator[Path]:
    for folder in ("tmp", "cwd", "home"):
        yield from (served.room / folder).rglob("*")
    yield from served.room.parent.glob("*")


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /lock/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_the_server_outlives_requests_that_are_none(served: Served, request_line: bytes) -> None:
    import socket

    where = urlsplit(served.address)
    with socket.create_connection((where.hostname, where.port), timeout=20) as raw:
        raw.sendall(request_line)
        with contextlib.suppress(OSError):  # the server may have hung up already
            raw.shutdown(socket.SHUT_WR)
        try:
            answer = raw.recv(65536)
        except ConnectionResetError:
            answer = b""
    assert b"evil.example" not in answer and b"Traceback" not in answer
    connection = http.client.HTTPConnection(where.netloc, timeout=20)
    connection.request("GET", "/unlock/")
    assert connection.getresponse().status == 200
