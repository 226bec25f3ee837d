"""The pages on which an incident is followed up: links, steps of justice, sources."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tejido.circles.policies import MemberRequest, may
from tejido.domain.errors import BadInput
from tejido.domain.names import usual_form
from tejido.incidents import actions
from tejido.incidents.catalogue import INCIDENTS
from tejido.incidents.entering import Newcomers, source_given
from tejido.incidents.forms import JusticeSheet, LinkSheet, SourceSheet
from tejido.incidents.listing import rows_of
from tejido.incidents.models import Incident
from tejido.incidents.pages import JusticePage, LinkPage, Row, SourcePage
from tejido.incidents.queries import incident_by_id, incidents_by_id
from tejido.vault.catalogue import catalogue
from tejido.web.rendering import render_page

_MOST_FOUND = 20


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def link_new(request: MemberRequest, incident: UUID) -> HttpResponse:
    """Link an incident to another: search for it, choose it, say how they have to do with each other."""
    recorded = incident_by_id(incident)
    words = usual_form(request.POST.get("words_sought", ""))[:200]
    form = LinkSheet(request.POST) if "link" in request.POST else None
    if form is not None and form.is_valid():
        said = form.cleaned_data
        try:
            actions.link_incidents(
                by=request.by,
                from_incident=incident,
                to_incident=said["other"],
                kind=said["kind"],
                words=said["words"],
            )
        except BadInput as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The two incidents are linked."))
            return redirect("dossiers:incident", incident)
    other = _other(request)
    if form is None and other is not None:
        form = LinkSheet(initial={"other": other.pk})
    return render_page(request, "incidents/link.html", LinkPage(recorded, words, _found(words, recorded), form, other))


@may("write")
@require_POST
def unlink(request: MemberRequest, incident: UUID, link: UUID) -> HttpResponse:
    """Take a link away."""
    actions.unlink_incidents(by=request.by, link=link)
    messages.success(request, _("The link was taken away."))
    return redirect("dossiers:incident", incident)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def justice_new(request: MemberRequest, incident: UUID) -> HttpResponse:
    """Note a step of justice."""
    recorded = incident_by_id(incident)
    form = JusticeSheet(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, newcomers = form.cleaned_data, Newcomers(request.by)
        authority = newcomers.ids(said["authority"])
        actions.record_justice(
            by=request.by,
            incident=incident,
            stage=said["stage"],
            outcome=said["outcome"],
            authority=authority[0] if authority else None,
            when=said["when"],
            words=said["words"],
            newcomers=newcomers.records,
        )
        messages.success(request, _("The step of justice was noted."))
        return redirect("dossiers:incident", incident)
    return render_page(request, "incidents/justice.html", JusticePage(recorded, form))


@may("write")
@require_POST
def justice_remove(request: MemberRequest, incident: UUID, step: UUID) -> HttpResponse:
    """Take a step of justice out."""
    actions.remove_justice(by=request.by, step=step)
    messages.success(request, _("The step of justice was taken out."))
    return redirect("dossiers:incident", incident)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def source_new(request: MemberRequest, incident: UUID) -> HttpResponse:
    """Add a source."""
    recorded = incident_by_id(incident)
    form = SourceSheet(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.is_told():
            actions.add_source(by=request.by, incident=incident, source=source_given(form.cleaned_data))
            messages.success(request, _("The source was added."))
            return redirect("dossiers:incident", incident)
        form.add_error("how", _("Say how we know, or who or what says so."))
    return render_page(request, "incidents/source.html", SourcePage(recorded, form))


@may("write")
@require_POST
def source_remove(request: MemberRequest, incident: UUID, source: UUID) -> HttpResponse:
    """Take a source out."""
    actions.remove_source(by=request.by, source=source)
    messages.success(request, _("The source was taken out."))
    return redirect("dossiers:incident", incident)


def _found(words: str, recorded: Incident) -> tuple[Row, ...]:
    if not words:
        return ()
    lines = catalogue().page(INCIDENTS, words=words, size=_MOST_FOUND, newest_first=True).rows
    return rows_of(tuple(line for line in lines if line.id != recorded.pk))


def _other(request: MemberRequest) -> Incident | None:
    try:
        wanted = UUID(request.POST.get("other", ""))
    except ValueError:
        return None
    return incidents_by_id([wanted]).get(wanted)
