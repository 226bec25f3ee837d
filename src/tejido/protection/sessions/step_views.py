"""Pages of the steps of a session: each can be left and taken up again, and two people may type at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tejido.circles.policies import MemberRequest, may
from tejido.domain.assessment_threats import prompts_for
from tejido.domain.doubles import LikelyDouble
from tejido.domain.errors import BadInput, Conflict, NotFound
from tejido.drawing.svg import Drawing
from tejido.incidents.models import Incident
from tejido.protection.meanwhile import is_another, told_double, told_meanwhile
from tejido.protection.once import made_once
from tejido.protection.queries import incidents_to_show, people_around
from tejido.protection.sessions import actions, keeping
from tejido.protection.sessions.forms import AssessedForm, InterestForm
from tejido.protection.sessions.models import AssessedThreat, Assessment, AssessmentPart
from tejido.protection.sessions.pages import RowPage, StepPage
from tejido.protection.sessions.pictures import fabric_drawn, fabric_said, field_of_forces, wheel_drawn, wheel_said
from tejido.protection.sessions.queries import earlier_than, modules_of, separate_of, session_by_id
from tejido.protection.sessions.showing import (
    beside,
    cards_of,
    earlier_pictures,
    head_of,
    interest_rows,
    look_of,
)
from tejido.protection.sessions.step_forms import PartForm, PlaceForm
from tejido.protection.sessions.stepping import (
    STEPS,
    asked_by_modules,
    forms_of,
    keep_forms,
    more_pictures,
    next_step,
    without_place,
)
from tejido.vocabularies import vocabulary
from tejido.web.rendering import render_page
from tejido.web.wording import WORDS, page_language

P = TypeVar("P", AssessedThreat, AssessmentPart)
_MOST_PEOPLE = 60


def to_step(session: UUID, step: str, after: UUID | None = None) -> HttpResponseRedirect:
    """Lead to a step of a session, or to what stands there behind a threat; without one, to the session itself."""
    if not step:
        return HttpResponseRedirect(reverse("protection:session", args=[session]), status=303)
    behind = f"?after={after}" if after is not None else ""
    return HttpResponseRedirect(reverse("protection:session_step", args=[session, step]) + behind, status=303)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def session_step(request: MemberRequest, session: UUID, step: str) -> HttpResponse:
    """Show a step and keep what is typed there, each place of it by itself."""
    if step not in STEPS:
        raise NotFound
    found = session_by_id(session, by=request.by)
    data = request.POST if request.method == "POST" else None
    after = _uuid(request.GET.get("after", ""))
    forms = forms_of(step, found, data, after)
    more = more_pictures(found, after) if step == "pictures" else None
    asks = asked_by_modules(step, found, modules_of(found), data)
    whole = True
    unplaced: tuple[str, ...] = ()
    if data is not None:
        unplaced = without_place(data, [*forms, *asks])
        whole = keep_forms(request.by, found, [*forms, *asks], shown_again=bool(unplaced)) and not unplaced
        if whole:
            if "on" in data:
                return to_step(session, step, more) if more else to_step(session, next_step(step))
            messages.success(request, _("What you wrote is kept."))
            return to_step(session, step, after)
    page = replace(_step_page(found, step, forms, asks), unplaced=unplaced, more=more)
    return render_page(
        request, "protection/sessions/step.html", page, status=200 if whole else status_of([*forms, *asks], unplaced)
    )


def status_of(forms: Iterable[PlaceForm], unplaced: tuple[str, ...]) -> int:
    """Return how a page answers that is shown again: 409 where somebody else wrote meanwhile, else 400."""
    return 409 if unplaced or any(form.meanwhile for form in forms) else 400


def _step_page(found: Assessment, step: str, forms: list[PartForm], asks: list[PartForm]) -> StepPage:
    earlier, separate = earlier_than(found), separate_of(found)
    drawn: Drawing | None = None
    said: tuple[str, ...] = ()
    if step == "wheel":
        drawn, said = wheel_drawn(found, earlier), wheel_said(found, earlier)
    elif step == "fabric":
        drawn, said = fabric_drawn(found, earlier), fabric_said(found, earlier)
    elif step == "interests":
        drawn = field_of_forces(found)
    with_threats = step in ("threats", "pictures")
    taken = {one.words for one in found.threats.all()}
    return StepPage(
        head=head_of(found, step),
        step=step,
        question=vocabulary("assessment_steps").term(step).text("question", page_language()),
        forms=tuple(forms),
        asks=tuple(asks),
        following=next_step(step),
        drawn=drawn,
        said=said,
        cards=cards_of(found, earlier_pictures(found)) if with_threats else (),
        interests=interest_rows(found) if step == "interests" else (),
        earlier=beside(earlier[-1:], step),
        separate=beside(separate, step),
        heard=_heard(separate, taken) if step == "threats" else (),
    )


def _heard(separate: list[Assessment], taken: set[str]) -> tuple[AssessedThreat, ...]:
    """Return the threats that separate sessions spoke of and the joint one has not yet."""
    return tuple(one for other in separate for one in other.threats.all() if one.words not in taken)


@may("write")
@require_POST
def take_over(request: MemberRequest, session: UUID) -> HttpResponse:
    """Bring a threat that a separate session spoke of into the joint one."""
    session_by_id(session, by=request.by)
    threat = _uuid(request.POST.get("threat", ""))
    made = actions.take_over(by=request.by, assessment=session, threats=[threat] if threat else [])
    if made:
        messages.success(request, _("The threat stands in this session now, with where it was heard."))
    return to_step(session, "threats")


def _uuid(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def session_threat(request: MemberRequest, session: UUID, threat: UUID | None = None) -> HttpResponse:
    """Look at a threat in five steps, a new one or one that is there."""
    found = session_by_id(session, by=request.by)
    known = _part(found.threats.all(), threat) if threat is not None else None
    initial = AssessedForm.initial_of(known) if known is not None else {}
    form = AssessedForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        incidents=_incidents_for(found, known),
        earlier=_earlier_for(found, known),
    )
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            _keep_threat(request, session, known, form)
            return to_step(session, "threats")
        except LikelyDouble as error:
            meanwhile = told_double(form, error)
        except Conflict as error:
            meanwhile = told_meanwhile(form, error, initial)
        except BadInput as error:
            form.refuse(error)
    prompts = prompts_for(look_of(known), WORDS) if known is not None else ()
    page = RowPage(head_of(found, "threats"), form, prompts, threat=known, meanwhile=meanwhile)
    status = 409 if meanwhile else 400 if form.errors else 200
    return render_page(request, "protection/sessions/threat.html", page, status=status)


def _keep_threat(request: MemberRequest, session: UUID, known: AssessedThreat | None, form: AssessedForm) -> None:
    if known is None:
        alike_too = is_another(request)
        actions.look_at_threat(by=request.by, assessment=session, given=form.told(), alike_too=alike_too)
    else:
        revision = form.cleaned_data["revision"]
        actions.change_assessed_threat(by=request.by, threat=known.pk, given=form.told(), revision=revision)


def _earlier_for(found: Assessment, known: AssessedThreat | None) -> list[AssessedThreat]:
    """Return the threats of the sessions before, and the one it is known to be though that was longer ago."""
    offered = [one for before in earlier_than(found)[::-1] for one in before.threats.all()]
    if known is not None and known.earlier is not None and known.earlier not in offered:
        offered.append(known.earlier)
    return offered


def _incidents_for(found: Assessment, known: AssessedThreat | None) -> list[Incident]:
    shown = [row.incident for row in known.shown_in.all()] if known is not None else []
    seen = {one.pk for one in shown}
    return [*shown, *(one for one in incidents_to_show(found.collective_id) if one.pk not in seen)]


@may("write")
@require_POST
def session_threat_remove(request: MemberRequest, session: UUID, threat: UUID) -> HttpResponse:
    """Take a threat out of a session, with its picture."""
    found = session_by_id(session, by=request.by)
    actions.remove_assessed_threat(by=request.by, threat=_part(found.threats.all(), threat).pk)
    messages.success(request, _("The threat was taken out of this session."))
    return to_step(session, "threats")


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def session_interest(request: MemberRequest, session: UUID, row: UUID | None = None) -> HttpResponse:
    """Say who gains or loses by the group's work: somebody new, or somebody who is there."""
    found = session_by_id(session, by=request.by)
    known = _part(found.parts.all(), row) if row is not None else None
    initial = InterestForm.initial_of(known) if known is not None else {}
    people = people_around(found.collective)[:_MOST_PEOPLE]
    if known is not None and known.actor is not None and known.actor not in people:
        people.append(known.actor)
    form = InterestForm(request.POST if request.method == "POST" else None, initial=initial, people=people)
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            _keep_interest(request, session, known, form)
            return to_step(session, "interests")
        except Conflict as error:
            now = dict.fromkeys(form.fields, "") | initial
            meanwhile = told_meanwhile(form, error, now)
    page = RowPage(head_of(found, "interests"), form, row=known, meanwhile=meanwhile)
    status = 409 if meanwhile else 400 if form.errors else 200
    return render_page(request, "protection/sessions/interest.html", page, status=status)


def _keep_interest(request: MemberRequest, session: UUID, known: AssessmentPart | None, form: InterestForm) -> None:
    body, actor = form.body(), form.actor_told()
    once = form.taken_once()

    def add() -> AssessmentPart:
        return keeping.add_row(by=request.by, assessment=session, step="interests", body=body, actor=actor, once=once)

    if known is None:
        made_once(AssessmentPart, once, request.by, add)
    else:
        revision = form.cleaned_data["revision"]
        keeping.change_row(by=request.by, row=known.pk, body=body, actor=actor, revision=revision)


@may("write")
@require_POST
def session_interest_remove(request: MemberRequest, session: UUID, row: UUID) -> HttpResponse:
    """Take somebody out of the map of who gains and who loses."""
    found = session_by_id(session, by=request.by)
    keeping.remove_row(by=request.by, row=_part(found.parts.all(), row).pk)
    messages.success(request, _("It was taken out."))
    return to_step(session, "interests")


def _part(parts: Iterable[P], pk: UUID) -> P:
    """Return the part of the session with this id; ``NotFound`` when it is another session's."""
    found = next((one for one in parts if one.pk == pk), None)
    if found is None:
        raise NotFound
    return found
