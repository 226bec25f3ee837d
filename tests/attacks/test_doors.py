"""Every address, asked by nobody in particular and by somebody for what is not theirs: refused, and never broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tejido.circles.models import Circle
from tejido.vault.journal import writing
from tejido.vault.keyring import Keyring, using
from tejido.vault.models import SealedRecord
from tejido.vault.records import create
from tests.storage.one_of_each import barest, every_model

_PLACE = re.compile(r"<(?:(\w+):)?\w+>")
BREAK = "a\r\nSet-Cookie: planted=1\r\n\r\n<script>planted()</script>"


def every_route(patterns: list[Any] | None = None, below: str = "/") -> Iterator[tuple[str, Any]]:
    """Yield every address of the site, as a pattern, with its view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        place = below + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_route(pattern.url_patterns, place)
        elif isinstance(pattern, URLPattern):
            yield place, pattern.callback


def filled(route: str, ident: UUID) -> str:
    """Return an address of a route, ``ident`` in each place of an id."""
    return _PLACE.sub(lambda hit: str(ident) if hit[1] == "uuid" else "1" if hit[1] == "int" else "nothing", route)


def _members_only() -> list[str]:
    return [route for route, view in every_route() if view.policy.name == "members_only"]


def _with_id() -> list[str]:
    return [route for route in _members_only() if "<uuid:" in route]


def test_there_are_many_doors_and_few_stand_open() -> None:
    routes = dict(every_route())
    assert len(routes) >= 40
    opened = {route for route, view in routes.items() if view.policy.name == "open_door"}
    assert opened <= {
        "/enter/<str:token>/", "/setup/", "/setup/circle/", "/unlock/", "/help/", "/lock/", "/leave/", "/left/",
        "/language/", "/join/", "/join/account/", "/recover/", "/recover/ask/", "/recover/guardians/",
        "/recover/sheets/", "/unlock/second/",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_nobody_gets_in_without_a_session(method: str) -> None:
    visitor = Client()
    for route, view in every_route():
        answer = getattr(visitor, method)(filled(route, uuid4()))
        assert answer.status_code < 500, (method, route, answer.status_code)
        if view.policy.name != "members_only":
            continue
        if method == "get":
            assert answer.status_code == 302, (route, answer.status_code)
            assert answer["Location"].split("?")[0] in {"/unlock/", "/setup/"}, route
        else:
            assert answer.status_code in {302, 403, 405}, (method, route, answer.status_code)


def test_an_id_that_is_nobodys_is_not_found(signed_in: Client) -> None:
    for route in _with_id():
        for ask in (signed_in.get, signed_in.post):
            answer = ask(filled(route, uuid4()))
            assert answer.status_code in {404, 405}, (ask.__name__, route, answer.status_code)


@pytest.fixture
def theirs(at_work: Any) -> UUID:
    """The id that one record of every kind has in another circle, whose keys are not ours."""
    other, ident, key = uuid4(), uuid4(), b"\x05" * 32

    class Stranger:
        id, circle_id, role = uuid4(), other, "member"

    with using(Keyring({other: {1: key}})), writing(by=Stranger(), action="test.make") as entry:
        create(Circle(id=other, name="Otra"), entry)
        for model in every_model():
            if not issubclass(model, SealedRecord) or model is Circle:
                continue
            if record := barest(model, ident, other):
                create(record, entry)
    return ident


def test_what_belongs_to_another_circle_is_not_found(theirs: UUID, signed_in: Client) -> None:
    from tejido.fabric.models import Actor
    from tejido.incidents.models import Incident
    from tejido.protection.models import Plan

    for model in (Actor, Incident, Plan):
        assert model.objects.filter(pk=theirs).exists()
    for route in _with_id():
        for ask in (signed_in.get, signed_in.post):
            answer = ask(filled(route, theirs))
            assert answer.status_code in {404, 405}, (ask.__name__, route, answer.status_code)


def test_odd_addresses_are_answered_calmly(signed_in: Client) -> None:
    odd = [
        "/../../etc/passwd", "/static/../settings.py", "/static/%2e%2e/%2e%2e/settings.py", "/%00", "/fabric/%00/",
        "/\u202efabric/", "/fabric/1/", "/" + "a" * 3000 + "/", "/fabric/%0d%0aSet-Cookie:%20a=b/",
    ]  # fmt: skip
    for address in odd:
        answer = signed_in.get(address)
        assert answer.status_code in {301, 302, 400, 404}, (address, answer.status_code)
        assert b"SECRET_KEY" not in answer.content


@pytest.mark.parametrize(
    "text", ["\x00", BREAK, "\u202e", "x" * 5000, "-1", "../..", "\ud83d".encode("utf-8", "replace").decode()]
)
def test_odd_questions_are_answered_calmly(signed_in: Client, text: str) -> None:
    names = ("after", "before", "q", "words", "kind", "act", "year", "territory", "next", "in", "from", "page", "tab")
    for route in _members_only():
        if "<uuid:" in route:
            continue
        answer = signed_in.get(route, dict.fromkeys(names, text))
        assert answer.status_code < 500, (route, answer.status_code)
        assert "planted" not in answer.cookies and b"<script>planted" not in answer.getvalue()


def test_a_forged_host_is_refused_and_never_repeated(signed_in: Client) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "localhost:80:80", "[::1", "a b"):
        answer = signed_in.get("/", headers={"host": host})
        assert answer.status_code == 400, host
        assert b"evil" not in answer.content
    for header in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"):
        answer = signed_in.get("/unlock/", headers={header: "evil.example"})
        assert answer.status_code < 400 and b"evil.example" not in answer.getvalue()
        assert "evil.example" not in answer.headers.get("Location", "")


def test_no_header_turns_a_question_into_an_act(signed_in: Client) -> None:
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert signed_in.get("/lock/", {"_method": "POST"}, headers={header: "POST"}).status_code == 405
        assert signed_in.get("/leave/", headers={header: "POST"}).status_code == 405
    assert signed_in.get("/circle/journal/").status_code == 200


def test_a_form_from_elsewhere_changes_nothing(signed_in: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get("/circle/passphrase/").content.decode())
    assert token
    own = {"csrfmiddlewaretoken": token[1]}
    for route in _members_only():
        address = filled(route, uuid4())
        assert strict.post(address).status_code in {403, 405}, route
        for origin in ("null", "http://evil.example", "https://testserver"):
            answer = strict.post(address, own, headers={"origin": origin})
            assert answer.status_code in {403, 405}, (route, origin)
    assert strict.post("/lock/", own, headers={"origin": "http://testserver"}).status_code == 303


def test_a_form_over_https_says_where_it_comes_from(signed_in: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    page = strict.get("/circle/passphrase/", secure=True).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    own = {"csrfmiddlewaretoken": token[1]}
    assert strict.post("/lock/", own, secure=True).status_code == 403
    assert strict.post("/lock/", own, secure=True, headers={"referer": "https://evil.example/"}).status_code == 403
    assert strict.post("/lock/", own, secure=True, headers={"referer": "https://testserver/"}).status_code == 303


def test_no_answer_goes_out_without_its_headers(signed_in: Client) -> None:
    for route in [*_members_only(), "/unlock/", "/nowhere/", "/static/nowhere.css"]:
        answer = signed_in.get(filled(route, uuid4()))
        assert answer["Content-Security-Policy"].startswith("default-src 'none'"), route
        assert answer["Referrer-Policy"] == "same-origin" and answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store" and "Server" not in answer, route
        for cookie in answer.cookies.values():
            assert cookie["httponly"] and cookie["samesite"] == "Lax", route


def test_a_session_someone_else_chose_is_never_taken_over(client: Client, at_work: Any) -> None:
    chosen = "a" * 43
    client.cookies[settings.SESSION_COOKIE_NAME] = chosen
    assert client.get("/").status_code == 302
    from django.http import HttpRequest

    from tejido.circles.work_session import open_session
    from tejido.vault.keyring import current
    from tejido.vault.sessions import SessionStore

    request = HttpRequest()
    request.session = SessionStore(chosen)
    open_session(request, member=at_work, keyring=current())
    assert request.session.session_key not in {None, chosen}
    assert not SessionStore().exists(chosen)
    assert client.get("/circle/journal/").status_code == 302
