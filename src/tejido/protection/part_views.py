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
from tejido.domain.errors import BadInput, Conflict, NotFound
from tejido.fabric.kinds import COLLECTIVES
from tejido.incidents.models import Incident
from tejido.protection import actions
from tejido.protection.forms import MeasureForm, PracticesForm, ReasonForm, ThreatForm
from tejido.protection.given import FAMILIES, family_of
from tejido.protection.meanwhile import told_meanwhile
from tejido.protection.models import Measure, Plan, Threat
from tejido.protection.pages import (
    CatalogueEntry,
    CatalogueFamily,
    ChoosePage,
    MeasurePage,
    SheetPage,
)
from tejido.protection.queries import incidents_to_show, measure_by_id, people_around, plan_by_id, threat_by_id
from tejido.protection.showing import FAMILY_WORDS, head_of
from tejido.protection.views import to_plan
from tejido.vocabularies import vocabulary
from tejido.web.rendering import render_page
from tejido.web.wording import page_language

P = TypeVar("P", Measure, Threat)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def threat_new(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Name a threat in the group's own words."""
    found = plan_by_id(plan, by=request.by)
    data = request.POST if request.method == "POST" else None
    form = ThreatForm(data, incidents=incidents_to_show(found.collective_id))
    if form.is_valid():
        try:
            actions.name_threat(by=request.by, plan=plan, **form.told())
            return to_plan(plan)
        except BadInput as error:
            form.refuse(error)
    page = SheetPage(head_of(found), form)
    return render_page(request, "protection/threat.html", page, status=400 if form.errors else 200)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def threat_edit(request: MemberRequest, plan: UUID, threat: UUID) -> HttpResponse:
    """Say a threat in other words."""
    found = plan_by_id(plan, by=request.by)
    known = _part(found.threats.all(), threat)
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


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def measure_new(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Ask what the group already does, then offer the catalogue as questions, then ask about one measure."""
    found = plan_by_id(plan, by=request.by)
    code, family = request.GET.get("code", ""), request.GET.get("family", "")
    if code in vocabulary("measures"):
        return _one_measure(request, found, code, family_of(code))
    if family in FAMILIES:
        return _one_measure(request, found, "", family)
    form = PracticesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.note_practices(by=request.by, plan=plan, practices=form.practices_told())
        messages.success(request, _("What you already do stands in the plan now, as protection."))
        return to_plan(plan)
    page = ChoosePage(head_of(found), form, _catalogue(found), _threat_asked(request, found))
    return render_page(request, "protection/choose.html", page, status=400 if form.errors else 200)


def _catalogue(plan: Plan) -> tuple[CatalogueFamily, ...]:
    lang, families, has = page_language(), vocabulary("measure_families"), {one.code for one in plan.measures.all()}
    return tuple(
        CatalogueFamily(
            letter=family.text("letter"),
            title=_(FAMILY_WORDS[family.text("letter")][0]),
            definition=family.definition(lang),
            entries=tuple(
                CatalogueEntry(one.code, one.label(lang), one.text("prompt", lang), one.code in has)
                for one in vocabulary("measures")
                if one.text("family") == family.code
            ),
        )
        for family in families
    )


def _threat_asked(request: MemberRequest, plan: Plan) -> UUID | None:
    """Return the threat of the plan that a measure is sought for, if the address names one."""
    asked = request.GET.get("threat", "")
    return next((one.pk for one in plan.threats.all() if str(one.pk) == asked), None)


def _one_measure(request: MemberRequest, plan: Plan, code: str, family: str) -> HttpResponse:
    form = _measure_form(request, plan, code, family, _begun(request, plan))
    page = _measure_page(plan, form, code, family)
    if form.is_valid():
        try:
            actions.add_measure(by=request.by, plan=plan.pk, measure=form.told())
            return to_plan(plan.pk)
        except BadInput as error:
            form.refuse(error)
    return render_page(request, "protection/measure.html", page, status=400 if form.errors else 200)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def measure_edit(request: MemberRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Change a measure: who, when, how it stands, what it does to the others."""
    found = plan_by_id(plan, by=request.by)
    known = _part(found.measures.all(), measure)
    initial = MeasureForm.initial_of(known)
    form = _measure_form(request, found, known.code, known.family, initial, known)
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            actions.change_measure(by=request.by, measure=measure, given=form.told(), revision=revision)
            return to_plan(plan)
        except Conflict as error:
            meanwhile = told_meanwhile(form, error, initial)
        except BadInput as error:
            form.refuse(error)
    page = _measure_page(found, form, known.code, known.family, known, meanwhile)
    status = 409 if meanwhile else 400 if form.errors else 200
    return render_page(request, "protection/measure.html", page, status=status)


@may("write")
@require_POST
def measure_reason(request: MemberRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Keep why the group goes on with a measure in spite of its known harms."""
    found = measure_by_id(measure, by=request.by)
    form = ReasonForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        actions.give_reason(by=request.by, measure=found.pk, reason=told["reason"], revision=told["revision"])
    else:
        messages.warning(request, _("Write the reason in a few words; nothing was changed."))
    return to_plan(plan)


@may("write")
@require_POST
def measure_remove(request: MemberRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Take out a measure written down by mistake."""
    actions.remove_measure(by=request.by, measure=measure_by_id(measure, by=request.by).pk)
    messages.success(request, _("The measure was taken out."))
    return to_plan(plan)


def _begun(request: MemberRequest, plan: Plan) -> dict[str, object]:
    """Return how the form of a new measure begins: something that is wanted, for the threat it was asked from."""
    return {"threat": str(_threat_asked(request, plan) or ""), "status": "wanted"}


#: A choice of hundreds helps nobody and makes a heavy page: groups and committees first, then the nearest people.
#: Anybody else fits into the words.
_MOST_OFFERED = 60


def _measure_form(
    request: MemberRequest,
    plan: Plan,
    code: str,
    family: str,
    initial: dict[str, object],
    known: Measure | None = None,
) -> MeasureForm:
    people = sorted(people_around(plan.collective), key=lambda one: one.kind not in COLLECTIVES)[:_MOST_OFFERED]
    named = [one for one in (known.owner, known.person) if one is not None] if known else []
    people += [one for one in named if one.pk not in {other.pk for other in people}]
    return MeasureForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        code=code,
        family=family,
        threats=plan.threats.all(),
        people=people,
    )


def _measure_page(
    plan: Plan,
    form: MeasureForm,
    code: str,
    family: str,
    measure: Measure | None = None,
    meanwhile: tuple[tuple[str, str], ...] = (),
) -> MeasurePage:
    lang, term = page_language(), vocabulary("measures").term(code) if code else None
    return MeasurePage(
        head=head_of(plan),
        form=form,
        family=_(FAMILY_WORDS[family][0]),
        label=term.label(lang) if term else "",
        prompt=term.text("prompt", lang) if term else "",
        definition=term.definition(lang) if term else "",
        harms=term.text("known_harms", lang) if term else "",
        measure=measure,
        meanwhile=meanwhile,
    )


def _part(parts: Iterable[P], pk: UUID) -> P:
    """Return the part of the plan with this id; ``NotFound`` when it is another plan's."""
    found = next((one for one in parts if one.pk == pk), None)
    if found is None:
        raise NotFound
    return found
