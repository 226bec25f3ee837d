"""Typing in what stands on the papers of a meeting: all on one page, in their order, each place kept by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tejido.circles.policies import MemberRequest, may
from tejido.domain.errors import BadInput, Conflict
from tejido.domain.names import sort_key
from tejido.protection.meanwhile import told_meanwhile
from tejido.protection.sessions import actions, keeping
from tejido.protection.sessions.kit_cards import step_name
from tejido.protection.sessions.models import Assessment
from tejido.protection.sessions.pages import ResultsPage, Sheaf
from tejido.protection.sessions.paper_forms import FiveForm, LinesForm, SidesForm, WhoForm
from tejido.protection.sessions.queries import modules_of, session_by_id
from tejido.protection.sessions.saying import name_of
from tejido.protection.sessions.showing import head_of
from tejido.protection.sessions.step_forms import PartForm, PlaceForm
from tejido.protection.sessions.step_views import status_of, to_step
from tejido.protection.sessions.stepping import (
    AT_A_TIME,
    ON_PAPER,
    STEPS,
    asked_by_modules,
    forms_of,
    keep_forms,
    without_place,
)
from tejido.vault.journal import By
from tejido.web.forms import Sheet
from tejido.web.rendering import render_page

#: The papers in two halves, so that neither page is heavy: sheaves by code.
_HALVES: Final = (("threats", "work", "interests", "components"), ("pictures", "unspoken", "modules", *ON_PAPER[-3:]))


@dataclass(frozen=True)
class Papers:
    """One half of what stands on the papers, as forms, in their order; the first half begins with who was there."""

    half: int
    who: WhoForm | None
    lines: LinesForm | None
    sides: SidesForm | None
    fives: tuple[FiveForm, ...]
    sheaves: tuple[Sheaf, ...]
    parts: tuple[PartForm, ...]

    @property
    def records(self) -> list[WhoForm | FiveForm]:
        """The places that change a record."""
        return [*([self.who] if self.who is not None else []), *self.fives]

    @property
    def places(self) -> list[PlaceForm]:
        """Every place that is kept by itself."""
        return [*self.records, *self.parts]

    @property
    def lists(self) -> list[Sheet]:
        """What is written one on each line."""
        return [form for form in (self.lines, self.sides) if form is not None]


def papers_of(session: Assessment, data: QueryDict | None, half: int) -> Papers:
    """Return the papers of a session; of many threats the first few, the others have their own pages."""
    first = half == 1
    fives = tuple(FiveForm(data, threat) for threat in list(session.threats.all())[:AT_A_TIME] if first)
    sheaves, parts = [], []
    for code in _HALVES[half - 1]:
        forms = _asked(session, data) if code == "modules" else forms_of(code, session, data)
        if forms or code in ("threats", "interests"):
            title = _("What the modules ask") if code == "modules" else step_name(code)
            sheaves.append(Sheaf(code, title, fives if code == "threats" else forms))
        parts += forms
    return Papers(
        half=half,
        who=WhoForm(data, session) if first else None,
        lines=LinesForm(data) if first else None,
        sides=SidesForm(data) if first else None,
        fives=fives,
        sheaves=tuple(sheaves),
        parts=tuple(parts),
    )


def _asked(session: Assessment, data: QueryDict | None) -> list[PartForm]:
    modules = modules_of(session)
    return [form for step in STEPS for form in asked_by_modules(step, session, modules, data)]


@may("write")
@require_http_methods(["GET", "HEAD", "POST"])
def session_results(request: MemberRequest, session: UUID) -> HttpResponse:
    """Type in what stands on the papers of a meeting, in their order, in two halves (``?half=2``)."""
    found = session_by_id(session, by=request.by)
    data = request.POST if request.method == "POST" else None
    papers = papers_of(found, data, 2 if request.GET.get("half") == "2" else 1)
    unplaced: tuple[str, ...] = ()
    whole = True
    if data is not None:
        unplaced = without_place(data, papers.places)
        again = bool(unplaced) or not all(form.is_valid() for form in papers.lists)
        again = not _keep_records(request.by, found, papers) or again
        whole = keep_forms(request.by, found, papers.parts, shown_again=again) and not again
        if whole:
            return _kept(request, found, papers)
    page = ResultsPage(head_of(found), papers.half, papers.who, papers.lines, papers.sides, papers.sheaves, unplaced)
    status = 200 if whole else status_of(papers.places, unplaced)
    return render_page(request, "protection/sessions/results.html", page, status=status)


def _kept(request: MemberRequest, session: Assessment, papers: Papers) -> HttpResponse:
    door = reverse("protection:session_results", args=[session.pk])
    messages.success(request, _("Everything is kept."))
    if papers.sides is not None:
        _add_sides(request.by, session, papers.sides.rows_told())
    if papers.lines is None:
        return to_step(session.pk, "")
    if actions.add_heard_threats(by=request.by, assessment=session.pk, given=papers.lines.threats_told()):
        messages.success(request, _("The new threats have their own place below now, and on the papers after these."))
        return HttpResponseRedirect(door, status=303)
    return HttpResponseRedirect(f"{door}?half=2", status=303)


def _add_sides(by: By, session: Assessment, rows: Iterable[tuple[str, str]]) -> None:
    """Add those who do not stand there yet: two may type the same papers."""
    there = {sort_key(name_of(part)) for part in session.parts.all() if part.step == "interests" and not part.about}
    for name, stance in rows:
        if sort_key(name) not in there:
            there.add(sort_key(name))
            body: dict[str, str | int | bool | list[str]] = {"name": name, "stance": stance}
            keeping.add_row(by=by, assessment=session.pk, step="interests", body=body)


def _keep_records(by: By, session: Assessment, papers: Papers) -> bool:
    """Keep who was there and the five steps of each threat, where somebody typed; return whether all of it was."""
    kept = [_keep_record(by, session, form) for form in papers.records]  # each, also behind one that was not
    return all(kept)


def _keep_record(by: By, session: Assessment, form: WhoForm | FiveForm) -> bool:
    if not form.sent:
        return True
    if not form.is_valid():
        return False
    if form.touched:
        try:
            form.carry_on(_write(by, session, form), form.print_of_said)
        except Conflict as error:
            form.meanwhile = told_meanwhile(form, error, {**form.shown, "revision": form.revision_now})
            form.carry_on(form.revision_now, form.stands)
            return False
        except BadInput as error:
            form.refuse(error)
            return False
    return True


def _write(by: By, session: Assessment, form: WhoForm | FiveForm) -> int:
    seen = form.cleaned_data["revision"]
    if isinstance(form, WhoForm):
        told = form.told(session)
        return actions.change_assessment(by=by, assessment=session.pk, given=told, revision=seen).revision
    given = form.told()
    return actions.change_assessed_threat(by=by, threat=form.threat.pk, given=given, revision=seen).revision
