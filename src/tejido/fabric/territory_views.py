"""The sheets of territories and of what they hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tejido.circles.policies import MemberRequest, may
from tejido.domain.errors import BadInput, Conflict, RuleBroken
from tejido.fabric import actions, queries, typed
from tejido.fabric.choosing import as_id
from tejido.fabric.forms import AssetSheet, TerritorySheet
from tejido.fabric.models import Territory
from tejido.fabric.pages import AssetPage, RemovalPage, TerritoryPage
from tejido.fabric.reading_forms import differing, dossier, settled
from tejido.web.rendering import render_page
from tejido.web.wording import sentence_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_LISTS = {"kind": "territory_kinds", "shown": "coarseness"}


@may("write")
@_FORM
def territory_new(request: MemberRequest) -> HttpResponse:
    """Record a territory."""
    if request.method != "POST":
        inside = as_id(request.GET.get("in", ""))
        form = TerritorySheet(initial={"parent": [inside] if inside else []})
        return render_page(request, "fabric/territory_form.html", TerritoryPage(form))
    form = TerritorySheet(request.POST, request.FILES)
    if form.is_valid():
        try:
            with transaction.atomic():
                territory = actions.record_territory(
                    by=request.by, parent=_parent(request, form), geometry=form.geometry, **_plain(form)
                )
        except BadInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded and locked."))
            return HttpResponseRedirect(dossier("territory", territory.pk))
    form.keep_file()
    return render_page(request, "fabric/territory_form.html", TerritoryPage(form), status=422)


@may("write")
@_FORM
def territory_edit(request: MemberRequest, territory: UUID) -> HttpResponse:
    """Change what is said of a territory; where it is stays unless something else is given."""
    found = queries.territory_by_id(territory, by=request.by)
    now = typed.territory_typed(found)
    if request.method != "POST":
        return _shown(request, TerritorySheet(initial=now), found)
    form = TerritorySheet(request.POST, request.FILES, initial=now)
    status = 422
    theirs: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            with transaction.atomic():
                _change(request, form, found)
        except Conflict as error:
            form.refuse(error)
            found = queries.territory_by_id(territory, by=request.by)
            status, theirs = 409, differing(form, typed.territory_typed(found), _LISTS)
            form.post_again(revision=str(found.revision))
        except BadInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Changed."))
            return HttpResponseRedirect(dossier("territory", found.pk))
    form.keep_file()
    return _shown(request, form, found, theirs=theirs, status=status)


@may("write")
@_FORM
def territory_remove(request: MemberRequest, territory: UUID) -> HttpResponse:
    """Remove a territory in which nothing lies."""
    found = queries.territory_by_id(territory, by=request.by)
    back = dossier("territory", found.pk)
    if request.method == "POST":
        try:
            actions.remove_territory(by=request.by, territory=found)
        except RuleBroken as error:
            messages.error(request, sentence_of(error))
            return HttpResponseRedirect(back)
        messages.success(request, _("Removed."))
        return HttpResponseRedirect(reverse("fabric:territories"))
    return render_page(request, "fabric/removal.html", RemovalPage(found.name, "territory", back))


@may("write")
@_FORM
def asset_new(request: MemberRequest, territory: UUID) -> HttpResponse:
    """Record something a community lives by in a territory."""
    found = queries.territory_by_id(territory, by=request.by)
    form = AssetSheet(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return render_page(request, "fabric/asset_form.html", AssetPage(form, found))
    if form.is_valid():
        try:
            actions.record_asset(by=request.by, territory=found, **form.cleaned_data)
        except BadInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded and locked."))
            return HttpResponseRedirect(dossier("territory", found.pk))
    return render_page(request, "fabric/asset_form.html", AssetPage(form, found), status=422)


def _change(request: MemberRequest, form: TerritorySheet, found: Territory) -> None:
    said = form.cleaned_data
    geometry: Any = actions.KEEP if form.geometry is None else form.geometry
    actions.change_territory(
        by=request.by,
        territory=found,
        seen=said["revision"] or 0,
        parent=_parent(request, form),
        geometry=None if said["forget"] else geometry,
        **_plain(form),
    )


def _parent(request: MemberRequest, form: TerritorySheet) -> Territory | None:
    chosen = settled(form.cleaned_data["parent"], request.by)
    return queries.territory_by_id(chosen, by=request.by) if chosen else None


def _plain(form: TerritorySheet) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("name", "kind", "about", "shown")}


def _shown(
    request: MemberRequest,
    form: TerritorySheet,
    found: Territory,
    *,
    theirs: tuple[tuple[str, str], ...] = (),
    status: int = 200,
) -> HttpResponse:
    outlined = bool(found.geometry) and found.geometry.get("type") != "Point"
    page = TerritoryPage(form, found, outlined, theirs)
    return render_page(request, "fabric/territory_form.html", page, status=status)
