"""Pages that say what went wrong: a heading, a sentence, what to do; never a traceback, never a database."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tejido.domain.errors import (
    BadInput,
    Conflict,
    DamagedSeal,
    NotAllowed,
    NotFound,
    RuleBroken,
    TejidoError,
    WorkspaceLocked,
    WrongPassphrase,
)
from tejido.web.context import address_of, site_of
from tejido.web.rendering import render_page
from tejido.web.wording import sentence_of

logger = logging.getLogger(__name__)

#: The answer's status for each kind of error; what is not here is a fault of ours.
STATUS: dict[type[TejidoError], int] = {
    BadInput: 400,
    RuleBroken: 400,
    WrongPassphrase: 403,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    DamagedSeal: 500,
}
#: What a form carries that nobody typed, or that must never be shown again.
_NOT_TYPED = {"csrfmiddlewaretoken", "revision", "seen", "next", "kept"}


@dataclass(frozen=True)
class SentencePage:
    """A page of one sentence; ``typed`` is what came with the form, so that it can be copied."""

    heading: str
    sentence: str
    typed: tuple[tuple[str, str], ...] = ()


def answer_error(request: HttpRequest, error: TejidoError) -> HttpResponse:
    """Return the page that says what ``error`` says; a locked workspace leads to the passphrase."""
    if isinstance(error, WorkspaceLocked):
        return HttpResponseRedirect(address_of("circles:unlock") or "/")
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    if status >= 500:
        logger.error("a page could not be shown", exc_info=error)
    page = SentencePage(_heading(status), sentence_of(error), typed_in(request))
    return render_page(request, "web/sentence.html", page, status=status)


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that does not prove that it comes from a page of ours."""
    sentence = _(
        "This form could not be told from one made by somebody else, so nothing was changed. Go back with your "
        "browser: what you typed is still there. Load the page again and send it once more; cookies must be allowed."
    )
    return _bare(request, 403, sentence)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that makes no sense."""
    return _bare(request, 400, _("Your browser sent something that cannot be read. Nothing was changed; go back."))


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request for what one may not do."""
    return _bare(request, 403, _("You may not do this. Nothing was changed."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request for a page that is not there."""
    return _bare(request, 404, _("There is no such page here. Nothing was changed."))


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when we failed; an error of ours raised outside a view still says its sentence."""
    error = sys.exc_info()[1]
    if isinstance(error, WorkspaceLocked):
        return HttpResponseRedirect(address_of("circles:unlock") or "/")
    if isinstance(error, TejidoError):
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
        return _bare(request, status, sentence_of(error))
    sentence = _(
        "Something broke on our side, not yours. What was saved before is safe; what you just sent may not be. "
        "Go back with your browser: what you typed is still there. If it happens again, tell whoever looks after it."
    )
    return _bare(request, 500, sentence)


def _bare(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    page = SentencePage(_heading(status), sentence)
    content = render_to_string("web/bare.html", {"page": page, "site": site_of(request.path)})
    return HttpResponse(content, status=status)


def _heading(status: int) -> str:
    return {
        400: _("This could not be understood"),
        403: _("This is not open to you"),
        404: _("There is nothing here"),
        409: _("Somebody was here before you"),
    }.get(status, _("This did not work"))


def typed_in(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Return the fields of a form that came, so that they can be copied; nothing secret, nothing that nobody typed."""
    if request.method != "POST":
        return ()
    return tuple(
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if value and name.rpartition("-")[2] not in _NOT_TYPED and not is_secret(request, name)
    )


def is_secret(request: HttpRequest, name: str) -> bool:
    """Say whether a field is never shown back: a passphrase, or what its view declared as sensitive."""
    return "pass" in name or name in getattr(request, "sensitive_post_parameters", ())
