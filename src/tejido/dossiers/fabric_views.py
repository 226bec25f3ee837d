"""The pages that read a collective's fabric: fetch, may I, answer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tejido.circles.openings import note_opening
from tejido.circles.policies import MemberRequest, members_only
from tejido.dossiers.our_fabric import our_fabric_page
from tejido.dossiers.patterns import patterns_page
from tejido.dossiers.what_if import Asked, what_if_page
from tejido.dossiers.whole_fabric import whole_fabric_page
from tejido.web.rendering import render_page


@members_only
@require_safe
def our_fabric(request: MemberRequest, actor: UUID) -> HttpResponse:
    """How a collective is woven, and what hangs on whom."""
    page = our_fabric_page(actor, today=timezone.localdate())
    note_opening(by=request.by, noun="fabric.actor", record=actor)
    return render_page(request, "dossiers/our_fabric.html", page)


@members_only
@require_safe
def what_if(request: MemberRequest, actor: UUID) -> HttpResponse:
    """What would change for a collective if somebody could not be reached: a form that changes nothing."""
    given = request.GET
    asked = Asked(
        given.getlist("gone"), given.getlist("meets"), given.getlist("raised"), given.getlist("parted"),
        given.get("tie_from", ""), given.get("tie_kind", ""), given.get("tie_to", ""), bool(given.get("asked")),
    )  # fmt: skip
    page = what_if_page(actor, asked, today=timezone.localdate())
    note_opening(by=request.by, noun="fabric.actor", record=actor)
    return render_page(request, "dossiers/what_if.html", page)


@members_only
@require_safe
def whole_fabric(request: MemberRequest) -> HttpResponse:
    """Which of the circle's collectives hang together, and what hangs on one."""
    return render_page(request, "dossiers/whole_fabric.html", whole_fabric_page(today=timezone.localdate()))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def patterns(request: MemberRequest) -> HttpResponse:
    """What recurs. The days of hearings travel in the body of the form: addresses are kept by others."""
    typed = request.POST.get("occasions", "") if request.method == "POST" else ""
    page = patterns_page(typed[:10000], today=timezone.localdate(), by=request.by.id)
    return render_page(request, "dossiers/patterns.html", page)
