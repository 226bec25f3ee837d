"""Pages of reviews and signs, of what is late, and of what is taken along: card, poster, calendar."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain.errors import BadInput
from tejido.fabric.queries import actor_by_id
from tejido.protection.actions import require_collective
from tejido.protection.following import actions, forms
from tejido.protection.following.calendar import calendar_bytes
from tejido.protection.following.given import ReviewGiven, SignGiven
from tejido.protection.following.late import late_page
from tejido.protection.following.models import Review, SignSeen
from tejido.protection.following.pages import KeepPage
from tejido.protection.following.papers import card_pdf_bytes, poster_pdf_bytes
from tejido.protection.following.reviewing import reviews_page
from tejido.protection.models import Measure, Plan
from tejido.protection.once import made_once
from tejido.protection.part_views import part_of
from tejido.protection.queries import incidents_to_show, plan_by_id
from tejido.protection.showing import head_of, plan_page, title_of
from tejido.web.paging import place_asked
from tejido.web.rendering import render_page
from tejido.web.wording import page_language

_NEUTRAL = "cuaderno"


@members_only
@require_safe
def late(request: MemberRequest) -> HttpResponse:
    """Show what is late, what nobody owns, what was decided and not done."""
    page = late_page(timezone.localdate(), only=request.GET.get("only", ""))
    return render_page(request, "protection/following/late.html", page)


@members_only
@require_safe
def reviews(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Show the reviews of a plan, and what can be said of each measure before and after."""
    page = reviews_page(plan_by_id(plan, by=request.by), timezone.localdate(), **place_asked(request))
    return render_page(request, "protection/following/reviews.html", page)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def review_hold(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Write down a review: what held, what did not, what changes."""
    found = plan_by_id(plan, by=request.by)
    lang = page_language()
    incidents = [
        (one.pk, f"{one.title} · {one.when.short(lang)}" if one.when is not None else one.title)
        for one in incidents_to_show(found.collective_id)
    ]
    data = request.POST if request.method == "POST" else None
    form = forms.HeldForm(data, choices={"incident": forms.choices_of(incidents)})
    if form.is_valid():
        given = form.told()
        assert isinstance(given, ReviewGiven)
        try:
            once, next_on = form.taken_once(), form.cleaned_data["next_on"]

            def hold() -> Review:
                today = timezone.localdate()
                return actions.hold_review(
                    by=request.by, plan=plan, given=given, today=today, next_on=next_on, once=once
                )

            made_once(Review, once, request.by, hold)
            messages.success(request, _("The review is kept. What changes is now changed in the plan."))
            return _to_reviews(plan)
        except BadInput as error:
            form.refuse(error)
    page = _sheet(found, form, _("We look at our plan"), _("First look after each other; then ask, without blame."))
    return render_page(request, "protection/following/keep.html", page, status=400 if form.errors else 200)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_new(request: MemberRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Write what is seen of the sign that a measure works, or harms."""
    found = plan_by_id(plan, by=request.by)
    known = part_of(found.measures.all(), measure)
    form = forms.SignForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.told()
        assert isinstance(given, SignGiven)
        try:
            once = form.taken_once()

            def note() -> SignSeen:
                today = timezone.localdate()
                return actions.note_sign(by=request.by, measure=measure, given=given, today=today, once=once)

            made_once(SignSeen, once, request.by, note)
            messages.success(request, _("It is kept."))
            return _to_reviews(plan)
        except BadInput as error:
            form.refuse(error)
    page = _sheet(found, form, title_of(known), _signs_of(known))
    return render_page(request, "protection/following/keep.html", page, status=400 if form.errors else 200)


@members_only
@require_safe
def card(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Answer with the card of a group; ``?names=no`` leaves names out."""
    group = actor_by_id(actor, by=request.by)
    require_collective(group)
    drawn = card_pdf_bytes(group, names=request.GET.get("names") != "no", today=timezone.localdate())
    return _file(drawn, "application/pdf", "pdf")


@members_only
@require_safe
def poster(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Answer with the poster of a plan; ``?names=no`` leaves names out."""
    found, today = plan_by_id(plan, by=request.by), timezone.localdate()
    drawn = poster_pdf_bytes(found, plan_page(found, (), today), names=request.GET.get("names") != "no", today=today)
    return _file(drawn, "application/pdf", "pdf")


@members_only
@require_safe
def calendar(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Answer with what a group agreed on, as a calendar in neutral words."""
    group = actor_by_id(actor, by=request.by)
    return _file(calendar_bytes(group.pk, today=timezone.localdate()), "text/calendar; charset=utf-8", "ics")


def _file(drawn: bytes, kind: str, ending: str) -> HttpResponse:
    answer = HttpResponse(drawn, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{_NEUTRAL}.{ending}"'
    return answer


def _sheet(plan: Plan, form: forms.FollowSheet, title: str, voice: str) -> KeepPage:
    head = head_of(plan)
    back = reverse("protection:reviews", args=[plan.pk])
    return KeepPage(head.group, head.group_id, head.title, title, voice, form, back)


def _signs_of(measure: Measure) -> str:
    works = _("It works if: %(sign)s") % {"sign": measure.works_sign} if measure.works_sign else ""
    harms = _("It harms if: %(sign)s") % {"sign": measure.harm_sign} if measure.harm_sign else ""
    return " ".join(part for part in (works, harms) if part)


def _to_reviews(plan: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("protection:reviews", args=[plan]), status=303)
