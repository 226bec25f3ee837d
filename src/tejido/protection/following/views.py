"""Pages of what a group follows up: its shelves, one sheet for each thing on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tejido.circles.models import CircleRecord
from tejido.circles.policies import MemberRequest, may, members_only
from tejido.domain import commitments, network_reach
from tejido.domain.doubles import LikelyDouble
from tejido.domain.errors import BadInput, Conflict, NotFound, RuleBroken
from tejido.fabric.kinds import is_collective
from tejido.fabric.models import Actor
from tejido.fabric.queries import actor_by_id, collectives_of
from tejido.protection.actions import require_collective
from tejido.protection.following import actions, forms, models, queries, shelves
from tejido.protection.following.facts import call_facts, commitment_facts
from tejido.protection.following.given import RequestGiven
from tejido.protection.following.pages import KeepPage, TogetherPage
from tejido.protection.meanwhile import is_another, told_double, told_meanwhile
from tejido.protection.models import Measure
from tejido.protection.queries import people_around, plans_of
from tejido.protection.showing import title_of
from tejido.vault.journal import serialised
from tejido.vocabularies import vocabulary
from tejido.web.rendering import render_page
from tejido.web.wording import WORDS, page_language

_MOST_OFFERED = 60


@dataclass(frozen=True)
class Kept:
    """How the things of one shelf are written: their record, their sheet, and the two actions."""

    model: type[CircleRecord]
    form: type[forms.FollowSheet]
    record: Callable[..., CircleRecord]
    change: Callable[..., CircleRecord]
    name: str


KEPT: Final[dict[str, Kept]] = {
    "commitments": Kept(
        models.Commitment, forms.CommitmentForm, actions.record_commitment, actions.change_commitment, "commitment"
    ),
    "reach": Kept(models.ReachStep, forms.CallForm, actions.record_call, actions.change_call, "call"),
    "drills": Kept(models.Drill, forms.DrillForm, actions.record_drill, actions.change_drill, "drill"),
    "places": Kept(models.SafePlace, forms.PlaceForm, actions.record_place, actions.change_place, "place"),
    "care": Kept(models.Care, forms.CareForm, actions.record_care, actions.change_care, "care"),
    "requests": Kept(models.DeskRequest, forms.RequestForm, actions.record_request, actions.change_request, "request"),
    "practices": Kept(
        models.GoodPractice, forms.PracticeForm, actions.record_practice, actions.change_practice, "practice"
    ),
}


@members_only
@require_safe
def together(request: MemberRequest, actor: UUID) -> HttpResponse:
    """Show how a group holds together what it decided: promises, calls, places, care, requests, what it learned."""
    group, today = _group(request, actor), timezone.localdate()
    shown = tuple(shelves.shelf(code, group, today, most=shelves.FEW) for code in shelves.WORDS_OF)
    tally = commitments.tally([commitment_facts(one) for one in queries.commitments_of(actor)], today)
    reach = network_reach.sentence([call_facts(one) for one in queries.calls_of(actor)], today, WORDS)
    plan = next((one.pk for one in plans_of([actor])), None)
    page = TogetherPage(group.usual_name, group.pk, (reach, tally.sentence(WORDS)), shown, plan)
    return render_page(request, "protection/following/together.html", page)


@members_only
@require_safe
def one_shelf(request: MemberRequest, actor: UUID, shelf: str) -> HttpResponse:
    """Show one shelf whole."""
    _kept(shelf)
    group = _group(request, actor)
    whole = shelves.shelf(shelf, group, timezone.localdate())
    page = TogetherPage(group.usual_name, group.pk, (whole.voice,), (whole,), one=True)
    return render_page(request, "protection/following/together.html", page)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def keep_new(request: MemberRequest, actor: UUID, shelf: str) -> HttpResponse:
    """Put something new on a shelf; only requests are begun from a person's page, and lead to their group."""
    kept, group = _kept(shelf), actor_by_id(actor, by=request.by)
    if shelf != "requests" or group.kind != "person":
        require_collective(group)
    form = _form(request, kept, group, None)
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            _record(request, shelf, kept, group, form)
            messages.success(request, _("It is kept."))
            return _back(group, shelf)
        except LikelyDouble as error:
            meanwhile = told_double(form, error)
        except (BadInput, RuleBroken) as error:
            form.refuse(error)
    return _answer(request, kept, group, shelf, form, meanwhile=meanwhile)


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: MemberRequest, actor: UUID, shelf: str, record: UUID) -> HttpResponse:
    """Change something on a shelf: what came of a promise, what a test showed."""
    kept, group = _kept(shelf), actor_by_id(actor, by=request.by)
    known = _of(group, actions.sought_record(kept.model, record, request.by))
    form = _form(request, kept, group, known)
    meanwhile: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            _change(request, shelf, kept, known, form)
            messages.success(request, _("It is kept."))
            return _back(group, shelf)
        except Conflict as error:
            meanwhile = told_meanwhile(form, error, form.initial)
        except (BadInput, RuleBroken) as error:
            form.refuse(error)
    return _answer(request, kept, group, shelf, form, known, meanwhile)


@may("write")
@require_POST
def keep_remove(request: MemberRequest, actor: UUID, shelf: str, record: UUID) -> HttpResponse:
    """Take something off a shelf that was put there by mistake."""
    group, model = actor_by_id(actor, by=request.by), _kept(shelf).model
    _of(group, actions.sought_record(model, record, request.by))
    actions.remove_record(by=request.by, model=model, record=record)
    messages.success(request, _("It was taken out."))
    return _back(group, shelf)


def _record(request: MemberRequest, shelf: str, kept: Kept, group: Actor, form: forms.FollowSheet) -> None:
    if shelf == "requests":
        given = form.told()
        assert isinstance(given, RequestGiven)
        if given.collective is None and given.person is None:  # it would be found from nowhere
            given = replace(given, person=group.pk)
        kept.record(by=request.by, given=given)
        return
    given = form.told()
    with serialised():  # what somebody else writes in this moment is seen, or waits
        if not is_another(request):
            actions.refuse_known(kept.model, group.pk, given)
        kept.record(by=request.by, collective=group.pk, given=given, today=timezone.localdate())


def _change(request: MemberRequest, shelf: str, kept: Kept, known: CircleRecord, form: forms.FollowSheet) -> None:
    told: dict[str, Any] = {kept.name: known.pk, "given": form.told(), "revision": form.cleaned_data["revision"]}
    if shelf != "requests":
        told["today"] = timezone.localdate()
    kept.change(by=request.by, **told)


def _of(group: Actor, record: CircleRecord) -> CircleRecord:
    """Return a record of this group (or, of a request, of this person); ``NotFound`` when it is another's."""
    if group.pk not in (getattr(record, "collective_id", None), getattr(record, "person_id", None)):
        raise NotFound
    return record


def _group(request: MemberRequest, actor: UUID) -> Actor:
    group = actor_by_id(actor, by=request.by)
    require_collective(group)
    return group


def _kept(shelf: str) -> Kept:
    if shelf not in KEPT:
        raise Http404
    return KEPT[shelf]


def _form(request: MemberRequest, kept: Kept, group: Actor, known: CircleRecord | None) -> forms.FollowSheet:
    data = request.POST if request.method == "POST" else None
    choices = _choices(kept, group, known)
    initial = kept.form.initial_of(known) if known is not None else {}
    if kept.form is forms.RequestForm:
        kind = str(getattr(known, "kind", "")) or request.GET.get("kind", "")
        if kind not in vocabulary("request_kinds"):
            raise Http404
        own = {"collective": str(group.pk)} if is_collective(group.kind) else {"person": str(group.pk)}
        return forms.RequestForm(data, kind=kind, initial=initial or own, choices=choices)
    return kept.form(data, initial=initial, choices=choices)


def _choices(kept: Kept, group: Actor, known: CircleRecord | None) -> dict[str, Any]:
    wanted = kept.form.OF.LINKS & kept.form.base_fields.keys()
    found: dict[str, Any] = {}
    if wanted & {"promised_by", "actor", "person", "collective"}:
        people = [(one.pk, one.usual_name, one.kind) for one in people_around(group)]
        near = [(pk, name) for pk, name, _kind in people if pk != group.pk]
        found["promised_by"] = found["actor"] = forms.choices_of(near[:_MOST_OFFERED])
        persons = [(pk, name) for pk, name, kind in people if kind == "person"]
        found["person"] = forms.choices_of(persons[:_MOST_OFFERED])
        groups = [(group.pk, group.usual_name)] if is_collective(group.kind) else _groups_of(group)
        found["collective"] = forms.choices_of(groups)
    if "measure" in wanted:
        measures = Measure.objects.filter(plan__collective=group).exclude(plan__status="closed").order_by("born", "id")
        found["measure"] = forms.choices_of((one.pk, title_of(one)) for one in measures[:_MOST_OFFERED])
    for name in wanted:
        offered = found.get(name, [])
        found[name] = [*_linked(known, name, offered), *offered]
    return found


def _linked(known: CircleRecord | None, name: str, offered: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what a record leads to already and would not be offered: its tie or plan is over, or there are many."""
    there = getattr(known, name, None)
    if there is None or str(there.pk) in dict(offered):
        return []
    return [(str(there.pk), title_of(there) if isinstance(there, Measure) else there.usual_name)]


def _groups_of(person: Actor) -> list[tuple[UUID, str]]:
    return [(tie.to_actor_id, tie.to_actor.usual_name) for tie in collectives_of(person.pk)]


def _answer(
    request: MemberRequest,
    kept: Kept,
    group: Actor,
    shelf: str,
    form: forms.FollowSheet,
    known: CircleRecord | None = None,
    meanwhile: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    title, voice, _empty = shelves.WORDS_OF[shelf]
    kind = getattr(form, "kind", "")
    page = KeepPage(
        group=group.usual_name,
        group_id=group.pk,
        shelf=_(title),
        title=vocabulary("request_kinds").label(kind, page_language()) if kind else _(title),
        voice=_(voice),
        form=form,
        back=_address(group, shelf),
        remove=reverse("protection:keep_remove", args=[group.pk, shelf, known.pk]) if known is not None else "",
        meanwhile=meanwhile,
    )
    status = 409 if meanwhile else 400 if form.errors else 200
    return render_page(request, "protection/following/keep.html", page, status=status)


def _address(group: Actor, shelf: str) -> str:
    if is_collective(group.kind):
        return reverse("protection:shelf", args=[group.pk, shelf])
    return reverse("protection:late")


def _back(group: Actor, shelf: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(_address(group, shelf), status=303)
