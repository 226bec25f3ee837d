"""What somebody at work meets who may not do what a page is for: the reason, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from tejido.circles.models import Member
from tejido.domain.roles import Verdict
from tejido.web.errors import typed_in
from tejido.web.rendering import render_page
from tejido.web.wording import WORDS


@dataclass(frozen=True)
class RefusedPage:
    """Why not, in a sentence, and how those are called who can be asked: shown inside the circle only."""

    sentence: str
    whom: tuple[str, ...]


@dataclass(frozen=True)
class SecondNeededPage:
    """Since when the circle asks for a second factor, whom to ask, and what came with the form, to be copied."""

    since: date
    whom: tuple[str, ...]
    typed: tuple[tuple[str, str], ...] = ()


def answer_refused(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    """Say why this is not open to whoever asks, and which people of their circle to ask."""
    page = RefusedPage(verdict.sentence(WORDS), names_of(request.by.circle_id, verdict.ask))  # type: ignore[attr-defined]
    return render_page(request, "circles/refused.html", page, status=403)


def answer_without_second(request: HttpRequest) -> HttpResponse:
    """Say that the circle asks for a second factor, and lead to the page that sets one up; what was typed is shown."""
    by = request.by  # type: ignore[attr-defined]
    page = SecondNeededPage(by.second_due, names_of(by.circle_id, "coordinator"), typed_in(request))
    return render_page(request, "circles/second_needed.html", page, status=403)


def names_of(circle: UUID, role: str) -> tuple[str, ...]:
    """Return the names of the active members of ``circle`` in ``role``; those without a name are left out."""
    found = Member.objects.filter(circle=circle, role=role, status="active").order_by("stamp")
    return tuple(member.name for member in found if member.name)
