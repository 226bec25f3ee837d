"""The sheets of ties, places and consents."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tejido.circles.policies import MemberRequest, may
from tejido.domain.errors import BadInput, Conflict
from tejido.fabric import actions, queries
from tejido.fabric.forms import ConsentSheet, EndSheet, PresenceSheet, TieSheet
from tejido.fabric.models import Actor, Tie
from tejido.fabric.pages import ConsentPage, PresencePage, RemovalPage, TieEndPage, TiePage, WithdrawalPage
from tejido.fabric.reading_forms import differing, dossier, settled
from tejido.web.rendering import render_page

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_LISTS = {"kind": "tie_kinds", "strength": "tie_strengths", "certainty": "certainties"}
_ENDS = ("one", "other")


@may("write")
@_FORM
def tie_new(request: MemberRequest, actor: UUID | None = None) -> HttpResponse:
    """Tie two actors; from the page of one of them, that one is given."""
    known = queries.actor_by_id(actor, by=request.by) if actor else None
    fixed = ("one",) if known else ()
    form = TieSheet(request.POST if request.method == "POST" else None, fixed=fixed)
    if not form.is_bound:
        return render_page(request, "fabric/tie_form.html", TiePage(form, known))
    if form.is_valid():
        try:
            with transaction.atomic():
                tie = _tie(request, form, known)
        except BadInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Tied."))
            return HttpResponseRedirect(dossier("actor", known.pk if known else tie.from_actor_id))
    return render_page(request, "fabric/tie_form.html", TiePage(form, known), status=422)


@may("write")
@_FORM
def tie_edit(request: MemberRequest, tie: UUID) -> HttpResponse:
    """Change what is said of a tie; its ends stay."""
    found = queries.tie_by_id(tie, by=request.by)
    now = _tie_typed(found)
    if request.method != "POST":
        form = TieSheet(initial=now, fixed=_ENDS, both_ways=False)
        return render_page(request, "fabric/tie_form.html", TiePage(form, tie=found))
    form = TieSheet(request.POST, initial=now, fixed=_ENDS, both_ways=False)
    status = 422
    theirs: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            seen = form.cleaned_data["revision"] or 0
            actions.change_tie(by=request.by, tie=found, seen=seen, **form.tie_values())
        except Conflict as error:
            form.refuse(error)
            found = queries.tie_by_id(tie, by=request.by)
            status, theirs = 409, differing(form, _tie_typed(found), _LISTS)
            form.post_again(revision=str(found.revision))
        except BadInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Changed."))
            return HttpResponseRedirect(dossier("actor", found.from_actor_id))
    return render_page(request, "fabric/tie_form.html", TiePage(form, tie=found, theirs=theirs), status=status)


@may("write")
@_FORM
def tie_end(request: MemberRequest, tie: UUID) -> HttpResponse:
    """Say until when a tie held."""
    found = queries.tie_by_id(tie, by=request.by)
    if request.method != "POST":
        form = EndSheet(initial={"revision": found.revision, "until": found.until})
        return render_page(request, "fabric/tie_end.html", TieEndPage(form, found))
    form = EndSheet(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.end_tie(by=request.by, tie=found, until=said["until"], seen=said["revision"] or 0)
        except (BadInput, Conflict) as error:
            form.refuse(error)
            form.post_again(revision=str(queries.tie_by_id(tie, by=request.by).revision))
        else:
            messages.success(request, _("The tie stays on record, with its end."))
            return HttpResponseRedirect(dossier("actor", found.from_actor_id))
    return render_page(request, "fabric/tie_end.html", TieEndPage(form, found), status=422)


@may("write")
@_FORM
def tie_remove(request: MemberRequest, tie: UUID) -> HttpResponse:
    """Remove a tie that was recorded by mistake."""
    found = queries.tie_by_id(tie, by=request.by)
    back = dossier("actor", found.from_actor_id)
    if request.method == "POST":
        actions.remove_tie(by=request.by, tie=found)
        messages.success(request, _("Removed."))
        return HttpResponseRedirect(back)
    name = f"{found.from_actor.usual_name} – {found.to_actor.usual_name}"
    return render_page(request, "fabric/removal.html", RemovalPage(name, "tie", back))


@may("write")
@_FORM
def presence_new(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Say where an actor lives, works, defends or operates."""
    found = queries.actor_by_id(actor, by=request.by)
    form = PresenceSheet(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return render_page(request, "fabric/presence_form.html", PresencePage(form, found))
    if form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                place = settled(said["territory"], request.by)
                assert place is not None, "the field is required"
                territory = queries.territory_by_id(place, by=request.by)
                actions.place_actor(
                    by=request.by, actor=found, territory=territory, kind=said["kind"], words=said["words"]
                )
        except BadInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded and locked."))
            return HttpResponseRedirect(dossier("actor", found.pk))
    return render_page(request, "fabric/presence_form.html", PresencePage(form, found), status=422)


@may("write")
@_FORM
def consent_new(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Record what an actor agreed to, or refused."""
    found = queries.actor_by_id(actor, by=request.by)
    form = ConsentSheet(request.POST if request.method == "POST" else None, actor=found)
    if not form.is_bound:
        return render_page(request, "fabric/consent_form.html", ConsentPage(form, found))
    if form.is_valid():
        values = {"scope": "individual", **form.cleaned_data}
        try:
            actions.give_consent(by=request.by, actor=found, **values)
        except BadInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded and locked."))
            return HttpResponseRedirect(dossier("actor", found.pk))
    return render_page(request, "fabric/consent_form.html", ConsentPage(form, found), status=422)


@may("write")
@_FORM
def consent_withdraw(request: MemberRequest, consent: UUID) -> HttpResponse:
    """Withdraw a consent, at once; first show what that stops."""
    found = queries.consent_by_id(consent, by=request.by)
    today = timezone.localdate()
    if request.method == "POST":
        actions.withdraw_consent(by=request.by, consent=found, today=today)
        messages.success(request, _("Withdrawn. From this moment it covers nothing."))
        return HttpResponseRedirect(dossier("actor", found.actor_id))
    same = (found.purpose, found.audience, found.scope)
    still = [
        one
        for one in queries.consents_of([found.actor_id])
        if (one.purpose, one.audience, one.scope) != same and queries.stands(one, today)
    ]
    return render_page(request, "fabric/consent_withdraw.html", WithdrawalPage(found, tuple(still)))


def _tie(request: MemberRequest, form: TieSheet, known: Actor | None) -> Tie:
    ends = [known or _actor(request, form, "one"), _actor(request, form, "other")]
    if form.turned:
        ends.reverse()
    return actions.tie_actors(by=request.by, from_actor=ends[0], to_actor=ends[1], **form.tie_values())


def _actor(request: MemberRequest, form: TieSheet, field: str) -> Actor:
    chosen = settled(form.cleaned_data[field], request.by)
    assert chosen is not None, "the field is required"
    return queries.actor_by_id(chosen, by=request.by)


def _tie_typed(tie: Tie) -> dict[str, object]:
    names = ("revision", "kind", "strength", "certainty", "since", "until", "source", "words")
    return {name: getattr(tie, name) for name in names}
