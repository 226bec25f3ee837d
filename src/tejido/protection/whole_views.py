"""Pages of what a plan has too much of for one page: a family of measures, all that a gap concerns, the threats."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tejido.circles.policies import MemberRequest, members_only
from tejido.domain.errors import NotFound
from tejido.protection.pages import FamilyPage, GapPage, ThreatsPage
from tejido.protection.queries import plan_by_id
from tejido.protection.showing import gaps_of, head_of, plan_page, threat_rows
from tejido.protection.views import to_plan
from tejido.protection.walking import a_few
from tejido.web.paging import place_asked
from tejido.web.rendering import render_page

_ON_ONE_PAGE = 25


@members_only
@require_safe
def family(request: MemberRequest, plan: UUID, family: str) -> HttpResponse:
    """Show the measures of one family of a plan (``measure_families``)."""
    found = plan_by_id(plan, by=request.by)
    page = plan_page(found, (), timezone.localdate())
    card = next((one for one in page.families if one.code == family), None)
    if card is None:
        raise NotFound
    lines = a_few(card.rows, [row.id for row in card.rows], size=_ON_ONE_PAGE, **place_asked(request))
    shown = FamilyPage(page.head, card.of(lines.rows), lines)
    return render_page(request, "protection/family.html", shown)


@members_only
@require_safe
def gap(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Show all that one gap concerns (``?check=``), each with the reason why the group goes on, if it gave one."""
    found = plan_by_id(plan, by=request.by)
    asked = request.GET.get("check", "")
    known = next((one for one in gaps_of(found, timezone.localdate()) if one.code == asked), None)
    if known is None:  # it was mended meanwhile
        return to_plan(plan)
    ids = [UUID(one.id) for one in known.subjects]
    lines = a_few(known.subjects, ids, size=_ON_ONE_PAGE, **place_asked(request))
    page = GapPage(head_of(found), replace(known, subjects=lines.rows), lines)
    return render_page(request, "protection/gap.html", page)


@members_only
@require_safe
def threats(request: MemberRequest, plan: UUID) -> HttpResponse:
    """Show all that a plan answers, in the order the group gave it."""
    found = plan_by_id(plan, by=request.by)
    rows = threat_rows(found)
    lines = a_few(rows, [row.threat.pk for row in rows], size=_ON_ONE_PAGE, **place_asked(request))
    return render_page(request, "protection/threats.html", ThreatsPage(head_of(found), lines))
