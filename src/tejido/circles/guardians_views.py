"""Pages of guardians, for those who are at work."""

from __future__ import annotations

import math
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tejido.circles.forms import SECRETS
from tejido.circles.guardians import (
    approve_recovery,
    begin_recovery,
    can_be_guardians,
    choose_guardians,
    given_to,
    guarded_by,
    guardians_of,
    hours_left,
    is_too_old,
    members_of,
    stop_recovery,
    under_way,
)
from tejido.circles.guardians_forms import BeginForm, ChooseForm
from tejido.circles.guardians_pages import AgreePage, ChoosePage, GuardiansPage, OnTheWay
from tejido.circles.key_file import with_key_file
from tejido.circles.models import Member, Recovery
from tejido.circles.opening import workspace
from tejido.circles.policies import MemberRequest, may
from tejido.circles.proving import ProofSheet, proven
from tejido.domain.errors import NotFound, TejidoError, WrongPassphrase
from tejido.vault.guardians import FEWEST
from tejido.web.rendering import render_page
from tejido.web.wording import sentence_of


@may("own")
@require_http_methods(["GET", "HEAD", "POST"])
def guardians(request: MemberRequest) -> HttpResponse:
    """Show one's guardians, whom one guards, and who is on their way back; take up a request."""
    guarded = _guarded(request)
    form = BeginForm(request.POST if request.method == "POST" else None, people=guarded)
    if form.is_valid():
        given = form.cleaned_data
        try:
            begin_recovery(by=request.by, number=given["number"], member=UUID(given["member"]))
        except TejidoError as error:
            form.refuse(error, "number")
        else:
            messages.success(request, _("The waiting time has begun, and everybody in the circle sees it."))
            return HttpResponseRedirect(reverse("circles:guardians"), status=303)
    page = _page(request, form if guarded else None, guarded)
    return render_page(request, "circles/guardians.html", page, status=400 if form.is_bound else 200)


@sensitive_post_parameters(*SECRETS)
@may("own")
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def choose(request: MemberRequest) -> HttpResponse:
    """Choose one's guardians, or others instead of them."""
    people = list(can_be_guardians(request.by).order_by("stamp", "id"))
    posted = request.method == "POST"
    form = ChooseForm(request.POST, request.FILES, people=people) if posted else ChooseForm(people=people)
    if form.is_valid():
        given = form.cleaned_data
        try:
            choose_guardians(
                by=request.by, workspace=workspace(), master=proven(request, form, by=request.by),
                members=[UUID(one) for one in given["people"]], needed=given["needed"], hours=given["hours"],
            )  # fmt: skip
        except TejidoError as error:
            form.refuse(error, "passphrase" if isinstance(error, WrongPassphrase) else None)
        else:
            messages.success(request, _("They are your guardians now. Tell them, and tell them to know your voice."))
            return HttpResponseRedirect(reverse("circles:guardians"), status=303)
    page = ChoosePage(form, len(people) >= FEWEST)
    return render_page(request, "circles/guardians_choose.html", page, status=400 if form.is_bound else 200)


@sensitive_post_parameters(*SECRETS)
@may("own")
@require_http_methods(["GET", "HEAD", "POST"])
@with_key_file
def agree(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hand one's share on to somebody on their way back; nothing of it is shown."""
    one = _on_the_way(request, _here(request, pk))
    form = ProofSheet(request.POST, request.FILES) if request.method == "POST" else ProofSheet()
    if form.is_valid():
        try:
            approve_recovery(by=request.by, recovery_id=pk, master=proven(request, form, by=request.by))
        except TejidoError as error:
            form.refuse(error, "passphrase" if isinstance(error, WrongPassphrase) else None)
        else:
            messages.success(request, _("You have agreed. Once enough of you have, their ten words let them in."))
            return HttpResponseRedirect(reverse("circles:guardians"), status=303)
    page = AgreePage(one, form)
    return render_page(request, "circles/guardians_agree.html", page, status=400 if form.is_bound else 200)


@may("own")
@require_POST
def stop(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Stop it, at once and without more questions: the time may be short."""
    try:
        stop_recovery(by=request.by, recovery_id=pk)
    except NotFound:
        raise
    except TejidoError as error:
        messages.warning(request, sentence_of(error))
    else:
        messages.success(request, _("It was stopped. Whoever asked finds no way in by it."))
    return HttpResponseRedirect(reverse("circles:guardians"), status=303)


def _guarded(request: MemberRequest) -> list[Member]:
    return list(Member.objects.filter(pk__in=[one.member_id for one in guarded_by(request.by)], status="active"))


def _page(request: MemberRequest, form: BeginForm | None, guarded: list[Member]) -> GuardiansPage:
    mine = guardians_of(request.by.id)
    people = members_of(mine) if mine else []
    needed = int(mine.terms.get("needed", 0)) if mine else 0
    return GuardiansPage(
        mine=tuple(_name(one) for one in people),
        needed=needed,
        hours=int(mine.terms.get("hours", 0)) if mine else 0,
        lost=mine is not None and len(people) < len(mine.terms.get("shares", {})),
        guarded=tuple(_name(one) for one in guarded),
        form=form,
        under_way=tuple(_on_the_way(request, one) for one in under_way(request.by.circle_id)),
    )


def _here(request: MemberRequest, pk: UUID) -> Recovery:
    found = Recovery.objects.filter(pk=pk, circle_id=request.by.circle_id).first()
    if found is None:
        raise NotFound
    return found


def _on_the_way(request: MemberRequest, one: Recovery) -> OnTheWay:
    given = given_to(one)
    return OnTheWay(
        id=one.pk,
        name=_name(Member.objects.get(pk=one.guardians.member_id)),
        hours=max(0, math.ceil(hours_left(one))),
        given=len(given),
        is_me=one.guardians.member_id == request.by.id,
        guards=request.by.id.hex in one.guardians.terms.get("shares", {}),
        agreed=request.by.id.hex in given,
        too_old=is_too_old(one),
    )


def _name(one: Member) -> str:
    return one.name or _("without a name")
