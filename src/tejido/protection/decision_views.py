"""Pages of what a group decides: a decision recorded, a plan adopted by it, a decision taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tejido.circles.policies import MemberRequest, may
from tejido.domain.decisions import DecidedAfterwards, NotCounted
from tejido.domain.errors import BadInput, Conflict, TejidoError
from tejido.domain.plan_checks import PlanNotDecided
from tejido.protection import actions
from tejido.protection.forms import AdoptForm, DecisionForm, WithdrawForm
from tejido.protection.meanwhile import carry_revision
from tejido.protection.models import Decision, Plan
from tejido.protection.once import made_once
from tejido.protection.pages import AdoptPage, SheetPage, WithdrawPage
from tejido.protection.queries import decision_by_id, decision_facts, plan_by_id, standing_decisions, stopped_with
from tejido.protection.records import PlanClosed
from tejido.protection.showing import changes_of, gaps_of, head_of
from tejido.protection.views import to_plan
from tejido.vocabularies import vocabulary
from tejido.web.rendering import render_page
from tejido.web.wording import page_language


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def decision_new(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Record what the group decided on its plan, and how."""
    found = plan_by_id(plan, by=request.by)
    about = request.GET.get("about", "plan")
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"about": about})
    if form.is_valid():
        try:
            decision = record_once(request, form, found.collective_id, plan=plan)
            return _after(request, found, decision)
        except (BadInput, NotCounted) as error:
            form.refuse(error)
    page = SheetPage(head_of(found), form)
    return render_page(request, "protection/decision.html", page, status=400 if form.errors else 200)


def record_once(request: MemberRequest, form: DecisionForm, collective: UUID, *, plan: UUID | None = None) -> Decision:
    """Record a decision as it was told; sent twice, it is recorded once."""
    once = form.taken_once()
    told, today = form.cleaned_data, timezone.localdate()

    def record() -> Decision:
        return actions.record_decision(by=request.by, collective=collective, plan=plan, today=today, once=once, **told)

    return made_once(Decision, once, request.by, record)


def _after(request: MemberRequest, plan: Plan, decision: Decision) -> HttpResponse:
    """Go on to the adoption when the decision allows it, else back to the plan."""
    adopts = plan.status == "draft" or any(one.decision_id is None for one in plan.amendments.all())
    if adopts and decision_facts(decision).covers("plan", timezone.localdate()):
        messages.success(request, _("The decision is recorded. The plan can be adopted by it."))
        return HttpResponseRedirect(reverse("protection:adopt", args=[plan.pk]), status=303)
    messages.success(request, _("The decision is recorded."))
    return to_plan(plan.pk)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Show what is missing, then mark the plan as adopted by a decision of its group."""
    found, today = plan_by_id(plan, by=request.by), timezone.localdate()
    if found.status == "closed":
        raise PlanClosed
    standing = standing_decisions(found.collective_id, "plan", today)
    initial = {"revision": found.revision, "decision": str(found.decision_id or "")}
    data = request.POST if request.method == "POST" else None
    form = AdoptForm(data, initial=initial, decisions=[(str(one.pk), said_of(one)) for one in standing])
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.adopt_plan(
                by=request.by,
                plan=plan,
                today=today,
                decision=UUID(told["decision"]),
                adopted_on=told["adopted_on"],
                revision=told["revision"],
            )
            messages.success(request, _("The plan is adopted: it is the group's own."))
            return to_plan(plan)
        except (PlanNotDecided, DecidedAfterwards, BadInput, Conflict) as error:
            _refuse(form, error, found)
    page = AdoptPage(head_of(found), form, gaps_of(found, today), bool(standing), changes_of(found))
    return render_page(request, "protection/adopt.html", page, status=400 if form.errors else 200)


def _refuse(form: AdoptForm, error: TejidoError, plan: Plan) -> None:
    """Say why not; the form carries the plan's revision as it is shown now."""
    form.refuse(error)
    carry_revision(form, plan.revision)


def said_of(decision: Decision) -> str:
    """Return a decision in a line: when, how, by how many, what."""
    lang = page_language()
    when = decision.taken_on.words(lang) if decision.taken_on is not None else ""
    mode = vocabulary("decision_modes").label(decision.mode, lang)
    return " · ".join(part for part in (when, mode, decision.present, decision.what) if part)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def decision_withdraw(request: MemberRequest, plan: UUID, decision: UUID) -> HttpResponse:
    """Take a decision back: what it covered is a draft again at once."""
    found, known = plan_by_id(plan, by=request.by), decision_by_id(decision, by=request.by)
    data = request.POST if request.method == "POST" else None
    form = WithdrawForm(data, initial=WithdrawForm.initial_of(known))
    if form.is_valid():
        back = actions.withdraw_decision(
            by=request.by, decision=decision, today=timezone.localdate(), because=form.cleaned_data["because"]
        )
        say_what_fell(request, len(back))
        return to_plan(plan)
    head, there = head_of(found), reverse("protection:plan", args=[plan])
    page = WithdrawPage(head.group, head.title, there, form, known, stopped_with(known))
    return render_page(request, "protection/withdraw.html", page, status=400 if form.errors else 200)


def say_what_fell(request: MemberRequest, many: int) -> None:
    """Tell whoever took a decision back what fell with it."""
    messages.success(request, _("The decision is withdrawn, from now on."))
    if many:
        told = ngettext(
            "%(many)s plan that it covered is a draft again.", "%(many)s plans that it covered are drafts again.", many
        )
        messages.warning(request, told % {"many": many})
