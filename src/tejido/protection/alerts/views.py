"""Pages of a group's calls to others: the list, one of them, its sheet, its beginning and its end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain import alerts as rules
from tejido.domain.alerts import SUBJECT, AlertBegun
from tejido.domain.errors import BadInput, Conflict, NotFound, TejidoError
from tejido.domain.plan_findings import Finding
from tejido.fabric.models import Actor
from tejido.fabric.queries import actor_by_id
from tejido.protection.actions import require_collective
from tejido.protection.alerts import actions, forms
from tejido.protection.alerts.facts import alert_facts
from tejido.protection.alerts.given import AlertGiven
from tejido.protection.alerts.models import Alert
from tejido.protection.alerts.pages import BeginPage
from tejido.protection.alerts.papers import alert_pdf_bytes
from tejido.protection.alerts.queries import alert_by_id
from tejido.protection.alerts.seconding import ask_second_person
from tejido.protection.alerts.showing import alert_page, alerts_page, incident_said, second_of, steps_offered
from tejido.protection.decision_views import said_of
from tejido.protection.following.forms import choices_of
from tejido.protection.following.pages import KeepPage
from tejido.protection.following.shelves import said_of as said_of_finding
from tejido.protection.meanwhile import carry_revision, told_meanwhile
from tejido.protection.once import made_once
from tejido.protection.queries import incidents_to_show, standing_decisions
from tejido.web.rendering import render_page


@members_only
@require_safe
def alerts(request: MemberRequest, actor: UUID) -> HttpResponse:
    """List a group's calls to others."""
    page = alerts_page(group_of(request, actor), timezone.localdate())
    return render_page(request, "protection/alerts/alerts.html", page)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def alert_new(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Write a call to others; it stays a draft until the group's decision stands behind it."""
    group = group_of(request, actor)
    steps = steps_offered(group)
    initial: dict[str, object] = {"chain": [pk for pk, _words in steps], "incident": request.GET.get("incident", "")}
    form = _alert_form(request, group, initial)
    if form.is_valid():
        try:
            once, given = form.taken_once(), _given(form)

            def write() -> Alert:
                today = timezone.localdate()
                return actions.write_alert(by=request.by, collective=group.pk, given=given, today=today, once=once)

            made = made_once(Alert, once, request.by, write)
            messages.success(request, _("It is written down. Nobody has been told."))
            return to_alert(made)
        except BadInput as error:
            form.refuse(error)
    return _sheet(request, group, form, _("A call to others"), _address(group))


@members_only
@require_safe
def alert(request: MemberRequest, actor: UUID, alert: UUID) -> HttpResponse:
    """Show a call to others: what it says, what stands behind it, whom to tell next."""
    found = of_group(request, actor, alert)
    page = alert_page(found, timezone.localdate(), by=request.by)
    return render_page(request, "protection/alerts/alert.html", page)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def alert_edit(request: MemberRequest, actor: UUID, alert: UUID) -> HttpResponse:
    """Change a draft."""
    found = of_group(request, actor, alert)
    if found.status != "draft":
        raise AlertBegun
    form = _alert_form(request, found.collective, forms.AlertForm.initial_of(found), found)
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            actions.change_alert(
                by=request.by, alert=alert, given=_given(form), today=timezone.localdate(),
                revision=form.cleaned_data["revision"],
            )  # fmt: skip
            messages.success(request, _("It is kept."))
            return to_alert(found)
        except Conflict as error:
            meanwhile = told_meanwhile(form, error, form.initial)
        except BadInput as error:
            form.refuse(error)
    remove = reverse("protection:alert_remove", args=[actor, alert])
    back = reverse("protection:alert", args=[actor, alert])
    return _sheet(request, found.collective, form, _("A call to others"), back, remove, meanwhile)


@may("take out")
@require_http_methods(["GET", "HEAD", "POST"])
def alert_begin(request: MemberRequest, actor: UUID, alert: UUID) -> HttpResponse:
    """Let it be told, by a decision of the group that covers it."""
    found, today = of_group(request, actor, alert), timezone.localdate()
    if found.status != "draft":
        raise AlertBegun
    standing = standing_decisions(found.collective_id, SUBJECT, today)
    data = request.POST if request.method == "POST" else None
    initial = {"revision": found.revision, "decision": str(standing[0].pk) if standing else ""}
    form = forms.BeginForm(data, initial=initial, decisions=[(str(one.pk), said_of(one)) for one in standing])
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.begin_alert(
                by=request.by, alert=alert, today=today, decision=UUID(told["decision"]), revision=told["revision"]
            )
            messages.success(request, _("It stands. Tell them one after the other, and write down what they answer."))
            return to_alert(found)
        except TejidoError as error:
            form.refuse(error)
            carry_revision(form, found.revision)
    page = BeginPage(
        group=found.collective.usual_name,
        group_id=found.collective_id,
        id=found.pk,
        words=found.words,
        asked=found.asked,
        form=form,
        can=bool(standing),
        second=second_of(found, by=request.by),
        found=tuple(map(said_of_finding, alert_findings(found))),
    )
    return render_page(request, "protection/alerts/begin.html", page, status=400 if form.errors else 200)


@may("take out")
@require_POST
def alert_second(request: MemberRequest, actor: UUID, alert: UUID) -> HttpResponse:
    """Ask a second person to look at it."""
    found = of_group(request, actor, alert)
    if second_of(found, by=request.by) == "ask":
        ask_second_person(found, by=request.by)
        messages.success(request, _("A second person is asked. They find it under what waits for them."))
    return to_alert(found)


@may("write")
@require_POST
def alert_remove(request: MemberRequest, actor: UUID, alert: UUID) -> HttpResponse:
    """Take out a draft."""
    found = of_group(request, actor, alert)
    actions.remove_alert(by=request.by, alert=alert)
    messages.success(request, _("It was taken out."))
    return HttpResponseRedirect(_address(found.collective), status=303)


@members_only
@require_safe
def alert_paper(request: MemberRequest, actor: UUID, alert: UUID) -> HttpResponse:
    """Answer with the call on paper, for those who tell it; ``?names=no`` leaves names out."""
    found = of_group(request, actor, alert)
    drawn = alert_pdf_bytes(found, names=request.GET.get("names") != "no", today=timezone.localdate())
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="cuaderno.pdf"'
    return answer


def group_of(request: MemberRequest, actor: UUID) -> Actor:
    """Return the group whose page it is; a person's own is refused with the reason."""
    group = actor_by_id(actor, by=request.by)
    require_collective(group)
    return group


def of_group(request: MemberRequest, actor: UUID, alert: UUID) -> Alert:
    """Return an alert of this group; ``NotFound`` when it is another's."""
    found = alert_by_id(alert, by=request.by)
    if found.collective_id != actor:
        raise NotFound
    return found


def to_alert(alert: Alert) -> HttpResponseRedirect:
    """Lead to the page of an alert, after something was done."""
    return HttpResponseRedirect(reverse("protection:alert", args=[alert.collective_id, alert.pk]), status=303)


def alert_findings(alert: Alert) -> list[Finding]:
    """Return what stands in the way of an alert today."""
    today = timezone.localdate()
    return rules.findings(alert_facts(alert, today), today)


def _given(form: forms.AlertForm) -> AlertGiven:
    given = form.told()
    assert isinstance(given, AlertGiven)
    return given


def _alert_form(
    request: MemberRequest, group: Actor, initial: dict[str, object], known: Alert | None = None
) -> forms.AlertForm:
    incidents = [(one.pk, incident_said(one.title, one.when)) for one in incidents_to_show(group.pk)]
    linked = known.incident if known is not None else None
    if linked is not None and linked.pk not in dict(incidents):
        incidents.append((linked.pk, incident_said(linked.title, linked.when)))
    data = request.POST if request.method == "POST" else None
    choices = {"incident": choices_of(incidents)}
    return forms.AlertForm(data, initial=initial, choices=choices, steps=steps_offered(group))


def _sheet(
    request: MemberRequest,
    group: Actor,
    form: forms.AlertForm,
    title: str,
    back: str,
    remove: str = "",
    meanwhile: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    voice = _(
        "You write it; the group decides on it; then somebody of us tells each of those chosen. Nothing is sent."
    )
    page = KeepPage(group.usual_name, group.pk, _("Calls to others"), title, voice, form, back, remove, meanwhile)
    status = 409 if meanwhile else 400 if form.errors else 200
    return render_page(request, "protection/following/keep.html", page, status=status)


def _address(group: Actor) -> str:
    return reverse("protection:alerts", args=[group.pk])
