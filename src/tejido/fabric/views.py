"""The lists of the fabric, and the sheets of actors."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain.errors import BadInput, Conflict, RuleBroken
from tejido.fabric import actions, queries, typed
from tejido.fabric.beside import beside
from tejido.fabric.catalogue import ACTORS, TERRITORIES
from tejido.fabric.choosing import as_id, doubles_of
from tejido.fabric.forms import ActorSheet
from tejido.fabric.kinds import TABS, tab_of
from tejido.fabric.models import Actor
from tejido.fabric.pages import ActorPage, ActorsPage, RemovalPage, Tab, TerritoriesPage
from tejido.fabric.reading_forms import differing, dossier, keep_sought, rows_of, sought_words
from tejido.vault.catalogue import Catalogue, catalogue
from tejido.vault.journal import serialised
from tejido.vocabularies import vocabulary
from tejido.web.paging import place_asked
from tejido.web.rendering import render_page
from tejido.web.wording import sentence_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_LISTS = {"kind": "actor_kinds", "naming": "naming", "form": "group_forms"}


@members_only
@_FORM
def actors(request: MemberRequest) -> HttpResponse:
    """List actors, collectives first; a search is posted, so that no name stands in an address."""
    if request.method == "POST":
        return keep_sought(request, "actors", reverse("fabric:actors"))
    cat = catalogue()
    words = sought_words(request, "actors")
    tab = request.GET.get("tab", "all" if words else TABS[0])
    tab = tab if tab in TABS else "all"
    kind = request.GET.get("kind", "")
    facets = ([f"kind:{kind}"] if kind in vocabulary("actor_kinds") else []) + ([f"tab:{tab}"] if tab in TABS else [])
    rows = cat.page(ACTORS, facets=facets, words=words, **place_asked(request))
    page = ActorsPage(
        total=cat.total(ACTORS),
        tabs=_tabs(cat, tab),
        kinds=_kinds(cat, tab, kind),
        tab=tab,
        words=words,
        rows=rows_of("actor", rows.rows, "actor_kinds", beside([line.id for line in rows.rows])),
        collectives=cat.counts(ACTORS, "tab:").get(TABS[0], 0),
        rows_page=rows,
    )
    return render_page(request, "fabric/actors.html", page)


@may("write")
@_FORM
def actor_new(request: MemberRequest) -> HttpResponse:
    """Record an actor; likely doubles are shown first, and nothing typed is lost on either answer."""
    if request.method != "POST":
        kind = request.GET.get("kind", "community")
        form = ActorSheet(initial={"kind": kind}) if kind in vocabulary("actor_kinds") else ActorSheet()
        return render_page(request, "fabric/actor_form.html", ActorPage(form))
    form = ActorSheet(request.POST)
    if not form.is_valid():
        return render_page(request, "fabric/actor_form.html", ActorPage(form), status=422)
    try:
        values = form.actor_values()
        answer = request.POST.get("double", "")
        known = as_id(answer)
        if known is not None:
            return _merge(request, form, queries.actor_by_id(known, by=request.by))
        with serialised():  # of two who write the same down at once, the second sees the first
            doubles = doubles_of([name.text for name in values["names"]]) if answer != "another" else ()
            actor = None if doubles else actions.record_actor(by=request.by, **values)
        if actor is None:
            return render_page(request, "fabric/actor_form.html", ActorPage(form, doubles=doubles), status=422)
    except BadInput as error:
        form.refuse(error)
        return render_page(request, "fabric/actor_form.html", ActorPage(form), status=422)
    messages.success(request, _("Recorded and locked."))
    return HttpResponseRedirect(dossier("actor", actor.pk))


@may("write")
@_FORM
def actor_edit(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Change what is said of an actor."""
    found = queries.actor_by_id(actor, by=request.by)
    if request.method != "POST":
        form = ActorSheet(initial=typed.actor_typed(found))
        return render_page(request, "fabric/actor_form.html", ActorPage(form, found))
    form = ActorSheet(request.POST, initial=typed.actor_typed(found))
    if not form.is_valid():
        return render_page(request, "fabric/actor_form.html", ActorPage(form, found), status=422)
    try:
        seen = form.cleaned_data["revision"] or 0
        actions.change_actor(by=request.by, actor=found, seen=seen, **form.actor_values())
    except BadInput as error:
        form.refuse(error)
        return render_page(request, "fabric/actor_form.html", ActorPage(form, found), status=422)
    except Conflict as error:
        return _told_apart(request, form, queries.actor_by_id(actor, by=request.by), error)
    messages.success(request, _("Changed."))
    return HttpResponseRedirect(dossier("actor", found.pk))


@may("write")
@_FORM
def actor_remove(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Remove an actor that nothing else speaks of."""
    found = queries.actor_by_id(actor, by=request.by)
    if request.method == "POST":
        try:
            actions.remove_actor(by=request.by, actor=found)
        except RuleBroken as error:
            messages.error(request, sentence_of(error))
            return HttpResponseRedirect(dossier("actor", actor))
        messages.success(request, _("Removed."))
        return HttpResponseRedirect(reverse("fabric:actors"))
    page = RemovalPage(found.usual_name, "actor", dossier("actor", found.pk))
    return render_page(request, "fabric/removal.html", page)


@members_only
@_FORM
def territories(request: MemberRequest) -> HttpResponse:
    """List the widest territories, the parts of one, or what a search found."""
    if request.method == "POST":
        return keep_sought(request, "territories", reverse("fabric:territories"))
    cat = catalogue()
    words = sought_words(request, "territories")
    inside = as_id(request.GET.get("in", ""))
    within = queries.territory_by_id(inside, by=request.by) if inside and not words else None
    facets = [] if words else [f"in:{within.pk}" if within else "top"]
    rows = cat.page(TERRITORIES, facets=facets, words=words, **place_asked(request))
    page = TerritoriesPage(
        total=cat.total(TERRITORIES),
        within=within,
        above=tuple(queries.wider_territories(within)) if within else (),
        assets=tuple(queries.assets_of([within.pk])) if within else (),
        words=words,
        rows=rows_of("territory", rows.rows, "territory_kinds"),
        rows_page=rows,
    )
    return render_page(request, "fabric/territories.html", page)


def _merge(request: MemberRequest, form: ActorSheet, known: Actor) -> HttpResponse:
    """Show the sheet of a known actor with what was typed added to it, still to be saved."""
    both = typed.merged(typed.actor_typed(known), form.cleaned_data)
    return render_page(request, "fabric/actor_form.html", ActorPage(ActorSheet(initial=both), known, merging=True))


def _told_apart(request: MemberRequest, form: ActorSheet, now: Actor, error: Conflict) -> HttpResponse:
    """Show what somebody else wrote beside what was typed; saving again then means it."""
    current = typed.actor_typed(now)
    theirs = differing(form, current, _LISTS)
    form.refuse(error)
    form.post_again(revision=str(now.revision))
    return render_page(request, "fabric/actor_form.html", ActorPage(form, now, theirs=theirs), status=409)


def _tabs(cat: Catalogue, here: str) -> tuple[Tab, ...]:
    counts = cat.counts(ACTORS, "tab:")
    return tuple(Tab(code, counts.get(code, 0), code == here) for code in TABS)


def _kinds(cat: Catalogue, tab: str, here: str) -> tuple[Tab, ...]:
    counts = cat.counts(ACTORS, "kind:")
    shown = [code for code in vocabulary("actor_kinds").codes if tab in ("all", tab_of(code)) and counts.get(code)]
    return tuple(Tab(code, counts[code], code == here) for code in shown)
