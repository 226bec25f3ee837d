"""Pages of the parts of a plan: threats and measures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tejido.circles.policies import MemberRequest, may
from tejido.domain.doubles import LikelyDouble
from tejido.domain.errors import BadInput, Conflict, NotFound
from tejido.incidents.models import Incident
from tejido.protection import actions
from tejido.protection.forms import GoOnForm, ThreatForm
from tejido.protection.meanwhile import is_another, told_double, told_meanwhile
from tejido.protection.models import Measure, Plan, Threat
from tejido.protection.pages import (
    SheetPage,
)
from tejido.protection.queries import incidents_to_show, plan_by_id, threat_by_id
from tejido.protection.showing import head_of
from tejido.protection.views import to_plan
from tejido.web.rendering import render_page

P = TypeVar("P", Measure, Threat)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def threat_new(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Name a threat in the group's own words."""
    found = plan_by_id(plan, by=request.by)
    data = request.POST if request.method == "POST" else None
    form = ThreatForm(data, incidents=incidents_to_show(found.collective_id))
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            actions.name_threat(by=request.by, plan=plan, alike_too=is_another(request), **form.told())
            return to_plan(plan)
        except LikelyDouble as error:
            meanwhile = told_double(form, error)
        except (BadInput, Conflict) as error:
            form.refuse(error)
    page = SheetPage(head_of(found), form, meanwhile=meanwhile)
    status = 409 if meanwhile else 400 if form.errors else 200
    return render_page(request, "protection/threat.html", page, status=status)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def threat_edit(request: MemberRequest, plan: UUID, threat: UUID) -> HttpResponse:
    """Say a threat in other words."""
    found = plan_by_id(plan, by=request.by)
    known = part_of(found.threats.all(), threat)
    data, initial = request.POST if request.method == "POST" else None, ThreatForm.initial_of(known)
    form = ThreatForm(data, initial=initial, incidents=_incidents_for(found, known))
    page = SheetPage(head_of(found), form, threat=known)
    if form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            actions.change_threat(by=request.by, threat=threat, revision=revision, **form.told())
            return to_plan(plan)
        except Conflict as error:
            meanwhile = told_meanwhile(form, error, initial)
            page = SheetPage(head_of(found), form, threat=known, meanwhile=meanwhile)
            return render_page(request, "protection/threat.html", page, status=409)
        except BadInput as error:
            form.refuse(error)
    return render_page(request, "protection/threat.html", page, status=400 if form.errors else 200)


def _incidents_for(plan: Plan, threat: Threat) -> list[Incident]:
    """Return the incidents a threat has shown itself in, then the latest others."""
    shown = [row.incident for row in threat.shown_in.all()]
    seen = {one.pk for one in shown}
    return [*shown, *(one for one in incidents_to_show(plan.collective_id) if one.pk not in seen)]


@may("write")
@require_POST
def threat_remove(request: MemberRequest, plan: UUID, threat: UUID) -> HttpResponse:
    """Take a threat out of its plan."""
    actions.remove_threat(by=request.by, threat=threat_by_id(threat, by=request.by).pk)
    messages.success(request, _("The threat was taken out; the measures that answered it are still there."))
    return to_plan(plan)


def part_of(parts: Iterable[P], pk: UUID) -> P:
    """Return the part of the plan with this id; ``NotFound`` when it is another plan's."""
    found = next((one for one in parts if one.pk == pk), None)
    if found is None:
        raise NotFound
    return found


@may("write")
@require_POST
def go_on(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Keep why the group goes on as it is, against a prompt."""
    plan_by_id(plan, by=request.by)
    form = GoOnForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        subject = told["subject"] if told["subject"] != plan else None
        actions.keep_reason(by=request.by, plan=plan, check=told["check"], words=told["words"], subject=subject)
        messages.success(request, _("The reason is kept beside it, for those who come later."))
    else:
        messages.warning(request, _("Write the reason in a few words; nothing was changed."))
    return to_plan(plan)
