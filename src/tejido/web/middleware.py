"""What holds for every answer: strict headers, and a sentence for every error."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from tejido.domain.errors import TejidoError
from tejido.web.errors import answer_error

Answer = Callable[[HttpRequest], HttpResponseBase]

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: For what others made and a view hands on: the only policy that a view may set itself, as it allows nothing at all.
SHUT_IN = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), "
        "payment=(), usb=()"
    ),
}
#: Where the web server in front speaks https: a browser that came once never comes without it again.
HTTPS_ONLY = "max-age=63072000; includeSubDomains"
#: Static files carry their version in the address, so a browser never has to ask again.
FOREVER = "public, max-age=31536000, immutable"


class StrictHeaders:
    """Outermost: no answer leaves without them, whoever made it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        shut_in = response.get("Content-Security-Policy") == SHUT_IN
        for name, value in HEADERS.items():
            response[name] = value
        if settings.SESSION_COOKIE_SECURE:
            response["Strict-Transport-Security"] = HTTPS_ONLY
        if shut_in:
            response["Content-Security-Policy"] = SHUT_IN
        if request.path.startswith(settings.STATIC_URL) and response.status_code in {200, 206, 304}:
            response["Cache-Control"] = FOREVER if "v" in request.GET else "no-cache"
        else:
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response


class SentencesForErrors:
    """Turns our errors into pages that say what happened, what was kept and what to do."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django, with the keys of the request still in place."""
        return answer_error(request, exception) if isinstance(exception, TejidoError) else None
