"""Pages of whole plans: the list, a start, the plan itself, its words, its review, its end, its print."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain.errors import Conflict
from tejido.fabric.models import Actor
from tejido.fabric.queries import actor_by_id, actors_by_id
from tejido.protection import actions
from tejido.protection.actions import PlanNeedsACollective, ThreatGiven
from tejido.protection.catalogue import PLANS
from tejido.protection.forms import PlanForm, ReviewForm, StartForm
from tejido.protection.meanwhile import told_meanwhile
from tejido.protection.models import Plan
from tejido.protection.once import made_once
from tejido.protection.pages import NoPlanPage, PlanLine, PlansPage, SheetPage, StartPage, Tab
from tejido.protection.printing import plan_pdf_bytes
from tejido.protection.queries import ThreatSeen, decisions_of, plan_by_id, plans_by_id, threats_seen
from tejido.protection.showing import gaps_of, head_of, plan_page
from tejido.vault.catalogue import catalogue
from tejido.vocabularies import vocabulary
from tejido.web.paging import Page, place_asked
from tejido.web.rendering import render_page
from tejido.web.wording import page_language, sentence_of

_ON_ONE_PAGE = 20
_TOLD_OF_ONE = 3
#: Of what the group decided, the page of its plan shows the newest; all of it has a page of its own.
_NEWEST_DECISIONS = 5
#: Neither says whose it is nor what it is.
_FILE_NAME = "cuaderno.pdf"


def to_plan(plan: UUID) -> HttpResponseRedirect:
    """Lead to the page of a plan, after something was done."""
    return HttpResponseRedirect(reverse("protection:plan", args=[plan]), status=303)


@members_only
@require_safe
def plans(request: MemberRequest) -> HttpResponse:
    """List the plans of the circle with what each still lacks."""
    asked = request.GET.get("status", "")
    status = asked if asked in vocabulary("plan_statuses") else ""
    facets = [f"status:{status}"] if status else []
    listed = catalogue().page(PLANS, facets=facets, size=_ON_ONE_PAGE, **place_asked(request))
    found = plans_by_id(line.id for line in listed.rows)
    rows = tuple(_line(found[line.id]) for line in listed.rows if line.id in found)
    counts, total = catalogue().counts(PLANS, "status:"), catalogue().total(PLANS)
    tabs = [Tab(code, counts.get(code, 0), code == status) for code in vocabulary("plan_statuses").codes]
    page = PlansPage(Page(rows, listed.after, listed.before), (Tab("", total, not status), *tabs), total)
    return render_page(request, "protection/plans.html", page)


def _line(plan: Plan) -> PlanLine:
    gaps = gaps_of(plan, timezone.localdate())
    said = tuple((gap.level, gap.tag, gap.subjects[0].title) for gap in gaps[:_TOLD_OF_ONE])
    return PlanLine(head_of(plan), said, max(len(gaps) - _TOLD_OF_ONE, 0))


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Start a plan with a group, from what it already does and what was done to it lately."""
    group = actor_by_id(actor, by=request.by)
    try:
        actions.require_collective(group)
    except PlanNeedsACollective as refusal:
        groups = tuple(actors_by_id(refusal.collectives).values())
        page = NoPlanPage(group, sentence_of(refusal), groups)
        return render_page(request, "protection/no_plan.html", page, status=200 if request.method != "POST" else 400)
    seen = threats_seen(group.pk)
    form = StartForm(request.POST if request.method == "POST" else None, seen=seen)
    if form.is_valid():
        return to_plan(_start(request, group, form, seen).pk)
    status = 400 if form.is_bound else 200
    return render_page(request, "protection/start.html", StartPage(group, form), status=status)


def _start(request: MemberRequest, group: Actor, form: StartForm, seen: list[ThreatSeen]) -> Plan:
    chosen = set(form.cleaned_data.get("seen", ()))
    acts, lang = vocabulary("acts"), page_language()
    shown = [
        ThreatGiven(acts.label(one.kind, lang), incidents=tuple(incident.pk for incident in one.incidents))
        for one in seen
        if one.kind in chosen
    ]
    once = form.taken_once()

    def start() -> Plan:
        return actions.start_plan(
            by=request.by,
            collective=group.pk,
            title=form.cleaned_data["title"],
            threats=[*shown, *(ThreatGiven(words) for words in form.threats_told())],
            practices=form.practices_told(),
            review_on=form.cleaned_data["review_on"],
            once=once,
        )

    plan = made_once(Plan, once, request.by, start)
    messages.success(request, _("The plan has begun. It is a draft until the group decides on it."))
    return plan


@members_only
@require_safe
def plan(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Show a group's plan: what stands, what is missing, and where it is mended."""
    found = plan_by_id(plan, by=request.by)
    newest = decisions_of([found.collective_id], at_most=_NEWEST_DECISIONS)
    return render_page(request, "protection/plan.html", plan_page(found, newest, timezone.localdate()))


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Change what a plan is called and what is said at its head."""
    found = plan_by_id(plan, by=request.by)
    form = PlanForm(request.POST if request.method == "POST" else None, initial=PlanForm.initial_of(found))
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            actions.change_plan(by=request.by, plan=plan, **form.cleaned_data)
            return to_plan(plan)
        except Conflict as error:
            meanwhile = told_meanwhile(form, error, PlanForm.initial_of(found))
    return _sheet(request, "protection/plan_edit.html", SheetPage(head_of(found), form, meanwhile=meanwhile))


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Set when the group looks at its plan again."""
    found = plan_by_id(plan, by=request.by)
    form = ReviewForm(request.POST if request.method == "POST" else None, initial=ReviewForm.initial_of(found))
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            actions.set_review(by=request.by, plan=plan, **form.cleaned_data)
            messages.success(request, _("The date to look at the plan again is kept."))
            return to_plan(plan)
        except Conflict as error:
            meanwhile = told_meanwhile(form, error, ReviewForm.initial_of(found))
    return _sheet(request, "protection/review.html", SheetPage(head_of(found), form, meanwhile=meanwhile))


@may("write")
@require_POST
def close(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Close a plan; a sentence says why when it stays open."""
    actions.close_plan(by=request.by, plan=plan)
    messages.success(request, _("The plan is closed. It stays here to learn from."))
    return to_plan(plan)


@members_only
@require_safe
def plan_pdf(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Answer with the plan on paper, in the reader's language; ``?names=no`` leaves out the names of persons."""
    found = plan_by_id(plan, by=request.by)
    page = plan_page(found, (), timezone.localdate())
    drawn = plan_pdf_bytes(found, page, names=request.GET.get("names") != "no", today=timezone.localdate())
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{_FILE_NAME}"'
    return answer


def _sheet(request: MemberRequest, template: str, page: SheetPage) -> HttpResponse:
    status = 409 if page.meanwhile else 400 if page.form.errors else 200
    return render_page(request, template, page, status=status)
