"""Pages of measures: a new one, a change, why it goes on, its end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tejido.circles.policies import MemberRequest, may
from tejido.domain.doubles import LikelyDouble
from tejido.domain.errors import BadInput, Conflict, RuleBroken
from tejido.fabric.kinds import COLLECTIVES
from tejido.protection import actions
from tejido.protection.decision_views import said_of
from tejido.protection.ending import ENDED
from tejido.protection.forms import PracticesForm, ReasonForm
from tejido.protection.given import FAMILIES, family_of
from tejido.protection.meanwhile import carry_revision, is_another, told_double, told_meanwhile
from tejido.protection.measure_forms import EndForm, MeasureForm
from tejido.protection.models import Measure, Plan
from tejido.protection.pages import (
    CatalogueEntry,
    CatalogueFamily,
    ChoosePage,
    EndPage,
    MeasurePage,
)
from tejido.protection.part_views import part_of
from tejido.protection.queries import (
    measure_by_id,
    people_around,
    plan_by_id,
    standing_decisions,
)
from tejido.protection.sessions.queries import sessions_behind
from tejido.protection.sessions.saying import changes_wanted
from tejido.protection.showing import FAMILY_WORDS, head_of, title_of
from tejido.protection.views import to_plan
from tejido.vocabularies import vocabulary
from tejido.web.rendering import render_page
from tejido.web.wording import page_language


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
    changes = tuple(one for session in sessions_behind(found.pk) for one in changes_wanted(session))
    page = ChoosePage(head_of(found), form, _catalogue(found), _threat_asked(request, found), changes)
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
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            actions.add_measure(by=request.by, plan=plan.pk, measure=form.told(), alike_too=is_another(request))
            return to_plan(plan.pk)
        except LikelyDouble as error:
            meanwhile = told_double(form, error)
        except (BadInput, Conflict) as error:
            form.refuse(error)
    page = _measure_page(plan, form, code, family, meanwhile=meanwhile)
    status = 409 if meanwhile else 400 if form.errors else 200
    return render_page(request, "protection/measure.html", page, status=status)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def measure_edit(request: MemberRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Change a measure: who, when, how it stands, what it does to the others."""
    found = plan_by_id(plan, by=request.by)
    known = part_of(found.measures.all(), measure)
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
        except (BadInput, RuleBroken) as error:
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
        others=_others(plan, known),
    )


def _others(plan: Plan, known: Measure | None) -> list[tuple[str, str]]:
    """Return the measures that this one could wait for; with hundreds, the nearest to it."""
    others = [one for one in plan.measures.all() if known is None or one.pk != known.pk]
    first = [one for one in others if known is not None and one.pk == known.after_id]  # also when it has ended
    rest = [one for one in others if one not in first and one.status not in ENDED]
    return [(str(one.pk), title_of(one)) for one in [*first, *rest][:_MOST_OFFERED]]


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


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def measure_end(request: MemberRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """End a measure by a decision, or at once because it harms."""
    found, today = plan_by_id(plan, by=request.by), timezone.localdate()
    known = part_of(found.measures.all(), measure)
    standing = standing_decisions(found.collective_id, "measure_end", today)
    form = EndForm(
        request.POST if request.method == "POST" else None,
        initial={"revision": known.revision},
        decisions=[(str(one.pk), said_of(one)) for one in standing],
    )
    if form.is_valid():
        try:
            actions.end_measure(by=request.by, measure=measure, today=today, **form.told())
            messages.success(request, _("The measure has ended. What was learned from it stays."))
            return to_plan(plan)
        except Conflict as error:
            form.refuse(error)
            carry_revision(form, known.revision)
        except (BadInput, RuleBroken) as error:
            form.refuse(error)
    page = EndPage(head_of(found), title_of(known), form, found.status == "adopted", bool(standing))
    return render_page(request, "protection/measure_end.html", page, status=400 if form.errors else 200)
