"""Answering with a page: one template, one frozen dataclass that holds all it shows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def render_page(request: HttpRequest, template: str, page: object, *, status: int = 200) -> HttpResponse:
    """Return the page of ``template``, drawn now, while the keys of the request are in place.

    The template finds the dataclass as ``page``; what every page shows comes from ``tejido.web.context``.
    """
    return HttpResponse(render_to_string(template, {"page": page}, request), status=status)
