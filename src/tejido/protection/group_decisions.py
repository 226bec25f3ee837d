"""Pages of what a group decides beside any plan: the list, a decision recorded, a decision taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain.decisions import NotCounted
from tejido.domain.errors import BadInput, NotFound
from tejido.fabric.models import Actor
from tejido.fabric.queries import actor_by_id
from tejido.protection import actions
from tejido.protection.decision_views import record_once, say_what_fell
from tejido.protection.following.pages import KeepPage
from tejido.protection.forms import DecisionForm, WithdrawForm
from tejido.protection.pages import GroupDecisionsPage, WithdrawPage
from tejido.protection.queries import decision_by_id, decisions_of, stopped_with
from tejido.protection.showing import decision_row
from tejido.vocabularies import vocabulary
from tejido.web.rendering import render_page

_MOST = 200


@members_only
@require_safe
def group_decisions(request: MemberRequest, actor: UUID) -> HttpResponse:
    """List what a group decided, also what it took back."""
    group, today = _group(request, actor), timezone.localdate()
    rows = tuple(decision_row(one, None, today) for one in decisions_of([actor], at_most=_MOST))
    return render_page(
        request, "protection/group_decisions.html", GroupDecisionsPage(group.usual_name, group.pk, rows)
    )


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def group_decision_new(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Record what a group decided, and how; ``?about=`` says what on."""
    group, asked = _group(request, actor), request.GET.get("about", "")
    about = asked if asked in vocabulary("decision_subjects") else "other"
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"about": about})
    if form.is_valid():
        try:
            made = record_once(request, form, group.pk)
            messages.success(request, _("The decision is recorded."))
            there = "alerts" if made.about == "alert" else "group_decisions"
            return HttpResponseRedirect(reverse(f"protection:{there}", args=[actor]), status=303)
        except (BadInput, NotCounted) as error:
            form.refuse(error)
    voice = _(
        "How it was decided counts as much as what. Numbers of those present are enough: nobody has to be named."
    )
    page = KeepPage(
        group=group.usual_name,
        group_id=group.pk,
        shelf=_("What we decided"),
        title=_("What the group decided"),
        voice=voice,
        form=form,
        back=reverse("protection:group_decisions", args=[actor]),
    )
    return render_page(request, "protection/following/keep.html", page, status=400 if form.errors else 200)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def group_decision_withdraw(request: MemberRequest, actor: UUID, decision: UUID) -> HttpResponse:
    """Take a decision back: what stood on it stops at once."""
    group, known = _group(request, actor), decision_by_id(decision, by=request.by)
    if known.collective_id != actor:
        raise NotFound
    back = reverse("protection:group_decisions", args=[actor])
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial=WithdrawForm.initial_of(known))
    if form.is_valid():
        plans = actions.withdraw_decision(
            by=request.by, decision=decision, today=timezone.localdate(), because=form.cleaned_data["because"]
        )
        say_what_fell(request, len(plans))
        return HttpResponseRedirect(back, status=303)
    page = WithdrawPage(group.usual_name, _("What we decided"), back, form, known, stopped_with(known))
    return render_page(request, "protection/withdraw.html", page, status=400 if form.errors else 200)


def _group(request: MemberRequest, actor: UUID) -> Actor:
    group = actor_by_id(actor, by=request.by)
    actions.require_collective(group)
    return group
