"""Odd requests to pages behind the door: half letters, doubles of one name, line breaks, cookies of before."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
import unicodedata
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tejido.domain.errors import TejidoError
from tejido.domain.names import match_key
from tejido.fabric.actions import record_actor
from tejido.fabric.making import Name
from tejido.vault.journal import last_stamp
from tejido.web.discreet import Discreet
from tejido.web.middleware import HTTPS_ONLY
from tests.attacks.test_doors import every_route, filled
from tests.browsing import sign_in
from tests.circles.people import changed, joined

#: Half of a pair, as UTF-8 would write it if it were allowed to; bytes that are no UTF-8 at all; a whole one.
HALVES = ["%ED%A0%BD", "%ED%B8%80", "%FF%FE", "%C0%AF", "%F0%9F%98%80"]


@pytest.mark.parametrize("half", HALVES)
def test_half_letters_are_answered_calmly_in_every_form_and_address(signed_in: Client, half: str) -> None:
    fields = ("name", "title", "words", "q", "reason", "handle", "kind", "when", "narrative", "names-0-text")
    body = "&".join(f"{name}={half}" for name in fields)
    for route, view in every_route():
        if "<uuid:" in route or view.policy.name != "members_only":
            continue
        asked = signed_in.get(f"{route}?{body}")
        sent = signed_in.post(route, body, content_type="application/x-www-form-urlencoded")
        assert asked.status_code < 500 and sent.status_code < 500, (route, asked.status_code, sent.status_code)
        if signed_in.get("/fabric/").status_code != 200:
            pytest.fail(f"{route} ended the session")
    assert signed_in.get(f"/{half}/").status_code in {400, 404}


@pytest.mark.parametrize("text", ["\ud83d", "a\udc00b", "\udfff\ud800"])
def test_a_lone_surrogate_is_refused_with_a_sentence_or_left_out_and_never_stored(at_work: Any, text: str) -> None:
    try:
        made = record_actor(by=at_work, kind="community", names=[Name(f"Asamblea {text}")])
    except TejidoError:
        return
    kept = type(made).objects.get(pk=made.pk).usual_name
    assert kept.encode() and "Asamblea" in kept


def test_a_mapping_and_an_outline_with_half_letters_are_told(signed_in: Client) -> None:
    outline = '{"type": "Point", "coordinates": [1, 2], "name": "\\ud83d"}'
    said = {"kind": "region", "name": "Valle", "geometry": outline, "names": "\\ud83d"}
    assert signed_in.post("/territories/new/", said).status_code < 500
    mapping = 'tejido: 1\nlist: "\\ud83d"\nactors: {a: {key: "{id}", kind: person, name: "{name}"}}\n'
    answer = signed_in.post(
        "/import/",
        {"file": io.BytesIO(b"id,name\n1,Ana\n"), "mapping": mapping, "list": io.BytesIO(b"id,name\n1,Ana\n")},
    )
    assert answer.status_code < 500


def test_one_name_written_in_two_ways_is_one_name(signed_in: Client, at_work: Any) -> None:
    composed, apart = (unicodedata.normalize(form, "José Ñáñez") for form in ("NFC", "NFD"))
    assert composed != apart and match_key(composed) == match_key(apart)
    record_actor(by=at_work, kind="person", names=[Name(apart)])
    one = record_actor(by=at_work, kind="person", names=[Name(composed)])
    kept = {actor.usual_name for actor in type(one).objects.filter(kind="person")}
    assert kept == {composed}
    for typed in (composed, apart):
        found = signed_in.post("/search/", {"words": typed, "q": typed}).content.decode()
        assert len(re.findall(f"{composed}\\s*</a>", found)) == 2, typed


@pytest.mark.parametrize("bad", ["a%0d%0aForged: line", "a%0aERROR forged", "%1b[2Jx", "%e2%80%aegnp"])
def test_nothing_of_an_address_reaches_a_log(signed_in: Client, bad: str) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Discreet())
    loggers = [logging.getLogger(name) for name in ("django", "django.request", "tejido")]
    for one in loggers:
        one.addHandler(handler)
    try:
        signed_in.get(f"/nowhere/{bad}/")
        signed_in.get("/", headers={"host": "evil.example", "user-agent": "x\r\nForged: line"})
        logging.getLogger("django.request").warning("forged\r\nline %s", bad, extra={"status_code": 404})
    finally:
        for one in loggers:
            one.removeHandler(handler)
    lines = written.getvalue()
    assert lines and "orged" not in lines and "evil" not in lines and "\r" not in lines and "\x1b" not in lines


def test_a_header_we_send_takes_no_line_break(signed_in: Client) -> None:
    for address in ("/unlock/?next=", "/search/?q=", "/language/?next="):
        answer = signed_in.get(address + quote("a\r\nSet-Cookie: planted=1"))
        assert "planted" not in answer.cookies
        assert all("\n" not in value and "\r" not in value for value in answer.headers.values())


def test_the_cookie_of_somebody_removed_is_dead_and_that_of_the_others_lives_on_after_new_keys(at_work: Any) -> None:
    bruno, carla = joined(at_work, "Bruno"), joined(at_work, "Carla")
    with sign_in(bruno) as removed, sign_in(carla) as stays, sign_in(at_work) as alba:
        assert removed.get("/fabric/").status_code == 200
        changed(at_work, bruno, status="removed")
        assert removed.get("/fabric/").status_code == 302
        assert removed.post("/fabric/new/", {"kind": "person", "name": "x"}).status_code == 403
        for name, browser in (("Asamblea", stays), ("Olla común", alba)):
            assert browser.get("/fabric/").status_code == 200
            assert browser.post("/fabric/new/", {"kind": "community", "name": name}).status_code == 302


def test_a_cookie_opens_nothing_with_another_boot_secret(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from tejido.vault import sessions

    assert signed_in.get("/circle/journal/").status_code == 200
    named = [name for name, value in vars(sessions).items() if isinstance(value, bytes) and len(value) >= 16]
    assert named, "the secret of this process"
    for name in named:
        monkeypatch.setattr(sessions, name, b"\x11" * len(getattr(sessions, name)))
    assert signed_in.get("/circle/journal/").status_code == 302


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"]
)
def test_no_forwarded_header_is_believed(signed_in: Client, header: str) -> None:
    said = {"X-Forwarded-Proto": "https", "Forwarded": "for=1.2.3.4;host=evil.example;proto=https"}
    answer = signed_in.get("/circle/passphrase/", headers={header: said.get(header, "evil.example")})
    assert answer.status_code == 200 and "evil.example" not in answer.content.decode()
    assert not answer.wsgi_request.is_secure() and answer.wsgi_request.get_host() == "testserver"


@pytest.mark.parametrize("host", ["tejido.example", "abcdefghijklmnop.onion"])
def test_behind_a_web_server_forms_come_from_the_address_that_was_named_alone(at_work: Any, host: str) -> None:
    scheme = "http" if host.endswith(".onion") else "https"
    trusted = [f"https://{host}"] if scheme == "https" else []
    with (
        override_settings(ALLOWED_HOSTS=["127.0.0.1", host], CSRF_TRUSTED_ORIGINS=trusted),
        override_settings(SESSION_COOKIE_SECURE=bool(trusted)),
        sign_in(at_work) as signed,
    ):  # fmt: skip
        strict = Client(enforce_csrf_checks=True, headers={"host": host})
        strict.cookies = signed.cookies
        page = strict.get("/circle/passphrase/")
        assert page.get("Strict-Transport-Security") == (HTTPS_ONLY if trusted else None)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
        assert token
        own = {"csrfmiddlewaretoken": token[1]}
        for origin in ("null", f"{scheme}://other.{host}", "http://127.0.0.1", f"{scheme}://{host}.evil.example"):
            assert strict.post("/lock/", own, headers={"origin": origin}).status_code == 403, origin
        assert strict.post("/lock/", own, headers={"origin": f"{scheme}://{host}"}).status_code == 303


def test_a_method_that_no_page_knows_changes_nothing(signed_in: Client) -> None:
    before = last_stamp()
    for route, view in every_route():
        if view.policy.name != "members_only":
            continue
        for method in ("put", "patch", "delete", "trace", "options"):
            answer = getattr(signed_in, method)(filled(route, uuid4()))
            assert answer.status_code in {403, 404, 405}, (method, route, answer.status_code)
    assert last_stamp() == before


def test_settings_behind_https_name_their_cookies_for_one_host(tmp_path: Any) -> None:
    told = (
        "import json; from tejido import settings as s; print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.LANGUAGE_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.CSRF_TRUSTED_ORIGINS,"
        " s.ALLOWED_HOSTS, s.DEBUG]))"
    )
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("TEJIDO")},
        "PYTHONPATH": os.pathsep.join(sys.path), "TEJIDO_DIR": str(tmp_path), "TEJIDO_HTTPS": "1",
        "TEJIDO_HOSTS": "tejido.example",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    *names, secure, also, origins, hosts, debug = json.loads(done.stdout)
    assert all(name.startswith("__Host-") for name in names) and secure and also and not debug
    assert origins == ["https://tejido.example"] and hosts[3:] == ["tejido.example"]
    assert not settings.SESSION_COOKIE_NAME.startswith("__Host-")
