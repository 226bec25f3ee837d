"""What a circle says about its readings: how they are reckoned, that one is wrong, that a notice was seen."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain.errors import BadInput, Conflict
from tejido.domain.roles import ROLES
from tejido.dossiers.reading_settings import SettingsChangePage, SettingsForm, settings_page
from tejido.dossiers.wrong import (
    Doubt,
    WrongForm,
    WrongPage,
    back_from,
    doubt_of_affected,
    doubt_of_pattern,
    doubt_of_warning,
)
from tejido.readings import actions
from tejido.readings.notices import notices
from tejido.web.rendering import render_page


@members_only
@require_safe
def reading_settings(request: MemberRequest) -> HttpResponse:
    """How the readings of this circle are reckoned."""
    may_change = "set readings" in ROLES.get(request.by.role, ())
    return render_page(request, "dossiers/reading_settings.html", settings_page(may_change=may_change))


@may("set readings")
@require_http_methods(["GET", "HEAD", "POST"])
def reading_settings_change(request: MemberRequest) -> HttpResponse:
    """Choose how they are reckoned."""
    form = SettingsForm(
        request.POST if request.method == "POST" else None, initial=SettingsForm.standing(request.by.circle_id)
    )
    if form.is_valid():
        try:
            actions.set_readings(by=request.by, chosen=form.chosen(), revision=form.cleaned_data["revision"])
            messages.success(request, _("Kept. From now on readings are reckoned like this, all of them anew."))
            return HttpResponseRedirect(reverse("dossiers:reading_settings"), status=303)
        except (BadInput, Conflict) as error:
            form.refuse(error)
    page = SettingsChangePage(form)
    return render_page(request, "dossiers/reading_settings_change.html", page, status=400 if form.is_bound else 200)


@may("set readings")
@require_POST
def reading_settings_back(request: MemberRequest) -> HttpResponse:
    """Go back to the defaults."""
    actions.set_readings_back(by=request.by)
    messages.success(request, _("Readings are reckoned by the defaults again."))
    return HttpResponseRedirect(reverse("dossiers:reading_settings"), status=303)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def wrong_affected(request: MemberRequest, incident: UUID, actor: UUID) -> HttpResponse:
    """Say that an incident does not touch somebody as it is read."""
    return _wrong(request, doubt_of_affected(incident, actor, today=timezone.localdate()))


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def wrong_actor(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Say that what may come to a collective is wrong."""
    return _wrong(request, doubt_of_warning(actor=actor))


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def wrong_territory(request: MemberRequest, territory: UUID) -> HttpResponse:
    """Say that what may come in a territory is wrong."""
    return _wrong(request, doubt_of_warning(territory=territory))


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def wrong_pattern(request: MemberRequest, key: str) -> HttpResponse:
    """Say that what recurs is wrong."""
    return _wrong(request, doubt_of_pattern(key, today=timezone.localdate()))


def _wrong(request: MemberRequest, doubt: Doubt) -> HttpResponse:
    form = WrongForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.object_to(
                by=request.by, doubted=doubt.doubted, why=form.cleaned_data["why"], today=timezone.localdate()
            )
            messages.success(request, _("It stands beside the reading now. You can take it back at any time."))
            return HttpResponseRedirect(doubt.back, status=303)
        except BadInput as error:
            form.refuse(error, "why")
    page = WrongPage(doubt.says, doubt.back, form)
    return render_page(request, "dossiers/reading_wrong.html", page, status=400 if form.errors else 200)


@may("write")
@require_POST
def wrong_take_back(request: MemberRequest, objection: UUID) -> HttpResponse:
    """Take it back."""
    record = actions.take_back_objection(by=request.by, objection=objection, today=timezone.localdate())
    messages.success(request, _("Taken back. It is no longer shown."))
    return HttpResponseRedirect(back_from(record), status=303)


@may("write")
@require_POST
def notices_seen(request: MemberRequest) -> HttpResponse:
    """Say that notices were seen: those that stood on the page."""
    shown = set(request.POST.getlist("group"))
    found = [one for one in notices() if str(one.actor) in shown]
    if found:
        actions.see_notices(by=request.by, actors=[one.actor for one in found], day=found[0].day)
        messages.success(request, _("Written down. You are told again when it has calmed down and comes back."))
    return HttpResponseRedirect(reverse("dossiers:home"), status=303)
