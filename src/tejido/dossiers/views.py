"""The pages that bring slices together: fetch, may I, answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tejido.circles.approvals import waiting_for
from tejido.circles.openings import note_opening
from tejido.circles.policies import MemberRequest, may, members_only, open_door
from tejido.domain.errors import NotFound
from tejido.dossiers.actor import actor_page
from tejido.dossiers.acts import acts_page
from tejido.dossiers.elsewhere import answer_elsewhere
from tejido.dossiers.erasing import erase_page
from tejido.dossiers.guide import help_content
from tejido.dossiers.home import home_page
from tejido.dossiers.incident import incident_page
from tejido.dossiers.listing import around_page, ties_page
from tejido.dossiers.notice_pages import notice_part
from tejido.dossiers.seeking import search_page
from tejido.dossiers.territory import territory_page
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.vault.erasure import erase_dossier
from tejido.web.rendering import render_page


@members_only
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Today in the fabric."""
    today = timezone.localdate()
    page = replace(
        home_page(today=today, now=datetime.now(UTC)), to_approve=waiting_for(request.by), notice=notice_part(today)
    )
    return render_page(request, "dossiers/home.html", page)


@members_only
@require_safe
def actor(request: MemberRequest, actor: UUID) -> HttpResponse:
    """The dossier of an actor."""
    try:
        page = actor_page(actor, by=request.by, today=timezone.localdate())
    except NotFound:
        return answer_elsewhere(request, Actor, actor)
    note_opening(by=request.by, noun="fabric.actor", record=actor)
    return render_page(request, "dossiers/actor.html", page)


@members_only
@require_safe
def around(request: MemberRequest, actor: UUID) -> HttpResponse:
    """All that happened to an actor and to those tied to it."""
    page = around_page(
        actor, by=request.by, today=timezone.localdate(), after=_place(request, "after"),
        before=_place(request, "before"),
    )  # fmt: skip
    return render_page(request, "dossiers/around.html", page)


@members_only
@require_safe
def ties(request: MemberRequest, actor: UUID) -> HttpResponse:
    """All ties of an actor."""
    page = ties_page(actor, by=request.by, after=_place(request, "after"), before=_place(request, "before"))
    return render_page(request, "dossiers/ties.html", page)


@members_only
@require_safe
def incident(request: MemberRequest, incident: UUID) -> HttpResponse:
    """An incident and whom it touches."""
    try:
        page = incident_page(incident, today=timezone.localdate(), by=request.by.id)
    except NotFound:
        return answer_elsewhere(request, Incident, incident)
    note_opening(by=request.by, noun="incidents.incident", record=incident)
    return render_page(request, "dossiers/incident.html", page)


@members_only
@require_safe
def acts(request: MemberRequest, incident: UUID) -> HttpResponse:
    """All acts of an incident, one by one."""
    page = acts_page(incident, after=_place(request, "after"), before=_place(request, "before"))
    return render_page(request, "dossiers/acts.html", page)


@members_only
@require_safe
def territory(request: MemberRequest, territory: UUID) -> HttpResponse:
    """A territory."""
    return render_page(request, "dossiers/territory.html", territory_page(territory, by=request.by))


@may("erase")
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: MemberRequest, dossier: UUID) -> HttpResponse:
    """Erase a dossier for good, after saying what goes and asking for a word."""
    page = erase_page(dossier, by=request.by)
    if request.method != "POST":
        return render_page(request, "dossiers/erase.html", page)
    if request.POST.get("word", "").strip().casefold() != page.word.casefold():
        return render_page(request, "dossiers/erase.html", replace(page, wrong=True))
    erase_dossier(dossier, by=request.by)
    messages.success(request, _("The dossier was erased."))
    return redirect("incidents:incidents" if page.is_incident else "fabric:actors")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: MemberRequest) -> HttpResponse:
    """Search over sealed text.

    What is sought is often a name, and addresses are kept: by the browser's history, by a server's log, by whoever
    is shown a link. So the words travel in the body of the form and the answer is drawn at once; there is no address
    that repeats a search.
    """
    words = request.POST.get("words", "") if request.method == "POST" else ""
    return render_page(request, "dossiers/search.html", search_page(words, asked=request.method == "POST"))


@open_door("how Tejido works is no secret, and whoever stands before a locked workspace may need to read it")
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The guide, how a reading is reckoned, the glossary."""
    return render_page(request, "dossiers/help.html", help_content())


def _place(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None
