"""Pages of an alert on its way: whom somebody told, who is told as well, how it ends."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tejido.circles.policies import MemberRequest, may
from tejido.domain.errors import BadInput, Conflict, NotFound, RuleBroken
from tejido.protection.alerts import actions, forms
from tejido.protection.alerts.given import ToldGiven
from tejido.protection.alerts.models import Alert, AlertCall
from tejido.protection.alerts.showing import steps_offered, way_of
from tejido.protection.alerts.views import of_group, to_alert
from tejido.protection.following.pages import KeepPage
from tejido.protection.meanwhile import carry_revision, told_meanwhile
from tejido.web.forms import Sheet
from tejido.web.rendering import render_page


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def alert_tell(request: MemberRequest, actor: UUID, alert: UUID, call: UUID) -> HttpResponse:
    """Write down that somebody was told, when, and what they answered."""
    found = of_group(request, actor, alert)
    one = _call(found, call)
    data, stopped = request.POST if request.method == "POST" else None, found.status == "stopped"
    form = forms.ToldForm(data, initial=forms.ToldForm.initial_of(one), stopped=stopped)
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            _note(request, one, form)
            messages.success(request, _("It is kept."))
            return to_alert(found)
        except Conflict as error:
            meanwhile = told_meanwhile(form, error, form.initial)
        except (BadInput, RuleBroken) as error:
            form.refuse(error)
    voice = way_of(one) + (" · " + _("If nobody answers: %(who)s") % {"who": one.stand_in} if one.stand_in else "")
    return _sheet(request, found, form, one.name, voice, meanwhile)


def _note(request: MemberRequest, one: AlertCall, form: forms.ToldForm) -> None:
    given = form.told()
    assert isinstance(given, ToldGiven)
    actions.note_told(
        by=request.by,
        call=one.pk,
        given=given,
        today=timezone.localdate(),
        still_stood=form.cleaned_data.get("still_stood", False),
        revision=form.cleaned_data["revision"],
    )


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def alert_add(request: MemberRequest, actor: UUID, alert: UUID) -> HttpResponse:
    """Choose others of the network who are told as well."""
    found = of_group(request, actor, alert)
    there = frozenset(str(one.step_id) for one in found.calls.all())
    form = forms.AddForm(
        request.POST if request.method == "POST" else None, steps=steps_offered(found.collective, but=there)
    )
    if form.is_valid():
        try:
            actions.add_to_chain(by=request.by, alert=alert, chain=form.chosen())
            messages.success(request, _("It is kept."))
            return to_alert(found)
        except BadInput as error:
            form.refuse(error)
    voice = _("What they are told stays as the group decided it.")
    return _sheet(request, found, form, _("Tell somebody else as well"), voice)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def alert_end(request: MemberRequest, actor: UUID, alert: UUID) -> HttpResponse:
    """Stop it, or write down what came of it."""
    found = of_group(request, actor, alert)
    form = forms.EndForm(request.POST if request.method == "POST" else None, initial={"revision": found.revision})
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.end_alert(by=request.by, alert=alert, today=timezone.localdate(), **told)
            messages.success(request, _("It ended. Those who know of it should hear that."))
            return to_alert(found)
        except (BadInput, Conflict) as error:
            form.refuse(error)
            carry_revision(form, found.revision)
    return _sheet(request, found, form, _("End this call"), _("Anybody may stop it, at any time, without asking."))


def _call(alert: Alert, call: UUID) -> AlertCall:
    found = next((one for one in alert.calls.all() if one.pk == call), None)
    if found is None:
        raise NotFound
    return found


def _sheet(
    request: MemberRequest,
    alert: Alert,
    form: Sheet,
    title: str,
    voice: str,
    meanwhile: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    group = alert.collective
    back = reverse("protection:alert", args=[group.pk, alert.pk])
    page = KeepPage(group.usual_name, group.pk, _("Calls to others"), title, voice, form, back, meanwhile=meanwhile)
    status = 409 if meanwhile else 400 if form.errors else 200
    return render_page(request, "protection/following/keep.html", page, status=status)
