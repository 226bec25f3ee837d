"""Pages of whole sessions: the list, a start, the session itself, its head, its end, what came before."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain.errors import BadInput, Conflict
from tejido.fabric.queries import actor_by_id, actors_by_id
from tejido.protection.actions import PlanNeedsACollective, require_collective
from tejido.protection.given import lines_of
from tejido.protection.meanwhile import told_meanwhile
from tejido.protection.models import Plan
from tejido.protection.once import made_once
from tejido.protection.pages import NoPlanPage
from tejido.protection.sessions import actions
from tejido.protection.sessions.forms import FinishForm, HeadForm, ModuleForm, title_of
from tejido.protection.sessions.models import Assessment
from tejido.protection.sessions.pages import (
    FinishPage,
    ModuleRow,
    ModulesPage,
    OpenPage,
    RowPage,
    SessionLine,
    SessionsPage,
)
from tejido.protection.sessions.queries import (
    earlier_than,
    modules_known,
    modules_of,
    open_plans_of,
    page_of_sessions,
    separate_of,
    session_by_id,
    sessions_of,
)
from tejido.protection.sessions.saying import practices_said, present_said, weak_sides
from tejido.protection.sessions.showing import chosen_by, head_of, session_page, then_page
from tejido.vocabularies.session_modules import MODULES
from tejido.web.paging import Page, place_asked
from tejido.web.rendering import render_page
from tejido.web.wording import page_language, sentence_of

_ON_ONE_PAGE = 20
_EXAMPLE = "remote_communities.yml"


def to_session(session: UUID) -> HttpResponseRedirect:
    """Lead to the page of a session, after something was done."""
    return HttpResponseRedirect(reverse("protection:session", args=[session]), status=303)


@members_only
@require_safe
def sessions(request: MemberRequest) -> HttpResponse:
    """List the sessions of the circle, the newest first."""
    found = page_of_sessions(request.by.circle_id, size=_ON_ONE_PAGE, **place_asked(request))
    lines = tuple(SessionLine(one, title_of(one), present_said(one)) for one in found.rows)
    page = SessionsPage(Page(lines, found.after, found.before))
    return render_page(request, "protection/sessions/list.html", page)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Open a session of a group."""
    group = actor_by_id(actor, by=request.by)
    try:
        require_collective(group)
    except PlanNeedsACollective as refusal:
        groups = tuple(actors_by_id(refusal.collectives).values())
        page = NoPlanPage(group, sentence_of(refusal), groups)
        return render_page(request, "protection/no_plan.html", page, status=200 if request.method != "POST" else 400)
    known = sessions_of(group.pk)
    form = HeadForm(
        request.POST if request.method == "POST" else None,
        joints=_joints(known),
        modules=modules_known(request.by.circle_id),
    )
    if form.is_valid():
        once, given = form.taken_once(), form.told()

        def begin() -> Assessment:
            return actions.open_assessment(by=request.by, collective=group.pk, given=given, once=once)

        made = made_once(Assessment, once, request.by, begin)
        return HttpResponseRedirect(reverse("protection:session_step", args=[made.pk, "work"]), status=303)
    status = 400 if form.is_bound else 200
    return render_page(request, "protection/sessions/open.html", OpenPage(group, form, tuple(known)), status=status)


def _joints(known: list[Assessment], own: Assessment | None = None) -> list[Assessment]:
    """Return what may hear another: those that feed none themselves, and the one that hears it already."""
    others = [one for one in known if own is None or one.pk != own.pk]
    chosen = own.joint_id if own is not None else None
    return [one for one in others if one.pk == chosen or (one.joint_id is None and one.status == "open")]


@members_only
@require_safe
def session(request: MemberRequest, session: UUID) -> HttpResponse:
    """Show a session: what was said, what can be changed, what is still open."""
    found = session_by_id(session, by=request.by)
    page = session_page(found, separate_of(found), earlier_than(found), modules_of(found))
    return render_page(request, "protection/sessions/session.html", page)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: MemberRequest, session: UUID) -> HttpResponse:
    """Change what is said of a session at its head."""
    found = session_by_id(session, by=request.by)
    initial = HeadForm.initial_of(found)
    feeds = Assessment.objects.filter(joint=found.pk).exists()
    form = HeadForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        # Whoever is heard from others is itself the joint session.
        joints=[] if feeds else _joints(sessions_of(found.collective_id), found),
        modules=modules_known(request.by.circle_id),
    )
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            actions.change_assessment(by=request.by, assessment=session, given=form.told(), revision=revision)
            return to_session(session)
        except Conflict as error:
            meanwhile = told_meanwhile(form, error, initial)
        except BadInput as error:
            form.refuse(error)
    page = RowPage(head_of(found), form, meanwhile=meanwhile)
    status = 409 if meanwhile else 400 if form.errors else 200
    return render_page(request, "protection/sessions/edit.html", page, status=status)


@members_only
@require_safe
def session_then(request: MemberRequest, session: UUID) -> HttpResponse:
    """Show this session beside those before it: what changed, and why."""
    found = session_by_id(session, by=request.by)
    return render_page(request, "protection/sessions/then.html", then_page(found, earlier_than(found)))


@may("write")
@require_POST
def session_finish(request: MemberRequest, session: UUID) -> HttpResponse:
    """Mark a session as finished."""
    actions.finish_assessment(by=request.by, assessment=session)
    messages.success(request, _("The session is finished. What was said stays as the group left it."))
    return to_session(session)


@may("write")
@require_POST
def session_reopen(request: MemberRequest, session: UUID) -> HttpResponse:
    """Open a finished session again."""
    actions.reopen_assessment(by=request.by, assessment=session)
    messages.success(request, _("The session is open again."))
    return to_session(session)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def session_plan(request: MemberRequest, session: UUID) -> HttpResponse:
    """Start a plan from what the session put first, or add to one that is there."""
    found = session_by_id(session, by=request.by)
    plans, threats = open_plans_of(found.collective_id), list(found.threats.all())
    first = [pk for held in chosen_by(found).priorities.order for pk in held]
    weak = weak_sides(found)
    form = FinishForm(
        request.POST if request.method == "POST" else None,
        initial={"threats": first, "practices": "\n".join(practices_said(found))},
        threats=threats,
        weak=[(key, f"{words} ({of})") for key, words, of in weak],
        plans=plans,
    )
    if form.is_valid():
        said = form.cleaned_data
        wanted, plan = said.get("threats", []), said.get("plan", "")
        told = [one for one in (*first, *wanted) if one in wanted]
        once = form.taken_once()

        def start() -> Plan:
            return actions.start_plan_from(
                by=request.by,
                assessment=session,
                threats=[UUID(one) for one in dict.fromkeys(told)],
                weak=[words for key, words, _of in weak if key in said.get("weak", [])],
                practices=lines_of(said["practices"]),
                plan=UUID(plan) if plan else None,
                once=once,
            )

        made = made_once(Plan, once, request.by, start)
        messages.success(request, _("The threats you chose stand in the plan now, in the order the group gave them."))
        return HttpResponseRedirect(reverse("protection:plan", args=[made.pk]), status=303)
    page = FinishPage(head_of(found), form, tuple(plans))
    return render_page(request, "protection/sessions/plan.html", page, status=400 if form.errors else 200)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def modules(request: MemberRequest) -> HttpResponse:
    """Show the modules that sessions may choose, and take in one of the circle's own."""
    form = ModuleForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None
    )
    if form.is_valid():
        try:
            actions.keep_module(by=request.by, text=form.cleaned_data["text"])
            messages.success(request, _("The module is kept. Sessions can choose it from now on."))
            return HttpResponseRedirect(reverse("protection:session_modules"), status=303)
        except BadInput as error:
            form.refuse(error, "text")
    example = (MODULES / _EXAMPLE).read_text(encoding="utf-8")
    lang = page_language()
    rows = tuple(
        ModuleRow(
            one.module.title(lang),
            one.module.about(lang),
            tuple(prompt.question(lang) for prompt in one.module.prompts),
            one.own,
        )
        for one in modules_known(request.by.circle_id)
    )
    page = ModulesPage(rows, form, example)
    status = 400 if form.errors else 200
    return render_page(request, "protection/sessions/modules.html", page, status=status)


@may("write")
@require_POST
def module_remove(request: MemberRequest, module: UUID) -> HttpResponse:
    """Take a module of the circle's own out."""
    actions.remove_module(by=request.by, module=module)
    messages.success(request, _("The module was taken out. What sessions answered to it stays with them."))
    return HttpResponseRedirect(reverse("protection:session_modules"), status=303)
