"""Every answer carries the strict headers, whoever made it."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import path

from tejido.circles.policies import View, open_door
from tejido.domain.errors import BadInput, Conflict, DamagedSeal, NotAllowed, NotFound, TejidoError, WorkspaceLocked
from tejido.urls import urlpatterns as real_patterns
from tejido.web.middleware import CONTENT_POLICY, FOREVER

POLICY_OF_THE_DOCUMENTS = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Broke(Exception):
    """A fault of ours, with a name in its message."""


def raising(error: Exception) -> View:
    """Return a view that raises ``error``."""

    @open_door("a test")
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


ERRORS: dict[str, tuple[TejidoError, int]] = {
    "bad": (BadInput(), 400),
    "gone": (NotFound(), 404),
    "forbidden": (NotAllowed(), 403),
    "conflict": (Conflict(), 409),
    "damaged": (DamagedSeal(), 500),
}


@pytest.fixture
def visitor(settings: LazySettings, db: None) -> Iterator[Client]:
    """A browser of nobody in particular, in English, on pages of which some fail."""
    pages = ModuleType("pages_that_fail")
    pages.__dict__.update(
        urlpatterns=[
            *real_patterns,
            *(path(f"fail/{name}/", raising(error)) for name, (error, _) in ERRORS.items()),
            path("fail/locked/", raising(WorkspaceLocked())),
            path("fail/broke/", raising(Broke("Juana Pérez"))),
        ],
        handler400="tejido.web.errors.bad_request",
        handler403="tejido.web.errors.not_allowed",
        handler404="tejido.web.errors.not_found",
        handler500="tejido.web.errors.broken",
    )
    settings.ROOT_URLCONF = pages
    yield Client(raise_request_exception=False, headers={"accept-language": "en"})


def assert_strict(answer: HttpResponseBase) -> None:
    """See that no header is missing."""
    assert answer["Content-Security-Policy"] == POLICY_OF_THE_DOCUMENTS == CONTENT_POLICY
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("address", ["/unlock/", "/no/such/page/", "/leave/", "/fail/broke/", "/fail/gone/"])
def test_every_answer_is_strict_and_kept_by_nobody(visitor: Client, address: str) -> None:
    for answer in (visitor.get(address), visitor.post(address), visitor.head(address)):
        assert_strict(answer)
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("name", "status"), [(name, status) for name, (_, status) in ERRORS.items()])
def test_each_error_says_its_sentence(visitor: Client, name: str, status: int) -> None:
    answer = visitor.get(f"/fail/{name}/")
    assert answer.status_code == status
    assert ERRORS[name][0].sentence() in answer.content.decode()


def test_a_locked_workspace_leads_to_the_passphrase(visitor: Client) -> None:
    answer = visitor.get("/fail/locked/")
    assert (answer.status_code, answer["Location"]) == (302, "/unlock/")


def test_what_was_typed_is_still_there_after_a_conflict(visitor: Client) -> None:
    answer = visitor.post("/fail/conflict/", {"title": "a long <story>", "passphrase": "not shown"})
    page = answer.content.decode()
    assert "a long &lt;story&gt;" in page
    assert "not shown" not in page


def test_a_fault_of_ours_tells_nothing_of_what_it_was_about(
    visitor: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = visitor.get("/fail/broke/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side" in page
    assert "Juana" not in page and "Traceback" not in page
    assert "Juana" not in "".join(capsys.readouterr())


def test_a_page_that_is_not_there_says_so(visitor: Client) -> None:
    answer = visitor.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is no such page here" in answer.content.decode()


def test_a_form_from_elsewhere_is_refused_with_a_sentence(visitor: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "es"})
    answer = strict.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert_strict(answer)
    assert "/language/" not in answer.content.decode()


def test_static_files_are_kept_for_good_under_an_address_that_changes_with_them(visitor: Client) -> None:
    page = visitor.get("/unlock/", follow=True).content.decode()
    address = page.split('href="/static/tejido/tejido.css')[1].split('"')[0]
    assert address.startswith("?v=")
    answer = visitor.get("/static/tejido/tejido.css" + address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == FOREVER
    assert_strict(answer)
    assert visitor.get("/static/tejido/tejido.css")["Cache-Control"] == "no-cache"
    assert visitor.get("/static/tejido/none.css")["Cache-Control"] == "no-store"


def test_a_first_load_is_light(visitor: Client) -> None:
    packed = {"accept-encoding": "gzip"}
    first = visitor.get("/unlock/", headers=packed, follow=True)
    names = ("/static/vendor/pico.min.css", "/static/tejido/tejido.css", "/static/tejido/mark.svg")
    sizes = [len(b"".join(visitor.get(name, headers=packed))) for name in names]
    assert all(visitor.get(name, headers=packed).get("Content-Encoding") == "gzip" for name in names[:2])
    assert len(first.content) <= 10_000
    assert len(first.content) + sum(sizes) <= 33_000
