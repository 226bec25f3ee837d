"""Sharing a dossier with another circle, taking it back, and reading what others share."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.openings import note_opening
from tejido.circles.policies import MemberRequest, may, members_only
from tejido.circles.sharing import shared_here, stop_sharing
from tejido.domain.errors import TejidoError
from tejido.dossiers.shared import decisions_offered, share_page, shared_dossier_page, shared_page
from tejido.dossiers.shared_pages import ShareForm
from tejido.protection.sharing import share_under_decision
from tejido.web.rendering import render_page


@members_only
@require_safe
def shared(request: MemberRequest) -> HttpResponse:
    """What others let us read, and what we let others read."""
    return render_page(request, "dossiers/shared.html", shared_page(by=request.by))


@members_only
@require_safe
def shared_dossier(request: MemberRequest, dossier: UUID) -> HttpResponse:
    """A dossier of another circle, to be read only."""
    page = shared_dossier_page(dossier, by=request.by)
    note_opening(by=request.by, noun=shared_here(dossier, request.by.circle_id).noun, record=dossier)
    return render_page(request, "dossiers/shared_dossier.html", page)


@may("take out")
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: MemberRequest, dossier: UUID) -> HttpResponse:
    """Let another circle read a dossier, after saying what that means."""
    form = ShareForm(request.POST if request.method == "POST" else None, decisions=decisions_offered(dossier))
    page = share_page(dossier, by=request.by, form=form)
    if form.is_valid():
        given = form.cleaned_data
        try:
            share_under_decision(
                dossier, by=request.by, sign=given["sign"], until=given["until"], why=given["why"],
                decision=form.decided(),
            )  # fmt: skip
        except TejidoError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The other circle can read it now."))
            return HttpResponseRedirect(reverse("dossiers:share", args=[dossier]), status=303)
    return render_page(request, "dossiers/share.html", page, status=400 if form.is_bound else 200)


@may("take out")
@require_POST
def unshare(request: MemberRequest, grant: UUID) -> HttpResponse:
    """Take a dossier back."""
    stop_sharing(grant, by=request.by)
    messages.success(request, _("The other circle can open it no more. What somebody has read stays read."))
    return HttpResponseRedirect(reverse("dossiers:shared"), status=303)
