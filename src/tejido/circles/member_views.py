"""Pages of who belongs to a circle: the list, inviting, roles, letting go; one's circles; one's own account."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.actions import found_another_circle, memberships_of
from tejido.circles.locked import safe_next
from tejido.circles.member_forms import AnotherCircleForm, InviteForm, RoleSheet, SureForm
from tejido.circles.member_pages import (
    AccountPage,
    CircleChoice,
    CirclesPage,
    InvitedPage,
    InvitePage,
    MembersPage,
    Person,
    PersonPage,
    RemovePage,
    Role,
)
from tejido.circles.membership import change_role, invite_member, leave_circle, remove_member
from tejido.circles.models import Circle, Member
from tejido.circles.opening import workspace
from tejido.circles.policies import MemberRequest, may
from tejido.circles.presence import PRESENCE
from tejido.circles.rules import rules_of
from tejido.circles.standings import demand_standing, members_of
from tejido.circles.work_session import close_session, work_in
from tejido.domain.errors import NotFound, TejidoError
from tejido.vault.permits import verdict_on
from tejido.vocabularies import vocabulary
from tejido.web.rendering import render_page
from tejido.web.wording import page_language


@may("own")
@require_safe
def members(request: MemberRequest) -> HttpResponse:
    """Show who belongs to the circle, and what each role may."""
    here = members_of(request.by.circle_id)
    page = MembersPage(
        people=tuple(_person(one, request) for one in here if one.status == "active"),
        invited=tuple(_person(one, request) for one in here if one.status == "invited"),
        roles=_roles(),
        may_manage=verdict_on(request.by, "manage members").allowed,
        rules=rules_of(request.by.circle_id),
    )
    return render_page(request, "circles/members.html", page)


@may("manage members")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: MemberRequest) -> HttpResponse:
    """Invite somebody; the code is shown on the answer and nowhere else."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given, today = form.cleaned_data, timezone.localdate()
        try:
            made = invite_member(
                by=request.by, workspace=workspace(), name=given["name"], role=given["role"], until=given["until"],
                today=today, lang=page_language(),
            )  # fmt: skip
        except TejidoError as error:
            form.refuse(error)
        else:
            person = _person(made.member, request)
            address = request.build_absolute_uri(reverse("circles:join"))
            shown = InvitedPage(person.name, made.code, person.join_by or today, address)
            return render_page(request, "circles/invited.html", shown)
    return render_page(
        request, "circles/invite.html", InvitePage(form, _roles()), status=400 if form.is_bound else 200
    )


@may("manage members")
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Give a member another role."""
    found = _here(request, pk)
    initial = {"role": found.role, "until": found.until}
    form = RoleSheet(request.POST) if request.method == "POST" else RoleSheet(initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        try:
            change_role(
                by=request.by, member_id=pk, role=given["role"], until=given["until"], today=timezone.localdate()
            )
        except TejidoError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The role was changed. It holds from their next page on."))
            return HttpResponseRedirect(reverse("circles:members"), status=303)
    page = PersonPage(_person(found, request), form, _roles())
    return render_page(request, "circles/member.html", page, status=400 if form.is_bound else 200)


@may("manage members")
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Let a member go, or take an invitation back; what happens is said before."""
    found = _here(request, pk)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            remove_member(by=request.by, workspace=workspace(), member_id=pk)
        except TejidoError as error:
            form.refuse(error)
        else:
            messages.success(request, _("They find no way in any more, and the circle has new keys."))
            return HttpResponseRedirect(reverse("circles:members"), status=303)
    page = RemovePage(_person(found, request), form)
    return render_page(request, "circles/member_remove.html", page, status=400 if form.is_bound else 200)


@may("own", without_second=True)
@require_safe
def circles(request: MemberRequest) -> HttpResponse:
    """Show the circles of whoever is at work."""
    return render_page(request, "circles/circles.html", _circles_page(request, AnotherCircleForm()))


@may("manage members")
@require_POST
def found_circle_page(request: MemberRequest) -> HttpResponse:
    """Found one more circle, and go on in it."""
    form = AnotherCircleForm(request.POST)
    if not form.is_valid():
        return render_page(request, "circles/circles.html", _circles_page(request, form), status=400)
    founder = Member.objects.get(pk=request.by.id)
    there = found_another_circle(by=founder, name=form.cleaned_data["name"])
    work_in(request.session, there)
    messages.success(request, _("The circle was founded. You work in it now; it is empty."))
    return HttpResponseRedirect("/", status=303)


@may("own", without_second=True)
@require_POST
def go_on_in(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Work in another of one's circles from here on."""
    for one in _mine(request):
        if one.circle_id == pk:
            work_in(request.session, one)
            return HttpResponseRedirect(safe_next(request.POST.get("next", "/")), status=303)
    raise NotFound


@may("own", without_second=True)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: MemberRequest) -> HttpResponse:
    """Show one's own account; leave the circle."""
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            leave_circle(by=request.by, workspace=workspace())
        except TejidoError as error:
            form.refuse(error)
        else:
            close_session(request)
            return HttpResponseRedirect(reverse("circles:unlock"), status=303)
    me = Member.objects.get(pk=request.by.id)
    page = AccountPage(
        person=_person(me, request),
        role=_role(me.role),
        sessions=PRESENCE.many(me.account) if me.account else 1,
        circles=len(_mine(request)),
        form=form,
        second_due=request.by.second_due,
    )
    return render_page(request, "circles/account.html", page, status=400 if form.is_bound else 200)


def _mine(request: MemberRequest) -> list[Member]:
    account = request.by.account
    return memberships_of(account, today=timezone.localdate()) if account is not None else []


def _circles_page(request: MemberRequest, form: AnotherCircleForm) -> CirclesPage:
    names = Circle.objects.in_bulk([one.circle_id for one in _mine(request)])
    choices = tuple(
        CircleChoice(one.circle_id, names[one.circle_id].name, _role(one.role).label, one.pk == request.by.id)
        for one in _mine(request)
    )
    return CirclesPage(choices, form if verdict_on(request.by, "manage members").allowed else None)


def _here(request: MemberRequest, pk: UUID) -> Member:
    found = Member.objects.filter(pk=pk, circle_id=request.by.circle_id, status__in=("active", "invited")).first()
    if found is None:
        raise NotFound
    demand_standing(found)
    return found


def _person(one: Member, request: HttpRequest) -> Person:
    by = getattr(request, "by", None)
    said = one.terms.get("join_by")
    join_by = date.fromisoformat(str(said)) if said and not one.terms.get("recovery") else None
    return Person(
        id=one.pk,
        name=one.name or _("without a name"),
        role=one.role,
        role_label=_role(one.role).label,
        until=one.until,
        join_by=join_by,
        is_me=by is not None and one.pk == by.id,
        too_late=join_by is not None and join_by < timezone.localdate(),
    )


def _role(code: str) -> Role:
    terms, lang = vocabulary("member_roles"), page_language()
    if code not in terms.codes:
        return Role(code, "")
    return Role(terms.label(code, lang), terms.definition(code, lang))


def _roles() -> tuple[Role, ...]:
    return tuple(_role(code) for code in vocabulary("member_roles").codes)
