"""The pages of incidents: the list, the entry form, corrections, and forms left half-done."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain.errors import BadInput, Conflict, NotFound
from tejido.domain.names import usual_form
from tejido.incidents import actions
from tejido.incidents.entering import EntryForm, typed_of
from tejido.incidents.follow_up import draft_of
from tejido.incidents.listing import incidents_page
from tejido.incidents.models import Draft, Incident
from tejido.incidents.pages import Difference, DraftSeen, DraftsPage, EntryPage, RemovePage
from tejido.incidents.queries import drafts_of, incident_by_id
from tejido.vocabularies import vocabulary
from tejido.web.rendering import render_page
from tejido.web.templatetags.tejido import error_summary
from tejido.web.wording import page_language

_NOT_KEPT = {"csrfmiddlewaretoken", "add_act", "leave", "draft"}


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def incidents(request: MemberRequest) -> HttpResponse:
    """List incidents. Filters stand in the address; words that are searched are posted, so that no name does."""
    asked = request.POST if request.method == "POST" else request.GET
    words = usual_form(request.POST.get("words", ""))[:200]
    page = incidents_page(asked, by=request.by, words=words)
    return render_page(request, "incidents/incidents.html", page)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: MemberRequest) -> HttpResponse:
    """Record an incident: a form that can be left half-done and never loses what was typed."""
    if request.method != "POST":
        return _show(request, EntryForm(_first_words(request), judged=False))
    if "leave" in request.POST:
        return _leave(request)
    more = "add_act" in request.POST
    form = EntryForm(request.POST, judged=not more, more_acts=more)
    if more:
        return _show(request, form)
    if form.is_valid():
        try:
            made = actions.record_incident(by=request.by, incident_id=form.token, **form.given(request.by))
        except BadInput as refused:
            form.what.refuse(refused)
        else:
            _forget_draft(request, form.draft)
            messages.success(request, _("Saved, and locked."))
            return redirect("dossiers:incident", made.pk)
    return _show(request, form, kept=_keep(request))


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, incident: UUID) -> HttpResponse:
    """Correct an incident; somebody else's change meanwhile is shown beside what was typed."""
    recorded = incident_by_id(incident)
    if request.method != "POST":
        return _show(request, EntryForm(typed_of(recorded), judged=False, correcting=True), recorded)
    more = "add_act" in request.POST
    form = EntryForm(request.POST, judged=not more, correcting=True, more_acts=more)
    if more or not form.is_valid():
        return _show(request, form, recorded)
    given = form.given(request.by, recorded)
    try:
        actions.change_incident(by=request.by, incident=incident, revision=form.revision, **given)
    except Conflict as told:
        return _show_conflict(request, recorded, told)
    except BadInput as refused:
        form.what.refuse(refused)
        return _show(request, form, recorded)
    messages.success(request, _("Corrected, and locked."))
    return redirect("dossiers:incident", incident)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: MemberRequest, incident: UUID) -> HttpResponse:
    """Take an incident out, after asking once more."""
    recorded = incident_by_id(incident)
    if request.method != "POST":
        return render_page(request, "incidents/remove.html", RemovePage(recorded))
    actions.remove_incident(by=request.by, incident=incident, revision=_revision(request))
    messages.success(request, _("The incident was taken out."))
    return redirect("incidents:incidents")


@may("write")
@require_http_methods(["GET", "HEAD"])
def drafts(request: MemberRequest) -> HttpResponse:
    """List the forms that the member left half-done."""
    seen = tuple(DraftSeen(one.pk, _words_of(one)) for one in drafts_of(request.by.id))
    return render_page(request, "incidents/drafts.html", DraftsPage(seen))


@may("write")
@require_POST
def discard(request: MemberRequest, draft: UUID) -> HttpResponse:
    """Throw a half-done form away."""
    actions.discard_draft(by=request.by, draft=draft)
    messages.success(request, _("The half-done form was thrown away."))
    return redirect("incidents:drafts")


def _first_words(request: MemberRequest) -> QueryDict:
    """Return what the form starts with: a draft, or an actor to whom it was done and the territory it was in."""
    data = QueryDict(mutable=True)
    draft = _id(request.GET.get("draft"))
    if draft is not None:
        for name, values in draft_of(draft, request.by).typed.items():
            data.setlist(name, list(values))
        data["draft"] = str(draft)
        return data
    for asked, name in (("victim", "act-0-victims-known"), ("territory", "territory-known")):
        if (known := _id(request.GET.get(asked))) is not None:
            data[name] = str(known)
    return data


def _leave(request: MemberRequest) -> HttpResponseRedirect:
    _keep(request)
    messages.success(request, _("Left half-done, sealed. You find it here."))
    return HttpResponseRedirect(reverse("incidents:drafts"))


def _keep(request: MemberRequest) -> UUID:
    """Seal the form as it was typed; over the draft it came from, if that is still there."""
    typed = {name: values for name, values in request.POST.lists() if name not in _NOT_KEPT}
    known = _id(request.POST.get("draft"))
    if known is not None:
        try:
            return actions.save_draft(by=request.by, typed=typed, draft=known).pk
        except (NotFound, Conflict):
            pass
    return actions.save_draft(by=request.by, typed=typed).pk


def _forget_draft(request: MemberRequest, draft: UUID | None) -> None:
    if draft is not None and any(one.pk == draft for one in drafts_of(request.by.id)):
        actions.discard_draft(by=request.by, draft=draft)


def _show(
    request: MemberRequest, form: EntryForm, recorded: Incident | None = None, *, kept: UUID | None = None
) -> HttpResponse:
    form.draft = kept or form.draft
    errors = error_summary(*form.sheets) if form.judged else ""
    page = EntryPage(form, errors, recorded.pk if recorded else None, kept=kept is not None)
    return render_page(request, "incidents/record.html", page)


def _show_conflict(request: MemberRequest, recorded: Incident, told: Conflict) -> HttpResponse:
    """Show what was typed again, beside what the other made of it; saving again takes what is typed."""
    data = request.POST.copy()
    data["revision"] = str(recorded.revision)
    form = EntryForm(data, judged=True, correcting=True)
    form.what.refuse(told)
    page = EntryPage(form, error_summary(*form.sheets), recorded.pk, differences=_differences(form, recorded))
    return render_page(request, "incidents/record.html", page, status=409)


def _differences(form: EntryForm, recorded: Incident) -> tuple[Difference, ...]:
    """Return the fields whose recorded value is not what the form says."""
    now, found = typed_of(recorded), []
    for name in ("title", "when", "place", "summary"):
        if usual_form(now.get(name, "")) != usual_form(form.data.get(name, "")):
            found.append(Difference(str(form.what.fields[name].label), now.get(name, "") or "—"))
    if recorded.verification != form.data.get("verification"):
        word = vocabulary("verifications").label(recorded.verification, page_language())
        found.append(Difference(str(form.what.fields["verification"].label), word))
    acts = [vocabulary("acts").label(act.kind, page_language()) for act in recorded.acts.all()]
    typed = [form.data.get(f"act-{number}-kind") for number in range(form.count)]
    if [act.kind for act in recorded.acts.all()] != typed:
        found.append(Difference(_("What was done?"), ", ".join(acts) or "—"))
    return tuple(found)


def _words_of(draft: Draft) -> str:
    return usual_form(" ".join(draft.typed.get("title", [])))[:120]


def _revision(request: HttpRequest) -> int | None:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
